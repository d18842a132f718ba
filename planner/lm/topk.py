"""The exact best k of many options without scoring them all: best-first search over the trie.

A path's log-probability only falls as it grows. So the sum down to a node bounds every option below it, and a
subtree whose bound does not beat the k-th best finished option can be left out with no loss. Nodes are computed
in waves of the most promising ones; a node brings the forced (only-child) nodes below it along.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence as Seq
from dataclasses import dataclass

import numpy as np
import torch

from planner.lm.scoring import log_probabilities
from planner.lm.sequence import Sequence
from planner.lm.trie import ROOT, Trie

_WAVE = 96
_WAVE_FLOAT32 = 32
_FIRST = 128  # most tokens of the prompt's end and forced nodes in one pass


@dataclass
class _Below:
    """What lies at and under each node: the longest option [tokens] and the largest bonus."""

    longest: list[int]
    bonus: list[float]


def best_options(
    sequence: Sequence,
    trie: Trie,
    paths: Seq[Seq[int]],
    k: int,
    per_token: bool = True,
    bonus: Seq[float] | None = None,
    wave: int | None = None,
    pending: Seq[int] = (),
) -> list[tuple[int, float]]:
    """Find the k best options.

    Args:
        sequence: the prefix, less ``pending``; afterwards it includes them.
        trie: the options.
        paths: the trie nodes of every option, as ``Trie.walk`` gave them; none empty.
        k: how many.
        per_token: rank by logprob / tokens instead of the sum.
        bonus: added to every option's ranking value (a log-affordance, say).
        wave: about how many nodes to compute per pass. Small passes waste fewer nodes on subtrees that the next pass
            would have ruled out; large ones are cheaper per node where the processor multiplies bfloat16.
        pending: last tokens of the prefix that still have to be computed.

    Returns:
        (option index, sum of log-probabilities [nats]), best ranking value first; equal values by index.
    """
    if wave is None:
        wave = _WAVE_FLOAT32 if sequence.model.dtype == torch.float32 else _WAVE
    extra = [0.0] * len(paths) if bonus is None else list(bonus)
    ends: dict[int, list[int]] = {}
    for i, path in enumerate(paths):
        ends.setdefault(path[-1], []).append(i)
    below = _below(trie, paths, extra)

    def bound(node: int, total: float) -> float:
        return (total / below.longest[node] if per_token else total) + below.bonus[node]

    finished: list[tuple[float, int, float]] = []  # (value, -index, sum), a heap of the k best
    open_: list[tuple[float, int, float]] = []  # (-bound, node, sum): nodes with children, not yet computed
    rows: dict[int, int] = {}  # computed node -> its place behind the prefix

    def settle(parent_total: float, child: int, step: float) -> float:
        total = parent_total + step
        for i in ends.get(child, ()):
            value = (total / len(paths[i]) if per_token else total) + extra[i]
            heapq.heappush(finished, (value, -i, total))
            if len(finished) > k:
                heapq.heappop(finished)
        return total

    totals = {ROOT: 0.0}
    fresh, hidden = _begin(sequence, trie, list(pending), rows)
    _expand(sequence, trie, fresh, hidden, totals, settle)
    while True:
        for node in fresh:
            for child in trie.children[node].values():
                if trie.children[child] and child not in rows:
                    heapq.heappush(open_, (-bound(child, totals[child]), child, totals[child]))
        worst = finished[0][0] if len(finished) >= k else -float("inf")
        chosen: list[int] = []
        while open_ and -open_[0][0] >= worst and (len(chosen) < wave):
            node = heapq.heappop(open_)[1]
            while True:
                chosen.append(node)
                inner = [c for c in trie.children[node].values() if trie.children[c]]
                if len(inner) != 1:
                    break
                node = inner[0]
        if not chosen:
            return [(-j, total) for _, j, total in sorted(finished, reverse=True)]
        hidden = _compute(sequence, trie, chosen, rows)
        _expand(sequence, trie, chosen, hidden, totals, settle)
        fresh = chosen


def _begin(sequence: Sequence, trie: Trie, pending: list[int], rows: dict[int, int]) -> tuple[list[int], torch.Tensor]:
    """The root and, if the prompt's end is computed anyway, the forced nodes below it: nodes and hidden states."""
    chain: list[int] = []
    node = ROOT
    while len(trie.children[node]) == 1 and trie.children[child := next(iter(trie.children[node].values()))]:
        chain.append(child)
        node = child
    n = len(pending) + len(chain)
    if not pending or n > _FIRST:
        if pending:
            sequence.extend(pending)
        assert sequence.hidden is not None
        return [ROOT], sequence.hidden
    base = len(sequence.tokens)
    tokens = pending + [trie.token[c] for c in chain]
    visible, wanted = np.tril(np.ones((n, n), bool)), slice(len(pending) - 1, n)
    hidden = sequence.run(tokens, list(range(base, base + n)), base, visible, wanted=wanted)
    sequence.tokens += pending
    sequence.hidden = hidden[:1]
    rows.update({c: i for i, c in enumerate(chain)})
    return [ROOT, *chain], hidden


def rank(
    totals: Seq[float], paths: Seq[Seq[int]], per_token: bool, bonus: Seq[float] | None
) -> list[tuple[int, float]]:
    """All options (index, sum) by the ranking value that ``best_options`` uses, best first."""
    values = [t / len(p) if per_token else t for t, p in zip(totals, paths, strict=True)]
    if bonus is not None:
        values = [v + b for v, b in zip(values, bonus, strict=True)]
    return [(i, totals[i]) for i in sorted(range(len(values)), key=lambda i: (-values[i], i))]


def _below(trie: Trie, paths: Seq[Seq[int]], extra: Seq[float]) -> _Below:
    below = _Below([1] * len(trie), [-float("inf")] * len(trie))
    for path, bonus in zip(paths, extra, strict=True):
        for node in path:
            below.longest[node] = max(below.longest[node], len(path))
            below.bonus[node] = max(below.bonus[node], bonus)
    return below


def _compute(sequence: Sequence, trie: Trie, nodes: list[int], rows: dict[int, int]) -> torch.Tensor:
    """One or more passes over ``nodes`` (parents first), kept behind the prefix; hidden states."""
    base = len(sequence.tokens)
    parts = []
    for at in range(0, len(nodes), 256):
        part = nodes[at : at + 256]
        held = len(rows)
        visible = np.zeros((len(part), held + len(part)), bool)
        for i, node in enumerate(part):
            rows[node] = held + i
            above = trie.parent[node]
            while above != ROOT:
                visible[i, rows[above]] = True
                above = trie.parent[above]
            visible[i, held + i] = True
        places = [base - 1 + trie.depth[n] for n in part]
        before = [base - 1 + trie.depth[n] for n, row in sorted(rows.items(), key=lambda r: r[1]) if row < held]
        tokens = [trie.token[n] for n in part]
        parts.append(sequence.run(tokens, places, base + held, visible, before))
    return torch.cat(parts)


def _expand(sequence: Sequence, trie: Trie, nodes: list[int], hidden: torch.Tensor, totals, settle) -> None:  # type: ignore[no-untyped-def]
    """Log-probabilities of the children of ``nodes``; finished options are settled."""
    steps = [(r, c) for r, n in enumerate(nodes) for c in trie.children[n].values()]
    if not steps:
        return
    columns = torch.tensor([trie.token[c] for _, c in steps])
    values = log_probabilities(sequence.model, hidden, torch.tensor([r for r, _ in steps]), columns).tolist()
    for (row, child), value in zip(steps, values, strict=True):
        totals[child] = settle(totals[nodes[row]], child, value)
