"""Limits above every driver: what reaches a robot has been checked here, whatever its own controller checks.

A `Guard` is a `RobotDriver` around another. It refuses trajectories that do not start where the robot stands, leave
its limits, the workspace or enter a keep-out box, or are not finite; it clamps per-tick overshoot by rounding; it
stops the robot when its readings no longer change, and sends nothing more once the link is lost; it asks for explicit
consent before anything that is not simulated moves, and for a person before a protective stop of such a robot is left
behind; it keeps a bounded log of all commands and tells a journal.
"""

from __future__ import annotations

import contextlib
import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from skills.base import turned_to
from skills.boxes import Zones
from skills.driver import (
    ConsentError,
    DriverError,
    GripperResult,
    Kinematics,
    LinkLost,
    Motion,
    RobotDriver,
)
from skills.driver_spec import BEYOND, sound_state
from skills.guard_checks import check_form, check_positions, check_speeds, check_zones, clamp_steps, slowed
from skills.types import Mode, RobotSpec, RobotState, Trajectory

NO_MOTION = {
    Mode.STOPPED: "it was stopped: call recover() first",
    Mode.PROTECTIVE: "a protective stop is on: clear the cause, then call recover()",
    Mode.EMERGENCY: "the emergency stop is pressed: a person must release it, then call recover()",
    Mode.DISCONNECTED: "not connected: call connect() first",
}
ATTENDED = (Mode.PROTECTIVE, Mode.EMERGENCY)  # stops that a person has to look at before a real robot goes on
Approve = Callable[[str], bool]


@dataclass(frozen=True)
class GuardLimits:
    """How strict a guard is. ``start``: largest distance of a first point from the present joints [rad or m];
    ``speed_scale``: share of the robot's own velocity limits that is allowed; ``pace``: every motion is played at this
    share of its own speed (the fingers, too); ``slack``: relative excess of velocity that is clamped instead of
    refused; ``acceleration_slack``: the same for acceleration, which finite differences know badly; ``overshoot``:
    position excess that is clamped [rad or m]; ``stale_ticks``: waits without a new reading before the robot is
    stopped; ``log``: commands remembered; ``zones``: where the tool may be."""

    start: float = 0.03
    speed_scale: float = 1.0
    pace: float = 1.0
    slack: float = 0.05
    acceleration_slack: float = 0.5
    overshoot: float = 1e-3
    stale_ticks: int = 15
    log: int = 2000
    zones: Zones = field(default_factory=Zones)

    def __post_init__(self) -> None:
        if not 0 < self.pace <= 1 or not 0 < self.speed_scale <= 1:
            raise ValueError(f"pace and speed scale are shares above 0, at most 1, not {self.pace}, {self.speed_scale}")


@dataclass(frozen=True, eq=False)
class Sent:
    """One command as it was sent, or one ``end`` of a motion. ``clamped``: largest correction by the guard [rad or m];
    ``refused``: why not; ``numbers``: of a gripper command, width [m], speed [m/s], force [N]; ``state``: the reading
    that it was based on."""

    kind: str
    tick: int | None
    detail: str
    trajectory: Trajectory | None = None
    clamped: float = 0.0
    refused: str = ""
    numbers: tuple[float, ...] = ()
    state: RobotState | None = None


def consent_phrase(spec: RobotSpec) -> str:
    """What a person types, or writes in the configuration, to let a real robot move."""
    return f"move {spec.name}"


class Guard(RobotDriver):
    """A driver that lets only safe commands through to ``driver``.

    ``kinematics``: for the boxes, None: the robot's own workspace is not checked. ``consent``: the phrase of
    `consent_phrase`, needed for every robot that is not simulated. ``approve``: asks a person whether a real robot may
    leave a protective or emergency stop; without it, it may not. ``journal``: told of every command. ``locked``: a
    reason why nothing may move at all (a dry run).
    """

    def __init__(
        self,
        driver: RobotDriver,
        kinematics: Kinematics | None = None,
        limits: GuardLimits | None = None,
        consent: str | None = None,
        *,
        approve: Approve | None = None,
        journal: Callable[[Sent], None] | None = None,
        locked: str = "",
    ) -> None:
        self.driver = driver
        self.limits = limits if limits is not None else GuardLimits()
        self.log: deque[Sent] = deque(maxlen=self.limits.log)
        self._kinematics = kinematics
        self._consent = consent
        self._approve = approve
        self._journal = journal
        self._locked = locked
        self._stale = 0
        self._stamp: float | None = None
        self._lost = ""
        self._tick: int | None = None  # of the newest reading
        self._motion: Motion | None = None

    def describe(self) -> RobotSpec:
        return self.driver.describe()

    def connect(self) -> None:
        self.driver.connect()
        self._stale, self._stamp, self._lost, self._motion = 0, None, "", None
        self._note("connect", None)

    def close(self) -> None:
        self._note("close", None)
        self.driver.close()

    def read_state(self) -> RobotState:
        """The newest reading; raises DriverError when it is none that this robot can have, LinkLost when there is no
        link any more."""
        with self._linked():
            state = self.driver.read_state()
        try:
            return sound_state(self.describe(), state)
        except DriverError as error:
            self._note("read_state", getattr(state, "tick", None), refused=str(error))
            raise

    def follow(self, trajectory: Trajectory) -> Motion:
        state = self._ready("follow")
        try:
            sent, clamped = self._checked(trajectory, state)
        except DriverError as error:
            self._note("follow", state.tick, refused=str(error), state=state)
            raise
        self._note("follow", state.tick, _said(sent), sent, clamped, state=state)
        with self._linked():
            self._motion = self.driver.follow(sent)
        return self._motion

    def drive(self, path: Trajectory) -> Motion:
        state = self._ready("drive")
        try:
            sent, clamped = self._checked_drive(path, state)
        except DriverError as error:
            self._note("drive", state.tick, refused=str(error), state=state)
            raise
        self._note("drive", state.tick, _said(sent), sent, clamped, state=state)
        with self._linked():
            self._motion = self.driver.drive(sent)
        return self._motion

    def gripper(self, width: float, speed: float, force: float) -> GripperResult:
        state = self._ready("gripper")
        spec = self.describe()
        if not all(math.isfinite(v) for v in (width, speed, force)):
            self._refuse("gripper", state, f"gripper command is not finite: {width}, {speed}, {force}")
        low, high = spec.gripper_range
        if not low - 0.005 <= width <= high + 0.005:
            self._refuse("gripper", state, f"gripper width {width:.3f} m is outside {low:.3f}..{high:.3f} m")
        wide = min(max(width, low), high)
        fast = min(max(speed * self.limits.pace, 1e-3), spec.gripper_speed)
        firm = min(max(force, 0.0), spec.gripper_force[1])
        said = f"width {wide:.4f} m, {fast:.3f} m/s, {firm:.1f} N"
        numbers = (wide, fast, firm)
        self._note("gripper", state.tick, said, clamped=abs(wide - width), numbers=numbers, state=state)
        with self._linked():
            result = self.driver.gripper(wide, fast, firm)
        if not (math.isfinite(result.width) and low - BEYOND <= result.width <= high + BEYOND):
            self._refuse("gripper", state, f"{spec.name} says its fingers are {result.width} m apart: no grasp is that")
        word = "stalled" if result.stalled else "reached" if result.reached else "gave up"
        self._note("gripped", None, f"{word} at {result.width:.4f} m", numbers=(result.width,))
        return result

    def wait(self, ticks: int = 1) -> None:
        for _ in range(ticks):
            with self._linked():
                self.driver.wait(1)
            self._watch()

    def stop(self) -> None:
        self._note("stop", self._tick)
        self.driver.stop()

    def recover(self) -> None:
        """As the driver. A real robot leaves a protective or emergency stop only when a person says so; a lost link
        needs connect()."""
        spec, mode = self.describe(), self.read_state().mode
        self._consented("recover", spec)
        if not spec.simulated and mode in ATTENDED:
            question = f"{spec.name} is in a stop of kind {mode.value}. Is the cause gone, and may it move again?"
            if self._approve is None or not self._approve(question):
                self._note("recover", None, refused="no person said that the cause is gone")
                raise DriverError(
                    f"{spec.name} stays in its {mode.value} stop: a person must clear the cause and say so"
                )
        self._note("recover", None)
        with self._linked():
            self.driver.recover()
        self._stale, self._stamp = 0, None

    @contextlib.contextmanager
    def _linked(self) -> Iterator[None]:
        """Once the link is lost nothing more is sent, whatever the caller tries, until `connect`."""
        if self._lost:
            raise LinkLost(self._lost)
        try:
            yield
        except LinkLost as error:
            self._lost = str(error) or f"the link to {self.describe().name} is lost; close() and connect() again"
            self._note("lost", None, self._lost)
            with contextlib.suppress(Exception):
                self.driver.stop()
            raise

    def _watch(self) -> None:
        """Stop when readings stand still: a robot that is not seen must not move."""
        state = self.read_state()
        self._stale = self._stale + 1 if state.stamp == self._stamp else 0
        self._stamp, self._tick = state.stamp, state.tick
        if self._motion is not None and self._motion.done():
            result, self._motion = self._motion.result(), None
            self._note("end", state.tick, f"{result.code.value} {result.detail}".strip(), state=state)
        if self._stale >= self.limits.stale_ticks:
            stale, self._stale = self._stale, 0
            self.stop()
            raise DriverError(f"stale state: no new reading from {self.describe().name} for {stale} ticks; stopped")

    def _ready(self, kind: str) -> RobotState:
        spec = self.describe()
        if self._locked:
            self._note(kind, None, refused=self._locked)
            raise DriverError(f"{spec.name} does not move: {self._locked}")
        self._consented(kind, spec)
        state = self.read_state()
        if state.mode in NO_MOTION:
            self._refuse(kind, state, f"{spec.name} does not move: {NO_MOTION[state.mode]}")
        if state.mode is Mode.MOVING and kind in ("follow", "drive"):
            self._refuse(kind, state, f"{spec.name} is moving: wait until that is done, or cancel it")
        return state

    def _consented(self, kind: str, spec: RobotSpec) -> None:
        if not spec.simulated and self._consent != consent_phrase(spec):
            self._note(kind, None, refused="no consent")
            raise ConsentError(
                f"{spec.name} is a real robot: it moves only with consent, the exact words {consent_phrase(spec)!r}"
            )

    def _refuse(self, kind: str, state: RobotState, why: str) -> None:
        self._note(kind, state.tick, refused=why, state=state)
        raise DriverError(why)

    def _note(self, kind: str, tick: int | None, detail: str = "", trajectory: Trajectory | None = None,
              clamped: float = 0.0, refused: str = "", numbers: tuple[float, ...] = (),
              state: RobotState | None = None) -> None:  # fmt: skip
        sent = Sent(kind, tick, detail, trajectory, clamped, refused, numbers, state)
        if kind not in ("end", "gripped", "connect", "close"):
            self.log.append(sent)
        if self._journal is not None:
            self._journal(sent)

    def _checked(self, given: Trajectory, state: RobotState) -> tuple[Trajectory, float]:
        """The trajectory as it may be sent, and the largest correction; raises DriverError."""
        spec, limits = self.describe(), self.limits
        check_form(spec, given, spec.name)
        path = slowed(given, limits.pace)
        off = np.abs(path.positions[0] - np.asarray(state.q))
        if float(np.max(off)) > limits.start:
            j = int(np.argmax(off))
            raise DriverError(
                f"trajectory jumps: joint {spec.joint_names[j]} starts at {path.positions[0, j]:.3f}, "
                f"the robot stands at {state.q[j]:.3f}; plan from the present state"
            )
        low, high = np.asarray(spec.lower), np.asarray(spec.upper)
        # a robot that stands a little outside may come back in
        here = np.asarray(state.q)
        inside = np.clip(path.positions, np.minimum(low, here), np.maximum(high, here))
        check_positions(spec, np.abs(path.positions - inside), limits.overshoot, path)
        check_speeds(spec, path, limits.speed_scale, limits.slack, limits.acceleration_slack)
        check_zones(spec, self._kinematics, inside, limits.zones)
        sent = replace(path, positions=inside)
        return clamp_steps(spec, sent, limits.speed_scale, float(np.max(np.abs(path.positions - inside))))

    def _checked_drive(self, given: Trajectory, state: RobotState) -> tuple[Trajectory, float]:
        """The base path as it may be sent: it starts where the base stands and keeps the base's limits."""
        spec, limits = self.describe(), self.limits
        if spec.base is None or state.base is None:
            raise DriverError(f"{spec.name} has no base that drives")
        check_form(spec.base, given, f"the base of {spec.name}")
        path = slowed(given, limits.pace)
        off = np.abs(path.positions[0] - np.asarray(state.base))
        off[2] = abs(turned_to(float(off[2]), 0.0))
        if float(np.max(off)) > limits.start:
            raise DriverError(
                f"base path jumps: it starts at {np.round(path.positions[0], 3).tolist()}, the base stands at "
                f"{np.round(state.base, 3).tolist()}; plan from the present state"
            )
        check_speeds(spec.base, path, limits.speed_scale, limits.slack, limits.acceleration_slack)
        return clamp_steps(spec.base, path, limits.speed_scale, 0.0)


def _said(path: Trajectory) -> str:
    return f"{len(path.times)} points, {path.duration:.2f} s"
