"""The Franka driver: without a robot, and against an independent server of the vendor's protocol (``make peers``)."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import numpy as np
import pytest

from skills.contract import Verdict, check_driver
from skills.contract_bench import nudge
from skills.driver import ConsentError, DriverError, LinkLost, MotionCode
from skills.driver_config import ConfigError, make_driver
from skills.drivers.franka import FrankaConfig, FrankaDriver, franka_spec
from skills.guard import Guard, GuardLimits
from skills.types import Mode, Trajectory
from tests.peers.start import franka_peer, installed, own_address

CONSENT = "move franka"
LONELY = "127.9.9.9"  # a loopback address where nobody listens


def test_the_configuration_is_strict():
    with pytest.raises(ConfigError, match="host"):
        make_driver(FrankaDriver, {})
    with pytest.raises(ConfigError, match="'hots', did you mean 'host'"):
        make_driver(FrankaDriver, {"hots": "x"})
    with pytest.raises(ConfigError, match="none of fr3, panda"):
        make_driver(FrankaDriver, {"host": "x", "arm": "ur5"})
    with pytest.raises(ConfigError, match="both or none"):
        make_driver(FrankaDriver, {"host": "x", "collision_force": 20})


def test_two_arms_named_share_the_narrower_limits():
    spec = franka_spec(FrankaConfig(LONELY, arm="fr3", model="panda"))
    assert spec.joint_names[0] == "panda_joint1"
    assert spec.lower[5] == 0.5445
    assert spec.upper[5] == 3.7525
    assert spec.max_velocity[0] == 2.175
    assert spec.max_acceleration[1] == 7.5
    assert not spec.simulated


def test_without_consent_nothing_is_sent():
    guard = Guard(FrankaDriver(FrankaConfig(LONELY)))
    home = np.asarray(guard.describe().home)[None]
    with pytest.raises(ConsentError, match="move franka"):
        guard.follow(Trajectory(guard.describe().joint_names, np.zeros(1), home, np.zeros_like(home)))


def test_a_missing_kit_is_named(monkeypatch, tmp_path):
    (tmp_path / "pylibfranka.py").write_text("raise ImportError('no such kit')")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(DriverError, match=r"groundplan\[franka\]"):
        FrankaDriver(FrankaConfig(LONELY)).connect()


def test_nobody_at_the_address():
    pytest.importorskip("pylibfranka", reason="the vendor's client is not installed")
    driver = FrankaDriver(FrankaConfig(LONELY))
    began = time.monotonic()
    with pytest.raises(DriverError, match=LONELY):
        driver.connect()
    assert time.monotonic() - began < 8
    driver.close()


def need_peer() -> None:
    """Skip when one of both sides is missing."""
    pytest.importorskip("pylibfranka", reason="the vendor's client is not installed")
    if not installed("franka"):
        pytest.skip("the independent server is not installed: make peers")


@pytest.fixture(scope="module")
def server():
    need_peer()
    with franka_peer() as running:
        yield running


@pytest.fixture
def arm(server):
    driver = Patient(FrankaConfig(server.address))
    driver.connect()
    guard = Guard(driver, limits=GuardLimits(stale_ticks=90), consent=CONSENT, approve=lambda question: True)
    if guard.read_state().mode is not Mode.IDLE:
        guard.recover()
    yield guard
    driver.close()


class Patient(FrankaDriver):
    """For busy machines, where the simulated robot itself may be silent for a while."""

    silence = 1.5


class Cut(FrankaDriver):
    """Its cable can be pulled: the processes that hold the link hear and say nothing more."""

    def sever(self) -> None:
        for pilot in (self._arm, self._hand):
            os.kill(pilot.pid, signal.SIGSTOP)


def ended(arm, motion, seconds: float = 40.0) -> None:
    """Wait for the end; long, since the server's own clock runs slowly on a busy machine."""
    until = time.monotonic() + seconds
    while not motion.done():
        assert time.monotonic() < until, "the motion does not end"
        arm.wait(1)


def somewhere(spec, q, rng, share=0.4) -> Trajectory:
    """A quintic to a random posture with velocities and accelerations at ``share`` of the limits."""
    low, high = np.asarray(spec.lower) + 0.3, np.asarray(spec.upper) - 0.3
    goal = np.clip(np.asarray(spec.home) + rng.uniform(-0.5, 0.5, 7), low, high)
    delta = goal - np.asarray(q)
    seconds = max(
        float(np.max(1.875 * np.abs(delta) / (share * np.asarray(spec.max_velocity)))),
        float(np.max(np.sqrt(5.8 * np.abs(delta) / (share * np.asarray(spec.max_acceleration))))),
    )
    s = np.linspace(0, 1, max(5, int(seconds * 30)))[:, None]
    return Trajectory(
        spec.joint_names,
        s[:, 0] * seconds,
        np.asarray(q) + (10 * s**3 - 15 * s**4 + 6 * s**5) * delta,
        (30 * s**2 - 60 * s**3 + 30 * s**4) * delta / seconds,
    )


@pytest.mark.peer
@pytest.mark.slow
def test_the_contract_holds(server):
    results = check_driver(Cut, CONSENT, {"host": server.address})
    assert all(r.ok for r in results), [r for r in results if not r.ok]
    skipped = {r.name for r in results if r.verdict is Verdict.SKIP}
    assert skipped <= {"protective stop is kept", "emergency stop is kept"}, skipped


@pytest.mark.peer
@pytest.mark.slow
def test_random_motions_keep_the_limits_that_the_server_enforces(arm):
    rng = np.random.default_rng(7)
    for _ in range(4):
        path = somewhere(arm.describe(), arm.read_state().q, rng)
        motion = arm.follow(path)
        ended(arm, motion)
        assert motion.result().ok, motion.result()
        arm.wait(10)
        assert np.max(np.abs(np.asarray(arm.read_state().q) - path.positions[-1])) < 0.003


@pytest.mark.peer
@pytest.mark.slow
def test_stops_at_random_moments_are_no_reflex(arm):
    rng = np.random.default_rng(8)
    for _ in range(5):
        path = somewhere(arm.describe(), arm.read_state().q, rng)
        motion = arm.follow(path)
        arm.wait(int(rng.uniform(0.1, 0.9) * path.duration * 60))
        arm.stop()
        arm.wait(180)
        state = arm.read_state()
        assert state.mode is Mode.STOPPED
        assert np.max(np.abs(state.dq)) < 0.02
        assert motion.result().code is MotionCode.CANCELLED
        arm.recover()


@pytest.mark.peer
@pytest.mark.slow
def test_a_reflex_is_a_protective_stop_and_recovers(arm):
    state = arm.read_state()
    spec = arm.describe()
    goal = np.asarray(state.q) - np.eye(7)[6]
    jerk = Trajectory(spec.joint_names, np.array([0.0, 0.05]), np.vstack([state.q, goal]), np.zeros((2, 7)))
    with pytest.raises(DriverError, match="velocity limit"):
        arm.follow(jerk)  # the guard would not let it through
    motion = arm.driver.follow(jerk)
    ended(arm.driver, motion)
    assert motion.result().code is MotionCode.PROTECTIVE_STOP
    assert "joint_motion_generator" in motion.result().detail
    assert arm.read_state().mode is Mode.PROTECTIVE
    with pytest.raises(DriverError, match="protective"):
        arm.follow(nudge(spec, arm.read_state()))
    arm.recover()
    path = nudge(spec, arm.read_state())
    motion = arm.follow(path)
    ended(arm, motion)
    assert motion.result().ok


@pytest.mark.peer
@pytest.mark.slow
def test_a_thing_between_the_fingers_is_held_and_let_go():
    need_peer()
    with franka_peer("--object-width", "0.04") as server:
        hand = Guard(Patient(FrankaConfig(server.address)), limits=GuardLimits(stale_ticks=90), consent=CONSENT)
        hand.connect()
        try:
            assert hand.gripper(0.08, 0.1, 20.0).reached
            closed = hand.gripper(0.0, 0.1, 20.0)
            assert closed.stalled
            assert closed.width == pytest.approx(0.04, abs=0.003)
            assert hand.read_state().holding is True
            hand.stop()  # stopping the arm does not drop the thing
            hand.recover()
            assert hand.read_state().holding is True
            assert hand.gripper(0.08, 0.1, 20.0).reached
            assert hand.read_state().holding is False
        finally:
            hand.close()


@pytest.mark.peer
@pytest.mark.slow
def test_stop_reaches_a_moving_hand(arm):
    arm.gripper(0.08, 0.1, 20.0)
    got = []
    thread = threading.Thread(target=lambda: got.append(arm.driver.gripper(0.0, 0.02, 20.0)))
    thread.start()
    time.sleep(0.15)
    began = time.monotonic()
    arm.stop()
    assert time.monotonic() - began < 0.1
    thread.join(3.0)
    assert not thread.is_alive()
    assert arm.read_state().mode is Mode.STOPPED
    arm.recover()


@pytest.mark.peer
@pytest.mark.slow
def test_a_killed_server_is_reported_and_nothing_goes_on():
    need_peer()
    with franka_peer() as server:
        driver = FrankaDriver(FrankaConfig(server.address))
        driver.connect()
        pilots = [driver._arm, driver._hand]
        motion = driver.follow(nudge(driver.describe(), driver.read_state(), share=0.02))
        driver.wait(10)
        server.kill()
        began = time.monotonic()
        with pytest.raises(LinkLost):
            driver.wait(600)
        assert time.monotonic() - began < 0.5
        assert motion.result().code is MotionCode.LOST_LINK
        time.sleep(max(0.0, began + 0.5 - time.monotonic()))
        assert not any(p.alive() for p in pilots)  # who could send is gone
        driver.stop()
        driver.close()


def test_addresses_are_loopback():
    assert own_address().startswith("127.")
