"""Pushing a thing over a surface with closed fingers: which way to push, and where the hand has to be. Pure geometry.

A box is pushed square to one of its sides through its middle, one axis after the other, so that it does not turn; a
round thing straight to its goal; a box that cannot be reached so is turned first, by pushing it near a corner. Every
stroke is short and followed by a look. The hand leans back so that the finger
tips lead and the palm stays clear of what is pushed; where the arm does not reach so far back, the flat side of the
hand pushes, and may lean along the pushed face towards the arm.
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
ROLLS = tuple(math.radians(a) for a in (0, 25, -25, 50, -50))  # of a hand that pushes with its side, along the face
BACK = 0.035  # [m] behind the thing: where a stroke begins
TIP = 0.0075  # [m] from the tool point to the finger tips
HALF_FINGER = 0.010  # [m] across the pads
HALF_CLOSED = 0.0145  # [m] of both closed fingers together, along the way they close
PALM, HALF_PALM = 0.032, 0.102  # [m] from the middle of the hand to its flat side, and half its breadth along that
KNUCKLES = 0.02  # [m] above the palm's edge: where the side of the hand is taken to press
CLEAR = 0.004  # [m] from the finger tips down to the surface
SHARE, LOW, HIGH = 0.4, 0.016, 0.030  # of its height at which a thing is pushed; least and most [m]
THIN = 0.012  # [m] thinner things slip under the finger tips
LIFTED = 0.005  # [m] what is pushed is thought this much off the surface
PUSHED_FRICTION = 0.5  # cautious coefficient between thing and surface
MOST_FORCE = 45.0  # [N] that an arm pushes with at ease
DOWN = np.array([0.0, 0.0, -1.0])
GRAVITY = 9.81  # [m/s^2]
TURN_STROKE = 0.05  # [m] of a push that turns
CORNER = 0.025  # [m] from a corner to where it pushes
PRESSURE = 0.6  # of half the diagonal: where the friction under a box acts against turning
DENSE = 0.025  # [m] between points of what a thing covers
BEFORE = 0.010  # [m] short of the thing, nothing but what is to push it may be near
STRAIGHT = 0.003  # [m] a smaller correction is not worth a stroke


@dataclass(frozen=True)
class Stroke:
    """One straight push. ``direction``: unit, level, world (2,); ``length`` [m]: how far the thing goes; ``begin``,
    ``touch``, ``end``: pose_world_tool behind the thing, at it, and where it has come to; ``held``: the thing as seen
    from the hand that pushes it; ``lean`` [rad]: back from the way it pushes, 0 for the side of the hand;
    ``aside`` [m]: how far left of the thing's middle it is pushed, which turns it."""

    direction: tuple[float, float]
    length: float
    begin: Pose
    touch: Pose
    end: Pose
    held: Held
    lean: float
    aside: float = 0.0


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


def covered(obj: ObjectState) -> Array:
    """(N, 2) points all over what a thing covers, seen from above, its edge among them: no farther apart than
    `DENSE`, so that nothing slips between them unseen."""
    x, y, _ = obj.pose_world.position
    if obj.shape.form in (Form.BOX, Form.BIN):
        a, b = (axis * _half_along(obj, np.array([*axis, 0.0])) for axis in level_axes(obj))
        us, vs = (np.linspace(-1, 1, 2 + int(2 * np.hypot(*side) / DENSE)) for side in (a, b))
        return np.array([(x, y) + u * a + v * b for u in us for v in vs])
    radius = obj.shape.size[0] / 2
    rings = [np.array([[x, y]])]
    for r in np.linspace(radius, 0.0, 1 + int(radius / DENSE), endpoint=False):
        turn = np.linspace(0, 2 * math.pi, 1 + int(2 * math.pi * r / DENSE), endpoint=False)
        rings.append(np.column_stack([x + r * np.cos(turn), y + r * np.sin(turn)]))
    return np.concatenate(rings)


def turns(obj: ObjectState, sense: float) -> list[tuple[Array, float, Pose]]:
    """(direction (2,), how far left of the middle [m], expected pose after it) of pushes near a corner that turn a box
    anticlockwise (``sense`` 1) or clockwise (-1), each `TURN_STROKE` long.

    Where it goes follows from friction under it: the force that just moves it is bounded by an ellipse (Lynch and
    Mason, "Stable pushing", 1996), and the finger sticks.
    """
    found = []
    axes = level_axes(obj)
    grip = PRESSURE * math.hypot(*(_half_along(obj, np.array([*a, 0.0])) for a in axes))
    for axis, other in (axes, (axes[1], -axes[0])):
        for sign in (1.0, -1.0):
            n, left = sign * axis, sign * other
            half, breadth = (_half_along(obj, np.array([*a, 0.0])) for a in (n, left))
            aside = -sense * (breadth - CORNER)
            if breadth <= 2 * CORNER:
                continue
            whole = grip**2 + half**2 + aside**2
            by = (n * (grip**2 + half**2) - left * half * aside) * TURN_STROKE / whole
            spin = Pose.from_yaw((0.0, 0.0, 0.0), -aside * TURN_STROKE / whole)
            moved = obj.pose_world.moved(float(by[0]), float(by[1]))
            found.append(
                (n, aside, Pose.of(moved.position, (spin @ Pose.of((0, 0, 0), moved.orientation)).orientation))
            )
    return found


def strokes(
    obj: ObjectState, direction: Array, length: float, spec: RobotSpec, surface: float, aside: float = 0.0
) -> Iterator[Stroke]:
    """Ways for the hand to push a thing ``length`` [m] along ``direction`` (2,), the most comfortable first;
    ``aside`` [m]: so far left of its middle, with the finger tips alone."""
    n = np.array([direction[0], direction[1], 0.0])
    height = float(obj.extents()[2])
    for lean in LEANS:
        lead = TIP * math.sin(lean) + HALF_FINGER * math.cos(lean)
        drop = TIP * math.cos(lean) + HALF_FINGER * math.sin(lean)
        above = max(min(max(SHARE * height, LOW), HIGH), drop + CLEAR)
        if above > height or (lean < LEAST and height > above + spec.finger_depth):
            continue  # the palm would push, or nothing would
        for flip in (1.0, -1.0):
            pointing = math.cos(lean) * DOWN + math.sin(lean) * n
            touch = np.array([*obj.pose_world.position[:2], surface + above]) - n * (_half_along(obj, n) + lead)
            hand = _hand(pointing, flip * np.cross(-DOWN, n))
            yield _stroke(obj, n, length, Pose.of(touch + aside * np.cross(-DOWN, n), hand.orientation), lean, aside)
    if not aside:
        yield from _sideways(obj, n, length, spec, surface)


def _sideways(obj: ObjectState, n: Array, length: float, spec: RobotSpec, surface: float) -> Iterator[Stroke]:
    """With the flat side of the hand, which points down or leans along the face: the palm pushes what is high enough,
    else the fingers."""
    height, across = float(obj.extents()[2]), np.cross(-DOWN, n)
    for roll in ROLLS:
        pointing = math.cos(roll) * DOWN + math.sin(roll) * across
        tips = TIP * math.cos(roll) + HALF_CLOSED * abs(math.sin(roll))  # how far they are below the tool point
        edge = HALF_PALM * abs(math.sin(roll)) - spec.finger_depth * math.cos(roll)  # the same of the palm's edge
        above = max(LOW, tips + CLEAR, edge + CLEAR)
        by_palm = height > above - edge + CLEAR
        if not by_palm and height < max(above - tips, 0.0) + CLEAR:
            continue  # nothing would push
        lead = PALM if by_palm else HALF_FINGER
        centre = -(spec.finger_depth + KNUCKLES) * pointing if by_palm else np.zeros(3)
        aside = float(centre @ across) * across
        touch = np.array([*obj.pose_world.position[:2], surface + above]) - n * (_half_along(obj, n) + lead) - aside
        for flip in (1.0, -1.0):
            hand = _hand(pointing, flip * np.cross(pointing, n))
            yield _stroke(obj, n, length, Pose.of(touch, hand.orientation))


def _stroke(obj: ObjectState, n: Array, length: float, touch: Pose, lean: float = 0.0, aside: float = 0.0) -> Stroke:
    held = touch.inverse() @ obj.pose_world.moved(dz=LIFTED)
    begin, end = (touch.moved(*(float(v) for v in n * s)) for s in (-BACK, length))
    return Stroke((float(n[0]), float(n[1])), length, begin, touch, end, Held(obj.name, held), lean, aside)


def _half_along(obj: ObjectState, n: Array) -> float:
    """From the middle to the side that is pushed, along a level direction (3,) [m]."""
    if obj.shape.form in (Form.BOX, Form.BIN):
        a = np.abs(obj.pose_world.rotation().T @ n)
        k = int(np.argmax(a))
        return float(obj.shape.size[k] / 2)
    return float(obj.shape.size[0] / 2)


def _hand(pointing: Array, closing: Array) -> Pose:
    """The orientation of a hand that points along a unit direction (3,) and whose fingers close along another."""
    m = np.eye(4)
    m[:3, 0], m[:3, 1], m[:3, 2] = np.cross(closing, pointing), closing, pointing
    return Pose.from_matrix(m)
