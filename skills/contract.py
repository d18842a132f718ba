"""What any driver must do, as named checks: run them before trusting a robot, from a test or the command line.

Motions are small (`NUDGE` on the last joint, slow) and the gripper opens and closes once; keep hands away all the
same. Everything that moves goes through a `Guard`, as it does in real runs.
"""

from __future__ import annotations

import itertools
import math
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from skills.contract_bench import SLOW, Bench, CheckResult, PromiseBroken, Verdict, finish, need, nudge, refuses
from skills.driver import DriverError, MotionCode, RobotDriver
from skills.types import Mode

STOP_SECONDS = 0.1  # stop() returns within this, whatever else is going on
HALT_TICKS = 20  # control ticks after which a stopped robot stands
STANDING = 0.02  # [rad/s or m/s]
REACHED = 0.02  # [rad or m] from a motion's goal
WIDTH = 0.004  # [m] accuracy of the gripper's own width

__all__ = ["CHECKS", "CheckResult", "Verdict", "check_driver", "iterate_checks"]


def _describe(bench: Bench) -> str:
    spec = bench.new().describe()
    need(len(spec.joint_names) > 0, "no joints")
    need(len(set(spec.joint_names)) == len(spec.joint_names), "joint names repeat")
    for low, home, high, name in zip(spec.lower, spec.home, spec.upper, spec.joint_names, strict=True):
        need(low < high, f"joint {name}: lower {low} is not below upper {high}")
        need(low <= home <= high, f"joint {name}: home {home} is outside {low}..{high}")
    need(min(spec.max_velocity) > 0 and min(spec.max_acceleration) > 0, "velocity and acceleration limits must be > 0")
    need(0 <= spec.gripper_range[0] < spec.gripper_range[1], f"gripper range {spec.gripper_range}")
    need(spec.rate > 0, "rate must be > 0")
    return f"{spec.name}, {len(spec.joint_names)} joints at {spec.rate:g} Hz"


def _unconnected(bench: Bench) -> str:
    driver = bench.new()
    driver.stop()
    driver.stop()
    refuses(driver.read_state, "read_state before connect")
    driver.close()
    driver.close()
    return "stop and close harmless, read_state refused"


def _connects(bench: Bench) -> str:
    driver = bench.driver()
    before = driver.read_state().q
    driver.connect()
    driver.wait(3)
    moved = float(np.max(np.abs(np.subtract(driver.read_state().q, before))))
    need(moved < REACHED, f"connecting moved a joint by {moved:.3f}")
    return "moved nothing, twice is harmless"


def _state(bench: Bench) -> str:
    driver = bench.driver()
    spec, state = driver.describe(), driver.read_state()
    n = len(spec.joint_names)
    need(len(state.q) == n and len(state.dq) == n, f"{len(state.q)} positions, {len(state.dq)} velocities, {n} joints")
    values = (*state.q, *state.dq, state.gripper_width, state.stamp)
    need(all(math.isfinite(v) for v in values), "numbers that are not finite")
    for value, low, high, name in zip(state.q, spec.lower, spec.upper, spec.joint_names, strict=True):
        need(low - 0.02 <= value <= high + 0.02, f"joint {name} at {value:.3f}, limits {low:.3f}..{high:.3f}: radians?")
    low, high = spec.gripper_range
    need(low - WIDTH <= state.gripper_width <= high + WIDTH, f"gripper width {state.gripper_width} m: metres?")
    need(isinstance(state.mode, Mode), f"mode {state.mode!r}")
    return f"mode {state.mode.value}, width {state.gripper_width * 1000:.0f} mm"


def _clock(bench: Bench) -> str:
    driver = bench.driver()
    states = [driver.read_state()]
    for _ in range(5):
        driver.wait(2)
        states.append(driver.read_state())
    stamps = [s.stamp for s in states]
    need(all(b > a for a, b in itertools.pairwise(stamps)), f"stamps do not rise: {stamps}")
    need(all(b.tick > a.tick for a, b in itertools.pairwise(states)), "ticks do not rise")
    per_tick = (stamps[-1] - stamps[0]) / 10 * driver.describe().rate
    need(0.3 < per_tick < 5.0, f"10 ticks take {per_tick * 10:.1f} control periods by the robot's own clock: seconds?")
    return f"{per_tick:.2f} control periods a tick"


def _reaches(bench: Bench) -> str:
    driver, guard = bench.driver(), bench.guard()
    path = nudge(driver.describe(), driver.read_state())
    motion = guard.follow(path)
    need(not motion.done(), "follow blocks until the motion ends; it must return at once")
    refuses(motion.result, "result() of a running motion")
    finish(guard, motion, path.duration)
    result = motion.result()
    need(result.ok, f"ended with {result.code.value} {result.detail}")
    driver.wait(2)
    off = float(np.max(np.abs(np.asarray(driver.read_state().q) - path.positions[-1])))
    need(off < REACHED, f"stands {off:.3f} from the goal")
    need(driver.read_state().mode is Mode.IDLE, f"mode {driver.read_state().mode.value} after a motion, idle was due")
    return f"{off:.4f} from the goal"


def _cancels(bench: Bench) -> str:
    driver, guard = bench.driver(), bench.guard()
    path = nudge(driver.describe(), driver.read_state())
    motion = guard.follow(path)
    driver.wait(max(2, int(0.4 * path.duration * driver.describe().rate)))
    motion.cancel()
    driver.wait(HALT_TICKS)
    need(motion.done(), "a cancelled motion is not done")
    need(motion.result().code is MotionCode.CANCELLED, f"code {motion.result().code.value}, cancelled was due")
    speed = float(np.max(np.abs(driver.read_state().dq)))
    need(speed < STANDING, f"still moves at {speed:.3f} after cancel")
    motion.cancel()
    return "stands, twice is harmless"


def _rejects(bench: Bench) -> str:
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
    other = tuple(f"{n} (other)" for n in spec.joint_names)
    cases["wrong joint names"] = replace(good, joint_names=other)
    for what, path in cases.items():
        refuses(lambda path=path: guard.follow(path), what)  # type: ignore[misc]
    refuses(lambda: guard.gripper(10.0, 0.05, 10.0), "a gripper width of 10 m")
    moved = float(np.max(np.abs(np.subtract(driver.read_state().q, state.q))))
    need(moved < REACHED, f"a refused command moved a joint by {moved:.3f}")
    return f"{len(cases) + 1} bad commands refused"


def _gripper(bench: Bench) -> str:
    driver, guard = bench.driver(), bench.guard()
    spec = driver.describe()
    opened = guard.gripper(spec.gripper_range[1], spec.gripper_speed / 2, spec.gripper_force[0])
    need(opened.reached, f"opening ended at {opened.width:.4f} m and says it did not arrive")
    read = driver.read_state().gripper_width
    need(abs(read - opened.width) < WIDTH, f"gripper() says {opened.width:.4f} m, read_state says {read:.4f} m")
    closed = guard.gripper(spec.gripper_range[0], spec.gripper_speed / 2, spec.gripper_force[0])
    if closed.stalled and closed.width > 0.01:
        raise PromiseBroken(
            f"something is between the fingers (stalled at {closed.width:.4f} m): take it out and try again"
        )
    need(abs(closed.width - spec.gripper_range[0]) < WIDTH, f"closed on nothing, width {closed.width:.4f} m")
    need(driver.read_state().holding is not True, "closed on nothing and claims to hold something")
    guard.gripper(spec.gripper_range[1], spec.gripper_speed / 2, spec.gripper_force[0])
    return f"{opened.width * 1000:.1f} to {closed.width * 1000:.1f} mm, an empty grasp is no grasp"


def _stops(bench: Bench) -> str:
    driver, guard = bench.driver(), bench.guard()
    path = nudge(driver.describe(), driver.read_state(), share=SLOW / 2)
    motion = guard.follow(path)
    driver.wait(max(2, int(0.3 * path.duration * driver.describe().rate)))
    took: list[float] = []

    def from_elsewhere() -> None:
        began = time.perf_counter()
        driver.stop()
        took.append(time.perf_counter() - began)

    thread = threading.Thread(target=from_elsewhere)
    thread.start()
    thread.join(timeout=10 * STOP_SECONDS)
    need(bool(took), f"stop() did not return within {10 * STOP_SECONDS:.0f} s from another thread")
    need(took[0] < STOP_SECONDS, f"stop() took {took[0] * 1000:.0f} ms, {STOP_SECONDS * 1000:.0f} are allowed")
    driver.wait(HALT_TICKS)
    need(motion.done(), "the motion goes on after stop()")
    state = driver.read_state()
    need(state.mode is Mode.STOPPED, f"mode {state.mode.value} after stop(), stopped was due")
    speed = float(np.max(np.abs(state.dq)))
    need(speed < STANDING, f"still moves at {speed:.3f} after stop()")
    return f"returned after {took[0] * 1000:.1f} ms, stands"


def _stays_stopped(bench: Bench) -> str:
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


def _reconnects(bench: Bench) -> str:
    driver = bench.driver()
    driver.close()
    driver.close()
    driver.stop()
    refuses(driver.read_state, "read_state after close")
    driver.connect()
    driver.wait(2)
    need(driver.read_state().mode in (Mode.IDLE, Mode.STOPPED), f"mode {driver.read_state().mode.value}")
    return "closed twice, connected again"


Check = Callable[[Bench], str]

CHECKS: dict[str, tuple[Check, str]] = {
    "describes itself before connect": (_describe, "describe() must work without a link and give consistent limits"),
    "harmless before connect": (_unconnected, "stop() and close() work in any state; read_state() raises DriverError"),
    "connect moves nothing": (_connects, "connect() opens the link only; a second call does nothing"),
    "state is complete": (_state, "give SI units: rad, rad/s, m, s; one entry per joint in the order of joint_names"),
    "clock is sane": (_clock, "stamp every reading with the robot's clock [s]; wait() lets 1/rate s pass per tick"),
    "motion reaches its goal": (_reaches, "follow() starts a motion and returns; done() turns true at the goal"),
    "motion can be cancelled": (_cancels, "cancel() ends the motion with CANCELLED and holds still"),
    "bad commands are refused": (_rejects, "the guard refuses these; make sure describe() gives true limits"),
    "gripper measures itself": (_gripper, "report the measured width; stalled only when something stops the fingers"),
    "stop from another thread": (_stops, "stop() must not wait for locks held during a motion, nor for its end"),
    "stopped until recover": (_stays_stopped, "follow() raises DriverError while stopped; recover() leads to idle"),
    "close and reconnect": (_reconnects, "close() releases everything; connect() after it starts afresh"),
}


def check_driver(new: Callable[[], RobotDriver], consent: str | None = None) -> list[CheckResult]:
    """Run all checks on drivers made by ``new`` (one class with a no-argument constructor, or a function).

    ``consent``: needed for robots that are not simulated, see `skills.guard.consent_phrase`; without it, checks that
    move are failed by the guard, as they should be.
    """
    return list(iterate_checks(new, consent))


def iterate_checks(new: Callable[[], RobotDriver], consent: str | None = None) -> Iterator[CheckResult]:
    """`check_driver`, result by result, for live display."""
    bench = Bench(new, consent)
    usable = True
    try:
        for name, (check, advice) in CHECKS.items():
            if not usable:
                yield CheckResult(name, Verdict.SKIP, "the driver does not connect")
                continue
            try:
                yield CheckResult(name, Verdict.PASS, check(bench))
            except Exception as error:  # a driver under test may raise anything; each is a finding
                said = str(error) or type(error).__name__
                if not isinstance(error, (PromiseBroken, DriverError)):
                    said = f"{type(error).__name__}: {said}"
                yield CheckResult(name, Verdict.FAIL, said, advice)
                usable = name != "connect moves nothing" or bench._connected is not None
    finally:
        bench.done()
