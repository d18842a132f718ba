"""Furniture that stands in other furniture: a slip in a scene file that physics would not mention."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from envs.footprint import Footprint, clearance, footprint
from skills.types import Form, Pose, Shape

DEEP = 0.01  # [m] in every direction: less is how boards are joined


@dataclass(frozen=True, eq=False)
class Standing:
    """A solid piece. ``low``, ``high``: of its heights [m]."""

    name: str
    outline: Footprint
    low: float
    high: float


def standing(name: str, shape: Shape, pose_world: Pose) -> Standing:
    """An upright piece; of a sphere the part that is nearly as wide as its middle."""
    x, y, z = pose_world.position
    half = shape.size[2] / 2 * (0.7 if shape.form is Form.SPHERE else 1.0)
    return Standing(name, footprint(shape, x, y, pose_world.yaw), z - half, z + half)


def overlapping(pieces: Iterable[Standing]) -> tuple[str, str, float] | None:
    """Two names and how deep [m] they stand in each other, the deepest pair; None when all stand free."""
    worst: tuple[str, str, float] | None = None
    for a, b in combinations(pieces, 2):
        depth = min(a.high, b.high) - max(a.low, b.low)
        if depth > DEEP:
            depth = min(depth, -clearance(a.outline, b.outline))
            if depth > DEEP and (worst is None or depth > worst[2]):
                worst = (a.name, b.name, depth)
    return worst
