"""What lies where now: the few facts about things that narrow phrases down."""

from __future__ import annotations

from skills.state import State


def related(a: str, b: str, state: State) -> bool:
    """Whether ``a`` lies in, on or at ``b`` now."""
    return any(x.predicate in ("in", "on", "at") and x.args == (a, b) for x in state.atoms)


def carried(a: str, state: State) -> bool:
    """Whether ``a`` lies on or in another thing."""
    return any(x.predicate in ("on", "in") and x.args[0] == a for x in state.base)


def is_clear(a: str, state: State) -> bool:
    """Whether nothing lies on or in ``a``."""
    return not any(x.predicate in ("on", "in") and x.args[1] == a for x in state.base)
