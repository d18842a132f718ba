"""How a vessel in the hand is tipped over a container: ways for the hand, the lip kept over the mouth of the container.

A vessel that is held by its rim is tipped about the line along which the fingers close: sideways for the hand, so that
the palm, which points the same way as the mouth, stays above the stream. Pure geometry; metres and radians.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from skills.driver import Held
from skills.types import Array, Form, ObjectState, Pose

TILTS = tuple(math.radians(a) for a in (0, 15, 30, 45, 60, 75, 88, 98, 106, 112))
ENDS = (len(TILTS), len(TILTS) - 1, len(TILTS) - 2)  # poses of a way that may be left out at its end: less tipped
HEADINGS = 24
WIDEST = math.radians(110)  # between the hand at the end and the way straight out from the arm
ABOVE_RIM = 0.045  # [m] between the lowest point of the vessel and the rim that it pours over
SHORT_OF_MIDDLE = 0.30  # share of the mouth's radius by which the lip stays back: what leaves it flies a little
LEAST_MOUTH = 0.035  # [m] radius of the narrowest mouth that is poured into
PALM_SIDE = math.cos(math.radians(35))  # the fingers must close about level
HAND_DOWN = math.cos(math.radians(25))  # and the hand must point down


@dataclass(frozen=True)
class Tip:
    """One way to pour. ``poses``: of the tool, upright over the container first, then more and more tipped;
    ``heading``: where the stream goes [rad]; ``score`` in (0, 1]."""

    poses: tuple[Pose, ...]
    heading: float
    score: float


def held_for_pouring(held: Held, tool: Pose, vessel: ObjectState) -> str:
    """Why what is in the hand cannot be poured from; "" when it can. ``tool``: pose_world_tool."""
    if not vessel.upright:
        return f"{vessel.name} is not upright in the hand"
    turn = tool.rotation()
    if -turn[2, 2] < HAND_DOWN or math.hypot(turn[0, 1], turn[1, 1]) < PALM_SIDE:
        return f"{vessel.name} is not held from above"
    offset = held.pose_tool_object.inverse().position  # of the pads, seen from the vessel
    if math.hypot(offset[0], offset[1]) < 0.5 * vessel.shape.size[0] / 2:
        return f"the hand is over the mouth of {vessel.name}; put it down and take it by the rim"
    return ""


def mouth_radius(container: ObjectState) -> float:
    """Radius of the largest circle within the opening [m]."""
    return min(container.shape.size[:2]) / 2 - container.shape.wall


def tips(held: Held, vessel: ObjectState, container: ObjectState, tool: Pose, towards: float) -> Iterator[Tip]:
    """Ways to pour, those first whose hand ends up pointing in the direction ``towards`` [rad] (away from the arm)."""
    offs = sorted((_wrap(2 * math.pi * i / HEADINGS) for i in range(HEADINGS)), key=abs)
    for off in offs:
        if abs(off) > WIDEST:
            return
        for side in (1.0, -1.0):
            # tipped right over, the hand points away from where the stream goes
            heading = _wrap(towards + off + math.pi)
            poses = tuple(_poses(held, vessel, container, tool, heading, side))
            yield Tip(poses, heading, 1.0 - 0.5 * abs(off) / math.pi)


def _poses(
    held: Held, vessel: ObjectState, container: ObjectState, tool: Pose, heading: float, side: float
) -> Iterator[Pose]:
    """Tool poses of one way. ``side``: which of the two sides of the hand turns to where the stream goes."""
    out = np.array([math.cos(heading), math.sin(heading), 0.0])
    axis = np.array([-math.sin(heading), math.cos(heading), 0.0])  # tips what is above it towards ``out``
    upright = _upright(held, tool, axis * side)
    radius, height = vessel.shape.size[0] / 2, vessel.shape.size[2]
    base = radius * 0.95
    reach = mouth_radius(container)
    x, y, _ = container.pose_world.position
    lip_xy = np.array([x, y]) - out[:2] * SHORT_OF_MIDDLE * reach
    floor = container.top_z + ABOVE_RIM
    for tilt in TILTS:
        turn = Pose.of((0, 0, 0), (*(axis * math.sin(tilt / 2)), math.cos(tilt / 2)))
        c, s = math.cos(tilt), math.sin(tilt)
        lip = np.array([radius * c + height / 2 * s, -radius * s + height / 2 * c])  # along ``out`` and up, from centre
        low = min(float(lip[1]), min(-side_ * base * s - height / 2 * c for side_ in (1.0, -1.0)))
        centre = (*(lip_xy - out[:2] * lip[0]), floor - low)
        yield Pose.of(centre, (turn @ upright).orientation) @ held.pose_tool_object.inverse()


def _upright(held: Held, tool: Pose, closing: Array) -> Pose:
    """pose_world_vessel (its turn alone), turned about the vertical so that the fingers close along ``closing``."""
    now = tool.rotation()[:, 1]
    turn = math.atan2(closing[1], closing[0]) - math.atan2(now[1], now[0])
    vessel = tool @ held.pose_tool_object
    turned = Pose.from_yaw((0, 0, 0), turn) @ Pose.of((0, 0, 0), vessel.orientation)
    return Pose.of((0, 0, 0), turned.orientation)


def _wrap(angle: float) -> float:
    return (angle + math.pi) % (2 * math.pi) - math.pi


def can_take(container: ObjectState) -> str:
    """Why nothing can be poured into a container; "" when it can."""
    if not container.shape.hollow:
        return f"{container.name!r} is no container"
    if not container.upright:
        return f"{container.name} is not upright"
    if mouth_radius(container) < LEAST_MOUTH:
        return f"the mouth of {container.name} is too narrow to pour into"
    return ""


def nominal_hold(vessel: ObjectState) -> Held:
    """Held by the rim, hand down: how a vessel will be held that is not in the hand yet. Closing along its own x."""
    radius, height, wall = vessel.shape.size[0] / 2, vessel.shape.size[2], vessel.shape.wall
    depth = min(0.012, 0.3 * height)
    m = np.eye(4)
    m[:3, 0], m[:3, 1], m[:3, 2] = (0.0, 1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0)
    m[:3, 3] = (radius - wall / 2, 0.0, height / 2 - depth)
    return Held(vessel.name, Pose.from_matrix(m).inverse())


def round_vessel(vessel: ObjectState) -> bool:
    """A cup, glass, bowl: it has a lip all around."""
    return vessel.shape.form is Form.BOWL
