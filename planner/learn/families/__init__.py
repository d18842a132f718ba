"""Families of requests. Each makes a `Draft` from a `Draw`, or None when this draw allows none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import import_module

from planner.learn.families.registry import Family

_FILES = ("moves", "sets", "matching", "needs", "context", "choices", "deeds", "unclear", "refused", "languages")


@lru_cache(maxsize=1)
def families() -> Mapping[str, Family]:
    """All families by name."""
    found = (f for name in _FILES for f in import_module(f"planner.learn.families.{name}").FAMILIES)
    return {f.name: f for f in found}
