"""UFACTORY xArm 5, 6, 7 and Lite 6 by ``xarm-python-sdk``: extra ``xarm``. Set-points in servo mode.

Written against the kit's interface (1.18) and tested against a stand-in with the same methods; never on hardware.
"""

from __future__ import annotations

import math
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar

from skills.driver import DriverError, GripperResult
from skills.driver_config import ConfigError
from skills.drivers.fingers import Fingers
from skills.drivers.linked import Reading
from skills.drivers.streaming import StreamingDriver
from skills.types import Array, Mode, RobotSpec

SERVO_MODE, READY, STOPPED = 1, 0, 4  # of set_mode and set_state
FAULTY = (4, 5, 6)  # states in which the arm takes no motion
PULSES = 850.0  # of an open gripper
WIDEST = 0.086  # [m] of the maker's gripper
FINGERS_EVERY = 0.05  # [s] between two looks at the gripper: each is a question to the controller
EMERGENCY_ERRORS = (1, 2, 3)  # controller errors: the button, the button of the arm, the three-state switch


@dataclass(frozen=True)
class XArmConfig:
    """``host``: the controller. ``joints``: 5, 6 or 7. ``rate``: set-points per second. ``gripper``: the maker's
    gripper is mounted. ``lower``, ``upper``, ``home`` [rad]: of every joint; the default limits hold for an xArm 7."""

    host: str
    joints: int = 7
    name: str = "xarm"
    rate: float = 100.0
    gripper: bool = True
    lower: tuple[float, ...] = (-6.28, -2.05, -6.28, -0.19, -6.28, -1.69, -6.28)
    upper: tuple[float, ...] = (6.28, 2.09, 6.28, 3.92, 6.28, 3.14, 6.28)
    home: tuple[float, ...] = (0.0, -0.4, 0.0, 0.7, 0.0, 1.1, 0.0)

    def __post_init__(self) -> None:
        if self.joints not in (5, 6, 7):
            raise ConfigError(f"joints: {self.joints} is none of 5, 6, 7")
        for key in ("lower", "upper", "home"):
            if len(getattr(self, key)) != self.joints:
                raise ConfigError(f"{key}: {len(getattr(self, key))} values for {self.joints} joints")
        if not 10 <= self.rate <= 250:
            raise ConfigError(f"rate: 10 to 250 set-points a second, not {self.rate:g}")


def xarm_spec(config: XArmConfig) -> RobotSpec:
    """What the driver promises for a configuration."""
    n = config.joints
    return RobotSpec(
        name=config.name,
        joint_names=tuple(f"joint{i + 1}" for i in range(n)),
        lower=config.lower,
        upper=config.upper,
        max_velocity=(math.pi,) * n,
        max_acceleration=(10.0,) * n,
        home=config.home,
        gripper_range=(0.0, WIDEST),
        payload=3.0,
        rate=60.0,
        simulated=False,
        capabilities=frozenset({"recover", "stop"}),
    )


class XArmDriver(StreamingDriver):
    """An arm of the xArm family."""

    Config: ClassVar[type | None] = XArmConfig

    def __init__(self, config: XArmConfig) -> None:
        super().__init__(xarm_spec(config), config.rate)
        self.config = config
        self._arm: Any = None
        self._width, self._looked = WIDEST, 0.0
        self._fingers_of = Fingers(lambda: self._width, self._linked, WIDEST)

    def _link(self) -> None:
        try:
            from xarm.wrapper import XArmAPI
        except ImportError as error:
            raise DriverError(f"xarm-python-sdk is missing ({error}): pip install 'groundplan[xarm]'") from error
        self._arm = XArmAPI(self.config.host, is_radian=True, do_not_open=True)
        self._arm.connect()
        if not self._arm.connected:
            raise DriverError(f"no controller answers at {self.config.host}")

    def _unlink(self) -> None:
        arm, self._arm = self._arm, None
        if arm is not None:
            with suppress(Exception):
                arm.disconnect()

    def _read(self) -> Reading:
        arm = self._arm
        if not arm.connected:
            raise DriverError("the controller closed the connection")
        code, states = arm.get_joint_states(is_radian=True, num=2)
        self._said("get_joint_states", code)
        now = time.monotonic()
        if self.config.gripper and now - self._looked > FINGERS_EVERY:
            self._looked = now
            code, pulses = arm.get_gripper_position()
            if code == 0 and pulses is not None:
                self._width = max(0.0, float(pulses)) / PULSES * WIDEST
        mode, why = Mode.IDLE, ""
        if arm.error_code:
            mode = Mode.EMERGENCY if arm.error_code in EMERGENCY_ERRORS else Mode.PROTECTIVE
            why = f"controller error {arm.error_code}"
        n = self.config.joints
        q, dq = (tuple(float(v) for v in states[k][:n]) for k in (0, 1))
        return Reading(now, now, q, dq, self._width, mode=mode, why=why)

    def _holds(self, width: float) -> bool | None:
        return self._fingers_of.holding(width) if self.config.gripper else None

    def _enter_stream(self) -> None:
        arm = self._arm
        if arm.mode != SERVO_MODE or arm.state in FAULTY:
            self._said("motion_enable", arm.motion_enable(True))
            self._said("set_mode", arm.set_mode(SERVO_MODE))
            self._said("set_state", arm.set_state(READY))

    def _write(self, q: Array) -> None:
        angles = [*q.tolist(), *([0.0] * (7 - len(q)))]
        self._said("set_servo_angle_j", self._arm.set_servo_angle_j(angles, is_radian=True))

    def _said(self, what: str, code: Any) -> None:
        """Codes above 2 are failures; 1 and 2 say that an error or a warning is on, which the next reading tells."""
        if code not in (0, 1, 2):
            raise DriverError(f"{what} answers {code}")

    def _clear(self) -> None:
        arm = self._arm
        arm.clean_error()
        arm.clean_warn()
        self._said("motion_enable", arm.motion_enable(True))
        self._said("set_mode", arm.set_mode(SERVO_MODE))
        self._said("set_state", arm.set_state(READY))
        if arm.error_code:
            raise DriverError(f"{self._spec.name} keeps its controller error {arm.error_code}: clear the cause first")

    def _fingers(self, width: float, speed: float, force: float) -> GripperResult:
        if not self.config.gripper:
            raise DriverError(f"{self._spec.name} has no gripper in its configuration (gripper: false)")
        arm = self._arm
        self._said("set_gripper_enable", arm.set_gripper_enable(True))
        self._said("set_gripper_mode", arm.set_gripper_mode(0))
        self._said("set_gripper_speed", arm.set_gripper_speed(max(1000.0, speed / WIDEST * PULSES * 60)))
        self._said("set_gripper_position", arm.set_gripper_position(width / WIDEST * PULSES, wait=False))
        got = self._fingers_of.wait(width, speed, lambda: self._stopped)
        if self._stopped:
            arm.set_gripper_position(self._width / WIDEST * PULSES, wait=False)
        return got
