"""Deterministic helpers that the proposer may call where they are surer than the model; every call is noted.

The tools: ``knowledge`` (which things are of a kind, have a use or a property), ``told`` (the same for phrases of the
request, as the model reads it), ``spelling``, ``counting`` (numbers
and fractions said in words), ``memory`` (where something was before), ``search`` (steps to a goal), ``reachable``
(what the robot can do here). What they said goes into the episode with their arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from planner.plan import ToolCall

T = TypeVar("T")


class Toolbox:
    """Notes the calls of one request, each distinct one once, in order."""

    def __init__(self) -> None:
        self._calls: list[ToolCall] = []

    def note(self, name: str, result: T, **arguments: Any) -> T:
        """Write one call down and hand its result through. Arguments and result become plain data."""
        call = ToolCall(name, {k: plain(v) for k, v in arguments.items()}, plain(result))
        if call not in self._calls:
            self._calls.append(call)
        return result

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """What was called so far."""
        return tuple(self._calls)


def plain(value: Any) -> Any:
    """Plain JSON data: sets sorted, tuples as lists, everything unknown as its text."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(str(v) for v in value)
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return str(value)
