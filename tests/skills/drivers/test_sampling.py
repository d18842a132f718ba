from __future__ import annotations

import numpy as np
import pytest

from skills.drivers.sampling import brake_time, braking, evenly, sampled
from skills.types import Trajectory

RATE = 1000.0
NAMES = ("a", "b")


def quintic(goal: tuple[float, float], seconds: float, knots: int = 20) -> Trajectory:
    s = np.linspace(0, 1, knots)[:, None]
    delta = np.asarray(goal)
    return Trajectory(
        NAMES,
        s[:, 0] * seconds,
        (10 * s**3 - 15 * s**4 + 6 * s**5) * delta,
        (30 * s**2 - 60 * s**3 + 30 * s**4) * delta / seconds,
    )


def derivatives(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    still = np.vstack([np.repeat(samples[:1], 4, 0), samples, np.repeat(samples[-1:], 4, 0)])
    v = np.diff(still, axis=0) * RATE
    a = np.diff(v, axis=0) * RATE
    return v, a, np.diff(a, axis=0) * RATE


def test_samples_agree_with_the_path_itself():
    path = quintic((1.0, -0.5), 2.0)
    times = np.array([0.0, 0.31, 1.0, 1.99, 5.0])
    assert np.allclose(sampled(path, times), [path.sample(t)[0] for t in times])


def test_set_points_start_and_end_exactly_and_keep_the_paths_limits():
    path = quintic((1.0, -0.5), 1.5)
    samples = evenly(path, RATE)
    assert np.array_equal(samples[0], path.positions[0])
    assert np.array_equal(samples[-1], path.positions[-1])
    v, a, jerk = derivatives(samples)
    fastest = np.max(np.abs(path.velocities), axis=0)
    assert np.all(np.max(np.abs(v), axis=0) <= fastest * 1.01)
    assert np.max(np.abs(a)) < 1.0 / 1.5**2 * 5.9
    assert np.max(np.abs(jerk)) < 200


def test_even_straight_pieces_become_smooth():
    """Linear pieces jump in velocity: unbounded acceleration. Averaged, both are bounded."""
    corners = Trajectory(
        NAMES, np.array([0.0, 0.5, 1.0]), np.array([[0.0, 0.0], [0.2, 0.1], [0.2, 0.3]]), np.zeros((3, 2))
    )
    _, a, jerk = derivatives(evenly(corners, RATE))
    assert np.max(np.abs(a)) < 10
    assert np.max(np.abs(jerk)) < 1000


@pytest.mark.parametrize("seed", range(5))
def test_random_paths_stay_near_the_plan(seed):
    rng = np.random.default_rng(seed)
    path = quintic(tuple(rng.uniform(-1.5, 1.5, 2)), float(rng.uniform(0.5, 3.0)), int(rng.integers(5, 60)))
    samples = evenly(path, RATE)
    when = np.arange(len(samples)) / RATE - 0.03  # half of the smoothing's length
    wanted = sampled(path, np.clip(when, 0, path.duration))
    assert np.max(np.abs(samples - wanted)) < 0.004


def test_a_set_point_beside_the_path_fades_into_it():
    path = quintic((1.0, 0.0), 2.0)
    samples = evenly(path, RATE, start=path.positions[0] + [0.02, -0.02])
    assert np.allclose(samples[0], [0.02, -0.02])
    assert np.allclose(samples[-1], path.positions[-1])
    v, a, _ = derivatives(samples)
    assert np.max(np.abs(v[:, 1])) < 0.1
    assert np.max(np.abs(a[:, 1])) < 1.0


def test_one_point_is_no_motion():
    still = Trajectory(NAMES, np.zeros(1), np.array([[0.3, 0.4]]), np.zeros((1, 2)))
    assert np.allclose(evenly(still, RATE), [0.3, 0.4])


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.8, 0.98])
def test_braking_stays_on_the_path_and_within_acceleration(share):
    samples = evenly(quintic((1.0, -0.5), 1.2), RATE)
    i = int(share * (len(samples) - 1))
    speed = (samples[i + 1] - samples[i - 1]) * RATE / 2
    limits = np.array([10.0, 10.0])
    seconds = brake_time(speed, limits)
    whole = np.vstack([samples[: i + 1], braking(samples, i, RATE, seconds)])
    v, a, _ = derivatives(whole)
    assert np.max(np.abs(v[-1])) < 1e-9
    assert np.max(np.abs(a)) < 10
    ratio = whole[i:, 1] / np.where(whole[i:, 0] == 0, 1, whole[i:, 0])
    assert np.allclose(ratio[whole[i:, 0] > 1e-3], -0.5, atol=1e-3)  # a straight joint path: still on it


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="rate"):
        evenly(quintic((1.0, 0.0), 1.0), 0.0)
