"""Perception and drivers that fail when a `FaultInjector` says so; otherwise they pass everything through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from sim.faults import STEPS_PER_TICK, FaultInjector, FaultKind
from skills.driver import (
    DriverError,
    FeelingPerception,
    GripperResult,
    Motion,
    MotionCode,
    MotionResult,
    Perception,
    RobotDriver,
    SearchingPerception,
)
from skills.types import Mode, ObjectState, Pose, RobotSpec, RobotState, Trajectory


class FaultyPerception:
    """A perception with noise and gaps. Positions are drawn anew at every look, so looking again can help."""

    def __init__(self, inner: Perception, faults: FaultInjector, rng: np.random.Generator) -> None:
        self.inner, self.faults, self.rng = inner, faults, rng
        self.name = f"{inner.name} with faults"

    def feel(self, state: RobotState, pose_world_tool: Pose) -> None:
        """Passed on to a perception that wants it."""
        if isinstance(self.inner, FeelingPerception):
            self.inner.feel(state, pose_world_tool)

    def unseen(self) -> Mapping[str, ObjectState]:
        """What the perception has not seen; a thing that is missed by a fault is among it."""
        if not isinstance(self.inner, SearchingPerception):
            return {}
        missed = {f.thing for f in self.faults.on(FaultKind.MISS)}
        seen = {n: o for n, o in self.inner.objects().items() if n in missed}
        return {**self.inner.unseen(), **seen}

    def look(self, state: RobotState, pose_world_tool: Pose, around: bool = False) -> None:
        """Passed on to a perception that can be told to look."""
        if isinstance(self.inner, SearchingPerception):
            self.inner.look(state, pose_world_tool, around)

    def objects(self) -> Mapping[str, ObjectState]:
        """What is perceived: noisy in x and y, without the missed things."""
        seen = dict(self.inner.objects())
        for fault in self.faults.on(FaultKind.MISS):
            if fault.thing is not None:
                seen.pop(fault.thing, None)
        for fault in self.faults.on(FaultKind.NOISE):
            for name in sorted(seen) if fault.thing is None else [fault.thing]:
                if name in seen:
                    dx, dy = self.rng.normal(0.0, fault.size, 2)
                    seen[name] = replace(seen[name], pose_world=seen[name].pose_world.moved(float(dx), float(dy)))
        return seen


class _FaultyMotion(Motion):
    """A motion that also ends when its driver fails."""

    def __init__(self, inner: Motion, driver: FaultyDriver) -> None:
        self.inner, self.driver = inner, driver
        self._result: MotionResult | None = None

    def abort(self, code: MotionCode, detail: str) -> None:
        if self._result is None and not self.inner.done():
            self._result = MotionResult(code, detail)
            self.inner.cancel()

    def done(self) -> bool:
        """Whether it has ended."""
        return self._result is not None or self.inner.done()

    def cancel(self) -> None:
        """End it early."""
        self.inner.cancel()

    def result(self) -> MotionResult:
        """How it ended."""
        return self._result if self._result is not None else self.inner.result()


class FaultyDriver(RobotDriver):
    """A driver whose gripper sticks, which stops protectively or loses its link."""

    def __init__(self, inner: RobotDriver, faults: FaultInjector) -> None:
        self.inner, self.faults = inner, faults
        self._motion: _FaultyMotion | None = None

    def _link(self) -> None:
        if self.faults.on(FaultKind.LOST):
            if self._motion is not None:
                self._motion.abort(MotionCode.LOST_LINK, "the link to the robot is gone")
            self.faults.world.step(STEPS_PER_TICK)  # the world does not wait for the link
            raise DriverError("the link to the robot is gone; check the cable and connect again")

    def _protect(self) -> bool:
        if not self.faults.on(FaultKind.PROTECTIVE):
            return False
        if self._motion is not None:
            self._motion.abort(MotionCode.PROTECTIVE_STOP, "protective stop")
        return True

    def describe(self) -> RobotSpec:
        """As the inner driver."""
        return self.inner.describe()

    def connect(self) -> None:
        """As the inner driver, if the link is there."""
        self._link()
        self.inner.connect()

    def close(self) -> None:
        """As the inner driver."""
        self.inner.close()

    def read_state(self) -> RobotState:
        """The inner reading, with the mode that the fault imposes."""
        self._link()
        state = self.inner.read_state()
        return replace(state, mode=Mode.PROTECTIVE) if self._protect() else state

    def follow(self, trajectory: Trajectory) -> Motion:
        """As the inner driver; refused during a protective stop."""
        self._link()
        if self._protect():
            raise DriverError("the robot is in a protective stop; call recover() first")
        self._motion = _FaultyMotion(self.inner.follow(trajectory), self)
        return self._motion

    def drive(self, path: Trajectory) -> Motion:
        """As the inner driver; refused during a protective stop."""
        self._link()
        if self._protect():
            raise DriverError("the robot is in a protective stop; call recover() first")
        self._motion = _FaultyMotion(self.inner.drive(path), self)
        return self._motion

    def gripper(self, width: float, speed: float, force: float) -> GripperResult:
        """As the inner driver; a stuck gripper stays where it is and says so."""
        self._link()
        if self._protect():
            raise DriverError("the robot is in a protective stop; call recover() first")
        if self.faults.on(FaultKind.STUCK):
            self.inner.wait(30)
            now = self.inner.read_state().gripper_width
            return GripperResult(now, stalled=abs(now - width) > 0.001, reached=abs(now - width) <= 0.001)
        return self.inner.gripper(width, speed, force)

    def wait(self, ticks: int = 1) -> None:
        """As the inner driver, tick by tick, so that a fault strikes in time."""
        for _ in range(ticks):
            self._link()
            self._protect()
            self.inner.wait(1)

    def stop(self) -> None:
        """As the inner driver, in any state."""
        self.inner.stop()

    def recover(self) -> None:
        """Ends a protective stop."""
        self._link()
        self.faults.recovered(FaultKind.PROTECTIVE)
        if self.inner.read_state().mode is not Mode.IDLE:
            self.inner.recover()
