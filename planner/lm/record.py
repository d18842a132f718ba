"""What is known about every token of a written text: its log-probability and those of the likeliest others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch

from planner.lm.model import Transformer
from planner.lm.pieces import Pieces
from planner.lm.scoring import leaders
from planner.lm.tokenizer import TextTokenizer

MOST_ALTERNATIVES = 20


@dataclass(frozen=True)
class Step:
    """One written token.

    Attributes:
        text: the token alone; a character that it begins or goes on with is shown as U+FFFD.
        offset: characters of the text that were complete before it.
        logprob: at temperature 1 [nats].
        top: the likeliest tokens at this place and their log-probabilities, best first.
    """

    text: str
    offset: int
    logprob: float
    top: tuple[tuple[str, float], ...] = ()


@dataclass
class Record:
    """Filled while a text is written (``LocalModel.complete``); ``alternatives`` tokens are kept at every place."""

    alternatives: int = 0
    steps: list[Step] = field(default_factory=list)
    _pieces: Pieces | None = None
    _complete: int = 0

    def add(
        self,
        tokenizer: TextTokenizer,
        token: int,
        logprob: float,
        top: list[tuple[int, float]],
        end_tokens: set[int],
    ) -> None:
        """Add a token that was chosen."""
        if self._pieces is None:
            self._pieces = Pieces(tokenizer, end_tokens)
        named = tuple((tokenizer.decode_rest([other]), value) for other, value in top)
        self.steps.append(Step(tokenizer.decode_rest([token]), self._complete, logprob, named))
        self._complete += len(self._pieces.more(token))

    def within(self, text: str) -> list[Step]:
        """The steps that ``text`` is made of: not those of an end token or of a stop text behind it."""
        return [step for step in self.steps if step.offset < len(text)]


def likeliest(
    model: Transformer, hidden: torch.Tensor, logits: torch.Tensor, normaliser: torch.Tensor, count: int
) -> list[tuple[int, float]]:
    """The ``count`` likeliest tokens behind ``hidden`` (dim,) and their log-probabilities, exact, best first."""
    if not count:
        return []
    tokens = leaders(logits, count)
    values = model.columns(hidden, tokens) - normaliser
    order = values.argsort(descending=True)
    return list(zip(tokens[order].tolist(), values[order].tolist(), strict=True))


def completion_logprobs(steps: list[Step], prompt: int, alternatives: int) -> dict[str, Any]:
    """In the form of OpenAI's completions; ``prompt``: characters in front of the text."""
    return {
        "tokens": [s.text for s in steps],
        "token_logprobs": [s.logprob for s in steps],
        "top_logprobs": [dict(reversed(s.top)) for s in steps] if alternatives else None,
        "text_offset": [prompt + s.offset for s in steps],
    }


def chat_logprobs(steps: list[Step]) -> dict[str, Any]:
    """In the form of OpenAI's chat."""

    def shown(text: str, logprob: float) -> dict[str, Any]:
        return {"token": text, "logprob": logprob, "bytes": list(text.encode())}

    return {"content": [{**shown(s.text, s.logprob), "top_logprobs": [shown(*t) for t in s.top]} for s in steps]}
