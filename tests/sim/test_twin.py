"""The twin is another process: slow to start, so that these tests share few of them. Timeouts are wide, for machines
that are busy with other things; what is measured against the clock is measured by `tests/peers`."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from sim.twin import TwinConfig, TwinDriver
from sim.twin_faults import Happening, LinkFaults, TwinEvent
from sim.twin_process import TwinProcess
from skills.contract import CHECKS, iterate_checks
from skills.contract_bench import Verdict, nudge
from skills.driver import DriverError, LinkLost, MotionCode
from skills.guard import Guard
from skills.types import Mode

pytestmark = pytest.mark.peer
CALM = {"timeout": 3.0}  # a machine that runs other things may not schedule the twin for a while


@pytest.fixture(scope="module")
def robot():
    with_process = TwinDriver(TwinConfig(timeout=5.0, pace=5.0))
    with_process.connect()
    yield with_process
    with_process.close()


@pytest.fixture
def ready(robot):
    robot.connect()
    if robot.read_state().mode is not Mode.IDLE:
        robot.enter(Mode.IDLE)
        robot.recover()
    return robot


@pytest.mark.slow
@pytest.mark.parametrize(
    "faults",
    [{}, {"latency": 0.03, "jitter": 0.03, "drop": 0.1, "noise": 3e-4, "width_noise": 3e-4, "clock_rate": 1.2}],
    ids=["clean", "bad link"],
)
def test_the_contract_is_kept(faults):
    bad = [r for r in iterate_checks(TwinDriver, None, {**CALM, "faults": faults}) if r.verdict is not Verdict.PASS]
    assert [r.name for r in bad] == ["lost link is reported"], bad  # with the wide timeout that is too late, as it says
    assert "0.5 are allowed" in bad[0].detail
    assert len(CHECKS) == 20


def test_a_motion_and_a_grasp_over_the_socket(ready):
    guard = Guard(ready)
    path = nudge(ready.describe(), ready.read_state())
    motion = guard.follow(path)
    while not motion.done():
        guard.wait(1)
    assert motion.result().ok
    assert np.abs(np.asarray(ready.read_state().q) - path.positions[-1]).max() < 0.01
    closed = guard.gripper(0.0, 0.1, 10.0)
    assert closed.reached
    assert not closed.stalled
    assert guard.gripper(0.08, 0.1, 10.0).reached


def test_what_the_twin_refuses_is_a_driver_error_and_moves_nothing(ready):
    path = nudge(ready.describe(), ready.read_state())
    before = ready.read_state().q
    for broken in (
        type(path)(path.joint_names, path.times, path.positions + 1.0, path.velocities),
        type(path)(path.joint_names, path.times, path.positions * np.nan, path.velocities),
        type(path)(tuple("abcdefg"), path.times, path.positions, path.velocities),
    ):
        with pytest.raises(DriverError):
            ready.follow(broken)
    with pytest.raises(DriverError):
        ready.gripper(float("nan"), 0.1, 10.0)
    with pytest.raises(DriverError, match="knows no 'dance'"):
        ready.ask("dance")
    assert ready.read_state().q == pytest.approx(before, abs=1e-6)
    assert not ready._link._open  # nothing of that is repeated
    assert any(t.name == "twin_beat" for t in threading.enumerate())


def test_only_who_knows_the_token_is_heard_and_only_on_the_loopback(ready):
    process = ready._process
    link, ready._link = ready._link, None
    link.close()
    time.sleep(0.3)
    with pytest.raises(DriverError, match="not the token"):
        TwinDriver(TwinConfig(port=process.port, token="guess")).connect()
    for other in {a[4][0] for a in socket.getaddrinfo(socket.gethostname(), None)} - {"127.0.0.1", "::1"}:
        with pytest.raises(OSError), socket.create_connection((other, process.port), 0.5):
            pass
    again = TwinDriver(TwinConfig(port=process.port, token=process.token, timeout=5.0))
    again.connect()
    assert again.read_state().mode is Mode.IDLE
    again.close()
    assert process.alive  # it is not the second one's
    ready.connect()


def test_the_arm_stops_when_its_driver_falls_silent(ready):
    motion = ready.follow(nudge(ready.describe(), ready.read_state(), share=0.01))
    ready.wait(3)
    ready._link.close()  # no word of goodbye
    ready._link = None
    time.sleep(0.5)
    ready.connect()
    first = ready.read_state().q
    ready.wait(20)
    assert ready.read_state().q == pytest.approx(first, abs=2e-3)
    assert motion.result().code is MotionCode.LOST_LINK


@pytest.mark.slow
def test_a_twin_that_dies_is_reported_and_nothing_more_is_sent():
    driver = TwinDriver(TwinConfig(timeout=5.0))
    driver.connect()
    motion = driver.follow(nudge(driver.describe(), driver.read_state(), share=0.02))
    driver.wait(2)
    driver.kill()
    began = time.perf_counter()
    with pytest.raises(LinkLost):
        driver.wait(600)
    assert time.perf_counter() - began < 2.0  # a closed connection is noticed at once, without the timeout
    assert motion.result().code is MotionCode.LOST_LINK
    sent = driver.commands
    for action in (lambda: driver.gripper(0.0, 0.1, 10.0), driver.recover, driver.read_state):
        with pytest.raises(DriverError):
            action()
    driver.stop()
    assert driver.commands == sent
    driver.close()
    driver.close()


@pytest.mark.parametrize(
    ("kind", "finds"),
    [
        (TwinEvent.FREEZE, "no new reading"),
        (TwinEvent.SILENT, "no new reading"),
        (TwinEvent.CUT, "lost"),
    ],
)
@pytest.mark.slow
def test_a_link_that_fails_in_any_way_is_noticed(kind, finds):
    driver = TwinDriver(TwinConfig(timeout=1.0, faults=LinkFaults(events=(Happening(kind, 90),))))
    driver.connect()
    try:
        with pytest.raises(LinkLost, match=finds):
            driver.wait(3000)
    finally:
        driver.close()


@pytest.mark.slow
def test_events_of_the_robot_itself_reach_the_driver():
    events = (
        Happening(TwinEvent.PROTECTIVE, 60),
        Happening(TwinEvent.EMERGENCY, 200, 60),
        Happening(TwinEvent.LIAR, 400),
    )
    driver = TwinDriver(TwinConfig(timeout=5.0, pace=2.0, faults=LinkFaults(events=events)))
    driver.connect()
    try:
        motion = driver.follow(nudge(driver.describe(), driver.read_state(), share=0.02))
        driver.wait(90 - driver.read_state().tick)
        assert motion.result().code is MotionCode.PROTECTIVE_STOP
        assert driver.read_state().mode is Mode.PROTECTIVE
        driver.recover()
        driver.wait(max(1, 215 - driver.read_state().tick))
        assert driver.read_state().mode is Mode.EMERGENCY
        with pytest.raises(DriverError, match="a person must release"):
            driver.recover()
        driver.wait(max(1, 270 - driver.read_state().tick))
        driver.recover()
        driver.wait(max(1, 410 - driver.read_state().tick))
        assert driver.gripper(0.0, 0.1, 10.0).stalled  # it lies
        assert driver.read_state().holding is True
    finally:
        driver.close()


@pytest.mark.slow
def test_a_twin_that_cannot_be_set_up_says_why():
    with pytest.raises(DriverError, match=r"cannot be set up: twin: faults: drop: a share"):
        TwinProcess({"faults": {"drop": 2.0}})
    with pytest.raises(DriverError, match=r"127\.0\.0\.9"):
        TwinDriver(TwinConfig(host="127.0.0.9")).connect()
    with pytest.raises(DriverError, match="does not answer"):
        TwinDriver(TwinConfig(port=1, token="x")).connect()


@pytest.mark.slow
def test_the_process_ends_with_whoever_started_it():
    code = "import sys, time; from sim.twin_process import TwinProcess; print(TwinProcess({}).pid, flush=True)"
    started = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    pid = int(json.loads(started.stdout))
    for _ in range(100):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return
        except FileNotFoundError:
            return
        time.sleep(0.1)
    pytest.fail("the twin outlives its starter")


def test_what_has_not_arrived_before_a_stop_is_not_sent_after_it(ready):
    link = ready._link
    sent = []
    send, link._wire.send = link._wire.send, lambda message: sent.append(message)  # the link swallows everything
    try:
        path = nudge(ready.describe(), ready.read_state())
        motion = link.motion()
        link.tell("follow", names=list(path.joint_names), times=path.times.tolist(), base=False,
                  positions=path.positions.tolist(), velocities=path.velocities.tolist())  # fmt: skip
        time.sleep(0.3)
        assert sum(m["do"] == "follow" for m in sent) >= 2  # repeated while unanswered
        ready.stop()
        sent.clear()
        time.sleep(0.3)
        assert not [m for m in sent if m["do"] == "follow"]
        assert [m for m in sent if m["do"] == "stop"]
    finally:
        link._wire.send = send
    ready.wait(5)
    assert ready.read_state().mode is Mode.STOPPED
    assert not motion.done() or not motion.result().ok
