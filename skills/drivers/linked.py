"""What robots behind a link have in common: modes, stops, waiting, motions, and noticing that the link is lost.

A bundled adapter derives from `LinkedDriver` and fills in the hooks whose names begin with an underscore.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from skills.driver import DriverError, GripperResult, LinkLost, Motion, MotionCode, MotionResult, RobotDriver
from skills.types import Mode, RobotSpec, RobotState, Trajectory

RATE = 60.0  # control ticks per second: what budgets count, whatever the robot's own rate is
SILENCE = 0.3  # [s] without a reading after which the link counts as lost
FIRST_READING = 3.0  # [s] that a robot is given for its first reading after connecting


@dataclass(frozen=True)
class Reading:
    """What a robot said last. ``arrived``: when it did, `time.monotonic` [s]; ``stamp``: the robot's clock [s];
    ``mode``: what the robot says of itself, IDLE when it says nothing."""

    arrived: float
    stamp: float
    q: tuple[float, ...]
    dq: tuple[float, ...]
    width: float = 0.0
    holding: bool | None = None
    mode: Mode = Mode.IDLE
    effort: float | None = None
    why: str = ""  # of a protective stop, for a person


class LinkMotion(Motion):
    """A motion of a robot behind a link; ended from any thread, the first end counts."""

    def __init__(self, driver: LinkedDriver, trajectory: Trajectory, number: int) -> None:
        self._driver = driver
        self._lock = threading.Lock()
        self._result: MotionResult | None = None
        self.trajectory = trajectory
        self.number = number

    @property
    def over(self) -> bool:
        """Whether it has ended, without asking the robot."""
        return self._result is not None

    def done(self) -> bool:
        if self._result is None:
            self._driver.attend()
        return self._result is not None

    def cancel(self) -> None:
        if self.finish(MotionResult(MotionCode.CANCELLED)):
            self._driver.halt()

    def result(self) -> MotionResult:
        if self._result is None:
            raise DriverError("the motion is still running: wait until done(), or cancel()")
        return self._result

    def finish(self, result: MotionResult) -> bool:
        """End with ``result``; False when it had ended already."""
        with self._lock:
            if self._result is not None:
                return False
            self._result = result
            return True


class LinkedDriver(RobotDriver):
    """A robot behind a link. ``spec``: what `describe` says.

    Hooks may raise DriverError; whatever else they raise becomes one. No lock is held while a hook runs, so that
    `stop` never waits for another call. ``silence``: seconds without a reading after which the link counts as lost.
    """

    silence = SILENCE

    def __init__(self, spec: RobotSpec) -> None:
        self._spec = spec
        self._lock = threading.RLock()
        self._open_now = False
        self._stopped = False
        self._lost = ""
        self._began = 0.0
        self._motion: LinkMotion | None = None
        self._count = 0

    def _open(self) -> None:
        """Open the link; move nothing."""
        raise NotImplementedError

    def _shut(self) -> None:
        """Release everything that is open, in any state; the robot stands already."""
        raise NotImplementedError

    def _newest(self) -> Reading | None:
        """The newest reading, None before the first. Never blocks."""
        raise NotImplementedError

    def _begin(self, motion: LinkMotion) -> None:
        """Start the motion and return; whoever notices its end calls ``motion.finish``."""
        raise NotImplementedError

    def _halt(self) -> None:
        """Bring arm and fingers to rest soon, hold; return at once (within 50 ms)."""
        raise NotImplementedError

    def _clear(self) -> None:
        """Leave the robot's own protective stop; raise DriverError when a person must act first."""

    def _fingers(self, width: float, speed: float, force: float) -> GripperResult:
        """Move the fingers and wait for them."""
        raise DriverError(f"{self._spec.name} has no gripper in its configuration")

    def _watch(self, motion: LinkMotion) -> None:
        """Called whenever someone looks at the running motion: notice its end here when nothing else does."""

    def describe(self) -> RobotSpec:
        return self._spec

    def connect(self) -> None:
        with self._lock:
            if self._open_now:
                return
            self._lost, self._stopped, self._motion = "", False, None
            try:
                self._guarded("connect to", self._open)
                self._wait_for_reading()
            except DriverError:
                with suppress(Exception):
                    self._shut()
                raise
            self._began = time.monotonic()
            self._open_now = True

    def close(self) -> None:
        self.stop()
        with self._lock:
            was, self._open_now = self._open_now, False
        if was or self._lost:
            with suppress(Exception):
                self._shut()

    def read_state(self) -> RobotState:
        reading = self._linked()
        return RobotState(
            tick=self._tick(),
            stamp=reading.stamp,
            q=reading.q,
            dq=reading.dq,
            gripper_width=reading.width,
            holding=reading.holding,
            mode=self._mode(reading),
            effort=reading.effort,
        )

    def follow(self, trajectory: Trajectory) -> LinkMotion:
        self._ready("follow a trajectory")
        if trajectory.joint_names != self._spec.joint_names:
            raise DriverError(
                f"trajectory names joints {trajectory.joint_names}, the robot has {self._spec.joint_names}"
            )
        for what, values in (("positions", trajectory.positions), ("velocities", trajectory.velocities)):
            if not np.all(np.isfinite(values)):
                raise DriverError(f"trajectory {what} hold numbers that are not finite")
        with self._lock:
            if self._motion is not None and not self._motion.over:
                raise DriverError(f"{self._spec.name} is moving: wait until that is done, or cancel it")
            self._count += 1
            motion = self._motion = LinkMotion(self, trajectory, self._count)
        try:
            self._guarded("move", lambda: self._begin(motion))
        except DriverError as error:
            motion.finish(MotionResult(MotionCode.LOST_LINK, str(error)))
            raise
        if self._stopped:  # stop() came in between
            motion.finish(MotionResult(MotionCode.CANCELLED, "stopped"))
            self.halt()
        return motion

    def gripper(self, width: float, speed: float, force: float) -> GripperResult:
        self._ready("move the gripper")
        low, high = self._spec.gripper_range
        wanted = min(max(float(width), low), high)
        found: list[GripperResult] = []
        self._guarded("move the gripper of", lambda: found.append(self._fingers(wanted, float(speed), float(force))))
        if self._stopped:
            self.halt()
        return found[0]

    def wait(self, ticks: int = 1) -> None:
        until = self._began + (self._tick() + ticks) / self._spec.rate
        while True:
            self._linked()
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, 0.05))

    def stop(self) -> None:
        self._stopped = True
        motion = self._motion
        if motion is not None:
            motion.finish(MotionResult(MotionCode.CANCELLED, "stopped"))
        if self._open_now and not self._lost:
            self.halt()

    def recover(self) -> None:
        reading = self._linked()
        if reading.mode is Mode.EMERGENCY:
            raise DriverError(f"emergency stop at {self._spec.name}: a person must release the button first")
        self._guarded("recover", self._clear)
        self._stopped = False

    def halt(self) -> None:
        """Bring the robot to rest, whatever goes wrong on the way; the mode stays."""
        with suppress(Exception):
            self._halt()

    def attend(self) -> None:
        """Look at link, mode and motion; end the motion when one of them says so."""
        motion = self._motion
        if motion is None or motion.over:
            return
        try:
            reading = self._linked()
        except DriverError as error:
            motion.finish(MotionResult(MotionCode.LOST_LINK, str(error)))
            return
        if reading.mode in (Mode.PROTECTIVE, Mode.EMERGENCY):
            if motion.finish(MotionResult(MotionCode.PROTECTIVE_STOP, reading.why or reading.mode.value)):
                self.halt()
            return
        self._watch(motion)

    def lose(self, why: str) -> None:
        """The link is gone: nothing more is sent until `connect`."""
        with self._lock:
            if self._lost:
                return
            self._lost = why
        motion = self._motion
        if motion is not None:
            motion.finish(MotionResult(MotionCode.LOST_LINK, why))

    def _linked(self) -> Reading:
        """The newest reading; raises LinkLost when it is too old, DriverError before connect."""
        if not self._open_now:
            raise DriverError(f"{self._spec.name} is not connected: call connect() first")
        reading = self._newest()
        age = time.monotonic() - reading.arrived if reading is not None else float("inf")
        if not self._lost and age > self.silence:
            self.lose(f"{self._spec.name} is silent for {age:.2f} s")
        if self._lost or reading is None:
            raise LinkLost(f"lost link: {self._lost}; close() and connect() again")
        return reading

    def _mode(self, reading: Reading) -> Mode:
        if reading.mode in (Mode.PROTECTIVE, Mode.EMERGENCY):
            return reading.mode
        if self._stopped:
            return Mode.STOPPED
        self.attend()
        if self._motion is not None and not self._motion.over:
            return Mode.MOVING
        return reading.mode

    def _ready(self, doing: str) -> None:
        reading = self._linked()
        mode = self._mode(reading)
        if mode not in (Mode.IDLE, Mode.MOVING):
            why = f" ({reading.why})" if reading.why else ""
            raise DriverError(f"cannot {doing} while {mode.value}{why}: call recover() first")

    def _tick(self) -> int:
        return int((time.monotonic() - self._began) * self._spec.rate)

    def _wait_for_reading(self) -> None:
        until = time.monotonic() + FIRST_READING
        while self._newest() is None:
            if time.monotonic() > until:
                raise DriverError(f"{self._spec.name} gives no reading within {FIRST_READING:g} s of connecting")
            time.sleep(0.01)

    def _guarded(self, doing: str, action: Callable[[], object]) -> None:
        """Run a hook; what a vendor's kit raises becomes a DriverError."""
        try:
            action()
        except DriverError:
            raise
        except ImportError:
            raise
        except Exception as error:
            raise DriverError(f"cannot {doing} {self._spec.name}: {type(error).__name__}: {error}") from error
