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

from planner.lm.api import Completion, LanguageModel, OptionScore, Usage
from planner.lm.errors import ModelError
from planner.lm.http import Connection, ServerError, Unsupported
from planner.lm.plain import without_markup

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
            reader = _echo_tokens if way == "echo" else _prompt_tokens
            tokens = [reader(choice, prompt) for choice, prompt in zip(choices, prompts, strict=True)]
            if all(t is None for t in tokens):
                continue
            self._scoring = way
            return [_option_score(t, len(prefix)) for t, (prefix, _) in zip(tokens, asked, strict=True)]
        if self._scoring is None:  # a server that has scored before can; only this request was not to its liking
            self._scoring = "none"
        raise CannotScore(self.url, self._why)

    def _complete(self, prompt: str, settings: dict[str, Any]) -> Completion:
        model = self._served()
        if not self._chat:
            try:
                answer = self._connection.post("/completions", {"model": model, "prompt": prompt, **settings})
                return _completion(answer, _choices(answer, 1)[0].get("text"))
            except Unsupported:
                self._chat = True
        messages = [{"role": "user", "content": prompt}]
        try:
            answer = self._connection.post("/chat/completions", {"model": model, "messages": messages, **settings})
        except Unsupported as error:
            raise ServerError(str(error)) from None
        message = _choices(answer, 1)[0].get("message")
        return _completion(answer, message.get("content") if isinstance(message, dict) else None)


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


def _completion(answer: dict[str, Any], text: object) -> Completion:
    if not isinstance(text, str):
        raise ServerError("the server's answer has no text; is it OpenAI-compatible?")
    usage = answer.get("usage")
    tokens = usage.get("completion_tokens") if isinstance(usage, dict) else None
    return Completion(text, tokens if isinstance(tokens, int) and tokens >= 0 else len(text.split()), math.nan)


Token = tuple[int, int, float]  # start and end character, log-probability


def _echo_tokens(choice: dict[str, Any], prompt: str) -> list[Token] | None:
    """Tokens of the echoed prompt, or None if the server did not echo log-probabilities."""
    logprobs = choice.get("logprobs")
    if not isinstance(logprobs, dict) or not isinstance(choice.get("text"), str):
        return None
    texts, values, starts = (logprobs.get(k) for k in ("tokens", "token_logprobs", "text_offset"))
    if not (isinstance(texts, list) and isinstance(values, list) and isinstance(starts, list)):
        return None
    if not choice["text"].startswith(prompt):
        return None
    if not len(texts) == len(values) == len(starts) or not all(isinstance(s, int) for s in starts):
        raise ServerError("the server's log-probabilities, tokens and offsets do not fit each other")
    ends = [*starts[1:], len(choice["text"])]
    if starts != sorted(starts) or (starts and (starts[0] < 0 or starts[-1] > len(choice["text"]))):
        raise ServerError("the server's token offsets do not lie in the text")
    return [
        (s, e, _number(v, i)) for i, (s, e, v) in enumerate(zip(starts, ends, values, strict=True)) if s < len(prompt)
    ]


def _prompt_tokens(choice: dict[str, Any], prompt: str) -> list[Token] | None:
    """The same from vLLM's ``prompt_logprobs``: a list of {token id: {logprob, decoded_token}}."""
    entries = choice.get("prompt_logprobs")
    if not isinstance(entries, list):
        return None
    tokens: list[Token] = []
    at = len(prompt)
    for i in range(len(entries) - 1, 0, -1):
        entry = entries[i]
        # with 0 alternatives asked for, the only entry is the prompt's own token
        first = next(iter(entry.values()), None) if isinstance(entry, dict) else None
        text = first.get("decoded_token") if isinstance(first, dict) else None
        if not isinstance(text, str) or not isinstance(first, dict):
            raise ServerError("the server's prompt_logprobs are malformed")
        if not prompt.endswith(text, 0, at):
            raise ServerError("the server's prompt_logprobs do not spell the prompt")
        tokens.append((at - len(text), at, _number(first.get("logprob"), i)))
        at -= len(text)
    return tokens[::-1]


def _number(value: object, index: int) -> float:
    if value is None and index == 0:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value > 1e-3:
        raise ServerError(f"the server's log-probability {value!r} is not one (a finite number of at most 0)")
    return float(value)


def _option_score(tokens: list[Token] | None, border: int) -> OptionScore:
    if tokens is None:
        raise ServerError("the server told log-probabilities for some prompts and not for others")
    mine = [value for start, end, value in tokens if end > border and (end > start or start >= border)]
    if any(math.isnan(v) for v in mine):
        raise ServerError("an option without any prompt before it cannot be scored; give a prefix")
    return OptionScore(sum(mine), len(mine))
