"""The driver's end of the way to a twin: hears readings, sends requests, notices when nothing comes any more.

Two threads of its own: one hears, one gives signs of life and sends again what was not answered.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Mapping
from typing import Any

from sim.twin_wire import Wire, WireError, encode
from skills.driver import DriverError, LinkLost, Motion, MotionCode, MotionResult
from skills.types import Mode, RobotState

CONNECT = 3.0  # [s] for a twin to take a connection and give its first reading
AGAIN = 0.1  # [s] without an answer after which a request is sent again
BEAT = 0.05  # [s] between signs of life
ANSWER = 3.0  # [s] for the answer to a command
KEPT = 64  # answers that nobody has asked for yet
MOVING = ("follow", "gripper")


class TwinMotion(Motion):
    """A motion of the twin; the first end that is heard of counts."""

    def __init__(self, link: TwinLink, number: int) -> None:
        self._link, self.number = link, number
        self._result: MotionResult | None = None

    def done(self) -> bool:
        return self._result is not None

    def cancel(self) -> None:
        if self._result is None:
            self._link.tell("cancel", motion=self.number)

    def result(self) -> MotionResult:
        if self._result is None:
            raise DriverError("the motion is still running: wait until done(), or cancel()")
        return self._result

    def finish(self, result: MotionResult) -> None:
        """End with ``result``."""
        if self._result is None:
            self._result = result


class TwinLink:
    """One connection. ``timeout``: without a new reading for so long the link is lost [s]; ``commands``: how many
    requests were sent, their repetitions not counted. Raises DriverError when nobody answers."""

    def __init__(self, host: str, port: int, token: str, timeout: float) -> None:
        self.timeout = timeout
        self.lost = ""
        self.severed = False
        self.commands = 0
        self._news = threading.Condition()
        self._state: RobotState | None = None
        self._heard = 0.0  # when the newest reading came
        self._number = 0
        self._open: dict[int, tuple[dict[str, Any], float]] = {}  # requests without an answer, and when they were sent
        self._answers: dict[int, dict[str, Any]] = {}
        self._motions: dict[int, TwinMotion] = {}
        self._closed = False
        where = f"the twin at {host}:{port}"
        try:
            self._wire = Wire(socket.create_connection((host, port), CONNECT))
            self._wire.send({"hello": token})
        except OSError as error:
            raise DriverError(f"{where} does not answer ({error}); is it running?") from error
        for job in (self._hear, self._beat):
            threading.Thread(target=job, name=f"twin{job.__name__}", daemon=True).start()
        with self._news:
            self._news.wait_for(lambda: self._state is not None or self.lost, CONNECT)
        if self._state is None:
            why = self.lost or f"no reading within {CONNECT:.0f} s"
            self.close()
            raise DriverError(f"{where} gives no readings: {why}")

    def close(self) -> None:
        """Let go; harmless twice."""
        self._closed = True
        with self._news:
            for motion in self._motions.values():
                motion.finish(MotionResult(MotionCode.LOST_LINK, "the driver was closed"))
        self._wire.close()

    def settle(self, seconds: float) -> None:
        """Wait for the answers to everything that was sent, at most so long."""
        with self._news:
            self._news.wait_for(lambda: not self._open or self.lost, seconds)

    def _hear(self) -> None:
        try:
            while not self._closed:
                for message in self._wire.receive(0.2):
                    if not self.severed:
                        self._take(message)
        except (WireError, KeyError, TypeError, ValueError) as error:
            if not self._closed and not self.severed:
                self.lose(str(error))

    def _take(self, message: Mapping[str, Any]) -> None:
        with self._news:
            if "state" in message:
                state = _state(message["state"])
                if self._state is None or state.tick > self._state.tick:
                    self._state, self._heard = state, time.monotonic()
                for number, (code, detail) in message["ended"].items():
                    motion = self._motions.pop(int(number), None)
                    if motion is not None:
                        motion.finish(MotionResult(MotionCode(code), str(detail)))
            elif "re" in message:
                self._open.pop(int(message["re"]), None)
                self._answers[int(message["re"])] = dict(message)
                while len(self._answers) > KEPT:
                    del self._answers[next(iter(self._answers))]
            elif "error" in message:
                self.lost = self.lost or str(message["error"])
            self._news.notify_all()

    def _beat(self) -> None:
        """Signs of life, and requests that were not answered once more."""
        while not self._closed and not self.lost:
            now = time.monotonic()
            with self._news:
                stale = [m for m, sent in self._open.values() if now - sent > AGAIN]
                self._open.update({m["id"]: (m, now) for m in stale})
            try:
                for message in ({"do": "beat", "id": 0}, *stale):
                    if not self.severed:
                        self._wire.send(message)
            except WireError as error:
                if not self._closed and not self.severed:
                    self.lose(str(error))
                return
            time.sleep(BEAT)

    def lose(self, why: str) -> None:
        """The link is gone: nothing more is sent, running motions have ended as far as anybody can tell."""
        with self._news:
            self.lost = self.lost or why
            self._open.clear()
            for motion in self._motions.values():
                motion.finish(MotionResult(MotionCode.LOST_LINK, self.lost))
            self._motions.clear()
            self._news.notify_all()

    def tell(self, what: str, **values: Any) -> int:
        """Send a request, wait for nothing; it is repeated until it is answered. Returns its number. Raises ValueError
        for what cannot be sent."""
        encode({"do": what, "id": 0, **values})  # before it is among those that are repeated
        with self._news:
            self._number += 1
            message = {"do": what, "id": self._number, **values}
            if self._closed or self.lost:
                return self._number
            if what == "stop":  # what has not arrived yet must not arrive after it
                self._open = {n: (m, t) for n, (m, t) in self._open.items() if m["do"] not in MOVING}
            self._open[self._number] = (message, time.monotonic())
            self.commands += 1
        if not self.severed:
            try:
                for _ in range(2 if what == "stop" else 1):  # a lossy link must not delay a stop
                    self._wire.send(message)
            except WireError as error:
                self.lose(str(error))
        return int(message["id"])

    def ask(self, what: str, seconds: float = ANSWER, **values: Any) -> dict[str, Any]:
        """A request and its answer; raises DriverError when the twin refuses, LinkLost when there is no link."""
        self.newest()
        number = self.tell(what, **values)
        until = time.monotonic() + seconds
        while True:
            with self._news:
                answer = self._answers.pop(number, None)
                if answer is None:
                    self._news.wait(0.05)
                    answer = self._answers.pop(number, None)
            if answer is not None:
                break
            self.newest()
            if time.monotonic() > until:
                with self._news:  # given up: it must not be sent again and move something later
                    self._open.pop(number, None)
                raise DriverError(f"the twin did not answer to {what!r} within {seconds:g} s")
        if "error" in answer:
            raise DriverError(str(answer["error"]))
        self.wait_for_tick(int(answer["tick"]))  # readings from before the answer would contradict it
        return answer

    def motion(self) -> TwinMotion:
        """The handle of the motion that the next request starts: known before the answer, for a short motion may have
        ended by then."""
        with self._news:
            motion = TwinMotion(self, self._number + 1)
            self._motions[motion.number] = motion
        return motion

    def newest(self) -> RobotState:
        """The newest reading; raises LinkLost when it is too old, DriverError without a connection."""
        state = self._state
        if self._closed or state is None:
            raise DriverError("the twin is not connected: call connect() first")
        age = time.monotonic() - self._heard
        if not self.lost and age > self.timeout:
            self.lose(f"no new reading for {age:.2f} s")
        if self.lost:
            raise LinkLost(f"the link to the twin is lost ({self.lost}): close() and connect() again")
        return state

    def wait_for_tick(self, tick: int) -> None:
        """Wait for a reading of ``tick`` or later."""
        while self.newest().tick < tick:
            with self._news:
                state = self._state
                if state is not None and state.tick < tick:
                    self._news.wait(0.05)


def _state(data: Mapping[str, Any]) -> RobotState:
    base, speed = data["base"], data["base_velocity"]
    return RobotState(
        tick=int(data["tick"]),
        stamp=float(data["stamp"]),
        q=tuple(map(float, data["q"])),
        dq=tuple(map(float, data["dq"])),
        gripper_width=float(data["gripper_width"]),
        holding=None if data["holding"] is None else bool(data["holding"]),
        mode=Mode(data["mode"]),
        effort=None if data["effort"] is None else float(data["effort"]),
        base=None if base is None else tuple(map(float, base)),  # type: ignore[arg-type]
        base_velocity=None if speed is None else tuple(map(float, speed)),  # type: ignore[arg-type]
    )
