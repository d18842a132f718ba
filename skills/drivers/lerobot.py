"""Any robot of the ``lerobot`` package (SO-100, SO-101, Koch, plug-ins), by a sampler that feeds ``send_action``.

lerobot's contract is one set-point per tick, without limits or stops of its own; those are here and in the guard. It
pins other packages narrowly: install it where the planner runs (extra ``lerobot``), or see docs/hardware.md.
"""

from __future__ import annotations

import importlib
import pkgutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from skills.driver import DriverError, GripperResult
from skills.driver_config import ConfigError
from skills.drivers.arm_config import ArmConfig
from skills.drivers.fingers import Fingers
from skills.drivers.linked import Reading
from skills.drivers.streaming import StreamingDriver
from skills.resolve import resolve
from skills.types import Array


@dataclass(frozen=True)
class LeRobotConfig:
    """``robot``: a type that lerobot knows (so101_follower) or module:callable that makes a Robot from ``settings``.
    ``keys``: of observation and action, one per joint; ``scale`` [rad per unit], ``offset`` [rad]: joint = value *
    scale + offset. ``gripper_key`` reads ``gripper_closed`` at the smallest, ``gripper_open`` at the largest width."""

    robot: str
    arm: ArmConfig
    keys: tuple[str, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    scale: tuple[float, ...] = ()
    offset: tuple[float, ...] = ()
    gripper_key: str = ""
    gripper_closed: float = 0.0
    gripper_open: float = 100.0
    name: str = "lerobot arm"
    rate: float = 50.0
    simulated: bool = False

    def __post_init__(self) -> None:
        n = len(self.arm.joint_names)
        for key in ("keys", "scale", "offset"):
            if (getattr(self, key) and len(getattr(self, key)) != n) or not self.keys:
                raise ConfigError(f"{key}: {len(getattr(self, key))} values for {n} joints")
        if self.gripper_closed == self.gripper_open:
            raise ConfigError("gripper_closed and gripper_open must differ")


class LeRobotDriver(StreamingDriver):
    """A lerobot Robot. Give it no cameras: they slow every reading down; perception is a part of its own."""

    Config: ClassVar[type | None] = LeRobotConfig

    def __init__(self, config: LeRobotConfig) -> None:
        super().__init__(config.arm.spec(config.name, config.simulated, "stop"), config.rate, smoothing=0.06)
        self.config = config
        n = len(config.keys)
        self._scale = np.asarray(config.scale or [np.pi / 180] * n, float)
        self._offset = np.asarray(config.offset or [0.0] * n, float)
        self._robot: Any = None
        self._width = config.arm.gripper_range[1]
        self._wanted: float | None = None  # width that the fingers are going to
        self._fingers_of = Fingers(lambda: self._width, self._linked, config.arm.gripper_range[1])

    def _link(self) -> None:
        config = self.config
        self._robot = self._made(config)
        self._robot.connect(calibrate=False)
        lacking = [k for k in (*config.keys, config.gripper_key) if k and k not in self._robot.action_features]
        if lacking:
            known = ", ".join(self._robot.action_features)
            raise DriverError(f"{config.robot} has no action {', '.join(lacking)}; it has: {known}")
        if not self._robot.is_calibrated:
            raise DriverError(f"{config.robot} is not calibrated: run lerobot-calibrate for it first")
        self._wanted = None

    @staticmethod
    def _made(config: LeRobotConfig) -> Any:
        if ":" in config.robot:
            return resolve(config.robot, "groundplan.lerobot")(**config.settings)
        try:
            from lerobot.robots import RobotConfig, make_robot_from_config
        except ImportError as error:
            raise DriverError(f"lerobot is missing ({error}): pip install 'groundplan[lerobot]'") from error
        known = RobotConfig.get_known_choices()
        for module in pkgutil.iter_modules(importlib.import_module("lerobot.robots").__path__):
            if config.robot in known:
                break
            with suppress(Exception):  # importing a robot's module registers its types; others may lack their kits
                importlib.import_module(f"lerobot.robots.{module.name}")
            known = RobotConfig.get_known_choices()
        if config.robot not in known:
            raise DriverError(f"lerobot knows no robot {config.robot!r}; it knows: {', '.join(known)}")
        return make_robot_from_config(known[config.robot](**config.settings))

    def _unlink(self) -> None:
        robot, self._robot = self._robot, None
        if robot is not None:
            with suppress(Exception):
                robot.disconnect()

    def _read(self) -> Reading:
        try:
            seen = self._robot.get_observation()
        except ConnectionError:  # servo buses lose a packet now and then; a silent one is a lost link
            last = self._reading
            if last is None or time.monotonic() - last.arrived > self.silence:
                raise
            return last
        now = time.monotonic()
        q = np.asarray([float(seen[k]) for k in self.config.keys]) * self._scale + self._offset
        if self.config.gripper_key:
            low, high = self.config.arm.gripper_range
            share = (float(seen[self.config.gripper_key]) - self.config.gripper_closed) / self._opening()
            self._width = low + share * (high - low)
        if (
            self._samples is None and self._wanted is not None and not self._lost
        ):  # fingers alone: the arm stays at its set-point
            at = self._setpoint if self._setpoint is not None else q
            self._write(at)
        return Reading(now, now, tuple(q.tolist()), (), self._width)

    def _holds(self, width: float) -> bool | None:
        return self._fingers_of.holding(width) if self.config.gripper_key else None

    def _opening(self) -> float:
        return self.config.gripper_open - self.config.gripper_closed

    def _write(self, q: Array) -> None:
        values = (q - self._offset) / self._scale
        action = {k: float(v) for k, v in zip(self.config.keys, values, strict=True)}
        if self.config.gripper_key and self._wanted is not None:
            low, high = self.config.arm.gripper_range
            action[self.config.gripper_key] = (
                self.config.gripper_closed + (self._wanted - low) / (high - low) * self._opening()
            )
        self._setpoint = q
        self._robot.send_action(action)

    def _fingers(self, width: float, speed: float, force: float) -> GripperResult:
        """Servo fingers press with what their own torque limit allows: ``force`` has no say."""
        if not self.config.gripper_key:
            raise DriverError(f"{self._spec.name} has no gripper in its configuration (gripper_key)")
        start, began = self._width, time.monotonic()
        way = width - start
        seconds = abs(way) / max(speed, 1e-3)
        while time.monotonic() - began < seconds and not self._stopped:
            self._linked()
            self._wanted = start + way * (time.monotonic() - began) / seconds
            time.sleep(0.02)
        if not self._stopped:
            self._wanted = width
        got = self._fingers_of.wait(width, speed, lambda: self._stopped)
        if self._stopped:
            self._wanted = self._width
        return got
