"""The sequences that a model keeps between calls, so that a call computes only what it does not share with them."""

from __future__ import annotations

from planner.lm.model import Transformer
from planner.lm.sequence import Sequence

_SHARED = 16  # tokens from which copying a beginning is worth it


class Kept:
    """A few sequences, the one used last at the end, and beginnings that are held aside.

    Args:
        model: whose they are.
        limit: most positions of a sequence.
        most: sequences (and beginnings) kept at a time.
    """

    def __init__(self, model: Transformer, limit: int, most: int) -> None:
        self._model, self._limit, self._most = model, limit, most
        self.sequences: list[Sequence] = []
        self._heads: dict[tuple[int, ...], Sequence] = {}  # beginnings, never handed out

    def clear(self) -> None:
        """Keep nothing."""
        self.sequences.clear()
        self._heads.clear()

    def begin_with(self, beginnings: list[list[int]]) -> int:
        """Keep nothing but ``beginnings``, each computed once, alone, and copied; how many tokens were computed."""
        self.sequences.clear()
        computed = 0
        for tokens in beginnings:
            kept = self._heads.pop(tuple(tokens), None)
            if kept is None:
                kept = Sequence(self._model, self._limit)
                kept.extend(tokens)
                computed += len(tokens)
            self._heads[tuple(tokens)] = kept  # the latest last
            copy = Sequence(self._model, self._limit)
            copy.copy_from(kept, len(tokens))
            self.sequences.append(copy)
        for old in list(self._heads)[: -self._most]:
            del self._heads[old]
        return computed

    def nearest(self, tokens: list[int]) -> Sequence:
        """The sequence that shares most with ``tokens``, or a new one with what is shared copied; now the last."""
        shares = [s.shared(tokens) for s in self.sequences]
        best = max(range(len(shares)), key=shares.__getitem__, default=None)
        if best is not None and 2 * shares[best] >= min(len(self.sequences[best].tokens), len(tokens)):
            sequence = self.sequences.pop(best)
        else:
            full = len(self.sequences) >= self._most
            sequence = self.sequences.pop(0) if full else Sequence(self._model, self._limit)
            if best is not None and shares[best] >= _SHARED:
                donor = self.sequences[best - full] if best >= full else sequence
                if donor is not sequence:
                    sequence.copy_from(donor, shares[best])
        self.sequences.append(sequence)
        return sequence
