"""What a trajectory and a gripper controller do with an action's goal, for peers of ours; no ROS in here.

A run is looked at again and again until it has an end: outcome, error code and words.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
from arm_model import FINGER, JOINTS, ArmModel

End = tuple[str, int, str]  # "succeeded", "aborted" or "cancelled", error code, words
SPEED = 0.05  # [m/s] of a finger that an action moves
STALL = 0.2  # [s] without motion: the fingers are stuck
NEAR = 0.0008  # [m] there


class PathRun:
    """FollowJointTrajectory. ``path``, ``goal``: tolerances of all joints [rad], 0: none; ``late`` [s]."""

    def __init__(
        self, model: ArmModel, joints: Sequence[str], times: Sequence[float], places: Sequence, speeds: Sequence,
        path: float, goal: float, late: float,
    ) -> None:  # fmt: skip
        self.model, self.path, self.goal, self.late = model, path, goal, late
        self.complaint = "no points" if not len(times) else model.take(joints, times, places, speeds)
        self.number = model.received
        if not self.complaint:
            self.last = np.asarray(places, float)[-1][[list(joints).index(n) for n in JOINTS]]
            self.until = time.monotonic() + times[-1]

    def look(self) -> End | None:
        """How it ended, None: it goes on."""
        model, now = self.model, time.monotonic()
        if model.stop:
            return "aborted", 0, f"a stop of kind {model.stop}"
        if model.received != self.number:
            return "cancelled", 0, "another trajectory came"
        off = np.abs(model.reference - model.q)
        if self.path and off.max() > self.path:
            model.halt()
            return "aborted", -4, f"{JOINTS[int(off.argmax())]} is {off.max():.2f} off"
        if now < self.until:
            return None
        away = float(np.max(np.abs(model.q - self.last)))
        if away <= (self.goal or 0.01):
            return "succeeded", 0, ""
        if now > self.until + self.late:
            model.halt()
            return "aborted", -5, f"{away:.3f} away from the goal"
        return None


class GripRun:
    """GripperCommand: as the usual controller, it aborts when the fingers are stuck."""

    def __init__(self, model: ArmModel, position: float, force: float) -> None:
        self.model = model
        self.position = min(max(position, 0.0), 0.04)
        seconds = max(abs(self.position - model.finger) / SPEED, 1e-3)
        self.complaint = "no force" if force <= 0 else ""
        if not self.complaint:
            self.complaint = model.take((FINGER,), [seconds], [[self.position]], [[0.0]])
        self.seen, self.since = model.finger, time.monotonic()

    @property
    def stalled(self) -> bool:
        """Stuck on the way."""
        return time.monotonic() - self.since > STALL and not self.reached

    @property
    def reached(self) -> bool:
        """There."""
        return abs(self.model.finger - self.position) < NEAR

    def look(self) -> End | None:
        """How it ended, None: it goes on."""
        if self.model.stop:
            return "aborted", 0, f"a stop of kind {self.model.stop}"
        if abs(self.model.finger - self.seen) > NEAR:
            self.seen, self.since = self.model.finger, time.monotonic()
        if self.reached:
            return "succeeded", 0, ""
        return ("aborted", 0, "stalled") if self.stalled else None
