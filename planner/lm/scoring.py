"""Exact log-probabilities of many options at once: one pass over the trie of their tokens.

Where the time goes, and what is done about it: leaves are not computed; the vocabulary head runs only on
nodes with scored children; of its rows only the normaliser is kept, while the columns that somebody asked for
are products of single rows in float32, so bfloat16 rounds neither their values nor their order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence as Seq

import numpy as np
import torch

from planner.lm.model import Transformer
from planner.lm.sequence import Sequence
from planner.lm.trie import ROOT, Trie, chunks

CHUNK = 128
_FUSED_TAIL = 96
_HEAD_ROWS = 128
_NORMALISED_ROWS = 16  # of the vocabulary's size: stays in the processor's cache
_PART = 1024
_USUAL = 60.0  # normalisers [nats] that exp and its sum in float32 (largest exponent 88) bear without a shift


def score_trie(sequence: Sequence, pending: list[int], trie: Trie) -> list[float]:
    """Log-probability of every scored node of ``trie`` given its path [nats]; 0 where not asked for.

    Args:
        sequence: the shared prefix, less ``pending``; afterwards it includes them.
        pending: last tokens of the prefix that still have to be computed (may be empty).
        trie: what may follow.
    """
    model = sequence.model
    logprobs = [0.0] * len(trie)
    order = trie.inner()
    if pending and (len(pending) > _FUSED_TAIL or not order):
        sequence.extend(pending)
        pending = []
    heads = _Heads(model, trie, logprobs)
    if not pending:
        assert sequence.hidden is not None
        heads.add([ROOT], sequence.hidden)
    for chunk in chunks(trie, order, CHUNK, first=CHUNK - len(pending)):
        base = len(sequence.tokens)
        tokens = pending + [trie.token[n] for n in chunk.nodes]
        last = base + len(pending) - 1
        places = list(range(base, base + len(pending))) + [last + trie.depth[n] for n in chunk.nodes]
        sequence.cache.move([base + m for m in chunk.moves], base)
        visible = _below(len(pending), chunk.visible)
        wanted = slice(max(0, len(pending) - 1), len(tokens))
        hidden = sequence.run(tokens, places, base + len(chunk.moves), visible, wanted=wanted)
        if pending:
            sequence.tokens += pending
            sequence.hidden = hidden[:1]
            heads.add([ROOT, *chunk.nodes], hidden)
            pending = []
        else:
            heads.add(chunk.nodes, hidden)
    heads.flush()
    return logprobs


def _below(count: int, visible: np.ndarray) -> np.ndarray:
    """Visibility of a chain of ``count`` tokens with the tree ``visible`` below it."""
    if not count:
        return visible
    n = count + visible.shape[0]
    out = np.tril(np.ones((n, n), bool))
    out[count:, count:] = visible
    return out


class _Heads:
    """Collects hidden rows and turns them into log-probabilities, a fixed number of rows at a time."""

    def __init__(self, model: Transformer, trie: Trie, logprobs: list[float]) -> None:
        self._model, self._trie, self._logprobs = model, trie, logprobs
        self._nodes: list[int] = []
        self._rows: list[torch.Tensor] = []

    def add(self, nodes: Seq[int], hidden: torch.Tensor) -> None:
        trie = self._trie
        wanted = [i for i, n in enumerate(nodes) if any(trie.scored[c] for c in trie.children[n].values())]
        if wanted:
            self._nodes += [nodes[i] for i in wanted]
            self._rows.append(hidden if len(wanted) == len(nodes) else hidden[torch.tensor(wanted)])

    def flush(self) -> None:
        if not self._nodes:
            return
        hidden = torch.cat(self._rows) if len(self._rows) > 1 else self._rows[0]
        for at in range(0, len(self._nodes), _HEAD_ROWS):
            self._score(self._nodes[at : at + _HEAD_ROWS], hidden[at : at + _HEAD_ROWS])

    def _score(self, nodes: list[int], hidden: torch.Tensor) -> None:
        trie = self._trie
        steps = [(r, c) for r, n in enumerate(nodes) for c in trie.children[n].values() if trie.scored[c]]
        rows = torch.tensor([r for r, _ in steps])
        columns = torch.tensor([trie.token[c] for _, c in steps])
        values = log_probabilities(self._model, hidden, rows, columns)
        for (_, child), value in zip(steps, values.tolist(), strict=True):
            self._logprobs[child] = value


def log_probabilities(
    model: Transformer, hidden: torch.Tensor, rows: torch.Tensor, columns: torch.Tensor
) -> torch.Tensor:
    """Log-probability of token ``columns[i]`` behind hidden state ``hidden[rows[i]]``, float32 (k,).

    No pair of row and column may come twice.
    """
    logits = model.logits(hidden)
    exact = model.columns(hidden[rows], columns)
    if model.dtype == torch.float32:  # nothing was rounded
        return exact - log_normaliser(logits)[rows]
    # the logits that were asked for are in the normaliser as well: there, too, with their exact values
    logits[rows, columns] = -torch.inf
    others = log_normaliser(logits)
    asked = torch.zeros_like(others).index_add_(0, rows, (exact - others[rows]).exp())
    return exact - (others + torch.log1p(asked))[rows]


def log_normaliser(logits: torch.Tensor) -> torch.Tensor:
    """log(sum(exp(logits))) of each row, float32 (n,)."""
    # exp needs no shift as long as nothing overflows, and a few rows at a time stay in the processor's cache
    if logits.dtype == torch.float32:
        out = torch.cat([torch.exp(r).sum(-1) for r in torch.split(logits, _NORMALISED_ROWS // 2)]).log()
    else:  # sums of parts are rounded, but not the sum of these
        part = math.gcd(logits.shape[1], _PART)
        parts = [torch.exp(r).view(len(r), -1, part).sum(-1) for r in torch.split(logits, _NORMALISED_ROWS)]
        out = torch.cat(parts).sum(-1, dtype=torch.float32).log()
    usual = (out > -_USUAL) & (out < _USUAL)
    return out if bool(usual.all()) else torch.where(usual, out, torch.logsumexp(logits.float(), -1))


def leaders(logits: torch.Tensor, count: int) -> torch.Tensor:
    """Places of the ``count`` largest of ``logits`` (vocab,), in no order.

    They lie in the parts of the row with the largest maxima, so only those are sorted.
    """
    part = math.gcd(logits.shape[0], _PART)
    if logits.shape[0] // part <= count:
        return logits.topk(min(count, logits.shape[0])).indices
    rows = logits.view(-1, part)
    best = rows.amax(1).topk(count).indices
    inside = rows[best].flatten().topk(count).indices
    return best[inside // part] * part + inside % part
