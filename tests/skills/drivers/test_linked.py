"""The part that robots behind a link share, with a link that exists in memory."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from skills.contract import Verdict, check_driver
from skills.contract_bench import nudge
from skills.driver import DriverError, GripperResult, LinkLost, MotionCode, MotionResult
from skills.drivers import linked
from skills.drivers.fake_kinematics import FAKE_SPEC
from skills.drivers.linked import SILENCE, LinkedDriver, Reading
from skills.drivers.sampling import sampled
from skills.types import Mode, Trajectory

SPEC = replace(FAKE_SPEC, name="bench arm", simulated=True)


class Bench(LinkedDriver):
    """Follows exactly in real time, until ``silent`` or until it says something else than idle."""

    def __init__(self) -> None:
        super().__init__(SPEC)
        self.q = np.asarray(SPEC.home, float)
        self.path: tuple[float, Trajectory] | None = None
        self.width, self.mode, self.why = 0.08, Mode.IDLE, ""
        self.silent: float | None = None
        self.sent: list[float] = []
        self.opened = False

    def _open(self) -> None:
        self.opened = True

    def _shut(self) -> None:
        self.opened = False

    def _now(self) -> tuple[np.ndarray, np.ndarray]:
        if self.path is None:
            return self.q, np.zeros(4)
        at = np.array([time.monotonic() - self.path[0]])
        return sampled(self.path[1], at)[0], self.path[1].sample(float(at[0]) + self.path[1].times[0])[1]

    def _newest(self) -> Reading | None:
        now = time.monotonic() if self.silent is None else self.silent
        q, dq = self._now()
        return Reading(now, now, tuple(q), tuple(dq), self.width, False, self.mode, why=self.why)

    def _begin(self, motion) -> None:
        self.sent.append(time.monotonic())
        self.path = (time.monotonic(), motion.trajectory)

    def _watch(self, motion) -> None:
        if time.monotonic() - self.path[0] >= motion.trajectory.duration:
            motion.finish(MotionResult(MotionCode.OK))

    def _halt(self) -> None:
        self.q, self.path = self._now()[0], None

    def _clear(self) -> None:
        self.mode = Mode.IDLE

    def _fingers(self, width, speed, force) -> GripperResult:
        self.sent.append(time.monotonic())
        self.width = width
        return GripperResult(width, False, True)


def test_the_contract_holds():
    results = check_driver(Bench)
    assert all(r.ok for r in results), [r for r in results if not r.ok]
    assert sum(r.verdict is Verdict.PASS for r in results) >= 15


@pytest.fixture
def bench():
    driver = Bench()
    driver.connect()
    yield driver
    driver.close()
    assert not driver.opened


def test_a_silent_link_ends_the_motion_and_nothing_more_is_sent(bench):
    motion = bench.follow(nudge(SPEC, bench.read_state()))
    sent = len(bench.sent)
    bench.silent = began = time.monotonic()
    with pytest.raises(LinkLost, match="silent"):
        bench.wait(600)
    assert SILENCE < time.monotonic() - began < 0.5
    assert motion.done()
    assert motion.result().code is MotionCode.LOST_LINK
    bench.silent = None  # it speaks again: what was lost stays lost until connect()
    for action in (bench.read_state, lambda: bench.follow(motion.trajectory), lambda: bench.gripper(0.0, 0.1, 5.0)):
        with pytest.raises(LinkLost, match="connect"):
            action()
    assert len(bench.sent) == sent
    bench.close()
    bench.connect()
    assert bench.read_state().mode is Mode.IDLE


def test_a_protective_stop_ends_the_motion_and_needs_recover(bench):
    motion = bench.follow(nudge(SPEC, bench.read_state()))
    bench.mode, bench.why = Mode.PROTECTIVE, "reflex: joint velocity"
    assert motion.done()
    assert motion.result() == MotionResult(MotionCode.PROTECTIVE_STOP, "reflex: joint velocity")
    with pytest.raises(DriverError, match="reflex: joint velocity"):
        bench.follow(nudge(SPEC, bench.read_state()))
    bench.recover()
    assert bench.read_state().mode is Mode.IDLE


def test_only_a_person_releases_an_emergency_stop(bench):
    bench.mode = Mode.EMERGENCY
    with pytest.raises(DriverError, match="person"):
        bench.recover()
    assert bench.mode is Mode.EMERGENCY


def test_what_a_kit_raises_becomes_a_driver_error(bench):
    bench._fingers = lambda *a: 1 / 0
    with pytest.raises(DriverError, match="bench arm: ZeroDivisionError"):
        bench.gripper(0.0, 0.1, 5.0)


def test_a_failed_connection_is_shut_again(monkeypatch):
    driver = Bench()
    driver._newest = lambda: None
    monkeypatch.setattr(linked, "FIRST_READING", 0.05)
    with pytest.raises(DriverError, match="gives no reading"):
        driver.connect()
    assert not driver.opened
    with pytest.raises(DriverError, match="not connected"):
        driver.read_state()


def test_one_motion_at_a_time(bench):
    path = nudge(SPEC, bench.read_state())
    bench.follow(path)
    with pytest.raises(DriverError, match="is moving"):
        bench.follow(path)
