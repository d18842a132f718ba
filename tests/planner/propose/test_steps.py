"""Steps under the grammar: forced ones cost nothing, the others are the model's choice."""

from __future__ import annotations

from planner.lm.api import ScriptedLM
from planner.propose.steps import relevant, say_steps
from propose_scene import moved, request_for, stacked
from skills.symbols import parse_literal

NAMES = ("red block", "green block", "blue block", "blue bowl", "red bowl")


def steps(request, goal, lm, asked=True):
    literals = tuple(parse_literal(x) for x in goal)
    ((said, scores),) = say_steps(lm, request, [("x", literals)], 2, [asked])
    return [str(s) for s in said], scores


def silent():
    return ScriptedLM(lambda prefix, option: -1.0)


def test_a_single_thing_needs_no_model():
    lm = silent()
    assert steps(request_for("x", NAMES), ["in(red block, blue bowl)"], lm) == (
        ["pick(red block)", "place_in(red block, blue bowl)"],
        (0.0, 0.0),
    )
    assert lm.usage.calls == 0


def test_the_model_chooses_the_order_of_two():
    lm = ScriptedLM(lambda prefix, option: 0.0 if "green" in option else -5.0)
    said, _ = steps(request_for("x", NAMES), ["in(red block, blue bowl)", "in(green block, red bowl)"], lm)
    assert said[:2] == ["pick(green block)", "place_in(green block, red bowl)"]
    assert len(said) == 4


def test_the_model_may_stop_early():
    lm = ScriptedLM(lambda prefix, option: 0.0 if "done" in option else -5.0)
    assert steps(request_for("x", NAMES), ["in(red block, blue bowl)", "in(green block, red bowl)"], lm) == ([], ())


def test_a_goal_that_the_model_is_not_asked_about_gets_the_forced_steps_only():
    lm = silent()
    two = ["in(red block, blue bowl)", "in(green block, red bowl)"]
    assert steps(request_for("x", NAMES), two, lm, asked=False) == ([], ())
    assert steps(request_for("x", NAMES), two[:1], lm, asked=False)[0]
    assert lm.usage.calls == 0


def test_only_what_the_goal_needs_is_relevant():
    request = stacked(request_for("x", NAMES), moved(("green block", "on", "red block")))
    ops = [g.operator for g in request.library.ground(request.state)]
    useful = {str(o) for o in relevant(ops, request.state, [parse_literal("in(red block, blue bowl)")])}
    assert {"pick(green block)", "pick(red block)", "place_in(red block, blue bowl)"} <= useful
    assert not {"pick(blue block)", "go_home()", "place_in(green block, blue bowl)"} & useful
