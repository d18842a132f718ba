"""What was done before answers "back", "undo", "the other one", "same with"."""

from __future__ import annotations

import pytest

from planner.ground.grounder import GroundConfig
from planner.lm.api import ScriptedLM
from planner.plan import Act, Ask, Context, Done, Move
from planner.propose.choose import open_grounder, open_proposer
from planner.propose.proposer import ProposeConfig
from planner.propose.recall import likewise
from propose_scene import body_with, moved, request_for, stacked
from skills.symbols import GroundAtom

NAMES = ("apple", "pear", "red block", "green block", "blue bowl", "red bowl")
APPLE = Done(
    "put the apple in the blue bowl",
    (Move("apple", GroundAtom("at", ("apple", "left side")), GroundAtom("in", ("apple", "blue bowl"))),),
)
BLOCK = Done(
    "the red block goes in the blue bowl",
    (Move("red block", GroundAtom("on", ("red block", "green block")), GroundAtom("in", ("red block", "blue bowl"))),),
)


def decided(text, *history, steps=()):
    body = body_with(NAMES)
    request = request_for(text, NAMES, body=body, context=Context(history=history))
    request = stacked(request, moved(*steps))
    body.kinematics.sync(request.observation)
    proposer = open_proposer(ScriptedLM(lambda p, o: 0.0), ProposeConfig(knowledge="none"), mode="words")
    return open_grounder(proposer, GroundConfig()).ground(request, proposer.propose(request, 4), body).decision


def goal(text, *history, **more):
    decision = decided(text, *history, **more)
    assert isinstance(decision, Act), decision
    return {str(x) for x in decision.plan.goal.literals() if x.positive}


BLOCK_IN = (("red block", "in", "blue bowl"),)
IN_BOWL = (("apple", "in", "blue bowl"),)


@pytest.mark.parametrize(
    "text",
    [
        "put it back",
        "now put it back, please",
        "put the apple back where it was",
        "return it",
        "undo that",
        "bring it back",
    ],
)
def test_back_is_where_it_was(text) -> None:
    assert goal(text, APPLE, steps=IN_BOWL) == {"at(apple, left side)"}


def test_back_onto_a_thing() -> None:
    assert goal("put it back", APPLE, BLOCK, steps=BLOCK_IN) == {"on(red block, green block)"}


def test_an_older_move_of_a_named_thing_is_remembered() -> None:
    steps = (*IN_BOWL, ("red block", "in", "red bowl"))
    assert goal("put the apple back", APPLE, BLOCK, steps=steps) == {"at(apple, left side)"}


@pytest.mark.parametrize(
    "text",
    [
        "same with the pear",
        "the pear too",
        "do the same with the pear",
        "put the pear there too",
        "the same with the pear for me, please",
        "I would do it, but I have no time. Likewise the pear",
    ],
)
def test_the_same_for_another_thing(text) -> None:
    assert goal(text, APPLE, steps=IN_BOWL) == {"in(pear, blue bowl)"}


@pytest.mark.parametrize("text", ["now the other one", "the other block as well", "put the other one in the blue bowl"])
def test_the_other_one_is_of_the_same_sort(text) -> None:
    assert goal(text, BLOCK, steps=BLOCK_IN) == {"in(green block, blue bowl)"}


@pytest.mark.parametrize(
    ("text", "end"), [("move it to the middle", "at(apple, middle)"), ("pick it up", "holding(apple)")]
)
def test_it_is_what_was_moved_last(text, end) -> None:
    assert goal(text, APPLE, steps=IN_BOWL) == {end}


def test_a_back_with_a_place_is_that_place() -> None:
    assert goal("put the apple back on the right side", APPLE, steps=IN_BOWL) == {"at(apple, right side)"}


@pytest.mark.parametrize("text", ["put it back", "undo that", "now the other one"])
def test_without_a_history_it_asks(text) -> None:
    assert isinstance(decided(text), Ask)


def test_what_is_said_in_full_owes_nothing_to_the_history() -> None:
    assert goal("put the pear in the red bowl", APPLE, steps=IN_BOWL) == {"in(pear, red bowl)"}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Again, but with the plum", "the same with the plum"),
        ("repeat that with the plum", "the same with the plum"),
        ("now with the plum", "the same with the plum"),
        ("do that with the plum", "the same with the plum"),
        ("play with the plum", "play with the plum"),
    ],
)
def test_once_more_with_another_thing(said, meant):
    before = (Done("put the pear in the bowl", (), "reached"),)
    assert likewise(said, before) == meant
    assert likewise(said, ()) == said
