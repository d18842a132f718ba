"""Where a camera sits, from pairs of poses: AX = XB.

The rotation from the rotation axes of all pairs of motions (Park and Martin 1994, solved as an orthogonal fit), the
translation by least squares, then both refined together with the board's own pose over all records.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares
from scipy.spatial.transform import Rotation

from skills.types import Array, Pose

FEWEST = 4
TURNED = math.radians(5)  # a motion that turns less says little about a rotation
SPREAD = 0.15  # second singular value of the rotation axes over the first: below this they are all alike
ARM = 0.3  # [m] that a radian counts as in the fit
ODD = 4.0  # times the median residual (and at least the floor below) that a record may be off
ODD_FLOOR = 0.003  # [m]


class CalibrationError(ValueError):
    """Pairs from which no camera pose follows; the message says what to record instead."""


@dataclass(frozen=True)
class HandEye:
    """The result. ``camera``: pose_tool_camera for a camera on the hand, pose_foot_camera for one that stands still;
    ``board``: pose_foot_board, or pose_tool_board; residuals of each record: ``off`` [m], ``turned`` [rad]."""

    camera: Pose
    board: Pose
    off: tuple[float, ...]
    turned: tuple[float, ...]

    @property
    def odd(self) -> tuple[int, ...]:
        """Records that agree much worse than the others: look at them again, or leave them out."""
        limit = max(ODD_FLOOR, ODD * float(np.median(self.off)))
        return tuple(i for i, value in enumerate(self.off) if value > limit)

    @property
    def rms(self) -> tuple[float, float]:
        """Root mean square residuals: [m], [rad]."""
        return tuple(float(np.sqrt(np.mean(np.square(v)))) for v in (self.off, self.turned))  # type: ignore[return-value]


def hand_eye(tools: Sequence[Pose], boards: Sequence[Pose], on_tool: bool) -> HandEye:
    """Solve for the camera. ``tools``: pose_foot_tool; ``boards``: pose_camera_board of the same moments; ``on_tool``:
    the camera rides on the hand and the board stands still, else the other way round. Raises CalibrationError."""
    if len(tools) != len(boards):
        raise CalibrationError(f"{len(tools)} tool poses and {len(boards)} board poses; they come in pairs")
    if len(tools) < FEWEST:
        raise CalibrationError(f"{len(tools)} pairs; record at least {FEWEST}, better 12, each turned differently")
    a = [(t if on_tool else t.inverse()).matrix() for t in tools]
    b = [p.matrix() for p in boards]
    turn = _rotation(a, b)
    shift = _translation(a, b, turn)
    start = np.eye(4)
    start[:3, :3], start[:3, 3] = turn, shift
    return _refined(a, b, start)


def _motions(a: list[Array], b: list[Array]) -> list[tuple[Array, Array]]:
    """Relative motions (A, B) between all pairs of records that turned enough."""
    found = []
    inverse_a, inverse_b = np.linalg.inv(np.stack(a)), np.linalg.inv(np.stack(b))
    for i, j in itertools.combinations(range(len(a)), 2):
        one, two = inverse_a[j] @ a[i], b[j] @ inverse_b[i]
        if np.linalg.norm(_log(one)) > TURNED:
            found.append((one, two))
    return found


def _log(matrix: Array) -> Array:
    vector: Array = Rotation.from_matrix(matrix[:3, :3]).as_rotvec()
    return vector


def _rotation(a: list[Array], b: list[Array]) -> Array:
    motions = _motions(a, b)
    axes = np.array([_log(one) for one, _ in motions]).reshape(-1, 3)
    sizes = np.linalg.svd(axes, compute_uv=False) if len(axes) >= 2 else np.zeros(3)
    if len(sizes) < 2 or sizes[1] < SPREAD * sizes[0] or sizes[0] == 0:
        raise CalibrationError("the hand turned about one axis only, or hardly at all: turn it about two or three")
    others = np.array([_log(two) for _, two in motions])
    u, _, vt = np.linalg.svd(axes.T @ others)
    fit: Array = u @ np.diag([1.0, 1.0, np.linalg.det(u @ vt)]) @ vt
    return fit


def _translation(a: list[Array], b: list[Array], turn: Array) -> Array:
    motions = _motions(a, b)
    left = np.vstack([one[:3, :3] - np.eye(3) for one, _ in motions])
    right = np.concatenate([turn @ two[:3, 3] - one[:3, 3] for one, two in motions])
    shift: Array = np.linalg.lstsq(left, right, rcond=None)[0]
    return shift


def _refined(a: list[Array], b: list[Array], start: Array) -> HandEye:
    middle = a[0] @ start @ b[0]
    first_of, second_of = np.stack(a), np.stack(b)

    def pose_of(v: Array) -> Array:
        m = np.eye(4)
        m[:3, :3], m[:3, 3] = Rotation.from_rotvec(v[:3]).as_matrix(), v[3:]
        return m

    def rows(v: Array) -> Array:
        """(N, 6) of every record: rotation [rad], translation [m]."""
        out = np.linalg.inv(pose_of(v[6:])) @ first_of @ pose_of(v[:6]) @ second_of
        return np.hstack([Rotation.from_matrix(out[:, :3, :3]).as_rotvec(), out[:, :3, 3]])

    def residual(v: Array) -> Array:
        found = rows(v) * np.array([ARM] * 3 + [1.0] * 3)
        return found.ravel()

    first = np.concatenate([_log(start), start[:3, 3], _log(middle), middle[:3, 3]])
    fit = least_squares(residual, first, loss="soft_l1", f_scale=0.002)
    left = rows(fit.x)
    return HandEye(
        Pose.from_matrix(pose_of(fit.x[:6])),
        Pose.from_matrix(pose_of(fit.x[6:])),
        tuple(np.linalg.norm(left[:, 3:], axis=1).tolist()),
        tuple(np.linalg.norm(left[:, :3], axis=1).tolist()),
    )
