"""Held-out scores: the trained network answers questions about examples that it has never seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from planner.evaluate.statistics import wilson
from planner.learn.batches import BATCH, LENGTHS, Coded, Row, trees_of
from planner.learn.kernels import ROWS
from planner.learn.network import Network, Trees
from planner.lm.scoring import log_probabilities

_BINS = 15
LONGER = (2048, 4096)  # rows for examples that would be too long to train on
QUESTIONS = ("meant", "where", "decision", "count", "order", "do")


class _Head:
    """What `planner.lm.scoring.log_probabilities` asks of a model."""

    def __init__(self, network: Network) -> None:
        self.dtype = network.weights.dtype
        self._head = network.head().to(self.dtype)

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.linear(hidden, self._head)

    def columns(self, hidden: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        return (self._head[tokens].float() * hidden.float()).sum(-1)


@dataclass(frozen=True)
class Found:
    """``options``: (example, question) -> log-probability of each option [nats]; ``written``: (example, question) ->
    whether writing greedily gives exactly the right text (of whole plans)."""

    options: dict[tuple[int, int], list[float]]
    written: dict[tuple[int, int], bool]


@torch.no_grad()
def read(network: Network, trees: Trees, rows: Sequence[Row], length: int) -> Found:
    """What the network answers in these rows, by the engine's own arithmetic."""
    hidden = network.hidden(trees).flatten(0, 1)
    head = _Head(network)
    asked = [
        (n, w, [[(i * length + node, token) for node, token in path] for path in paths])
        for i, row in enumerate(rows)
        for n, w, paths in row.asked
    ]
    steps = list(dict.fromkeys(step for _, _, paths in asked for path in paths for step in path))
    values = dict(zip(steps, _step_scores(head, hidden, steps), strict=True))
    options = {(n, w): [sum(values[s] for s in path) for path in paths] for n, w, paths in asked}
    plans = [
        (n, w, [(i * length + node, token) for node, token in path])
        for i, row in enumerate(rows)
        for n, w, path in row.plans
    ]
    places = sorted({at for _, _, path in plans for at, _ in path})
    likeliest: dict[int, int] = {}
    for start in range(0, len(places), ROWS):
        some = places[start : start + ROWS]
        best = head.logits(hidden[torch.tensor(some, device=hidden.device)]).argmax(-1)
        likeliest |= dict(zip(some, best.tolist(), strict=True))
    # greedy writing gives the text if and only if each of its tokens is the likeliest behind those before it
    written = {(n, w): all(likeliest[at] == token for at, token in path) for n, w, path in plans}
    return Found(options, written)


def _step_scores(head: _Head, hidden: torch.Tensor, steps: Sequence[tuple[int, int]]) -> list[float]:
    """Log-probability of each (place, token)."""
    by_place: dict[int, list[int]] = {}
    for index, (at, _) in enumerate(steps):
        by_place.setdefault(at, []).append(index)
    values = [0.0] * len(steps)
    places = sorted(by_place)
    for start in range(0, len(places), ROWS):
        some = places[start : start + ROWS]
        mine = [(line, index) for line, at in enumerate(some) for index in by_place[at]]
        h = hidden[torch.tensor(some, device=hidden.device)]
        lines = torch.tensor([line for line, _ in mine], device=h.device)
        tokens = torch.tensor([steps[index][1] for _, index in mine], device=h.device)
        found = log_probabilities(head, h, lines, tokens)  # type: ignore[arg-type]
        for (_, index), value in zip(mine, found.tolist(), strict=True):
            values[index] = value
    return values


@dataclass
class Scores:
    """What came out on one split.

    ``right``: question -> [right, asked]; "set" counts examples of which every "meant" was right, "all" those of which
    every answer was, "plan" those whose whole plan is written right,
    "composed" those of the same examples of which every answer was.
    ``confident``: (probability of the chosen option, was it right) of every question.
    """

    right: dict[str, list[int]] = field(default_factory=dict)
    confident: list[tuple[float, bool]] = field(default_factory=list)
    nats: float = 0.0

    def add(self, example: Coded, scores: Sequence[Sequence[float]], written: bool | None = None) -> None:
        """Count one example; ``scores`` are those of its questions' options (empty: not scored), ``written`` is
        whether its plan was (None: it has none)."""
        if written is not None:
            self._count("plan", int(written), 1)
        by_kind: dict[str, list[bool]] = {}
        for branch, options in zip(example.branches, scores, strict=True):
            if not options:
                continue
            p = np.exp(np.asarray(options) - max(options))
            p /= p.sum()
            chosen = int(p.argmax())
            by_kind.setdefault(branch.kind, []).append(chosen == branch.right)
            self.confident.append((float(p[chosen]), chosen == branch.right))
            self.nats -= float(np.log(max(p[branch.right], 1e-12)))
        for kind, found in by_kind.items():
            self._count(kind, sum(found), len(found))
        if "meant" in by_kind:
            self._count("set", int(all(by_kind["meant"])), 1)
        every = int(all(all(f) for f in by_kind.values()))
        self._count("all", every, 1)
        if written is not None:
            self._count("composed", every, 1)

    def missed(self, count: int) -> None:
        """Count examples that could not be asked at all: wrong."""
        if count:
            self._count("all", 0, count)
            self._count("set", 0, count)

    def _count(self, name: str, right: int, asked: int) -> None:
        cell = self.right.setdefault(name, [0, 0])
        cell[0] += right
        cell[1] += asked

    @property
    def calibration_error(self) -> float:
        """Expected calibration error over all questions (Naeini et al. 2015), in 15 equal bins."""
        return calibration_error(self.confident)

    def to_json(self) -> dict[str, Any]:
        """Shares with their numbers and 95 % Wilson intervals."""
        out: dict[str, Any] = {}
        for name, (right, asked) in self.right.items():
            low, high = wilson(right, asked)
            out[name] = {
                "share": round(right / asked, 4),
                "right": right,
                "n": asked,
                "low": round(low, 4),
                "high": round(high, 4),
            }
        out["calibration_error"] = round(self.calibration_error, 4)
        out["nats_per_question"] = round(self.nats / max(1, len(self.confident)), 4)
        return out


def calibration_error(confident: Sequence[tuple[float, bool]], bins: int = _BINS) -> float:
    """Mean distance between stated probability and share of hits, weighted by how many fall into each bin."""
    if not confident:
        return 0.0
    p = np.array([c for c, _ in confident])
    hit = np.array([h for _, h in confident], float)
    index = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [abs(p[index == b].mean() - hit[index == b].mean()) * (index == b).mean() for b in set(index.tolist())]
    return float(sum(gaps))


def scored(
    network: Network, examples: Sequence[Coded], lengths: Sequence[int] = LENGTHS, size: int = BATCH
) -> Iterator[tuple[int, list[list[float]], bool | None]]:
    """(index of the example, scores of the options of each of its questions, whether its plan is written right), in no
    particular order. An example whose options together are longer than the longest row is left out.
    """
    for rows, length in _rows(examples, lengths, size):
        found = read(network, trees_of(rows, length, max(1, size // length)), rows, length)
        by_example: dict[int, dict[int, list[float]]] = {}
        for (number, which), values in found.options.items():
            by_example.setdefault(number, {})[which] = values
        plans = {number: right for (number, _), right in found.written.items()}
        for number, values in by_example.items():
            yield number, [values.get(w, []) for w in range(len(examples[number].branches))], plans.get(number)


def _rows(examples: Sequence[Coded], lengths: Sequence[int], size: int) -> Iterator[tuple[list[Row], int]]:
    waiting: dict[int, list[Row]] = {n: [] for n in lengths}
    open_rows: dict[int, Row] = {}
    for number, example in enumerate(examples):
        row = Row()
        row.score(number, example)
        length = next((n for n in lengths if n >= len(row.forest)), None)
        if length is None:
            continue  # longer than anything trained on: the caller counts it as not answered
        before = open_rows.get(length)
        if before is not None and len(before.forest) + len(row.forest) <= length:
            before.score(number, example)
            continue
        if before is not None:
            waiting[length].append(before)
        open_rows[length] = row
        if len(waiting[length]) == max(1, size // length):
            yield waiting[length], length
            waiting[length] = []
    for length, row in open_rows.items():
        rows = [*waiting[length], row]
        count = max(1, size // length)
        for at in range(0, len(rows), count):
            yield rows[at : at + count], length


def held_out(network: Network, examples: Sequence[Coded], lengths: Sequence[int] = (*LENGTHS, *LONGER)) -> Scores:
    """Scores over ``examples``, of any length up to the longest row; one that fits none counts as wrong."""
    scores, seen = Scores(), set()
    for number, found, written in scored(network, examples, lengths):
        scores.add(examples[number], found, written)
        seen.add(number)
    scores.missed(len(examples) - len(seen))
    return scores
