"""Inverse kinematics: true solutions, within limits, found where they exist."""

from __future__ import annotations

import numpy as np
import pytest

from sim.chain import read_chain
from sim.ik import ANGLE_TOLERANCE, POSITION_TOLERANCE, InverseKinematics, errors
from sim.robots import load_robot
from skills.types import Pose


@pytest.fixture(scope="module")
def ik() -> InverseKinematics:
    robot = load_robot("panda")
    return InverseKinematics(read_chain(robot, Pose()), robot.spec)


HOME = np.array(load_robot("panda").spec.home)


def check(ik, pose, solutions):
    for q in solutions:
        assert (q >= ik.lower).all()
        assert (q <= ik.upper).all()
        error = errors(ik.chain.tool(q), pose.matrix())[0]
        assert np.linalg.norm(error[:3]) < POSITION_TOLERANCE
        assert np.linalg.norm(error[3:]) < ANGLE_TOLERANCE


def test_top_grasps_over_the_whole_table_are_reached(ik, down):
    rng = np.random.default_rng(5)
    for _ in range(60):
        radius, angle = rng.uniform(0.32, 0.72), rng.uniform(-1.2, 1.2)
        pose = down(radius * np.cos(angle), radius * np.sin(angle), rng.uniform(0.01, 0.25), rng.uniform(-1.5, 1.5))
        found = ik.solutions(pose, HOME)
        assert found, f"no solution for {pose}"
        check(ik, pose, found)


def test_poses_that_came_from_postures_are_reached(ik):
    rng = np.random.default_rng(11)
    reached = 0
    for _ in range(60):
        pose = ik.chain.pose(rng.uniform(0.85 * ik.lower, 0.85 * ik.upper))
        found = ik.solutions(pose, HOME)
        check(ik, pose, found)
        reached += bool(found)
    assert reached >= 57


def test_solutions_differ_and_the_nearest_comes_first(ik, down):
    found = ik.solutions(down(0.5, 0.1, 0.2), HOME, limit=4)
    assert len(found) == 4
    distances = [np.linalg.norm(q - HOME) for q in found]
    assert distances == sorted(distances)
    assert min(np.abs(a - b).max() for i, a in enumerate(found) for b in found[:i]) > 0.2


def test_out_of_reach_gives_nothing(ik, down):
    assert ik.solutions(down(1.4, 0.0, 0.2), HOME) == []
    assert ik.solutions(down(0.5, 0.0, -2.0), HOME) == []


def test_equal_questions_get_equal_answers(ik, down):
    first = ik.solutions(down(0.45, -0.2, 0.1, 0.6), HOME)
    ik.solutions(down(0.6, 0.2, 0.3), HOME)
    again = ik.solutions(down(0.45, -0.2, 0.1, 0.6), HOME)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


def test_near_continues_and_does_not_jump(ik, down):
    q = ik.solutions(down(0.5, 0.1, 0.2), HOME)[0]
    following = ik.near(down(0.5, 0.1, 0.19).matrix(), q)
    assert following is not None
    assert np.abs(following - q).max() < 0.1


@pytest.mark.parametrize("name", ["panda", "iiwa", "mobile_panda"])
def test_following_one_posture_takes_the_steps_of_the_batch(name):
    """Reached or not, the same answer, near by and farther away, and with a foot that is turned."""
    robot = load_robot(name)
    ik = InverseKinematics(read_chain(robot, Pose.from_yaw((0.3, -0.2, 0.1), 0.7)), robot.spec)
    rng = np.random.default_rng(4)
    reached = 0
    for q in rng.uniform(ik.lower, ik.upper, (80, ik.chain.size)):
        other = np.clip(q + rng.normal(0.0, rng.choice([0.02, 0.3, 1.0]), q.shape), ik.lower, ik.upper)
        target = ik.chain.tool(other)[0]
        found, done = ik.refine(target, q[None], 12)
        single = ik.near(target, q)
        assert (single is not None) == done[0]
        if single is not None:
            assert np.allclose(single, found[0], atol=1e-6)
            reached += 1
    assert 20 < reached < 80


def test_errors_of_half_a_turn_are_not_zero():
    upside = np.diag([1.0, -1.0, -1.0, 1.0])
    assert np.linalg.norm(errors(np.eye(4)[None], upside)[0, 3:]) > 1.0


@pytest.mark.parametrize("name", ["panda", "iiwa", "mobile_panda"])
def test_what_is_told_to_be_too_far_is(name):
    """No pose that comes from a posture is, stretched ones included; a pose a little beyond them is."""
    robot = load_robot(name)
    ik = InverseKinematics(read_chain(robot, Pose.from_yaw((0.3, -0.2, 0.1), 0.7)), robot.spec)
    q = np.random.default_rng(3).uniform(ik.lower, ik.upper, (3000, ik.chain.size))
    q[1000:2000, 3] *= 0.02  # nearly straight
    q = np.clip(q, ik.lower, ik.upper)
    tools = ik.chain.tool(q)
    assert not any(ik.too_far(t) for t in tools)
    first = (ik.chain.base @ ik.chain.origins[0])[:3, 3]
    away = tools[:, :3, 3] - first
    tools[:, :3, 3] += 0.9 * away / np.linalg.norm(away, axis=1)[:, None]
    assert np.mean([ik.too_far(t) for t in tools]) > 0.9
