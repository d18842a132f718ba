"""Pushing a thing over a surface with closed fingers: which way to push, and where the hand has to be. Pure geometry.

A box is pushed square to one of its sides through its middle, one axis after the other, so that it does not turn; a
round thing straight to its goal. Every stroke is short and followed by a look. The hand leans back so that the finger
tips lead and the palm stays clear of what is pushed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from skills.driver import Held
from skills.types import Array, Form, ObjectState, Pose, RobotSpec

LEANS = tuple(math.radians(a) for a in (40, 55, 25, 70, 0))  # of the hand, back from the way it pushes
LEAST = math.radians(20)  # leaning less, the palm touches what is higher than the fingers are long
BACK = 0.035  # [m] behind the thing: where a stroke begins
TIP = 0.0075  # [m] from the tool point to the finger tips
HALF_FINGER = 0.010  # [m] across the pads
CLEAR = 0.004  # [m] from the finger tips down to the surface
SHARE, LOW, HIGH = 0.4, 0.016, 0.030  # of its height at which a thing is pushed; least and most [m]
THIN = 0.012  # [m] thinner things slip under the finger tips
LIFTED = 0.005  # [m] what is pushed is thought this much off the surface
PUSHED_FRICTION = 0.5  # cautious coefficient between thing and surface
MOST_FORCE = 45.0  # [N] that an arm pushes with at ease
GRAVITY = 9.81  # [m/s^2]
STRAIGHT = 0.003  # [m] a smaller correction is not worth a stroke


@dataclass(frozen=True)
class Stroke:
    """One straight push. ``direction``: unit, level, world (2,); ``length`` [m]: how far the thing goes; ``begin``,
    ``touch``, ``end``: pose_world_tool behind the thing, at it, and where it has come to; ``held``: the thing as seen
    from the hand that pushes it; ``lean`` [rad]."""

    direction: tuple[float, float]
    length: float
    begin: Pose
    touch: Pose
    end: Pose
    held: Held
    lean: float


def unpushable(obj: ObjectState, spec: RobotSpec) -> str:
    """Why a thing cannot be pushed, "" when it can."""
    if not obj.movable:
        return f"{obj.name} is fixed"
    lying = obj.shape.form in (Form.CYLINDER, Form.BOWL) and not obj.upright
    if obj.shape.form is Form.SPHERE or lying:
        return f"{obj.name} would roll away"
    if obj.extents()[2] < THIN:
        return f"{obj.name} is too flat: the fingers would slide over it"
    force = PUSHED_FRICTION * obj.mass * GRAVITY
    if force > MOST_FORCE:
        return f"{obj.name} weighs {obj.mass:.1f} kg: {force:.0f} N to push it, more than {MOST_FORCE:.0f} N"
    return ""


def directions(obj: ObjectState, goal: tuple[float, float]) -> list[tuple[Array, float]]:
    """(unit direction (2,), how far [m]) of the pushes that bring a thing's middle to ``goal``, the longest first."""
    offset = np.subtract(goal, obj.pose_world.position[:2])
    if obj.shape.form not in (Form.BOX, Form.BIN):
        length = float(np.linalg.norm(offset))
        return [(offset / length, length)] if length > STRAIGHT else []
    found = []
    for axis in level_axes(obj):
        along = float(offset @ axis)
        if abs(along) > STRAIGHT:
            found.append((axis * math.copysign(1.0, along), abs(along)))
    return sorted(found, key=lambda f: -f[1])


def level_axes(obj: ObjectState) -> list[Array]:
    """The two horizontal unit directions (2,) square to a box's sides."""
    rotation = obj.pose_world.rotation()
    up = int(np.argmax(np.abs(rotation[2])))
    first = rotation[:2, (up + 1) % 3]
    first = first / np.linalg.norm(first)
    return [first, np.array([-first[1], first[0]])]


def outline(obj: ObjectState) -> Array:
    """(N, 2) points around a thing, seen from above."""
    x, y, _ = obj.pose_world.position
    if obj.shape.form in (Form.BOX, Form.BIN):
        a, b = (axis * _half_along(obj, np.array([*axis, 0.0])) for axis in level_axes(obj))
        ring = [(1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1)]
        return np.array([(x, y) + u * a + v * b for u, v in ring])
    turn = np.arange(12) * (math.pi / 6)
    return np.column_stack([x + np.cos(turn) * obj.shape.size[0] / 2, y + np.sin(turn) * obj.shape.size[0] / 2])


def strokes(obj: ObjectState, direction: Array, length: float, spec: RobotSpec, surface: float) -> Iterator[Stroke]:
    """Ways for the hand to push a thing ``length`` [m] along ``direction`` (2,), the most comfortable first."""
    n = np.array([direction[0], direction[1], 0.0])
    height = float(obj.extents()[2])
    half = _half_along(obj, n)
    for lean in LEANS:
        lead = TIP * math.sin(lean) + HALF_FINGER * math.cos(lean)
        drop = TIP * math.cos(lean) + HALF_FINGER * math.sin(lean)
        above = max(min(max(SHARE * height, LOW), HIGH), drop + CLEAR)
        if above > height or (lean < LEAST and height > above + spec.finger_depth):
            continue  # the palm would push, or nothing would
        for flip in (1.0, -1.0):
            pose = _hand(n, lean, flip)
            middle = np.array([*obj.pose_world.position[:2], surface + above])
            touch = middle - n * (half + lead)
            held = Pose.of(touch, pose.orientation).inverse() @ obj.pose_world.moved(dz=LIFTED)
            begin, end = (Pose.of(touch + n * s, pose.orientation) for s in (-BACK, length))
            yield Stroke(
                (float(n[0]), float(n[1])), length, begin, Pose.of(touch, pose.orientation), end,
                Held(obj.name, held), lean,
            )  # fmt: skip


def _half_along(obj: ObjectState, n: Array) -> float:
    """From the middle to the side that is pushed, along a level direction (3,) [m]."""
    if obj.shape.form in (Form.BOX, Form.BIN):
        a = np.abs(obj.pose_world.rotation().T @ n)
        k = int(np.argmax(a))
        return float(obj.shape.size[k] / 2)
    return float(obj.shape.size[0] / 2)


def _hand(n: Array, lean: float, flip: float) -> Pose:
    """The orientation of a hand that points down and, by ``lean``, the way ``n`` (3,) it pushes."""
    z = math.cos(lean) * np.array([0.0, 0.0, -1.0]) + math.sin(lean) * n
    y = flip * np.cross((0.0, 0.0, 1.0), n)
    m = np.eye(4)
    m[:3, 0], m[:3, 1], m[:3, 2] = np.cross(y, z), y, z
    return Pose.from_matrix(m)
