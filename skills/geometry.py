"""Solid geometry of things: surfaces met by vertical lines, distances to a point, footprints. Pure functions.

All heights and distances in metres, world frame, z up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skills.types import Array, Form, ObjectState, Quat

Mask = NDArray[np.bool_]

RIM_BAND = 0.010  # [m] a hollow thing's rim is this much wider than its wall (lips, tilted walls)
_PARALLEL = 1e-9


def _column(obj: ObjectState, xy: Array) -> tuple[Array, Array]:
    """(lowest, highest) world z of the filled outer form over each point (N, 2); (+inf, -inf) where it is not."""
    points = np.column_stack([xy, np.zeros(len(xy))])
    rotation = obj.pose_world.rotation()
    o = (points - np.asarray(obj.pose_world.position)) @ rotation  # the line's foot, body frame, (N, 3)
    d = rotation[2]  # the world's z axis in the body frame, (3,)
    half = np.asarray(obj.shape.size, float) / 2
    low, high = np.full(len(xy), -np.inf), np.full(len(xy), np.inf)

    def slab(axis: int) -> None:
        if abs(d[axis]) < _PARALLEL:
            miss = np.abs(o[:, axis]) > half[axis]
            low[miss], high[miss] = np.inf, -np.inf
            return
        a, b = (-half[axis] - o[:, axis]) / d[axis], (half[axis] - o[:, axis]) / d[axis]
        np.maximum(low, np.minimum(a, b), out=low)
        np.minimum(high, np.maximum(a, b), out=high)

    def round_wall(radius: float, axes: int) -> None:
        """Cut with the cylinder (axes=2) or the ball (axes=3) of this radius."""
        a = float(d[:axes] @ d[:axes])
        b = o[:, :axes] @ d[:axes]
        c = np.sum(o[:, :axes] ** 2, axis=1) - radius**2
        if a < _PARALLEL:
            miss = c > 0
            low[miss], high[miss] = np.inf, -np.inf
            return
        root = b * b - a * c
        miss = root < 0
        root = np.sqrt(np.maximum(root, 0))
        np.maximum(low, (-b - root) / a, out=low)
        np.minimum(high, (-b + root) / a, out=high)
        low[miss], high[miss] = np.inf, -np.inf

    form = obj.shape.form
    if form is Form.SPHERE:
        round_wall(float(half[0]), 3)
    elif form in (Form.CYLINDER, Form.BOWL):
        slab(2)
        round_wall(float(half[0]), 2)
    else:
        for axis in range(3):
            slab(axis)
    empty = low > high
    low[empty], high[empty] = np.inf, -np.inf
    return low, high


def bottom_heights(obj: ObjectState, xy: Array) -> Array:
    """(N,) lowest height of the thing over each point (N, 2); +inf where it is not."""
    return _column(obj, xy)[0]


def top_heights(obj: ObjectState, xy: Array) -> Array:
    """(N,) height at which something coming from above meets the thing; -inf where it is not.

    Of a hollow thing only the rim counts: its inside is a matter of containment.
    """
    high = _column(obj, xy)[1]
    if obj.shape.hollow and obj.upright:
        local = obj.pose_world.inverse().apply(np.column_stack([xy, np.full(len(xy), obj.top_z)]))
        high[inside_opening(obj, local, -RIM_BAND)] = -np.inf
    return high


def inside_opening(obj: ObjectState, local: Array, slack: float = 0.0) -> Mask:
    """Which points (N, 3) of the body frame are within a hollow thing's opening, widened by ``slack`` [m]."""
    half = np.asarray(obj.shape.size, float)[:2] / 2 - obj.shape.wall + slack
    if obj.shape.form is Form.BOWL:
        return np.asarray(np.hypot(local[:, 0], local[:, 1]) < half[0])
    return np.asarray((np.abs(local[:, 0]) < half[0]) & (np.abs(local[:, 1]) < half[1]))


def footprint_samples(obj: ObjectState, count: int = 7) -> Array:
    """(M, 2) points of a regular grid under the thing, its centre among them (``count`` odd)."""
    ex, ey, _ = obj.extents()
    x, y, _ = obj.pose_world.position
    steps = np.linspace(-0.5, 0.5, count) * 0.98  # the very edge would be a matter of rounding
    grid = np.stack(np.meshgrid(x + steps * ex, y + steps * ey), axis=-1).reshape(-1, 2)
    return np.asarray(grid[np.isfinite(bottom_heights(obj, grid))])


def resting_gap(top: ObjectState, base: ObjectState) -> float:
    """Smallest vertical gap between ``top``'s underside and ``base``'s upper side; inf when none is over the other."""
    if np.any(_plan_distance(top, base) > 0):
        return float("inf")
    xy = footprint_samples(top, 21 if base.shape.hollow else 7)  # a rim is narrow
    if not len(xy):
        return float("inf")
    gap = bottom_heights(top, xy) - top_heights(base, xy)
    return float(np.min(gap))


def covers(base: ObjectState, x: float, y: float, slack: float = 0.0) -> bool:
    """Whether the vertical line through (x, y) meets ``base``, a band of ``slack`` [m] around it included."""
    ring = np.array([[x, y]])
    if slack > 0:
        turn = np.arange(8) * (np.pi / 4)
        ring = np.vstack([ring, np.column_stack([x + slack * np.cos(turn), y + slack * np.sin(turn)])])
    return bool(np.any(np.isfinite(_column(base, ring)[0])))


def _plan_distance(a: ObjectState, b: ObjectState) -> Array:
    """(2,) gaps along x and y between the two world boxes seen from above; negative: they overlap."""
    pa, pb = np.asarray(a.pose_world.position)[:2], np.asarray(b.pose_world.position)[:2]
    return np.asarray(np.abs(pa - pb) - (a.extents()[:2] + b.extents()[:2]) / 2)


def plan_radius(obj: ObjectState) -> float:
    """Radius of a circle around the thing, seen from above."""
    if obj.shape.form is Form.SPHERE or (obj.shape.form in (Form.CYLINDER, Form.BOWL) and obj.upright):
        return obj.shape.size[0] / 2
    ex, ey, _ = obj.extents()
    if obj.upright and obj.shape.form in (Form.BOX, Form.BIN):
        return float(np.hypot(obj.shape.size[0], obj.shape.size[1]) / 2)
    return float(np.hypot(ex, ey) / 2)


def plan_gaps(obj: ObjectState, xy: Array) -> Array:
    """(N,) horizontal distances from points (N, 2) to the thing's outline seen from above; negative inside.

    Exact for upright forms and balls, from the world box for others.
    """
    centre = np.asarray(obj.pose_world.position)[:2]
    if obj.shape.form is Form.SPHERE or (obj.shape.form in (Form.CYLINDER, Form.BOWL) and obj.upright):
        away: Array = np.hypot(xy[:, 0] - centre[0], xy[:, 1] - centre[1]) - obj.shape.size[0] / 2
        return away
    if obj.upright and obj.shape.form in (Form.BOX, Form.BIN):
        c, s = np.cos(obj.pose_world.yaw), np.sin(obj.pose_world.yaw)
        local = (xy - centre) @ np.array([[c, -s], [s, c]])
        half = np.asarray(obj.shape.size[:2]) / 2
    else:
        local, half = xy - centre, obj.extents()[:2] / 2
    over = np.abs(local) - half
    outside = np.hypot(np.maximum(over[:, 0], 0), np.maximum(over[:, 1], 0))
    return np.asarray(outside + np.minimum(np.max(over, axis=1), 0.0))


def distances_to(obj: ObjectState, points: Array) -> Array:
    """(N,) distances [m] from world points (N, 3) to the thing's material; negative inside.

    A hollow thing is its walls and floor, as if the walls stood straight.
    """
    p = obj.pose_world.inverse().apply(points)
    half = np.asarray(obj.shape.size, float) / 2
    form = obj.shape.form
    if form is Form.SPHERE:
        return np.asarray(np.linalg.norm(p, axis=1) - half[0])
    if form in (Form.CYLINDER, Form.BOWL):
        over = np.column_stack([np.hypot(p[:, 0], p[:, 1]) - half[0], np.abs(p[:, 2]) - half[2]])
    else:
        over = np.abs(p) - half
    solid = np.linalg.norm(np.maximum(over, 0), axis=1) + np.minimum(np.max(over, axis=1), 0.0)
    if not obj.shape.hollow:
        return np.asarray(solid)
    side = over[:, 0] if form is Form.BOWL else np.max(over[:, :2], axis=1)
    # how deep in the hollow's air, positive inside
    air = np.minimum(-side - obj.shape.wall, half[2] + p[:, 2] - obj.shape.wall)
    return np.asarray(np.maximum(solid, air))


def distance_to(obj: ObjectState, point: Array) -> float:
    """`distances_to` of one world point (3,)."""
    return float(distances_to(obj, np.asarray(point, float)[None, :])[0])


def width_along(obj: ObjectState, axis_world: Array) -> float:
    """Full extent of the filled form along a world direction (3,) [m]."""
    a = obj.pose_world.rotation().T @ (np.asarray(axis_world, float) / np.linalg.norm(axis_world))
    size = np.asarray(obj.shape.size, float)
    if obj.shape.form is Form.SPHERE:
        return float(size[0])
    if obj.shape.form in (Form.CYLINDER, Form.BOWL):
        return float(size[0] * np.hypot(a[0], a[1]) + size[2] * abs(a[2]))
    return float(np.abs(a) @ size)


def turn_about_vertical(yaw: float) -> Quat:
    """Quaternion of a turn about the world's z axis [rad]."""
    return 0.0, 0.0, float(np.sin(yaw / 2)), float(np.cos(yaw / 2))
