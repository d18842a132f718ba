"""Turns that look the same: which of several equal readings of an orientation is meant, and how far apart two are."""

from __future__ import annotations

import itertools
import math
from functools import lru_cache

import numpy as np

from skills.perception_model import ALIKE, ObjectModel
from skills.types import Array, Form, Pose, Shape

_AXES = np.eye(3)


@lru_cache(maxsize=512)
def _equal_turns(shape: Shape) -> tuple[tuple[tuple[float, ...], ...], ...]:
    """Rotation matrices (rows) under which a box or bin looks the same."""
    size = np.asarray(shape.size)
    found = []
    for order in itertools.permutations(range(3)):
        if any(abs(size[i] - size[k]) > ALIKE for i, k in enumerate(order)):
            continue
        for signs in itertools.product((1.0, -1.0), repeat=3):
            m = np.array([signs[i] * _AXES[k] for i, k in enumerate(order)])
            if np.linalg.det(m) < 0 or (shape.form is Form.BIN and m[2, 2] < 0.5):
                continue
            found.append(tuple(tuple(float(x) for x in row) for row in m))
    return tuple(found)


def nearest_reading(model: ObjectModel, found: Pose, reference: Pose) -> Pose:
    """``found`` with the equal-looking orientation that is closest to the one of ``reference``."""
    r, base = found.rotation(), reference.rotation()
    form = model.shape.form
    if form is Form.SPHERE:
        return Pose(found.position, reference.orientation)
    if form in (Form.CYLINDER, Form.BOWL):
        axis = r[:, 2]
        if form is Form.CYLINDER and model.outline is None and axis @ base[:, 2] < 0:
            axis = -axis  # both ends look the same
        return _pose(found, _onto(base[:, 2], axis) @ base)
    best = max((r @ np.asarray(m) for m in _equal_turns(model.shape)), key=lambda c: float(np.trace(c @ base.T)))
    return _pose(found, best)


def _pose(found: Pose, rotation: Array) -> Pose:
    m = np.eye(4)
    m[:3, :3] = rotation
    m[:3, 3] = found.position
    return Pose.from_matrix(m)


def _onto(a: Array, b: Array) -> Array:
    """(3, 3) the smallest rotation that takes unit vector ``a`` to ``b``."""
    v, c = np.cross(a, b), float(a @ b)
    if c < -1 + 1e-9:  # opposite: half a turn about anything across
        across = np.cross(a, _AXES[int(np.argmin(np.abs(a)))])
        across /= np.linalg.norm(across)
        return np.asarray(2 * np.outer(across, across) - np.eye(3))
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.asarray(np.eye(3) + k + k @ k / (1 + c))


def turn_between(a: Pose, b: Pose) -> float:
    """Angle [rad] between two orientations."""
    return 2 * math.acos(min(1.0, abs(float(np.dot(a.orientation, b.orientation)))))


def between(a: Pose, b: Pose, share: float) -> Pose:
    """The pose ``share`` of the way from ``a`` to ``b`` (positions linear, short turns by normalised quaternions)."""
    p = np.asarray(a.position) + share * (np.asarray(b.position) - np.asarray(a.position))
    qa, qb = np.asarray(a.orientation), np.asarray(b.orientation)
    if qa @ qb < 0:
        qb = -qb
    return Pose.of(p, qa + share * (qb - qa))


def turned(pose: Pose, axis_world: Array, angle: float, about: Array | None = None) -> Pose:
    """A pose turned by ``angle`` [rad] about a world direction (3,) through ``about`` (3,), else through its centre."""
    unit = np.asarray(axis_world, float) / np.linalg.norm(axis_world)
    spin = Pose.of((0.0, 0.0, 0.0), (*(math.sin(angle / 2) * unit), math.cos(angle / 2)))
    centre = np.asarray(pose.position if about is None else about, float)
    moved = centre + spin.apply(np.asarray(pose.position) - centre)
    return Pose.of(moved, (spin @ Pose((0.0, 0.0, 0.0), pose.orientation)).orientation)
