"""From the measured points of one thing to its pose: a robust fit of the known model, several ways of lying tried.

Points lie on the visible part of the surface only, so nothing is averaged over them: the signed distance of every
point to the model's surface is driven to zero (iterative closest point in its implicit form, Gauss-Newton with
Cauchy weights). What the points leave open (the far side of a thing that is half hidden) stays near the first guess.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from skills.perception_model import ALIKE, ObjectModel
from skills.perception_view import NO_SIGHT, Sight, View
from skills.types import Array, Form, Pose, Quat

MIN_POINTS = 12  # fewer say too little
MAX_POINTS = 240  # per fit, thinned evenly
SCALE = 0.003  # [m] residuals beyond this count less and less
LOOSE = 0.02  # [m] how far a first guess may be off: what points do not tell stays within this
LOOSE_TURN = 0.3  # [rad]
CAP = 0.012  # [m] a residual beyond this counts as one of this size in the comparison of hypotheses
FALLEN_COST = 0.0015  # [m] of residual by which a lying pose must fit better than an upright one
MISSING_COST = 0.015  # [m] for a model of which the camera sees nothing where it should
GOOD = 0.004  # [m] cost of a fit that needs no rival
FLOOR_SLACK = 0.006  # [m] a bottom this far below its support is noise
ROUNDS = 10
UPRIGHT: Quat = (0.0, 0.0, 0.0, 1.0)
_HALF = math.sqrt(0.5)


@dataclass(frozen=True, eq=False)
class Fit:
    """Where a thing is. ``covariance`` (4, 4) of x, y, z [m] and yaw [rad]; ``residual``: mean distance of the points
    from the model [m], each capped; ``points``: how many; ``lying``: the turn that comes before the yaw."""

    pose_world: Pose
    covariance: Array
    residual: float
    points: int
    lying: Quat
    sight: Sight = NO_SIGHT

    @property
    def spread(self) -> float:
        """Standard deviation of the position in its worst horizontal direction [m]."""
        return float(np.sqrt(np.linalg.eigvalsh(self.covariance[:2, :2])[-1]))

    @property
    def visible(self) -> float:
        """Share of its camera-facing surface that was seen."""
        return self.sight.visible


def ways_to_lie(model: ObjectModel) -> list[Quat]:
    """The turns in which a thing can rest, upright first; turns that look the same are left out."""
    form, size = model.shape.form, model.shape.size
    if form is Form.SPHERE or not model.movable:
        return [UPRIGHT]
    if form is Form.BOX:
        ways = [UPRIGHT]
        if abs(size[2] - size[0]) > ALIKE:
            ways.append((0.0, _HALF, 0.0, _HALF))  # x up
        if abs(size[2] - size[1]) > ALIKE and (abs(size[0] - size[1]) > ALIKE or len(ways) == 1):
            ways.append((_HALF, 0.0, 0.0, _HALF))  # y up
        return ways
    ways = [UPRIGHT, (0.0, _HALF, 0.0, _HALF)]
    if form in (Form.BOWL, Form.BIN) or model.outline is not None:
        ways.append((1.0, 0.0, 0.0, 0.0))
    return ways


def fit(
    points: Array,
    model: ObjectModel,
    views: Sequence[View] = (),
    floor: float | None = None,
    start: Pose | None = None,
    lying: Sequence[Quat] | None = None,
) -> Fit | None:
    """The best pose of ``model`` for world points (N, 3), None when there are too few.

    ``views``: the pictures they come from, which also tell where nothing is; ``floor``: height of the furniture below,
    which nothing can sink into; ``start``: a pose to begin at (no other is then tried); ``lying``: ways to lie that are
    considered, else all.
    """
    if len(points) < MIN_POINTS:
        return None
    if len(points) > MAX_POINTS:
        points = points[np.linspace(0, len(points) - 1, MAX_POINTS).astype(int)]
    if start is not None:
        turn = _lying_of(start) if lying is None else lying[0]
        return _judge(_refine(points, model, start, turn, ROUNDS // 2), model, views, floor)[1]
    best: tuple[float, Fit] | None = None
    ways = list(lying or ways_to_lie(model))
    guesses = _guesses(points, model, views, ways)
    for turn in ways:
        mine = sorted((g for g in guesses if g[1] == turn), key=lambda g: _cost(points, model, g[0]))
        for pose, _ in mine[:2]:
            judged = _judge(_refine(points, model, pose, turn, ROUNDS), model, views, floor)
            if best is None or judged[0] < best[0]:
                best = judged
        if best is not None and best[0] < GOOD:
            break  # upright first: nothing else could fit noticeably better
    assert best is not None
    return best[1]


def _lying_of(pose: Pose) -> Quat:
    """The turn that is left when the heading is taken out of an orientation."""
    yaw = heading(pose)
    return (Pose.from_yaw((0, 0, 0), -yaw) @ Pose((0.0, 0.0, 0.0), pose.orientation)).orientation


def heading(pose: Pose) -> float:
    """Turn about the vertical [rad]; also defined for things that lie (where a yaw angle is not)."""
    _, _, z, w = pose.orientation
    return 2 * math.atan2(z, w) if abs(z) + abs(w) > 1e-6 else 0.0


def _guesses(points: Array, model: ObjectModel, views: Sequence[View], ways: Sequence[Quat]) -> list[tuple[Pose, Quat]]:
    top = float(np.percentile(points[:, 2], 97))
    flat = points[:, :2]
    away = _away(points, views)
    angle, low, high = smallest_rectangle(flat)
    found = []
    for turn in ways:
        size = np.abs(Pose((0.0, 0.0, 0.0), turn).rotation()) @ np.asarray(model.shape.size, float)
        z = top - size[2] / 2
        round_ = model.turned and abs(abs(Pose((0.0, 0.0, 0.0), turn).rotation()[2, 2]) - 1) < 1e-6
        for quarter in (0,) if round_ or model.shape.form is Form.SPHERE else (0, 1):
            yaw = 0.0 if round_ else angle + quarter * math.pi / 2
            wide = size[:2] if quarter == 0 else size[1::-1]
            axes = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
            hidden = np.maximum(wide - (high - low), 0.0) / 2
            centre = ((low + high) / 2 + hidden * np.clip(2 * (axes @ away), -1, 1)) @ axes
            found.append((Pose.from_yaw((centre[0], centre[1], z), yaw) @ Pose((0.0, 0.0, 0.0), turn), turn))
    return found


def _away(points: Array, views: Sequence[View]) -> Array:
    """(2,) horizontal unit direction from the cameras towards the thing: its hidden side lies there."""
    middle = points.mean(axis=0)[:2]
    total = np.zeros(2)
    for view in views:
        way = middle - np.asarray(view.pose_world_camera.position)[:2]
        total += way / max(float(np.linalg.norm(way)), 1e-6)
    return total / max(1, len(views))


def smallest_rectangle(flat: Array) -> tuple[float, Array, Array]:
    """(angle [rad] in [0, pi/2), low (2,), high (2,) in axes turned by it) of the smallest rectangle around (N, 2)."""
    best: tuple[float, float, Array, Array] | None = None
    for angle in np.linspace(0, math.pi / 2, 30, endpoint=False):
        c, s = math.cos(angle), math.sin(angle)
        turned = flat @ np.array([[c, -s], [s, c]])
        low, high = np.percentile(turned, (1.5, 98.5), axis=0)  # a few stray pixels must not span it
        area = float(np.prod(np.maximum(high - low, 0.004)))
        if best is None or area < best[0] - 1e-9:
            best = (area, float(angle), low, high)
    assert best is not None
    return best[1:]


def _cost(points: Array, model: ObjectModel, pose: Pose) -> float:
    off = np.abs(model.distances(pose.inverse().apply(points)))
    return float(np.mean(np.minimum(off, CAP)))


def _refine(points: Array, model: ObjectModel, start: Pose, turn: Quat, rounds: int) -> Fit:
    """Gauss-Newton over position and yaw; ``turn`` stays."""
    lying = Pose((0.0, 0.0, 0.0), turn).rotation()
    spin = not (model.turned and abs(abs(lying[2, 2]) - 1) < 1e-6) and model.shape.form is not Form.SPHERE
    centre = np.asarray(start.position, float)
    yaw = heading(start @ Pose((0.0, 0.0, 0.0), turn).inverse())
    first, first_yaw = centre.copy(), yaw
    hessian = np.eye(4)
    for n in range(rounds + 1):
        c, s = math.cos(yaw), math.sin(yaw)
        rotation = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]]) @ lying
        rel = points - centre
        r, grad = _slopes(model, rel @ rotation)
        scale = max(SCALE, 1.5 * float(np.median(np.abs(r)))) if n < rounds // 2 else SCALE
        weight = 1 / (1 + (r / scale) ** 2)
        out = grad @ rotation.T
        jac = np.column_stack([-out, -(out[:, 1] * rel[:, 0] - out[:, 0] * rel[:, 1])])
        loose = np.array([LOOSE, LOOSE, LOOSE, LOOSE_TURN if spin else 1e-6]) ** -2.0 * SCALE**2
        hessian = (jac * weight[:, None]).T @ jac + np.diag(loose)
        if n == rounds:
            break
        pull = loose * np.append(first - centre, first_yaw - yaw)
        step = np.linalg.solve(hessian, pull - jac.T @ (weight * r))
        step = np.clip(step, [-0.03] * 3 + [-0.4], [0.03] * 3 + [0.4])
        centre = centre + step[:3]
        yaw += float(step[3])
        if np.abs(step[:3]).max() < 1e-5 and abs(step[3]) < 1e-4:
            rounds = n + 1
    noise = max(0.001, float(np.sqrt(np.average(r**2, weights=weight))))
    covariance: Array = np.asarray(np.linalg.inv(hessian) * noise**2, float)
    pose = Pose.from_yaw(centre, yaw) @ Pose((0.0, 0.0, 0.0), turn)
    return Fit(pose, covariance, float(np.mean(np.minimum(np.abs(r), CAP))), len(points), turn)


def _slopes(model: ObjectModel, local: Array) -> tuple[Array, Array]:
    """Signed distances (N,) and their gradients (N, 3) in the body frame."""
    h = 2e-5
    n = len(local)
    x, y, z = h * np.eye(3)
    moved = np.concatenate([local, local + x, local + y, local + z])
    d = model.distances(moved)
    r = d[:n]
    return r, np.column_stack([(d[n : 2 * n] - r) / h, (d[2 * n : 3 * n] - r) / h, (d[3 * n :] - r) / h])


def _judge(found: Fit, model: ObjectModel, views: Sequence[View], floor: float | None) -> tuple[float, Fit]:
    """(cost for the comparison [m], the fit with what the cameras say about it)."""
    sight = NO_SIGHT
    for view in views:
        sight = sight + view.sight(model, found.pose_world)
    cost = found.residual + MISSING_COST * sight.missing
    if found.lying != UPRIGHT:
        cost += FALLEN_COST
    if floor is not None:
        bottom = model.state(found.pose_world, 0).bottom_z
        cost += 0.5 * max(0.0, floor - FLOOR_SLACK - bottom)
    return cost, Fit(found.pose_world, found.covariance, found.residual, found.points, found.lying, sight)
