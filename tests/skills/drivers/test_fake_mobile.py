from __future__ import annotations

import numpy as np
import pytest

from skills.base import AXES
from skills.contract import Verdict, check_driver
from skills.driver import DriverError, MotionFailure
from skills.drivers.fake_mobile import FAKE_MOBILE_SPEC, FakeMobileDriver, FakeMobileKinematics
from skills.types import Mode, Trajectory
from tests.skills.rooms import REGIONS, room


def test_it_keeps_the_driver_contract():
    results = check_driver(FakeMobileDriver)
    assert all(r.verdict is not Verdict.FAIL for r in results), [r for r in results if not r.ok]


def test_forward_and_inverse_agree_wherever_it_stands():
    kin = FakeMobileKinematics()
    kin.stand((1.0, -2.0, 2.5))
    q = np.array([0.4, 0.1, 0.3, 0.5])
    assert np.allclose(kin.solutions(kin.forward(q), q, 1)[0], q)


def test_routes_go_around_furniture_and_end_where_they_should():
    kin = FakeMobileKinematics({r.name: r for r in REGIONS})
    way = kin.route((0.6, 0.0, 0.0), (2.0, 0.0, 3.1), FAKE_MOBILE_SPEC.home)
    assert not isinstance(way, MotionFailure)
    assert np.allclose(way.positions[-1], (2.0, 0.0, 3.1))
    assert all(kin.standable([tuple(p) for p in way.positions], FAKE_MOBILE_SPEC.home))
    assert isinstance(kin.route((0.6, 0.0, 0.0), (1.3, 0.0, 0.0), FAKE_MOBILE_SPEC.home), MotionFailure)  # the table


def test_the_guard_checks_base_paths():
    guard = room().driver

    def path(start, speed=0.5):
        times = np.linspace(0.0, 1.0, 11)
        along = speed * times
        return Trajectory(
            AXES, times, np.asarray(start) + np.outer(along, [1, 0, 0]), np.tile([speed, 0.0, 0.0], (11, 1))
        )

    with pytest.raises(DriverError, match="jumps"):
        guard.drive(path((0.5, 0.0, 0.0)))
    with pytest.raises(DriverError, match="velocity limit of joint base x"):
        guard.drive(path((0.0, 0.0, 0.0), speed=3.0))
    with pytest.raises(DriverError, match="not finite"):
        guard.drive(path((0.0, float("nan"), 0.0)))
    with pytest.raises(DriverError, match="has"):
        guard.drive(Trajectory(("a", "b", "c"), np.zeros(1), np.zeros((1, 3)), np.zeros((1, 3))))
    assert [s.refused != "" for s in guard.log] == [True] * 4


def test_stop_stops_the_base():
    body = room()
    way = body.kinematics.route((0.0, 0.0, 0.0), (0.6, 0.0, 0.0), FAKE_MOBILE_SPEC.home)
    motion = body.driver.drive(way)
    body.driver.wait(10)
    assert body.driver.read_state().mode is Mode.MOVING
    body.driver.stop()
    here = body.driver.read_state().base
    body.driver.wait(10)
    assert motion.done()
    assert body.driver.read_state().base == here
    with pytest.raises(DriverError, match="recover"):
        body.driver.drive(way)
