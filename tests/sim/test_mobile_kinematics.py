from __future__ import annotations

import math

import numpy as np
import pytest

from sim.mobile_kinematics import MobileArmKinematics, kinematics_of
from sim.world import World
from skills.base import AXES
from skills.driver import MotionFailure
from skills.types import Mode, Observation, Pose, RobotState
from tests.sim.kitchens import REGIONS, kitchen

THINGS = (("coke can", 1.45, 0.1),)


@pytest.fixture(scope="module")
def kin():
    spec = kitchen(THINGS)
    made = kinematics_of(spec)
    assert isinstance(made, MobileArmKinematics)
    robot = RobotState(0, 0.0, made.spec.home, (0.0,) * 7, 0.08, False, Mode.IDLE, base=(-0.7, -0.5, math.pi))
    objects = {p.body.name: p.body.state(p.pose_world) for p in spec.objects}
    made.sync(Observation(robot, Pose(), objects, REGIONS))
    yield made
    made.close()


def test_forward_agrees_with_the_physics_wherever_the_base_stands(kin):
    q = np.array(kin.spec.home) + 0.2
    for base in ((-0.5, 0.3, 1.0), (0.7, -0.4, -2.5)):
        kin.stand(base)
        with World(kitchen(base=Pose.from_yaw((*base[:2], 0.0), base[2]))) as world:
            world.arm.reset(q, 0.08)
            seen = world.arm.pose_world_tool()
        assert np.allclose(kin.forward(q).matrix(), seen.matrix(), atol=1e-5)
        (found, *_) = kin.solutions(kin.forward(q), q, 1)
        assert np.allclose(kin.forward(found).matrix(), kin.forward(q).matrix(), atol=1e-3)
        assert kin.mount.position[2] == pytest.approx(0.70)


def test_where_it_can_stand(kin):
    free, at_wall, in_table = (0.7, 0.9, 0.0), (0.2, 0.0, 0.0), (1.6, 0.0, 0.0)
    assert kin.standable([free, at_wall, in_table], kin.spec.home) == [True, False, False]
    assert kin.standable([], kin.spec.home) == []


def test_a_route_goes_through_the_gap_and_touches_nothing(kin):
    start, goal = (-0.7, -0.5, math.pi), (0.75, -0.3, 0.0)
    way = kin.route(start, goal, kin.spec.home)
    assert not isinstance(way, MotionFailure)
    assert way.joint_names == AXES
    assert np.allclose(way.positions[0], start)
    assert np.allclose(way.positions[-1][:2], goal[:2])
    assert (way.positions[-1][2] - goal[2]) % (2 * math.pi) == pytest.approx(0.0, abs=1e-6)
    dense = np.array([way.sample(t)[0] for t in np.arange(0.0, way.duration, 0.02)])
    passing = dense[np.abs(dense[:, 0]) < 0.05]
    assert np.all((passing[:, 1] > 0.75) | (passing[:, 1] < -1.75))  # around one end of the wall
    assert all(kin.scene.free_stands(dense[5:], np.array(kin.spec.home)))
    fastest = np.abs(way.velocities).max(axis=0)
    assert np.all(fastest <= kin.spec.base.max_velocity)
    again = kin.route(start, goal, kin.spec.home)
    assert np.array_equal(again.positions, way.positions)


def test_no_route_into_furniture(kin):
    failed = kin.route((-0.7, -0.5, math.pi), (1.6, 0.0, 0.0), kin.spec.home)
    assert isinstance(failed, MotionFailure)
    assert failed.obstacle == "right table"


def test_an_arm_that_stands_still_gets_the_plain_twin(tabletop):
    made = kinematics_of(tabletop([("red block", 0.5, 0.1)]))
    assert not isinstance(made, MobileArmKinematics)
    made.close()
