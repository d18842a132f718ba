"""The xArm driver against a stand-in with the kit's methods; their names are checked against the real kit.

No part of this has met hardware or a simulator of the maker's.
"""

from __future__ import annotations

import inspect
import sys
import time
from types import ModuleType

import numpy as np
import pytest

from skills.contract import check_driver
from skills.contract_bench import nudge
from skills.driver import DriverError, MotionCode
from skills.driver_config import ConfigError, make_driver
from skills.drivers.xarm import XArmConfig, XArmDriver
from skills.types import Mode

CONSENT = "move xarm"
USED = (
    "connect", "disconnect", "connected", "state", "mode", "error_code", "get_joint_states", "set_servo_angle_j",
    "set_mode", "set_state", "motion_enable", "clean_error", "clean_warn", "set_gripper_enable", "set_gripper_mode",
    "set_gripper_speed", "set_gripper_position", "get_gripper_position",
)  # fmt: skip


def test_every_name_that_is_used_is_in_the_kit():
    kit = pytest.importorskip("xarm.wrapper", reason="xarm-python-sdk is not installed").XArmAPI
    assert [n for n in USED if not hasattr(kit, n)] == []
    for name, arguments in (
        ("get_joint_states", ("is_radian", "num")),
        ("set_servo_angle_j", ("angles", "is_radian")),
        ("set_gripper_position", ("pos", "wait")),
        ("__init__", ("port", "is_radian", "do_not_open")),
    ):
        assert set(arguments) <= set(inspect.signature(getattr(kit, name)).parameters), name
    own = [n for n in vars(StandIn) if not n.startswith("_")]
    assert [n for n in own if n not in USED] == []


class StandIn:
    """An arm that follows its set-points with a small lag, in servo mode and without errors only."""

    def __init__(self, port, is_radian=False, do_not_open=False):
        self.port, self.connected = port, False
        self.mode, self.state, self.error_code = 0, 4, 0
        self._q = np.array([0.0, -0.4, 0.0, 0.7, 0.0, 1.1, 0.0])
        self._dq, self._goal, self._last = np.zeros(7), self._q.copy(), time.monotonic()
        self._pulses = self._pulse_goal = 850.0

    def connect(self):
        self.connected = True

    def disconnect(self):
        self.connected = False

    def _pass(self):
        now = time.monotonic()
        dt, self._last = max(now - self._last, 1e-4), now
        before = self._q
        self._q = before + (self._goal - before) * (1 - np.exp(-dt / 0.02))
        self._dq = (self._q - before) / dt
        self._pulses += float(np.clip(self._pulse_goal - self._pulses, -1500 * dt, 1500 * dt))

    def get_joint_states(self, is_radian=None, num=3):
        assert is_radian
        self._pass()
        return 0, [self._q.tolist(), self._dq.tolist()]

    def set_servo_angle_j(self, angles, speed=None, mvacc=None, mvtime=None, is_radian=None):
        assert is_radian
        assert len(angles) == 7
        if self.mode != 1 or self.state != 0 or self.error_code:
            return 9
        self._pass()
        self._goal = np.asarray(angles)
        return 0

    def motion_enable(self, enable=True):
        return 0

    def set_mode(self, mode=0):
        self.mode = mode
        return 0

    def set_state(self, state=0):
        self.state = state
        return 0

    def clean_error(self):
        self.error_code = 0

    def clean_warn(self):
        pass

    def set_gripper_enable(self, enable):
        return 0

    def set_gripper_mode(self, mode):
        return 0

    def set_gripper_speed(self, speed):
        return 0

    def set_gripper_position(self, pos, wait=False):
        self._pass()
        self._pulse_goal = pos
        return 0

    def get_gripper_position(self):
        self._pass()
        return 0, self._pulses


class Bench(XArmDriver):
    """Its stand-in can have an error."""

    def enter(self, mode: Mode) -> None:
        self._arm.error_code = {Mode.IDLE: 0, Mode.PROTECTIVE: 31, Mode.EMERGENCY: 1}[mode]
        self._arm._goal = self._arm._q
        self._arm.state = 4
        time.sleep(0.05)


@pytest.fixture
def kit(monkeypatch):
    module = ModuleType("xarm.wrapper")
    module.XArmAPI = StandIn
    monkeypatch.setitem(sys.modules, "xarm", ModuleType("xarm"))
    monkeypatch.setitem(sys.modules, "xarm.wrapper", module)


def test_the_configuration_is_strict():
    with pytest.raises(ConfigError, match="none of 5, 6, 7"):
        make_driver(XArmDriver, {"host": "x", "joints": 4})
    with pytest.raises(ConfigError, match="lower: 7 values for 6 joints"):
        make_driver(XArmDriver, {"host": "x", "joints": 6})


def test_a_missing_kit_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "xarm.wrapper", None)
    with pytest.raises(DriverError, match=r"groundplan\[xarm\]"):
        XArmDriver(XArmConfig("127.9.9.6")).connect()


@pytest.mark.slow
def test_the_contract_holds_on_a_stand_in(kit):
    results = check_driver(Bench, CONSENT, {"host": "127.0.0.1"})
    bad = [r for r in results if not r.ok and r.name != "unreachable host is said"]  # the stand-in answers everywhere
    assert bad == []


def test_servo_mode_is_entered_for_a_motion_and_not_before(kit):
    driver = XArmDriver(XArmConfig("127.0.0.1"))
    driver.connect()
    driver.wait(3)
    assert driver._arm.mode == 0
    motion = driver.follow(nudge(driver.describe(), driver.read_state(), share=0.5))
    while not motion.done():
        driver.wait(1)
    assert motion.result().ok, motion.result()
    assert driver._arm.mode == 1
    driver.close()


def test_a_controller_error_ends_the_motion(kit):
    driver = Bench(XArmConfig("127.0.0.1"))
    driver.connect()
    motion = driver.follow(nudge(driver.describe(), driver.read_state(), share=0.05))
    driver.wait(5)
    driver.enter(Mode.PROTECTIVE)
    driver.wait(5)
    assert motion.result().code is MotionCode.PROTECTIVE_STOP
    assert "31" in motion.result().detail
    driver.recover()
    driver.wait(3)
    assert driver.read_state().mode is Mode.IDLE
    driver.close()
