"""The base of a simulated robot in motion: smooth targets for every physics step, and a watch over how it follows."""

from __future__ import annotations

import math

import numpy as np

from sim.playback import Playback, Row, brake
from sim.world import STEP, World
from skills.base import AXES, turned_to
from skills.driver import DriverError, MotionCode
from skills.types import Trajectory

LAG = 0.06  # [m] further behind than this: something blocks the base
TURN_LAG = 0.15  # [rad]
GOAL = (0.008, 0.015)  # [m, rad] within which it has arrived
PATIENCE = 60  # control ticks to arrive after the last point
START = 0.05  # [m or rad] between a path's first point and the base


class Driving:
    """One base motion after the other. ``motion``: the running one, an object with ``finish`` and ``done``."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._motion: object | None = None
        self._goal = (0.0, 0.0, 0.0)
        self._over = 0

    def check(self, path: Trajectory, world: World) -> None:
        """Raises DriverError for a path that this base cannot start."""
        state = world.arm.base_state()
        if state is None:
            raise DriverError(f"{world.robot.spec.name} has no base that drives")
        if path.joint_names != AXES:
            raise DriverError(f"a base path has the axes {', '.join(AXES)}, got {', '.join(path.joint_names)}")
        if not (np.isfinite(path.positions).all() and np.isfinite(path.velocities).all()):
            raise DriverError("base path holds numbers that are not finite")
        if len(path.times) > 1 and (np.diff(path.times) <= 0).any():
            raise DriverError("base path times must rise strictly")
        away = np.abs(path.positions[0] - np.asarray(state[0]))
        away[2] = abs(turned_to(float(path.positions[0][2]) - state[0][2], 0.0))
        if float(away.max()) > START:
            raise DriverError(f"base path starts {away.max():.3f} away from the base (allowed {START})")

    def start(self, path: Trajectory, motion: object, world: World) -> None:
        """Take over a checked path."""
        state = world.arm.base_state()
        assert state is not None
        turns = round((state[0][2] - float(path.positions[0][2])) / (2 * math.pi)) * 2 * math.pi
        if turns:  # the same headings, counted as the base's own joint counts them
            path = Trajectory(
                path.joint_names, path.times, path.positions + np.array([0.0, 0.0, turns]), path.velocities
            )
        playback = Playback(path, STEP)
        self.rows, self._motion, self._over = playback.rows(), motion, 0
        self._goal = tuple(float(v) for v in playback.goal)  # type: ignore[assignment]

    def halt(self, world: World) -> None:
        """Replace what was coming by a short deceleration."""
        if self._motion is not None:
            self.rows = brake(*world.arm.base_targets, STEP)
            self._motion = None

    @property
    def motion(self) -> object | None:
        """The motion that runs or has just been cancelled."""
        return self._motion

    def supervise(self, world: World) -> tuple[MotionCode, str] | None:
        """How the running motion ended in this control tick; None while it goes on."""
        state = world.arm.base_state()
        if self._motion is None or state is None:
            return None
        (x, y, yaw), _ = state
        wanted = world.arm.base_targets[0]
        behind, turned = math.hypot(wanted[0] - x, wanted[1] - y), abs(wanted[2] - yaw)
        if behind > LAG or turned > TURN_LAG:
            self.rows, self._motion = [], None
            world.arm.drive((x, y, yaw), (0.0, 0.0, 0.0))
            return MotionCode.PATH_TOLERANCE, f"the base is {behind:.2f} m behind: something blocks it"
        if self.rows:
            return None
        self._over += 1
        left, turn = math.hypot(self._goal[0] - x, self._goal[1] - y), abs(self._goal[2] - yaw)
        if left < GOAL[0] and turn < GOAL[1]:
            self._motion = None
            return MotionCode.OK, ""
        if self._over > PATIENCE:
            self._motion = None
            return MotionCode.GOAL_TOLERANCE, f"the base ended {left:.3f} m away from its goal"
        return None
