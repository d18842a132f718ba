from __future__ import annotations

import pytest

from planner import loop
from planner.approval import ApprovedPlans, ApprovedSteps, Declined, yes_at_terminal
from planner.events import Status, StepDone
from planner.parts import Parts
from planner.propose.scripted import FirstFitGrounder, ScriptedProposer
from skills.executor import execute
from skills.library import default_library
from stories import GOAL, STEPS, fake, table


def parts(body, asked, answers, **changes):
    def yes(question):
        asked.append(question)
        return answers.pop(0)

    plans = ApprovedPlans(FirstFitGrounder(), yes, lambda seen, steps: f"{len(steps)} steps tried")
    steps = ApprovedSteps(execute, yes)
    chosen = {"grounder": plans if changes.get("plans") else FirstFitGrounder()}
    chosen["execute"] = steps if changes.get("steps") else execute
    done = []
    made = Parts(body, ScriptedProposer.of(STEPS, GOAL), library=default_library(), events=done.append, **chosen)
    return made, done


def test_a_plan_that_is_not_approved_moves_nothing():
    body, asked = table(), []
    before = fake(body).read_state().q
    made, _ = parts(body, asked, [False], plans=True)
    verdict = loop.run("put it in", made)
    assert verdict.status is Status.INTERRUPTED
    assert fake(body).read_state().q == before
    assert asked == ["Plan: pick(red block); place_in(red block, blue bowl) (2 steps tried). Carry it out?"]


def test_an_approved_plan_runs():
    asked = []
    made, done = parts(table(), asked, [True], plans=True)
    assert loop.run("put it in", made).status is Status.REACHED
    assert sum(isinstance(e, StepDone) for e in done) == 2


def test_every_step_is_asked_for_and_a_no_ends_the_run():
    body, asked = table(), []
    made, done = parts(body, asked, [True, False], steps=True)
    assert loop.run("put it in", made).status is Status.INTERRUPTED
    assert asked == ["Next: pick(red block). Do it?", "Next: place_in(red block, blue bowl). Do it?"]
    assert [e.report.ok for e in done if isinstance(e, StepDone)] == [True]


@pytest.mark.parametrize(("said", "means"), [("y", True), ("Yes ", True), ("", False), ("n", False), ("yeah", False)])
def test_only_a_clear_yes_is_one(said, means):
    assert yes_at_terminal(lambda question: said)("Go?") is means


def test_the_end_of_the_input_is_a_no():
    def ended(question):
        raise EOFError

    assert yes_at_terminal(ended)("Go?") is False
    assert issubclass(Declined, KeyboardInterrupt)
