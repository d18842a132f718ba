"""What the planner sees of a language model. Nothing here imports torch.

How options are scored: ``score(prefix, options)`` answers, for every option, the log-probability that
the model continues ``prefix`` with exactly this option. The tokens of an option are those of
``encode(option)`` *on its own*, put behind ``encode(prefix)``; the two are never merged over the border.
Options therefore usually start with a space and end with ``"\\n"`` (so that "apple" and "apple pie" are
compared as finished lines). ``OptionScore.logprob`` is a plain sum and favours short options;
compare ``OptionScore.per_token`` or calibrate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True)
class OptionScore:
    """Log-probability of one option behind its prefix.

    Attributes:
        logprob: sum over the option's tokens [nats], at most 0 up to rounding.
        tokens: number of tokens the option has.
    """

    logprob: float
    tokens: int

    @property
    def per_token(self) -> float:
        """Mean log-probability of a token [nats]: fair between long and short options."""
        return self.logprob / max(1, self.tokens)


@dataclass(frozen=True)
class Completion:
    """Text that the model wrote.

    Attributes:
        text: without the prompt and without the stop sequence.
        tokens: number of tokens generated (an end-of-text token counts).
        logprob: sum of the log-probabilities of these tokens under the unscaled model [nats].
    """

    text: str
    tokens: int
    logprob: float


@dataclass(frozen=True)
class ActionSequence:
    """Actions chosen one after the other.

    Attributes:
        actions: the option texts, in order.
        logprob: sum over the decisions of the log-probability *among what the grammar allows* [nats];
            nan from a server.
        tokens: number of tokens, forced ones included.
        decisions: number of tokens that were really chosen (by a server: actions).
    """

    actions: tuple[str, ...]
    logprob: float
    tokens: int
    decisions: int


@dataclass(frozen=True)
class TokenLogprob:
    """One token of a text: its characters, where they start, its log-probability [nats]."""

    text: str
    offset: int
    logprob: float


@dataclass(frozen=True)
class Usage:
    """A running count of work; the difference of two is the cost of what lay between.

    Attributes:
        calls: calls of ``score``, ``score_many`` and ``complete``.
        prompt_tokens: tokens of the prompts as asked, cached or not.
        scored_tokens: tokens of all options as asked, shared or not.
        generated_tokens: tokens written by ``complete``.
        seconds: wall-clock time inside these calls.
        computed_tokens: tokens that really went through the transformer.
    """

    calls: int = 0
    prompt_tokens: int = 0
    scored_tokens: int = 0
    generated_tokens: int = 0
    seconds: float = 0.0
    computed_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.calls + other.calls,
            self.prompt_tokens + other.prompt_tokens,
            self.scored_tokens + other.scored_tokens,
            self.generated_tokens + other.generated_tokens,
            self.seconds + other.seconds,
            self.computed_tokens + other.computed_tokens,
        )

    def __sub__(self, other: Usage) -> Usage:
        return Usage(
            self.calls - other.calls,
            self.prompt_tokens - other.prompt_tokens,
            self.scored_tokens - other.scored_tokens,
            self.generated_tokens - other.generated_tokens,
            self.seconds - other.seconds,
            self.computed_tokens - other.computed_tokens,
        )


@runtime_checkable
class LanguageModel(Protocol):
    """What the planner needs of a model, local, remote or scripted."""

    @property
    def name(self) -> str:
        """Short name for reports."""

    @property
    def context(self) -> int:
        """Longest sequence in tokens, prompt and continuation together."""

    @property
    def usage(self) -> Usage:
        """Work done since the model was made."""

    def score(self, prefix: str, options: Sequence[str]) -> list[OptionScore]:
        """Score every option behind ``prefix``; same order as given. Raises ``ModelError`` if too long."""

    def score_many(self, prefix: str, branches: Sequence[tuple[str, Sequence[str]]]) -> list[list[OptionScore]]:
        """Score, for every ``(tail, options)``, the options behind ``prefix + tail``.

        Tokens are ``encode(prefix) + encode(tail) + encode(option)``. Tails are not scored. All tails and
        options form one trie, so what they share is computed once.
        """

    def complete(
        self,
        prompt: str,
        max_tokens: int,
        *,
        stop: Sequence[str] = (),
        temperature: float = 0.0,
        seed: int = 0,
    ) -> Completion:
        """Continue ``prompt``: greedily at temperature 0, else sampled with ``seed``."""


class ScriptedLM:
    """A language model whose answers come from a function: for tests and for worked examples.

    Args:
        score: ``score(prefix, option) -> logprob`` [nats].
        complete: ``complete(prompt) -> text``; without it ``complete`` writes nothing.
        tokens: how many tokens an option counts; by default its whitespace-separated words.
    """

    def __init__(
        self,
        score: Callable[[str, str], float],
        complete: Callable[[str], str] | None = None,
        tokens: Callable[[str], int] | None = None,
        name: str = "scripted",
        context: int = 8192,
    ) -> None:
        self._score = score
        self._complete = complete
        self._tokens = tokens or (lambda text: max(1, len(text.split())))
        self.name = name
        self.context = context
        self.usage = Usage()
        self.prompts: list[str] = []

    def score(self, prefix: str, options: Sequence[str]) -> list[OptionScore]:
        """See ``LanguageModel.score``."""
        return self.score_many(prefix, [("", options)])[0]

    def score_many(self, prefix: str, branches: Sequence[tuple[str, Sequence[str]]]) -> list[list[OptionScore]]:
        """See ``LanguageModel.score_many``."""
        out = []
        for tail, options in branches:
            self.prompts.append(prefix + tail)
            out.append([OptionScore(self._score(prefix + tail, o), self._tokens(o)) for o in options])
        self.usage += Usage(
            calls=1,
            prompt_tokens=self._tokens(prefix),
            scored_tokens=sum(s.tokens for row in out for s in row),
        )
        return out

    def complete(
        self,
        prompt: str,
        max_tokens: int,
        *,
        stop: Sequence[str] = (),
        temperature: float = 0.0,
        seed: int = 0,
    ) -> Completion:
        """See ``LanguageModel.complete``; the text ends at the first stop sequence."""
        self.prompts.append(prompt)
        text = self._complete(prompt) if self._complete else ""
        for mark in stop:
            text = text.split(mark)[0]
        words = text.split(" ")
        if len(words) > max_tokens:
            text = " ".join(words[:max_tokens])
        count = self._tokens(text) if text else 0
        self.usage += Usage(calls=1, prompt_tokens=self._tokens(prompt), generated_tokens=count)
        return Completion(text, count, 0.0)
