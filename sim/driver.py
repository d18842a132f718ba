"""The simulated robot behind the driver contract. Control ticks at 60 Hz, four physics steps each."""

from __future__ import annotations

import contextlib
import math
import threading

import numpy as np

from sim.driving import Driving
from sim.playback import Playback, brake
from sim.world import STEP, Fixture, World, WorldSpec
from skills.driver import DriverError, GripperResult, Motion, MotionCode, MotionResult, RobotDriver
from skills.types import Mode, Pose, RobotSpec, RobotState, Trajectory

PATH_TOLERANCE = 0.08  # [rad] farther behind than this: something blocks the arm
GOAL_TOLERANCE = 0.01  # [rad]
PATIENCE = 30  # control ticks to reach the goal after the last point
START_TOLERANCE = 0.05  # [rad] between a trajectory's first point and the arm
STILL = 0.0003  # [m] finger travel within `STALL_TICKS` that counts as standing
STALL_TICKS = 6
CLOSING = 0.003  # [m] fingers that closed by this much within `STALL_TICKS` have lost what was between them


def empty_tabletop() -> WorldSpec:
    """A robot at a bare table: what a driver without a world works on."""
    return WorldSpec(fixtures=(Fixture("table", (1.4, 1.4, 0.04), Pose((0.4, 0.0, -0.02))),))


class SimMotion(Motion):
    """Handle of a trajectory that advances while `PyBulletDriver.wait` lets time pass."""

    def __init__(self, playback: Playback | None = None) -> None:
        self.playback = playback
        self._result: MotionResult | None = None

    def done(self) -> bool:
        """Whether it has ended."""
        return self._result is not None

    def cancel(self) -> None:
        """End it early; the arm brakes within 0.1 s."""
        self.finish(MotionCode.CANCELLED, "cancelled")

    def finish(self, code: MotionCode, detail: str = "") -> None:
        """Set the result; the first one stays."""
        if self._result is None:
            self._result = MotionResult(code, detail)

    def result(self) -> MotionResult:
        """How it ended; raises DriverError while it runs."""
        if self._result is None:
            raise DriverError("the motion is still running; wait until done() or cancel() it")
        return self._result


class PyBulletDriver(RobotDriver):
    """One simulated arm. Without a world it makes its own: an empty table.

    All physics runs in the thread that calls `wait` or `gripper`; `stop` only raises a flag and may come from any
    thread. `read_state` measures: joint encoders, finger width, contact forces.
    """

    def __init__(self, world: World | None = None) -> None:
        self._owned = world is None
        self._world = world
        self._connected = False
        self._mode = Mode.DISCONNECTED
        self._halt = threading.Event()
        self._clear()

    def _clear(self) -> None:
        self._tick = 0
        self._motion: SimMotion | None = None
        self._rows: list[tuple[tuple[float, ...], tuple[float, ...]]] = []  # targets of the coming physics steps
        self._over = 0  # ticks since the last row of the motion
        self._base = Driving()
        self._route: SimMotion | None = None
        self._grip_goal = self._grip_target = 0.0
        self._grip_force, self._grip_speed = 10.0, 0.1
        self._closing = self._stalled = False
        self._widths: list[float] = []
        self._effort: tuple[int, float] = (-1, 0.0)

    @property
    def world(self) -> World:
        """The simulated world; raises DriverError when there is none (any more)."""
        if self._world is None or not self._world.client.open:
            raise DriverError("the simulated robot has no world; connect first")
        return self._world

    def describe(self) -> RobotSpec:
        """Names, limits, rate."""
        if self._world is not None:
            return self._world.robot.spec
        from sim.robots import load_robot

        return load_robot("panda").spec

    def connect(self) -> None:
        """Take over the arm as it stands; moves nothing."""
        if self._connected:
            return
        if self._owned and (self._world is None or not self._world.client.open):
            self._world = World(empty_tabletop())
        world = self.world
        self._clear()
        width = world.arm.state()[2]
        self._grip_goal, self._grip_force = world.arm.gripping
        self._grip_target = self._grip_goal
        self._closing = self._stalled = self._grip_goal < width - 0.002
        self._widths = [width] * (STALL_TICKS + 1)
        self._halt.clear()
        self._connected, self._mode = True, Mode.IDLE

    def close(self) -> None:
        """Hold still and let go of the link; a world of its own is freed."""
        self.stop()
        self._connected, self._mode = False, Mode.DISCONNECTED
        if self._owned and self._world is not None:
            with contextlib.suppress(Exception):
                self._world.close()

    def _need(self, moving: bool = False) -> World:
        if not self._connected:
            raise DriverError("the simulated robot is not connected; call connect() first")
        if moving and self._mode in (Mode.STOPPED, Mode.PROTECTIVE, Mode.EMERGENCY):
            raise DriverError(f"the robot is {self._mode.value}; call recover() first")
        return self.world

    def read_state(self) -> RobotState:
        """The present reading; costs no simulated time."""
        world = self._need()
        q, dq, width, _ = world.arm.state()
        mode = self._mode
        running = (self._motion, self._route)
        if mode is Mode.IDLE and any(m is not None and not m.done() for m in running):
            mode = Mode.MOVING
        shut = width <= max(self._grip_goal + 0.002, 0.002) or self._widths[0] - width > CLOSING
        holding = self._closing and self._stalled and not shut
        base, speed = world.arm.base_state() or (None, None)
        force = self._contact_force(world)
        return RobotState(self._tick, world.tick * STEP, q, dq, max(0.0, width), holding, mode, force, base, speed)

    def _contact_force(self, world: World) -> float:
        """Summed normal force [N] on the robot and on what it holds, the squeeze between the fingers left out."""
        if self._effort[0] == world.tick:
            return self._effort[1]
        c, arm = world.client, world.arm
        grains = {i for g in world.stuff.values() for i in g.ids}  # what runs about in a cup presses on nothing
        by_body: dict[int, list[tuple[int, float]]] = {}
        for row in c.getContactPoints(bodyA=arm.body):
            if row[2] != arm.body and row[2] not in grains:
                by_body.setdefault(row[2], []).append((row[3], row[9]))
        total, held = 0.0, None
        fast = {u.body for u in world.units}  # what is built in is not held, however it is touched
        for body, rows in by_body.items():
            links = {link for link, force in rows if force > 0}
            if links.issuperset(arm.fingers) and body not in fast:
                held = body
            else:
                total += sum(force for _, force in rows)
        if held is not None:
            outside = (row for row in c.getContactPoints(bodyA=held) if row[2] != arm.body and row[2] not in grains)
            total += sum(row[9] for row in outside)
        self._effort = (world.tick, total)
        return total

    def follow(self, trajectory: Trajectory) -> Motion:
        """Start a timed joint trajectory; it advances in `wait`. Raises DriverError when it breaks a limit."""
        world = self._need(moving=True)
        self._check(trajectory, world)
        if self._motion is not None:
            self._motion.cancel()
        playback = Playback(trajectory, STEP)
        self._motion, self._over = SimMotion(playback), 0
        self._rows = playback.rows()
        return self._motion

    def drive(self, path: Trajectory) -> Motion:
        """Start a timed path of the base; it advances in `wait`. Raises DriverError when it cannot be followed."""
        world = self._need(moving=True)
        self._base.check(path, world)
        if self._route is not None:
            self._route.cancel()
        self._route = SimMotion()
        self._base.start(path, self._route, world)
        return self._route

    def _check(self, trajectory: Trajectory, world: World) -> None:
        spec = world.robot.spec
        if trajectory.joint_names != spec.joint_names:
            raise DriverError(f"trajectory for joints {trajectory.joint_names}; this robot has {spec.joint_names}")
        points = trajectory.positions
        if not (np.isfinite(points).all() and np.isfinite(trajectory.velocities).all()):
            raise DriverError("trajectory holds numbers that are not finite")
        low, high = np.asarray(spec.lower) - 1e-6, np.asarray(spec.upper) + 1e-6
        if (points < low).any() or (points > high).any():
            joint = int(np.argwhere(((points < low) | (points > high)).any(axis=0))[0, 0])
            raise DriverError(f"trajectory leaves the limits of {spec.joint_names[joint]}")
        if len(trajectory.times) > 1 and (np.diff(trajectory.times) <= 0).any():
            raise DriverError("trajectory times must rise")
        away = float(np.abs(points[0] - np.asarray(world.arm.state()[0])).max())
        if away > START_TOLERANCE:
            raise DriverError(f"trajectory starts {away:.3f} rad away from the arm (allowed {START_TOLERANCE})")

    def wait(self, ticks: int = 1) -> None:
        """Let control periods pass: physics steps with smooth targets for each of them."""
        world = self._need()
        per_tick = round(1 / (STEP * world.robot.spec.rate))
        for _ in range(ticks):
            if self._halt.is_set() or (self._motion is not None and self._motion.done()):
                self._brake(world)
            if self._route is not None and self._route.done():
                self._base.halt(world)
                self._route = None
            for _ in range(per_tick):
                if self._rows:
                    world.arm.command(*self._rows.pop())
                if self._base.rows:
                    world.arm.drive(*self._base.rows.pop())
                if self._grip_target != self._grip_goal:
                    self._ramp_fingers(world)
                world.step()
            self._tick += 1
            self._supervise(world)

    def _brake(self, world: World) -> None:
        """Replace what was coming by a short deceleration."""
        if self._motion is not None:
            self._motion.cancel()
            self._rows = brake(*world.arm.targets, STEP)
            self._motion = None
        self._halt.clear()

    def _ramp_fingers(self, world: World) -> None:
        step = self._grip_speed * STEP
        gap = self._grip_goal - self._grip_target
        self._grip_target = self._grip_goal if abs(gap) <= step else self._grip_target + math.copysign(step, gap)
        world.arm.grip(self._grip_target, self._grip_force)

    def _supervise(self, world: World) -> None:
        q, _, width, _ = world.arm.state()
        self._widths = [*self._widths[1:], width]
        ended = self._base.supervise(world) if self._route is not None else None
        if ended is not None and self._route is not None:
            self._route.finish(*ended)
            self._route = None
        motion = self._motion
        if motion is None or motion.done():
            return
        lag = float(np.abs(np.asarray(world.arm.commanded) - q).max())
        if lag > PATH_TOLERANCE:
            motion.finish(MotionCode.PATH_TOLERANCE, f"the arm is {lag:.2f} rad behind: something blocks it")
            self._rows = []
            world.arm.command(q, (0.0,) * len(q))
            self._motion = None
        elif not self._rows:
            self._over += 1
            assert motion.playback is not None
            left = float(np.abs(motion.playback.goal - np.asarray(q)).max())
            if left < GOAL_TOLERANCE:
                motion.finish(MotionCode.OK)
                self._motion = None
            elif self._over > PATIENCE:
                motion.finish(MotionCode.GOAL_TOLERANCE, f"ended {left:.3f} rad away from its goal")
                self._motion = None

    def aim_gripper(self, width: float, speed: float, force: float) -> None:
        """Give the fingers a new goal and return at once; they move in `wait`. For control at a fixed rate."""
        world = self._need(moving=True)
        low, high = world.robot.spec.gripper_range
        if not (np.isfinite([width, speed, force]).all() and speed > 0 and force > 0):
            raise DriverError(f"gripper needs finite width, speed > 0, force > 0; got {width}, {speed}, {force}")
        if not low - 1e-6 <= width <= high + 1e-6:
            raise DriverError(f"gripper width {width:.3f} m outside [{low}, {high}]")
        now = world.arm.state()[2]
        self._grip_goal, self._grip_force = float(min(max(width, low), high)), float(force)
        self._grip_speed = float(min(speed, 2 * world.robot.spec.gripper_speed))
        self._closing = self._grip_goal < now - 0.0005 or (self._closing and self._grip_goal < now)
        self._grip_target = float(np.clip(now, low, high))
        if self._grip_target == self._grip_goal:
            world.arm.grip(self._grip_goal, self._grip_force)
        self._widths = [now + 1.0] * (STALL_TICKS + 1)  # nothing has stood still yet
        self._stalled = False

    def gripper_result(self) -> GripperResult:
        """How the fingers stand to their goal now."""
        measured = self._widths[-1]
        reached = abs(measured - self._grip_goal) < 0.001
        self._stalled = self._standing() and not reached and abs(self._grip_target - measured) > 0.002
        return GripperResult(max(0.0, self._need().arm.state()[2]), self._stalled, reached)

    def _standing(self) -> bool:
        return abs(self._widths[0] - self._widths[-1]) < STILL

    def gripper(self, width: float, speed: float, force: float) -> GripperResult:
        """Move the fingers until they arrive or something stops them; a running motion goes on meanwhile."""
        self.aim_gripper(width, speed, force)
        way = abs(self.world.arm.state()[2] - self._grip_goal)
        for _ in range(int(way / self._grip_speed * self.world.robot.spec.rate) + 45):
            self.wait(1)
            found = self.gripper_result()
            if self._mode is not Mode.IDLE or found.stalled or (found.reached and self._standing()):
                break
        return found

    def stop(self) -> None:
        """Hold still: the running motion is cancelled and the arm brakes in the next control tick."""
        for motion in (self._motion, self._route):
            if motion is not None:
                motion.cancel()
        self._halt.set()
        if self._connected and self._mode not in (Mode.PROTECTIVE, Mode.EMERGENCY):
            self._mode = Mode.STOPPED

    def enter(self, mode: Mode) -> None:
        """For tests: what a limit switch (PROTECTIVE) or a person's button (EMERGENCY) does; IDLE releases it."""
        if mode is Mode.IDLE:
            self._mode = Mode.STOPPED if self._mode is Mode.EMERGENCY else self._mode
            return
        for motion in (self._motion, self._route):
            if motion is not None:
                motion.finish(MotionCode.PROTECTIVE_STOP, f"{mode.value} stop")
        self._halt.set()
        self._mode = mode

    def recover(self) -> None:
        """Back to idle; the simulated robot needs nobody for that, unless its emergency stop is pressed."""
        self._need()
        if self._mode is Mode.EMERGENCY:
            raise DriverError("emergency stop: a person must release the button first")
        if self._mode is not Mode.IDLE:
            self.wait(1)  # the brake, if it has not run yet
            self._mode = Mode.IDLE
