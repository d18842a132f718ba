"""From spots to tool poses: how the hand must stand so that what it holds comes to rest on a spot.

What hangs askew in the hand, as a bowl does that is held by its sloping wall, is levelled first: the hand tilts so
that the thing comes down flat. Apart from that it is turned about the vertical only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from skills.driver import Held
from skills.geometry import turn_about_vertical
from skills.niches import points_in
from skills.spot import Spot
from skills.types import Form, ObjectState, Observation, Pose

SAG = 0.008  # [m]
ALMOST_LEVEL = math.radians(1.5)
TOO_SKEW = math.radians(35)
TURNS = tuple(math.radians(a) for a in (0, 90, -90, 180, 30, -30, 60, -60, 120, -120, 150, -150))


@dataclass(frozen=True)
class Target:
    """One placement: the tool's pose at release, the thing's pose there, and the spot they belong to. ``highest``: no
    higher, safer release is offered for this spot and turn."""

    tool: Pose
    pose_world_object: Pose
    spot: Spot
    highest: bool


def carried(obs: Observation, name: str) -> Held:
    """What is in the hand, as measured now."""
    return Held(name, obs.pose_world_tool.inverse() @ obs.objects[name].pose_world)


def sagging(held: Held, tool: Pose) -> Held:
    """The held thing a little lower (`SAG`) than it is, for planning how to carry it: an arm lags behind its plan and
    a thing that is swung sags, and neither may graze what it passes over. ``tool``: pose_world_tool."""
    down = tool.rotation().T @ np.array([0.0, 0.0, -SAG])
    return Held(held.name, held.pose_tool_object.moved(*(float(v) for v in down)))


def levelled(obj: ObjectState) -> ObjectState:
    """The thing turned by the smallest angle that brings it to a pose in which it can rest.

    A box on its nearest face, a cylinder on its end or its side; unchanged when that is less than `ALMOST_LEVEL`
    (a pose is not known better) or more than `TOO_SKEW` (it would be a guess).
    """
    up = np.array([0.0, 0.0, 1.0])
    rotation = obj.pose_world.rotation()
    form = obj.shape.form
    if form is Form.SPHERE:
        return obj
    if form in (Form.BOX, Form.BIN):
        k = int(np.argmax(np.abs(rotation[2])))
        axis, wanted = rotation[:, k], up * np.sign(rotation[2, k])
    else:
        axis = rotation[:, 2]
        if abs(axis[2]) > math.cos(math.pi / 4) or obj.shape.hollow:
            wanted = up * (1.0 if axis[2] > 0 else -1.0)
        else:
            flat = np.array([axis[0], axis[1], 0.0])
            wanted = flat / np.linalg.norm(flat)
    angle = math.acos(float(np.clip(axis @ wanted, -1.0, 1.0)))
    if not ALMOST_LEVEL < angle < TOO_SKEW:
        return obj
    around = np.cross(axis, wanted)
    around = around / np.linalg.norm(around) * math.sin(angle / 2)
    turn = Pose.of((0, 0, 0), (*around, math.cos(angle / 2)))
    upright = turn @ replace(obj.pose_world, position=(0.0, 0.0, 0.0))
    return replace(obj, pose_world=replace(upright, position=obj.pose_world.position))


def place_targets(obj: ObjectState, held: Held, spots: Iterable[Spot]) -> Iterator[Target]:
    """Placements in the order in which they should be tried.

    ``obj``: the thing with the orientation, but for turns about the vertical, that it is to come to rest with.
    Spots keep their order; for each, the wanted heading or the smallest turn first, and for that low releases before
    high.
    """
    pose_object_tool = held.pose_tool_object.inverse()
    depth = float(obj.extents()[2]) / 2
    for spot in spots:
        turns = TURNS if spot.yaw is None else (_wrap(spot.yaw - obj.pose_world.yaw),)
        for turn in turns:
            for height in spot.heights:
                there = Pose.of((0, 0, 0), turn_about_vertical(turn)) @ replace(
                    obj.pose_world, position=(0.0, 0.0, 0.0)
                )
                pose = replace(there, position=(spot.x, spot.y, height + depth))
                tool = pose @ pose_object_tool
                if spot.facing is None or points_in(tool, np.array(spot.facing)):
                    yield Target(tool, pose, spot, height == spot.heights[-1])


def _wrap(angle: float) -> float:
    return (angle + math.pi) % (2 * math.pi) - math.pi
