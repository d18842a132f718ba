"""Deciding: act on what was asked or say why not; never something else instead."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.ground.grounder import DefaultGrounder, GroundConfig
from planner.lm.api import ScriptedLM
from planner.plan import Act, Ask, Proposal, Refuse
from planner.propose.proposer import LMProposer
from planner.propose.scripted import say
from propose_scene import body_with, request_for
from skills.failure import FailureKind
from skills.symbols import parse_literal
from skills.types import Form, Shape

NAMES = ("red block", "green block", "ball", "blue bowl", "red bowl")


def decide(text, names=NAMES, change=None, config=None):
    body = body_with(names)
    request = request_for(text, names, body=body)
    if change is not None:
        request = change(request)
    body.kinematics.sync(request.observation)
    proposer = LMProposer(ScriptedLM(lambda prefix, option: 0.0))
    proposals = proposer.propose(request, 4)
    return DefaultGrounder(config, proposer.read).ground(request, proposals, body)


def goal(decision):
    return {str(x) for x in decision.plan.goal.literals()}


def test_acts_on_what_was_said():
    grounded = decide("put the red block in the blue bowl")
    assert goal(grounded.decision) == {"in(red block, blue bowl)"}
    assert grounded.table[0].verdict.startswith("chosen")


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("put the block in the blue bowl", "Which block"),
        ("put the red block in the bowl", "Which bowl"),
        ("move the red block to the side", "Which side"),
        ("put it in the blue bowl", "'it'"),
        ("put a few of the blocks in the blue bowl", "How many"),
        ("move the red block", "Where"),
        ("put six of the blocks in the blue bowl", "You ask for 6"),
        ("put the blocks in the blue bowl, but not too many", "How many"),
        ("put the other one in the blue bowl", "Which one"),
        ("put my favourite thing in the blue bowl", "Which favourite thing"),
        ("clean up as usual", "What should I do"),
    ],
)
def test_asks_for_what_is_open(text, asks):
    decision = decide(text).decision
    assert isinstance(decision, Ask)
    assert asks in decision.question
    assert isinstance(decide(text, config=GroundConfig(ask=False)).decision, Act | Refuse)


@pytest.mark.parametrize(
    "text",
    [
        "put any block in the blue bowl",
        "put a block in the blue bowl",
        "put each block in a bowl",
        "put the block that is green in the blue bowl",
    ],
)
def test_does_not_ask_for_what_is_told(text):
    assert isinstance(decide(text).decision, Act)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("put the kettle in the blue bowl", FailureKind.UNKNOWN_OBJECT),
        ("toast the ball", FailureKind.UNKNOWN_SKILL),
        ("put the ball under the blue bowl", FailureKind.UNKNOWN_SKILL),
    ],
)
def test_refuses_with_the_reason(text, kind):
    decision = decide(text).decision
    assert isinstance(decision, Refuse)
    assert decision.failure.kind is kind


def round_ball(request):
    """The ball as a sphere: nothing can be put on it; and the red bowl fixed to the table."""
    things = dict(request.observation.objects)
    things["ball"] = replace(things["ball"], shape=Shape(Form.SPHERE, (0.05, 0.05, 0.05)))
    things["red bowl"] = replace(things["red bowl"], movable=False)
    seen = replace(request.observation, objects=things)
    return request_for(request.instruction, body=type("Seen", (), {"observe": lambda self: seen})())


@pytest.mark.parametrize(
    "text",
    ["balance the red block on the ball", "put the ball in the green block", "put the red bowl in the blue bowl"],
)
def test_nothing_else_is_done_in_place_of_what_cannot_be_done(text):
    decision = decide(text, change=round_ball).decision
    assert isinstance(decision, Refuse)
    assert decision.failure.kind is FailureKind.WRONG_TYPE


def test_a_much_worse_goal_is_no_stand_in_for_one_that_is_infeasible():
    body = body_with(NAMES)
    request = request_for("x y", body=body)
    wide = replace(request.observation.objects["red block"], shape=Shape(Form.BOX, (0.3, 0.3, 0.3)))
    request = replace(
        request, observation=replace(request.observation, objects={**request.observation.objects, "red block": wide})
    )
    body.kinematics.sync(request.observation)
    first = replace(say(request, ["pick(red block)"], ["holding(red block)"]), goal_score=0.0)
    second = replace(say(request, ["pick(green block)"], ["holding(green block)"]), goal_score=-9.0)
    read = LMProposer(ScriptedLM(lambda p, o: 0.0)).read
    grounder = DefaultGrounder(GroundConfig(ask=False), read)
    assert isinstance(grounder.ground(request, [first, second], body).decision, Refuse)
    near = [first, replace(second, goal_score=-1.0)]
    assert goal(grounder.ground(request, near, body).decision) == {"holding(green block)"}


def test_what_cannot_win_is_not_looked_into():
    body = body_with(NAMES)
    request = request_for("put the red block in the blue bowl", body=body)
    said = LMProposer(ScriptedLM(lambda p, o: 0.0)).propose(request, 1)
    impossible = Proposal((parse_literal("on(ball, ball)"),), (), goal_score=-50.0)
    grounded = DefaultGrounder().ground(request, [*said, impossible], body)
    assert [row.verdict for row in grounded.table][1:] == ["cannot win"]
