"""What a family of requests is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
