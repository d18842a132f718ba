from __future__ import annotations

import math

import numpy as np
import pytest

from skills.types import Form, Pose, Region, RobotSpec, Shape, Trajectory


@pytest.mark.parametrize("seed", range(10))
def test_pose_algebra(seed):
    rng = np.random.default_rng(seed)
    a, b = (Pose.of(rng.normal(size=3), rng.normal(size=4)) for _ in range(2))
    assert np.allclose((a @ b).matrix(), a.matrix() @ b.matrix())
    assert np.allclose((a @ a.inverse()).matrix(), np.eye(4), atol=1e-12)
    assert np.allclose(Pose.from_matrix(a.matrix()).matrix(), a.matrix())
    points = rng.normal(size=(5, 3))
    assert np.allclose(a.inverse().apply(a.apply(points)), points)


def test_yaw_tilt_and_refusals():
    assert Pose.from_yaw((1, 2, 3), 0.7).yaw == pytest.approx(0.7)
    assert Pose.of((0, 0, 0), (1, 0, 0, 0)).tilt == pytest.approx(math.pi)
    for bad in ((0, 0, 0, 0), (math.nan, 0, 0, 1)):
        with pytest.raises(ValueError, match="not a rotation"):
            Pose.of((0, 0, 0), bad)


def test_shapes_refuse_nonsense():
    with pytest.raises(ValueError, match="positive"):
        Shape(Form.BOX, (0.1, -0.1, 0.1))
    with pytest.raises(ValueError, match="wall"):
        Shape(Form.BOWL, (0.1, 0.1, 0.05))


@pytest.mark.parametrize("seed", range(6))
def test_extents_hold_every_point_of_a_cylinder(make, seed):
    rng = np.random.default_rng(seed)
    can = make.can("c", 0, 0, pose=Pose.of(rng.normal(size=3), rng.normal(size=4)))
    turn = np.linspace(0, 2 * math.pi, 400)
    rims = [np.column_stack([0.033 * np.cos(turn), 0.033 * np.sin(turn), np.full(400, z)]) for z in (-0.06, 0.06)]
    points = can.pose_world.apply(np.vstack(rims))
    assert np.allclose(points.max(0) - points.min(0), can.extents(), atol=1e-4)
    assert points[:, 2].min() == pytest.approx(can.bottom_z, abs=1e-4)


def test_regions_enclose():
    corner, side = Region("c", (0, 0), (1, 1)), Region("s", (0, 0), (1, 3))
    assert corner.within(side)
    assert not side.within(corner)
    assert not corner.within(Region("up", (0, 0), (1, 3), surface=0.5))
    assert corner.contains(1.05, 0.5, slack=0.1)
    assert not corner.contains(1.05, 0.5)


def test_trajectory_sampling_is_smooth_and_held_at_the_ends():
    t = np.array([0.0, 1.0, 2.0])
    path = Trajectory(("j",), t, np.array([[0.0], [1.0], [2.0]]), np.array([[0.0], [1.5], [0.0]]))
    assert path.duration == 2.0
    assert path.sample(-1)[0] == [0.0]
    assert path.sample(9)[0] == [2.0]
    q, dq = path.sample(1.0)
    assert (q[0], dq[0]) == pytest.approx((1.0, 1.5))
    before, after = path.sample(1 - 1e-6), path.sample(1 + 1e-6)
    assert np.allclose(before[0], after[0], atol=1e-5)
    assert np.allclose(before[1], after[1], atol=1e-4)


def test_shapes_of_arrays_must_agree():
    with pytest.raises(ValueError, match="shapes disagree"):
        Trajectory(("a", "b"), np.zeros(2), np.zeros((2, 1)), np.zeros((2, 1)))
    with pytest.raises(ValueError, match="lower has 1 entries for 2 joints"):
        RobotSpec("r", ("a", "b"), (0,), (1, 1), (1, 1), (1, 1), (0, 0))
