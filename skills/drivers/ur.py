"""Universal Robots by the client ``ur-rtde``: extra ``ur``. Set-points by ``servoJ``; a gripper is a device of its own.

The client holds the interpreter while it connects, so the address is tried with a plain socket first.
"""

from __future__ import annotations

import math
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np

from skills.driver import DriverError, GripperResult
from skills.driver_config import ConfigError
from skills.drivers.fingers import Fingers
from skills.drivers.linked import Reading
from skills.drivers.streaming import StreamingDriver
from skills.resolve import resolve
from skills.types import Array, Mode, RobotSpec

RTDE_PORT = 30004
OPENING = 3.0  # [s]
DECELERATION = 3.0  # [rad/s^2] after the last set-point
WATCHDOG = 10.0  # [1/s] kicks below which the controller stops the arm by itself
_NAMES = ("shoulder_pan", "shoulder_lift", "elbow", "wrist_1", "wrist_2", "wrist_3")
_FAST = {  # [rad/s], from the maker's data sheets
    "ur3e": (math.pi, math.pi, math.pi, 2 * math.pi, 2 * math.pi, 2 * math.pi),
    "ur5e": (math.pi,) * 6,
    "ur10e": (2.0944, 2.0944, math.pi, math.pi, math.pi, math.pi),
    "ur16e": (2.0944, 2.0944, math.pi, math.pi, math.pi, math.pi),
}
_PAYLOAD = {"ur3e": 3.0, "ur5e": 5.0, "ur10e": 12.5, "ur16e": 16.0}


class GripperDevice(Protocol):
    """A gripper beside the arm. Widths in metres."""

    def width(self) -> float:
        """Measured distance of the pads."""

    def move(self, width: float, speed: float, force: float) -> None:
        """Start towards ``width``; return at once."""

    def halt(self) -> None:
        """Stand still where it is."""

    def close(self) -> None:
        """Release the link."""


@dataclass(frozen=True)
class UrConfig:
    """``host``: the controller. ``arm``: ur3e, ur5e, ur10e, ur16e. ``rate``: set-points per second. ``control``: false
    reads only. ``lookahead`` [s], ``gain``: of servoJ. ``gripper``: module:Class of a `GripperDevice`, made with
    ``host``. ``reach``: joints may turn by plus and minus this [rad]."""

    host: str
    arm: str = "ur5e"
    name: str = "ur"
    rate: float = 125.0
    control: bool = True
    lookahead: float = 0.1
    gain: float = 300.0
    gripper: str = ""
    gripper_range: tuple[float, float] = (0.0, 0.085)
    reach: float = math.pi
    home: tuple[float, ...] = (0.0, -1.57, 1.57, -1.57, -1.57, 0.0)

    def __post_init__(self) -> None:
        if self.arm not in _FAST:
            raise ConfigError(f"arm: {self.arm!r} is none of {', '.join(_FAST)}")
        if not 10 <= self.rate <= 500:
            raise ConfigError(f"rate: 10 to 500 set-points a second, not {self.rate:g}")
        if not 0.03 <= self.lookahead <= 0.2:
            raise ConfigError(f"lookahead: 0.03 to 0.2 s, not {self.lookahead:g}")
        if not 100 <= self.gain <= 2000:
            raise ConfigError(f"gain: 100 to 2000, not {self.gain:g}")


def ur_spec(config: UrConfig) -> RobotSpec:
    """What the driver promises for a configuration."""
    return RobotSpec(
        name=config.name,
        joint_names=tuple(f"{n}_joint" for n in _NAMES),
        lower=(-config.reach,) * 6,
        upper=(config.reach,) * 6,
        max_velocity=_FAST[config.arm],
        max_acceleration=(8.0,) * 6,
        home=config.home,
        gripper_range=config.gripper_range,
        payload=_PAYLOAD[config.arm],
        rate=60.0,
        simulated=False,
        capabilities=frozenset({"recover", "effort", "stop"}),
    )


class UrDriver(StreamingDriver):
    """A Universal Robots arm in remote control."""

    Config: ClassVar[type | None] = UrConfig

    def __init__(self, config: UrConfig) -> None:
        super().__init__(ur_spec(config), config.rate)
        self.config = config
        self._receive: Any = None
        self._control: Any = None
        self._device: GripperDevice | None = None
        self._fingers_of = Fingers(
            lambda: self._device.width() if self._device is not None else 0.0, self._linked, config.gripper_range[1]
        )

    def _link(self) -> None:
        host = self.config.host
        try:
            import rtde_control
            import rtde_receive
        except ImportError as error:
            raise DriverError(f"ur-rtde is missing ({error}): pip install 'groundplan[ur]'") from error
        try:
            socket.create_connection((host, RTDE_PORT), OPENING).close()
        except OSError as error:
            raise DriverError(f"no controller answers at {host}:{RTDE_PORT}: {error}") from error
        self._receive = rtde_receive.RTDEReceiveInterface(host, self.config.rate)
        if self.config.control:
            self._control = rtde_control.RTDEControlInterface(host, self.config.rate)
            self._control.setWatchdog(WATCHDOG)
        if self.config.gripper:
            self._device = resolve(self.config.gripper, "groundplan.grippers")(host)

    def _unlink(self) -> None:
        for part, methods in (
            (self._control, ("stopScript", "disconnect")),
            (self._receive, ("disconnect",)),
            (self._device, ("close",)),
        ):
            for method in methods if part is not None else ():
                with suppress(Exception):
                    getattr(part, method)()
        self._receive = self._control = self._device = None

    def _read(self) -> Reading:
        kit = self._receive
        if not kit.isConnected():
            raise DriverError("the controller closed the connection")
        if self._control is not None:
            self._control.kickWatchdog()
        mode, why = Mode.IDLE, ""
        if kit.isEmergencyStopped():
            mode, why = Mode.EMERGENCY, "the emergency stop is pressed"
        elif kit.isProtectiveStopped():
            mode, why = Mode.PROTECTIVE, f"protective stop, safety mode {kit.getSafetyMode()}"
        width = self._device.width() if self._device is not None else self.config.gripper_range[0]
        return Reading(
            time.monotonic(), kit.getTimestamp(), tuple(kit.getActualQ()), tuple(kit.getActualQd()), width,
            mode=mode, effort=float(np.linalg.norm(kit.getActualTCPForce()[:3])), why=why,
        )  # fmt: skip

    def _holds(self, width: float) -> bool | None:
        return self._fingers_of.holding(width) if self._device is not None else None

    def _enter_stream(self) -> None:
        if self._control is None:
            raise DriverError("control: false in the configuration, this driver only reads")
        if not self._control.isProgramRunning():
            self._control.reuploadScript()

    def _write(self, q: Array) -> None:
        config = self.config
        if not self._control.servoJ(q.tolist(), 0.0, 0.0, 1.0 / config.rate, config.lookahead, config.gain):
            raise DriverError("the controller takes no set-points: is it in remote control, is its program running?")

    def _leave_stream(self) -> None:
        self._control.servoStop(DECELERATION)

    def _begin(self, motion: Any) -> None:
        if not self.config.control:
            raise DriverError(f"{self._spec.name} only reads (control: false)")
        super()._begin(motion)

    def _halt(self) -> None:
        super()._halt()
        if self._device is not None:
            self._device.halt()

    def _clear(self) -> None:
        """Unlock a protective stop by the dashboard, then start the control program again."""
        reading = self._reading
        if reading is None or reading.mode is not Mode.PROTECTIVE:
            return
        import dashboard_client

        board = dashboard_client.DashboardClient(self.config.host)
        board.connect()
        try:
            board.closeSafetyPopup()
            board.unlockProtectiveStop()
        finally:
            board.disconnect()
        if self._control is not None and not self._control.reuploadScript():
            raise DriverError(f"{self._spec.name}: the control program does not start again")

    def _fingers(self, width: float, speed: float, force: float) -> GripperResult:
        device = self._device
        if device is None:
            raise DriverError(f"{self._spec.name} has no gripper in its configuration (gripper: module:Class)")
        device.move(width, speed, force)
        return self._fingers_of.wait(width, speed, lambda: self._stopped)
