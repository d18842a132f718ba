"""The lerobot driver: with lerobot's own SO-101 driver on a bus of servos of ours (``make peers``), and in memory."""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from typing import ClassVar

import numpy as np
import pytest

from skills.contract import Verdict, check_driver
from skills.contract_bench import nudge
from skills.driver import DriverError, LinkLost, MotionCode
from skills.driver_config import ConfigError, make_driver
from skills.drivers.lerobot import LeRobotDriver
from skills.guard import Guard, GuardLimits
from tests.peers.servo_peer import CALIBRATION
from tests.peers.start import servo_peer

CONSENT = "move lerobot arm"
JOINTS = ["shoulder_pan", "shoulder_lift", "elbow_flex", "wrist_flex", "wrist_roll"]
ARM = {
    "joint_names": JOINTS, "lower": [-1.8, -1.7, -1.7, -1.7, -2.8], "upper": [1.8, 1.7, 1.7, 1.7, 2.8],
    "max_velocity": [2.0] * 5, "max_acceleration": [8.0] * 5, "home": [0.0] * 5, "gripper_range": [0.0, 0.09],
    "gripper_speed": 0.1,
}  # fmt: skip
SELF = {"arm": ARM, "keys": [f"{j}.pos" for j in JOINTS], "gripper_key": "gripper.pos"}


class Memory:
    """A Robot by lerobot's contract: degrees, a gripper from 0 to 100, one set-point per call."""

    made: ClassVar[list] = []

    def __init__(self, calibrated: bool = True):
        self.action_features = {**{f"{j}.pos": float for j in JOINTS}, "gripper.pos": float}
        self.is_calibrated, self.is_connected, self.sent = calibrated, False, []
        self._at = dict.fromkeys(self.action_features, 0.0) | {"gripper.pos": 100.0}
        self._goal, self._last = dict(self._at), time.monotonic()
        Memory.made.append(self)

    def connect(self, calibrate=True):
        assert not calibrate
        self.is_connected = True

    def get_observation(self):
        if not self.is_connected:
            raise ConnectionError("no answer on the bus")
        now = time.monotonic()
        share = 1 - np.exp(-(now - self._last) / 0.02)
        self._last = now
        self._at = {k: v + (self._goal[k] - v) * share for k, v in self._at.items()}
        return dict(self._at)

    def send_action(self, action):
        self.get_observation()
        self._goal |= action
        self.sent.append(dict(action))
        return action

    def disconnect(self):
        self.is_connected = False


@pytest.fixture
def options(monkeypatch):
    Memory.made.clear()
    monkeypatch.setitem(sys.modules, "memory_robot", sys.modules.get(__name__) or sys)
    monkeypatch.setattr(sys.modules["memory_robot"], "Memory", Memory, raising=False)
    return {**SELF, "robot": "memory_robot:Memory"}


def test_the_configuration_is_strict():
    with pytest.raises(ConfigError, match="keys: 1 values for 5 joints"):
        make_driver(LeRobotDriver, {**SELF, "robot": "x", "keys": ["a.pos"]})
    with pytest.raises(ConfigError, match="must differ"):
        make_driver(LeRobotDriver, {**SELF, "robot": "x", "gripper_open": 0})


def test_a_missing_kit_is_named(monkeypatch):
    for name in ("lerobot", "lerobot.robots"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(DriverError, match=r"groundplan\[lerobot\]"):
        make_driver(LeRobotDriver, {**SELF, "robot": "so101_follower"}).connect()


def test_other_keys_and_a_lack_of_calibration_are_named(options):
    with pytest.raises(DriverError, match=r"no action wrist.pos; it has: shoulder_pan.pos"):
        make_driver(LeRobotDriver, {**options, "keys": [*SELF["keys"][:4], "wrist.pos"]}).connect()
    with pytest.raises(DriverError, match="not calibrated"):
        make_driver(LeRobotDriver, {**options, "settings": {"calibrated": False}}).connect()


@pytest.mark.slow
def test_the_contract_holds_in_memory(options):
    results = check_driver(LeRobotDriver, CONSENT, options)
    assert all(r.ok for r in results), [r for r in results if not r.ok]
    assert sum(r.verdict is Verdict.PASS for r in results) >= 15


def test_a_thing_is_held_as_soon_as_the_gripper_says_so(options):
    driver = make_driver(LeRobotDriver, options)
    driver.connect()
    robot = Memory.made[-1]
    send = robot.send_action
    robot.send_action = lambda a: send({k: max(v, 40.0) if k == "gripper.pos" else v for k, v in a.items()})
    assert driver.gripper(0.0, 0.2, 5.0).stalled
    assert driver.read_state().holding is True
    robot.send_action = send
    assert driver.gripper(0.0, 0.2, 5.0).reached
    assert driver.read_state().holding is False
    driver.close()


def test_set_points_are_fine_and_a_lost_bus_ends_them(options):
    driver = make_driver(LeRobotDriver, options)
    driver.connect()
    robot = Memory.made[-1]
    driver.wait(3)
    assert robot.sent == []  # connecting sends nothing
    motion = driver.follow(nudge(driver.describe(), driver.read_state(), share=0.3, size=0.3))
    while not motion.done():
        driver.wait(1)
    assert motion.result().ok, motion.result()
    steps = np.abs(np.diff([a["wrist_roll.pos"] for a in robot.sent]))
    assert np.radians(steps.max()) < 2.0 * 2 / 50  # never more than two periods at the fastest
    motion = driver.follow(nudge(driver.describe(), driver.read_state(), share=0.05))
    robot.is_connected = False
    began = time.monotonic()
    with pytest.raises(LinkLost, match=r"no answer on the bus|silent"):
        driver.wait(600)
    assert time.monotonic() - began < 0.5
    assert motion.result().code is MotionCode.LOST_LINK
    sent = len(robot.sent)
    time.sleep(0.1)
    assert len(robot.sent) == sent
    driver.close()


@pytest.fixture
def so101(tmp_path):
    """Options for lerobot's own driver on the bus of servos, with the calibration that the servos hold."""
    if importlib.util.find_spec("lerobot") is None or importlib.util.find_spec("scservo_sdk") is None:
        pytest.skip("lerobot is not in this environment: run with that of make peers")
    rows = {
        n: {"id": i, "drive_mode": 0, "homing_offset": 0, "range_min": low, "range_max": high}
        for n, (i, low, high) in CALIBRATION.items()
    }
    (tmp_path / "bench.json").write_text(json.dumps(rows))

    def at(port: str) -> dict:
        settings = {"port": port, "id": "bench", "calibration_dir": tmp_path}
        return {**SELF, "robot": "so101_follower", "settings": settings}

    return at


class Stubborn(LeRobotDriver):
    """lerobot gives a servo 50 ms to answer its first call; a busy machine needs another try."""

    def connect(self) -> None:
        for _ in range(9):
            try:
                super().connect()
                return
            except DriverError as error:
                if "motor check" not in str(error) and "ConnectionError" not in str(error):
                    raise
        super().connect()


@pytest.mark.slow
@pytest.mark.peer
def test_lerobots_own_driver_keeps_the_contract(so101):
    with servo_peer() as bus:
        results = check_driver(Stubborn, CONSENT, so101(bus.address))
    assert all(r.ok for r in results), [r for r in results if not r.ok]


@pytest.mark.slow
@pytest.mark.peer
def test_lerobots_own_driver_grasps_and_loses_its_cable(so101):
    with servo_peer() as bus:
        driver = make_driver(Stubborn, so101(bus.address))
        driver.silence = 1.0
        driver.connect()
        arm = Guard(driver, limits=GuardLimits(stale_ticks=60), consent=CONSENT)
        bus.tell("thing 40")
        got = arm.gripper(0.0, 0.1, 5.0)
        assert got.stalled
        assert got.width == pytest.approx(0.036, abs=0.004)
        assert arm.read_state().holding is True
        assert arm.gripper(0.09, 0.1, 5.0).reached
        assert arm.read_state().holding is False
        motion = arm.follow(nudge(arm.describe(), arm.read_state(), share=0.05))
        arm.wait(5)
        bus.tell("mute")
        began = time.monotonic()
        with pytest.raises(DriverError):
            arm.wait(300)
        assert time.monotonic() - began < 2.0
        assert motion.result().code is MotionCode.LOST_LINK
        driver.close()
