from __future__ import annotations

import numpy as np
import pytest

from skills.driver import MotionCode, MotionFailure, MotionResult, NoMotion
from skills.drivers.fake_kinematics import FakeKinematics
from skills.failure import Blame, FailureKind
from skills.motion import Leg, Reach, as_failure, check_motion, reach, shifted
from skills.types import Pose

DOWN = (1.0, 0.0, 0.0, 0.0)
UP = (0.0, 0.0, 1.0)
HOME = (0.4, 0.0, 0.5, 0.0)


def go(make, *things, target=(0.5, 0.1, 0.02), ignore=()):
    kin = FakeKinematics()
    kin.sync(make.seen(*things))
    leg = Leg(UP, 0.2, None, frozenset(ignore))
    return kin, reach(kin, HOME, Pose.of(target, DOWN), leg, leg)


def test_in_and_out_meet_at_the_target(make):
    kin, way = go(make)
    assert isinstance(way, Reach)
    assert kin.forward(way.start).position == pytest.approx((0.5, 0.1, 0.14))
    assert kin.forward(way.inward.positions[-1]).position == pytest.approx((0.5, 0.1, 0.02))
    assert np.array_equal(way.outward.positions[0], way.inward.positions[-1])
    assert way.inward.times[0] == 0.0
    steps = np.diff(way.inward.positions, axis=0)
    assert np.all(way.inward.velocities[1:-1, 2] * steps[1:, 2] >= 0)
    assert kin.forward(way.outward.positions[-1]).position == pytest.approx((0.5, 0.1, 0.14))


def test_shorter_approaches_are_tried_near_the_edge_of_the_reach(make):
    _, way = go(make, target=(0.5, 0.1, 0.83))
    assert isinstance(way, Reach)
    assert way.start[2] == pytest.approx(0.88)


def test_failures_name_the_obstacle(make):
    _, way = go(make, make.can("can", 0.5, 0.1))
    assert isinstance(way, MotionFailure)
    assert way.obstacle == "can"
    failure = as_failure(way, "pick x")
    assert failure.kind is FailureKind.COLLISION
    assert "can" in failure.detail
    assert failure.blame is Blame.AFFORDANCE
    _, way = go(make, make.can("can", 0.5, 0.1), ignore={"can"})
    assert isinstance(way, Reach)


def test_out_of_reach_is_told_apart(make):
    _, way = go(make, target=(3.0, 0, 0.1))
    assert way.reason is NoMotion.IK_NONE
    assert as_failure(way, "pick x").kind is FailureKind.UNREACHABLE
    assert as_failure(None, "pick x").kind is FailureKind.UNREACHABLE


def test_how_motions_end():
    assert check_motion(None, "x") is None
    assert check_motion(MotionResult(MotionCode.OK), "x") is None
    hit = check_motion(MotionResult(MotionCode.PATH_TOLERANCE, "0.1 rad behind"), "lower it")
    assert hit.kind is FailureKind.COLLISION
    assert "lower it" in hit.detail
    assert "0.1 rad behind" in hit.detail
    assert check_motion(MotionResult(MotionCode.LOST_LINK), "x").kind is FailureKind.DRIVER


def test_shifted():
    assert shifted(Pose((1, 2, 3)), (0, 0, 1), 0.1).position == pytest.approx((1, 2, 3.1))
