"""How a spill is wiped: strokes of the flat underside of what is held, to and fro until every cell was under it.

Pure geometry; metres and radians.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from skills.driver import Held
from skills.place_targets import levelled, place_targets
from skills.spot import Spot
from skills.types import Array, Form, ObjectState, Pose

OVERLAP = 0.75  # of a swath's breadth, from row to row
EDGE = 0.008  # [m] at either side of the underside that is not relied on
BEYOND = 0.015  # [m] a stroke goes further than it must
LEAST_STROKE = 0.05  # [m] rubbing needs some way
FLAT = math.cos(math.radians(25))


@dataclass(frozen=True)
class Strokes:
    """One way to wipe. ``poses``: of the tool at the corners of the way, the underside at the height of the surface;
    ``score`` in (0, 1]."""

    poses: tuple[Pose, ...]
    score: float


def fits_to_wipe(held: Held, tool: Pose, wiper: ObjectState) -> str:
    """Why what is in the hand cannot wipe a level surface; "" when it can. ``tool``: pose_world_tool."""
    flat = levelled(wiper)
    if wiper.shape.form is not Form.BOX or max(abs(flat.pose_world.rotation()[2])) < FLAT:
        return f"{wiper.name} has no flat underside"
    if -tool.rotation()[2, 2] < FLAT:
        return f"{wiper.name} is not held from above"
    return ""


def underside(pose: Pose, size: Sequence[float]) -> tuple[Array, Array, float, float]:
    """(short axis, long axis, short half, long half) of a level box's lower face: unit vectors (2,), half sizes [m]."""
    turn = pose.rotation()
    up = int(np.argmax(np.abs(turn[2])))
    rest = sorted((i for i in range(3) if i != up), key=lambda i: size[i])
    axes = []
    for i in rest:
        flat = turn[:2, i]
        axes.append(flat / np.linalg.norm(flat))
    return axes[0], axes[1], size[rest[0]] / 2, size[rest[1]] / 2


def strokes(held: Held, wiper: ObjectState, cells: Array, surface: float) -> Iterator[Strokes]:
    """Ways to wipe cells (N, 3) off a surface at this height, the smallest turns of the hand first."""
    middle = cells[:, :2].mean(axis=0)
    spot = Spot(float(middle[0]), float(middle[1]), (surface,), 1.0)
    for count, target in enumerate(place_targets(levelled(wiper), held, [spot])):
        short, long_, half_short, half_long = underside(target.pose_world_object, wiper.shape.size)
        centre = np.asarray(target.pose_world_object.position)[:2]
        way = _serpentine(cells[:, :2] - centre, short, long_, half_short, half_long)
        poses = tuple(target.tool.moved(float(p[0]), float(p[1])) for p in way)
        yield Strokes(poses, 1.0 - 0.02 * count)


def _serpentine(cells: Array, along: Array, across: Array, half_along: float, half_across: float) -> list[Array]:
    """Corners (2,) of the way of the underside's middle, relative to the first spot: rows side by side, each there and
    back. It moves along its short side, so that a swath is as broad as its long side."""
    s, p = cells @ along, cells @ across
    swath = 2 * (half_across - EDGE)
    low, high = float(p.min()), float(p.max())
    rows = max(1, math.ceil((high - low - swath) / (OVERLAP * swath)) + 1) if high - low > swath else 1
    first, last = low + swath / 2 - EDGE, high - swath / 2 + EDGE
    offsets = np.linspace(first, last, rows) if rows > 1 else np.array([(low + high) / 2])
    way: list[Array] = []
    for k, offset in enumerate(offsets):
        mine = s[np.abs(p - offset) <= swath / 2 + EDGE]
        mine = mine if len(mine) else s
        begin = float(mine.min()) + half_along - EDGE - BEYOND
        end = float(mine.max()) - half_along + EDGE + BEYOND
        if end - begin < LEAST_STROKE:
            centre = (begin + end) / 2
            begin, end = centre - LEAST_STROKE / 2, centre + LEAST_STROKE / 2
        a, b = begin * along + offset * across, end * along + offset * across
        way += [a, b, a] if k % 2 == 0 else [b, a, b]
    return way
