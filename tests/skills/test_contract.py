from __future__ import annotations

import math
import time
from dataclasses import replace

import pytest

from skills.contract import CHECKS, Verdict, check_driver
from skills.driver import DriverError
from skills.drivers.fake import FakeDriver
from skills.drivers.fake_kinematics import FAKE_SPEC
from skills.types import Mode


def test_the_fake_driver_keeps_every_promise():
    results = check_driver(FakeDriver)
    assert [r.name for r in results] == list(CHECKS)
    assert all(r.verdict is Verdict.PASS for r in results), [r for r in results if not r.ok]


class SlowStop(FakeDriver):
    def stop(self):
        if self._mode is Mode.MOVING:
            time.sleep(0.15)
        super().stop()


class DeafStop(FakeDriver):
    def stop(self):
        pass


class Degrees(FakeDriver):
    def read_state(self):
        state = super().read_state()
        return replace(state, q=tuple(math.degrees(v) + 90 for v in state.q))


class StandingClock(FakeDriver):
    def read_state(self):
        return replace(super().read_state(), stamp=0.0)


class LyingGripper(FakeDriver):
    def gripper(self, width, speed, force):
        return replace(super().gripper(width, speed, force), width=0.04)


class ClaimsGrasp(FakeDriver):
    def read_state(self):
        return replace(super().read_state(), holding=True)


class NeedsLink(FakeDriver):
    def describe(self):
        if self._mode is Mode.DISCONNECTED:
            raise DriverError("no link")
        return super().describe()


class FragileClose(FakeDriver):
    def close(self):
        if self._mode is Mode.DISCONNECTED:
            raise RuntimeError("closed already")
        super().close()


class NeverConnects(FakeDriver):
    def connect(self):
        raise DriverError("host unreachable")


@pytest.mark.parametrize(
    ("driver", "check"),
    [
        (SlowStop, "stop from another thread"),
        (DeafStop, "stop from another thread"),
        (Degrees, "state is complete"),
        (StandingClock, "clock is sane"),
        (LyingGripper, "gripper measures itself"),
        (ClaimsGrasp, "gripper measures itself"),
        (NeedsLink, "describes itself before connect"),
        (FragileClose, "harmless before connect"),
        (NeverConnects, "connect moves nothing"),
    ],
)
def test_broken_promises_are_found_with_advice(driver, check):
    results = {r.name: r for r in check_driver(driver)}
    assert results[check].verdict is Verdict.FAIL, results
    assert results[check].detail
    assert results[check].advice


def test_a_driver_that_does_not_connect_skips_the_rest():
    results = check_driver(NeverConnects)
    assert "host unreachable" in results[2].detail
    assert {r.verdict for r in results[3:]} == {Verdict.SKIP}


def test_a_real_robot_is_not_moved_without_consent():
    real = replace(FAKE_SPEC, name="lab arm", simulated=False)
    made = []

    def new():
        made.append(FakeDriver(spec=real))
        return made[-1]

    refused = {r.name: r for r in check_driver(new)}
    assert refused["motion reaches its goal"].verdict is Verdict.FAIL
    assert "consent" in refused["motion reaches its goal"].detail
    assert all(d._q.tolist() == list(real.home) for d in made)
    assert all(r.ok for r in check_driver(lambda: FakeDriver(spec=real), consent="move lab arm"))
