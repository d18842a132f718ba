"""Text told piece by piece while it is written: whole characters only, and nothing of a stop text."""

from __future__ import annotations

from collections.abc import Sequence as Seq

from planner.lm.tokenizer import TextTokenizer

_BROKEN = "\ufffd"


class Pieces:
    """Cuts a growing token list into pieces of text; joined they are the text of the whole.

    A character may take several tokens, and a stop text several pieces: what may still become one of these is held
    back until it has become something else.

    Args:
        tokenizer: that of the model.
        end_tokens: tokens without a text.
        stop: texts that end the whole and are no part of it.
    """

    def __init__(self, tokenizer: TextTokenizer, end_tokens: set[int], stop: Seq[str] = ()) -> None:
        self._tokenizer, self._end_tokens, self._stop = tokenizer, end_tokens, tuple(stop)
        self._open: list[int] = []  # tokens since the last whole character
        self._held = ""  # may be the beginning of a stop text
        self._told = 0

    def more(self, token: int) -> str:
        """What can be told now that ``token`` is written; often nothing."""
        if token in self._end_tokens:
            return ""
        self._open.append(token)
        text = self._tokenizer.decode_rest(self._open)
        if text.endswith(_BROKEN):
            return ""
        self._open.clear()
        self._held += text
        ready = self._safe()
        piece, self._held = self._held[:ready], self._held[ready:]
        self._told += len(piece)
        return piece

    def rest(self, whole: str) -> str:
        """What is left to tell of the finished text ``whole``."""
        return whole[self._told :]

    def _safe(self) -> int:
        """How many characters of ``_held`` no stop text can reach."""
        ends = [at for at in (self._held.find(mark) for mark in self._stop) if at >= 0]
        if ends:
            return min(ends)
        longest = max((len(mark) - 1 for mark in self._stop), default=0)
        for size in range(min(longest, len(self._held)), 0, -1):
            if any(mark.startswith(self._held[-size:]) for mark in self._stop if len(mark) > size):
                return len(self._held) - size
        return len(self._held)
