"""The test bench of the driver contract: results, small test motions, and what counts as a broken promise."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np

from skills.driver import DriverError, Motion, RobotDriver
from skills.guard import Guard
from skills.patience import Worker, aside
from skills.types import Mode, RobotSpec, RobotState, Trajectory

NUDGE = 0.10  # [rad or m] of the test motion
SLOW = 0.15  # share of the velocity limit it uses
KNOTS = 40
CLOSING = 10.0  # [s] that close() may take


class Verdict(str, Enum):
    """Of one check."""

    PASS = "pass"
    FAIL = "fail"
    SKIP = "skip"


@dataclass(frozen=True)
class CheckResult:
    """``name`` of the check, what was found, and what to do about it when it failed."""

    name: str
    verdict: Verdict
    detail: str = ""
    advice: str = ""

    @property
    def ok(self) -> bool:
        """Not failed."""
        return self.verdict is not Verdict.FAIL


class PromiseBroken(AssertionError):
    """A promise that was not kept."""


class NotApplicable(Exception):
    """A promise that this driver cannot be asked about; says why, and what a person can do instead."""


Check = Callable[["Bench"], str]


@dataclass
class Bench:
    """What checks work on. ``new()`` gives a fresh, unconnected driver; ``kind`` and ``options``: its class and the
    plain data of its configuration, None where a function makes it."""

    new: Callable[[], RobotDriver]
    consent: str | None = None
    kind: type[RobotDriver] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    worker: Worker = field(default_factory=lambda: Worker("driver check"))
    _connected: RobotDriver | None = None

    @property
    def connected(self) -> bool:
        """Whether the shared driver has connected."""
        return self._connected is not None

    def driver(self) -> RobotDriver:
        """The connected driver that checks share, ready to move; a new one when an earlier check lost the link."""
        if self._connected is not None:
            try:
                self._connected.read_state()
            except DriverError:
                self.done()
        if self._connected is None:
            fresh = self.new()
            fresh.connect()
            self._connected = fresh
        if self._connected.read_state().mode in (Mode.STOPPED, Mode.PROTECTIVE):
            self._connected.recover()
            self._connected.wait(2)
        return self._connected

    def guard(self) -> Guard:
        """The shared driver behind a guard."""
        return Guard(self.driver(), consent=self.consent)

    def done(self) -> None:
        """Close the shared driver; trouble with that has its own check."""
        if self._connected is not None:
            aside(self._connected.close, CLOSING, "driver close")
            self._connected = None


def nudge(spec: RobotSpec, state: RobotState, share: float = SLOW, size: float = NUDGE) -> Trajectory:
    """A slow quintic of the last joint towards the middle of its range, at most ``size`` [rad or m] long."""
    q = np.asarray(state.q, float)
    j = len(q) - 1
    middle = (spec.lower[j] + spec.upper[j]) / 2
    goal = q.copy()
    goal[j] += size if middle >= q[j] else -size
    delta = goal - q
    slowest = max(
        1.875 * size / (share * spec.max_velocity[j]), math.sqrt(5.8 * size / (0.5 * spec.max_acceleration[j]))
    )
    s = np.linspace(0.0, 1.0, KNOTS)[:, None]
    positions = q + (10 * s**3 - 15 * s**4 + 6 * s**5) * delta
    velocities = (30 * s**2 - 60 * s**3 + 30 * s**4) * delta / slowest
    return Trajectory(spec.joint_names, s[:, 0] * slowest, positions, velocities)


def finish(driver: RobotDriver, motion: Motion, seconds: float) -> None:
    """Wait for the end of a motion; PromiseBroken when it takes much longer than it should."""
    budget = int((seconds * 1.5 + 2.0) * driver.describe().rate)
    for _ in range(budget):
        if motion.done():
            return
        driver.wait(1)
    raise PromiseBroken(f"a motion of {seconds:.1f} s was not done after {budget} ticks")


def speed_of(driver: RobotDriver) -> float:
    """The fastest joint now [rad/s or m/s], as the driver reports it."""
    return float(np.max(np.abs(driver.read_state().dq)))


def need(condition: bool, message: str) -> None:
    """Raise PromiseBroken unless the condition holds."""
    if not condition:
        raise PromiseBroken(message)


def refuses(action: Callable[[], object], what: str) -> None:
    """PromiseBroken unless ``action`` raises DriverError."""
    try:
        action()
    except DriverError:
        return
    raise PromiseBroken(f"{what} was accepted, a DriverError was due")
