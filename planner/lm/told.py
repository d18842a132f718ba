"""What servers tell about the tokens of a prompt, read with suspicion: two formats, one list of spans."""

from __future__ import annotations

import math
from typing import Any

from planner.lm.api import OptionScore
from planner.lm.http import ServerError

Token = tuple[int, int, float]  # start and end character, log-probability


def echo_tokens(choice: dict[str, Any], prompt: str) -> list[Token] | None:
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


def prompt_tokens(choice: dict[str, Any], prompt: str) -> list[Token] | None:
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


def option_score(tokens: list[Token] | None, border: int) -> OptionScore:
    """Score of what stands behind character ``border`` of a prompt. Raises ``ServerError`` if nothing was told."""
    if tokens is None:
        raise ServerError("the server told log-probabilities for some prompts and not for others")
    mine = [value for start, end, value in tokens if end > border and (end > start or start >= border)]
    if any(math.isnan(v) for v in mine):
        raise ServerError("an option without any prompt before it cannot be scored; give a prefix")
    return OptionScore(sum(mine), len(mine))
