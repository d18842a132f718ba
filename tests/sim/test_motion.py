"""Timing: at rest at both ends, within limits, consistent velocities."""

from __future__ import annotations

import numpy as np
import pytest

from sim.motion import ACCELERATION_SHARE, VELOCITY_SHARE, corner_path, joint_move, tool_line
from sim.robots import load_robot

SPEC = load_robot("panda").spec
HOME = np.array(SPEC.home)


def check_limits(t):
    grid = np.linspace(0, t.duration, 600)
    q = np.array([t.sample(x)[0] for x in grid])
    dq = np.array([t.sample(x)[1] for x in grid])
    assert (np.abs(dq).max(0) <= VELOCITY_SHARE * np.array(SPEC.max_velocity) * 1.02).all()
    assert np.abs(np.gradient(q, grid, axis=0)[2:-2] - dq[2:-2]).max() < 0.05
    acceleration = np.gradient(dq, grid, axis=0)
    assert (np.abs(acceleration).max(0) <= 1.5 * ACCELERATION_SHARE * np.array(SPEC.max_acceleration)).all()
    assert np.abs(t.velocities[[0, -1]]).max() == 0.0


@pytest.mark.parametrize("delta", [0.001, 0.05, 0.5, 2.0])
def test_joint_move(delta):
    goal = HOME + delta * np.array([1, 0.3, -0.5, 0.2, 0.7, -0.4, 1]) * 0.6
    t = joint_move(SPEC, HOME, goal)
    assert np.array_equal(t.positions[0], HOME)
    assert t.positions[-1] == pytest.approx(goal)
    check_limits(t)


def test_no_move_is_still_a_trajectory():
    t = joint_move(SPEC, HOME, HOME)
    assert t.duration > 0
    assert np.abs(t.velocities).max() == 0


def test_corners_are_passed_at_rest_and_the_way_stays_straight():
    a, b, c = HOME, HOME + 0.4, HOME + np.array([0.4, 0.4, 0.0, 0.4, 0.0, 0.4, 0.0])
    t = corner_path(SPEC, [a, b, c])
    check_limits(t)
    i = int(np.argmin(np.abs(t.positions - b).max(1)))
    assert t.positions[i] == pytest.approx(b)
    assert np.abs(t.velocities[i]).max() == 0.0
    for q in t.positions[: i + 1]:
        assert np.ptp(q - a) < 1e-9  # all joints moved by the same amount


@pytest.mark.parametrize("speed", [0.05, 0.15, 0.4])
def test_tool_line_keeps_its_speed(speed):
    points = HOME + np.linspace(0, 1, 16)[:, None] ** 1.2 * np.array([0.1, 0.3, 0, -0.2, 0, 0.3, 0])
    length = 0.15
    t = tool_line(SPEC, points, length, speed)
    assert t.duration >= length / speed
    assert t.positions[-1] == pytest.approx(points[-1])
    check_limits(t)


def test_a_fast_line_is_slowed_down_to_the_joint_limits():
    points = HOME + np.linspace(0, 1, 6)[:, None] * np.array([1.2, 0, 0, 0, 0, 0, 0])
    check_limits(tool_line(SPEC, points, 0.05, 0.5))
