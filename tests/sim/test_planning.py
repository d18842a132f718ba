"""RRT-Connect on a small problem without a robot: free, short, reproducible."""

from __future__ import annotations

import itertools

import numpy as np

from sim.planning import connect, shortcut, steps_between

LOW, HIGH = np.full(2, -2.0), np.full(2, 2.0)
A, B = np.array([-1.0, 0.0]), np.array([1.0, 0.0])


def wall(points: np.ndarray) -> bool:
    """Free except for a wall around x = 0 that leaves a gap above y = 0.8."""
    return not ((np.abs(points[:, 0]) < 0.1) & (points[:, 1] < 0.8)).any()


def length(path):
    return sum(np.linalg.norm(b - a) for a, b in itertools.pairwise(path))


def test_it_finds_the_gap_and_every_step_is_free():
    path = connect(A, B, LOW, HIGH, wall)
    assert path is not None
    assert np.array_equal(path[0], A)
    assert np.array_equal(path[-1], B)
    assert all(wall(steps_between(a, b)) for a, b in itertools.pairwise(path))
    assert length(path) < 3.6  # the best is about 2.6


def test_equal_questions_get_equal_paths():
    first = connect(A, B, LOW, HIGH, wall)
    connect(B, A, LOW, HIGH, wall)
    again = connect(A, B, LOW, HIGH, wall)
    assert first is not None
    assert again is not None
    assert np.array_equal(np.stack(first), np.stack(again))


def test_a_thin_wall_that_coarse_steps_leap_over_is_gone_around():
    """Thinner than the planner's first steps: its path must be looked for again, with finer ones."""

    def thin(points):
        return not ((np.abs(points[:, 0]) < 0.011) & (points[:, 1] < 0.8)).any()

    lost = 0
    for seed in range(8):
        path = connect(A, B, LOW, HIGH, thin, seed)
        lost += path is None
        assert path is None or all(thin(steps_between(a, b)) for a, b in itertools.pairwise(path))
    assert lost == 0


def test_no_way_means_none_within_its_iterations():
    assert connect(A, B, LOW, HIGH, lambda p: not (np.abs(p[:, 0]) < 0.1).any(), iterations=200) is None


def test_shortcut_drops_needless_corners():
    zigzag = [A, np.array([-0.5, 1.2]), np.array([0.0, 1.5]), np.array([0.5, 1.2]), B]
    path = shortcut(zigzag, wall, np.random.default_rng(0))
    assert length(path) < length(zigzag)
    assert shortcut(zigzag, lambda p: True, np.random.default_rng(0))[1:] == [B] or len(path) >= 3


def test_steps_are_fine_enough():
    points = steps_between(A, B, 0.02)
    assert np.abs(np.diff(points, axis=0)).max() <= 0.02 + 1e-12
    assert np.array_equal(points[0], A)
    assert np.array_equal(points[-1], B)
