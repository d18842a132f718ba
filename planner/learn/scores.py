"""Held-out scores: the trained network answers questions about examples that it has never seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from planner.evaluate.statistics import wilson
from planner.learn.batches import LENGTHS, Coded, Row, trees_of
from planner.learn.network import Network, Trees
from planner.lm.scoring import log_probabilities

_BINS = 15
_ROWS = 128
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


@torch.no_grad()
def option_scores(
    network: Network, trees: Trees, rows: Sequence[Row], length: int
) -> dict[tuple[int, int], list[float]]:
    """(example, question) -> log-probability of each option [nats], by the engine's own arithmetic."""
    hidden = network.hidden(trees).flatten(0, 1)
    head = _Head(network)
    steps: list[tuple[int, int]] = []
    where: dict[tuple[int, int], int] = {}
    asked = []
    for i, row in enumerate(rows):
        for number, which, paths in row.asked:
            coded = [[(i * length + node, token) for node, token in path] for path in paths]
            for path in coded:
                for step in path:
                    if step not in where:
                        where[step] = len(steps)
                        steps.append(step)
            asked.append((number, which, coded))
    places = sorted({at for at, _ in steps})
    line = {at: i for i, at in enumerate(places)}
    values = np.zeros(len(steps))
    by_place: dict[int, list[int]] = {}
    for index, (at, _) in enumerate(steps):
        by_place.setdefault(at, []).append(index)
    for start in range(0, len(places), _ROWS):
        some = places[start : start + _ROWS]
        mine = [index for at in some for index in by_place[at]]
        h = hidden[torch.tensor(some, device=hidden.device)]
        which_row = torch.tensor([line[steps[m][0]] - start for m in mine], device=h.device)
        tokens = torch.tensor([steps[m][1] for m in mine], device=h.device)
        values[mine] = log_probabilities(head, h, which_row, tokens).cpu().numpy()  # type: ignore[arg-type]
    return {(n, w): [float(sum(values[where[s]] for s in path)) for path in paths] for n, w, paths in asked}


@dataclass
class Scores:
    """What came out on one split.

    ``right``: question -> [right, asked]; "set" counts examples of which every "meant" was right, "all" those of which
    every answer was. ``confident``: (probability of the chosen option, was it right) of every question.
    """

    right: dict[str, list[int]] = field(default_factory=dict)
    confident: list[tuple[float, bool]] = field(default_factory=list)
    nats: float = 0.0

    def add(self, example: Coded, scores: Sequence[Sequence[float]]) -> None:
        """Count one example; ``scores`` are those of its questions' options (empty: not scored)."""
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
        self._count("all", int(all(all(f) for f in by_kind.values())), 1)

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
    network: Network, examples: Sequence[Coded], lengths: Sequence[int] = LENGTHS, size: int = 2048
) -> Iterator[tuple[int, list[list[float]]]]:
    """(index of the example, scores of the options of each of its questions), in no particular order.

    Whole plans are not scored. An example whose options together are longer than the longest row is left out.
    """
    for rows, length in _rows(examples, lengths, size):
        count = max(1, size // length) if len(rows) * length <= size else len(rows)
        found = option_scores(network, trees_of(rows, length, count), rows, length)
        by_example: dict[int, dict[int, list[float]]] = {}
        for (number, which), values in found.items():
            by_example.setdefault(number, {})[which] = values
        for number, values in by_example.items():
            yield number, [values.get(w, []) for w in range(len(examples[number].branches))]


def _rows(examples: Sequence[Coded], lengths: Sequence[int], size: int) -> Iterator[tuple[list[Row], int]]:
    waiting: dict[int, list[Row]] = {n: [] for n in lengths}
    for number, example in enumerate(examples):
        row = Row()
        row.score(number, example)
        length = next((n for n in lengths if n >= len(row.forest)), None)
        if length is None:
            continue  # longer than anything trained on: the caller counts it as not answered
        waiting[length].append(row)
        if len(waiting[length]) == max(1, size // length):
            yield waiting[length], length
            waiting[length] = []
    for length, rows in waiting.items():
        if rows:
            yield rows, length


def held_out(network: Network, examples: Sequence[Coded], lengths: Sequence[int] = LENGTHS) -> Scores:
    """Scores over ``examples``; one that is too long for any row counts as wrong."""
    scores, seen = Scores(), set()
    for number, found in scored(network, examples, lengths):
        scores.add(examples[number], found)
        seen.add(number)
    for _ in range(len(examples) - len(seen)):
        scores._count("all", 0, 1)
        scores._count("set", 0, 1)
    return scores
