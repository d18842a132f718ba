"""Drivers that a newcomer, or somebody careless, may bring: each breaks one promise. Time passes in `wait` only."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import ClassVar

import numpy as np

from skills.base import BaseSpec
from skills.driver import DriverError, GripperResult, Motion, MotionCode, MotionResult, RobotDriver
from skills.types import Mode, RobotSpec, RobotState

SPEC = RobotSpec(
    name="paper arm",
    joint_names=tuple(f"panda_joint{i}" for i in range(1, 8)),
    lower=(-2.8, -1.7, -2.8, -3.0, -2.8, 0.0, -2.8),
    upper=(2.8, 1.7, 2.8, -0.1, 2.8, 3.7, 2.8),
    max_velocity=(2.0,) * 7,
    max_acceleration=(10.0,) * 7,
    home=(0.0, -0.4, 0.0, -2.2, 0.0, 1.8, 0.785),
    gripper_range=(0.0, 0.08),
    simulated=True,
)


class PaperMotion(Motion):
    """Advances with the arm's ticks."""

    def __init__(self, path):
        self.path, self.time, self.end = path, 0.0, None

    def done(self):
        return self.end is not None

    def cancel(self):
        self.end = self.end or MotionResult(MotionCode.CANCELLED)

    def result(self):
        if self.end is None:
            raise DriverError("still running")
        return self.end


class PaperArm(RobotDriver):
    """An arm that does exactly as it is told; ``moves`` counts what reached it."""

    spec = SPEC
    moves: ClassVar[list[str]] = []

    def __init__(self):
        self.tick, self.q, self.width, self.mode, self.motion = 0, np.array(SPEC.home), 0.08, Mode.DISCONNECTED, None
        PaperArm.moves.clear()

    def describe(self):
        return self.spec

    def connect(self):
        self.mode = Mode.IDLE

    def close(self):
        self.mode = Mode.DISCONNECTED

    def read_state(self):
        if self.mode is Mode.DISCONNECTED:
            raise DriverError("not connected")
        moving = self.motion is not None and not self.motion.done()
        mode = Mode.MOVING if moving and self.mode is Mode.IDLE else self.mode
        return RobotState(self.tick, self.tick / 60, tuple(self.q), (0.0,) * 7, self.width, None, mode)

    def follow(self, trajectory):
        self.moves.append("follow")
        self.motion = PaperMotion(trajectory)
        return self.motion

    def gripper(self, width, speed, force):
        self.moves.append("gripper")
        self.width = width
        self.wait(5)
        return GripperResult(width, False, True)

    def wait(self, ticks=1):
        self.tick += ticks
        if self.motion is not None and not self.motion.done():
            self.motion.time += ticks / 60
            self.q = self.motion.path.sample(self.motion.time)[0]
            if self.motion.time >= self.motion.path.duration:
                self.motion.end = MotionResult(MotionCode.OK)

    def stop(self):
        if self.motion is not None:
            self.motion.cancel()
        self.mode = Mode.STOPPED

    def recover(self):
        self.mode = Mode.IDLE


class StateRaises(PaperArm):
    def read_state(self):
        raise OSError("bus error")


class StateRaisesOnTheWay(PaperArm):
    def read_state(self):
        if self.tick > 20:
            raise ZeroDivisionError("division by zero")
        return super().read_state()


class StateHangs(PaperArm):
    def read_state(self):
        time.sleep(600)


class WaitHangsOnTheWay(PaperArm):
    def wait(self, ticks=1):
        if self.tick > 20:
            time.sleep(600)
        super().wait(ticks)


class FollowHangs(PaperArm):
    def follow(self, trajectory):
        time.sleep(600)


class TooFewJoints(PaperArm):
    def read_state(self):
        state = super().read_state()
        return replace(state, q=state.q[:6])


class TooFewVelocities(PaperArm):
    def read_state(self):
        return replace(super().read_state(), dq=())


class NothingIsRead(PaperArm):
    def read_state(self):
        return None


class ModeInWords(PaperArm):
    def read_state(self):
        return replace(super().read_state(), mode="ready")


class WidthInMillimetres(PaperArm):
    def read_state(self):
        return replace(super().read_state(), gripper_width=80.0)


class ClockStands(PaperArm):
    def read_state(self):
        return replace(super().read_state(), stamp=12.0)


class GripperLies(PaperArm):
    """Says that it holds something, whatever is so."""

    def gripper(self, width, speed, force):
        super().gripper(width, speed, force)
        return GripperResult(0.0, True, False)

    def read_state(self):
        state = super().read_state()
        return replace(state, holding=state.gripper_width < 0.079)


class GripperSaysNothing(PaperArm):
    def gripper(self, width, speed, force):
        super().gripper(width, speed, force)


class GripperIsNotANumber(PaperArm):
    def gripper(self, width, speed, force):
        super().gripper(width, speed, force)
        return GripperResult(math.nan, True, False)


class StopBlocks(StateRaisesOnTheWay):
    def stop(self):
        time.sleep(600)


class StopRaises(StateRaisesOnTheWay):
    def stop(self):
        raise RuntimeError("no handle")


class OtherOrder(PaperArm):
    spec = replace(SPEC, joint_names=(*SPEC.joint_names[1:], SPEC.joint_names[0]))


class Degrees(PaperArm):
    spec = replace(SPEC, lower=(-160.0,) * 7, upper=(160.0,) * 7)


class UpsideDown(PaperArm):
    spec = replace(SPEC, lower=SPEC.upper, upper=SPEC.lower)


class NotANumber(PaperArm):
    spec = replace(SPEC, max_velocity=(float("nan"),) * 7)


class NoSpeed(PaperArm):
    spec = replace(SPEC, max_acceleration=(0.0,) * 7)


class OtherZero(PaperArm):
    """The fourth joint counts the other way round."""

    spec = replace(
        SPEC, lower=(*SPEC.lower[:3], 0.1, *SPEC.lower[4:]), upper=(*SPEC.upper[:3], 3.0, *SPEC.upper[4:]),
        home=(*SPEC.home[:3], 2.2, *SPEC.home[4:]),
    )  # fmt: skip


class Drives(PaperArm):
    spec = replace(SPEC, base=BaseSpec((0.5, 0.5, 1.0), (1.0, 1.0, 2.0), 0.3, (0.0, 0.0, 0.3)))


class NoRate(PaperArm):
    spec = replace(SPEC, rate=0.0)


class DescribeRaises(PaperArm):
    def describe(self):
        raise ConnectionError("ask me after connect")


class DescribesWords(PaperArm):
    def describe(self):
        return {"name": "paper arm"}


class CannotBeMade(PaperArm):
    def __init__(self, host):
        super().__init__()


class Unfinished(RobotDriver):
    def describe(self):
        return SPEC


class NoDriver:
    """Has nothing to do with the contract."""


class RealArm(PaperArm):
    """Calls itself real; in its own time, and it says when it moves and when it is stopped."""

    spec = replace(SPEC, simulated=False)

    def wait(self, ticks=1):
        if self.motion is not None and self.motion.path.duration > 10:
            time.sleep(ticks / 60)
        super().wait(ticks)

    def follow(self, trajectory):
        print("moving", flush=True)
        return super().follow(trajectory)

    def stop(self):
        if self.motion is not None and not self.motion.done():
            print("stopped for good", flush=True)
        super().stop()
