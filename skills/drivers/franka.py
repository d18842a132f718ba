"""Franka arms (FR3, Panda) with their hand, by the vendor's client ``pylibfranka``: extra ``franka``.

Paths are sampled at 1 kHz in a process of their own (`skills.drivers.franka_pilot`); a stop brakes on the path.
Reflexes are protective stops, left by `recover`; a pressed user stop is an emergency stop, which a person must release.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from skills.driver import DriverError, GripperResult, MotionCode, MotionResult
from skills.driver_config import ConfigError
from skills.drivers.linked import LinkedDriver, LinkMotion, Reading
from skills.drivers.pilot import Pilot
from skills.types import Mode, RobotSpec

OPENING = 6.0  # [s] for the robot to answer
GRIP_TIME = 8.0  # [s] for the fingers
RECOVERY = 5.0  # [s]
ARRIVED = 0.004  # [m] from the wanted width at which fingers have arrived
NOTHING = 0.002  # [m] between fingers that hold nothing
TRACE = 12000  # readings remembered: two minutes

# joint limits and accelerations from the maker's data sheets of 2024; of two overlapping ones the narrower
_ARMS = {
    "fr3": {
        "lower": (-2.7437, -1.7837, -2.9007, -3.0421, -2.8065, 0.5445, -3.0159),
        "upper": (2.7437, 1.7837, 2.9007, -0.1518, 2.8065, 4.5169, 3.0159),
        "max_velocity": (2.62, 2.62, 2.62, 2.62, 5.26, 4.18, 5.26),
        "max_acceleration": (10.0,) * 7,
    },
    "panda": {
        "lower": (-2.8973, -1.7628, -2.8973, -3.0718, -2.8973, -0.0175, -2.8973),
        "upper": (2.8973, 1.7628, 2.8973, -0.0698, 2.8973, 3.7525, 2.8973),
        "max_velocity": (2.175, 2.175, 2.175, 2.175, 2.61, 2.61, 2.61),
        "max_acceleration": (15.0, 7.5, 10.0, 12.5, 15.0, 20.0, 20.0),
    },
}


@dataclass(frozen=True)
class FrankaConfig:
    """``host``: address of the control unit. ``arm``: fr3 or panda. ``model``: the arm whose joint names and limits are
    promised to the planner (default: the same); with both given, the narrower limits of the two hold. ``hand``: a
    Franka hand is mounted. ``realtime``: insist on a real-time kernel. ``load``: mass of a tool beyond the hand [kg].
    ``collision_torque`` [Nm], ``collision_force`` [N]: thresholds of the collision reflex, both or none."""

    host: str
    arm: str = "fr3"
    model: str | None = None
    name: str = "franka"
    hand: bool = True
    realtime: bool = False
    load: float = 0.0
    collision_torque: float | None = None
    collision_force: float | None = None
    home: tuple[float, ...] = (0.0, -0.5, 0.0, -2.2, 0.0, 1.7, 0.785)

    def __post_init__(self) -> None:
        for key in ("arm", "model"):
            value = getattr(self, key)
            if value is not None and value not in _ARMS:
                raise ConfigError(f"{key}: {value!r} is none of {', '.join(_ARMS)}")
        if (self.collision_torque is None) != (self.collision_force is None):
            raise ConfigError("collision_torque and collision_force: give both or none")


def franka_spec(config: FrankaConfig) -> RobotSpec:
    """What the driver promises for a configuration."""
    arm, model = _ARMS[config.arm], _ARMS[config.model or config.arm]
    return RobotSpec(
        name=config.name,
        joint_names=tuple(f"{config.model or config.arm}_joint{i + 1}" for i in range(7)),
        lower=tuple(map(max, arm["lower"], model["lower"])),
        upper=tuple(map(min, arm["upper"], model["upper"])),
        max_velocity=tuple(map(min, arm["max_velocity"], model["max_velocity"])),
        max_acceleration=tuple(map(min, arm["max_acceleration"], model["max_acceleration"])),
        home=config.home,
        gripper_range=(0.0, 0.08),
        gripper_force=(5.0, 70.0),
        gripper_speed=0.1,
        finger_depth=0.042,
        rate=60.0,
        simulated=False,
        capabilities=frozenset({"recover", "effort", "stop"}),
        workspace=((-0.2, -0.85, -0.02), (0.9, 0.85, 1.2)),
    )


class FrankaDriver(LinkedDriver):
    """A Franka arm and hand. ``trace``: (stamp [s], commanded joints, measured joints) of the last readings."""

    Config: ClassVar[type | None] = FrankaConfig

    def __init__(self, config: FrankaConfig) -> None:
        super().__init__(franka_spec(config))
        self.config = config
        self.trace: deque[tuple[float, tuple[float, ...], tuple[float, ...]]] = deque(maxlen=TRACE)
        self._arm: Pilot | None = None
        self._hand: Pilot | None = None
        self._reading: Reading | None = None
        self._width, self._grasped = 0.0, None if not config.hand else False
        self._answers: dict[str, threading.Event] = {}
        self._said: dict[str, str] = {}

    def _open(self) -> None:
        self._reading = None
        self._answers = {k: threading.Event() for k in ("arm", "hand", "recovered", "gripped", "state")}
        self._said = {}
        thresholds = None
        if self.config.collision_torque is not None:
            thresholds = [self.config.collision_torque, self.config.collision_force]
        options = {
            "host": self.config.host, "realtime": self.config.realtime, "load": self.config.load,
            "collision": thresholds, "max_acceleration": self._spec.max_acceleration,
        }  # fmt: skip
        self._arm = self._start("arm", options)
        if self.config.hand:
            self._hand = self._start("hand", options)
        for part in ("arm", "hand") if self.config.hand else ("arm",):
            if not self._answers[part].wait(OPENING):
                raise DriverError(f"no Franka {part} answers at {self.config.host!r} within {OPENING:g} s")
            if self._said.get(part):
                raise DriverError(f"the Franka {part} at {self.config.host!r}: {self._said[part]}")

    def _start(self, part: str, options: dict[str, Any]) -> Pilot:
        def heard(message: dict[str, Any]) -> None:
            self._heard(part, message)

        def ended() -> None:
            self._said.setdefault(part, "the process that talks to it ended")
            self._answers[part].set()
            if self._open_now:
                self.lose(f"the link to the {part} of {self._spec.name} ended: {self._said[part]}")

        return Pilot("skills.drivers.franka_pilot", {**options, "part": part}, heard, ended)

    def _heard(self, part: str, message: dict[str, Any]) -> None:
        kind = message["is"]
        if kind == "state" and part == "arm":
            self._reading = Reading(
                time.monotonic(), message["stamp"], tuple(message["q"]), tuple(message["dq"]),
                mode=Mode(message["mode"]), effort=message["force"], why=message["why"],
            )  # fmt: skip
            self.trace.append((message["stamp"], tuple(message["commanded"]), tuple(message["q"])))
        elif kind == "state":
            self._width = message["width"]
            self._grasped = bool(message["grasped"]) and self._width > NOTHING
            self._answers["state"].set()
        elif kind == "ended":
            motion = self._motion
            if motion is not None and motion.number == message["number"]:
                motion.finish(MotionResult(MotionCode(message["code"]), message["detail"]))
        elif kind in ("recovered", "gripped"):
            self._said[kind] = message["detail"]
            self._answers[kind].set()
        elif kind == "opened":
            self._answers[part].set()
        elif kind in ("failed", "lost"):
            self._said[part] = message["detail"]

    def _shut(self) -> None:
        for pilot in (self._arm, self._hand):
            if pilot is not None:
                pilot.close(0.2 if self._lost else 2.0)
        self._arm = self._hand = None

    def lose(self, why: str) -> None:
        """The link is gone; the processes that held it end, so that nothing more is sent."""
        for pilot in (self._arm, self._hand):
            if pilot is not None:
                pilot.kill()
        super().lose(why)

    def _newest(self) -> Reading | None:
        reading = self._reading
        if reading is None:
            return None
        return replace(reading, width=self._width, holding=self._grasped)

    def _begin(self, motion: LinkMotion) -> None:
        path = motion.trajectory
        self._tell_arm(
            {
                "do": "follow",
                "number": motion.number,
                "times": (path.times - path.times[0]).tolist(),
                "positions": path.positions.tolist(),
                "velocities": path.velocities.tolist(),
            }
        )

    def _tell_arm(self, message: dict[str, Any]) -> None:
        if self._arm is None:
            raise DriverError(f"{self._spec.name} is not connected: call connect() first")
        self._arm.send(message)

    def _halt(self) -> None:
        with suppress(DriverError):
            self._tell_arm({"do": "halt"})
        if self._hand is not None:
            self._hand.send({"do": "halt"})

    def _clear(self) -> None:
        self._ask(self._arm, {"do": "recover"}, "recovered", RECOVERY)
        if self._said["recovered"]:
            raise DriverError(f"{self._spec.name} does not recover: {self._said['recovered']}")
        reading = self._reading
        if reading is not None and reading.mode is not Mode.IDLE:
            raise DriverError(f"{self._spec.name} is still {reading.mode.value}: {reading.why}")

    def home_fingers(self) -> None:
        """Let the hand find its width again, after fingers were changed; it opens and closes."""
        self._ready("home the fingers")
        self._ask(self._hand, {"do": "home"}, "gripped", GRIP_TIME * 2)

    def _fingers(self, width: float, speed: float, force: float) -> GripperResult:
        if self._hand is None:
            raise DriverError(f"{self._spec.name} has no hand in its configuration (hand: false)")
        message = {"do": "grip", "width": width, "speed": max(speed, 0.005), "force": force}
        self._ask(self._hand, message, "gripped", GRIP_TIME)
        got = self._width
        if self._said["gripped"] and not self._stopped:
            raise DriverError(f"the hand of {self._spec.name}: {self._said['gripped']}")
        off = got - width
        return GripperResult(got, stalled=off > ARRIVED, reached=abs(off) <= ARRIVED)

    def _ask(self, pilot: Pilot | None, message: dict[str, Any], answer: str, seconds: float) -> None:
        """Say something and wait for the answer; notices a lost link meanwhile."""
        if pilot is None:
            raise DriverError(f"{self._spec.name} is not connected: call connect() first")
        self._answers[answer].clear()
        pilot.send(message)
        until = time.monotonic() + seconds
        while not self._answers[answer].wait(0.05):
            self._linked()
            if time.monotonic() > until:
                raise DriverError(f"{self._spec.name} did not finish {message['do']!r} within {seconds:g} s")
