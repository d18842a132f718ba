from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from scipy.spatial.transform import Rotation

from envs.calibration import read_calibration
from planner.cli import exits
from skills.command_log import CommandLog
from skills.contract_bench import nudge
from skills.drivers.fake import FakeDriver
from skills.drivers.fake_kinematics import FAKE_SPEC
from skills.guard import Guard
from skills.types import Pose

ROOT = Path(__file__).resolve().parents[3]
FAKE = "skills.drivers.fake:FakeDriver"
CAMERA = Pose.of((0.07, 0.0, -0.05), (0.0, 0.0, 0.7071068, 0.7071068))


def pairs(tmp_path, **more):
    rng, board, rows = np.random.default_rng(0), Pose((0.5, 0.0, 0.0)), []
    for _ in range(10):
        spin = Rotation.from_rotvec(rng.normal(0, 0.5, 3)) * Rotation.from_euler("x", np.pi)
        tool = Pose.of(rng.uniform((0.3, -0.2, 0.3), (0.6, 0.2, 0.6)), spin.as_quat())
        seen = CAMERA.inverse() @ tool.inverse() @ board
        rows.append({"tool": [*tool.position, *tool.orientation], "board": [*seen.position, *seen.orientation]})
    data = {"camera": "wrist", "mount": "tool", "pairs": rows, **more}
    path = tmp_path / "pairs.yaml"
    path.write_text(yaml.safe_dump(data), encoding="utf-8")
    return str(path)


def test_calibrate_says_how_well_it_fits_and_writes_a_file_that_is_read(say, tmp_path):
    out = tmp_path / "calibration.yaml"
    out.write_text("cameras: {front: {mount: world, position: [1, 0, 1]}}\n", encoding="utf-8")
    done = say("driver", "calibrate", pairs(tmp_path), "--out", str(out))
    assert done.code == exits.REACHED, done.err
    assert "residuals: rms 0.00 mm" in done.out
    found = read_calibration(out).cameras
    assert set(found) == {"front", "wrist"}
    assert found["wrist"].mount == "tool"
    assert found["wrist"].pose.position == pytest.approx(CAMERA.position, abs=1e-5)
    answer = json.loads(say("driver", "calibrate", pairs(tmp_path), "--json").out)
    assert answer["frame"] == "pose_tool_camera"
    assert len(answer["records"]) == 10


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"mount": "head"}, "mount: expected 'tool' or 'world'"),
        ({"pairs": []}, "record at least 4"),
        ({"pairs": [{"tool": [0, 0, 0, 0, 0, 0, 2], "board": [0, 0, 0, 0, 0, 0, 1]}]}, "not a unit quaternion"),
        ({"cam": 1}, "did you mean 'camera'"),
    ],
)
def test_pairs_that_cannot_be_used_are_named(say, tmp_path, more, says):
    done = say("driver", "calibrate", pairs(tmp_path, **more))
    assert done.code == exits.USAGE
    assert says in done.error


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "commands.jsonl"
    guard = Guard(FakeDriver(), journal=CommandLog(path, FAKE_SPEC))
    guard.connect()
    motion = guard.follow(nudge(FAKE_SPEC, guard.read_state()))
    while not motion.done():
        guard.wait(1)
    guard.gripper(0.02, 0.1, 5.0)
    guard.follow(nudge(FAKE_SPEC, guard.read_state()))
    guard.wait(10)
    guard.stop()
    guard.wait(5)
    guard.recover()
    guard.gripper(0.08, 0.1, 5.0)
    return path


def test_a_log_is_sent_again_and_ends_where_it_ended(say, log):
    done = say("driver", "replay", str(log), "--driver", FAKE, "--json")
    assert done.code == exits.REACHED, done.err
    answer = json.loads(done.out)
    assert [c["kind"] for c in answer["commands"]] == ["follow", "gripper", "follow", "stop", "recover", "gripper"]
    assert answer["farthest"] < 0.01
    assert not any(c["error"] for c in answer["commands"])


def test_a_replay_that_leaves_the_log_is_found_out(say, log):
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    for row in lines:
        if row.get("kind") == "gripper" and "state" in row:
            row["state"]["q"][0] += 0.2  # the robot stood elsewhere then
    log.write_text("".join(json.dumps(row) + "\n" for row in lines), encoding="utf-8")
    done = say("driver", "replay", str(log), "--driver", FAKE)
    assert done.code == exits.NOT_REACHED
    assert "0.2000 rad away" in done.out


def test_a_log_of_another_robot_is_refused(say, log):
    done = say("driver", "replay", str(log), "--driver", "sim.driver:PyBulletDriver")
    assert done.code == exits.USAGE
    assert "fake gantry with 4 joints, panda has 7" in done.error
    assert say("driver", "replay", "none.jsonl").code == exits.USAGE


@pytest.mark.peer
@pytest.mark.slow
def test_a_log_is_replayed_on_the_twin_from_where_it_began(say, tmp_path):
    from sim.driver import PyBulletDriver

    path = tmp_path / "commands.jsonl"
    robot = PyBulletDriver()
    guard = Guard(robot, journal=CommandLog(path, robot.describe()))
    guard.connect()
    for _ in range(3):
        motion = guard.follow(nudge(robot.describe(), guard.read_state()))
        while not motion.done():
            guard.wait(1)
    guard.close()
    done = say(
        "driver", "replay", str(path), "--driver", "sim.twin:TwinDriver", "--set", "robot.options.timeout=5", "--json"
    )
    assert done.code == exits.REACHED, done.err
    assert json.loads(done.out)["farthest"] < 0.01


@pytest.mark.peer
@pytest.mark.slow
def test_a_new_package_passes_its_own_tests_and_the_check(say, tmp_path):
    done = say("driver", "new", "Test arm", "--out", "arm")
    assert done.code == exits.REACHED, done.err
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path / "arm"), str(ROOT)])}
    run = {"capture_output": True, "text": True, "timeout": 180, "check": False, "env": env, "cwd": tmp_path / "arm"}
    tests = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], **run)
    assert tests.returncode == 0, tests.stdout
    assert "passed" in tests.stdout
    target = tmp_path / "installed"
    pip = [
        sys.executable,
        *["-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--target"],
        str(target),
        ".",
    ]
    installed = subprocess.run(pip, **run)
    assert installed.returncode == 0, installed.stderr
    env["PYTHONPATH"] = os.pathsep.join([str(target), str(ROOT)])  # by its entry point now
    check = [sys.executable, "-m", "planner.cli.main", "driver", "check", "test_arm", "--config", "lab.yaml"]
    said = subprocess.run(check, **run)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "promises kept" in said.stdout


def test_a_new_package_overwrites_nothing_and_wants_a_name(say, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_text("", encoding="utf-8")
    assert "is not empty" in say("driver", "new", "arm", "--out", "full").error
    assert "gives no package name" in say("driver", "new", "...").error
    assert "gives no package name" in say("driver", "new", "class").error
