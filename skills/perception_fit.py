"""From the measured points of one thing to its pose: a robust fit of the known model, several ways of lying tried.

Points lie on the visible part of the surface only, so nothing is averaged over them: the signed distance of every
point to the model's surface is driven to zero (iterative closest point in its implicit form, Gauss-Newton with
Cauchy weights). What the points leave open (the far side of a thing that is half hidden) stays near the first guess.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from skills.perception_model import ALIKE, ObjectModel
from skills.perception_turns import turned
from skills.perception_view import NO_SIGHT, Sight, View
from skills.types import Array, Form, Pose, Quat

MIN_POINTS = 8  # fewer say too little
MAX_POINTS = 240  # per fit, thinned evenly
USUAL = 0.003  # [m] error of a point; residuals of worse points are divided by how much worse they are
SCALE = 0.003  # [m] residuals beyond this count less and less
LOOSE = 0.02  # [m] how far a first guess may be off: what points do not tell stays within this
LOOSE_TURN = 0.3  # [rad]
CAP = 0.012  # [m] a residual beyond this counts as one of this size in the comparison of hypotheses
FALLEN_COST = 0.0015  # [m] of residual by which a lying pose must fit better than an upright one
MISSING_COST = 0.015  # [m] for a model of which the camera, as close as usual, sees nothing where it should
GOOD = 0.004  # [m] cost of a fit that needs no rival
HIDDEN_TOP = 0.015  # [m] seen tops lower than the model's by this much may not be its top
FLOOR_SLACK = 0.006  # [m] a bottom this far below its support is noise
SEEN_THROUGH = 0.12  # share of its open surface that the cameras look through: perhaps it lies farther to one side
SLIDES = (0.008, 0.016, 0.024)  # [m] tried to every side
UNCLEAR = 0.0045  # [m] cost of an upright or lying fit beyond which the thing may lean
LEAN_GAIN = 0.75  # a leaning pose must cost less than this share of the best other
LEANS = (0.0, 0.35, -0.35, 0.7, -0.7)  # [rad] first guesses
FREE = (0, 1, 2, 5)  # of six directions: all but tilts
VOTES = 64  # points asked which others are near them
ROUNDS = 10
UPRIGHT: Quat = (0.0, 0.0, 0.0, 1.0)
_HALF = math.sqrt(0.5)


@dataclass(frozen=True, eq=False)
class Fit:
    """Where a thing is. ``covariance`` (3, 3) of the position [m^2]; ``residual``: mean distance of the points from the
    model [m], each capped, and divided by how much noisier than usual they are; ``cost``: the same with what else
    speaks against the pose; ``points``: how many; ``noise``: their mean expected error [m]; ``slack``: how far to one
    side it may lie because only its other end was seen [m]."""

    pose_world: Pose
    covariance: Array
    residual: float
    points: int
    noise: float = USUAL
    cost: float = math.inf
    sight: Sight = NO_SIGHT
    slack: float = 0.0

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
    noise: Array | None = None,
) -> Fit | None:
    """The best pose of ``model`` for world points (N, 3) without any idea of where it was; None for too few points.

    Upright first, then the other ways to lie, and only if none of them explains the points, leaning ones. ``views``:
    the pictures they come from, which also tell where nothing is; ``floor``: height of the furniture below, which
    nothing can sink into; ``noise`` (N,): expected error of each point [m].
    """
    if len(points) < MIN_POINTS:
        return None
    points, noise = _thinned(points, noise)
    best: Fit | None = None
    ways = ways_to_lie(model)
    guesses = _guesses(points, model, views, ways, floor)
    for turn in ways:
        mine = sorted((g for t, g in guesses if t == turn), key=lambda g: _cost(points, model, g, noise))
        for pose in mine[:3]:
            extra = 0.0 if turn == UPRIGHT else FALLEN_COST
            judged = _judge(_refine(points, model, pose, noise, ROUNDS), model, views, floor, extra)
            if best is None or judged.cost < best.cost:
                best = judged
        if best is not None and best.cost < GOOD:
            return best  # upright first: nothing else could fit noticeably better
    assert best is not None
    if best.sight.missing > SEEN_THROUGH:
        best = _slid(best, points, model, noise, views, floor)
    if best.cost < UNCLEAR or model.shape.form is Form.SPHERE or not model.movable:
        return best
    axes = (np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0]))
    starts = [turned(best.pose_world, axis, lean) for axis in axes for lean in LEANS]
    lean = _leaning(points, model, starts, noise, views, floor)
    return lean if lean.cost < LEAN_GAIN * best.cost else best


def own_points(points: Array, noise: Array, model: ObjectModel) -> tuple[Array, Array]:
    """Those of the points (N, 3) and errors (N,) that one thing of this size can show together: a pixel at its edge
    that a detector gives to it may have measured the wall behind."""
    reach = float(np.linalg.norm(model.shape.size)) + 2 * float(noise.max(initial=0.0))
    if len(points) < MIN_POINTS or float(np.linalg.norm(np.ptp(points, axis=0))) <= reach:
        return points, noise
    asked = points[np.linspace(0, len(points) - 1, min(len(points), VOTES)).astype(int)]
    near = np.linalg.norm(points[None] - asked[:, None], axis=2) <= reach
    keep = near[int(np.argmax(near.sum(axis=1)))]
    return points[keep], noise[keep]


def fit_near(
    points: Array,
    model: ObjectModel,
    start: Pose,
    views: Sequence[View] = (),
    floor: float | None = None,
    noise: Array | None = None,
    swing: tuple[Array, Array] | None = None,
) -> Fit | None:
    """The pose of ``model`` for world points (N, 3) when it is about where it was; None for too few points.

    Its tilt stays, unless ``swing`` is given, the point (3,) and the axis (3,) in the world about which it can have
    turned: then all six directions are free.
    """
    if len(points) < MIN_POINTS:
        return None
    points, noise = _thinned(points, noise)
    if swing is None:
        return _judge(_refine(points, model, start, noise, ROUNDS // 2), model, views, floor)
    point, axis = swing
    return _leaning(points, model, [turned(start, axis, lean, point) for lean in LEANS], noise, views, floor)


def _thinned(points: Array, noise: Array | None) -> tuple[Array, Array]:
    """At most `MAX_POINTS` points and their expected errors."""
    noise = np.full(len(points), USUAL) if noise is None else np.maximum(noise, USUAL)
    if len(points) <= MAX_POINTS:
        return points, noise
    keep = np.linspace(0, len(points) - 1, MAX_POINTS).astype(int)
    return points[keep], noise[keep]


def _leaning(
    points: Array,
    model: ObjectModel,
    starts: Sequence[Pose],
    noise: Array,
    views: Sequence[View],
    floor: float | None,
) -> Fit:
    """The best of several first guesses with all six directions free."""
    ordered = sorted(starts, key=lambda pose: _cost(points, model, pose, noise))
    found = [_judge(_refine(points, model, s, noise, ROUNDS, tilt=True), model, views, floor) for s in ordered[:2]]
    return min(found, key=lambda f: f.cost)


def _slid(
    best: Fit, points: Array, model: ObjectModel, noise: Array, views: Sequence[View], floor: float | None
) -> Fit:
    """A half hidden thing moved to where the cameras do not look through it."""
    axes = best.pose_world.rotation().T
    level = [a for a in (axes if not model.turned else np.eye(3)) if abs(a[2]) < 0.5]
    shifts = [sign * step * axis for axis in level for sign in (-1.0, 1.0) for step in SLIDES]
    moved = [best.pose_world.moved(*(float(v) for v in shift)) for shift in shifts]
    found = [replace(best, pose_world=p, residual=_cost(points, model, p, noise)) for p in moved]
    nearest = min((_judge(f, model, views, floor) for f in found), key=lambda f: f.cost, default=best)
    if nearest.cost >= best.cost:
        return best
    settled = _judge(_refine(points, model, nearest.pose_world, noise, ROUNDS // 2), model, views, floor)
    return min(best, nearest, settled, key=lambda f: f.cost)


def _guesses(
    points: Array, model: ObjectModel, views: Sequence[View], ways: Sequence[Quat], floor: float | None
) -> list[tuple[Quat, Pose]]:
    top = float(np.percentile(points[:, 2], 97))
    away = _away(points, views)
    angle, low, high = smallest_rectangle(points[:, :2])
    axes: Array = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    found = []
    for turn in ways:
        size = np.abs(Pose((0.0, 0.0, 0.0), turn).rotation()) @ np.asarray(model.shape.size, float)
        round_ = model.shape.form is Form.SPHERE or (model.turned and turn[1] == 0)
        for quarter in (0,) if round_ else (0, 1):
            wide = size[:2] if quarter == 0 else size[1::-1]
            hidden = np.maximum(wide - (high - low), 0.0) / 2
            centre = ((low + high) / 2 + hidden * np.clip(2 * (axes @ away), -1, 1)) @ axes
            yaw = 0.0 if round_ else angle + quarter * math.pi / 2
            heights = [top - size[2] / 2]
            if floor is not None and abs(floor + size[2] / 2 - heights[0]) > HIDDEN_TOP:
                heights.append(floor + size[2] / 2)  # its top is hidden
            for z in heights:
                found.append((turn, Pose.from_yaw((centre[0], centre[1], z), yaw) @ Pose((0.0, 0.0, 0.0), turn)))
    return found


def _away(points: Array, views: Sequence[View]) -> Array:
    """(2,) horizontal unit direction from the cameras towards the thing: its hidden side lies there."""
    middle = points.mean(axis=0)[:2]
    total = np.zeros(2)
    for view in views:
        way = middle - np.asarray(view.pose_world_camera.position)[:2]
        total += way / max(float(np.linalg.norm(way)), 1e-6)
    mean: Array = total / max(1, len(views))
    return mean


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


def _cost(points: Array, model: ObjectModel, pose: Pose, noise: Array) -> float:
    off = np.abs(model.distances(pose.inverse().apply(points))) * (USUAL / noise)
    return float(np.mean(np.minimum(off, CAP)))


def _refine(points: Array, model: ObjectModel, start: Pose, noise: Array, rounds: int, tilt: bool = False) -> Fit:
    """Gauss-Newton over position and heading, with ``tilt`` over all six directions."""
    share = USUAL / noise
    rotation, centre = start.rotation(), np.asarray(start.position, float)
    round_ = model.shape.form is Form.SPHERE or (model.turned and not tilt and abs(abs(rotation[2, 2]) - 1) < 1e-6)
    first = centre.copy()
    allowed = np.array([LOOSE] * 3 + [LOOSE_TURN if tilt else 1e-6] * 2 + [1e-6 if round_ else LOOSE_TURN])
    loose = (SCALE / allowed) ** 2
    hessian, r, weight = np.eye(6), np.zeros(1), np.ones(1)
    turned_by = np.zeros(3)
    for n in range(rounds + 1):
        rel = points - centre
        r, grad = _slopes(model, rel @ rotation)
        r, grad = r * share, grad * share[:, None]
        scale = max(SCALE, 1.5 * float(np.median(np.abs(r)))) if n < rounds // 2 else SCALE
        weight = 1 / (1 + (r / scale) ** 2)
        out = grad @ rotation.T
        jac = np.column_stack([-out, np.cross(out, rel)])
        hessian = (jac * weight[:, None]).T @ jac + np.diag(loose)
        if n == rounds:
            break
        pull = loose * np.concatenate([first - centre, -turned_by])
        step = np.linalg.solve(hessian, pull - jac.T @ (weight * r))
        step[:3] = np.clip(step[:3], -0.03, 0.03)
        step[3:] = np.clip(step[3:], -0.4, 0.4)
        centre = centre + step[:3]
        spin = np.where(allowed[3:] < 1e-3, 0.0, step[3:])
        angle = float(np.linalg.norm(spin))
        if angle > 1e-9:
            rotation = turned(Pose(), spin, angle).rotation() @ rotation
            turned_by += spin
        if np.abs(step[:3]).max() < 1e-5 and angle < 1e-4:
            rounds = n + 1
    left = max(0.001, float(np.sqrt(np.average(r**2, weights=weight))))
    covariance: Array = np.asarray(np.linalg.inv(hessian)[:3, :3] * left**2, float)
    m = np.eye(4)
    m[:3, :3], m[:3, 3] = rotation, centre
    residual = float(np.mean(np.minimum(np.abs(r), CAP)))
    weak = np.array([2 / float(np.linalg.norm(model.shape.size))] * 3 + [1.0]) ** 2 * SCALE**2
    free = (hessian - np.diag(loose))[np.ix_(FREE, FREE)] + np.diag([*weak[:3], max(weak[3], loose[5] * round_)])
    slack = _slack(model, (points - centre) @ rotation, rotation, free)
    return Fit(Pose.from_matrix(m), covariance, residual, len(points), float(noise.mean()), slack=slack)


def _slack(model: ObjectModel, local: Array, rotation: Array, hessian: Array) -> float:
    """How far a thing can slide and turn level without leaving its points (N, 3 in its frame): as far as ``hessian``
    (4, 4 of position and heading) tells, and no farther than what they show of it is shorter than it is."""
    seen = np.ptp(np.percentile(local, (2, 98), axis=0), axis=0)
    level = np.abs(rotation[2]) < 0.5
    hidden = float(np.max(np.where(level, np.asarray(model.shape.size) - seen, 0.0), initial=0.0)) / 2
    return min(hidden, SCALE * float(np.sqrt(np.linalg.eigvalsh(np.linalg.inv(hessian)[:2, :2])[-1])))


def _slopes(model: ObjectModel, local: Array) -> tuple[Array, Array]:
    """Signed distances (N,) and their gradients (N, 3) in the body frame."""
    h = 2e-5
    n = len(local)
    x, y, z = h * np.eye(3)
    moved = np.concatenate([local, local + x, local + y, local + z])
    d = model.distances(moved)
    r = d[:n]
    return r, np.column_stack([(d[n : 2 * n] - r) / h, (d[2 * n : 3 * n] - r) / h, (d[3 * n :] - r) / h])


def _judge(found: Fit, model: ObjectModel, views: Sequence[View], floor: float | None, extra: float = 0.0) -> Fit:
    """The fit with what the cameras and the furniture say about it."""
    sight = NO_SIGHT
    for view in views:
        sight = sight + view.sight(model, found.pose_world)
    # from far off a thing is a few pixels wide, and a camera that is half of one off looks past its edge
    cost = found.residual + MISSING_COST * sight.missing * USUAL / found.noise + extra
    if floor is not None:
        bottom = model.state(found.pose_world, 0).bottom_z
        cost += 0.5 * max(0.0, floor - FLOOR_SLACK - bottom)
    return replace(found, cost=cost, sight=sight)
