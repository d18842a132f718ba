from __future__ import annotations

import threading
import time

import pytest

from skills.contract import Verdict, bench_for, run_check
from skills.driver import DriverError, LinkLost
from skills.patience import PatientDriver, Times, Worker
from tests.planner import hostile

QUICK = Times(quick=0.15, link=0.15, fingers=0.15, recover=0.15, stop=0.1)


def patient(kind) -> PatientDriver:
    return PatientDriver(kind(), "my:Arm", QUICK)


def test_an_honest_driver_is_passed_through():
    arm = patient(hostile.PaperArm)
    arm.connect()
    assert arm.describe() is arm.describe()
    before = arm.read_state().tick
    arm.wait(3)
    assert arm.read_state().tick == before + 3
    arm.close()
    with pytest.raises(DriverError, match="not connected"):
        arm.read_state()


def test_calls_run_in_one_thread_that_ends_with_the_link():
    seen = []

    class Noting(hostile.PaperArm):
        def wait(self, ticks=1):
            seen.append(threading.current_thread())
            super().wait(ticks)

    arm = patient(Noting)
    arm.connect()
    for _ in range(3):
        arm.wait()
    arm.close()
    assert len(set(seen)) == 1
    seen[0].join(1.0)
    assert not seen[0].is_alive()


def test_a_call_that_hangs_is_a_lost_link_and_nothing_more_is_asked():
    arm = patient(hostile.StateHangs)
    arm.connect()
    began = time.monotonic()
    with pytest.raises(LinkLost, match=r"my:Arm: read_state\(\) did not come back"):
        arm.read_state()
    for action in (arm.wait, arm.recover, lambda: arm.gripper(0.0, 0.1, 1.0)):
        with pytest.raises(LinkLost, match="read_state"):
            action()
    arm.close()
    assert time.monotonic() - began < 1.0
    assert arm.driver.mode.value == "disconnected"


def test_a_stop_that_blocks_or_fails_is_said_by_the_next_call():
    for kind, words in ((hostile.StopBlocks, "did not come back"), (hostile.StopRaises, "raised RuntimeError: no han")):
        arm = patient(kind)
        arm.connect()
        arm.stop()
        with pytest.raises(LinkLost, match=rf"stop\(\) {words}.*press the emergency stop"):
            arm.wait()


def test_connecting_again_starts_afresh():
    class HangsOnce(hostile.PaperArm):
        hung = False

        def read_state(self):
            if not HangsOnce.hung:
                HangsOnce.hung = True
                time.sleep(600)
            return super().read_state()

    arm = patient(HangsOnce)
    arm.connect()
    with pytest.raises(LinkLost):
        arm.read_state()
    arm.connect()
    assert arm.read_state().tick == 0


def test_a_check_of_a_driver_that_hangs_ends(monkeypatch):
    monkeypatch.setattr("skills.contract.LONGEST", 0.2)
    monkeypatch.setattr("skills.contract_bench.CLOSING", 0.1)
    result = run_check("state is complete", bench_for(hostile.StateHangs))
    assert result.verdict is Verdict.FAIL
    assert "did not come back" in result.detail


def test_a_worker_that_was_given_up_makes_room_for_another():
    worker = Worker("test")
    assert worker.call(lambda: time.sleep(0.3), 0.02) is None
    assert worker.call(lambda: 7, 1.0).value == 7
    worker.end()
