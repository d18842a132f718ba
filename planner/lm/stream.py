"""Text on its way from the model's thread to a slow client: the model never waits, and nothing is told twice.

Server-sent events in OpenAI's format: a JSON object per event, ``[DONE]`` at the end. What a client has not taken yet
is joined to one piece per text, so what waits is never longer than the text itself.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

DONE = b"data: [DONE]\n\n"


@dataclass
class Piece:
    """A part of the text with number ``index``; ``reason`` says why the text ended, on its last piece."""

    index: int
    text: str
    reason: str | None = None


class Stream:
    """Between the thread that writes text (``put``, ``end``) and the one that sends it (``pieces``, ``leave``)."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[Piece] = []
        self._ended = self._left = False
        self.failure: tuple[int, str] | None = None  # status and words, once ended
        self.usage: dict[str, int] | None = None

    def put(self, index: int, text: str, reason: str | None = None) -> bool:
        """Add a piece; False: nobody takes it any more, so do not go on."""
        with self._changed:
            if text or reason:
                last = self._waiting[-1] if self._waiting else None
                if last is not None and last.index == index and last.reason is None:
                    last.text, last.reason = last.text + text, reason
                else:
                    self._waiting.append(Piece(index, text, reason))
                self._changed.notify()
            return not self._left

    def end(self, failure: tuple[int, str] | None = None) -> None:
        """Nothing more comes."""
        with self._changed:
            self._ended, self.failure = True, failure
            self._changed.notify()

    def leave(self) -> None:
        """Take nothing more: ``put`` says so to the writer."""
        with self._changed:
            self._left = True

    def pieces(self, gone: Callable[[], bool], look: float = 0.1) -> Iterator[Piece]:
        """The pieces until the end, or until ``gone()``, which is asked every ``look`` seconds of silence."""
        while True:
            with self._changed:
                while not self._waiting and not self._ended:
                    if not self._changed.wait(look) and gone():
                        self._left = True
                        return
                taken, self._waiting = self._waiting, []
                ended = self._ended
            yield from taken
            if ended:
                return


class Events:
    """Pieces as server-sent events of one answer; all of them carry the same number and time.

    Args:
        model: its name.
        chat: in the form of chat answers (otherwise of completions).
        usage: whether the client asked for the numbers of tokens at the end.
    """

    def __init__(self, model: str, chat: bool, usage: bool) -> None:
        self._chat, self._usage = chat, usage
        kind = "chat.completion.chunk" if chat else "text_completion"
        self._head = envelope(kind, model)
        self._begun: set[int] = set()

    def event(self, piece: Piece) -> bytes:
        """One piece."""
        choice: dict[str, Any] = {"index": piece.index, "finish_reason": piece.reason}
        if self._chat:
            first = {} if piece.index in self._begun else {"role": "assistant"}
            choice["delta"] = {**first, "content": piece.text} if piece.text or first else {}
            self._begun.add(piece.index)
        else:
            choice |= {"text": piece.text, "logprobs": None}
        return self._line({"choices": [choice], **({"usage": None} if self._usage else {})})

    def last(self, usage: dict[str, int] | None) -> bytes:
        """What comes behind all pieces."""
        return (self._line({"choices": [], "usage": usage}) if self._usage else b"") + DONE

    def _line(self, body: dict[str, Any]) -> bytes:
        return event({**self._head, **body})


def event(body: dict[str, Any]) -> bytes:
    """A server-sent event."""
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def envelope(kind: str, model: str) -> dict[str, Any]:
    """What every answer begins with."""
    prefix = "chatcmpl" if kind.startswith("chat") else "cmpl"
    return {"id": f"{prefix}-{uuid.uuid4().hex}", "object": kind, "created": int(time.time()), "model": model}
