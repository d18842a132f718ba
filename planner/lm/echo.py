"""Log-probabilities of whole prompts, with what they share computed once and remembered from call to call.

A client that scores through a server sends prefix and option as one text, batch after batch behind the same prefix.
So the common beginning of a call is kept as an ordinary sequence, and the log-probabilities of its tokens beside it.
"""

from __future__ import annotations

import torch

from planner.lm.scoring import log_probabilities, score_trie
from planner.lm.sequence import Sequence
from planner.lm.trie import ROOT, Trie

_ROWS = 128


def common_beginning(coded: list[list[int]]) -> list[int]:
    """The tokens that all texts begin with."""
    low, high = min(coded), max(coded)
    for i, (a, b) in enumerate(zip(low, high, strict=False)):
        if a != b:
            return low[:i]
    return low


class Echo:
    """Remembers the log-probabilities of the latest common beginning."""

    def __init__(self) -> None:
        self._tokens: list[int] = []
        self._logprobs: list[float] = []

    def forget(self) -> None:
        """The model has changed."""
        self._tokens, self._logprobs = [], []

    def score(self, sequence: Sequence, coded: list[list[int]]) -> list[list[float]]:
        """Log-probability of every token of every text [nats]; ``nan`` for the first, which nothing precedes.

        Args:
            sequence: a kept one that shares much with the texts; afterwards it holds their common beginning.
            coded: token numbers, no text empty, all with the same first token.
        """
        common = common_beginning(coded)
        known = self._known(common, sequence)
        # the hidden state behind token known - 1 tells the next: it is kept, or that token is computed again
        rows = []
        again = sequence.rewind(common[:known])
        if not again:
            assert sequence.hidden is not None
            rows.append(sequence.hidden)
        rest = again + common[known:]
        if rest:
            rows.append(sequence.extend(rest, all_hidden=True))
        hidden = torch.cat(rows)
        logprobs = [float("nan"), *self._logprobs[1:known]]
        for at in range(known, len(common), _ROWS):
            columns = torch.tensor(common[at : at + _ROWS])
            part = hidden[at - known : at - known + len(columns)]
            logprobs += log_probabilities(sequence.model, part, torch.arange(len(columns)), columns).tolist()
        self._tokens, self._logprobs = common, logprobs
        trie = Trie()
        paths = [trie.walk(ROOT, ids[len(common) :], scored=True) for ids in coded]
        below = score_trie(sequence, [], trie)
        return [logprobs + [below[n] for n in path] for path in paths]

    def _known(self, common: list[int], sequence: Sequence) -> int:
        """How many leading tokens are both remembered here and cached there; at least the first."""
        most = min(len(common), len(self._tokens), sequence.shared(common))
        for i in range(most):
            if common[i] != self._tokens[i]:
                return max(1, i)
        return max(1, most)
