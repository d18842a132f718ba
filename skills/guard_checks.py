"""What a guard looks at in a trajectory before it reaches a robot: shape, limits, speed, where the tool goes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from skills.base import BaseSpec
from skills.boxes import Box, Zones
from skills.driver import DriverError, Kinematics
from skills.types import Array, RobotSpec, Trajectory

PATH_STEP = 0.01  # [rad or m] of the joint that moves most, between two looks at where the tool is
PATH_POINTS = 200  # most looks at one trajectory
PATH_FEWEST = 16


def check_form(spec: RobotSpec | BaseSpec, path: Trajectory, whose: str) -> None:
    """Joint names, finite numbers, rising times; raises DriverError."""
    if path.joint_names != spec.joint_names:
        given, has = len(path.joint_names), len(spec.joint_names)
        if given != has:
            raise DriverError(f"trajectory is for {given} joints, {whose} has {has}: {', '.join(spec.joint_names)}")
        raise DriverError(f"trajectory is for joints {path.joint_names}, {whose} has {spec.joint_names}")
    for what, values in (("times", path.times), ("positions", path.positions), ("velocities", path.velocities)):
        if not np.all(np.isfinite(values)):
            raise DriverError(f"trajectory {what} hold numbers that are not finite")
    if len(path.times) > 1 and np.min(np.diff(path.times)) <= 0:
        raise DriverError("trajectory times must rise strictly")


def check_positions(spec: RobotSpec, excess: Array, allowed: float, path: Trajectory) -> None:
    """``excess`` (N, D): how far each point is outside of its limits; raises DriverError beyond ``allowed``."""
    if float(np.max(excess)) > allowed:
        i, j = (int(k) for k in np.unravel_index(int(np.argmax(excess)), excess.shape))
        raise DriverError(
            f"trajectory leaves the position limits of joint {spec.joint_names[j]} at {path.times[i]:.2f} s "
            f"(position {path.positions[i, j]:.3f}, limits {spec.lower[j]:.3f}..{spec.upper[j]:.3f}; "
            "radians and metres are expected)"
        )


def check_speeds(spec: RobotSpec | BaseSpec, path: Trajectory, scale: float, slack: float, hard: float) -> None:
    """Velocities against ``scale`` times the limits, ``slack`` more allowed; accelerations against the limits, ``hard``
    more allowed. Given velocities count, and those that positions and times imply. Raises DriverError."""
    given = np.max(np.abs(path.velocities), axis=0)
    if len(path.times) > 1:
        mean = np.max(np.abs(np.diff(path.positions, axis=0) / np.diff(path.times)[:, None]), axis=0)
        given = np.maximum(given, mean)
    _limit(spec, given, np.asarray(spec.max_velocity) * scale * (1 + slack), "velocity")
    if len(path.times) > 1:
        change = np.abs(np.diff(path.velocities, axis=0) / np.diff(path.times)[:, None])
        _limit(spec, np.max(change, axis=0), np.asarray(spec.max_acceleration) * (1 + hard), "acceleration")


def _limit(spec: RobotSpec | BaseSpec, values: Array, limits: Array, what: str) -> None:
    share = values / limits
    j = int(np.argmax(share))
    if share[j] > 1:
        raise DriverError(
            f"trajectory breaks the {what} limit of joint {spec.joint_names[j]}: {values[j]:.2f}, "
            f"allowed {limits[j]:.2f}; slow it down"
        )


def check_zones(spec: RobotSpec, kinematics: Kinematics | None, positions: Array, zones: Zones) -> None:
    """Where the tool goes along joint positions (N, D); raises DriverError when it leaves the workspace or enters a
    keep-out box. A robot that stands outside already may come back."""
    own = None if spec.workspace is None else Box(*spec.workspace)
    workspace = zones.workspace or own
    if kinematics is None:
        if zones.workspace is not None or zones.keep_out:
            raise DriverError(f"{spec.name}: boxes can be watched only with kinematics that say where the tool is")
        return
    if workspace is None and not zones.keep_out:
        return
    foot = kinematics.mount.inverse()
    inside = False  # whether it has been where it may be
    for q in _looks(positions, PATH_POINTS if zones.keep_out or zones.workspace else PATH_FEWEST):
        tool = kinematics.forward(q)
        point = np.asarray((foot @ tool).position)
        out = workspace is not None and not workspace.holds(point)
        where = next((n for n, box in zones.keep_out.items() if box.holds(tool.position)), None)
        if (out or where is not None) and inside:
            said = ", ".join(f"{v:.2f}" for v in (point if out else tool.position))
            if out:
                raise DriverError(f"trajectory leaves the workspace: tool at ({said}) from its foot, box {workspace}")
            raise DriverError(f"trajectory enters the keep-out box {where!r}: tool at ({said}) in the world")
        inside = inside or not (out or where is not None)
    if not inside:
        what = f"the box {workspace}" if workspace is not None else "all that is allowed"
        raise DriverError(f"trajectory stays outside of {what}; bring the tool back by hand or widen the box")


def _looks(positions: Array, most: int) -> Array:
    """The joint positions (M, D) at which the tool is looked at: dense enough that a box is not jumped over."""
    way = np.concatenate([[0.0], np.cumsum(np.max(np.abs(np.diff(positions, axis=0)), axis=1))])
    count = int(np.clip(np.ceil(way[-1] / PATH_STEP), PATH_FEWEST, most))
    if way[-1] == 0.0:
        return positions[:1]
    at = np.linspace(0.0, way[-1], count)
    return np.column_stack([np.interp(at, way, column) for column in positions.T])


def clamp_steps(spec: RobotSpec | BaseSpec, path: Trajectory, scale: float, clamped: float) -> tuple[Trajectory, float]:
    """Clamp what one control tick may change. Only rounding of the velocity limit is left to clamp here. Returns the
    trajectory and the largest correction, or ``clamped`` if that is larger."""
    if len(path.times) < 2:
        return path, clamped
    most = np.asarray(spec.max_velocity) * scale
    speeds = np.clip(path.velocities, -most, most)
    steps = np.diff(path.positions, axis=0)
    room = most * np.diff(path.times)[:, None]
    allowed = np.clip(steps, -room, room)
    worst = float(np.max(np.abs(steps - allowed)))
    if worst == 0.0 and np.array_equal(speeds, path.velocities):
        return path, clamped
    positions: Array = path.positions[0] + np.vstack([np.zeros(steps.shape[1]), np.cumsum(allowed, axis=0)])
    return replace(path, positions=positions, velocities=speeds), max(clamped, worst)


def slowed(path: Trajectory, pace: float) -> Trajectory:
    """The same way at ``pace`` times its speed (0 < pace <= 1)."""
    if pace == 1.0:
        return path
    return replace(path, times=path.times[0] + (path.times - path.times[0]) / pace, velocities=path.velocities * pace)
