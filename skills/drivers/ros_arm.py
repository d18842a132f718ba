"""What both ways to ROS have in common: an arm behind a trajectory controller that reports its joints.

Trajectories are handed over whole, on a topic (trajectory_msgs/JointTrajectory) or as an action's goal; the ends of
motions are seen in the joint states (sensor_msgs/JointState), whatever the controller says of them as well; stop and
recovery are services (std_srvs/Trigger).
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from skills.driver import DriverError, GripperResult, MotionCode, MotionResult
from skills.driver_config import ConfigError
from skills.drivers.arm_config import ArmConfig
from skills.drivers.fingers import Fingers
from skills.drivers.linked import LinkedDriver, LinkMotion, Reading
from skills.drivers.ros_actions import ActionEnd, Actions, Goal, GripGoal, Knots, Outcome, PathGoal
from skills.drivers.sampling import brake_time
from skills.types import Mode

STANDING = 0.02  # [rad/s]
ANSWER = 1.0  # [s] that an action's result may come late


@dataclass(frozen=True)
class RosTopics:
    """Names in the robot's ROS graph; empty: it has no such thing. ``command``, ``gripper_command``: JointTrajectory
    topics; ``trajectory_action`` (FollowJointTrajectory), ``gripper_action`` (GripperCommand): are used in their place;
    ``command`` then only brakes. ``stop``, ``recover``: Trigger services; ``protective``, ``emergency``: std_msgs/Bool
    topics, true while such a stop is on. ``gripper_joint`` is at ``width * gripper_scale + gripper_offset`` at pads
    ``width`` apart."""

    joint_states: str = "/joint_states"
    command: str = "/joint_trajectory_controller/joint_trajectory"
    stop: str = ""
    recover: str = ""
    protective: str = ""
    emergency: str = ""
    gripper_command: str = ""
    trajectory_action: str = ""
    gripper_action: str = ""
    gripper_joint: str = ""
    gripper_scale: float = 0.5
    gripper_offset: float = 0.0

    def __post_init__(self) -> None:
        if bool(self.gripper_command or self.gripper_action) != bool(self.gripper_joint):
            raise ConfigError("gripper_command (or gripper_action) and gripper_joint: give both or none")
        if not (self.command or self.trajectory_action):
            raise ConfigError("command, trajectory_action: one of both is needed")
        if self.gripper_scale == 0:
            raise ConfigError("gripper_scale: must not be 0")


@dataclass(frozen=True)
class Tolerances:
    """``path``: largest distance from the planned joints on the way, ``goal``: at the end [rad]; ``late``: seconds
    after its planned end in which a motion may still arrive."""

    path: float = 0.3
    goal: float = 0.01
    late: float = 2.0


@dataclass(frozen=True)
class RosArmConfig:
    """``arm``: joints and limits; ``simulated``: you say that no real robot listens to these topics."""

    arm: ArmConfig
    topics: RosTopics = field(default_factory=RosTopics)
    tolerances: Tolerances = field(default_factory=Tolerances)
    name: str = "ros arm"
    simulated: bool = False


class RosArmDriver(LinkedDriver):
    """Base of the drivers that reach an arm through ROS; they add how to publish and how to call.

    ``last``: the trajectory that was handed over last, for records.
    """

    def __init__(self, config: RosArmConfig) -> None:
        able = ["stop"] + (["recover"] if config.topics.recover else [])
        super().__init__(config.arm.spec(config.name, config.simulated, *able))
        self.topics, self.tolerances = config.topics, config.tolerances
        self.last: Knots | None = None
        self._reading: Reading | None = None
        self._flags = {"protective": False, "emergency": False}
        self._width = config.arm.gripper_range[1] if not config.topics.gripper_joint else math.nan
        self._started = 0.0
        self._actions: Actions | None = None
        self._goals: dict[str, Goal] = {}  # the newest one of arm and hand
        self._fingers_of = Fingers(lambda: self._width, self._linked, config.arm.gripper_range[1])

    def _publish(self, topic: str, knots: Knots) -> None:
        """Hand a trajectory over; raise DriverError when nobody listens."""
        raise NotImplementedError

    def _call(self, service: str, seconds: float) -> str:
        """Call a Trigger service and wait up to ``seconds`` (0: send it, wait for nothing); the complaint, or ""."""
        raise NotImplementedError

    def heard(
        self, names: Sequence[str], positions: Sequence[float], velocities: Sequence[float], stamp: float
    ) -> None:
        """A joint state arrived. Messages without all of the arm's joints only tell of the fingers."""
        at = {n: i for i, n in enumerate(names)}
        topics, now = self.topics, time.monotonic()
        if topics.gripper_joint in at:
            self._width = (positions[at[topics.gripper_joint]] - topics.gripper_offset) / topics.gripper_scale
        if any(n not in at for n in self._spec.joint_names):
            return
        q = tuple(float(positions[at[n]]) for n in self._spec.joint_names)
        before = self._reading
        if len(velocities) == len(names):
            dq = tuple(float(velocities[at[n]]) for n in self._spec.joint_names)
        elif before is None or stamp <= before.stamp:
            dq = (0.0,) * len(q)
        else:
            dq = tuple((b - a) / (stamp - before.stamp) for a, b in zip(before.q, q, strict=True))
        self._reading = Reading(now, stamp, q, dq)

    def flagged(self, what: str, on: bool) -> None:
        """The robot says that a protective or emergency stop is on or off."""
        self._flags[what] = on

    def missing(self, seen: Mapping[str, object] | Sequence[str]) -> str:
        """Words for a connection that hears joint states, but not those of this arm."""
        lack = [n for n in self._spec.joint_names if n not in seen]
        return f"{self.topics.joint_states} has no joint {', '.join(lack)}; it has: {', '.join(seen) or 'nothing'}"

    def _newest(self) -> Reading | None:
        reading = self._reading
        if reading is None or math.isnan(self._width):
            return None
        mode, why = Mode.IDLE, ""
        for flag, stop in (("emergency", Mode.EMERGENCY), ("protective", Mode.PROTECTIVE)):
            if self._flags[flag]:
                mode, why = stop, f"{getattr(self.topics, flag)} is true"
                break
        held = self._fingers_of.holding(self._width) if self.topics.gripper_joint else None
        return replace(reading, width=self._width, holding=held, mode=mode, why=why)

    def _begin(self, motion: LinkMotion) -> None:
        path = motion.trajectory
        knots = Knots(self._spec.joint_names, path.times - path.times[0], path.positions, path.velocities)
        self._started = time.monotonic()
        self.last = knots
        if not self.topics.trajectory_action:
            self._publish(self.topics.command, knots)
            return

        def ended(end: ActionEnd) -> None:
            if end.outcome is not Outcome.SUCCEEDED or end.code:  # success has yet to be seen in the joints
                motion.finish(end.motion())

        allowed = self.tolerances
        self._goals["arm"] = self._acting().follow(PathGoal(knots, allowed.path, allowed.goal, allowed.late), ended)

    def _acting(self) -> Actions:
        if self._actions is None or self._lost:
            raise DriverError(f"{self._spec.name} is not connected: call connect() first")
        return self._actions

    def _watch(self, motion: LinkMotion) -> None:
        reading, path, allowed = self._reading, motion.trajectory, self.tolerances
        if reading is None:
            return
        passed = time.monotonic() - self._started
        here = np.asarray(reading.q)
        planned, _ = path.sample(float(path.times[0]) + passed)
        off = np.abs(here - planned)
        if float(np.max(off)) > allowed.path:
            joint = self._spec.joint_names[int(np.argmax(off))]
            if motion.finish(MotionResult(MotionCode.PATH_TOLERANCE, f"{joint} is {np.max(off):.2f} rad off the path")):
                self.halt()
            return
        if passed < path.duration:
            return
        away = float(np.max(np.abs(here - path.positions[-1])))
        goal = self._goals.get("arm") if self.topics.trajectory_action else None
        said = goal is None or goal.end is not None  # the controller has to agree where it can
        if said and away <= allowed.goal and max(map(abs, reading.dq)) < STANDING:
            motion.finish(MotionResult(MotionCode.OK))
        elif passed > path.duration + allowed.late + (0.0 if said else ANSWER):
            silent = "" if said else f"; {self.topics.trajectory_action} has no result"
            if motion.finish(MotionResult(MotionCode.GOAL_TOLERANCE, f"stands {away:.3f} rad from the goal{silent}")):
                self.halt()

    def _halt(self) -> None:
        """Slow down ahead from where the arm is now; a controller that follows trajectories then holds."""
        reading = self._reading
        if self.topics.stop:
            self._call(self.topics.stop, 0.0)
        for goal in list(self._goals.values()):
            goal.cancel()
        if reading is None or not self.topics.command:
            return
        q, dq = np.asarray(reading.q), np.asarray(reading.dq)
        seconds = brake_time(dq, self._spec.max_acceleration, least=0.1)
        end = np.clip(q + dq * seconds / 2, self._spec.lower, self._spec.upper)[None]
        self._publish(self.topics.command, Knots(self._spec.joint_names, np.array([seconds]), end, np.zeros_like(end)))

    def _clear(self) -> None:
        if self.topics.recover:
            complaint = self._call(self.topics.recover, 3.0)
            if complaint:
                raise DriverError(f"{self._spec.name} does not recover: {complaint}")
            until = time.monotonic() + 1.0
            while any(self._flags.values()) and time.monotonic() < until:
                time.sleep(0.01)
        if any(self._flags.values()):
            on = [k for k, v in self._flags.items() if v]
            raise DriverError(f"{self._spec.name} still has a stop of kind {', '.join(on)}: clear it at the robot")

    def _fingers(self, width: float, speed: float, force: float) -> GripperResult:
        topics = self.topics
        if topics.gripper_action:
            return self._grip(width, speed, force)
        if not topics.gripper_command:
            raise DriverError(f"{self._spec.name} has no gripper in its configuration (topics.gripper_command)")
        self._send_fingers(width, max(0.1, abs(self._width - width) / max(speed, 1e-3)))
        got = self._fingers_of.wait(width, speed, lambda: self._stopped)
        if self._stopped and not self._lost:
            self._send_fingers(self._width, 0.1)
        return got

    def _grip(self, width: float, speed: float, force: float) -> GripperResult:
        """By the action. Where the fingers stand is measured; that the controller took the command is its word."""
        topics = self.topics
        goal = GripGoal(width * topics.gripper_scale + topics.gripper_offset, force)
        sent = self._goals["hand"] = self._acting().grip(goal, lambda _: None)
        got = self._fingers_of.wait(width, speed, lambda: self._stopped or _refused(sent.end))
        if _refused(sent.end):
            raise DriverError(f"{self._spec.name}: {sent.end.detail if sent.end else topics.gripper_action}")
        return got

    def _send_fingers(self, width: float, seconds: float) -> None:
        goal = np.array([[width * self.topics.gripper_scale + self.topics.gripper_offset]])
        knots = Knots((self.topics.gripper_joint,), np.array([seconds]), goal, np.zeros((1, 1)))
        self._publish(self.topics.gripper_command, knots)


def _refused(end: ActionEnd | None) -> bool:
    return end is not None and end.outcome is Outcome.REFUSED
