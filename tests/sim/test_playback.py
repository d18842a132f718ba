"""Trajectories become motor targets."""

from __future__ import annotations

import numpy as np
import pytest

from sim.motion import joint_move
from sim.playback import BRAKE, Playback, brake, hermite
from sim.robots import load_robot

SPEC = load_robot("panda").spec
HOME = np.array(SPEC.home)
STEP = 1 / 240


def test_batch_interpolation_equals_single_samples():
    t = joint_move(SPEC, HOME, HOME + 0.4)
    times = np.linspace(0.0, t.duration * 1.1, 57)
    q, dq = hermite(t, times)
    for i, x in enumerate(times):
        single_q, single_dq = t.sample(float(x))
        assert q[i] == pytest.approx(single_q, abs=1e-12)
        assert dq[i] == pytest.approx(single_dq, abs=1e-9)


def test_rows_come_in_order_and_end_at_the_goal():
    t = joint_move(SPEC, HOME, HOME + 0.4)
    rows = Playback(t, STEP).rows()
    assert len(rows) == pytest.approx(t.duration / STEP, abs=1)
    first = rows.pop()
    assert np.abs(np.subtract(first[0], HOME)).max() < 1e-3
    assert rows[0][0] == pytest.approx(tuple(HOME + 0.4))
    assert rows[0][1] == (0.0,) * 7


def test_brake_is_smooth_and_ends_at_rest():
    rows = brake((0.0, 1.0), (1.0, -0.5), STEP)[::-1]
    speeds = [dq[0] for _, dq in rows]
    assert speeds == sorted(speeds, reverse=True)
    assert rows[-1][1] == (0.0, 0.0)
    assert rows[-1][0][0] == pytest.approx(BRAKE / 2, abs=0.01)
    assert rows[-1][0][1] == pytest.approx(1.0 - BRAKE / 4, abs=0.01)
