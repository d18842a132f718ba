"""What a driver does when all is well: it describes itself, reads, moves, grips, closes.

Each check returns what it found, or raises PromiseBroken or whatever the driver raises; `skills.contract` makes
results of that.
"""

from __future__ import annotations

import itertools
import math

import numpy as np

from skills.contract_bench import SLOW, Bench, PromiseBroken, finish, need, nudge, refuses, speed_of
from skills.driver import MotionCode
from skills.driver_spec import spec_faults
from skills.guard import GuardLimits
from skills.types import Mode, Trajectory

CLOCK_TICKS = 30  # that the clock is watched for
SLOWEST_STALE = GuardLimits().stale_ticks
SLOWEST_READINGS = SLOWEST_STALE - 3  # ticks between two readings
HALT_TICKS = 20  # control ticks after which a stopped robot stands
STANDING = 0.02  # [rad/s or m/s]
REACHED = 0.02  # [rad or m] from a motion's goal
WIDTH = 0.004  # [m] accuracy of the gripper's own width
BRISK = 0.2  # share of the velocity limit of the motion that is watched closely
EXCESS = 1.15  # measured over promised velocity that noise may make


def describe(bench: Bench) -> str:
    """Names, limits and rate are there and consistent before any link."""
    spec = bench.new().describe()
    faults = spec_faults(spec)
    need(not faults, "; ".join(faults))
    return f"{spec.name}, {len(spec.joint_names)} joints at {spec.rate:g} Hz"


def unconnected(bench: Bench) -> str:
    """Without a link nothing moves and nothing breaks."""
    driver = bench.new()
    driver.stop()
    driver.stop()
    spec = driver.describe()
    still = np.array([spec.home, spec.home], float)
    path = Trajectory(spec.joint_names, np.array([0.0, 1.0]), still, np.zeros_like(still))
    refuses(driver.read_state, "read_state before connect")
    refuses(lambda: driver.follow(path), "follow before connect")
    refuses(
        lambda: driver.gripper(spec.gripper_range[1], spec.gripper_speed, spec.gripper_force[0]),
        "gripper before connect",
    )
    refuses(driver.recover, "recover before connect")
    driver.close()
    driver.close()
    return "stop and close harmless, all else refused"


def connects(bench: Bench) -> str:
    """Opening the link moves nothing; doing it twice is harmless."""
    driver = bench.driver()
    before = driver.read_state().q
    driver.connect()
    driver.wait(3)
    moved = float(np.max(np.abs(np.subtract(driver.read_state().q, before))))
    need(moved < REACHED, f"connecting moved a joint by {moved:.3f}")
    return "moved nothing, twice is harmless"


def state(bench: Bench) -> str:
    """One finite entry per joint, in SI units, within limits."""
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


def clock(bench: Bench) -> str:
    """Stamps and ticks rise, at the pace of the promised rate, and often enough for the guard."""
    driver = bench.driver()
    spec = driver.describe()
    states = [driver.read_state()]
    for _ in range(CLOCK_TICKS):
        driver.wait(1)
        states.append(driver.read_state())
    stamps = [s.stamp for s in states]
    need(all(b >= a for a, b in itertools.pairwise(stamps)), f"stamps fall: {stamps}")
    need(all(b.tick > a.tick for a, b in itertools.pairwise(states)), "ticks do not rise")
    rises = [i for i, (a, b) in enumerate(itertools.pairwise(stamps)) if b > a]
    need(len(rises) > 1, f"stamps stand still: {stamps[0]} through {CLOCK_TICKS} ticks")
    longest = max(b - a for a, b in itertools.pairwise(rises))
    need(
        longest <= SLOWEST_READINGS,
        f"readings are new only every {longest} ticks, at {SLOWEST_STALE} the guard stops the robot: read it more "
        "often, or promise a lower rate",
    )
    per_tick = (stamps[-1] - stamps[0]) / CLOCK_TICKS * spec.rate
    need(0.3 < per_tick < 5.0, f"10 ticks take {per_tick * 10:.1f} control periods by the robot's own clock: seconds?")
    return f"{per_tick:.2f} control periods a tick, readings every {CLOCK_TICKS / len(rises):.1f} ticks"


def reaches(bench: Bench) -> str:
    """A small motion starts at once and ends at its goal."""
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


def obeys(bench: Bench) -> str:
    """Readings follow a brisker motion, and stay within the limits that describe() promises."""
    driver, guard = bench.driver(), bench.guard()
    spec, began = driver.describe(), driver.read_state()
    path = nudge(spec, began, share=BRISK)
    motion = guard.follow(path)
    seen = [began]
    for _ in range(int((path.duration * 1.5 + 2.0) * spec.rate)):
        driver.wait(1)
        seen.append(driver.read_state())
        if motion.done():
            break
    q, dq = np.array([s.q for s in seen]), np.array([s.dq for s in seen])
    way = abs(path.positions[-1, -1] - path.positions[0, -1])
    between = np.abs(q[:, -1] - q[0, -1])
    need(bool(np.any((between > 0.2 * way) & (between < 0.9 * way))), "the joint's readings do not follow its motion")
    need(any(s.mode is Mode.MOVING for s in seen), f"mode never says moving during a motion of {path.duration:.1f} s")
    fastest, allowed = np.max(np.abs(dq), axis=0), EXCESS * np.asarray(spec.max_velocity)
    j = int(np.argmax(fastest / allowed))
    need(
        bool(fastest[j] <= allowed[j]), f"joint {spec.joint_names[j]} moved at {fastest[j]:.2f}, limit {allowed[j]:.2f}"
    )
    need(fastest[-1] > 0.1 * np.max(np.abs(path.velocities)), "velocities read zero while the joint moves")
    others = float(np.max(np.abs(q[:, :-1] - q[0, :-1]))) if q.shape[1] > 1 else 0.0
    need(others < REACHED, f"a joint that was to stand moved by {others:.3f}")
    return f"at most {100 * np.max(fastest / np.asarray(spec.max_velocity)):.0f} % of the velocity limits"


def cancels(bench: Bench) -> str:
    """A cancelled motion ends as such, and the robot stands."""
    driver, guard = bench.driver(), bench.guard()
    path = nudge(driver.describe(), driver.read_state(), share=SLOW / 2)
    motion = guard.follow(path)
    driver.wait(max(2, int(0.2 * path.duration * driver.describe().rate)))
    motion.cancel()
    driver.wait(HALT_TICKS)
    need(motion.done(), "a cancelled motion is not done")
    need(motion.result().code is MotionCode.CANCELLED, f"code {motion.result().code.value}, cancelled was due")
    need(speed_of(driver) < STANDING, f"still moves at {speed_of(driver):.3f} after cancel")
    motion.cancel()
    return "stands, twice is harmless"


def grips(bench: Bench) -> str:
    """Widths are measured; closing on nothing is no grasp."""
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


def reconnects(bench: Bench) -> str:
    """Closed twice, connected again."""
    driver = bench.driver()
    driver.close()
    driver.close()
    driver.stop()
    refuses(driver.read_state, "read_state after close")
    driver.connect()
    driver.wait(2)
    need(driver.read_state().mode in (Mode.IDLE, Mode.STOPPED), f"mode {driver.read_state().mode.value}")
    return "closed twice, connected again"
