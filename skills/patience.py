"""A driver that always answers: whatever somebody's driver does, each call ends, with a DriverError if need be.

Calls run in one thread of their own, in turn, as many vendors' kits want it. One that does not come back within its
time counts as a lost link: the driver is told to stop, and nothing more is asked of it until `connect`. What a driver
raises beyond the contract becomes a DriverError that names the call. For drivers that are not ours; see
`planner.laboratory`.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from skills.driver import DriverError, GripperResult, LinkLost, Motion, MotionResult, RobotDriver
from skills.types import RobotSpec, RobotState, Trajectory

T = TypeVar("T")


@dataclass(frozen=True)
class Times:
    """Seconds that calls may take. ``quick``: whatever the contract wants at once (read_state, done, cancel, describe,
    starting a motion); ``link``: connect, close; ``fingers``; ``recover``; ``stop``. wait() may take ``quick`` longer
    than twice its ticks."""

    quick: float = 2.0
    link: float = 20.0
    fingers: float = 40.0
    recover: float = 60.0
    stop: float = 1.0


class Call:
    """One call on its way to another thread and back. ``value``, ``error``: what came of it once ``ended`` is set."""

    def __init__(self, action: Callable[[], Any]) -> None:
        self.action = action
        self.ended = threading.Event()
        self.value: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        """Do it."""
        try:
            self.value = self.action()
        except BaseException as error:  # it belongs to the one who waits
            self.error = error
        finally:
            self.ended.set()


class Worker:
    """A thread that calls are made in, one after the other; it never keeps the process from ending."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._calls: queue.SimpleQueue[Call | None] | None = None

    def call(self, action: Callable[[], Any], seconds: float) -> Call | None:
        """The call when it has ended; None when it did not within ``seconds``: then this thread is given up."""
        if self._calls is None:
            self._calls = queue.SimpleQueue()
            threading.Thread(target=_serve, args=(self._calls,), name=self._name, daemon=True).start()
        call = Call(action)
        self._calls.put(call)
        if call.ended.wait(seconds):
            return call
        self.end()
        return None

    def end(self) -> None:
        """No more calls; the next one starts another thread."""
        calls, self._calls = self._calls, None
        if calls is not None:
            calls.put(None)


def aside(action: Callable[[], Any], seconds: float, name: str) -> Call | None:
    """A call in a thread of its own; None when it did not end within ``seconds``."""
    call = Call(action)
    threading.Thread(target=call.run, name=name, daemon=True).start()
    return call if call.ended.wait(seconds) else None


class PatientDriver(RobotDriver):
    """``driver`` with an end to every call; see the module. ``name``: how the driver was asked for."""

    def __init__(self, driver: RobotDriver, name: str = "", times: Times | None = None) -> None:
        self.driver = driver
        self.times = times if times is not None else Times()
        self._name = name or type(driver).__name__
        self._spec: RobotSpec | None = None
        self._hung = ""
        self._worker = Worker(f"driver {self._name}")

    def describe(self) -> RobotSpec:
        if self._spec is None:
            self._spec = cast(RobotSpec, self._typed("describe", self.driver.describe, self.times.quick, RobotSpec))
        return self._spec

    def connect(self) -> None:
        self._hung = ""
        self._ask("connect", self.driver.connect, self.times.link)

    def close(self) -> None:
        self._aside("close", self.driver.close, self.times.link if not self._hung else self.times.stop)
        self._worker.end()

    def read_state(self) -> RobotState:
        state = self._typed("read_state", self.driver.read_state, self.times.quick, RobotState)
        return cast(RobotState, state)

    def follow(self, trajectory: Trajectory) -> Motion:
        return self._started("follow", lambda: self.driver.follow(trajectory))

    def drive(self, path: Trajectory) -> Motion:
        return self._started("drive", lambda: self.driver.drive(path))

    def gripper(self, width: float, speed: float, force: float) -> GripperResult:
        def action() -> GripperResult:
            return self.driver.gripper(width, speed, force)

        return cast(GripperResult, self._typed("gripper", action, self.times.fingers, GripperResult))

    def wait(self, ticks: int = 1) -> None:
        self._ask("wait", lambda: self.driver.wait(ticks), self.times.quick + 2 * ticks / self.describe().rate)

    def stop(self) -> None:
        self._aside("stop", self.driver.stop, self.times.stop)

    def recover(self) -> None:
        self._ask("recover", self.driver.recover, self.times.recover)

    def ask(self, what: str, action: Callable[[], T]) -> T:
        """A call of a motion's handle."""
        return self._ask(what, action, self.times.quick)

    def _started(self, what: str, action: Callable[[], Motion]) -> Motion:
        return PatientMotion(self, cast(Motion, self._typed(what, action, self.times.quick, Motion)))

    def _typed(self, what: str, action: Callable[[], Any], seconds: float, kind: type) -> Any:
        found = self._ask(what, action, seconds)
        if not isinstance(found, kind):
            raise DriverError(f"{self._name}: {what}() gives {found!r:.60}, {kind.__module__}:{kind.__name__} is due")
        return found

    def _ask(self, what: str, action: Callable[[], T], seconds: float) -> T:
        if self._hung:
            raise LinkLost(self._hung)
        call = self._worker.call(action, seconds)
        if call is None:
            self._hung = f"{self._name}: {what}() did not come back within {seconds:.0f} s; close() and connect() again"
            self.stop()
            raise LinkLost(self._hung)
        return cast(T, self._back(what, call))

    def _back(self, what: str, call: Call) -> Any:
        error = call.error
        if error is None:
            return call.value
        if isinstance(error, DriverError):
            raise error
        if isinstance(error, Exception):
            said = f"{type(error).__name__}: {error}".rstrip(": ")
            raise DriverError(f"{self._name}: {what}() raised {said}") from error
        raise error

    def _aside(self, what: str, action: Callable[[], None], seconds: float) -> None:
        """In a thread of its own, since the driver's may be busy; what goes wrong is said by the next call."""
        call = aside(action, seconds, f"driver {self._name} {what}")
        if call is None:
            said = f"did not come back within {seconds:.0f} s"
        elif what == "stop" and isinstance(call.error, Exception):
            said = f"raised {type(call.error).__name__}: {call.error}"
        else:
            return
        self._hung = self._hung or f"{self._name}: {what}() {said}: press the emergency stop"


class PatientMotion(Motion):
    """A handle whose calls end, too."""

    def __init__(self, driver: PatientDriver, motion: Motion) -> None:
        self._driver = driver
        self._motion = motion

    def done(self) -> bool:
        return bool(self._driver.ask("done", self._motion.done))

    def cancel(self) -> None:
        self._driver.ask("cancel", self._motion.cancel)

    def result(self) -> MotionResult:
        found = self._driver.ask("result", self._motion.result)
        if not isinstance(found, MotionResult):
            raise DriverError(f"result() of a motion gives {found!r:.60}, skills.driver:MotionResult is due")
        return found


def _serve(calls: queue.SimpleQueue[Call | None]) -> None:
    while (call := calls.get()) is not None:
        call.run()
