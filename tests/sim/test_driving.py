from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.driver import PyBulletDriver
from sim.mobile_kinematics import kinematics_of
from sim.motion import corner_path
from sim.robots import load_robot
from sim.world import Fixture, World
from skills.base import turned_to
from skills.contract import Verdict, check_driver
from skills.driver import DriverError, MotionCode
from skills.types import Mode, Pose, Trajectory
from tests.sim.kitchens import START, kitchen

BASE = load_robot("mobile_panda").spec.base
HERE = (-0.7, -0.5, 3.1416)


@pytest.fixture
def driver():
    with World(kitchen()) as world:
        made = PyBulletDriver(world)
        made.connect()
        yield made


def run(driver, motion, limit=900):
    for _ in range(limit):
        if motion.done():
            break
        driver.wait()
    return motion.result()


def path(*stands):
    return corner_path(BASE, [np.array(s, float) for s in stands])


def test_it_ends_where_it_should_and_the_arm_holds_its_posture(driver):
    before = driver.read_state().q
    goal = (-0.5, 0.6, 1.2)
    motion = driver.drive(path(HERE, goal))
    driver.wait(20)
    assert driver.read_state().mode is Mode.MOVING
    assert max(map(abs, driver.read_state().base_velocity)) > 0.1
    assert run(driver, motion).ok
    state = driver.read_state()
    assert state.base[:2] == pytest.approx(goal[:2], abs=2e-3)
    assert turned_to(state.base[2], goal[2]) == pytest.approx(goal[2], abs=2e-3)
    assert state.q == pytest.approx(before, abs=2e-3)
    assert state.mode is Mode.IDLE


def test_stop_brakes_within_a_few_ticks(driver):
    motion = driver.drive(path(HERE, (-0.7, 1.5, 3.1416)))
    driver.wait(60)
    driver.stop()
    driver.wait(15)
    assert motion.result().code is MotionCode.CANCELLED
    assert max(map(abs, driver.read_state().base_velocity)) < 0.01
    with pytest.raises(DriverError, match="recover"):
        driver.drive(path(HERE, HERE))
    driver.recover()
    here = driver.read_state().base
    assert run(driver, driver.drive(path(here, HERE))).ok


def test_a_base_that_is_blocked_says_so():
    blocked = kitchen()
    post = Fixture("post", (0.2, 0.2, 0.5), Pose((-0.7, 0.3, 0.25)))
    with World(replace(blocked, fixtures=(*blocked.fixtures, post))) as world:
        driver = PyBulletDriver(world)
        driver.connect()
        result = run(driver, driver.drive(path(HERE, (-0.7, 1.2, 3.1416))))
    assert result.code is MotionCode.PATH_TOLERANCE
    assert "blocks" in result.detail


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda p: Trajectory(p.joint_names, p.times, p.positions + 0.3, p.velocities), "starts"),
        (lambda p: Trajectory(p.joint_names, p.times, p.positions * float("nan"), p.velocities), "finite"),
        (lambda p: Trajectory(("a", "b", "c"), p.times, p.positions, p.velocities), "axes"),
        (lambda p: Trajectory(p.joint_names, p.times[::-1], p.positions, p.velocities), "rise"),
    ],
)
def test_paths_that_cannot_be_driven(driver, change, says):
    with pytest.raises(DriverError, match=says):
        driver.drive(change(path(HERE, (-0.5, 0.6, 1.2))))


def test_an_arm_without_a_base_refuses(make_world):
    driver = PyBulletDriver(make_world())
    driver.connect()
    with pytest.raises(DriverError, match="no base"):
        driver.drive(path(HERE, HERE))
    assert driver.read_state().base is None


def test_a_held_can_stays_in_the_hand_on_a_drive_and_a_turn():
    with World(kitchen([("coke can", 0.0, 0.0)], holding="coke can")) as world:
        driver = PyBulletDriver(world)
        driver.connect()
        kin = kinematics_of(world.spec)
        before = world.arm.pose_world_tool().inverse() @ world.pose("coke can")
        way = kin.route(driver.read_state().base, (0.75, 0.9, 0.0), driver.read_state().q)
        assert run(driver, driver.drive(way), 2000).ok
        after = world.arm.pose_world_tool().inverse() @ world.pose("coke can")
        kin.close()
        assert world.truth().held() == "coke can"
        assert math.dist(before.position, after.position) < 0.01


def test_the_driver_contract_holds_for_a_robot_that_drives():
    worlds = []

    def new():
        worlds.append(World(kitchen(base=START)))
        return PyBulletDriver(worlds[-1])

    results = check_driver(new)
    assert not [r for r in results if r.verdict is Verdict.FAIL]
    assert sum(r.verdict is Verdict.PASS for r in results) >= 12
    for world in worlds:
        world.close()
