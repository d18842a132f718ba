"""Hollows that are open at the front, such as a cabinet's: what lies in them, where things can stand, which way in.

Pure geometry over `skills.mechanisms.Niche`. The frame of the thing that has it looks out of its front along x.
"""

from __future__ import annotations

import math

import numpy as np

from skills.geometry import plan_gaps, plan_radius
from skills.spot import Spot
from skills.types import Array, ObjectState, Observation, Pose, Vec3

SIDE_ROOM = 0.012  # [m] least gap between a thing and the sides and the back
HEAD_ROOM = 0.035  # [m] under the top: a thing is lifted a little on its way
STAND_GAP = 0.0035  # [m] release height above the floor: what is held keeps 2 mm from the walls until it is let go
SLOPE = 0.12  # rise of the way in and out, so that nothing scrapes over the floor
WAY = (0.28, 0.22, 0.17)  # [m] straight in and out, the longest that works
CLEAR = (0.20, 0.16, 0.12)  # [m] along the hand itself, to and from a thing that stands between its fingers
TURNED = math.cos(math.radians(42))  # a hand turned further from the way in does not fit through the front
ASIDE = math.cos(math.radians(72))  # nor does an arm that stands further aside reach in
GRID = 0.02  # [m] between spots
APART = ((0.035, 1.0), (0.012, 0.7), (0.0, 0.3))  # [m] gap to what stands there already -> score


def contains(cabinet: ObjectState, points: Array) -> Array:
    """Which world points (N, 3) are within the niche; none when the thing has none."""
    if cabinet.niche is None:
        return np.zeros(len(points), bool)
    local = cabinet.pose_world.inverse().apply(np.asarray(points, float)) - np.asarray(cabinet.niche.middle)
    return np.asarray((np.abs(local) < np.asarray(cabinet.niche.size) / 2).all(axis=1))


def niche_of(obs: Observation, point: Vec3) -> ObjectState | None:
    """The thing whose niche a world point lies in."""
    for thing in obs.objects.values():
        if thing.niche is not None and contains(thing, np.array([point]))[0]:
            return thing
    return None


def way_in(cabinet: ObjectState) -> Array:
    """(3,) level unit vector into the niche, world."""
    ahead = -cabinet.pose_world.rotation()[:, 0] * [1.0, 1.0, 0.0]
    return np.asarray(ahead / np.linalg.norm(ahead))


def way_out(into: Array) -> Vec3:
    """The unit direction in which a hand leaves: against ``into`` (3,) and a little up."""
    out = np.array([-into[0], -into[1], SLOPE])
    x, y, z = (float(v) for v in out / np.linalg.norm(out))
    return x, y, z


def points_in(tool: Pose, into: Array) -> bool:
    """Whether a hand at ``tool`` (pose_world_tool) points into the niche as far as its heading goes."""
    ahead = tool.rotation()[:2, 2]
    level = float(np.hypot(*ahead))
    return level > 0.3 and float(ahead @ into[:2]) > TURNED * level


def fits(obj: ObjectState, cabinet: ObjectState) -> bool:
    """Whether a thing has room in the niche as it is turned now."""
    assert cabinet.niche is not None
    deep, wide, high = cabinet.niche.size
    return 2 * (plan_radius(obj) + SIDE_ROOM) < min(deep, wide) and float(obj.extents()[2]) + HEAD_ROOM < high


def spots_in(obs: Observation, obj: ObjectState, cabinet: ObjectState) -> list[Spot]:
    """Spots on the floor of the niche: most room first, then nearest to the front."""
    assert cabinet.niche is not None
    if not fits(obj, cabinet):
        return []
    niche, radius = cabinet.niche, plan_radius(obj)
    deep, wide = (s / 2 - radius - SIDE_ROOM for s in niche.size[:2])
    us, vs = (np.linspace(-r, r, max(1, 2 * int(r / GRID) + 1)) for r in (deep, wide))
    floor = niche.middle[2] - niche.size[2] / 2
    local = np.array([(niche.middle[0] + u, niche.middle[1] + v, floor) for u in us for v in vs])
    world = cabinet.pose_world.apply(local)
    gaps = np.full(len(world), 1.0)
    for other in obs.objects.values():
        if other.name not in (obj.name, cabinet.name) and contains(cabinet, np.array([other.pose_world.position]))[0]:
            gaps = np.minimum(gaps, plan_gaps(other, world[:, :2]) - radius)
    score = np.zeros(len(world))
    for gap, value in APART:
        score = np.maximum(score, np.where(gaps >= gap, value, 0.0))
    into = way_in(cabinet)
    facing = (float(into[0]), float(into[1]))
    order = np.lexsort((np.abs(local[:, 1] - niche.middle[1]), -local[:, 0], -score))
    return [
        Spot(float(world[i, 0]), float(world[i, 1]), (float(world[i, 2]) + STAND_GAP,), float(score[i]), facing=facing)
        for i in order
        if score[i] > 0
    ]


def walls(cabinet: ObjectState) -> list[tuple[Vec3, Vec3]]:
    """(half extents, middle) of the boxes around the niche, in the thing's frame: top, floor, sides, back."""
    assert cabinet.niche is not None
    outer = np.asarray(cabinet.shape.size) / 2
    low = np.asarray(cabinet.niche.middle) - np.asarray(cabinet.niche.size) / 2
    high = low + cabinet.niche.size
    made: list[tuple[Vec3, Vec3]] = []
    for axis in (2, 1, 0):
        for start, end in ((-outer[axis], low[axis]), (high[axis], outer[axis])):
            if end - start < 1e-6 or (axis == 0 and end == outer[0]):
                continue  # no wall: the front
            half, middle = outer.copy(), np.zeros(3)
            half[axis], middle[axis] = (end - start) / 2, (end + start) / 2
            made.append((_vec(half), _vec(middle)))
    return made


def _vec(v: Array) -> Vec3:
    x, y, z = (float(a) for a in v)
    return x, y, z
