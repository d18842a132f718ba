from __future__ import annotations

import json

import numpy as np
import pytest

from skills.command_log import CommandLog, LogError, read_log
from skills.contract_bench import nudge
from skills.driver import DriverError
from skills.drivers.fake import FakeDriver
from skills.drivers.fake_kinematics import FAKE_SPEC
from skills.guard import Guard


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "commands.jsonl"
    guard = Guard(FakeDriver(), journal=CommandLog(path, FAKE_SPEC))
    guard.connect()
    guard.path = nudge(FAKE_SPEC, guard.read_state())
    motion = guard.follow(guard.path)
    while not motion.done():
        guard.wait(1)
    guard.gripper(0.0, 0.1, 5.0)
    with pytest.raises(DriverError):
        guard.gripper(float("nan"), 0.1, 5.0)
    guard.stop()
    return path, guard


def test_every_command_is_read_back_as_it_was_sent(log):
    path, guard = log
    file = read_log(path)
    assert (file.robot, file.joint_names, file.rate) == ("fake gantry", FAKE_SPEC.joint_names, 60.0)
    assert [c.kind for c in file.commands] == ["connect", "follow", "end", "gripper", "gripped", "gripper", "stop"]
    follow, end, grip = file.commands[1:4]
    assert np.array_equal(follow.trajectory.positions, guard.path.positions)
    assert follow.q == FAKE_SPEC.home
    assert end.q == pytest.approx(guard.path.positions[-1])
    assert grip.numbers == (0.0, 0.1, 5.0)
    assert "not finite" in file.commands[5].refused


def test_a_log_that_was_cut_off_loses_its_last_line_only(log):
    path, _ = log
    text = path.read_text(encoding="utf-8")
    path.write_text(text[:-20], encoding="utf-8")
    assert len(read_log(path).commands) == 6


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no log of commands"),
        ('{"format": "other"}\n', "is no log of commands"),
        ('{"format": "groundplan-commands-1"}\n', "lacks"),
        ("x\ny\n", ":1: not JSON"),
        ("[]\n", ":1: not an object"),
    ],
)
def test_what_is_no_log_is_named(tmp_path, text, says):
    path = tmp_path / "c.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LogError, match=r"c\.jsonl") as caught:
        read_log(path)
    assert says in str(caught.value)
    with pytest.raises(LogError, match="cannot be read"):
        read_log(tmp_path / "none.jsonl")


def test_lines_hold_plain_data(log):
    for line in log[0].read_text(encoding="utf-8").splitlines():
        assert isinstance(json.loads(line), dict)
