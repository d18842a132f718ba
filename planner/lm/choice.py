"""Asking a server to answer with one of several texts and nothing else: every known way of saying so.

Servers differ in the key and none says which it knows; most ignore keys that they do not know. So the first question
is a probe: two texts that no model would write on its own. A server whose answer is one of them keeps to the way.
Every answer is checked all the same.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from planner.lm.api import ActionSequence, LanguageModel
from planner.lm.errors import ModelError
from planner.lm.http import ServerError, Unsupported

NextOptions = Callable[[tuple[str, ...]], Sequence[str]]
PROBE = (" qzvx plum\n", " qzvx pear\n")
_ASK = "\nAnswer with the JSON object that the schema asks for."


@dataclass(frozen=True)
class Way:
    """One way of constraining: which route, what is added to the body, how the answer is spelled."""

    route: str
    body: Callable[[Sequence[str]], dict[str, Any]]
    as_json: bool = False


def _schema(options: Sequence[str]) -> dict[str, Any]:
    answer = {"type": "string", "enum": [o.strip() for o in options]}
    return {"type": "object", "properties": {"answer": answer}, "required": ["answer"], "additionalProperties": False}


def gbnf(options: Sequence[str]) -> str:
    """A grammar of llama.cpp's form that allows exactly ``options``."""
    return "root ::= " + " | ".join(json.dumps(o, ensure_ascii=False) for o in options)


WAYS = {
    # vLLM, newer and older
    "structured_outputs": Way("/completions", lambda o: {"structured_outputs": {"choice": list(o)}}),
    "guided_choice": Way("/completions", lambda o: {"guided_choice": list(o)}),
    # llama.cpp's server
    "grammar": Way("/completions", lambda o: {"grammar": gbnf(o)}),
    "guided_grammar": Way("/completions", lambda o: {"guided_grammar": gbnf(o)}),
    "json_schema": Way("/completions", lambda o: {"json_schema": _schema(o)}, as_json=True),
    "guided_json": Way("/completions", lambda o: {"guided_json": _schema(o)}, as_json=True),
    # OpenAI's chat, and most others by now
    "response_format": Way(
        "/chat/completions",
        lambda o: {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": _schema(o)},
            }
        },
        as_json=True,
    ),
}


class NoWay(ModelError):
    """The server keeps to none of the known ways of constraining an answer."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"{url} cannot keep an answer to given texts (tried {', '.join(WAYS)}); use a server that can "
            "(vLLM, llama.cpp, groundplan serve-lm) or give a local fallback model (model.fallback)"
        )


class Chooser:
    """Puts questions with a fixed set of answers to a server.

    Args:
        post: ``post(route, body) -> answer``; raises ``ServerError`` or ``Unsupported``.
        url: for messages.

    Attributes:
        way: which of ``WAYS`` the server keeps to; None: not known yet; "none": it keeps to none.
        misfits: answers outside of the given texts from a server that had kept to its way before.
    """

    def __init__(self, post: Callable[[str, dict[str, Any]], dict[str, Any]], url: str) -> None:
        self._post, self._url = post, url
        self.way: str | None = None
        self.misfits = 0

    def choose(self, prompt: str, options: Sequence[str], settings: dict[str, Any]) -> tuple[int, int]:
        """Which option the server says behind ``prompt``, and how many tokens it says that took.

        Args:
            options: at least two, all different even without surrounding spaces.
            settings: further keys of the request: model, temperature, seed.

        Raises:
            NoWay: the server keeps to none of the ways.
            ServerError: it does not answer, or answers something else than was allowed.
        """
        if self.way is None:
            self.way = self._probed(settings)
        if self.way == "none":
            raise NoWay(self._url)
        text, tokens = self._asked(self.way, prompt, options, settings)
        found = fitting(text, options)
        if found is None:
            self.misfits += 1
            raise ServerError(
                f"{self._url} answered {text[:80]!r}, which is none of the {len(options)} texts it was held to "
                f"(by {self.way})"
            )
        return found, tokens

    def _probed(self, settings: dict[str, Any]) -> str:
        for name in WAYS:
            try:
                text, _ = self._asked(name, "Greet the guests.\nHello,", PROBE, settings)
            except Unsupported:
                continue
            if fitting(text, PROBE) is not None:
                return name
        return "none"

    def _asked(self, name: str, prompt: str, options: Sequence[str], settings: dict[str, Any]) -> tuple[str, int]:
        way = WAYS[name]
        # no text has more tokens than bytes; the JSON around it has some of its own
        most = max(len(o.encode()) for o in options) + (24 if way.as_json else 4)
        body = {**settings, "max_tokens": most, **way.body(options)}
        if way.route == "/completions":
            answer = self._post(way.route, {**body, "prompt": prompt})
        else:
            answer = self._post(way.route, {**body, "messages": [{"role": "user", "content": prompt + _ASK}]})
        text, tokens = answer_text(answer, chat=way.route != "/completions")
        return (_answer_in(text) if way.as_json else text), tokens


def answer_text(answer: dict[str, Any], chat: bool) -> tuple[str, int]:
    """Text and token count of a server's answer with one choice."""
    choices = answer.get("choices")
    first = choices[0] if isinstance(choices, list) and len(choices) == 1 else None
    if chat and isinstance(first, dict):
        message = first.get("message")
        text = message.get("content") if isinstance(message, dict) else None
    else:
        text = first.get("text") if isinstance(first, dict) else None
    if not isinstance(text, str):
        raise ServerError("the server's answer has no text; is it OpenAI-compatible?")
    usage = answer.get("usage")
    tokens: Any = usage.get("completion_tokens") if isinstance(usage, dict) else None
    told = isinstance(tokens, int) and tokens >= 0
    return text, int(tokens) if told else len(text.split())


def fitting(text: str, options: Sequence[str]) -> int | None:
    """Which option ``text`` is, or None. Spaces around do not count: servers cut them off."""
    if text in options:
        return list(options).index(text)
    bare = [o.strip() for o in options]
    return bare.index(text.strip()) if bare.count(text.strip()) == 1 else None


def _answer_in(text: str) -> str:
    """The answer in a JSON object, or what was written instead."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    answer = found.get("answer") if isinstance(found, dict) else None
    return answer if isinstance(answer, str) else text


@runtime_checkable
class WritesActions(Protocol):
    """A model that can be held to given texts, as ``LocalModel`` can."""

    def write_actions(
        self,
        prompt: str,
        next_options: NextOptions,
        max_actions: int,
        *,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> ActionSequence:
        """See ``planner.lm.local.LocalModel.write_actions``."""


def by_scores(lm: LanguageModel, prompt: str, next_options: NextOptions, max_actions: int) -> ActionSequence:
    """The likeliest option per token at every step, for a model that scores and cannot be held to texts."""
    said: list[str] = []
    total, tokens = 0.0, 0
    for _ in range(max_actions):
        options = list(dict.fromkeys(next_options(tuple(said))))
        if not options:
            break
        scores = lm.score(prompt + "".join(said), options)
        best = max(range(len(options)), key=lambda i: scores[i].per_token)
        said.append(options[best])
        total, tokens = total + scores[best].logprob, tokens + scores[best].tokens
    return ActionSequence(tuple(said), total, tokens, len(said))


def drawn(values: Sequence[float], temperature: float, seed: int) -> int:
    """Index of the largest value, or at a temperature above 0 one drawn with weights exp(value / temperature)."""
    best = max(range(len(values)), key=values.__getitem__)
    if temperature <= 0:
        return best
    weights = [math.exp((v - values[best]) / temperature) for v in values]
    return random.Random(seed).choices(range(len(values)), weights)[0]
