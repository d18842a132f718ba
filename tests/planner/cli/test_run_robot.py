"""``groundplan run`` on robots that need care: dry runs, approval, consent, logs, the twin."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from planner.cli import exits
from skills.command_log import read_log

THINGS = ("put the red block in the blue bowl", "--objects", "red block, blue bowl")
REAL = "tests.planner.test_laboratory:OtherArm"


@pytest.fixture
def lab(tmp_path):
    table = tmp_path / "table.yaml"
    table.write_text(
        "objects: [{name: red block, at: [0.45, -0.1]}, {name: blue bowl, at: [0.5, 0.15]}]\n", encoding="utf-8"
    )
    file = tmp_path / "lab.yaml"
    file.write_text(f"robot: {{driver: '{REAL}', model: panda, objects: {table}, options: {{}}}}\n", encoding="utf-8")
    return str(file)


def test_a_dry_run_plans_tries_and_moves_nothing(say, mind, lab):
    done = say("run", *THINGS, "--config", lab, "--dry-run", "--json")
    assert done.code == exits.REACHED, done.err
    answer = json.loads(done.out)
    assert answer["plan"] == ["pick(red block)", "place_in(red block, blue bowl)"]
    assert [r["ok"] for r in answer["rehearsed"]] == [True, True]
    assert answer["robot"] == "lab arm"
    assert answer["perception"] == "typed-in perception"


def test_a_dry_run_in_the_simulator_says_so(say, mind):
    done = say("run", *THINGS, "--dry-run")
    assert done.code == exits.REACHED
    assert "dry run, nothing moved: tried in simulation: all 2 steps work" in done.out


def test_without_consent_a_real_robot_ends_the_run_as_driver_trouble(say, mind, lab):
    done = say("run", *THINGS, "--config", lab, "--json", "--out", "out")
    assert done.code == exits.DRIVER
    assert "exact words 'move lab arm'" in json.loads(done.out)["reason"]


@pytest.mark.slow
def test_with_consent_it_moves_logs_and_believes_no_empty_grasp(say, mind, lab, tmp_path):
    done = say("run", *THINGS, "--config", lab, "--yes", "--speed", "0.5", "--out", "out", "--set", "budget.attempts=1")
    assert done.code == exits.NOT_REACHED, done.out
    log = read_log(tmp_path / "out" / "commands.jsonl")
    moved = [c for c in log.commands if c.kind == "follow" and not c.refused]
    assert len(moved) >= 3
    assert log.robot == "lab arm"


def test_asking_needs_somebody_to_ask(say, mind):
    for flag in (("--step",), ("--approve", "plan")):
        done = say("run", *THINGS, *flag)
        assert done.code == exits.USAGE
        assert "ask at a terminal" in done.error


def test_a_speed_that_is_none_is_refused(say, mind):
    done = say("run", *THINGS, "--speed", "2")
    assert done.code == exits.USAGE
    assert "speed: a share" in done.error


@pytest.mark.slow
@pytest.mark.peer
def test_the_same_task_runs_on_the_twin_and_secrets_stay_out_of_the_record(say, mind, tmp_path):
    options = ["--set", "robot.options.timeout=5.0", "--set", "robot.options.pace=3.0",
               "--set", "robot.options.token=s3cret", "--set", "robot.options.faults.latency=0.03"]  # fmt: skip
    done = say("run", *THINGS, "--driver", "twin", *options, "--json", "--out", "out")
    assert done.code == exits.REACHED, done.err
    assert json.loads(done.out)["judge"]["success"] is True
    for file in (tmp_path / "out").iterdir():
        assert b"s3cret" not in file.read_bytes(), file.name
    assert any(c.kind == "gripper" for c in read_log(tmp_path / "out" / "commands.jsonl").commands)


TASK_FILE = """
suite: mine
tasks:
  - id: mine-01
    instruction: "put the red block in the blue bowl"
    family: bowls
    scene: tabletop
    start:
      objects: [{name: red block, at: null}, {name: blue bowl, at: null}, {name: coke can, at: null}]
    expect: success
    goal: {any: [["in(red block, blue bowl)"]]}
"""
CALM = ("--set", "robot.options.timeout=5.0", "--set", "robot.options.pace=3.0")


@pytest.mark.slow
@pytest.mark.peer
@pytest.mark.parametrize("driver", ["pybullet", "fake", "twin"])
def test_one_task_file_runs_unchanged_on_every_simulated_robot(say, mind, tmp_path, driver):
    (tmp_path / "mine.yaml").write_text(TASK_FILE, encoding="utf-8")
    options = CALM if driver == "twin" else ()
    done = say("run", "--task", "mine.yaml", "--goal", "task", "--seed", "4", "--driver", driver, *options, "--json",
               "--no-video")  # fmt: skip
    assert done.code == exits.REACHED, done.err
    judged = json.loads(done.out)["judge"]
    assert judged is None if driver == "fake" else judged["success"] is True


@pytest.mark.slow
@pytest.mark.peer
def test_a_twin_that_dies_in_the_middle_of_a_run_is_driver_trouble_in_one_line(say, mind, monkeypatch):
    import envs.twin

    start, timers = envs.twin.start_twin, []

    def doomed(*args):
        process, driver = start(*args)
        follow = driver.follow

        def followed(path):
            motion = follow(path)
            timers.append(threading.Timer(0.2, process.kill))
            if len(timers) == 2:  # in the second motion
                timers[1].start()
            return motion

        driver.follow = followed
        return process, driver

    monkeypatch.setattr("envs.twin.start_twin", doomed)
    done = say("run", *THINGS, "--driver", "twin", "--set", "robot.options.timeout=5.0", "--set",
               "robot.options.pace=0.3", "--json", "--out", "out")  # fmt: skip
    assert done.code == exits.DRIVER, done.err
    assert done.out, done.err
    answer = json.loads(done.out)
    assert answer["status"] == "driver trouble"
    assert "the link to the twin is lost" in answer["reason"]
    assert "Traceback" not in done.err
    kinds = [c.kind for c in read_log(Path("out") / "commands.jsonl").commands]
    assert not {"follow", "gripper", "recover"} & set(kinds[kinds.index("lost") :])
    assert not [t for t in threading.enumerate() if t.name.startswith("twin")]
