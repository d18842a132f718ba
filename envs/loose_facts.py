"""What is physically so of loose stuff and spills: how much lies in a container, what of a spill is wiped off.

Ground truth, and code of its own beside the predicates that the robot verifies with: a grain is in a container when it
is below the rim, between the walls, and touches the container or another grain that is in it.
"""

from __future__ import annotations

import math

import numpy as np

from sim.world import World
from skills.types import Form

IN_SHARE = 0.8  # of the grains: the stuff is in it
WIPED_SHARE = 0.9  # of the cells: the spill is clean
TIPPED = math.radians(45)  # a container tilted more holds nothing


def share_in(world: World, stuff: str, container: str) -> float:
    """Share of the grains that truly lie in the container, 0 to 1."""
    grains, body = world.stuff[stuff], world.bodies[container]
    pose = world.pose(container)
    if not body.shape.hollow or pose.tilt > TIPPED:
        return 0.0
    local = pose.inverse().apply(np.array(grains.positions()))
    half = np.asarray(body.shape.size) / 2
    if body.shape.form is Form.BOWL:
        between = np.hypot(local[:, 0], local[:, 1]) < half[0]
    else:
        between = np.all(np.abs(local[:, :2]) < half[:2], axis=1)
    within = {i for i, ok in zip(grains.ids, between & (local[:, 2] < half[2]), strict=True) if ok}
    return len(_borne(world, container, within)) / len(grains.ids)


def _borne(world: World, container: str, grains: set[int]) -> set[int]:
    """Those of the grains that the container bears, directly or through others of them."""
    near: dict[int, set[int]] = {}
    whole = world.client.body(container) if container in world.client.names else -1
    found: set[int] = set()
    for row in world.client.getContactPoints():
        a, b = row[1], row[2]
        if row[8] > 1e-3:
            continue
        if a in grains and b in grains:
            near.setdefault(a, set()).add(b)
            near.setdefault(b, set()).add(a)
        for grain, other, link in ((a, b, row[4]), (b, a, row[3])):
            if grain in grains and (other == whole or world.client.name(other, link) == container):
                found.add(grain)
    todo = list(found)
    while todo:
        fresh = near.get(todo.pop(), set()) - found
        found |= fresh
        todo.extend(fresh)
    return found


def stuff_in(world: World, stuff: str, container: str) -> bool:
    """Whether `IN_SHARE` of the grains lie in the container."""
    return container in world.bodies and share_in(world, stuff, container) >= IN_SHARE


def wiped(world: World, spill: str) -> bool:
    """Whether `WIPED_SHARE` of a spill's cells were rubbed off; False for what is no spill."""
    known = world.spills.get(spill)
    return known is not None and float(np.mean(known.wiped)) >= WIPED_SHARE - 1e-9
