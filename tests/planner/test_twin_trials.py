"""The trials of the twin, a few of each; `make test-drivers` runs all of them."""

from __future__ import annotations

import json

import pytest

from planner.twin_trials import Rows, _good, kill_summary, kill_trials, main, task_trials
from sim.twin import TwinDriver


def test_rows_are_tried_once_and_go_on_where_they_ended(tmp_path):
    file, tried = tmp_path / "rows.jsonl", []

    def trial(name):
        return lambda: tried.append(name) or {"seconds": 0.1}

    first = Rows(file)
    assert first.get("a", trial("a"))["seconds"] == 0.1
    again = Rows(file)
    assert again.get("a", trial("a"))["trial"] == "a"
    assert again.get("b", trial("b"))
    assert tried == ["a", "b"]
    late = Rows(file, minutes=-1)
    assert late.get("b", trial("b"))
    assert late.get("c", trial("c")) is None
    assert tried == ["a", "b"]


def test_trials_that_struck_nothing_are_counted_apart():
    row = {"how": "killed", "seconds": 0.2, "sent_afterwards": 0, "clean": True, "commit": "x"}
    found = kill_summary([row, {**row, "seconds": -1.0, "clean": False}], 7, 0.4)
    assert (found["given_up_before"], found["ended_cleanly"]["n"]) == (1, 1)


@pytest.mark.peer
@pytest.mark.slow
def test_links_that_die_are_reported_and_nothing_is_sent_after():
    found = kill_trials(4, 7, 0.4, print)
    assert found["reported_within_0.5_s"]["k"] >= 3, found  # a busy machine may be late once
    assert found["sent_afterwards"] == 0
    assert found["ended_cleanly"]["k"] == 4


@pytest.mark.peer
@pytest.mark.slow
def test_a_task_over_a_bad_link_ends_as_the_judge_says():
    found = task_trials(2, 41_500, 5.0, print)
    assert found["execution_success"]["k"] >= 1, found
    assert found["false_success"]["k"] == 0
    assert 0.05 < found["fastest_joint_share_of_limit"] <= 1.0
    assert found["farthest_beyond_limit_rad"] == 0.0


@pytest.mark.peer
@pytest.mark.slow
def test_a_driver_that_goes_on_after_the_link_is_lost_is_found_out(monkeypatch):
    """The trial can fail: a driver that sends although nobody answers is counted."""
    monkeypatch.setattr(TwinDriver, "stop", lambda self: setattr(self._link, "commands", self._link.commands + 1))
    found = kill_trials(1, 7, 0.4, print)
    assert found["sent_afterwards"] > 0
    assert not _good({"kills": found})


def test_the_command_writes_its_numbers(tmp_path, capsys):
    assert main(["--tasks", "0", "--kills", "0", "--out", str(tmp_path / "t.json")]) == 0
    assert json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))["cpus"] >= 1
