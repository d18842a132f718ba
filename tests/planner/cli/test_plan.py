from __future__ import annotations

import json

import pytest

from planner.cli import exits
from planner.plan import Ask, Refuse
from planner.propose.scripted import ScriptedGrounder
from skills.failure import Failure, FailureKind
from stories import GOAL, STEPS

WORDS = "put the red block in the blue bowl"


def test_a_plan_is_shown_and_nothing_is_written_or_moved(say, mind, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.driver.PyBulletDriver.follow", lambda *a: pytest.fail("something moved"))
    done = say("plan", WORDS)
    assert done.code == exits.REACHED
    assert "Decides" in done.out
    assert "2 place_in(red block, blue bowl)" in done.out
    assert "Acts" not in done.out
    assert list(tmp_path.iterdir()) == []


def test_json_holds_what_was_seen_proposed_and_decided(say, mind):
    answer = json.loads(say("plan", WORDS, "--json").out)
    assert answer["instruction"] == WORDS
    assert answer["proposals"][0]["goal"] == list(GOAL)
    assert [s["step"] for s in answer["decision"]["act"]["steps"]] == list(STEPS)
    assert "red block" in answer["seen"]["objects"]


def test_quiet_is_the_steps_alone(say, mind):
    assert say("plan", WORDS, "--quiet").out.splitlines() == list(STEPS)


def test_questions_and_refusals_are_code_three(say, mind):
    mind(grounder=ScriptedGrounder([Ask("Which one?", ("a", "b"))]))
    asked = say("plan", WORDS)
    assert asked.code == exits.ASKED_OR_REFUSED
    assert "Which one?" in asked.out
    mind(grounder=ScriptedGrounder([Refuse(Failure(FailureKind.UNREACHABLE, "too far away"))]))
    refused = say("plan", WORDS, "--quiet")
    assert refused.code == exits.ASKED_OR_REFUSED
    assert "too far away" in refused.out
