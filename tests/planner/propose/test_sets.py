"""Goals over groups: together, without exceptions, counted, by colour, one to each."""

from __future__ import annotations

import pytest

from planner.propose.grammar import Kind
from planner.propose.reading import read_words
from planner.propose.sets import group_options
from propose_scene import moved, request_for, stacked

NAMES = ("red block", "green block", "blue block", "blue bowl", "green bowl")


def options(text, names=NAMES):
    request = request_for(text, names)
    return request, {o.text: o for o in group_options(request.library, request.state, read_words(request))}


def literals(option):
    return {str(x) for x in option.literals}


def test_a_group_to_one_target_leaves_out_targets_of_the_same_kind():
    _, said = options("put everything in the blue bowl")
    literals = {str(x) for x in said["put everything in the blue bowl"].literals}
    assert literals == {"in(red block, blue bowl)", "in(green block, blue bowl)", "in(blue block, blue bowl)"}


def test_exceptions_and_counts_shrink_the_group():
    _, said = options("put all the blocks except the green block in the blue bowl")
    literals = {str(x) for x in said["put all the blocks in the blue bowl"].literals}
    assert literals == {"in(red block, blue bowl)", "in(blue block, blue bowl)"}
    _, said = options("put two blocks in the blue bowl")
    assert len(said["put 2 blocks in the blue bowl"].literals) == 2


def test_matching_pairs_things_by_their_colour_word():
    _, said = options("put the blocks in the matching bowls")
    literals = {str(x) for x in said["put all the blocks in the container of the same colour"].literals}
    assert literals == {"in(green block, green bowl)", "in(blue block, blue bowl)"}


def test_none_in_its_own_colour():
    _, said = options("no block may end up in a bowl of its own colour, so put each one in another bowl", NAMES[1:])
    assert literals(said["put all the block in a container of another colour"]) == {
        "in(blue block, green bowl)",
        "in(green block, blue bowl)",
    }


def test_one_to_each_target():
    _, said = options("drop a block into each bowl")
    assert len(literals(said["put one block in each bowl"])) == 2


def test_everything_goes_into_a_bowl_without_the_other_bowls_but_with_a_cup():
    _, said = options("everything goes in the blue bowl", ("red block", "cup", "green bowl", "blue bowl"))
    assert literals(said["put everything in the blue bowl"]) == {"in(red block, blue bowl)", "in(cup, blue bowl)"}


def test_a_group_leaves_a_place_wherever_it_goes():
    _, said = options("take all the blocks off the left side")
    away = next(o for o in said.values() if o.kind is Kind.AWAY)
    assert literals(away) == {f"not at({n} block, left side)" for n in ("red", "green", "blue")}
    assert not any(o.kind is Kind.AWAY for o in options("take all the blocks off the table to the middle")[1].values())


@pytest.mark.parametrize(
    "text",
    [
        "empty the blue bowl",
        "Empty out the blue bowl, I want to wash it.",
        "please unload the blue bowl; we're about to fill it",
        "could you empty the blue bowl for me?",
        "Empty the blue bowl, please. I have to clean it",
    ],
)
def test_what_is_emptied_is_empty_then(text):
    start = moved(("red block", "in", "blue bowl"), ("green block", "in", "blue bowl"))
    request = stacked(request_for(text, NAMES), start)
    found = group_options(request.library, request.state, read_words(request))
    away = {x for o in found if o.kind is Kind.AWAY for x in literals(o)}
    assert {"not in(red block, blue bowl)", "not in(green block, blue bowl)"} <= away


def test_it_is_said_where_what_was_in_it_goes():
    request = stacked(
        request_for("empty the blue bowl into the green bowl", NAMES), moved(("red block", "in", "blue bowl"))
    )
    found = group_options(request.library, request.state, read_words(request))
    assert not any(o.kind is Kind.AWAY for o in found)
