"""The sampler of set-points, with an arm in memory that follows them."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from skills.contract_bench import nudge
from skills.driver import DriverError, LinkLost, MotionCode
from skills.drivers.fake_kinematics import FAKE_SPEC
from skills.drivers.fingers import Fingers
from skills.drivers.linked import Reading
from skills.drivers.streaming import StreamingDriver
from skills.types import Mode

SPEC = replace(FAKE_SPEC, name="streamed arm", simulated=True)


class Arm(StreamingDriver):
    """Follows with a lag, unless somebody ``holds`` it."""

    def __init__(self) -> None:
        super().__init__(SPEC, 100.0)
        self.q = np.asarray(SPEC.home, float)
        self.target, self.points, self.calls = self.q, [], []
        self.holds, self.broken, self.mode = False, "", Mode.IDLE

    def _link(self) -> None:
        self.calls.append("link")

    def _unlink(self) -> None:
        self.calls.append("unlink")

    def _enter_stream(self) -> None:
        self.calls.append("enter")

    def _leave_stream(self) -> None:
        self.calls.append("leave")

    def _read(self) -> Reading:
        if self.broken:
            raise OSError(self.broken)
        now = time.monotonic()
        if not self.holds:
            self.q = self.q + (self.target - self.q) * 0.5
        return Reading(now, now, tuple(self.q), (), mode=self.mode)

    def _write(self, q: np.ndarray) -> None:
        self.points.append((time.monotonic(), q.copy()))
        self.target = q


@pytest.fixture
def arm():
    driver = Arm()
    driver.connect()
    yield driver
    driver.close()
    assert driver.calls[-1] == "unlink"


def ended(arm: Arm, motion) -> None:
    until = time.monotonic() + 20
    while not motion.done():
        assert time.monotonic() < until
        arm.wait(1)


def test_a_motion_is_streamed_once_and_arrives(arm):
    path = nudge(SPEC, arm.read_state(), share=0.5)
    motion = arm.follow(path)
    ended(arm, motion)
    assert motion.result().ok, motion.result()
    assert np.max(np.abs(np.asarray(arm.read_state().q) - path.positions[-1])) < 0.021
    arm.wait(3)
    assert arm.calls.count("enter") == arm.calls.count("leave") == 1
    places = np.array([q for _, q in arm.points])
    assert np.max(np.abs(np.diff(places, axis=0))) < 2 * np.max(np.abs(path.velocities)) / 100 + 1e-3


def test_somebody_holds_the_arm(arm):
    arm.holds, arm.lag = True, 0.03
    motion = arm.follow(nudge(SPEC, arm.read_state(), share=0.5))
    ended(arm, motion)
    assert motion.result().code is MotionCode.PATH_TOLERANCE
    assert "behind its set-point" in motion.result().detail


def test_stop_brakes_on_the_path(arm):
    path = nudge(SPEC, arm.read_state(), share=0.2)
    motion = arm.follow(path)
    arm.wait(10)
    arm.stop()
    arm.wait(40)
    assert motion.result().code is MotionCode.CANCELLED
    last = arm.points[-1][1]
    assert not np.allclose(last, path.positions[-1])
    sent = len(arm.points)
    arm.wait(5)
    assert len(arm.points) == sent
    assert arm.read_state().mode is Mode.STOPPED


def test_a_broken_link_sends_nothing_more(arm):
    motion = arm.follow(nudge(SPEC, arm.read_state(), share=0.1))
    arm.wait(5)
    arm.broken = "cable pulled"
    with pytest.raises(LinkLost, match="cable pulled"):
        arm.wait(100)
    assert motion.result().code is MotionCode.LOST_LINK
    sent = len(arm.points)
    time.sleep(0.05)
    assert len(arm.points) == sent


def test_fingers_tell_air_from_a_thing_and_remember():
    width = [0.08]

    def closing() -> float:
        width[0] = max(least[0], width[0] - 0.004)
        return width[0]

    least = [0.03]
    hand = Fingers(closing, lambda: None, 0.08)
    got = hand.wait(0.0, 0.4, lambda: False)
    assert (got.stalled, got.reached) == (True, False)
    assert got.width == pytest.approx(0.03)
    assert hand.holding(0.03)
    assert not hand.holding(0.02)  # it slipped out
    assert not hand.holding(0.03)  # and is not held again by itself
    width[0], least[0] = 0.08, 0.0
    assert hand.wait(0.0, 0.4, lambda: False).reached
    assert not hand.holding(0.0)


def test_fingers_that_stay_open_hold_nothing():
    """A gripper that is switched off does not stall on a thing."""
    dead = Fingers(lambda: 0.08, lambda: None, 0.08)
    with pytest.raises(DriverError, match=r"stay open at 0\.080 m"):
        dead.wait(0.0, 0.4, lambda: False)
    assert not dead.holding(0.08)
    reopened = Fingers(lambda: 0.05, lambda: None, 0.08)  # already on a thing, as after connecting again
    assert reopened.wait(0.0, 0.4, lambda: False).stalled
