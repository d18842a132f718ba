"""The trials of the twin, a few of each; `make test-drivers` runs all of them."""

from __future__ import annotations

import json

import pytest

from planner.twin_trials import _good, kill_trials, main, task_trials
from sim.twin import TwinDriver

pytestmark = [pytest.mark.peer, pytest.mark.slow]


def test_links_that_die_are_reported_and_nothing_is_sent_after():
    found = kill_trials(4, 7, 0.4, print)
    assert found["reported_within_0.5_s"]["k"] >= 3, found  # a busy machine may be late once
    assert found["sent_afterwards"] == 0
    assert found["ended_cleanly"]["k"] == 4


def test_a_task_over_a_bad_link_ends_as_the_judge_says():
    found = task_trials(2, 41_500, 5.0, print)
    assert found["execution_success"]["k"] >= 1, found
    assert found["false_success"]["k"] == 0
    assert 0.05 < found["fastest_joint_share_of_limit"] <= 1.0
    assert found["farthest_beyond_limit_rad"] == 0.0


def test_a_driver_that_goes_on_after_the_link_is_lost_is_found_out(monkeypatch):
    """The trial can fail: a driver that sends although nobody answers is counted."""
    monkeypatch.setattr(TwinDriver, "stop", lambda self: setattr(self._link, "commands", self._link.commands + 1))
    found = kill_trials(1, 7, 0.4, print)
    assert found["sent_afterwards"] > 0
    assert not _good({"kills": found})


def test_the_command_writes_its_numbers(tmp_path, capsys):
    assert main(["--tasks", "0", "--kills", "0", "--out", str(tmp_path / "t.json")]) == 0
    assert json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))["cpus"] >= 1
