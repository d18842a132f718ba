"""Everyday English words that mean nothing to the reading: they exist, so they are no typing slips of other words."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def english() -> frozenset[str]:
    """Some 17,000 words in lower case (`english.txt` says where they are from)."""
    text = files(__package__).joinpath("english.txt").read_text(encoding="utf-8")
    return frozenset(w for line in text.splitlines() if not line.startswith("#") for w in line.split())
