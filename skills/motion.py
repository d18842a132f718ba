"""Choosing joint branches by the whole path: there in a straight line, act, and away in a straight line.

An arm that reaches a pose may still be unable to come to it or leave it; so a branch counts only when the
approach, the pose itself and the retreat all work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from skills.driver import Held, Kinematics, MotionFailure, MotionResult, NoMotion
from skills.driver import MotionCode as Code
from skills.failure import Blame, Failure, FailureKind
from skills.types import Array, Pose, Trajectory

DISTANCES = (0.12, 0.08, 0.05)  # [m] straight approach or retreat, the longest that works
BRANCHES = 3  # joint solutions tried per pose


@dataclass(frozen=True, eq=False)
class Reach:
    """A way to a tool pose and away from it. ``start``: joints (D,) where the straight approach begins."""

    start: Array
    inward: Trajectory
    outward: Trajectory


@dataclass(frozen=True)
class Leg:
    """One straight part: along ``direction`` (unit, world), speed [m/s], what is carried, what may be touched, the
    lengths to try [m]."""

    direction: tuple[float, float, float]
    speed: float
    held: Held | None = None
    ignore: frozenset[str] = frozenset()
    lengths: tuple[float, ...] = DISTANCES


def shifted(pose: Pose, direction: Sequence[float], distance: float) -> Pose:
    """The pose moved by ``distance`` [m] along a world direction."""
    d = np.asarray(direction, float) * distance
    return pose.moved(float(d[0]), float(d[1]), float(d[2]))


def backing(tool: Pose) -> tuple[float, float, float]:
    """The world direction backwards out of the hand's own."""
    x, y, z = (float(v) for v in -tool.rotation()[:, 2])
    return x, y, z


def reach(
    kinematics: Kinematics, near: Sequence[float] | Array, tool: Pose, inward: Leg, outward: Leg
) -> Reach | MotionFailure:
    """Straight in to ``tool`` (from the side that ``inward.direction`` points to) and straight out again.

    Returns the first branch whose whole path is free, else the failure that came closest to success.
    """
    worst: MotionFailure | None = None
    for q in kinematics.solutions(tool, near, BRANCHES):
        hit = kinematics.obstacle(q, inward.held, inward.ignore)
        if hit is not None:
            worst = _better(worst, MotionFailure(NoMotion.COLLISION, f"{hit} is in the way at the target", hit))
            continue
        found = _lines(kinematics, q, tool, inward, outward)
        if isinstance(found, Reach):
            return found
        worst = _better(worst, found)
    return worst or MotionFailure(NoMotion.IK_NONE, NoMotion.IK_NONE.value)


def _lines(kin: Kinematics, q: Array, tool: Pose, inward: Leg, outward: Leg) -> Reach | MotionFailure:
    failure = MotionFailure(NoMotion.LINE_NONE, NoMotion.LINE_NONE.value)
    for distance in inward.lengths:
        # planned from its end, so that it stays on this branch, and run backwards
        back = kin.line(q, shifted(tool, inward.direction, distance), inward.speed, inward.held, inward.ignore)
        if isinstance(back, MotionFailure):
            failure = back
            continue
        for away in outward.lengths:
            goal = shifted(tool, outward.direction, away)
            line_out = kin.line(q, goal, outward.speed, outward.held, outward.ignore)
            if not isinstance(line_out, MotionFailure):
                return Reach(back.positions[-1], backwards(back), line_out)
            failure = line_out
        break  # a shorter approach does not help the way out
    return failure


def backwards(path: Trajectory) -> Trajectory:
    """The same motion in reverse."""
    return Trajectory(
        path.joint_names, path.times[-1] - path.times[::-1], path.positions[::-1].copy(), -path.velocities[::-1]
    )


def _better(old: MotionFailure | None, new: MotionFailure) -> MotionFailure:
    """The more telling of two failures: one that names an obstacle."""
    return new if old is None or (old.obstacle is None and new.obstacle is not None) else old


def as_failure(found: MotionFailure | None, doing: str) -> Failure:
    """A motion that was not found, as a failure of the step."""
    if found is None:
        return Failure(FailureKind.UNREACHABLE, f"{doing}: no candidate left to try", blame=Blame.AFFORDANCE)
    blocked = found.reason in (NoMotion.COLLISION, NoMotion.PATH_NONE) or found.obstacle is not None
    kind = FailureKind.COLLISION if blocked else FailureKind.UNREACHABLE
    why = found.detail or found.reason.value
    if found.obstacle is not None and found.obstacle not in why:
        why = f"{why} ({found.obstacle} is in the way)"
    return Failure(kind, f"{doing}: {why}", blame=Blame.AFFORDANCE)


def check_motion(result: MotionResult | None, doing: str) -> Failure | None:
    """None when the motion ended well, else the failure: leaving the path means that something was hit."""
    if result is None or result.ok:
        return None
    detail = f"{doing}: motion ended with {result.code.value}" + (f", {result.detail}" if result.detail else "")
    if result.code in (Code.PATH_TOLERANCE, Code.GOAL_TOLERANCE):
        return Failure(FailureKind.COLLISION, detail, blame=Blame.SKILL)
    return Failure(FailureKind.DRIVER, detail, blame=Blame.DRIVER)
