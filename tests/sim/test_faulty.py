"""Perception and drivers that fail as declared, and pass everything else through."""

from __future__ import annotations

import numpy as np
import pytest

from sim.driver import PyBulletDriver
from sim.faults import Fault, FaultInjector, FaultKind
from sim.faulty import FaultyDriver, FaultyPerception
from sim.motion import joint_move
from sim.perception import OraclePerception
from skills.driver import DriverError, MotionCode
from skills.types import Mode

THINGS = [("red block", 0.5, 0.0), ("pepsi can", 0.6, 0.3)]


def rng() -> np.random.Generator:
    return np.random.default_rng(4)


@pytest.fixture
def faulty(make_world):
    def make(*faults: Fault):
        world = make_world(THINGS)
        driver = PyBulletDriver(world)
        injector = FaultInjector(world, faults, rng())
        wrapped = FaultyDriver(driver, injector)
        wrapped.connect()
        return wrapped, injector, world

    return make


def start(driver):
    q = np.array(driver.read_state().q)
    return driver.follow(joint_move(driver.describe(), q, q + 0.3))


def test_noise_has_its_size_and_a_missed_thing_is_missing(make_world):
    world = make_world(THINGS)
    faults = [Fault(FaultKind.NOISE, size=0.01), Fault(FaultKind.MISS, at=2, ticks=3, thing="pepsi can")]
    injector = FaultInjector(world, faults, rng())
    perception = FaultyPerception(OraclePerception(world), injector, rng())
    assert perception.name == "oracle with faults"
    errors = []
    for _ in range(300):
        seen = perception.objects()["red block"].pose_world.position
        errors.append(np.subtract(seen, world.pose("red block").position))
    assert np.std(errors, axis=0)[:2] == pytest.approx([0.01, 0.01], rel=0.15)
    assert np.abs(np.array(errors)[:, 2]).max() == 0.0
    present = []
    for _ in range(8):
        present.append("pepsi can" in perception.objects())
        world.step(4)
    assert present == [True, True, False, False, False, True, True, True]


def test_without_faults_everything_passes_through(faulty):
    driver, _, _ = faulty()
    handle = start(driver)
    driver.wait(120)
    assert handle.result().ok
    assert driver.gripper(0.0, 0.1, 10).reached
    driver.stop()
    assert driver.read_state().mode is Mode.STOPPED
    driver.recover()
    assert driver.read_state().mode is Mode.IDLE


def test_a_stuck_gripper_does_not_move_and_says_so(faulty):
    driver, _, _ = faulty(Fault(FaultKind.STUCK, at=0, ticks=20))
    result = driver.gripper(0.0, 0.1, 10)
    assert result.stalled
    assert not result.reached
    assert result.width == pytest.approx(0.08, abs=1e-3)
    assert driver.gripper(0.0, 0.1, 10).reached  # its time is over


def test_a_protective_stop_ends_the_motion_until_recover(faulty):
    driver, _, _ = faulty(Fault(FaultKind.PROTECTIVE, at=10))
    handle = start(driver)
    driver.wait(12)
    assert handle.done()
    assert handle.result().code is MotionCode.PROTECTIVE_STOP
    assert driver.read_state().mode is Mode.PROTECTIVE
    with pytest.raises(DriverError, match="protective stop"):
        start(driver)
    driver.wait(12)
    assert np.abs(driver.read_state().dq).max() < 0.02
    driver.recover()
    assert driver.read_state().mode is Mode.IDLE
    handle = start(driver)
    driver.wait(120)
    assert handle.result().ok


def test_a_lost_link_raises_until_it_is_back(faulty):
    driver, _, _ = faulty(Fault(FaultKind.LOST, at=10, ticks=5))
    handle = start(driver)
    with pytest.raises(DriverError, match="link to the robot is gone"):
        driver.wait(20)
    assert handle.result().code is MotionCode.LOST_LINK
    driver.stop()
    for _ in range(10):
        try:
            driver.connect()
            break
        except DriverError:
            continue
    assert driver.read_state().tick > 0
