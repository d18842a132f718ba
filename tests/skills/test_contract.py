from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace

import numpy as np
import pytest

from skills.contract import CHECKS, Verdict, check_driver
from skills.driver import DriverError
from skills.drivers.fake import FakeDriver
from skills.drivers.fake_kinematics import FAKE_SPEC
from skills.types import Mode


def test_the_fake_driver_keeps_every_promise():
    results = check_driver(FakeDriver)
    assert [r.name for r in results] == list(CHECKS)
    assert all(r.ok for r in results), [r for r in results if not r.ok]
    assert [r.name for r in results if r.verdict is Verdict.SKIP] == ["unreachable host is said"]


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


class Frozen(FakeDriver):
    """Its readings never change, only its clock."""

    def read_state(self):
        return replace(super().read_state(), q=tuple(self._spec.home), dq=(0.0,) * 4)


class NoVelocities(FakeDriver):
    def read_state(self):
        return replace(super().read_state(), dq=(0.0,) * 4)


class TooFast(FakeDriver):
    """Promises less than it does."""

    def read_state(self):
        state = super().read_state()
        return replace(state, dq=tuple(40 * v for v in state.dq))


class BlocksAtFollow(FakeDriver):
    def follow(self, trajectory):
        motion = super().follow(trajectory)
        while not motion.done():
            self.wait(1)
        return motion


class MovesOnConnect(FakeDriver):
    def connect(self):
        super().connect()
        self._q = self._q + 0.05


class KeepsGripping(FakeDriver):
    """Its stop() waits for the lock that gripper() holds."""

    def gripper(self, width, speed, force):
        if width > 0.01:
            return super().gripper(width, speed, force)
        with self._lock:
            time.sleep(0.3)
            return super().gripper(width, speed, force)


class GripsWhileStopped(FakeDriver):
    def gripper(self, width, speed, force):
        mode, self._mode = self._mode, Mode.IDLE if self._mode is Mode.STOPPED else self._mode
        try:
            return super().gripper(width, speed, force)
        finally:
            self._mode = mode


class IgnoresReflexes(FakeDriver):
    def enter(self, mode):
        pass


class RecoversFromTheButton(FakeDriver):
    def recover(self):
        self._mode = Mode.IDLE


class SilentLink(FakeDriver):
    """A cut link shows in nothing: the old reading is repeated with a running clock."""

    def _need_link(self):
        if self._mode is Mode.DISCONNECTED:
            raise DriverError("not connected")


class LaterStop(FakeDriver):
    """Only a person's stop works: one that the guard calls while readings stand still is ignored."""

    def follow(self, trajectory):
        self.deaf = False
        return super().follow(trajectory)

    def stop(self):
        if not getattr(self, "deaf", False) and self._mode is not Mode.MOVING:
            super().stop()


class LaxConfig(FakeDriver):
    """Takes whatever it is given."""

    class Config:
        pass


class SlowConnect(FakeDriver):
    """Raises what its kit raises."""

    @dataclass(frozen=True)
    class Config:
        host: str = "here"

    def __init__(self, config):
        super().__init__()
        self.config = config

    def connect(self):
        if self.config.host != "here":
            raise TimeoutError("timed out")
        super().connect()


class MotionAfterStop(FakeDriver):
    def follow(self, trajectory):
        if self._mode is Mode.STOPPED:
            self._mode = Mode.IDLE
        return super().follow(trajectory)


class NoCancel(FakeDriver):
    def follow(self, trajectory):
        motion = super().follow(trajectory)
        motion.cancel = lambda: None
        return motion


class WideSpec(FakeDriver):
    """Promises joint limits in degrees: nothing is beyond them."""

    def __init__(self):
        super().__init__(spec=replace(FAKE_SPEC, lower=(-360.0,) * 4, upper=(360.0,) * 4, max_velocity=(600.0,) * 4,
                                      max_acceleration=(6000.0,) * 4, workspace=None))  # fmt: skip


class Drifts(FakeDriver):
    """Moves a little whatever it is told."""

    def read_state(self):
        self._q = self._q + np.array([0.004, 0.0, 0.0, 0.0])
        return super().read_state()


class OneConnection(FakeDriver):
    """Cannot be connected a second time."""

    def connect(self):
        if getattr(self, "used", False) and self._mode is Mode.DISCONNECTED:
            raise DriverError("port in use")
        self.used = True
        super().connect()


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
        (MovesOnConnect, "connect moves nothing"),
        (BlocksAtFollow, "motion reaches its goal"),
        (Frozen, "limits are obeyed"),
        (NoVelocities, "limits are obeyed"),
        (TooFast, "limits are obeyed"),
        (NoCancel, "motion can be cancelled"),
        (WideSpec, "describes itself before connect"),
        (Drifts, "bad commands are refused"),
        (KeepsGripping, "stop during a grasp"),
        (GripsWhileStopped, "stop during a grasp"),
        (MotionAfterStop, "stopped until recover"),
        (LaterStop, "stale state stops"),
        (IgnoresReflexes, "protective stop is kept"),
        (RecoversFromTheButton, "emergency stop is kept"),
        (SilentLink, "lost link is reported"),
        (LaxConfig, "configuration is strict"),
        (SlowConnect, "unreachable host is said"),
        (OneConnection, "close and reconnect"),
    ],
)
def test_broken_promises_are_found_with_advice(driver, check):
    results = {r.name: r for r in check_driver(driver)}
    assert results[check].verdict is Verdict.FAIL, results
    assert results[check].detail
    assert results[check].advice


def test_every_check_is_shown_to_fail():
    """A check that nothing can fail would say nothing."""
    (cases,) = [m.args[1] for m in test_broken_promises_are_found_with_advice.pytestmark if m.name == "parametrize"]
    assert {check for _, check in cases} == set(CHECKS)


def test_a_driver_that_does_not_connect_skips_the_rest():
    results = check_driver(NeverConnects)
    i = list(CHECKS).index("connect moves nothing")
    assert "host unreachable" in results[i].detail
    assert {r.verdict for r in results[i + 1 :]} == {Verdict.SKIP}


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
