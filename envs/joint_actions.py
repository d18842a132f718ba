"""Joint-level actions: velocities of base and joints and an opening of the fingers, at a fixed rate.

Every action is a stretch of trajectory for the robot's driver with a tail that comes to rest: a controller that falls
silent stops the robot. Shares of the robot's limits, so that every action is legal; contact is real, and what blocks
is told.
"""

from __future__ import annotations

import math

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from sim.driver import PyBulletDriver
from skills.base import AXES
from skills.driver import Motion, MotionCode
from skills.types import Array, RobotSpec, Trajectory

PERIOD = 6  # control ticks that one action lasts
SPEED = 0.5  # share of the velocity limits that an action of 1 means
FORCE = 20.0  # [N] of the fingers
ASTRAY = 0.04  # [rad] or [m] between target and measurement: begin anew from what is measured


class JointActions:
    """Actions in [-1, 1]: velocities of a base that drives (forwards, to its left, turning left), of the joints, and
    last the opening of the fingers (-1 closed, 1 open)."""

    def __init__(self, spec: RobotSpec) -> None:
        self.spec = spec
        self.base_size = 3 if spec.base is not None else 0
        self.size = self.base_size + len(spec.joint_names) + 1
        self.space = spaces.Box(-1.0, 1.0, (self.size,), np.float32)
        self.seconds = PERIOD / spec.rate
        self.reset()

    def reset(self) -> None:
        """Begin at rest, wherever the robot stands."""
        self._arm: tuple[Array, Array] | None = None  # target and its velocity
        self._base: tuple[Array, Array] | None = None
        self._opening: float | None = None

    def apply(self, driver: PyBulletDriver, action: NDArray[np.float32]) -> str:
        """Move for `PERIOD` ticks; returns what blocked the robot, "" if nothing did. Raises ValueError for an action
        of another shape or with numbers that are not finite."""
        values = np.asarray(action, float)
        if values.shape != (self.size,) or not np.isfinite(values).all():
            raise ValueError(f"an action is {self.size} finite numbers in [-1, 1], got {action!r}")
        values = np.clip(values, -1.0, 1.0)
        state = driver.read_state()
        motions = []
        if self.spec.base is not None and state.base is not None:
            forwards, left, turn = values[:3]
            cos, sin = math.cos(state.base[2]), math.sin(state.base[2])
            wish = np.array([cos * forwards - sin * left, sin * forwards + cos * left, turn])
            free = np.full(3, np.inf)
            limits = (-free, free, np.asarray(self.spec.base.max_velocity), np.asarray(self.spec.base.max_acceleration))
            path, self._base = self._stretch(AXES, np.asarray(state.base), self._base, wish, limits)
            motions.append(driver.drive(path))
        limits = tuple(
            np.asarray(x)
            for x in (self.spec.lower, self.spec.upper, self.spec.max_velocity, self.spec.max_acceleration)
        )
        joints = values[self.base_size : -1]
        path, self._arm = self._stretch(self.spec.joint_names, np.asarray(state.q), self._arm, joints, limits)
        motions.append(driver.follow(path))
        low, high = self.spec.gripper_range
        opening = low + (high - low) * (float(values[-1]) + 1) / 2
        if self._opening is None or abs(opening - self._opening) > 1e-4:
            driver.aim_gripper(opening, self.spec.gripper_speed, FORCE)
            self._opening = opening
        driver.wait(PERIOD)
        driver.gripper_result()
        return "; ".join(filter(None, map(_blocked, motions)))

    def _stretch(
        self,
        names: tuple[str, ...],
        measured: Array,
        before: tuple[Array, Array] | None,
        wish: Array,
        limits: tuple[Array, ...],
    ) -> tuple[Trajectory, tuple[Array, Array]]:
        """One period towards the wished velocity (D,) as share of the limits, and a tail to rest; where it leads."""
        lower, upper, fastest, quickest = limits
        start, speed = before if before is not None else (measured, np.zeros(len(measured)))
        if float(np.abs(start - measured).max()) > ASTRAY:
            start, speed = measured, np.zeros(len(measured))
        start = np.clip(start, lower, upper)
        t = self.seconds
        wanted = speed + np.clip(SPEED * wish * fastest - speed, -quickest * t, quickest * t)
        room_up, room_down = upper - start - speed * t, start - lower + speed * t  # what is left after one more period
        top = np.sqrt(quickest * np.maximum(room_up, 0.0))  # from which half of the limit still stops in time
        bottom = -np.sqrt(quickest * np.maximum(room_down, 0.0))
        wanted = np.clip(wanted, bottom, top)
        end = np.clip(start + (speed + wanted) / 2 * t, lower, upper)
        tail = max(t / 2, float(np.max(2 * np.abs(wanted) / quickest)))
        rest = np.clip(end + wanted / 2 * tail, lower, upper)
        path = Trajectory(
            names,
            np.array([0.0, t, t + tail]),
            np.stack([start, end, rest]),
            np.stack([speed, wanted, np.zeros(len(start))]),
        )
        return path, (end, wanted)


def _blocked(motion: Motion) -> str:
    if not motion.done():
        return ""
    result = motion.result()
    return "" if result.code in (MotionCode.OK, MotionCode.CANCELLED) else result.detail
