"""Where a robot that drives should stand to reach something: sampled, ranked, checked before it sets off.

A stand counts when the robot touches nothing there, when it belongs to the right place, and when what is to be done can
be done from there (the caller's check: joint solutions, free approach). Nothing here is random.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from skills.base import Stand, distance_to_place, station_at
from skills.driver import Held, MobileKinematics
from skills.niches import ASIDE, niche_of, way_in
from skills.types import Array, Observation, Pose, Region

Point = tuple[float, float, float]  # world [m]
DISTANCES = (1.0, 0.84, 1.16, 1.32, 0.72, 1.48)  # of the best distance, from the arm's foot to what it reaches for
INTO_DISTANCES = (*DISTANCES, 1.64, 1.8)  # the same of a hand that reaches in ahead of the arm
DIRECTIONS, INTO_DIRECTIONS = 24, 36
FAR_COST, WAY_COST, TURN_COST = 2.0, 0.15, 0.04  # per metre off the comfortable distance, per metre of way, per radian
LOOKED_AT = 40  # stands per point whose surroundings are checked
GRID = 0.12  # [m] between stands that are compared for a whole place
CANDIDATES = 6  # stands offered
INTO_CANDIDATES = 12  # before the front of a cabinet, where few of them do


def base_matrix(stand: Stand) -> Pose:
    """pose_world_base."""
    return Pose.from_yaw((stand[0], stand[1], 0.0), stand[2])


def as_if_at(obs: Observation, stand: Stand, q: Sequence[float] | Array) -> Observation:
    """The observation as it would be with the base at ``stand`` and the arm at ``q``; what is held comes along."""
    from skills.predicates import held_object

    assert obs.robot.base is not None
    shift = base_matrix(stand) @ base_matrix(obs.robot.base).inverse()
    tool = shift @ obs.pose_world_tool
    objects = dict(obs.objects)
    name = held_object(obs)
    if name in objects:
        objects[name] = replace(objects[name], pose_world=shift @ objects[name].pose_world)
    robot = replace(obs.robot, base=stand, q=tuple(float(v) for v in q), base_velocity=None)
    here = station_at(stand, obs.regions, obs.stations)
    return replace(obs, robot=robot, pose_world_tool=tool, objects=objects, robot_at=here)


def in_front_of(region: Region, base: Stand, radius: float) -> Stand:
    """A stand at the side of a place that is nearest to the base, facing it: pure geometry, nothing is checked."""
    x, y = (min(max(here, low), high) for here, low, high in zip(base[:2], region.low, region.high, strict=True))
    away = np.array([base[0] - x, base[1] - y])
    length = float(np.hypot(*away))
    out = away / length if length > 1e-6 else np.array([-1.0, 0.0])
    x, y = x + (radius + 0.12) * out[0], y + (radius + 0.12) * out[1]
    return float(x), float(y), math.atan2(-out[1], -out[0])


def stands_for(
    obs: Observation,
    kinematics: MobileKinematics,
    place: str,
    points: Sequence[Point],
    q: Sequence[float] | Array,
    held: Held | None = None,
) -> Iterator[Stand]:
    """Stands at ``place`` from which the points might be reached, the most promising first, then from other sides of a
    point: what is in the way at one stand mostly is beside it, too. Only where the robot touches nothing, so that a
    side with few such stands gets its turn. ``q``: of the arm while it drives; ``held``: what it carries."""
    for point in points:
        ranked = _around(obs, kinematics, place, point)
        free = [s for s, ok in zip(ranked, kinematics.standable(ranked, q, held), strict=True) if ok]
        offered = CANDIDATES if niche_of(obs, point) is None else INTO_CANDIDATES
        yield from itertools.islice(_spread(_from_all_sides(free, point)), offered)


def _spread(ranked: Sequence[Stand]) -> Iterator[Stand]:
    """Those that are clearly apart from the ones before."""
    offered: list[Stand] = []
    for stand in ranked:
        if all(_apart(stand, other) for other in offered):
            offered.append(stand)
            yield stand


def _from_all_sides(ranked: Sequence[Stand], point: Point) -> list[Stand]:
    """Ranked stands with the sides of a point taking turns: quarters of the circle, the best stand in the middle of the
    first."""
    sides: dict[int, list[Stand]] = {}
    for stand in ranked:
        bearing = math.atan2(stand[1] - point[1], stand[0] - point[0])
        first = math.atan2(ranked[0][1] - point[1], ranked[0][0] - point[0])
        sides.setdefault(round((bearing - first) / (math.pi / 2)) % 4, []).append(stand)
    return [s for turn in itertools.zip_longest(*sides.values()) for s in turn if s is not None]


def _free(
    ranked: Sequence[Stand], kinematics: MobileKinematics, q: Sequence[float] | Array, held: Held | None
) -> Iterator[Stand]:
    """The best few stands where the robot touches nothing, clearly apart from each other."""
    offered: list[Stand] = []
    for start in range(0, len(ranked), LOOKED_AT):
        chunk = ranked[start : start + LOOKED_AT]
        for stand, ok in zip(chunk, kinematics.standable(chunk, q, held), strict=True):
            if ok and all(_apart(stand, other) for other in offered):
                offered.append(stand)
                yield stand
                if len(offered) == CANDIDATES:
                    return


def _apart(a: Stand, b: Stand) -> bool:
    return math.dist(a[:2], b[:2]) > 0.12


def _around(obs: Observation, kinematics: MobileKinematics, place: str, point: Point) -> list[Stand]:
    """Stands around one point that belong to the place, by cost."""
    base, spec = obs.robot.base, kinematics.spec.base
    assert base is not None
    assert spec is not None
    mx, best = spec.mount[0], spec.reach[1]
    cabinet = niche_of(obs, point)
    front = None if cabinet is None else way_in(cabinet)
    scored: list[tuple[float, Stand]] = []
    shares, directions = (DISTANCES, DIRECTIONS) if front is None else (INTO_DISTANCES, INTO_DIRECTIONS)
    for distance in (best * share for share in shares):
        for turn in np.arange(directions) * (2 * math.pi / directions):
            if front is not None and front[0] * math.cos(turn) + front[1] * math.sin(turn) < ASIDE:
                continue  # nothing is reached through a wall
            r = distance + mx
            stand = (point[0] - r * math.cos(turn), point[1] - r * math.sin(turn), float(turn))
            if station_at(stand, obs.regions, obs.stations) != place:
                continue
            way = math.dist(stand[:2], base[:2])
            turned = abs((turn - base[2] + math.pi) % (2 * math.pi) - math.pi)
            cost = FAR_COST * abs(distance - best) + WAY_COST * way + TURN_COST * turned
            scored.append((cost, stand))
    scored.sort()
    return [s for _, s in scored]


def stands_at(
    obs: Observation,
    kinematics: MobileKinematics,
    place: str,
    points: Sequence[Point],
    q: Sequence[float] | Array,
    held: Held | None = None,
) -> list[Stand]:
    """Stands at a place, those first from which most of ``points`` lie within reach, then those on a short way."""
    base, spec, region = obs.robot.base, kinematics.spec.base, obs.regions[place]
    assert base is not None
    assert spec is not None
    out = spec.radius + 0.45
    least, best, most = spec.reach
    xs, ys = (np.arange(low - out, high + out + 1e-9, GRID) for low, high in zip(region.low, region.high, strict=True))
    cx, cy = region.centre
    targets = np.array([p[:2] for p in points] or [(cx, cy)])
    scored: list[tuple[float, Stand]] = []
    for x in xs:
        for y in ys:
            near = distance_to_place((float(x), float(y), 0.0), region)
            if near < spec.radius or near > out:
                continue
            middle = targets[np.argsort(np.hypot(targets[:, 0] - x, targets[:, 1] - y))[: max(1, len(targets) // 2)]]
            yaw = math.atan2(float(np.mean(middle[:, 1])) - y, float(np.mean(middle[:, 0])) - x)
            stand = (float(x), float(y), yaw)
            if station_at(stand, obs.regions, obs.stations) != place:
                continue
            foot = np.array([x, y]) + spec.mount[0] * np.array([math.cos(yaw), math.sin(yaw)])
            away = np.hypot(*(targets - foot).T)
            reached = (away > least) & (away < most)
            comfort = float(np.mean(np.abs(away[reached] - best))) if reached.any() else 0.5
            cost = -1.0 * float(reached.mean()) + 0.8 * comfort + WAY_COST * math.dist((x, y), base[:2])
            scored.append((cost, stand))
    scored.sort()
    return list(_free([s for _, s in scored], kinematics, q, held))
