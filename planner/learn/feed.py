"""Training steps from the endless stream of examples, each a pure function of seed and position.

The stream is taken in portions of fixed size, every portion with a seed of its own: to go on from a position only that
portion is made again. The next portion is made beside the training of the present one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from planner.learn.batches import BATCH, LENGTHS, Batch, Coded, Encode, batches, coded
from planner.propose import form

if TYPE_CHECKING:
    from planner.learn.knowledge import Knowledge

PORTION = 1024  # examples
Text = tuple[str, list[tuple[form.Question, int]]]
Source = Callable[[str, int, int], list[Text]]  # (split, seed, count) -> examples as texts


def knowledge_source(knowledge: Knowledge) -> Source:
    """Examples made from the knowledge."""

    def source(split: str, seed: int, count: int) -> list[Text]:
        from planner.learn.examples import answers, stream

        return [answers(e) for e in islice(stream(knowledge, split, seed), count)]

    return source


def fingerprint(source: Source, knowledge: str) -> str:
    """SHA-256 of the knowledge's digest, the form's version and the first examples: it changes with the data and with
    the program that makes them."""
    total = hashlib.sha256(f"{knowledge} {form.VERSION}".encode())
    for prefix, questions in source("train", 0, 100):
        total.update(repr((prefix, [(q.tail, q.options, right) for q, right in questions])).encode())
    return total.hexdigest()


@dataclass(frozen=True)
class Position:
    """The next step is number ``index`` of portion ``portion``."""

    portion: int = 0
    index: int = 0


class Feed:
    """Groups of batches, one group for a step.

    Args:
        per_step: batches of one step. kinds: train on these questions alone; empty: on all.
    """

    def __init__(
        self,
        source: Source,
        encode: Encode,
        seed: int,
        bos: int | None = None,
        per_step: int = 2,
        portion: int = PORTION,
        lengths: Sequence[int] = LENGTHS,
        size: int = BATCH,
        kinds: Sequence[str] = (),
    ) -> None:
        self._source, self._encode, self._bos = source, encode, bos
        self._seed, self._per_step, self._portion = seed, per_step, portion
        self._lengths, self._size, self._kinds = lengths, size, frozenset(kinds)

    def coded(self, split: str, seed: int, count: int) -> list[Coded]:
        """Examples of a split as tokens."""
        return [coded(p, q, self._encode, self._bos) for p, q in self._source(split, seed, count)]

    def steps(self, start: Position) -> Iterator[tuple[Position, list[Batch]]]:
        """For ever: (the position behind the step, its batches)."""
        with ThreadPoolExecutor(1) as beside:
            number, index = start.portion, start.index
            coming = beside.submit(self.portion, number)
            while True:
                groups = coming.result()
                coming = beside.submit(self.portion, number + 1)
                for i in range(index, len(groups)):
                    last = i + 1 == len(groups)
                    yield Position(number + 1, 0) if last else Position(number, i + 1), groups[i]
                number, index = number + 1, 0

    def portion(self, number: int) -> list[list[Batch]]:
        """All steps of one portion."""
        seed = int(np.random.SeedSequence([self._seed, number]).generate_state(1)[0])
        examples = self.coded("train", seed, self._portion)
        if self._kinds:
            examples = [Coded(e.prefix, tuple(b for b in e.branches if b.kind in self._kinds)) for e in examples]
        found = batches(examples, np.random.default_rng([self._seed, number, 1]), self._lengths, self._size)
        return [found[at : at + self._per_step] for at in range(0, len(found), self._per_step)]
