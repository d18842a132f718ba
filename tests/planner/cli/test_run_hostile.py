"""``groundplan run --driver module:Class`` with drivers that break their promises: one clear line, no hang, and nothing
moves unless it was moving well before."""

from __future__ import annotations

import functools
import json
import time

import pytest

from planner.cli import exits
from skills.patience import PatientDriver, Times
from tests.planner import hostile

THINGS = ("put the red block in the blue bowl", "--objects", "red block, blue bowl")
QUICK = Times(quick=0.4, link=0.6, fingers=0.8, recover=0.6, stop=0.3)


@pytest.fixture
def run(say, mind, monkeypatch, tmp_path):
    """Runs a task on one of the hostile drivers; (exit code, what was said)."""
    (tmp_path / "table.yaml").write_text(
        "objects: [{name: red block, at: [0.45, -0.1]}, {name: blue bowl, at: [0.5, 0.15]}]\n", encoding="utf-8"
    )
    monkeypatch.setattr("planner.laboratory.PatientDriver", functools.partial(PatientDriver, times=QUICK))
    hostile.PaperArm.moves.clear()

    def go(kind: str, *more: str):
        began = time.monotonic()
        words = ("--driver", f"tests.planner.hostile:{kind}", "--set", "robot.objects=table.yaml", "--no-video")
        done = say("run", *THINGS, *words, "--set", "budget.attempts=2", "--json", *more)
        assert time.monotonic() - began < 20
        assert "Traceback" not in done.err
        if not done.out:
            return done.code, done.err.splitlines()[-1]
        answer = json.loads(done.out)
        return done.code, f"{answer['reason']}; {answer['failure']}"

    return go


@pytest.mark.parametrize(
    ("kind", "code", "words"),
    [
        ("StateRaises", exits.DRIVER, "read_state() raised OSError: bus error"),
        ("StateHangs", exits.DRIVER, "read_state() did not come back"),
        ("TooFewJoints", exits.DRIVER, "reports 6 joint positions, it described 7 joints"),
        ("TooFewVelocities", exits.DRIVER, "reports 0 joint velocities"),
        ("NothingIsRead", exits.DRIVER, "read_state() gives None, skills.types:RobotState is due"),
        ("ModeInWords", exits.DRIVER, "the mode 'ready', which is none of idle"),
        ("WidthInMillimetres", exits.DRIVER, "a gripper width of 80 m"),
        ("Degrees", exits.DRIVER, "limits -160.0..160.0: radians and metres are wanted"),
        ("UpsideDown", exits.DRIVER, "is not below upper"),
        ("NotANumber", exits.DRIVER, "have to be finite numbers"),
        ("NoSpeed", exits.DRIVER, "acceleration limit 0.0 have to be above 0"),
        ("NoRate", exits.DRIVER, "rate 0.0 control ticks per second"),
        ("DescribeRaises", exits.DRIVER, "describe() raised ConnectionError: ask me after connect"),
        ("DescribesWords", exits.DRIVER, "describe() gives {'name': 'paper arm'}, skills.types:RobotSpec is due"),
        ("OtherOrder", exits.USAGE, "gives the joints of 'panda' in another order: panda_joint2"),
        ("OtherZero", exits.USAGE, "they have nothing in common; is its zero elsewhere"),
        ("Drives", exits.USAGE, "paper arm drives and the model 'panda' stands still"),
        ("CannotBeMade", exits.USAGE, "CannotBeMade cannot be made: "),
        ("Unfinished", exits.USAGE, "Unfinished lacks what every driver has: close(), connect()"),
        ("NoDriver", exits.USAGE, "let the class derive from skills.driver:RobotDriver"),
    ],
)
def test_nothing_moves_and_the_reason_is_said(run, kind, code, words):
    ended = run(kind)
    assert words in ended[1]
    assert ended[0] == code
    assert "follow" not in hostile.PaperArm.moves


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("StateRaisesOnTheWay", "read_state() raised ZeroDivisionError"),
        ("FollowHangs", "follow() did not come back"),
        ("WaitHangsOnTheWay", "wait() did not come back"),
        ("ClockStands", "stale state: no new reading"),
        ("StopBlocks", "read_state() raised ZeroDivisionError"),
        ("StopRaises", "read_state() raised ZeroDivisionError"),
        ("GripperSaysNothing", "gripper() gives None, skills.driver:GripperResult is due"),
        ("GripperIsNotANumber", "says its fingers are nan m apart"),
    ],
)
def test_trouble_on_the_way_ends_the_run(run, kind, words):
    code, said = run(kind)
    assert words in said
    assert code in (exits.DRIVER, exits.NOT_REACHED)  # it may have been tried again


def test_a_gripper_that_lies_is_not_believed(run):
    """It claims a grasp with its fingers closed; what would be held is 40 mm wide."""
    code, said = run("GripperLies")
    assert code == exits.NOT_REACHED
    assert said


def test_an_honest_arm_with_nothing_between_its_fingers_says_so(run):
    code, said = run("PaperArm")
    assert code == exits.NOT_REACHED
    assert "nothing" in said
    assert "gripper" in hostile.PaperArm.moves


def test_a_module_in_the_present_folder_is_found_and_a_missing_one_has_a_remedy(say, mind, tmp_path):
    (tmp_path / "my_own_arm.py").write_text("from tests.planner.hostile import PaperArm as MyArm\n", encoding="utf-8")
    found = say("run", *THINGS, "--driver", "my_own_arm:MyArm")
    assert "sees nothing: say what lies where" in found.error
    lost = say("run", *THINGS, "--driver", "my_other_arm:MyArm")
    assert "pip install -e FOLDER" in lost.error
    (tmp_path / "my_bad_arm.py").write_text("def broken(:\n", encoding="utf-8")
    assert "SyntaxError" in say("run", *THINGS, "--driver", "my_bad_arm:MyArm").error
