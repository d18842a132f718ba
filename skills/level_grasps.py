"""Grasps of a hand that points ahead, level or pitched down: for what stands behind a door, or is to be put there.

Pure geometry; whether the arm gets there is for `skills.affordance` and the controllers. The fingers close along a
level axis, so the thing can be let go on a floor and the hand drawn back.
"""

from __future__ import annotations

import math

import numpy as np

from skills.geometry import width_along
from skills.grasps import (
    PALM_GAP,
    SIDE_TOOL_HEIGHT,
    TIP_GAP,
    Grasp,
    GraspSet,
    closing_axes,
    fit,
    grasp_candidates,
    graspable_width,
    make_grasp,
    tool_frame,
)
from skills.niches import niche_of, way_in
from skills.types import Array, Form, ObjectState, Observation, RobotSpec

PITCHES = tuple(math.radians(a) for a in (0, 20, 40, 60))  # of the hand, downwards
HEADINGS = tuple(math.radians(a) for a in (0, 20, -20, 40, -40))  # off the way in, for round things
ALL_AROUND = tuple(math.radians(a) for a in range(0, 360, 45))
ALONG = math.cos(math.radians(44))  # a heading further off the way in is left out
TALL = 0.10  # [m] from here on the flatter hand is preferred, below the steeper one
TIP, HALF_PAD = 0.007, 0.012  # [m] from the tool point to the finger tips, and half a finger's breadth
NEAR_EDGE = 0.05  # [m] a deep thing is held at most so far from its middle
LEAST_HOLD = 0.012  # [m] by which the tips reach below the top; half the height of what is flat


def level_grasps(obj: ObjectState, spec: RobotSpec, ahead: Array | None = None) -> tuple[Grasp, ...]:
    """Ways to take hold of a thing with the hand pointing along ``ahead`` (3,), level, or any way; best first."""
    if not obj.movable or obj.mass > spec.payload:
        return ()
    found = []
    for heading in _headings(obj, ahead):
        closing = np.cross((0.0, 0.0, 1.0), heading)
        width = width_along(obj, closing)
        if width > graspable_width(spec):
            continue
        for pitch in PITCHES:
            point = _point(obj, spec, heading, pitch)
            if point is None:
                continue
            out = math.cos(pitch) * heading - math.sin(pitch) * np.array([0.0, 0.0, 1.0])
            steep = pitch / PITCHES[-1]
            liked = 1.0 - 0.2 * (steep if float(obj.extents()[2]) >= TALL else abs(steep - 2 / 3))
            off = 0.0 if ahead is None else 0.1 * (1.0 - float(heading @ ahead))
            for sign in (1.0, -1.0):  # the hand turned over
                tool = tool_frame(point, out, sign * closing)
                found.append(make_grasp(obj, spec, tool, width, 0.6 * fit(width, spec) * liked - off, "level"))
    return tuple(sorted(found, key=lambda g: -g.score))


def by_pitch(obj: ObjectState, spec: RobotSpec) -> list[list[Grasp]]:
    """All ways to hold a thing with a hand that points ahead, those of equal pitch together; the best pitch first."""
    sets: dict[float, list[Grasp]] = {}
    for grasp in level_grasps(obj, spec):
        dip = float(grasp.pose_world(obj).rotation()[2, 2])
        sets.setdefault(round(dip, 3), []).append(grasp)
    return list(sets.values())


def grasps_here(obs: Observation, obj: ObjectState, spec: RobotSpec) -> GraspSet:
    """All ways to take a thing where it is: those of a hand that reaches in at the front when it stands in a niche."""
    cabinet = niche_of(obs, obj.pose_world.position)
    if cabinet is None:
        return grasp_candidates(obj, spec)
    found = level_grasps(obj, spec, way_in(cabinet))
    usual = grasp_candidates(obj, spec)
    if found or not usual.grasps:
        return GraspSet(found, usual.reason)
    return GraspSet((), f"{obj.name} cannot be taken from the front of {cabinet.name}")


def _headings(obj: ObjectState, ahead: Array | None) -> list[Array]:
    """Level unit vectors (3,) along which the hand may point so that its pads meet the thing well."""
    form = obj.shape.form
    if form is Form.SPHERE or (form in (Form.CYLINDER, Form.BOWL) and obj.upright):
        first = 0.0 if ahead is None else math.atan2(ahead[1], ahead[0])
        turns = ALL_AROUND if ahead is None else HEADINGS
        return [np.array([math.cos(first + t), math.sin(first + t), 0.0]) for t in turns]
    axes = [sign * axis for axis in closing_axes(obj) for sign in (1.0, -1.0)]
    found = [np.cross(axis, (0.0, 0.0, 1.0)) for axis in axes]
    return [h for h in found if ahead is None or float(h @ ahead) > ALONG]


def _point(obj: ObjectState, spec: RobotSpec, heading: Array, pitch: float) -> Array | None:
    """Where the middle of the pads goes: (3,) world, or None when the hand has no room above the ground."""
    deep = width_along(obj, heading) / 2
    back = max(0.0, deep - (spec.finger_depth - PALM_GAP))  # a deep thing is held nearer to its edge
    tips = TIP_GAP + TIP * math.sin(pitch) + HALF_PAD * math.cos(pitch)
    palm = SIDE_TOOL_HEIGHT * math.cos(pitch) - spec.finger_depth * math.sin(pitch)
    low = obj.bottom_z + max(tips, palm)
    z = max(float(obj.pose_world.position[2]), low)
    if back > NEAR_EDGE or z - tips > obj.top_z - min(LEAST_HOLD, float(obj.extents()[2]) / 2):
        return None
    x, y, _ = obj.pose_world.position
    return np.array([x - back * heading[0], y - back * heading[1], z])
