"""Which pushes bring a thing to a place: spots, orders of strokes, and those that the arm can do. Moves nothing."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from skills.driver import Kinematics, MotionFailure, NoMotion, mobile
from skills.geometry import plan_gaps
from skills.pushing import BEFORE, STRAIGHT, TURN_STROKE, Stroke, covered, directions, level_axes, strokes, turns
from skills.spots import BORDER
from skills.types import Array, Form, ObjectState, Observation, Pose, Region

SPEED = 0.08  # [m/s]
SPOTS = 8  # places in the region that are looked at
STRAIGHTS = 2  # more places, which one straight push reaches
TURNS = 6  # most strokes that turn a box
TURNED_SPOTS = 3  # places in the region that are looked at for a box that was turned
GRID = 0.02  # [m] between spots that are compared
GAP = 0.012  # [m] kept from what stands there
TOUCH = 0.005  # [m] kept from what is passed


def ways(
    obs: Observation, kin: Kinematics, obj: ObjectState, where: str, goal: tuple[float, float] | None
) -> Iterator[tuple[tuple[float, float], Stroke | MotionFailure]]:
    """(spot, first stroke towards it) for which every stroke can be reached, the nearest spot first; at last the
    failure that says most."""
    region, search = obs.regions[where], Search(obs, kin)
    last: tuple[float, float] = region.centre
    for spot in [goal] if goal is not None else free_spots(obs, obj, region):
        last = spot
        for order in _orders(obj, spot):
            found = search.sequence(obj, order, region)
            if found is not None:
                yield spot, found
    if mobile(kin) is None and obj.shape.form in (Form.BOX, Form.BIN):  # who drives goes around it
        yield from _turned(obs, obj, search, region, goal)
    yield last, search.worst or MotionFailure(NoMotion.COLLISION, f"no free spot at {where} for {obj.name}")


def _orders(obj: ObjectState, spot: tuple[float, float]) -> Iterator[tuple[tuple[Array, float], ...]]:
    """Sequences of pushes that bring a thing to a spot; what is round may also go around a corner."""
    found = directions(obj, spot)
    yield from itertools.permutations(found)
    if obj.shape.form not in (Form.BOX, Form.BIN) and found:
        (way, length), *_ = found
        legs = [(np.array([way[0], 0.0]) / abs(way[0] or 1.0), abs(float(way[0])) * length),
                (np.array([0.0, way[1]]) / abs(way[1] or 1.0), abs(float(way[1])) * length)]  # fmt: skip
        if all(leg[1] > STRAIGHT for leg in legs):
            yield from itertools.permutations(legs)


def _turned(
    obs: Observation, obj: ObjectState, search: Search, region: Region, goal: tuple[float, float] | None
) -> Iterator[tuple[tuple[float, float], Stroke]]:
    """(spot, first stroke) of ways that turn a box before it is pushed square to its sides."""
    for sense in (1.0, -1.0):
        first, moved = None, obj
        for _ in range(TURNS):
            found = search.turned(moved, sense, region)
            if found is None:
                break
            stroke, moved = found
            first = first or stroke
            for spot in [goal] if goal is not None else free_spots(obs, moved, region)[:TURNED_SPOTS]:
                if any(search.sequence(moved, o, region) for o in _orders(moved, spot)):
                    yield spot, first
                    break


class Search:
    """Which strokes the arm can do; the same hand pose is asked about once. ``worst``: the failure that says most."""

    def __init__(self, obs: Observation, kin: Kinematics) -> None:
        self.obs, self.kin = obs, kin
        self.worst: MotionFailure | None = None
        self._begins: dict[tuple[int, ...], Array | None] = {}

    def sequence(self, obj: ObjectState, order: tuple[tuple[Array, float], ...], region: Region) -> Stroke | None:
        """The first stroke of a sequence of pushes, if all of them can be reached."""
        first: Stroke | None = None
        for direction, length in order:
            struck = _struck(self.obs, obj, direction, length)
            if struck is not None:
                self._hit(struck, obj.name)
                return None
            stroke = self._reachable(obj, direction, length, region.surface)
            if stroke is None:
                return None
            first = first or stroke
            x, y, z = obj.pose_world.position
            moved = (x + float(direction[0]) * length, y + float(direction[1]) * length, z)
            obj = replace(obj, pose_world=Pose(moved, obj.pose_world.orientation))
            if not one_surface(self.obs, obj, region):
                return None  # over the edge
        return first

    def turned(self, obj: ObjectState, sense: float, region: Region) -> tuple[Stroke, ObjectState] | None:
        """A stroke that turns the thing this way, the one that brings it nearest to the region, and the thing as it is
        expected to be then."""
        middle = np.asarray(region.centre)
        found = turns(obj, sense)
        for direction, aside, pose in sorted(found, key=lambda f: math.dist(f[2].position[:2], middle)):
            after = replace(obj, pose_world=pose)
            if _struck(self.obs, obj, direction, TURN_STROKE) or not one_surface(self.obs, after, region):
                continue
            stroke = self._reachable(obj, direction, TURN_STROKE, region.surface, aside)
            if stroke is not None:
                return stroke, after
        return None

    def _reachable(
        self, obj: ObjectState, direction: Array, length: float, surface: float, aside: float = 0.0
    ) -> Stroke | None:
        """The first way of pushing for which the hand is free behind the thing and, with it, at the end."""
        for stroke in strokes(obj, direction, length, self.kin.spec, surface, aside):
            q = self._begin(stroke, obj.name)
            if q is not None and self._leads(stroke, q, obj) and self._along(stroke, q, obj.name):
                return stroke
        if self.worst is None:
            detail = f"{obj.name} cannot be reached from the side it must be pushed from"
            self.worst = MotionFailure(NoMotion.IK_NONE, detail)
        return None

    def _leads(self, stroke: Stroke, q: Array, obj: ObjectState) -> bool:
        """Whether what is to push comes to the thing first: shortly before, no other part of the hand is as near."""
        by = -BEFORE * np.asarray(stroke.direction)
        short = self.kin.solutions(stroke.touch.moved(float(by[0]), float(by[1])), q, 1)
        if not short:
            return False
        elsewhere = obj.pose_world != self.obs.objects[obj.name].pose_world  # where an earlier stroke will have put it
        if elsewhere:
            self._imagine({**self.obs.objects, obj.name: obj})
        hit = self.kin.obstacle(short[0], None, frozenset())
        if elsewhere:
            self._imagine(self.obs.objects)
        return hit != obj.name

    def _imagine(self, objects: Mapping[str, ObjectState]) -> None:
        self.kin.sync(replace(self.obs, objects=objects))
        self.kin.spread(0.0)

    def _along(self, stroke: Stroke, q: Array, name: str) -> bool:
        """Whether the arm gets from behind the thing, where it stands at ``q``, all the way with it."""
        ignore = frozenset({name})
        ends, touch = self.kin.solutions(stroke.end, q, 1), self.kin.solutions(stroke.touch, q, 1)
        if not ends or not touch or self._hit(self.kin.obstacle(ends[0], stroke.held, ignore), name):
            return False
        way = self.kin.line(touch[0], stroke.end, SPEED, stroke.held, ignore)
        if isinstance(way, MotionFailure):
            self._hit(way.obstacle, name)
        return not isinstance(way, MotionFailure)

    def _begin(self, stroke: Stroke, name: str) -> Array | None:
        """Free joints behind the thing; None when there are none."""
        key = tuple(round(500 * v) for v in (*stroke.begin.position, *stroke.begin.orientation))
        if key not in self._begins:
            found = self.kin.solutions(stroke.begin, self.obs.robot.q, 1)
            blocked = bool(found) and self._hit(self.kin.obstacle(found[0], None, frozenset({name})), name)
            self._begins[key] = None if blocked or not found else found[0]
        return self._begins[key]

    def _hit(self, hit: str | None, name: str) -> bool:
        if hit is not None and (self.worst is None or self.worst.obstacle is None):
            self.worst = MotionFailure(NoMotion.COLLISION, f"{hit} is in the way of pushing {name}", hit)
        return hit is not None


def free_spots(obs: Observation, obj: ObjectState, region: Region) -> list[tuple[float, float]]:
    """Spots of a region where the thing, turned as it is now, touches nothing: those first that one straight push
    reaches, then near ones; of each those whose outline stays inside before the others."""
    axes = [np.arange(a + BORDER, b - BORDER + 1e-9, GRID) for a, b in zip(region.low, region.high, strict=True)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    straight = _free(obs, obj, region, _straight(obj, region))
    near = _free(obs, obj, region, grid)
    apart = [c for n, c in enumerate(near) if n % max(1, len(near) // SPOTS) == 0]
    return [(float(x), float(y)) for x, y in (*straight[:STRAIGHTS], *apart[:SPOTS])]


def _straight(obj: ObjectState, region: Region) -> Array:
    """(N, 2) spots of a region that one push square to a side of a box reaches."""
    if obj.shape.form not in (Form.BOX, Form.BIN):
        return np.empty((0, 2))
    away = np.arange(1, 50)[:, None] * GRID
    lines = [obj.pose_world.position[:2] + sign * axis * away for axis in level_axes(obj) for sign in (1.0, -1.0)]
    points = np.concatenate(lines)
    low, high = np.asarray(region.low) + BORDER, np.asarray(region.high) - BORDER
    return np.asarray(points[((points >= low) & (points <= high)).all(axis=1)])


def _free(obs: Observation, obj: ObjectState, region: Region, centres: Array) -> list[Array]:
    """Of spots (N, 2) those where the thing touches nothing, whole ones first, then near ones."""
    here = np.asarray(obj.pose_world.position[:2])
    spread = covered(obj) - here
    points = (centres[:, None, :] + spread[None, :, :]).reshape(-1, 2)
    free = np.ones(len(centres), bool)
    for name, other in obs.objects.items():
        if name != obj.name and other.top_z > region.surface + 0.001 and other.bottom_z < obj.top_z:
            free &= (plan_gaps(other, points) > GAP).reshape(len(centres), len(spread)).all(axis=1)
    low, high = np.asarray(region.low), np.asarray(region.high)
    whole = ((points >= low) & (points <= high)).reshape(len(centres), 2 * len(spread)).all(axis=1)
    away = np.linalg.norm(centres - here, axis=1)
    return [centres[i] for i in np.lexsort((away, ~whole)) if free[i]]


def _struck(obs: Observation, obj: ObjectState, direction: Array, length: float) -> str | None:
    """What the thing would run into on a straight way, seen from above."""
    steps = np.linspace(0.0, length, max(2, math.ceil(length / GRID) + 1))
    points = (covered(obj)[None, :, :] + steps[:, None, None] * direction).reshape(-1, 2)
    for name, other in obs.objects.items():
        beside = name != obj.name and other.top_z > obj.bottom_z + 0.001 and other.bottom_z < obj.top_z
        if beside and float(plan_gaps(other, points).min()) < TOUCH:
            return name
    return None


def one_surface(obs: Observation, obj: ObjectState, region: Region) -> bool:
    """Whether some place holds both the thing and the region: surfaces of equal height may be rooms apart."""
    x, y, _ = obj.pose_world.position
    around = [r for r in obs.regions.values() if region.within(r)]
    return any(r.contains(x, y) for r in around)
