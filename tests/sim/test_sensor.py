"""A perfect depth picture becomes a real one."""

from __future__ import annotations

import numpy as np
import pytest

from sim.sensor import PERFECT, DepthSensor
from skills.types import Pose


def flat(depth: float) -> np.ndarray:
    return np.full((80, 100), depth)


def test_a_perfect_sensor_changes_nothing():
    depth = flat(1.0)
    depth[:, 50:] = 1.5
    assert PERFECT.measure(depth, np.random.default_rng(0)) == pytest.approx(depth, abs=1e-6)
    assert PERFECT.misplace(Pose((1, 2, 3)), np.random.default_rng(0)).position == pytest.approx((1, 2, 3))


def test_noise_grows_with_distance_and_has_the_stated_size():
    sensor, rng = DepthSensor(), np.random.default_rng(0)
    spread = []
    for z in (0.5, 1.0, 2.0, 3.0):
        measured = sensor.measure(flat(z), rng)
        spread.append(float(np.std(measured[measured > 0])))
        assert spread[-1] == pytest.approx(float(sensor.sigma(np.array(z))), rel=0.1)
    assert spread == sorted(spread)


def test_readings_come_in_steps():
    measured = DepthSensor(step=0.004).measure(flat(1.0), np.random.default_rng(0))
    steps = measured[measured > 0] / 0.004
    assert steps == pytest.approx(np.rint(steps), abs=1e-6)


def test_edges_lose_pixels():
    depth = flat(1.0)
    depth[:, 50:] = 1.5
    gone = DepthSensor().measure(depth, np.random.default_rng(0)) == 0
    assert gone[:, 49:51].mean() > 0.4
    assert gone[:, :48].mean() < 0.02


def test_out_of_reach_there_is_no_depth():
    assert (DepthSensor().measure(flat(5.0), np.random.default_rng(0)) == 0).all()
    assert (DepthSensor().measure(flat(0.05), np.random.default_rng(0)) == 0).all()


def test_equal_seeds_give_equal_pictures():
    a, b = (DepthSensor().measure(flat(1.0), np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(a, b)


def test_a_camera_is_not_quite_where_it_is_thought_to_be():
    slips = [DepthSensor().misplace(Pose(), np.random.default_rng(s)).position for s in range(200)]
    assert np.std(slips, axis=0) == pytest.approx([0.001] * 3, rel=0.25)
