"""A gantry that exists only in memory: three slides, a turning wrist, a parallel gripper. No physics, no threads."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from skills.driver import (
    DriverError,
    Embodiment,
    GripperResult,
    LinkLost,
    Motion,
    MotionCode,
    MotionResult,
    RobotDriver,
)
from skills.drivers.fake_kinematics import FAKE_SPEC, FakeKinematics
from skills.drivers.fake_world import FakeWorld, tool_pose
from skills.guard import Guard
from skills.types import Mode, ObjectState, Pose, Region, RobotSpec, RobotState, Trajectory

REST = (Mode.IDLE, Mode.MOVING)


class FakeMotion(Motion):
    """A trajectory that advances with the driver's ticks."""

    def __init__(self, driver: FakeDriver, trajectory: Trajectory) -> None:
        self._driver = driver
        self.trajectory = trajectory
        self.time = 0.0
        self._result: MotionResult | None = None

    def done(self) -> bool:
        return self._result is not None

    def cancel(self) -> None:
        self.finish(MotionResult(MotionCode.CANCELLED))

    def result(self) -> MotionResult:
        if self._result is None:
            raise DriverError("the motion is still running: wait until done(), or cancel()")
        return self._result

    def finish(self, result: MotionResult) -> None:
        """End with ``result``; the first end counts."""
        if self._result is None:
            self._result = result
            self._driver.motion_ended(self)


class FakeDriver(RobotDriver):
    """The gantry's driver. Without arguments: an empty table.

    ``world`` is shared with `FakePerception`; time passes in `wait` only, so everything is exactly repeatable.
    """

    def __init__(self, world: FakeWorld | None = None, spec: RobotSpec = FAKE_SPEC) -> None:
        self.world = world if world is not None else FakeWorld({}, {})
        self._spec = spec
        self._lock = threading.RLock()
        self._mode = Mode.DISCONNECTED
        self._q = np.asarray(spec.home, float)
        self._dq = np.zeros(len(self._q))
        self._width = spec.gripper_range[1]
        self._motion: FakeMotion | None = None
        self._severed = False

    def describe(self) -> RobotSpec:
        return self._spec

    def connect(self) -> None:
        with self._lock:
            if self._mode is Mode.DISCONNECTED:
                self._mode, self._severed = Mode.IDLE, False

    def close(self) -> None:
        with self._lock:
            self.stop()
            self._mode = Mode.DISCONNECTED

    def read_state(self) -> RobotState:
        with self._lock:
            self._need_link()
            return RobotState(
                tick=self.world.tick,
                stamp=self.world.tick / self._spec.rate,
                q=tuple(float(v) for v in self._q),
                dq=tuple(float(v) for v in self._dq),
                gripper_width=self._width,
                holding=self.world.held is not None,
                mode=self._mode,
                effort=0.0,
            )

    def follow(self, trajectory: Trajectory) -> FakeMotion:
        with self._lock:
            self._need_ready("follow a trajectory")
            if trajectory.joint_names != self._spec.joint_names:
                raise DriverError(
                    f"trajectory names joints {trajectory.joint_names}, the robot has {self._spec.joint_names}"
                )
            if not np.all(np.isfinite(trajectory.positions)):
                raise DriverError("trajectory holds numbers that are not finite")
            if self._motion is not None:
                self._motion.cancel()
            self._motion = FakeMotion(self, trajectory)
            self._mode = Mode.MOVING
            return self._motion

    def gripper(self, width: float, speed: float, force: float) -> GripperResult:
        with self._lock:
            self._need_ready("move the gripper")
            low, high = self._spec.gripper_range
            wanted = min(max(float(width), low), high)
            start = self._width
            if wanted < self._width:
                self._width = self.world.close_fingers(self._tool(), self._width, wanted)
            elif wanted > self._width:
                self.world.open_fingers()
                self._width = wanted
            ticks = int(np.ceil(abs(start - self._width) / max(speed, 1e-3) * self._spec.rate))
        self.wait(ticks)
        reached = abs(self._width - wanted) < 1e-4
        return GripperResult(self._width, not reached, reached)

    def wait(self, ticks: int = 1) -> None:
        for _ in range(ticks):
            with self._lock:
                self._need_link()
                self._advance()

    def stop(self) -> None:
        with self._lock:
            if self._motion is not None:
                self._motion.finish(MotionResult(MotionCode.CANCELLED, "stopped"))
            self._dq = np.zeros(len(self._q))
            if self._mode in REST:
                self._mode = Mode.STOPPED

    def recover(self) -> None:
        with self._lock:
            self._need_link()
            if self._mode is Mode.EMERGENCY:
                raise DriverError("emergency stop: a person must release the button first")
            if self._mode in (Mode.STOPPED, Mode.PROTECTIVE):
                self._mode = Mode.IDLE

    def enter(self, mode: Mode) -> None:
        """For tests: what a limit switch (PROTECTIVE) or a person's button (EMERGENCY) does; IDLE releases it."""
        with self._lock:
            if self._motion is not None and mode is not Mode.IDLE:
                self._motion.finish(MotionResult(MotionCode.PROTECTIVE_STOP, mode.value))
            self.stop()
            self._mode = Mode.STOPPED if mode is Mode.IDLE else mode

    def sever(self) -> None:
        """For tests: what a pulled cable does."""
        with self._lock:
            if self._motion is not None:
                self._motion.finish(MotionResult(MotionCode.LOST_LINK, "the link is gone"))
            self._severed = True

    def motion_ended(self, motion: FakeMotion) -> None:
        """Told by a motion that it is over."""
        with self._lock:
            if self._motion is motion:
                self._motion = None
                self._dq = np.zeros(len(self._q))
                if self._mode is Mode.MOVING:
                    self._mode = Mode.IDLE

    def _tool(self) -> Pose:
        """pose_world_tool now."""
        return tool_pose(self._q)

    def _advance(self) -> None:
        self.world.tick += 1
        motion = self._motion
        if motion is None:
            return
        motion.time += 1.0 / self._spec.rate
        self._q, self._dq = motion.trajectory.sample(float(motion.trajectory.times[0]) + motion.time)
        self.world.move_tool(self._tool(), self._width)
        if motion.time >= motion.trajectory.duration:
            motion.finish(MotionResult(MotionCode.OK))

    def _need_link(self) -> None:
        if self._mode is Mode.DISCONNECTED:
            raise DriverError("not connected: call connect() first")
        if self._severed:
            raise LinkLost("the link to the gantry is gone: close() and connect() again")

    def _need_ready(self, doing: str) -> None:
        self._need_link()
        if self._mode not in REST:
            raise DriverError(f"cannot {doing} while {self._mode.value}: call recover() first")


class FakePerception:
    """Sees everything exactly."""

    name = "fake"

    def __init__(self, world: FakeWorld) -> None:
        self._world = world

    def objects(self) -> Mapping[str, ObjectState]:
        return dict(self._world.objects)


def fake_embodiment(
    objects: Iterable[ObjectState], regions: Sequence[Region] = (), spec: RobotSpec = FAKE_SPEC
) -> Embodiment:
    """A connected gantry among ``objects``; everything solid that is in the air falls to what is below it first."""
    world = FakeWorld({o.name: o for o in objects}, {r.name: r for r in regions})
    for name in sorted(world.objects, key=lambda n: world.objects[n].bottom_z):
        if world.objects[name].solid:
            world.objects[name] = world.fallen(name)
    kinematics = FakeKinematics(world.regions, spec)
    driver = Guard(FakeDriver(world, spec), kinematics)
    driver.connect()
    return Embodiment(driver, kinematics, FakePerception(world), dict(world.regions))
