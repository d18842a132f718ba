"""Transits around things, straight lines, and honest refusals."""

from __future__ import annotations

import numpy as np
import pytest

from sim.kinematics import ArmKinematics
from skills.driver import Held, MotionFailure, NoMotion
from skills.types import Pose, Trajectory

THINGS = [("water bottle", 0.5, 0.0), ("red block", 0.4, -0.25)]


@pytest.fixture
def thinker(tabletop, make_world):
    world = make_world(THINGS)
    k = ArmKinematics(tabletop(THINGS))
    k.scene.sync({n: b.state(world.pose(n)) for n, b in world.bodies.items()})
    yield k
    k.close()


def test_a_free_transit_is_straight_in_joint_space(thinker, down):
    goal = thinker.solutions(down(0.4, -0.25, 0.15), thinker.spec.home)[0]
    motion = thinker.transit(thinker.spec.home, goal)
    assert isinstance(motion, Trajectory)
    assert motion.positions[-1] == pytest.approx(goal)
    way = motion.positions - np.array(thinker.spec.home)
    assert np.linalg.matrix_rank(way, tol=1e-6) == 1


def test_a_transit_goes_around_an_obstacle_and_is_reproducible(thinker, down):
    start = thinker.solutions(down(0.5, -0.2, 0.08), thinker.spec.home)[0]
    goal = thinker.solutions(down(0.5, 0.2, 0.08), start)[0]
    straight = start + np.linspace(0, 1, 100)[:, None] * (goal - start)
    assert thinker.scene.first_hit(straight).name == "water bottle"
    motion = thinker.transit(start, goal)
    assert isinstance(motion, Trajectory)
    dense = np.array([motion.sample(t)[0] for t in np.linspace(0, motion.duration, 400)])
    assert thinker.scene.first_hit(dense) is None
    assert motion.positions[0] == pytest.approx(start)
    assert motion.positions[-1] == pytest.approx(goal)
    again = thinker.transit(start, goal)
    assert np.array_equal(again.positions, motion.positions)
    assert np.array_equal(again.times, motion.times)


def test_a_target_in_a_thing_is_a_collision_with_a_name(thinker, down):
    inside = thinker.solutions(down(0.5, 0.05, 0.1), thinker.spec.home)[0]
    answer = thinker.transit(thinker.spec.home, inside)
    assert isinstance(answer, MotionFailure)
    assert (answer.reason, answer.obstacle) == (NoMotion.COLLISION, "water bottle")


def test_a_line_is_straight_and_as_fast_as_told(thinker, down):
    q = thinker.solutions(down(0.4, -0.25, 0.15, 0.3), thinker.spec.home)[0]
    motion = thinker.line(q, down(0.4, -0.25, 0.03, 0.3), 0.15, ignore=frozenset(["red block"]))
    assert isinstance(motion, Trajectory)
    times = np.linspace(0, motion.duration, 100)
    tools = [thinker.forward(motion.sample(t)[0]) for t in times]
    places = np.array([t.position for t in tools])
    assert np.abs(places[:, :2] - [0.4, -0.25]).max() < 5e-4
    assert max(t.tilt for t in tools) == pytest.approx(np.pi, abs=2e-3)
    speed = np.linalg.norm(np.gradient(places, times, axis=0), axis=1)
    assert speed.max() == pytest.approx(0.15, rel=0.05)
    assert places[-1] == pytest.approx([0.4, -0.25, 0.03], abs=3e-4)


def test_a_line_may_turn(thinker, down):
    q = thinker.solutions(down(0.4, 0.2, 0.2), thinker.spec.home)[0]
    motion = thinker.line(q, down(0.45, 0.2, 0.2, 0.5), 0.1)
    assert isinstance(motion, Trajectory)
    assert thinker.forward(motion.positions[-1]).matrix() == pytest.approx(down(0.45, 0.2, 0.2, 0.5).matrix(), abs=2e-3)


def test_lines_that_cannot_be_say_why(thinker, down):
    q = thinker.solutions(down(0.4, 0.2, 0.15), thinker.spec.home)[0]
    far = thinker.line(q, down(1.3, 0.2, 0.15), 0.2)
    assert isinstance(far, MotionFailure)
    assert far.reason is NoMotion.LINE_NONE
    table = thinker.line(q, down(0.4, 0.2, -0.05), 0.2)
    assert isinstance(table, MotionFailure)
    assert (table.reason, table.obstacle) == (NoMotion.PATH_NONE, "table")
    bottle = thinker.line(thinker.solutions(down(0.5, 0.2, 0.08), q)[0], down(0.5, 0.03, 0.08), 0.2)
    assert isinstance(bottle, MotionFailure)
    assert bottle.obstacle == "water bottle"
    with pytest.raises(ValueError, match="positive speed"):
        thinker.line(q, down(0.4, 0.2, 0.1), 0.0)


def test_a_motion_may_begin_inside_the_margin_but_not_go_deeper(thinker, down):
    """Right after a release the fingers are nearer to the thing than the margin allows."""
    beside = thinker.solutions(down(0.4, -0.25, 0.02), thinker.spec.home)[0]
    held = Held("red block", Pose())
    on_table = thinker.line(beside, down(0.4, -0.25, 0.15), 0.2, held=held)
    assert isinstance(on_table, Trajectory)
    up = thinker.line(beside, down(0.4, -0.25, 0.15), 0.2, ignore=frozenset(["red block"]))
    assert isinstance(up, Trajectory)


def test_thinking_moves_nothing(thinker, down, make_world):
    world = make_world(THINGS)
    before = world.truth()
    thinker.transit(thinker.spec.home, thinker.solutions(down(0.5, 0.3, 0.1), thinker.spec.home)[0])
    assert world.truth() == before
