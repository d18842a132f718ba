"""What physically stands near what: distances between surfaces, as the physics engine measures them.

The robot plans with outlines seen from above (`skills.relations`); here the closest points of the two bodies count, so
that neither can hide the other's mistakes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from sim.world import World
from skills.types import Region

TOUCHING_DISTANCE = 0.12  # [m] between the surfaces of what is next to each other
SIDE_DISTANCE = 0.32  # [m] the same of what is on one side of something
SIDE_ANGLE = math.radians(55)
SAME_HEIGHT = 0.03  # [m]


def stands_near(
    world: World,
    predicate: str,
    a: str,
    b: str,
    carriers: Callable[[str], list[str]],
    regions: Mapping[str, Region],
) -> bool:
    """Whether ``a`` is ``beside``, ``left_of``, ... ``b``. ``carriers``: what a thing rests on or lies in.

    Both must stand side by side: on one surface, with all that carries them, or in or on one thing.
    """
    stacks = _stack(a, carriers), _stack(b, carriers)
    one, other = _side_by_side(*stacks)
    if one == other:
        return False
    lowest = [world.state(n).bottom_z for n in (one, other)]
    if abs(lowest[0] - lowest[1]) > SAME_HEIGHT and stacks[0][-1] != stacks[1][-1]:
        return False
    limit = TOUCHING_DISTANCE if predicate == "beside" else SIDE_DISTANCE
    if world.distance(one, other, limit) > limit:
        return False
    if predicate == "beside":
        return True
    away = np.subtract(world.pose(one).position, world.pose(other).position)[:2]
    looks = _view(world, other, regions)
    if looks is None or not np.any(away):
        return False
    # angle from straight ahead, counted to the left
    angle = math.atan2(away[1], away[0]) - math.atan2(looks[1], looks[0])
    wanted = {"behind": 0.0, "left_of": math.pi / 2, "in_front_of": math.pi, "right_of": -math.pi / 2}[predicate]
    return abs((angle - wanted + math.pi) % (2 * math.pi) - math.pi) < SIDE_ANGLE


def _stack(name: str, carriers: Callable[[str], list[str]]) -> list[str]:
    """A thing, what carries it, what carries that, ..."""
    found = [name]
    while True:
        below = [n for n in carriers(found[-1]) if n not in found]
        if not below:
            return found
        found.append(below[0])


def _side_by_side(a: list[str], b: list[str]) -> tuple[str, str]:
    """Those of two stacks that stand next to each other: the lowest ones that differ; equal names when one of the two
    things carries the other."""
    while len(a) > 1 and len(b) > 1 and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    return a[-1], b[-1]


def _view(world: World, name: str, regions: Mapping[str, Region]) -> tuple[float, float] | None:
    """Where somebody looks who stands before the widest place that a thing is on."""
    x, y, _ = world.pose(name).position
    bottom = world.state(name).bottom_z
    under = [r for r in regions.values() if abs(r.surface - bottom) < SAME_HEIGHT and r.contains(x, y, SAME_HEIGHT)]
    widest = max(under, key=lambda r: (r.high[0] - r.low[0]) * (r.high[1] - r.low[1]), default=None)
    return None if widest is None else widest.view
