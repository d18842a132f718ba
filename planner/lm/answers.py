"""What our server does for a request: reading it, and answering it in one piece or in many."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.lm.api import Completion
from planner.lm.errors import ModelError
from planner.lm.finite import allowed_texts, with_ends
from planner.lm.record import MOST_ALTERNATIVES, Record, chat_logprobs, completion_logprobs
from planner.lm.stream import Stream, envelope

if TYPE_CHECKING:
    from planner.lm.local import LocalModel

_MOST_PROMPTS = 10_000
_CHAT_TOKENS = 256
_TOKENS = 16


class BadRequest(Exception):
    """What the client asked for makes no sense; the message says why."""


@dataclass(frozen=True)
class Asked:
    """A request, understood.

    Attributes:
        prompts: texts to continue.
        most: tokens to write at most.
        settings: temperature, seed and stop texts, as ``LocalModel.complete`` takes them.
        allowed: the texts that the answer must be one of, or None.
        chat: in the form of chat.
        echo: the prompt is part of the answer.
        scored: log-probabilities of the prompt's tokens are wanted.
        alternatives: log-probabilities of the written tokens and of so many likely ones beside each; None: none.
        stream: piece by piece.
        usage: with the numbers of tokens at the end of the stream.
    """

    prompts: list[str]
    most: int
    settings: dict[str, Any]
    allowed: list[str] | None
    chat: bool = False
    echo: bool = False
    scored: bool = False
    alternatives: int | None = None
    stream: bool = False
    usage: bool = False


def asked_completions(lm: LocalModel, body: dict[str, Any]) -> Asked:
    """A request to ``/v1/completions``. ``echo`` with ``max_tokens`` 0 and ``logprobs`` scores the prompts."""
    prompt = body.get("prompt", "")
    prompts = prompt if isinstance(prompt, list) else [prompt]
    if not prompts or len(prompts) > _MOST_PROMPTS or not all(isinstance(p, str) for p in prompts):
        raise BadRequest(f"'prompt' must be a text or a list of 1 to {_MOST_PROMPTS} texts")
    most, settings = _settings(body, _TOKENS)
    echo, alternatives = body.get("echo") is True, _alternatives(body.get("logprobs"), "logprobs")
    scored = echo and alternatives is not None
    if scored and most:
        raise BadRequest("'logprobs' with 'echo' scores the prompt: 'max_tokens' must be 0")
    stream, usage = _streaming(body, alternatives)
    allowed = allowed_texts(body)
    if allowed is not None and (echo or alternatives is not None or not most):
        raise BadRequest("a constrained answer goes with neither 'echo' nor 'logprobs' nor a 'max_tokens' of 0")
    return Asked(prompts, most, settings, allowed, False, echo, scored, alternatives, stream, usage)


def asked_chat(lm: LocalModel, body: dict[str, Any]) -> Asked:
    """A request to ``/v1/chat/completions``."""
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not all(isinstance(m, dict) for m in messages):
        raise BadRequest("'messages' must be a list of {'role', 'content'}")
    most, settings = _settings(body, _CHAT_TOKENS)
    prompt = lm.chat_prompt([{**m, "content": _text_of(m.get("content"))} for m in messages])
    wanted, alternatives = body.get("logprobs"), None
    if wanted not in (None, True, False):
        raise BadRequest("'logprobs' of a chat must be true or false; 'top_logprobs' says how many others")
    if wanted:
        alternatives = _alternatives(body.get("top_logprobs") or 0, "top_logprobs")
    allowed = allowed_texts(body)
    if allowed is not None and wanted:
        raise BadRequest("a constrained answer has no 'logprobs'")
    return Asked([prompt], most, settings, allowed, True, False, False, alternatives, *_streaming(body, alternatives))


def answer(lm: LocalModel, asked: Asked, wanted: Callable[[], bool]) -> dict[str, Any]:
    """The whole answer. ``wanted`` is asked after every token; if it is False, what is written so far is all."""
    scored = lm.prompt_logprobs(asked.prompts) if asked.scored else [None] * len(asked.prompts)
    choices, written = [], 0
    for i, (text, tokens) in enumerate(zip(asked.prompts, scored, strict=True)):
        record = None if asked.alternatives is None else Record(asked.alternatives)
        out, reason, count = _written(lm, asked, text, lambda piece: wanted(), record)
        written += count
        steps = record.within(out) if record else []
        if asked.chat:
            choice: dict[str, Any] = {"message": {"role": "assistant", "content": out}}
            choice["logprobs"] = chat_logprobs(steps) if record else None
        else:
            choice = {"text": (text if asked.echo else "") + out, "logprobs": tokens and _logprobs(tokens)}
            if record and not asked.scored:
                choice["logprobs"] = completion_logprobs(steps, len(text), record.alternatives)
        choices.append({"index": i, **choice, "finish_reason": reason})
    kind = "chat.completion" if asked.chat else "text_completion"
    return {**envelope(kind, lm.name), "choices": choices, "usage": _usage(lm, asked, written)}


def tell(lm: LocalModel, asked: Asked, stream: Stream) -> None:
    """The same answer piece by piece; ends ``stream`` whatever happens (errors are its ``failure``)."""
    failure: tuple[int, str] | None = None
    try:
        written = 0
        for i, text in enumerate(asked.prompts):
            told = 0

            def put(piece: str, index: int = i) -> bool:
                nonlocal told
                told += len(piece)
                return stream.put(index, piece)

            if asked.echo:
                stream.put(i, text)
            out, reason, count = _written(lm, asked, text, put)
            written += count
            if not stream.put(i, out[told:], reason):
                break
        stream.usage = _usage(lm, asked, written)
    except Exception as error:
        failure = failed(error)
    finally:
        stream.end(failure)


def failed(error: Exception) -> tuple[int, str]:
    """Status and words for what went wrong."""
    if isinstance(error, BadRequest | ModelError | ValueError | RecursionError):
        return 400, str(error)
    return 500, f"a fault in the engine, {type(error).__name__}: {error}"


def _written(
    lm: LocalModel, asked: Asked, prompt: str, told: Callable[[str], bool], record: Record | None = None
) -> tuple[str, str, int]:
    """Text, reason of its end and number of tokens; one of the allowed texts in full, if there are such."""
    if not asked.most and not asked.chat:
        return "", "length", 0
    if asked.allowed is None:
        out = lm.complete(prompt, asked.most, **asked.settings, told=told, record=record)
        full = out.tokens >= asked.most or len(lm.encode_prompt(prompt)) + out.tokens >= lm.context
        return out.text, "length" if full else "stop", out.tokens
    out = _chosen(lm, asked, prompt)
    return out.text, "stop", out.tokens


def _chosen(lm: LocalModel, asked: Asked, prompt: str) -> Completion:
    assert asked.allowed is not None
    texts = dict(zip(with_ends(asked.allowed), asked.allowed, strict=True))
    heat, seed = asked.settings["temperature"], asked.settings["seed"]
    out = lm.write_actions(
        prompt, lambda said: [] if said else list(texts), 1, temperature=heat, seed=seed, special=True
    )
    return Completion(texts[out.actions[0]], out.tokens, out.logprob)


def _settings(body: dict[str, Any], default: int) -> tuple[int, dict[str, Any]]:
    most = body.get("max_tokens")
    most = body.get("max_completion_tokens") if most is None else most
    most = default if most is None else most
    temperature, seed, stop = body.get("temperature"), body.get("seed"), body.get("stop") or []
    temperature, seed = 1.0 if temperature is None else temperature, 0 if seed is None else seed
    stop = [stop] if isinstance(stop, str) else stop
    if not isinstance(most, int) or isinstance(most, bool) or most < 0:
        raise BadRequest("'max_tokens' must be a whole number of at least 0")
    if isinstance(temperature, bool) or not isinstance(temperature, int | float) or not 0 <= temperature <= 100:
        raise BadRequest("'temperature' must be a number from 0 to 100")
    if not isinstance(seed, int) or not -(2**63) <= seed < 2**63:
        raise BadRequest("'seed' must be a 64-bit whole number")
    if not isinstance(stop, list) or not all(isinstance(s, str) and s for s in stop):
        raise BadRequest("'stop' must be a text or a list of texts, none empty")
    if body.get("n") not in (None, 1):
        raise BadRequest("'n' other than 1 is not supported")
    return most, {"temperature": float(temperature), "seed": seed, "stop": stop}


def _alternatives(value: object, key: str) -> int | None:
    """How many other tokens are wanted beside each that was written; None: no log-probabilities."""
    if value is None or value is False:
        return None
    if value is True:
        return 0
    if not isinstance(value, int) or not 0 <= value <= MOST_ALTERNATIVES:
        raise BadRequest(f"{key!r} must be a whole number from 0 to {MOST_ALTERNATIVES}")
    return value


def _streaming(body: dict[str, Any], alternatives: int | None) -> tuple[bool, bool]:
    stream, options = body.get("stream"), body.get("stream_options")
    if stream not in (None, True, False):
        raise BadRequest("'stream' must be true or false")
    if stream and alternatives is not None:
        raise BadRequest("'logprobs' come in one piece: leave 'stream' out")
    if options is not None and not (isinstance(options, dict) and stream):
        raise BadRequest("'stream_options' must be an object, and goes with 'stream' only")
    return bool(stream), bool((options or {}).get("include_usage"))


def _text_of(content: Any) -> Any:
    """The text of a message that comes as a list of parts; anything else as it is."""
    if isinstance(content, list) and all(isinstance(p, dict) and p.get("type") == "text" for p in content):
        return "".join(str(p.get("text", "")) for p in content)
    return content


def _logprobs(tokens: list[Any]) -> dict[str, Any]:
    return {
        "tokens": [t.text for t in tokens],
        "token_logprobs": [None if math.isnan(t.logprob) else t.logprob for t in tokens],
        "top_logprobs": None,
        "text_offset": [t.offset for t in tokens],
    }


def _usage(lm: LocalModel, asked: Asked, written: int) -> dict[str, int]:
    read = sum(len(lm.tokenizer.encode(p)) for p in asked.prompts)
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
