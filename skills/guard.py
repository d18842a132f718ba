"""Limits above every driver: what reaches a robot has been checked here, whatever its own controller checks.

A `Guard` is a `RobotDriver` around another. It refuses trajectories that do not start where the robot stands,
leave its limits or the workspace, or are not finite; it clamps per-tick overshoot by rounding and records what was
sent; it stops the robot when its readings no longer change; it asks for explicit consent before anything that is
not simulated moves; it keeps a bounded log of all commands.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from skills.base import BaseSpec, turned_to
from skills.driver import ConsentError, DriverError, GripperResult, Kinematics, Motion, RobotDriver
from skills.types import Array, Mode, RobotSpec, RobotState, Trajectory

WORKSPACE_POINTS = 16  # of a trajectory, evenly, at which the tool is looked at
NO_MOTION = {
    Mode.STOPPED: "it was stopped: call recover() first",
    Mode.PROTECTIVE: "a protective stop is on: clear the cause, then call recover()",
    Mode.EMERGENCY: "the emergency stop is pressed: a person must release it, then call recover()",
    Mode.DISCONNECTED: "not connected: call connect() first",
}


@dataclass(frozen=True)
class GuardLimits:
    """How strict a guard is. ``start``: largest distance of a first point from the present joints [rad or m];
    ``speed_scale``: share of the robot's own velocity limits that is allowed; ``slack``: relative excess of velocity
    that is clamped instead of refused; ``acceleration_slack``: the same for acceleration, which finite differences
    know badly; ``overshoot``: position excess that is clamped [rad or m]; ``stale_ticks``: waits without a new reading
    before the robot is stopped; ``log``: commands remembered."""

    start: float = 0.03
    speed_scale: float = 1.0
    slack: float = 0.05
    acceleration_slack: float = 0.5
    overshoot: float = 1e-3
    stale_ticks: int = 15
    log: int = 2000


@dataclass(frozen=True, eq=False)
class Sent:
    """One command as it was sent. ``clamped``: largest correction by the guard [rad or m]; ``refused``: why not."""

    kind: str
    tick: int | None
    detail: str
    trajectory: Trajectory | None = None
    clamped: float = 0.0
    refused: str = ""


def consent_phrase(spec: RobotSpec) -> str:
    """What a person types, or writes in the configuration, to let a real robot move."""
    return f"move {spec.name}"


class Guard(RobotDriver):
    """A driver that lets only safe commands through to ``driver``.

    ``kinematics``: for the workspace box, None: not checked. ``consent``: the phrase of `consent_phrase`, needed
    for every robot that is not simulated.
    """

    def __init__(
        self,
        driver: RobotDriver,
        kinematics: Kinematics | None = None,
        limits: GuardLimits | None = None,
        consent: str | None = None,
    ) -> None:
        self.driver = driver
        self.limits = limits if limits is not None else GuardLimits()
        self.log: deque[Sent] = deque(maxlen=self.limits.log)
        self._kinematics = kinematics
        self._consent = consent
        self._stale = 0
        self._stamp: float | None = None

    def describe(self) -> RobotSpec:
        return self.driver.describe()

    def connect(self) -> None:
        self.driver.connect()
        self._stale, self._stamp = 0, None

    def close(self) -> None:
        self.driver.close()

    def read_state(self) -> RobotState:
        """The newest reading; raises DriverError when it holds numbers that are not finite."""
        state = self.driver.read_state()
        spec = self.describe()
        if len(state.q) != len(spec.joint_names):
            raise DriverError(f"{spec.name} reports {len(state.q)} joints, it described {len(spec.joint_names)}")
        if not all(math.isfinite(v) for v in (*state.q, *state.dq, state.gripper_width, state.stamp)):
            self._note("read_state", state.tick, refused="readings are not finite")
            raise DriverError(f"{spec.name} reports numbers that are not finite: q={state.q}, dq={state.dq}")
        return state

    def follow(self, trajectory: Trajectory) -> Motion:
        state = self._ready("follow")
        try:
            sent, clamped = self._checked(trajectory, state)
        except DriverError as error:
            self._note("follow", state.tick, refused=str(error))
            raise
        motion = self.driver.follow(sent)
        self._note("follow", state.tick, f"{len(sent.times)} points, {sent.duration:.2f} s", sent, clamped)
        return motion

    def drive(self, path: Trajectory) -> Motion:
        state = self._ready("drive")
        try:
            sent, clamped = self._checked_drive(path, state)
        except DriverError as error:
            self._note("drive", state.tick, refused=str(error))
            raise
        motion = self.driver.drive(sent)
        self._note("drive", state.tick, f"{len(sent.times)} points, {sent.duration:.2f} s", sent, clamped)
        return motion

    def gripper(self, width: float, speed: float, force: float) -> GripperResult:
        state = self._ready("gripper")
        spec = self.describe()
        if not all(math.isfinite(v) for v in (width, speed, force)):
            self._refuse("gripper", state, f"gripper command is not finite: {width}, {speed}, {force}")
        low, high = spec.gripper_range
        if not low - 0.005 <= width <= high + 0.005:
            self._refuse("gripper", state, f"gripper width {width:.3f} m is outside {low:.3f}..{high:.3f} m")
        wide = min(max(width, low), high)
        fast = min(max(speed, 1e-3), spec.gripper_speed)
        firm = min(max(force, 0.0), spec.gripper_force[1])
        self._note(
            "gripper", state.tick, f"width {wide:.4f} m, {fast:.3f} m/s, {firm:.1f} N", clamped=abs(wide - width)
        )
        return self.driver.gripper(wide, fast, firm)

    def wait(self, ticks: int = 1) -> None:
        for _ in range(ticks):
            self.driver.wait(1)
            self._watch()

    def stop(self) -> None:
        self._note("stop", None)
        self.driver.stop()

    def recover(self) -> None:
        self._note("recover", None)
        self.driver.recover()
        self._stale, self._stamp = 0, None

    def _watch(self) -> None:
        """Stop when readings stand still: a robot that is not seen must not move."""
        stamp = self.driver.read_state().stamp
        self._stale = self._stale + 1 if stamp == self._stamp else 0
        self._stamp = stamp
        if self._stale >= self.limits.stale_ticks:
            stale, self._stale = self._stale, 0
            self.stop()
            raise DriverError(f"stale state: no new reading from {self.describe().name} for {stale} ticks; stopped")

    def _ready(self, kind: str) -> RobotState:
        spec = self.describe()
        if not spec.simulated and self._consent != consent_phrase(spec):
            self._note(kind, None, refused="no consent")
            raise ConsentError(
                f"{spec.name} is a real robot: it moves only with consent, the exact words {consent_phrase(spec)!r}"
            )
        state = self.read_state()
        if state.mode in NO_MOTION:
            self._refuse(kind, state, f"{spec.name} does not move: {NO_MOTION[state.mode]}")
        if state.mode is Mode.MOVING and kind in ("follow", "drive"):
            self._refuse(kind, state, f"{spec.name} is moving: wait until that is done, or cancel it")
        return state

    def _refuse(self, kind: str, state: RobotState, why: str) -> None:
        self._note(kind, state.tick, refused=why)
        raise DriverError(why)

    def _note(self, kind: str, tick: int | None, detail: str = "", trajectory: Trajectory | None = None,
              clamped: float = 0.0, refused: str = "") -> None:  # fmt: skip
        self.log.append(Sent(kind, tick, detail, trajectory, clamped, refused))

    def _checked(self, path: Trajectory, state: RobotState) -> tuple[Trajectory, float]:
        """The trajectory as it may be sent, and the largest correction; raises DriverError."""
        spec = self.describe()
        self._wellformed(spec, path, spec.name)
        off = np.abs(path.positions[0] - np.asarray(state.q))
        if float(np.max(off)) > self.limits.start:
            j = int(np.argmax(off))
            raise DriverError(
                f"trajectory jumps: joint {spec.joint_names[j]} starts at {path.positions[0, j]:.3f}, "
                f"the robot stands at {state.q[j]:.3f}; plan from the present state"
            )
        low, high = np.asarray(spec.lower), np.asarray(spec.upper)
        # a robot that stands a little outside may come back in
        here = np.asarray(state.q)
        inside = np.clip(path.positions, np.minimum(low, here), np.maximum(high, here))
        self._within(spec, np.abs(path.positions - inside), self.limits.overshoot, path, "position")
        self._speeds(spec, path)
        self._workspace(spec, inside)
        sent = replace(path, positions=inside)
        return self._stepped(spec, sent, float(np.max(np.abs(path.positions - inside))))

    def _checked_drive(self, path: Trajectory, state: RobotState) -> tuple[Trajectory, float]:
        """The base path as it may be sent: it starts where the base stands and keeps the base's limits."""
        spec = self.describe()
        if spec.base is None or state.base is None:
            raise DriverError(f"{spec.name} has no base that drives")
        self._wellformed(spec.base, path, f"the base of {spec.name}")
        off = np.abs(path.positions[0] - np.asarray(state.base))
        off[2] = abs(turned_to(float(off[2]), 0.0))
        if float(np.max(off)) > self.limits.start:
            raise DriverError(
                f"base path jumps: it starts at {np.round(path.positions[0], 3).tolist()}, the base stands at "
                f"{np.round(state.base, 3).tolist()}; plan from the present state"
            )
        self._speeds(spec.base, path)
        return self._stepped(spec.base, path, 0.0)

    def _wellformed(self, spec: RobotSpec | BaseSpec, path: Trajectory, whose: str) -> None:
        if path.joint_names != spec.joint_names:
            raise DriverError(f"trajectory is for joints {path.joint_names}, {whose} has {spec.joint_names}")
        for what, values in (("times", path.times), ("positions", path.positions), ("velocities", path.velocities)):
            if not np.all(np.isfinite(values)):
                raise DriverError(f"trajectory {what} hold numbers that are not finite")
        if len(path.times) > 1 and np.min(np.diff(path.times)) <= 0:
            raise DriverError("trajectory times must rise strictly")

    def _within(self, spec: RobotSpec, excess: Array, allowed: float, path: Trajectory, what: str) -> None:
        if float(np.max(excess)) > allowed:
            i, j = np.unravel_index(int(np.argmax(excess)), excess.shape)
            raise DriverError(
                f"trajectory leaves the {what} limits of joint {spec.joint_names[int(j)]} at {path.times[i]:.2f} s "
                f"(position {path.positions[i, j]:.3f}, limits {spec.lower[int(j)]:.3f}..{spec.upper[int(j)]:.3f}; "
                "radians and metres are expected)"
            )

    def _speeds(self, spec: RobotSpec | BaseSpec, path: Trajectory) -> None:
        fastest = np.asarray(spec.max_velocity) * self.limits.speed_scale
        given = np.max(np.abs(path.velocities), axis=0)
        if len(path.times) > 1:
            mean = np.max(np.abs(np.diff(path.positions, axis=0) / np.diff(path.times)[:, None]), axis=0)
            given = np.maximum(given, mean)
        self._limit(spec, given, fastest * (1 + self.limits.slack), "velocity")
        if len(path.times) > 1:
            change = np.abs(np.diff(path.velocities, axis=0) / np.diff(path.times)[:, None])
            hardest = np.asarray(spec.max_acceleration) * (1 + self.limits.acceleration_slack)
            self._limit(spec, np.max(change, axis=0), hardest, "acceleration")

    def _limit(self, spec: RobotSpec | BaseSpec, values: Array, limits: Array, what: str) -> None:
        share = values / limits
        j = int(np.argmax(share))
        if share[j] > 1:
            raise DriverError(
                f"trajectory breaks the {what} limit of joint {spec.joint_names[j]}: {values[j]:.2f}, "
                f"allowed {limits[j]:.2f}; slow it down"
            )

    def _workspace(self, spec: RobotSpec, positions: Array) -> None:
        if spec.workspace is None or self._kinematics is None:
            return
        low, high = (np.asarray(corner) for corner in spec.workspace)
        foot = self._kinematics.mount.inverse()
        for i in np.unique(np.linspace(0, len(positions) - 1, WORKSPACE_POINTS).astype(int)):
            q = positions[i]
            point = np.asarray((foot @ self._kinematics.forward(q)).position)
            if np.any(point < low) or np.any(point > high):
                said = ", ".join(f"{v:.2f}" for v in point)
                raise DriverError(
                    f"trajectory leaves the workspace: tool at ({said}) from its foot, box {spec.workspace}"
                )

    def _stepped(self, spec: RobotSpec | BaseSpec, path: Trajectory, clamped: float) -> tuple[Trajectory, float]:
        """Clamp what one control tick may change. Only rounding of the velocity limit is left to clamp here."""
        if len(path.times) < 2:
            return path, clamped
        most = np.asarray(spec.max_velocity) * self.limits.speed_scale
        speeds = np.clip(path.velocities, -most, most)
        steps = np.diff(path.positions, axis=0)
        room = most * np.diff(path.times)[:, None]
        allowed = np.clip(steps, -room, room)
        worst = float(np.max(np.abs(steps - allowed)))
        if worst == 0.0 and np.array_equal(speeds, path.velocities):
            return path, clamped
        positions: Array = path.positions[0] + np.vstack([np.zeros(steps.shape[1]), np.cumsum(allowed, axis=0)])
        return replace(path, positions=positions, velocities=speeds), max(clamped, worst)
