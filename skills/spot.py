"""A place for a thing: what `skills.spots` finds and placing skills go through."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spot:
    """A place for a thing's centre. ``heights``: world z for its lowest point at release, most wanted first;
    ``ground``: what it will touch; ``yaw``: heading to take, None: any; ``score`` in (0, 1]; ``falls``:
    how far it sinks at least when it is let go [m]; ``facing``: the level unit direction in which the hand has to point
    there, None: any."""

    x: float
    y: float
    heights: tuple[float, ...]
    score: float
    ground: frozenset[str] = frozenset()
    yaw: float | None = None
    falls: float = 0.0
    facing: tuple[float, float] | None = None
