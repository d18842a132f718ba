"""Families of requests. Each makes a `Draft` from a `Draw`, or None when this draw allows none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from planner.learn.draft import Draft
from planner.learn.draw import Draw

Make = Callable[[Draw], "Draft | None"]


@dataclass(frozen=True)
class Family:
    """``weight``: share in the stream; ``category``: whether requests turn on a category of the knowledge."""

    name: str
    make: Make
    weight: float = 1.0
    category: bool = False


@lru_cache(maxsize=1)
def families() -> Mapping[str, Family]:
    """All families by name."""
    from planner.learn.families import moves, sets

    rows = (*moves.FAMILIES, *sets.FAMILIES)
    return {f.name: f for f in rows}
