from __future__ import annotations

import numpy as np
import pytest

from skills.contract_bench import nudge
from skills.driver import DriverError, MotionFailure, NoMotion
from skills.drivers.fake import FakeDriver, fake_embodiment
from skills.drivers.fake_kinematics import FAKE_SPEC, FakeKinematics
from skills.drivers.fake_world import DOWN, FakeWorld, tool_pose
from skills.types import Pose, Region

TABLE = Region("table", (0.2, -0.5), (0.9, 0.5))


@pytest.mark.parametrize("yaw", [-3.0, -1.0, 0.0, 2.0])
def test_forward_and_inverse_agree(yaw):
    kin = FakeKinematics()
    q = np.array([0.4, 0.1, 0.3, yaw])
    found = kin.solutions(kin.forward(q), q, 4)
    assert np.allclose(found[0], q)
    for other in found:
        assert np.allclose(kin.forward(other).matrix(), kin.forward(q).matrix())


def test_only_hands_that_point_down_and_places_in_range():
    kin = FakeKinematics()
    assert kin.solutions(Pose((0.4, 0, 0.3)), FAKE_SPEC.home) == []
    assert kin.solutions(Pose.of((1.4, 0, 0.3), DOWN), FAKE_SPEC.home) == []
    way = kin.line(FAKE_SPEC.home, Pose.of((1.4, 0, 0.3), DOWN), 0.2)
    assert isinstance(way, MotionFailure)
    assert way.reason is NoMotion.LINE_NONE


def test_obstacles_and_what_is_ignored(make):
    kin = FakeKinematics({"table": TABLE})
    kin.sync(make.seen(make.can("can", 0.5, 0.1)))
    assert kin.obstacle((0.5, 0.14, 0.1, 0.0)) == "can"
    assert kin.obstacle((0.5, 0.14, 0.1, 0.0), ignore=frozenset({"can"})) is None
    assert kin.obstacle((0.4, -0.3, 0.0, 0.0)) == "table"
    assert kin.obstacle((0.4, -0.3, 0.1, 0.0)) is None


def test_narrow_fingers_fit_where_wide_ones_do_not(make):
    kin = FakeKinematics()
    kin.sync(make.seen(make.block("left", 0.5, 0.05), make.block("right", 0.5, -0.05)))
    q = (0.5, 0.0, 0.02, 0.0)
    assert kin.obstacle(q) in ("left", "right")
    kin.spread(0.02)
    assert kin.obstacle(q) is None


def test_transits_go_over_what_is_in_the_way(make):
    kin = FakeKinematics()
    kin.sync(make.seen(make.can("can", 0.5, 0.0)))
    way = kin.transit((0.5, -0.3, 0.05, 0), (0.5, 0.3, 0.05, 0))
    assert way.positions[:, 2].max() > 0.15
    direct = kin.transit((0.3, -0.3, 0.05, 0), (0.3, 0.3, 0.05, 0))
    assert direct.positions[:, 2].max() == pytest.approx(0.05)


def test_things_fall_to_what_is_below(make):
    body = fake_embodiment(
        [make.bowl("bowl", 0.5, 0, 0.3), make.block("a", 0.5, 0.0, 0.5), make.block("b", 0.3, 0.2, 0.4),
         make.block("c", 0.31, 0.2, 0.6)], [TABLE],
    )  # fmt: skip
    bottoms = {n: round(o.bottom_z, 4) for n, o in body.perception.objects().items()}
    assert bottoms == {"bowl": 0.0, "a": 0.005, "b": 0.0, "c": 0.04}


def test_gripping_follows_and_lets_go(make):
    world = FakeWorld({"a": make.block("a", 0.4, 0.0)}, {"table": TABLE})
    tool = tool_pose((0.4, 0.0, 0.02, 0.0))
    assert world.close_fingers(tool, 0.08, 0.0) == pytest.approx(0.04)
    world.move_tool(tool_pose((0.6, 0.1, 0.3, 1.0)))
    assert world.objects["a"].pose_world.position == pytest.approx((0.6, 0.1, 0.3))
    world.open_fingers()
    assert world.objects["a"].bottom_z == pytest.approx(0.0)
    assert world.close_fingers(tool_pose((0.2, 0, 0.3, 0)), 0.08, 0.0) == 0.0


def test_time_passes_in_wait_only():
    driver = FakeDriver()
    driver.connect()
    motion = driver.follow(nudge(FAKE_SPEC, driver.read_state()))
    before = driver.read_state()
    assert driver.read_state() == before
    with pytest.raises(DriverError, match="still running"):
        motion.result()
    driver.wait(10)
    assert driver.read_state().tick == before.tick + 10
    assert driver.read_state().q != before.q


def test_errors_name_the_remedy():
    driver = FakeDriver()
    with pytest.raises(DriverError, match=r"connect\(\)"):
        driver.read_state()
    driver.connect()
    driver.stop()
    with pytest.raises(DriverError, match=r"recover\(\)"):
        driver.gripper(0.01, 0.1, 10)
