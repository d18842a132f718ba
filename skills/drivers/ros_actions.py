"""The two actions that ROS trajectory and gripper controllers offer, without any ROS: what is asked, how it ended.

FollowJointTrajectory hands a path over and tells how it ended; GripperCommand moves fingers with a force. Both come
from the package ``control_msgs``. `Actions` is how a driver reaches them, by `rclpy` or by rosbridge.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from skills.driver import MotionCode, MotionResult
from skills.types import Array


@dataclass(frozen=True)
class Knots:
    """A trajectory as ROS takes it: (N,) seconds after its start, (N, D) positions and velocities."""

    joints: tuple[str, ...]
    times: Array
    positions: Array
    velocities: Array

    def points(self) -> list[tuple[float, list[float], list[float]]]:
        """(seconds, positions, velocities) one by one."""
        return [
            (float(t), q.tolist(), v.tolist())
            for t, q, v in zip(self.times, self.positions, self.velocities, strict=True)
        ]


@dataclass(frozen=True)
class PathGoal:
    """Of FollowJointTrajectory. ``path``, ``goal``: tolerances of every joint [rad]; ``late``: seconds after the end
    of the path in which it may still arrive."""

    knots: Knots
    path: float
    goal: float
    late: float


@dataclass(frozen=True)
class GripGoal:
    """Of GripperCommand. ``position``: in the gripper joint's own unit; ``force`` [N]: at most."""

    position: float
    force: float


class Outcome(str, Enum):
    """How an action ended."""

    SUCCEEDED = "succeeded"
    CANCELLED = "cancelled"
    ABORTED = "aborted"
    REFUSED = "refused"


@dataclass(frozen=True)
class ActionEnd:
    """``code``: the controller's error code, 0 without one; ``detail``: its words."""

    outcome: Outcome
    code: int = 0
    detail: str = ""

    def motion(self) -> MotionResult:
        """What it means for a motion."""
        if self.outcome is Outcome.SUCCEEDED and self.code == 0:
            return MotionResult(MotionCode.OK)
        if self.outcome is Outcome.CANCELLED:
            return MotionResult(MotionCode.CANCELLED, self.detail or "the controller gave it up")
        name, code = _CODES.get(self.code, (f"error {self.code}", MotionCode.LIMIT))
        said = ": ".join(
            w for w in (f"the controller {self.outcome.value}", name if self.code else "", self.detail) if w
        )
        return MotionResult(code, said)


_CODES = {
    0: ("", MotionCode.LIMIT),
    -1: ("invalid goal", MotionCode.LIMIT),
    -2: ("invalid joints", MotionCode.LIMIT),
    -3: ("old time stamp", MotionCode.LIMIT),
    -4: ("path tolerance violated", MotionCode.PATH_TOLERANCE),
    -5: ("goal tolerance violated", MotionCode.GOAL_TOLERANCE),
}

Ended = Callable[[ActionEnd], None]


class Goal:
    """One goal that was sent. A cancellation that comes before the controller has taken it is made up for then."""

    def __init__(self, ended: Ended) -> None:
        self._ended = ended
        self._lock = threading.Lock()
        self._undo: Callable[[], None] | None = None
        self._unwanted = False
        self.end: ActionEnd | None = None

    def taken(self, undo: Callable[[], None]) -> None:
        """The controller has taken it; ``undo`` cancels it there."""
        with self._lock:
            self._undo = undo
            late = self._unwanted
        if late:
            undo()

    def finish(self, end: ActionEnd) -> None:
        """It has ended; the first end counts."""
        with self._lock:
            if self.end is not None:
                return
            self.end = end
        self._ended(end)

    def cancel(self) -> None:
        """Give it up; returns at once. Harmless when it has ended."""
        with self._lock:
            self._unwanted = True
            undo = self._undo if self.end is None else None
        if undo is not None:
            undo()


class Actions(Protocol):
    """The actions of one robot."""

    def follow(self, goal: PathGoal, ended: Ended) -> Goal:
        """Send a path; returns at once."""

    def grip(self, goal: GripGoal, ended: Ended) -> Goal:
        """Send a gripper command; returns at once."""

    def lacking(self) -> list[str]:
        """What of it nobody offers, in words."""

    def close(self) -> None:
        """Take down what belongs to them."""
