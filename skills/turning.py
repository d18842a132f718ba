"""Turning what lies on its side upright: where the hand has to hold it for that. Pure geometry.

A hand whose fingers close across the lying thing turns it up by a quarter turn about the closing direction: one that
points down then points level. So it takes the thing nearer to its upper end, to be well above the table afterwards,
or leans beyond that end, to point down still. A cup is pinched by its wall, one finger inside.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from skills.geometry import width_along
from skills.grasps import (
    GRAVITY,
    OPENING_MARGIN,
    PALM_GAP,
    RIM_DEPTH,
    TIP_GAP,
    Grasp,
    GraspSet,
    graspable_width,
    grip_force,
)
from skills.types import Array, Form, ObjectState, Pose, RobotSpec

LEANS = tuple(math.radians(a) for a in (0, 20, 40, 60))  # of the hand beyond the thing's upper end
PINCH_LEANS = tuple(math.radians(a) for a in (45, 60, 30, 75))
LEAN_COST = 0.1  # preference lost per radian
SHIFTS = (0.0, 0.015, -0.015, 0.03, -0.03)  # [m] from the wanted distance to the middle
SHIFT_COST = 5.0  # preference lost per metre
TOOL_HEIGHT = 0.095  # [m] above the surface that a level hand wants
END_GAP = 0.012  # [m] kept between the pads' middle and the thing's end
HEADLONG = math.radians(135)  # tilted more it stands on its head
PALM_HALF = 0.035  # [m] half the palm's breadth in the plane of turning
HOLD_ARM = 0.008  # [m] at which two pads resist a turn between them
FRICTION = 0.6
MOST_FORCE = 35.0  # [N]


def stood(obj: ObjectState) -> ObjectState:
    """The thing turned by the smallest angle that brings its own axis up."""
    axis = obj.pose_world.rotation()[:, 2]
    around = np.cross(axis, (0.0, 0.0, 1.0))
    length = float(np.linalg.norm(around))
    if length < 1e-6:
        around, length = np.array([1.0, 0.0, 0.0]), 1.0
    half = math.acos(float(np.clip(axis[2], -1.0, 1.0))) / 2
    turn = Pose.of((0, 0, 0), (*(around / length * math.sin(half)), math.cos(half)))
    turned = turn @ replace(obj.pose_world, position=(0.0, 0.0, 0.0))
    return replace(obj, pose_world=replace(turned, position=obj.pose_world.position))


def turning_grasps(obj: ObjectState, spec: RobotSpec) -> GraspSet:
    """Ways to hold a thing for turning it upright, the most comfortable first."""
    if not obj.movable:
        return GraspSet((), f"{obj.name} is fixed")
    if obj.shape.form is Form.SPHERE:
        return GraspSet((), f"{obj.name} is round: it neither stands nor lies")
    if obj.mass > spec.payload:
        return GraspSet((), f"{obj.name} weighs {obj.mass:.1f} kg, more than the payload of {spec.payload:.1f} kg")
    if obj.pose_world.tilt > HEADLONG:
        return GraspSet((), f"{obj.name} stands on its head: this hand cannot turn it over")
    axis = obj.pose_world.rotation()[:, 2]
    across = np.cross((0.0, 0.0, 1.0), axis)
    if np.linalg.norm(across) < 1e-3:
        return GraspSet((), f"{obj.name} stands already")
    across = across / np.linalg.norm(across)
    if obj.shape.hollow:
        return _pinched(obj, spec, axis, across)
    width, out = width_along(obj, across), np.cross(axis, across)  # out of the thing, away from the table
    if width > graspable_width(spec):
        return GraspSet(
            (), f"{obj.name} is {width * 100:.1f} cm thick, the fingers take {graspable_width(spec) * 100:.1f}"
        )
    found = [g for lean in LEANS for s in SHIFTS for g in _held(obj, spec, axis, across, out, width, lean, s)]
    if not found:
        return GraspSet((), f"{obj.name} cannot be held so that the hand turns it up")
    return GraspSet(tuple(sorted(found, key=lambda g: -g.score)))


def _pinched(obj: ObjectState, spec: RobotSpec, axis: Array, across: Array) -> GraspSet:
    """A wall at the thing's side, near its rim, between the fingers."""
    out = np.cross(axis, across)
    depth = min(RIM_DEPTH, 0.3 * obj.shape.size[2])
    half, aside = obj.shape.size[2] / 2, width_along(obj, across) / 2 - obj.shape.wall / 2
    found = []
    for lean in PINCH_LEANS:
        if _palm_touches(spec, depth, depth - 2 * half, width_along(obj, out) / 2, lean):
            continue
        pointing = -math.cos(lean) * out - math.sin(lean) * axis
        for side in (1.0, -1.0):
            point = np.asarray(obj.pose_world.position) + (half - depth) * axis + side * aside * across
            score = 0.8 - LEAN_COST * abs(lean - PINCH_LEANS[0])
            found += _both_ways(obj, spec, point, pointing, across, obj.shape.wall, score, grip_force(obj, spec))
    why = "" if found else f"{obj.name} cannot be pinched so that the hand turns it up"
    return GraspSet(tuple(found), why)


def _both_ways(
    obj: ObjectState,
    spec: RobotSpec,
    point: Array,
    pointing: Array,
    across: Array,
    width: float,
    score: float,
    force: float,
) -> list[Grasp]:
    """The hand at ``point``, and the same turned over."""
    grasps = []
    for sign in (1.0, -1.0):
        m = np.eye(4)
        m[:3, 0], m[:3, 1] = np.cross(sign * across, pointing), sign * across
        m[:3, 2], m[:3, 3] = pointing, point
        back = obj.pose_world.inverse() @ Pose.from_matrix(m)
        opening = min(spec.gripper_range[1], width + OPENING_MARGIN)
        grasps.append(Grasp(back, width, opening, force, score, "turn"))
    return grasps


def _held(
    obj: ObjectState, spec: RobotSpec, axis: Array, across: Array, out: Array, width: float, lean: float, shift: float
) -> list[Grasp]:
    """A hand leaning by ``lean`` [rad], ``shift`` [m] from the wanted place along the thing; both ways round."""
    half = obj.shape.size[2] / 2
    most = max(0.0, half - END_GAP)
    along = min(max(TOOL_HEIGHT - half, 0.0) + shift, most)
    if along < -most:
        return []
    thick = width_along(obj, out) / 2
    pointing = -math.cos(lean) * out - math.sin(lean) * axis
    if _palm_touches(spec, half - along, -half - along, thick, lean):
        return []
    point = np.asarray(obj.pose_world.position) + along * axis
    point[2] = max(point[2], obj.bottom_z + spec.pad[1] / 2 + TIP_GAP)
    score = max(0.05, 0.95 - LEAN_COST * lean - SHIFT_COST * abs(shift))
    return _both_ways(obj, spec, point, pointing, across, width, score, _force(obj, spec, along))


def _palm_touches(spec: RobotSpec, top: float, bottom: float, thick: float, lean: float) -> bool:
    """Whether the palm, or what is behind it, would be inside the thing, which reaches from ``bottom`` to ``top`` [m]
    along its axis from the pads and ``thick`` [m] up from it."""
    t = np.linspace(bottom, top, 41)
    for rho in np.linspace(-thick, thick, 9):
        towards = t * math.sin(lean) + rho * math.cos(lean)  # the palm
        aside = t * math.cos(lean) - rho * math.sin(lean)
        if np.any((np.abs(aside) < PALM_HALF) & (towards > spec.finger_depth - PALM_GAP)):
            return True
    return False


def _force(obj: ObjectState, spec: RobotSpec, along: float) -> float:
    """Finger force [N] that keeps a thing held ``along`` [m] from its middle from swinging down."""
    need = obj.mass * GRAVITY * abs(along) / (2 * FRICTION * HOLD_ARM)
    wish = grip_force(obj, spec) if obj.soft else max(grip_force(obj, spec), min(need, MOST_FORCE))
    return float(min(max(wish, spec.gripper_force[0]), spec.gripper_force[1]))
