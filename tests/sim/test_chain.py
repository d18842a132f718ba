"""Numpy kinematics agree with the physics, and the Jacobian with finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from sim.chain import read_chain
from sim.model_files import package_folder
from sim.robots import load_robot
from sim.world import World, WorldSpec
from skills.types import Pose


@pytest.mark.parametrize("base", [Pose(), Pose.from_yaw((0.3, -1.0, 0.7), 2.0)])
@pytest.mark.parametrize("name", ["panda", "iiwa", "ur5e"])
def test_forward_kinematics_agree_with_the_physics(base, name):
    robot = load_robot(name)
    chain = read_chain(robot, base)
    rng = np.random.default_rng(3)
    with World(WorldSpec(robot=name, base=base)) as world:
        for _ in range(20):
            q = rng.uniform(robot.spec.lower, robot.spec.upper)
            world.arm.reset(q.tolist(), 0.04)
            assert chain.pose(q).matrix() == pytest.approx(world.arm.pose_world_tool().matrix(), abs=2e-6)


def test_batches_equal_single_calls():
    chain = read_chain(load_robot("panda"), Pose())
    q = np.random.default_rng(0).uniform(-1, 1, (5, 7))
    batch = chain.frames(q)
    for i in range(5):
        assert np.array_equal(batch[i], chain.frames(q[i])[0])


def test_jacobian_agrees_with_finite_differences():
    chain = read_chain(load_robot("panda"), Pose.from_yaw((0.1, 0.2, 0.3), 0.4))
    q = np.array([0.2, -0.4, 0.3, -1.9, 0.1, 1.6, 0.5])
    frames = chain.frames(q)
    jacobian = chain.jacobian(frames)[0]
    step = 1e-6
    for i in range(7):
        moved = chain.tool(q + step * np.eye(7)[i])[0]
        assert (moved[:3, 3] - frames[0, -1, :3, 3]) / step == pytest.approx(jacobian[:3, i], abs=1e-5)
        turn = (moved[:3, :3] @ frames[0, -1, :3, :3].T - np.eye(3)) / step
        assert [turn[2, 1], turn[0, 2], turn[1, 0]] == pytest.approx(jacobian[3:, i], abs=1e-5)


@pytest.mark.skipif(package_folder("example-robot-data") is None, reason="needs: pip install 'groundplan[robots]'")
def test_joints_about_any_axis_are_turned_onto_z():
    """The UR5's model turns four of its joints about y."""
    robot = load_robot("ur5")
    chain = read_chain(robot, Pose((0.1, 0.0, 0.2)))
    rng = np.random.default_rng(4)
    with World(WorldSpec(robot="ur5", base=Pose((0.1, 0.0, 0.2)))) as world:
        for _ in range(10):
            q = rng.uniform(robot.spec.lower, robot.spec.upper)
            world.arm.reset(q.tolist(), 0.04)
            assert chain.pose(q).matrix() == pytest.approx(world.arm.pose_world_tool().matrix(), abs=2e-6)


def test_the_ur5e_is_as_long_as_its_maker_says():
    """Tool poses worked out anew from the published Denavit-Hartenberg figures, the foot turned half round."""
    robot = load_robot("ur5e")
    assert robot.gripper is not None
    rows = [(0.1625, 0.0, 1), (0.0, -0.425, 0), (0.0, -0.3922, 0)]  # d, a [m], quarter turns
    rows += [(0.1333, 0.0, 1), (0.0997, 0.0, -1), (0.0996, 0.0, 0)]
    hand = Pose.from_yaw((0.0, 0.0, robot.gripper.reach), robot.gripper.turn).matrix()
    chain = read_chain(robot, Pose())
    rng = np.random.default_rng(5)
    for q in rng.uniform(robot.spec.lower, robot.spec.upper, (10, 6)):
        tool = Pose.from_yaw((0.0, 0.0, 0.0), np.pi).matrix()
        for angle, (d, a, quarter) in zip(q, rows, strict=True):
            c, s = np.cos(angle), np.sin(angle)
            ca, sa = float(quarter == 0), float(quarter)
            tool = tool @ [[c, -s * ca, s * sa, a * c], [s, c * ca, -c * sa, a * s], [0, sa, ca, d], [0, 0, 0, 1]]
        assert chain.pose(q).matrix() == pytest.approx(tool @ hand, abs=1e-6)
