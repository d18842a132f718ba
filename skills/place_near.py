"""place_beside and its kin: put what is held down near another thing, on whichever side is asked for."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from skills.geometry import plan_gaps, plan_radius, turn_about_vertical
from skills.operators import PLACE_NEAR
from skills.place import placing_skill
from skills.predicates import supports
from skills.relations import direction, gap, place_under
from skills.spot import Spot
from skills.spots import OVERHANG, crowding, grid_over, least_width, release_heights, spread_out
from skills.types import Array, Form, ObjectState, Observation, Pose, Region

IDEAL = 0.035  # [m] between the two outlines
CLOSE, FAR = 0.012, 0.09  # [m] the least and the most that is tried
STRAIGHT = math.cos(math.radians(35))  # put within this angle of the side that was said
ASKEW = 0.3  # [m] of distance that a right angle off the side counts as
LOOKED_AT = 60  # spots of which the exact gap is measured
LONG = 1.4  # length to breadth from which a thing lies along the other's side
LIMIT = 8  # spots of one heading
LEVEL_HAND = 0.7  # length of the closing axis seen from above from which on its heading counts
TALL = 0.05  # [m] what is higher is in the way of a hand beside it

Near = Callable[[Observation, ObjectState, str], tuple[list[Spot], float, str]]


def near_spots(side: str) -> Near:
    """(candidates, fit, reason) for putting a thing near another; ``side``: a predicate, beside for any side."""

    def spots(obs: Observation, obj: ObjectState, where: str) -> tuple[list[Spot], float, str]:
        if where not in obs.objects:
            return [], 0.0, f"no object {where!r}; present: {', '.join(sorted(obs.objects))}"
        other = _carrier(obs, where, obj.name)
        region = place_under(obs, other)
        if region is None:
            return [], 0.0, f"{where} stands on no surface on which there is a place next to it"
        way = None if side == "beside" else direction(region, side)
        if way is None and side != "beside":
            return [], 0.0, f"nobody said from where {region.name} is looked at: there is no {side.replace('_', ' ')}"
        found = _around(obs, obj, other, region, way)
        return found, 1.0, "" if found else f"no free spot {side.replace('_', ' ')} {where}"

    return spots


def _carrier(obs: Observation, name: str, held: str) -> ObjectState:
    """What a thing stands in or on, down to what stands on the surface itself."""
    seen = {name}
    while True:
        containers, under, _ = supports(obs, name, held)
        below = [n for n in (*containers, *under) if n not in seen and n in obs.objects]
        if not below:
            return obs.objects[name]
        name = below[0]
        seen.add(name)


def _around(obs: Observation, obj: ObjectState, other: ObjectState, region: Region, way: Array | None) -> list[Spot]:
    """Free spots a little apart from ``other``, those with more room first, then those at the best distance."""
    radius = plan_radius(obj)
    xy, whole = grid_over(region, radius)
    centre = np.asarray(other.pose_world.position)[:2]
    away = xy - centre
    between = plan_gaps(other, xy)
    mask = (between > CLOSE) & (between < radius + FAR)
    if way is not None:
        mask &= away @ way > STRAIGHT * np.linalg.norm(away, axis=1)
    xy, whole, away, between = xy[mask], whole[mask], away[mask], between[mask]
    if not len(xy):
        return []
    score = np.where(whole, 1.0, OVERHANG) * crowding(obs, xy, radius, region, {obj.name, other.name})
    askew = 0.0 if way is None else ASKEW * (1 - away @ way / np.linalg.norm(away, axis=1))
    rays = np.arctan2(away[:, 1], away[:, 0])
    heights = release_heights(obj, region)
    found: list[Spot] = []
    for yaws in zip(*(_yaws(obs, obj, other, float(ray)) for ray in rays), strict=True):
        # one heading at a few spots all around, then the next: a hand that is in the way here is not so there
        off = np.abs(between - _reach(obj, np.asarray(yaws) - rays) - IDEAL) + askew
        order = [int(i) for i in np.lexsort((off, -score)) if score[i] > 0][:LOOKED_AT]
        near = []
        for i in order:
            x, y = (float(v) for v in xy[i])
            if CLOSE < gap(_there(obj, x, y, yaws[i]), other) < FAR:
                near.append(Spot(x, y, heights, float(score[i]), yaw=yaws[i]))
        found += spread_out(near, LIMIT)
    return found


def _reach(obj: ObjectState, turn: Array) -> Array:
    """(N,) how far the thing reaches from its middle [m], turned by (N,) [rad] from the direction that is meant."""
    if obj.shape.form is Form.SPHERE or (obj.shape.form in (Form.CYLINDER, Form.BOWL) and obj.upright):
        return np.full(len(turn), obj.shape.size[0] / 2)
    x, y = obj.shape.size[:2] if obj.upright else obj.extents()[:2]
    return np.asarray(np.abs(np.cos(turn)) * x / 2 + np.abs(np.sin(turn)) * y / 2)


def _yaws(obs: Observation, obj: ObjectState, other: ObjectState, ray: float) -> tuple[float, ...]:
    """Headings of the thing [rad], best first. What is long lies along the other's side, as a fork does by a plate
    (``ray``: the heading from there); beside something tall the fingers close across the ray, since the hand is broad
    along them."""
    now, quarter = obj.pose_world.yaw, math.pi / 2
    tall = other.top_z - other.bottom_z > TALL
    closing = obs.pose_world_tool.rotation()[:2, 1]
    if tall and float(np.hypot(*closing)) > LEVEL_HAND:
        first = ray + quarter - (math.atan2(closing[1], closing[0]) - now)
    elif obj.shape.form is Form.BOX and obj.upright and max(obj.shape.size[:2]) >= LONG * least_width(obj):
        first = ray + (quarter if obj.shape.size[0] >= obj.shape.size[1] else 0.0)
    else:
        first = now
    return (first, first + math.pi, first + quarter, first - quarter)


def _there(obj: ObjectState, x: float, y: float, yaw: float) -> ObjectState:
    """The thing as it would stand at a spot."""
    turn = Pose.of((0.0, 0.0, 0.0), turn_about_vertical(yaw - obj.pose_world.yaw))
    pose = turn @ replace(obj.pose_world, position=(0.0, 0.0, 0.0))
    return replace(obj, pose_world=replace(pose, position=(x, y, obj.pose_world.position[2])))


PLACE_NEAR_SKILLS = tuple(placing_skill(op, near_spots(op.add[0].predicate)) for op in PLACE_NEAR)
