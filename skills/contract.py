"""What any driver must do, as named checks: run them before trusting a robot, from a test or the command line.

Motions are small (`NUDGE` on the last joint, slow) and the gripper opens and closes a few times; keep hands away all
the same. Everything that moves goes through a `Guard`, as it does in real runs. From pytest: `skills.contract_pytest`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from skills import contract_duties as duties
from skills import contract_safety as safety
from skills.contract_bench import Bench, Check, CheckResult, NotApplicable, PromiseBroken, Verdict
from skills.driver import DriverError, RobotDriver
from skills.driver_config import make_driver

__all__ = ["CHECKS", "CheckResult", "Verdict", "bench_for", "check_driver", "iterate_checks", "run_check"]

LONGEST = 120.0  # [s] of one check: a slow robot's motions take half a minute

CHECKS: dict[str, tuple[Check, str]] = {
    "describes itself before connect": (
        duties.describe, "describe() must work without a link and give consistent limits"),
    "configuration is strict": (
        safety.config, "name a frozen dataclass as Config in the class; make_driver() reads it strictly"),
    "unreachable host is said": (
        safety.unreachable, "connect() gives up within a few seconds with a DriverError that names the host"),
    "harmless before connect": (
        duties.unconnected, "stop() and close() work in any state; everything else raises DriverError"),
    "connect moves nothing": (
        duties.connects, "connect() opens the link only; a second call does nothing"),
    "state is complete": (
        duties.state, "give SI units: rad, rad/s, m, s; one entry per joint in the order of joint_names"),
    "clock is sane": (
        duties.clock, "stamp every reading with the robot's clock [s]; wait() lets 1/rate s pass per tick"),
    "motion reaches its goal": (
        duties.reaches, "follow() starts a motion and returns; done() turns true at the goal"),
    "limits are obeyed": (
        duties.obeys, "read_state() follows the motion with true q and dq, which stay within what describe() promises"),
    "motion can be cancelled": (
        duties.cancels, "cancel() ends the motion with CANCELLED and holds still"),
    "bad commands are refused": (
        safety.rejects, "the guard refuses these; make sure describe() gives true limits"),
    "gripper measures itself": (
        duties.grips, "report the measured width; stalled only when something stops the fingers"),
    "stop from another thread": (
        safety.stops, "stop() must not wait for locks held during a motion, nor for its end"),
    "stop during a grasp": (
        safety.stops_a_grasp, "gripper() gives up when stop() is called; stop() waits for no lock of gripper()"),
    "stopped until recover": (
        safety.stays_stopped, "follow() raises DriverError while stopped; recover() leads to idle"),
    "stale state stops": (
        safety.stale, "stop() must work while readings stand still: it is what the guard calls then"),
    "protective stop is kept": (
        safety.protective, "end the motion with PROTECTIVE_STOP, report the mode, refuse motions until recover()"),
    "emergency stop is kept": (
        safety.emergency, "end the motion, report the mode; recover() raises DriverError until it is released"),
    "lost link is reported": (
        safety.severed, "raise LinkLost within 0.5 s, end the motion with LOST_LINK, send nothing more"),
    "close and reconnect": (
        duties.reconnects, "close() releases everything; connect() after it starts afresh"),
}  # fmt: skip


def bench_for(
    new: type[RobotDriver] | Callable[[], RobotDriver],
    consent: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> Bench:
    """What the checks work on, for a driver's class with the plain data of its configuration, or for a function."""
    if isinstance(new, type):
        kind = new
        return Bench(lambda: make_driver(kind, options), consent, kind, dict(options or {}))
    return Bench(new, consent)


def check_driver(
    new: type[RobotDriver] | Callable[[], RobotDriver],
    consent: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> list[CheckResult]:
    """Run all checks on drivers made by ``new``: a class, with ``options`` for its configuration, or a function.

    ``consent``: needed for robots that are not simulated, see `skills.guard.consent_phrase`; without it, checks that
    move are failed by the guard, as they should be.
    """
    return list(iterate_checks(new, consent, options))


def iterate_checks(
    new: type[RobotDriver] | Callable[[], RobotDriver],
    consent: str | None = None,
    options: Mapping[str, Any] | None = None,
) -> Iterator[CheckResult]:
    """`check_driver`, result by result, for live display."""
    bench = bench_for(new, consent, options)
    usable = True
    try:
        for name in CHECKS:
            if not usable:
                yield CheckResult(name, Verdict.SKIP, "the driver does not connect")
                continue
            result = run_check(name, bench)
            yield result
            usable = result.ok or name != "connect moves nothing" or bench.connected
    finally:
        bench.done()
        bench.worker.end()


def run_check(name: str, bench: Bench) -> CheckResult:
    """One check by its name; never raises for what a driver does, and ends when it hangs."""
    check, advice = CHECKS[name]
    call = bench.worker.call(lambda: check(bench), LONGEST)
    if call is None:
        bench.done()
        hung = f"a call of the driver did not come back within {LONGEST:.0f} s"
        return CheckResult(name, Verdict.FAIL, hung, f"every call ends, whatever the robot does; {advice}")
    error = call.error
    if error is None:
        return CheckResult(name, Verdict.PASS, call.value)
    if isinstance(error, NotApplicable):
        return CheckResult(name, Verdict.SKIP, str(error))
    if isinstance(error, Exception):  # a driver under test may raise anything; each is a finding
        said = str(error) or type(error).__name__
        if not isinstance(error, (PromiseBroken, DriverError)):
            said = f"{type(error).__name__}: {said}"
        return CheckResult(name, Verdict.FAIL, said, advice)
    raise error
