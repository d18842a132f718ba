"""Carrying a controller's commands to the driver, tick by tick, with a budget and with watched invariants."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from skills.driver import Embodiment, GripperResult, Motion, MotionCode, MotionResult
from skills.failure import DEFAULT_BLAME, Failure, FailureKind
from skills.predicates import EMPTY_WIDTH, held_object, symbolic_state
from skills.skill import Command, Controller, Drive, Follow, Grip, Look, Outcome
from skills.symbols import Literal
from skills.types import Observation

WATCH_EVERY = 4  # control ticks between two looks at the invariants
CONFIRM_TICKS = 2  # ticks after which a broken invariant is looked at again
CONTACT_FORCE = 4.0  # [N] a rise of the force at the tool that counts as contact
CONTACT_BASELINE = 6  # ticks at the start of a motion that give the force without contact
SETTLE_EVERY = 6  # ticks between two looks while waiting for rest
STILL_DISTANCE = 0.0006  # [m] moved less between two looks: at rest
STILL_TURN = 0.012  # [rad]
STILL_LOOKS = 2  # in a row
BLURRED = 0.005  # [m] the hand went further while things were perceived: what is in it cannot be seen
CANCEL_TICKS = 30  # ticks given to a cancelled motion to come to a halt


class Broken(Exception):
    """An invariant broke during a motion; ``failure`` says which."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(str(failure))
        self.failure = failure


class OutOfTicks(Broken):
    """The skill's tick budget is used up."""


@dataclass(frozen=True)
class CommandRecord:
    """One command as it went: ``kind`` follow, drive, grip, look or settle; ``result`` in a word or two; ticks used."""

    kind: str
    why: str
    result: str
    ticks: int


class Runner:
    """Runs one controller. ``invariants`` are watched during motions until the first command to the gripper."""

    def __init__(
        self,
        body: Embodiment,
        invariants: tuple[Literal, ...],
        max_ticks: int,
        on_tick: Callable[[], None] | None = None,
    ) -> None:
        self.body = body
        self.ticks = 0
        self.records: list[CommandRecord] = []
        self.last: Command | None = None
        self._invariants = invariants
        self._max_ticks = max_ticks
        self._on_tick = on_tick

    def run(self, controller: Controller) -> Failure | None:
        """Drive the generator to its end; returns what it returns. Raises Broken, OutOfTicks, DriverError."""
        try:
            command = next(controller)
            while True:
                command = controller.send(self._do(command))
        except StopIteration as end:
            result: Failure | None = end.value
            return result
        finally:
            controller.close()

    def settle(self, ticks: int) -> Observation:
        """Let things come to rest, at most ``ticks``; returns the last observation."""
        return self._settle(ticks)

    def _do(self, command: Command) -> Outcome:
        start = self.ticks
        self.last = command
        if isinstance(command, Follow | Drive):
            motion = self._follow(command)
            kind = "follow" if isinstance(command, Follow) else "drive"
            self._record(kind, command.why, motion.detail or motion.code.value, start)
            return Outcome(self.body.observe(), motion=motion)
        if isinstance(command, Grip):
            self._invariants = ()  # letting go is what the fingers are told to do
            grip = self._grip(command)
            word = "stalled" if grip.stalled else "reached"
            self._record("grip", command.why, f"{word} at {grip.width * 1000:.1f} mm", start)
            return Outcome(self.body.observe(), grip=grip)
        if isinstance(command, Look):
            for _ in range(command.ticks):
                self._tick(None)
            self.body.look_around()
            self._record("look", command.why, "looked", start)
            return Outcome(self.body.observe())
        obs = self._settle(command.ticks)
        self._record("settle", command.why, "at rest", start)
        return Outcome(obs)

    def _record(self, kind: str, why: str, result: str, start: int) -> None:
        self.records.append(CommandRecord(kind, why, result, self.ticks - start))

    def _follow(self, command: Follow | Drive) -> MotionResult:
        driver = self.body.driver
        motion = driver.follow(command.trajectory) if isinstance(command, Follow) else driver.drive(command.path)
        forces: list[float] = []
        since = 0
        while not motion.done():
            self._tick(motion)
            since += 1
            if isinstance(command, Follow) and command.until_contact and self._contact(forces):
                self._halt(motion)
                return MotionResult(MotionCode.OK, "contact")
            if self._invariants and since % WATCH_EVERY == 0 and not motion.done():
                self._watch(motion)
        return motion.result()

    def _contact(self, forces: list[float]) -> bool:
        """Whether the force at the tool has risen above what it was when the motion began."""
        effort = self.body.driver.read_state().effort
        if effort is None:
            return False
        forces.append(effort)
        if len(forces) <= CONTACT_BASELINE:
            return False
        return effort - float(np.median(forces[:CONTACT_BASELINE])) > CONTACT_FORCE

    def _watch(self, motion: Motion) -> None:
        unmet = self._unmet()
        if unmet:
            for _ in range(CONFIRM_TICKS):  # one bad reading is not a loss
                self._tick(motion)
            unmet = self._unmet()
        if unmet:
            self._halt(motion)
            said = ", ".join(map(str, unmet))
            kind = FailureKind.INVARIANT
            raise Broken(Failure(kind, f"during the motion no longer so: {said}", None, unmet, DEFAULT_BLAME[kind]))

    def _unmet(self) -> tuple[Literal, ...]:
        obs = self.body.observe()
        return tuple(x for x in self._invariants if not _true(x, obs))

    def _halt(self, motion: Motion) -> None:
        motion.cancel()
        for _ in range(CANCEL_TICKS):
            if motion.done():
                return
            self.body.driver.wait(1)
            self.ticks += 1
        self.body.driver.stop()

    def _grip(self, command: Grip) -> GripperResult:
        spec = self.body.kinematics.spec
        before = self.body.driver.read_state().tick
        result = self.body.driver.gripper(command.width, spec.gripper_speed, command.force)
        self._spend(max(0, self.body.driver.read_state().tick - before), None)
        if self._on_tick is not None:
            self._on_tick()
        return result

    def _settle(self, ticks: int) -> Observation:
        obs = self.body.observe()
        still = used = 0
        while used < ticks and still < STILL_LOOKS:
            for _ in range(min(SETTLE_EVERY, ticks - used)):
                self._tick(None)
                used += 1
            fresh = self.body.observe()
            still = still + 1 if _at_rest(obs, fresh) else 0
            obs = fresh
        return obs

    def _tick(self, motion: Motion | None) -> None:
        self.body.driver.wait(1)
        self._spend(1, motion)
        if self._on_tick is not None:
            self._on_tick()

    def _spend(self, ticks: int, motion: Motion | None) -> None:
        self.ticks += ticks
        if self.ticks > self._max_ticks:
            if motion is not None:
                self._halt(motion)
            kind = FailureKind.TIMEOUT
            raise OutOfTicks(Failure(kind, f"not done within {self._max_ticks} ticks", None, (), DEFAULT_BLAME[kind]))


def _true(literal: Literal, obs: Observation) -> bool:
    if literal.atom.predicate == "holding":  # the common case, much cheaper than the whole state
        if obs.blur > BLURRED and literal.positive:  # seen too slowly to say where it is: the fingers tell
            return obs.robot.holding is not False and obs.robot.gripper_width >= EMPTY_WIDTH
        return (held_object(obs) == literal.atom.args[0]) == literal.positive
    return symbolic_state(obs).holds(literal)


def _at_rest(before: Observation, after: Observation) -> bool:
    for name, thing in after.objects.items():
        old = before.objects.get(name)
        if old is None:
            return False
        if math.dist(old.pose_world.position, thing.pose_world.position) > STILL_DISTANCE:
            return False
        aligned = abs(float(np.dot(old.pose_world.orientation, thing.pose_world.orientation)))
        if 2 * math.acos(min(1.0, aligned)) > STILL_TURN:
            return False
    return True
