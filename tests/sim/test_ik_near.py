"""One posture at a time: where joints and tool are, which turn leads from one to the other."""

from __future__ import annotations

import numpy as np
import pytest

from sim.chain import read_chain
from sim.ik import errors
from sim.ik_near import follow, joint_axes, turning
from sim.robots import load_robot
from skills.types import Pose


@pytest.fixture(scope="module")
def chain():
    return read_chain(load_robot("panda"), Pose.from_yaw((0.3, -0.2, 0.1), 0.7))


def test_joints_and_tool_are_where_the_chain_says(chain):
    for q in np.random.default_rng(1).uniform(-1.5, 1.5, (20, chain.size)):
        frames = chain.frames(q)[0]
        axes, places, turn, place = joint_axes(chain, q.tolist())
        assert np.allclose(axes, frames[:-1, :3, 2], atol=1e-12)
        assert np.allclose(places, frames[:-1, :3, 3], atol=1e-12)
        assert np.allclose(np.reshape(turn, (3, 3)), frames[-1, :3, :3], atol=1e-12)
        assert np.allclose(place, frames[-1, :3, 3], atol=1e-12)


def test_a_foot_that_has_moved_counts(chain):
    other = read_chain(load_robot("panda"), Pose())
    other.numbers  # kept, the foot's place is not  # noqa: B018
    other.base = chain.base
    assert joint_axes(other, [0.3] * 7) == joint_axes(chain, [0.3] * 7)


def test_turning_is_what_errors_says():
    rng = np.random.default_rng(2)
    turns = [Pose.of((0, 0, 0), rng.normal(size=4)).matrix() for _ in range(30)]
    turns += [np.eye(4), np.diag([1.0, -1.0, -1.0, 1.0])]
    for a in turns:
        for b in turns[-6:]:
            said = turning(tuple(a[:3, :3].ravel()), tuple(b[:3, :3].ravel()))
            assert np.allclose(said, errors(b[None], a)[0, 3:], atol=1e-9)


def test_what_is_not_reached_gives_nothing(chain):
    far = np.eye(4)
    far[:3, 3] = 5.0
    low, high = np.full(7, -2.0), np.full(7, 2.0)
    assert follow(chain, far, np.zeros(7), (low, high), (2e-4, 1e-3), 12) is None


def test_limits_are_kept(chain):
    low, high = np.full(7, -0.4), np.full(7, 0.4)
    target = chain.tool(np.full(7, 0.39))[0]
    found = follow(chain, target, np.full(7, 2.0), (low, high), (2e-4, 1e-3), 12)
    assert found is not None
    assert (found >= low).all()
    assert (found <= high).all()
