"""One running sequence: its tokens, their cached keys and values, and how to go on from there."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from planner.lm.errors import ModelError
from planner.lm.kv import KVCache
from planner.lm.model import Transformer

PREFILL = 512  # tokens of a pass at most
# Attention looks over a multiple of this: its kernels take whole vectors, and a new shape costs a kernel build.
SPAN = 32
# Passes of steady shape, see ``planner.lm.steady``: their most rows, and what their span is a multiple of.
STEADY_ROWS = 8
STEADY_SPAN = 128


def bucket(count: int) -> int:
    """The length that a pass of ``count`` tokens is padded to: every new length costs some kernel builds."""
    if count > PREFILL:
        raise ModelError(f"a pass of {count} tokens is longer than {PREFILL}")
    step = 1 if count <= 2 else 2 if count <= 4 else 4 if count <= 16 else 8 if count <= 256 else 32
    return -(-count // step) * step


class Sequence:
    """Tokens whose keys and values are in a cache; the hidden state behind the last one.

    Between calls ``tokens`` and the cache agree: entry i of the cache belongs to ``tokens[i]``. Whatever lies
    behind ``len(tokens)`` in the cache is scratch.
    """

    def __init__(self, model: Transformer, limit: int) -> None:
        self.model = model
        self.cache = KVCache(model.config, model.dtype, limit)
        self.tokens: list[int] = []
        self.hidden: torch.Tensor | None = None
        self.computed = 0
        self.least = 1  # rows that ``peek`` and ``logits`` pad to; if more than 1, passes are of steady shape

    def shared(self, tokens: list[int]) -> int:
        """How many leading tokens are cached already."""
        most = min(len(tokens), len(self.tokens))
        ours = np.asarray(self.tokens[:most])
        unequal = np.flatnonzero(ours != np.asarray(tokens[:most]))
        return int(unequal[0]) if len(unequal) else most

    def rewind(self, tokens: list[int]) -> list[int]:
        """Keep what ``tokens`` shares with the cache; return the tokens still to be computed."""
        keep = self.shared(tokens)
        if keep == len(tokens) == len(self.tokens) and self.hidden is not None:
            return []
        keep = min(keep, len(tokens) - 1)
        self.hidden = None
        del self.tokens[keep:]
        return tokens[keep:]

    def extend(self, tokens: list[int], all_hidden: bool = False) -> torch.Tensor:
        """Compute ``tokens`` behind the present ones; hidden states of the last or of all, (k, dim)."""
        collected = []
        for at in range(0, len(tokens), PREFILL):
            part = tokens[at : at + PREFILL]
            n = len(part)
            visible = np.tril(np.ones((n, n), bool)) if n > 1 else None
            wanted = slice(None) if all_hidden else slice(n - 1, n)
            places = [len(self.tokens) + i for i in range(n)]
            hidden = self.run(part, places, len(self.tokens), visible, wanted=wanted)
            self.tokens += part
            self.hidden = hidden[-1:]
            if all_hidden:
                collected.append(hidden)
        assert self.hidden is not None
        return torch.cat(collected) if all_hidden else self.hidden

    def read(self, pending: list[int]) -> None:
        """Compute the rest of a prompt that is to be continued.

        In passes of steady shape the last token is computed alone: it comes out the same whether the others had been
        cached or not.
        """
        if self.least == 1:
            if pending:
                self.extend(pending)
            return
        *others, last = pending or [self.tokens.pop()]
        if others:
            self.extend(others)
        self.keep([last], self.peek([last]))

    def run(
        self,
        tokens: list[int],
        positions: list[int],
        start: int,
        visible: np.ndarray | None,
        before: list[int] | None = None,
        wanted: slice = slice(None),
        least: int = 1,
    ) -> torch.Tensor:
        """One padded pass over ``tokens``, written to the cache from ``start`` on; hidden states (n, dim).

        ``wanted``: the rows whose hidden states are wanted. ``least``: rows to pad to; if more
        than 1, the span depends on ``start`` alone.

        ``visible`` (n, m) bool says which of the last m entries before and within the pass each token sees, m
        at least n; the entries before those are all seen. None: everything before is seen (one token).
        ``before`` gives the places of those m - n earlier entries; by default they are the path that leads to
        the first token of the pass.
        """
        n = len(tokens)
        size = max(bucket(n), least)
        reach = start + (size if least == 1 else max(size, STEADY_ROWS))
        self.cache.reserve(reach if reach <= self.cache.limit else start + n)
        size = min(size, self.cache.capacity - start)
        self.computed += n
        pad = size - n
        ids = torch.tensor(tokens + [0] * pad)
        places = torch.tensor(positions + [positions[-1]] * pad)
        window_mask = key_places = None
        windowed = self.model.config.window
        biased = self.model.config.position in ("alibi", "t5")
        if visible is None:
            visible = np.ones((1, 1), bool)
        step = SPAN if least == 1 else STEADY_SPAN
        span = min(-(-reach // step) * step, self.cache.capacity)
        full = np.zeros((size, span), bool)
        full[:, 0] = True
        full[:n, : start + n] = True
        full[:n, start + n - visible.shape[1] : start + n] = visible
        mask = self._additive(full)
        if windowed or biased:
            keys = np.arange(span)
            extra = visible.shape[1] - n
            path = range(positions[0] - extra, positions[0])
            keys[start - extra : start] = path if before is None else before
            keys[start : start + n] = positions
            key_places = torch.from_numpy(keys)
        if windowed:
            near = places.numpy()[:, None] - keys[None] < windowed
            near[n:] = True
            window_mask = self._additive(full & near)
        rows = range(n)[wanted]
        rows_wanted = slice(rows.start, rows.stop) if len(rows) < size else slice(None)
        return self.model.forward(ids, places, self.cache, start, mask, window_mask, key_places, rows_wanted)

    def _additive(self, visible: np.ndarray) -> torch.Tensor:
        mask = torch.zeros(visible.shape, dtype=self.model.dtype)
        return mask.masked_fill_(torch.from_numpy(~visible), float("-inf"))

    def peek(self, tokens: list[int]) -> torch.Tensor:
        """Compute ``tokens`` behind the present ones without keeping them; hidden states (n, dim)."""
        n, base = len(tokens), len(self.tokens)
        visible = np.tril(np.ones((n, n), bool)) if n > 1 else None
        return self.run(tokens, list(range(base, base + n)), base, visible, least=self.least)

    @property
    def room(self) -> int | None:
        """How many tokens may follow the next one in its pass without changing its shape; None: as many as you like."""
        if self.least == 1:
            return None
        reach = len(self.tokens) + STEADY_ROWS
        return min(STEADY_ROWS - 1, -reach % STEADY_SPAN)

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        """(n, dim) hidden states to (n, vocab) logits in the model's dtype, padded as ``peek`` pads."""
        n = hidden.shape[0]
        size = n if self.least == 1 else max(bucket(n), self.least)
        return self.model.logits(F.pad(hidden, (0, 0, 0, size - n)) if size > n else hidden)[:n]

    def keep(self, tokens: list[int], hidden: torch.Tensor) -> None:
        """Keep ``tokens`` that the latest ``peek`` computed next; ``hidden`` (1, dim) is behind the last."""
        self.tokens += tokens
        self.hidden = hidden

    def copy_from(self, other: Sequence, count: int) -> None:
        """Take over the first ``count`` tokens of another sequence with their keys and values."""
        self.cache.take(other.cache, count)
        self.tokens = other.tokens[:count]
        self.hidden = None
