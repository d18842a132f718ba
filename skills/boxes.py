"""Boxes in space: where a tool may be, and where nothing of a robot may ever be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from skills.types import Array, Vec3


@dataclass(frozen=True)
class Box:
    """A box along the axes [m]: two opposite corners."""

    low: Vec3
    high: Vec3

    def __post_init__(self) -> None:
        if not all(a < b for a, b in zip(self.low, self.high, strict=True)):
            raise ValueError(f"a box needs low below high in all three axes, got {self.low} and {self.high}")

    def holds(self, point: Sequence[float] | Array) -> bool:
        """Whether a point (3,) lies in it."""
        return all(a <= float(p) <= b for a, p, b in zip(self.low, point, self.high, strict=True))


@dataclass(frozen=True)
class Zones:
    """Where the tool may be. ``workspace``: it stays in this box, seen from the arm's foot; None: the robot's own.
    ``keep_out``: named boxes in the world that it never enters."""

    workspace: Box | None = None
    keep_out: Mapping[str, Box] = field(default_factory=dict)
