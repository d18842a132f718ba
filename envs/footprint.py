"""Outlines of things seen from above, and the room between them. Pure geometry, metres."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from skills.types import Array, Form, Shape

CORNERS = 16  # of the polygon around a round thing


@dataclass(frozen=True, eq=False)
class Footprint:
    """A convex outline. ``corners`` (N, 2) world [m], counter-clockwise; ``yaw`` [rad]; ``outer``, ``inner``: radii of
    the circles around and within it; ``height`` [m]: how far the thing stands up."""

    centre: tuple[float, float]
    yaw: float
    corners: Array
    outer: float
    inner: float
    height: float


def footprint(shape: Shape, x: float, y: float, yaw: float) -> Footprint:
    """The outline of an upright thing at (x, y), turned by ``yaw`` [rad]."""
    sx, sy, height = shape.size
    if shape.form in (Form.SPHERE, Form.CYLINDER, Form.BOWL):
        turn = np.arange(CORNERS) * (2 * math.pi / CORNERS)
        radius = sx / 2
        around = radius / math.cos(math.pi / CORNERS)  # the polygon lies around the circle, never inside
        corners = np.column_stack([x + around * np.cos(turn), y + around * np.sin(turn)])
        return Footprint((float(x), float(y)), float(yaw), corners, radius, radius, height)
    c, s = math.cos(yaw), math.sin(yaw)
    square = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * (sx / 2, sy / 2)
    corners = square @ np.array([[c, s], [-s, c]]) + (x, y)
    return Footprint((float(x), float(y)), float(yaw), corners, math.hypot(sx, sy) / 2, min(sx, sy) / 2, height)


def clearance(a: Footprint, b: Footprint) -> float:
    """Room between two outlines [m]: never more than the true distance; negative when they overlap.

    Separating axes: the largest gap along any edge's normal. Between corners the true distance is larger.
    """
    apart = math.dist(a.centre, b.centre)
    round_a, round_b = len(a.corners) == CORNERS, len(b.corners) == CORNERS
    if round_a and round_b:
        return apart - a.outer - b.outer
    far = apart - a.outer - b.outer
    if far > 0.1:
        return far
    best = -math.inf
    for one, other in ((a, b), (b, a)):
        edges = np.roll(one.corners, -1, axis=0) - one.corners
        normals = np.column_stack([edges[:, 1], -edges[:, 0]])
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        reach = np.max(one.corners @ normals.T, axis=0)
        begin = np.min(other.corners @ normals.T, axis=0)
        best = max(best, float(np.max(begin - reach)))
    return max(best, far)
