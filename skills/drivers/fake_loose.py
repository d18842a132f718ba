"""Loose stuff and spills in the world without physics: grains go where their vessel goes and run out when it is tipped;
cells come clean under a wiper at the height of the surface. A stand-in that shows nothing about a robot."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from skills.geometry import bottom_heights, inside_opening
from skills.loose import Grains, Vec3
from skills.types import Array, ObjectState, Pose, Region

RUNS_OUT = math.radians(80)  # a vessel tipped further is empty at once
NEAR_SURFACE = 0.006  # [m] an underside this close to a cell touches it


def carried_along(objects: dict[str, ObjectState], before: ObjectState, after: ObjectState) -> None:
    """Grains within a vessel that moved from one pose to the other move with it."""
    if not before.container:
        return
    shift = after.pose_world @ before.pose_world.inverse()
    for name, thing in objects.items():
        if thing.grains is None:
            continue
        points = np.asarray(thing.grains.positions)
        local = before.pose_world.inverse().apply(points)
        inside = inside_opening(before, local) & (np.abs(local[:, 2]) <= before.shape.size[2] / 2)
        if inside.any():
            points[inside] = shift.apply(points[inside])
            objects[name] = _at(thing, points)


def run_out(objects: dict[str, ObjectState], regions: Mapping[str, Region], vessel: ObjectState) -> None:
    """What lies in a vessel that is tipped falls from its lip into what stands there, or onto the surface."""
    if not vessel.container or vessel.pose_world.tilt < RUNS_OUT:
        return
    radius, half = vessel.shape.size[0] / 2, vessel.shape.size[2] / 2
    turns = np.arange(24) * (math.pi / 12)
    rim = vessel.pose_world.apply(np.column_stack([radius * np.cos(turns), radius * np.sin(turns), np.full(24, half)]))
    x, y, z = rim[int(np.argmin(rim[:, 2]))]
    for name, thing in objects.items():
        if thing.grains is None:
            continue
        points = np.asarray(thing.grains.positions)
        local = vessel.pose_world.inverse().apply(points)
        inside = inside_opening(vessel, local) & (np.abs(local[:, 2]) <= half)
        if inside.any():
            floor = _floor(objects, regions, vessel.name, float(x), float(y), float(z))
            points[inside] = (x, y, floor + thing.grains.radius)
            objects[name] = _at(thing, points)


def _floor(
    objects: Mapping[str, ObjectState], regions: Mapping[str, Region], vessel: str, x: float, y: float, z: float
) -> float:
    """Height of what a grain that falls at (x, y) from z comes to lie on."""
    surfaces = [0.0, *(r.surface for r in regions.values() if r.contains(x, y) and r.surface < z)]
    for other in objects.values():
        if other.name != vessel and other.container and other.upright and other.top_z < z:
            local: Array = other.pose_world.inverse().apply((x, y, z))[None, :]
            if inside_opening(other, local)[0]:
                surfaces.append(other.bottom_z + other.shape.wall)
    return max(surfaces)


def _at(thing: ObjectState, points: Array) -> ObjectState:
    assert thing.grains is not None
    positions: tuple[Vec3, ...] = tuple((float(a), float(b), float(c)) for a, b, c in points)
    middle = points.mean(axis=0)
    return replace(thing, grains=Grains(thing.grains.radius, positions), pose_world=Pose.of(middle))


def wiped_by(objects: dict[str, ObjectState], wiper: ObjectState) -> None:
    """Cells under what wipes, at the height of its underside, are clean from now on."""
    if not wiper.wipes:
        return
    for name, thing in objects.items():
        if thing.patch is None:
            continue
        cells = np.asarray(thing.patch.cells)
        touched = np.abs(bottom_heights(wiper, cells[:, :2]) - cells[:, 2]) < NEAR_SURFACE
        wiped = tuple(bool(a or b) for a, b in zip(thing.patch.wiped, touched, strict=True))
        objects[name] = replace(thing, patch=replace(thing.patch, wiped=wiped))
