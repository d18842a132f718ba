"""Grounding decides: act on what can be done, find another way, or refuse with the reason."""

from __future__ import annotations

from planner.ground.grounder import DefaultGrounder, GroundConfig, worn_out
from planner.plan import Act, Past, Refuse
from planner.propose.scripted import say
from propose_scene import body_with, request_for
from skills.failure import Failure, FailureKind
from skills.symbols import parse_literal

NAMES = ("red block", "green block", "blue bowl")
STEPS = ("pick(red block)", "place_in(red block, blue bowl)")
GOAL = ("in(red block, blue bowl)",)


def ground(steps, goal, names=NAMES, config=None, past=()):
    body = body_with(names)
    request = request_for("put the red block in the blue bowl", body=body, past=past)
    grounder = DefaultGrounder(config)
    return grounder.ground(request, [say(request, steps, goal)], body)


def failed(step: int) -> Past:
    unmet = (parse_literal("holding(red block)"),)
    return Past(STEPS, step, Failure(FailureKind.EFFECT, "not so", step=step, unmet=unmet))


def test_a_plan_that_works_is_carried_out_as_it_was_said():
    decision = ground(STEPS, GOAL).decision
    assert isinstance(decision, Act)
    assert not decision.plan.repaired
    assert [str(s.skill) for s in decision.plan.steps] == list(STEPS)
    assert all(0 < s.affordance.value <= 1 for s in decision.plan.steps)


def test_missing_steps_are_found_by_search_and_marked():
    decision = ground(STEPS[1:], GOAL).decision
    assert isinstance(decision, Act)
    assert decision.plan.repaired
    assert [str(s.skill) for s in decision.plan.steps] == list(STEPS)


def test_without_repair_the_broken_step_is_the_reason():
    decision = ground(STEPS[1:], GOAL, config=GroundConfig(repair=False)).decision
    assert isinstance(decision, Refuse)
    assert decision.failure.kind is FailureKind.PRECONDITION
    assert [str(x) for x in decision.failure.unmet] == ["holding(red block)"]


def test_a_step_that_failed_again_and_again_is_not_tried_once_more():
    """With stuck fingers the same plan was once carried out until every attempt was spent."""
    assert worn_out([failed(0)] * 3, 3) == {"pick(red block)"}
    assert worn_out([failed(0), failed(1), failed(0)], 3) == frozenset()
    decision = ground(STEPS, GOAL, past=(failed(0),) * 3).decision
    assert isinstance(decision, Refuse)
    assert "pick(red block)" in decision.failure.detail
    assert isinstance(ground(STEPS, GOAL, past=(failed(0),) * 2).decision, Act)
