"""The UR driver: states by the real client against an RTDE server of ours in another process; control by a stand-in.

The real control client uploads a program that only a controller can run. The stand-in has methods of the same names
(checked against the real one) and passes set-points on to the server, so the driver's own part is exercised.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest

from skills.contract import Verdict, check_driver
from skills.contract_bench import nudge
from skills.driver import DriverError, LinkLost
from skills.driver_config import ConfigError, make_driver
from skills.drivers.ur import UrConfig, UrDriver
from skills.guard import Guard, GuardLimits
from skills.types import Mode
from tests.peers.start import rtde_peer

CONSENT = "move ur"
LONELY = "127.9.9.7"  # a loopback address where nobody listens


def test_the_configuration_is_strict():
    for change, said in (
        ({"arm": "ur7"}, "none of ur3e"),
        ({"rate": 2000}, "10 to 500"),
        ({"lookahead": 1.0}, "0.03 to 0.2"),
        ({"gian": 100}, "did you mean 'gain'"),
    ):
        with pytest.raises(ConfigError, match=said):
            make_driver(UrDriver, {"host": LONELY, **change})


def test_a_missing_kit_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "rtde_control", None)
    with pytest.raises(DriverError, match=r"groundplan\[ur\]"):
        UrDriver(UrConfig(LONELY)).connect()


class Control:
    """In place of the control client: the same calls; set-points go to the server's arm."""

    peer = None
    calls: list[str]

    def __init__(self, hostname: str, frequency: float = -1.0) -> None:
        Control.calls = []
        self.running = True

    def setWatchdog(self, min_frequency: float = 10.0) -> bool:
        self.calls.append(f"watchdog {min_frequency:g}")
        return True

    def kickWatchdog(self) -> bool:
        self.calls.append("kick")
        return True

    def isProgramRunning(self) -> bool:
        return self.running

    def reuploadScript(self) -> bool:
        self.calls.append("upload")
        self.running = True
        return True

    def servoJ(self, q, speed, acceleration, time, lookahead_time, gain) -> bool:
        self.calls.append("servoJ")
        Control.peer.tell("to " + " ".join(map(str, q)))
        return True

    def servoStop(self, a: float = 10.0) -> bool:
        self.calls.append("servoStop")
        return True

    def stopScript(self) -> None:
        self.calls.append("stopScript")

    def disconnect(self) -> None:
        self.calls.append("disconnect")


class Hand:
    """A gripper device in memory."""

    def __init__(self, host: str) -> None:
        self.at, self.goal, self.speed, self.last = 0.085, 0.085, 0.1, time.monotonic()

    def width(self) -> float:
        now = time.monotonic()
        way = np.clip(self.goal - self.at, -self.speed * (now - self.last), self.speed * (now - self.last))
        self.at, self.last = float(self.at + way), now
        return self.at

    def move(self, width: float, speed: float, force: float) -> None:
        self.width()
        self.goal, self.speed = width, speed

    def halt(self) -> None:
        self.goal = self.width()

    def close(self) -> None:
        pass


class Board:
    """In place of the dashboard client."""

    def __init__(self, host: str) -> None:
        self.host = host

    def connect(self) -> None:
        pass

    def closeSafetyPopup(self) -> None:
        pass

    def unlockProtectiveStop(self) -> None:
        Control.peer.tell("release")
        time.sleep(0.1)

    def disconnect(self) -> None:
        pass


class Bench(UrDriver):
    """Its server can be made to stop, or to fall silent."""

    def enter(self, mode: Mode) -> None:
        Control.peer.tell("release" if mode is Mode.IDLE else mode.value)
        until = time.monotonic() + 1.0
        while self._reading.mode is not mode and time.monotonic() < until:
            time.sleep(0.01)

    def sever(self) -> None:
        os.kill(Control.peer.process.pid, signal.SIGSTOP)

    def connect(self) -> None:
        os.kill(Control.peer.process.pid, signal.SIGCONT)
        super().connect()


@pytest.fixture(scope="module")
def server():
    pytest.importorskip("rtde_receive", reason="ur-rtde is not installed")
    with rtde_peer() as running:
        yield running


@pytest.fixture
def options(server, monkeypatch):
    real = sys.modules.get("rtde_control") or __import__("rtde_control")
    for name in (
        "setWatchdog",
        "kickWatchdog",
        "isProgramRunning",
        "reuploadScript",
        "servoJ",
        "servoStop",
        "stopScript",
    ):
        assert hasattr(real.RTDEControlInterface, name)  # the stand-in has no method that the real one lacks
    board = __import__("dashboard_client").DashboardClient
    assert all(hasattr(board, n) for n in ("connect", "closeSafetyPopup", "unlockProtectiveStop", "disconnect"))
    Control.peer = server
    monkeypatch.setitem(sys.modules, "rtde_control", SimpleNamespace(RTDEControlInterface=Control))
    monkeypatch.setitem(sys.modules, "dashboard_client", SimpleNamespace(DashboardClient=Board))
    return {"host": server.address, "gripper": f"{__name__}:Hand"}


@pytest.mark.peer
@pytest.mark.slow
def test_the_real_client_reads_our_server(server):
    driver = UrDriver(UrConfig(server.address, control=False))
    driver.connect()
    state = driver.read_state()
    assert state.q == pytest.approx((0.0, -1.57, 1.57, -1.57, -1.57, 0.0), abs=1e-6)
    assert state.mode is Mode.IDLE
    server.tell("protective")
    until = time.monotonic() + 2.0
    while driver.read_state().mode is not Mode.PROTECTIVE:
        assert time.monotonic() < until
    server.tell("release")
    time.sleep(0.2)
    with pytest.raises(DriverError, match="only reads"):
        driver.follow(nudge(driver.describe(), driver.read_state()))
    driver.close()


@pytest.mark.peer
@pytest.mark.slow
def test_the_contract_holds_with_a_stand_in_for_control(options, monkeypatch):
    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__) or SimpleNamespace(Hand=Hand))
    results = check_driver(Bench, CONSENT, options)
    assert all(r.verdict is Verdict.PASS for r in results), [r for r in results if r.verdict is not Verdict.PASS]


@pytest.mark.peer
@pytest.mark.slow
def test_a_motion_kicks_the_watchdog_and_leaves_servo_mode(options):
    driver = Bench(UrConfig(options["host"]))
    driver.connect()
    guard = Guard(driver, limits=GuardLimits(stale_ticks=60), consent=CONSENT)
    motion = guard.follow(nudge(guard.describe(), guard.read_state()))
    while not motion.done():
        guard.wait(1)
    assert motion.result().ok, motion.result()
    driver.wait(3)
    calls = list(Control.calls)
    assert calls[0] == "watchdog 10"
    assert calls.count("servoJ") > 20
    assert calls.count("kick") >= calls.count("servoJ")
    assert calls.count("servoStop") == 1
    driver.close()
    assert Control.calls[-2:] == ["stopScript", "disconnect"]


@pytest.mark.peer
@pytest.mark.slow
def test_a_killed_controller_is_reported_and_nothing_more_is_sent(options):
    with rtde_peer() as running:
        Control.peer = running
        driver = UrDriver(UrConfig(running.address))
        driver.connect()
        driver.follow(nudge(driver.describe(), driver.read_state(), share=0.02))
        driver.wait(10)
        driver._control.servoJ = lambda *a: Control.calls.append("servoJ") or True
        running.kill()
        began = time.monotonic()
        with pytest.raises(LinkLost):
            driver.wait(600)
        assert time.monotonic() - began < 0.5
        sent = Control.calls.count("servoJ")
        time.sleep(0.2)
        assert Control.calls.count("servoJ") == sent
        driver.close()
