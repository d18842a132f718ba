"""Which of several: by colour, by what is true now, by the place in a tower."""

from __future__ import annotations

import pytest

from planner.propose.mention import Role
from planner.propose.reading import read_words
from propose_scene import moved, request_for, stacked

NAMES = ("red block", "green block", "white block", "red bowl", "green bowl", "blue bowl")
START = moved(("green block", "in", "blue bowl"), ("white block", "on", "red block"))


def first(text, start=START, names=NAMES):
    words = read_words(stacked(request_for(text, names), start))
    return next(m for m in words.mentions if m.role is Role.MOVER), words


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("move the block that is in the blue bowl to the red bowl", {"green block"}),
        ("move the block in the blue bowl to the red bowl", {"green block"}),
        ("take the block from the blue bowl", {"green block"}),
        ("put the block which lies on the red block into the green bowl", {"white block"}),
        ("everything that is red goes to the left side", {"red block", "red bowl"}),
        ("put the things which are not red in the middle", {"green block", "white block", "green bowl", "blue bowl"}),
        ("put the things that are not red or green in the middle", {"white block", "blue bowl"}),
        ("put the things which are neither red nor white in the middle", {"green block", "green bowl", "blue bowl"}),
        ("put the blocks that are red or white in the green bowl", {"red block", "white block"}),
        ("what lies in the blue bowl should be at the right side", {"green block"}),
        ("bring the contents of the blue bowl to the middle", {"green block"}),
        ("everything in the blue bowl belongs in the red bowl", {"green block"}),
        ("move the bowl which contains the green block to the left side", {"blue bowl"}),
        ("move the bowl containing the green block to the left side", {"blue bowl"}),
        (
            "put everything that is not in the blue bowl on the left side",
            {"red block", "white block", "red bowl", "green bowl", "blue bowl"},
        ),
        ("move the empty bowl to the left side", {"red bowl", "green bowl"}),
        ("put the top block of the tower in the green bowl", {"white block"}),
        ("put the block at the bottom of the stack in the green bowl", {"red block"}),
        ("put the blocks of the tower in the green bowl", {"red block", "white block"}),
        ("put the block under the white block in the green bowl", {"red block"}),
        ("put the block that is not on anything in the green bowl", {"red block"}),
        ("move the bowl that has nothing in it to the middle", {"red bowl", "green bowl"}),
    ],
)
def test_told_by_the_words(text, names):
    assert set(first(text)[0].names) == names


def test_a_destination_that_does_not_hold_yet_is_no_detail():
    block, words = first("put the block in the red bowl")
    assert len(block.names) == 3
    assert [m.role for m in words.mentions] == [Role.MOVER, Role.TARGET]


def test_a_clause_that_is_true_of_nothing_says_so():
    block, _ = first("move the block that is in the green bowl to the middle")
    assert block.names == ()
    assert "block" in block.missing


def test_what_is_held():
    block, _ = first("drop what you are holding into the red bowl", ["pick(green block)"])
    assert block.names == ("green block",)


def test_how_a_thing_looks_counts_where_only_its_colour_is_said():
    request = request_for("put everything yellow in the red bowl", ("lemon", "yellow block", "red bowl"))
    lemon = request.observation.objects["lemon"]
    painted = {**request.observation.objects, "lemon": type(lemon)(**{**lemon.__dict__, "colour": "yellow"})}
    seen = type(request.observation)(**{**request.observation.__dict__, "objects": painted})
    words = read_words(type(request)(**{**request.__dict__, "observation": seen}))
    assert set(words.mentions[0].names) == {"lemon", "yellow block"}


def test_the_one_with_something_in_it():
    words = read_words(stacked(request_for("pick up the bowl with the green block in it", NAMES), START))
    assert [m.names for m in words.wanted] == [("blue bowl",)]


def test_what_names_say_is_no_state_to_be_looked_at():
    """An empty bottle is called so; that nothing lies in it says nothing."""
    found, _ = first("throw away everything that's empty", moved(), ("empty bottle", "full bottle", "empty jar"))
    assert set(found.names) == {"empty bottle", "empty jar"}


def test_whichever_is_empty():
    start = moved(("green block", "in", "blue bowl"))
    words = read_words(
        stacked(request_for("put the red block in the blue bowl or the red bowl, whichever is empty", NAMES), start)
    )
    assert [m.names for m in words.mentions if m.role is Role.TARGET] == [("red bowl",)]


def test_what_is_taken_out_first_is_meant_by_it():
    text = "take the green block from the blue bowl and put it on the left side, then put the blue bowl in the middle"
    _, words = first(text)
    assert [m.names for m in words.mentions if m.role is Role.MOVER] == [("green block",), ("blue bowl",)]
