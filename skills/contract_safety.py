"""What a driver does when something is wrong: bad commands, stops, stale readings, lost links, bad configurations.

Checks raise PromiseBroken, NotApplicable, or whatever the driver raises; `skills.contract` makes results of that.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace

import numpy as np

from skills.contract_bench import (
    SLOW,
    Bench,
    NotApplicable,
    PromiseBroken,
    finish,
    need,
    nudge,
    refuses,
    speed_of,
)
from skills.contract_duties import HALT_TICKS, REACHED, STANDING
from skills.driver import DriverError, GripperResult, Motion, Provokable, RobotDriver, Severable
from skills.driver_config import ConfigError, make_driver
from skills.guard import Guard
from skills.types import Mode, RobotSpec, RobotState, Trajectory

STOP_SECONDS = 0.1  # stop() returns within this, whatever else is going on
LINK_SECONDS = 0.5  # a link that is gone is reported within this
CONNECT_SECONDS = 10.0  # an unreachable host is reported within this
NOBODY = "127.255.255.254"  # a loopback address at which nothing listens
GRASP_SECONDS = 10.0  # a gripper command that was stopped returns within this


def rejects(bench: Bench) -> str:
    """Commands that must not reach a robot are refused, and nothing moves."""
    driver, guard = bench.driver(), bench.guard()
    spec, state = driver.describe(), driver.read_state()
    good = nudge(spec, state)
    broken = good.positions.copy()
    broken[3, 0] = np.nan
    far = good.positions.copy()
    far[-1, -1] = spec.upper[-1] + 1.0
    cases = {
        "not a number": replace(good, positions=broken),
        "a jump at the start": replace(good, positions=good.positions + 0.5),
        "positions beyond the limits": replace(good, positions=far),
        "a hundred times too fast": replace(good, times=good.times / 100, velocities=good.velocities * 100),
        "times that do not rise": replace(good, times=np.zeros_like(good.times)),
    }
    hasty = good.velocities.copy()
    hasty[3, 0] = np.inf
    cases["infinite velocities"] = replace(good, velocities=hasty)
    other = tuple(f"{n} (other)" for n in spec.joint_names)
    cases["wrong joint names"] = replace(good, joint_names=other)
    fewer, less = good.positions[:, 1:], good.velocities[:, 1:]
    if fewer.shape[1]:
        cases["one joint too few"] = Trajectory(spec.joint_names[1:], good.times, fewer, less)
    turned = np.degrees(good.positions - good.positions[0]) + good.positions[0]
    cases["degrees instead of radians"] = replace(good, positions=turned, velocities=np.degrees(good.velocities))
    for what, path in cases.items():
        refuses(lambda path=path: guard.follow(path), what)  # type: ignore[misc]
    refuses(lambda: guard.gripper(10.0, 0.05, 10.0), "a gripper width of 10 m")
    moved = float(np.max(np.abs(np.subtract(driver.read_state().q, state.q))))
    need(moved < REACHED, f"a refused command moved a joint by {moved:.3f}")
    return f"{len(cases) + 1} bad commands refused"


def stops(bench: Bench) -> str:
    """stop() from another thread returns at once and ends the motion."""
    driver, guard = bench.driver(), bench.guard()
    path = nudge(driver.describe(), driver.read_state(), share=SLOW / 2)
    motion = guard.follow(path)
    driver.wait(max(2, int(0.2 * path.duration * driver.describe().rate)))
    took = _timed(driver.stop)
    need(took < STOP_SECONDS, f"stop() took {took * 1000:.0f} ms, {STOP_SECONDS * 1000:.0f} are allowed")
    driver.wait(HALT_TICKS)
    need(motion.done(), "the motion goes on after stop()")
    state = driver.read_state()
    need(state.mode is Mode.STOPPED, f"mode {state.mode.value} after stop(), stopped was due")
    need(speed_of(driver) < STANDING, f"still moves at {speed_of(driver):.3f} after stop()")
    return f"returned after {took * 1000:.1f} ms, stands"


def stays_stopped(bench: Bench) -> str:
    """Nothing moves after stop() until recover()."""
    driver, guard = bench.driver(), bench.guard()
    driver.stop()
    driver.stop()
    path = nudge(driver.describe(), driver.read_state())
    refuses(lambda: driver.follow(path), "a motion while stopped (by the driver itself)")
    refuses(lambda: guard.follow(path), "a motion while stopped (through the guard)")
    driver.recover()
    driver.wait(2)
    need(driver.read_state().mode is Mode.IDLE, f"mode {driver.read_state().mode.value} after recover()")
    motion = guard.follow(nudge(driver.describe(), driver.read_state()))
    finish(guard, motion, 3.0)
    need(motion.result().ok, f"the motion after recover() ended with {motion.result().code.value}")
    return "moves only after recover()"


def _timed(action: Callable[[], None]) -> float:
    """Seconds that ``action`` takes in another thread; PromiseBroken when it does not return at all."""
    took: list[float] = []

    def run() -> None:
        began = time.perf_counter()
        action()
        took.append(time.perf_counter() - began)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(timeout=10 * STOP_SECONDS)
    need(bool(took), f"stop() did not return within {10 * STOP_SECONDS:.0f} s from another thread")
    return took[0]


def stops_a_grasp(bench: Bench) -> str:
    """stop() while gripper() blocks in another thread: both return, nothing closes on afterwards."""
    driver, guard = bench.driver(), bench.guard()
    spec = driver.describe()
    guard.gripper(spec.gripper_range[1], spec.gripper_speed, spec.gripper_force[0])
    ended = threading.Event()

    def close_fingers() -> None:
        try:
            guard.gripper(spec.gripper_range[0], spec.gripper_speed / 4, spec.gripper_force[0])
        except DriverError:
            pass  # an honest way to say that it was stopped
        finally:
            ended.set()

    thread = threading.Thread(target=close_fingers, daemon=True)
    thread.start()
    time.sleep(0.05)
    took = _timed(driver.stop)
    need(took < STOP_SECONDS, f"stop() took {took * 1000:.0f} ms during a grasp, {STOP_SECONDS * 1000:.0f} are allowed")
    need(ended.wait(GRASP_SECONDS), "gripper() does not return after stop()")
    thread.join(timeout=GRASP_SECONDS)
    state = driver.read_state()
    need(state.mode is Mode.STOPPED, f"mode {state.mode.value} after stop() during a grasp, stopped was due")
    refuses(lambda: driver.gripper(spec.gripper_range[0], spec.gripper_speed, 10.0), "a gripper command while stopped")
    return f"returned after {took * 1000:.1f} ms, the gripper command ended"


class FrozenReadings(RobotDriver):
    """Passes everything on, but its readings stand still: what a hung link looks like to a guard."""

    def __init__(self, inner: RobotDriver) -> None:
        self.inner, self.reading = inner, inner.read_state()

    def describe(self) -> RobotSpec:
        return self.inner.describe()

    def connect(self) -> None:
        self.inner.connect()

    def close(self) -> None:
        self.inner.close()

    def read_state(self) -> RobotState:
        return self.reading

    def follow(self, trajectory: Trajectory) -> Motion:
        return self.inner.follow(trajectory)

    def gripper(self, width: float, speed: float, force: float) -> GripperResult:
        return self.inner.gripper(width, speed, force)

    def wait(self, ticks: int = 1) -> None:
        self.inner.wait(ticks)

    def stop(self) -> None:
        self.inner.stop()

    def recover(self) -> None:
        self.inner.recover()


def stale(bench: Bench) -> str:
    """When readings no longer change, the guard's stop() reaches the robot and it stands."""
    driver = bench.driver()
    guard = Guard(FrozenReadings(driver), consent=bench.consent)
    motion = guard.follow(nudge(driver.describe(), driver.read_state(), share=SLOW / 2))
    ticks = 0
    while ticks < 10 * guard.limits.stale_ticks:
        ticks += 1
        try:
            guard.wait(1)
        except DriverError:
            break
    else:
        raise PromiseBroken("readings stood still and nothing stopped the robot")
    driver.wait(HALT_TICKS)
    need(motion.done(), "the motion goes on after the guard's stop()")
    need(driver.read_state().mode is Mode.STOPPED, f"mode {driver.read_state().mode.value}, stopped was due")
    need(speed_of(driver) < STANDING, f"still moves at {speed_of(driver):.3f}")
    return f"stopped after {ticks} ticks without a new reading"


def _provokable(driver: RobotDriver, what: str) -> Provokable:
    if not isinstance(driver, Provokable):
        raise NotApplicable(f"the driver has no enter(mode) for tests; {what} by hand during a motion and watch")
    return driver


def protective(bench: Bench) -> str:
    """A protective stop ends the motion, is reported, and holds until recover()."""
    driver, guard = bench.driver(), bench.guard()
    robot = _provokable(driver, "push the arm")
    motion = guard.follow(nudge(driver.describe(), driver.read_state(), share=SLOW / 2))
    driver.wait(4)
    robot.enter(Mode.PROTECTIVE)
    _ended(driver, motion, Mode.PROTECTIVE)
    refuses(lambda: driver.follow(nudge(driver.describe(), driver.read_state())), "a motion during a protective stop")
    driver.recover()
    driver.wait(2)
    need(driver.read_state().mode is Mode.IDLE, f"mode {driver.read_state().mode.value} after recover()")
    return f"motion ended with {motion.result().code.value}, moves again only after recover()"


def emergency(bench: Bench) -> str:
    """An emergency stop ends the motion; recover() refuses until the button is released."""
    driver, guard = bench.driver(), bench.guard()
    robot = _provokable(driver, "press the emergency stop")
    motion = guard.follow(nudge(driver.describe(), driver.read_state(), share=SLOW / 2))
    driver.wait(4)
    robot.enter(Mode.EMERGENCY)
    try:
        _ended(driver, motion, Mode.EMERGENCY)
        refuses(driver.recover, "recover() while the emergency stop is pressed")
        need(driver.read_state().mode is Mode.EMERGENCY, "recover() ended an emergency stop by itself")
    finally:
        robot.enter(Mode.IDLE)
    driver.wait(2)
    driver.recover()
    driver.wait(2)
    need(driver.read_state().mode is Mode.IDLE, f"mode {driver.read_state().mode.value} after release and recover()")
    return "recover() refused until the button was released"


def _ended(driver: RobotDriver, motion: Motion, mode: Mode) -> None:
    driver.wait(HALT_TICKS)
    need(motion.done(), f"the motion goes on during a stop of kind {mode.value}")
    need(not motion.result().ok, "the motion that was interrupted says it ended well")
    need(driver.read_state().mode is mode, f"mode {driver.read_state().mode.value}, {mode.value} was due")
    need(speed_of(driver) < STANDING, f"still moves at {speed_of(driver):.3f}")


def severed(bench: Bench) -> str:
    """A link that is gone during a motion is reported in time; stop() and close() return; connect() starts afresh."""
    driver, guard = bench.driver(), bench.guard()
    if not isinstance(driver, Severable):
        raise NotApplicable("the driver has no sever() for tests; pull the cable during a motion and watch")
    motion = guard.follow(nudge(driver.describe(), driver.read_state(), share=SLOW / 2))
    guard.wait(4)
    driver.sever()
    began = time.perf_counter()
    while True:
        took = time.perf_counter() - began
        try:
            guard.wait(1)
        except DriverError:
            break
        need(took < 4 * LINK_SECONDS, "the link is gone and nothing is reported")
    took = time.perf_counter() - began
    need(took < LINK_SECONDS, f"the lost link was reported after {took:.2f} s, {LINK_SECONDS} are allowed")
    need(motion.done() and not motion.result().ok, "the motion does not end with the link")
    refuses(lambda: driver.gripper(*_open(driver)), "a gripper command without a link")
    need(_timed(driver.stop) < STOP_SECONDS, "stop() hangs without a link")
    bench.done()
    need(bench.driver().read_state().mode in (Mode.IDLE, Mode.STOPPED), "does not connect again after a lost link")
    return f"reported after {took * 1000:.0f} ms, connects again"


def _open(driver: RobotDriver) -> tuple[float, float, float]:
    spec = driver.describe()
    return spec.gripper_range[1], spec.gripper_speed, spec.gripper_force[0]


def config(bench: Bench) -> str:
    """An unknown key in the configuration is an error that names it."""
    if bench.kind is None:
        raise NotApplicable("a function makes this driver; check the class to see how it reads a configuration")
    try:
        make_driver(bench.kind, {**bench.options, "no_such_key": 1})
    except ConfigError as error:
        need("no_such_key" in str(error), f"the complaint does not name the unknown key: {error}")
    else:
        raise PromiseBroken("an unknown key was accepted")
    return "takes none" if bench.kind.Config is None else "an unknown key is named"


def unreachable(bench: Bench) -> str:
    """A host that does not answer is a DriverError in time, not a hang and not another error."""
    kind = bench.kind
    known = {f.name for f in fields(kind.Config)} if kind is not None and is_dataclass(kind.Config) else set()
    if kind is None or "host" not in known:
        raise NotApplicable("its configuration names no host")
    driver = make_driver(kind, {**bench.options, "host": NOBODY})
    began = time.perf_counter()
    try:
        driver.connect()
    except DriverError as error:
        said = str(error)
    else:
        driver.close()
        raise PromiseBroken(f"connected to {NOBODY}, where nobody is")
    took = time.perf_counter() - began
    need(took < CONNECT_SECONDS, f"took {took:.1f} s to say that the host does not answer")
    need(NOBODY in said, f"the complaint does not name the host: {said}")
    driver.close()
    return f"said so after {took:.1f} s"
