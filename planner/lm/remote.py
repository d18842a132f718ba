"""A language model behind an OpenAI-compatible address: vLLM, llama.cpp, Ollama, a hosted one, or ours.

Scoring needs a server that tells the log-probabilities of the prompt (``echo`` with ``logprobs``, or vLLM's
``prompt_logprobs``). A server that has neither can complete but not score; that is said, and the fallback (a
local model, if one was given) scores instead. Every answer is checked: a server that lies is treated as broken.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from planner.lm.api import ActionSequence, Completion, LanguageModel, OptionScore, Usage
from planner.lm.choice import Chooser, NoWay, WritesActions, answer_text, by_scores, drawn
from planner.lm.errors import ModelError
from planner.lm.http import Connection, ServerError, Unsupported
from planner.lm.plain import without_markup
from planner.lm.told import echo_tokens, option_score, prompt_tokens

T = TypeVar("T")
_BATCH = 64


class RemoteLM:
    """See ``planner.lm.api.LanguageModel``.

    Tokens are the server's: ``prefix + option`` is tokenised as one text, and an option's tokens are those that
    reach beyond the prefix. So scores may differ a little from ours where a token spans the border. Special tokens
    spelled in what is scored are broken by a space (``planner.lm.plain``).

    Args:
        url: base address up to and including ``/v1``.
        model: the model's name on that server; None takes the only one that it lists.
        api_key: sent as a bearer token; never printed.
        fallback: answers when the server does not, or cannot; a function is called when it is first needed.
        timeout: seconds one request may take in all.
        retries: how often a request is repeated after a time-out, a broken connection, 429 or 5xx.
        backoff: seconds before the first repetition; doubles each time.
        trip: after this many failed calls in a row the server is left alone ...
        cooldown: ... for this many seconds, and the fallback answers at once.
        clock, sleep: time source and pause, replaceable for tests.
    """

    def __init__(
        self,
        url: str,
        model: str | None = None,
        *,
        api_key: str | None = None,
        fallback: LanguageModel | Callable[[], LanguageModel] | None = None,
        context: int = 8192,
        timeout: float = 30.0,
        retries: int = 2,
        backoff: float = 0.5,
        trip: int = 3,
        cooldown: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.context = context
        self.usage = Usage()
        self.fallback = fallback
        self.fallbacks = 0
        self.model = model
        self._connection = Connection(url, api_key, timeout, retries, backoff, sleep)
        self._trip, self._cooldown, self._clock = trip, cooldown, clock
        self._failures = 0
        self._closed_until = -math.inf
        self._scoring: str | None = None  # which way of scoring the server has; None: not known yet
        self._why = ""  # the server's last words on why not
        self._chat = False
        self.chooser = Chooser(self._connection.post, self._connection.url)

    @property
    def name(self) -> str:
        """The served model, or the address as long as its model is not known."""
        return f"{self.model or self.url} (remote)"

    @property
    def url(self) -> str:
        """The base address, without credentials."""
        return self._connection.url

    def _served(self) -> str:
        """The model to ask for; the server is asked once which one it has."""
        if self.model is None:
            try:
                listed = self._connection.get("/models").get("data")
            except Unsupported as error:
                raise ServerError(f"{error}; it lists no models: write {self.url}#NAME") from None
            entries = [e for e in listed if isinstance(e, dict)] if isinstance(listed, list) else []
            names = [e["id"] for e in entries if isinstance(e.get("id"), str)]
            if len(names) != 1:
                what = f"serves {len(names)} models: {', '.join(names[:8])}" if names else "lists no models"
                raise ServerError(f"{self.url} {what}; choose one with {self.url}#NAME")
            self.model = names[0]
            longest = entries[0].get("max_model_len")
            if isinstance(longest, int) and longest > 0:
                self.context = longest
        return self.model

    def score(self, prefix: str, options: Sequence[str]) -> list[OptionScore]:
        """See ``LanguageModel.score``."""
        return self.score_many(prefix, [("", options)])[0]

    def score_many(self, prefix: str, branches: Sequence[tuple[str, Sequence[str]]]) -> list[list[OptionScore]]:
        """See ``LanguageModel.score_many``."""
        asked = [
            (without_markup(prefix + tail), without_markup(option)) for tail, options in branches for option in options
        ]

        def remote() -> list[list[OptionScore]]:
            flat: list[OptionScore] = []
            for at in range(0, len(asked), _BATCH):
                flat += self._score_batch(asked[at : at + _BATCH])
            rows = iter(flat)
            return [[next(rows) for _ in options] for _, options in branches]

        out = self._guarded(remote, lambda lm: lm.score_many(prefix, branches))
        self.usage += Usage(scored_tokens=sum(s.tokens for row in out for s in row))
        return out

    def complete(
        self, prompt: str, max_tokens: int, *, stop: Sequence[str] = (), temperature: float = 0.0, seed: int = 0
    ) -> Completion:
        """See ``LanguageModel.complete``. ``logprob`` is nan: servers report it too differently."""
        settings: dict[str, Any] = {"max_tokens": max_tokens, "temperature": temperature, "seed": seed}
        settings |= {"stop": list(stop)} if stop else {}
        out = self._guarded(
            lambda: self._complete(prompt, settings),
            lambda lm: lm.complete(prompt, max_tokens, stop=stop, temperature=temperature, seed=seed),
        )
        self.usage += Usage(generated_tokens=out.tokens)
        return out

    def choose(self, prompt: str, options: Sequence[str], *, temperature: float = 0.0, seed: int = 0) -> int:
        """Which option (an index) the model says behind ``prompt``, when it may say nothing else.

        By the server's own grammar or JSON schema, if it has one (``planner.lm.choice``); else by scores; a server
        that has neither is no help, and the fallback chooses. Raises ``ModelError`` without one.
        """
        chosen = self.write_actions(
            prompt, lambda said: [] if said else options, 1, temperature=temperature, seed=seed
        ).actions
        if not chosen:
            raise ModelError("there is nothing to choose from; give at least one option")
        return list(options).index(chosen[0])

    def write_actions(
        self,
        prompt: str,
        next_options: Callable[[tuple[str, ...]], Sequence[str]],
        max_actions: int,
        *,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> ActionSequence:
        """``LocalModel.write_actions`` over the wire: one constrained answer per action; see ``choose``.

        What has one way to go is not asked. ``logprob`` is nan, ``decisions`` counts the actions that were asked.
        """

        def remote() -> ActionSequence:
            said: list[str] = []
            tokens = decisions = 0
            for step in range(max_actions):
                options = list(dict.fromkeys(next_options(tuple(said))))
                if not options:
                    break
                at = 0
                if len(options) > 1:
                    at, cost = self._chosen(prompt + "".join(said), options, temperature, seed + step)
                    tokens, decisions = tokens + cost, decisions + 1
                said.append(options[at])
            return ActionSequence(tuple(said), math.nan, tokens, decisions)

        def local(lm: LanguageModel) -> ActionSequence:
            if isinstance(lm, WritesActions):
                return lm.write_actions(prompt, next_options, max_actions, temperature=temperature, seed=seed)
            return by_scores(lm, prompt, next_options, max_actions)

        out = self._guarded(remote, local)
        self.usage += Usage(generated_tokens=out.tokens)
        return out

    def _chosen(self, prompt: str, options: list[str], temperature: float, seed: int) -> tuple[int, int]:
        """Index of the server's choice and its tokens: by grammar, else by scores."""
        bare = [without_markup(o) for o in options]
        settings = {"model": self._served(), "temperature": temperature, "seed": seed}
        try:
            return self.chooser.choose(without_markup(prompt), bare, settings)
        except NoWay as error:
            if self._scoring == "none":
                raise CannotScore(self.url, str(error)) from None
        pairs = [(without_markup(prompt), o) for o in bare]
        scores = [s for at in range(0, len(pairs), _BATCH) for s in self._score_batch(pairs[at : at + _BATCH])]
        return drawn([s.per_token for s in scores], temperature, seed), 0

    def forget(self, keep: Sequence[str] = ()) -> None:
        """Nothing: what a server remembers is its own affair. ``LocalModel.forget`` is the call that does something."""

    def _guarded(self, remote: Callable[[], T], local: Callable[[LanguageModel], T]) -> T:
        """The server's answer, or the fallback's while the server fails or is left alone."""
        began = time.perf_counter()
        error: ModelError | None = None
        try:
            if self._clock() >= self._closed_until:
                try:
                    out = remote()
                    self._failures = 0
                    return out
                except ServerError as failure:
                    error = failure
                    self._failures += 1
                    if self._failures >= self._trip:
                        self._closed_until = self._clock() + self._cooldown
                except CannotScore as failure:
                    error = failure
            if self.fallback is None:
                raise error or ModelError(
                    f"{self._connection.url} failed {self._failures} times in a row and is left alone for "
                    f"{self._cooldown:.0f} s; check the server or give a local fallback model"
                )
            if not isinstance(self.fallback, LanguageModel):
                self.fallback = self.fallback()
            self.fallbacks += 1
            return local(self.fallback)
        finally:
            self.usage += Usage(calls=1, seconds=time.perf_counter() - began)

    def _score_batch(self, asked: list[tuple[str, str]]) -> list[OptionScore]:
        if self._scoring == "none":
            raise CannotScore(self.url, self._why)
        ways = (self._scoring,) if self._scoring else ("echo", "prompt_logprobs")
        model = self._served()
        for way in ways:
            prompts = [prefix + option for prefix, option in asked]
            body: dict[str, Any] = {"model": model, "prompt": prompts, "temperature": 0}
            body |= (
                {"max_tokens": 0, "echo": True, "logprobs": 1}
                if way == "echo"
                else {"max_tokens": 1, "prompt_logprobs": 0}
            )
            try:
                choices = _choices(self._connection.post("/completions", body), len(prompts))
            except Unsupported as error:
                self._why = str(error)
                continue
            reader = echo_tokens if way == "echo" else prompt_tokens
            tokens = [reader(choice, prompt) for choice, prompt in zip(choices, prompts, strict=True)]
            if all(t is None for t in tokens):
                continue
            self._scoring = way
            return [option_score(t, len(prefix)) for t, (prefix, _) in zip(tokens, asked, strict=True)]
        if self._scoring is None:  # a server that has scored before can; only this request was not to its liking
            self._scoring = "none"
        raise CannotScore(self.url, self._why)

    def _complete(self, prompt: str, settings: dict[str, Any]) -> Completion:
        model = self._served()
        if not self._chat:
            try:
                answer = self._connection.post("/completions", {"model": model, "prompt": prompt, **settings})
                return _completion(answer, chat=False)
            except Unsupported:
                self._chat = True
        messages = [{"role": "user", "content": prompt}]
        try:
            answer = self._connection.post("/chat/completions", {"model": model, "messages": messages, **settings})
        except Unsupported as error:
            raise ServerError(str(error)) from None
        return _completion(answer, chat=True)


class CannotScore(ModelError):
    """The server completes, but tells no log-probabilities of a prompt."""

    def __init__(self, url: str, why: str = "") -> None:
        super().__init__(
            f"{url} cannot score options ({why or 'it gives no log-probabilities of the prompt'}); "
            "use a server that does (vLLM, groundplan serve-lm) or give a local fallback model (model.fallback)"
        )


def _choices(answer: dict[str, Any], count: int) -> list[dict[str, Any]]:
    choices = answer.get("choices")
    if not isinstance(choices, list) or len(choices) != count or not all(isinstance(c, dict) for c in choices):
        raise ServerError(f"the server's answer has no list of {count} choices; is it OpenAI-compatible?")
    if all(isinstance(c.get("index"), int) for c in choices):
        choices = sorted(choices, key=lambda c: c["index"])
    return choices


def _completion(answer: dict[str, Any], chat: bool) -> Completion:
    text, tokens = answer_text(answer, chat)
    return Completion(text, tokens, math.nan)
