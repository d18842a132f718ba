"""The twin: a simulated robot in a process of its own, behind a loopback socket, in its own time.

Time passes here whether or not anybody talks: at ``pace`` times real time, or slower when the machine is slow. One
driver may be connected, with the token that the process was started with. A driver that falls silent is noticed, and
the arm stops. It is simulated hardware: nothing of the planner runs here.
"""

from __future__ import annotations

import contextlib
import hmac
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from sim.driver import PyBulletDriver
from sim.twin_faults import LinkFaults, TwinEvent, Weather
from sim.twin_wire import Wire, WireError
from sim.world import World
from skills.driver import DriverError, FeelingPerception, Motion, Perception
from skills.driver_config import ConfigError
from skills.types import Mode, RobotState, Trajectory

SILENCE = 1.0  # [s] without a word from the driver after which the arm stops
HELLO = 2.0  # [s] that a new connection has for its token
KEPT = 64  # answers that are kept for requests that are sent again
ENDED = 8  # ends of motions told with every reading
Answer = dict[str, Any]


@dataclass(frozen=True)
class TwinSetup:
    """How a twin is started: ``token``: what a driver must know; ``pace``: simulated seconds a second; ``faults``: of
    the link and the robot; ``seed``: of everything random; ``robot``, ``start`` (its joints): of the bare one;
    ``more``: for who builds a world."""

    token: str
    pace: float = 1.0
    faults: LinkFaults = field(default_factory=LinkFaults)
    seed: int = 0
    robot: str = "panda"
    start: tuple[float, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


class TwinServer:
    """Serves one robot. ``eyes``: what lies around; ``judge``: answers a question about the ground truth, which the
    driver's own link carries and no planner asks; ``happened``: what went wrong around the robot so far."""

    def __init__(
        self,
        world: World,
        setup: TwinSetup,
        eyes: Perception | None = None,
        judge: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None,
        happened: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self.world, self.setup, self.eyes, self.judge, self.happened = world, setup, eyes, judge, happened
        self.robot = PyBulletDriver(world)
        self.rate = world.robot.spec.rate
        self.weather = Weather(setup.faults, np.random.default_rng([setup.seed, 88_003]), self.rate)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.wire: Wire | None = None
        self.over = threading.Event()
        self._due = time.monotonic()
        self._fastest = self._outside = 0.0
        self._fresh()
        world.on_step(self._measure, 4)

    @property
    def port(self) -> int:
        """Where it listens, on the loopback interface alone."""
        return int(self.listener.getsockname()[1])

    def _fresh(self) -> None:
        """As after a new connection."""
        self._tick = 0  # control ticks since the connection, as the robot counts them
        self._inbox: deque[tuple[int, Answer]] = deque()
        self._outbox: deque[tuple[int, Answer]] = deque()
        self._answers: dict[int, Answer] = {}
        self._begun: set[int] = set()
        self._motions: dict[int, Motion] = {}
        self._ends: dict[int, tuple[str, str]] = {}
        self._heard = time.monotonic()
        self._frozen: RobotState | None = None
        self._held: tuple[float, ...] | None = None
        self._fired: set[int] = set()
        self._busy = False

    def serve(self) -> None:
        """Until `over` is set: let time pass, talk."""
        self.robot.connect()
        while not self.over.is_set():
            if self.wire is None:
                self._accept()
            self._act()
            self._pass_time()
        self._hang_up()
        self.listener.close()
        self.robot.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            connection, _ = self.listener.accept()
            wire, until = Wire(connection), time.monotonic() + HELLO
            try:
                said: list[Answer] = []
                while not said and time.monotonic() < until:
                    said = wire.receive(0.1)
                if not said or not hmac.compare_digest(str(said[0].get("hello", "")), self.setup.token):
                    wire.send({"error": "not the token of this twin"})
                    raise WireError("no token")
            except (WireError, ValueError):
                wire.close()
                return
            self.robot.close()
            self.robot.connect()
            self._fresh()
            self._inbox.extend((0, m) for m in said[1:])
            self.wire = wire

    def _hang_up(self) -> None:
        if self.wire is not None:
            self.wire.close()
            self.wire = None
        self._busy = False
        self.robot.stop()

    def _pass_time(self) -> None:
        """One control tick of the robot, then the news of it."""
        self._wait_talking(1)

    def _pump(self, seconds: float) -> None:
        """Hear what the driver says for up to ``seconds``, tell it how the robot is. Runs within long actions, too."""
        until = time.monotonic() + seconds
        if self.wire is None:
            time.sleep(seconds)
            return
        try:
            while True:
                for message in self.wire.receive(until - time.monotonic()):
                    self._heard = time.monotonic()
                    self._hear(message)
                if time.monotonic() >= until:
                    break
            self._publish()
        except WireError:
            self._hang_up()
            return
        if time.monotonic() - self._heard > SILENCE:
            self.robot.stop()

    def _hear(self, message: Answer) -> None:
        if not self.weather.lost(self._tick):
            self._inbox.append((self._tick + self.weather.delay(), message))

    def _act(self) -> None:
        """Do what is due. During a long action only stops are heard."""
        waiting, now = deque[tuple[int, Answer]](), self._tick
        while self._inbox:
            due, message = self._inbox.popleft()
            urgent = message.get("do") in ("stop", "enter", "cancel", "beat")
            if due > now or (self._busy and not urgent):
                waiting.append((due, message))
            else:
                self._obey(message)
        self._inbox = waiting

    def _obey(self, message: Answer) -> None:
        number, what = message.get("id"), message.get("do")
        if not isinstance(number, int) or what == "beat":
            return
        if number in self._begun:  # sent again: answer again, do nothing twice
            if number in self._answers:
                self._say(self._answers[number])
            return
        self._begun.add(number)
        action = getattr(self, f"_do_{what}", None)
        try:
            if action is None:
                raise DriverError(f"the twin knows no {what!r}")
            answer = {"re": number, **(action(number, message) or {})}
        except (DriverError, ConfigError, KeyError, TypeError, ValueError) as error:
            answer = {"re": number, "error": str(error) or type(error).__name__}
        answer["tick"] = self._tick + 1  # the reading of this tick may have gone out before
        self._answers[number] = answer
        for old in sorted(self._answers)[:-KEPT]:
            del self._answers[old]
        self._say(answer)

    def _do_follow(self, number: int, message: Answer) -> None:
        names = tuple(map(str, message["names"]))
        times, positions, velocities = (np.asarray(message[k], float) for k in ("times", "positions", "velocities"))
        path = Trajectory(names, times, positions, velocities)
        self._motions[number] = self.robot.drive(path) if message.get("base") else self.robot.follow(path)

    def _do_cancel(self, number: int, message: Answer) -> None:
        motion = self._motions.get(int(message["motion"]))
        if motion is not None:
            motion.cancel()

    def _do_stop(self, number: int, message: Answer) -> None:
        self.robot.stop()

    def _do_recover(self, number: int, message: Answer) -> None:
        self.robot.recover()

    def _do_enter(self, number: int, message: Answer) -> None:
        self.robot.enter(Mode(message["mode"]))

    def _do_gripper(self, number: int, message: Answer) -> Answer:
        width, speed, force = (float(message[k]) for k in ("width", "speed", "force"))
        self._busy, wait = True, self.robot.wait
        self.robot.wait = self._wait_talking  # type: ignore[method-assign]
        try:
            result = self.robot.gripper(width, speed, force)
        finally:
            self._busy = False
            self.robot.wait = wait  # type: ignore[method-assign]
        if self.weather.on(TwinEvent.LIAR, self._tick):
            return {"width": result.width + 0.02, "stalled": True, "reached": False}
        return asdict(result)

    def _wait_talking(self, ticks: int = 1) -> None:
        for _ in range(ticks):
            self._due = max(self._due + 1 / (self.rate * self.setup.pace), time.monotonic() - 0.1)
            PyBulletDriver.wait(self.robot, 1)
            self._tick += 1
            self._pump(max(0.0, self._due - time.monotonic()))
            if self._busy:
                self._act()

    def _do_objects(self, number: int, message: Answer) -> Answer:
        if isinstance(self.eyes, FeelingPerception):
            self.eyes.feel(self.robot.read_state(), self.world.arm.pose_world_tool())
        things = [] if self.eyes is None else list(self.eyes.objects().values())
        self._busy = True
        self._wait_talking(round(self.setup.faults.look * self.rate))
        self._busy = False
        return {"objects": [asdict(t) for t in self.weather.seen(things)]}

    def _measure(self, world: World) -> None:
        """The truth about limits: the fastest joint as a share of its limit, the farthest beyond a position limit."""
        spec = world.robot.spec
        q, dq, _, _ = world.arm.state()
        for value, speed, low, high, most in zip(q, dq, spec.lower, spec.upper, spec.max_velocity, strict=True):
            self._fastest = max(self._fastest, abs(speed) / most)
            self._outside = max(self._outside, low - value, value - high)

    def _do_measure(self, number: int, message: Answer) -> Answer:
        return {"velocity_share": self._fastest, "outside": self._outside, "happened": list(self.happened())}

    def _do_judge(self, number: int, message: Answer) -> Answer:
        if self.judge is None:
            raise DriverError("nobody judges here")
        return {"verdict": self.judge(message)}

    def _say(self, message: Answer) -> None:
        if self.wire is not None and not self.weather.lost(self._tick):
            self._outbox.append((self._tick + self.weather.delay(), message))

    def _publish(self) -> None:
        """Send the reading of this tick and all that is due."""
        tick = self._tick
        self._happen(tick)
        for number, motion in list(self._motions.items()):
            if motion.done():
                result = motion.result()
                self._ends[number] = (result.code.value, result.detail)
                del self._motions[number]
        while len(self._ends) > ENDED:
            del self._ends[next(iter(self._ends))]
        if self.wire is None or self.weather.on(TwinEvent.SILENT, tick):
            return
        self._say({"state": _plain(self._reading(tick)), "ended": {str(n): e for n, e in self._ends.items()}})
        held = deque[tuple[int, Answer]]()
        while self._outbox:
            due, message = self._outbox.popleft()
            if due <= tick:
                self.wire.send(message)
            else:
                held.append((due, message))
        self._outbox = held

    def _reading(self, tick: int) -> RobotState:
        state = self.weather.reading(self.robot.read_state())
        if self.weather.on(TwinEvent.FREEZE, tick):
            self._frozen = self._frozen or state
            return self._frozen
        if self.weather.on(TwinEvent.STILL, tick):
            self._held = self._held or state.q
            return RobotState(**{**vars(state), "q": self._held, "dq": (0.0,) * len(state.q)})
        if self.weather.on(TwinEvent.LIAR, tick):
            return RobotState(**{**vars(state), "holding": True})
        return state

    def _happen(self, tick: int) -> None:
        """Set off and end what is to happen at a moment."""
        for i, event in enumerate(self.setup.faults.events):
            if event.on(tick) and i not in self._fired:
                self._fired.add(i)
                if event.kind in (TwinEvent.PROTECTIVE, TwinEvent.EMERGENCY):
                    self.robot.enter(Mode(event.kind.value))
                elif event.kind is TwinEvent.CUT:
                    raise WireError("cut on purpose")
            elif (
                event.kind is TwinEvent.EMERGENCY and i in self._fired and not event.on(tick) and ~i not in self._fired
            ):
                self._fired.add(~i)  # released, once
                self.robot.enter(Mode.IDLE)


def _plain(state: RobotState) -> Answer:
    return {**vars(state), "mode": state.mode.value}
