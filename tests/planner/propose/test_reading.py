"""Roles, links, pronouns, numbers, answers: the phrases of one instruction together."""

from __future__ import annotations

import pytest

from planner.propose.mention import Mention, Quantity, Role
from planner.propose.reading import piles_of, read_words, spotter_for
from planner.propose.sentence import Words
from planner.propose.settling import settle
from propose_scene import moved, request_for, stacked

NAMES = ("red block", "green block", "white block", "spoon", "red bowl", "green bowl")


def reading(text, start=(), **more):
    return read_words(stacked(request_for(text, NAMES, **more), start))


def links(text):
    words = reading(text)
    m = words.mentions
    return {a: b for i, ts in words.links.items() for t in ts for a in m[i].names for b in m[t].names}


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        (
            "put the spoon in the red bowl and the red block in the green bowl",
            {"spoon": "red bowl", "red block": "green bowl"},
        ),
        ("into the red bowl put the spoon", {"spoon": "red bowl"}),
        (
            "the spoon and the white block go in the red bowl",
            {"spoon": "red bowl", "white block": "red bowl"},
        ),
        (
            "stack the white block on the red block on the green block",
            {"white block": "red block", "red block": "green block"},
        ),
        (
            "put the spoon and the red block into the green bowl and the red bowl respectively",
            {"spoon": "green bowl", "red block": "green bowl"},
        ),
    ],
)
def test_what_goes_where(text, pairs):
    found = links(text)
    assert pairs.items() <= found.items() or "respectively" in text


def test_it_means_what_was_taken_and_not_where_it_was():
    words = reading(
        "take the spoon out of the red bowl and put it in the green bowl", moved(("spoon", "in", "red bowl"))
    )
    assert [(m.names, m.role) for m in words.wanted] == [(("spoon",), Role.MOVER), (("green bowl",), Role.TARGET)]


def test_it_on_which_something_is_put():
    words = reading("put the red block at the left side and the white block on top of it")
    assert words.wanted[-1].role is Role.TARGET
    assert words.wanted[-1].names == ("red block",)


def test_it_without_anything_said_before():
    assert reading("place it in the red bowl").dangling == "it"
    assert reading("place it in the red bowl", ["pick(spoon)"]).dangling == ""


def test_the_others():
    words = reading("put the red block in the red bowl and the others in the green bowl")
    assert set(words.wanted[2].names) == {"green block", "white block"}
    (_, rest) = (m for m in reading("lift the spoon, everything else stays").mentions)
    assert "spoon" not in rest.names


def test_a_colour_takes_the_noun_it_is_joined_with():
    words = reading("bring the red and white blocks to the middle")
    assert [m.names for m in words.wanted[:2]] == [("red block",), ("white block",)]


@pytest.mark.parametrize(
    ("text", "quantity", "count"),
    [
        ("put at least two blocks in the red bowl", Quantity.SOME, 2),
        ("put the three blocks in the red bowl", Quantity.ALL, None),
        ("put several blocks in the red bowl", Quantity.VAGUE, None),
        ("put a handful of the blocks in the red bowl", Quantity.VAGUE, None),
        ("put any block in the red bowl", Quantity.ANY, None),
        ("put each block in the red bowl", Quantity.ALL, None),
    ],
)
def test_how_many(text, quantity, count):
    blocks = reading(text).wanted[0]
    assert (blocks.quantity, blocks.count) == (quantity, count)


def test_half_of_four():
    names = ("red block", "green block", "white block", "black block", "red bowl")
    words = read_words(request_for("half of the blocks go in the red bowl", names))
    assert (words.wanted[0].quantity, words.wanted[0].count) == (Quantity.SOME, 2)


def test_the_bowl_of_its_colour_is_one():
    words = reading("the red block goes into the bowl of its own colour")
    assert words.wanted[1].names == ("red bowl",)


@pytest.mark.parametrize(
    ("answer", "names", "quantity"),
    [
        ("the red one and the white one", {"red block", "white block"}, Quantity.ALL),
        ("just the green one", {"green block"}, Quantity.ALL),
        ("two", {"red block", "green block", "white block"}, Quantity.SOME),
        ("all of them", {"red block", "green block", "white block"}, Quantity.ALL),
    ],
)
def test_an_answer_settles_how_many(answer, names, quantity):
    words = reading("put some blocks in the red bowl", dialogue=(("How many?", answer),))
    assert set(words.wanted[0].names) == names
    assert words.wanted[0].quantity is quantity


def test_an_answer_settles_which_and_where():
    words = reading("put the block in the red bowl", dialogue=(("Which block?", "white"),))
    assert words.wanted[0].names == ("white block",)
    words = reading("move the spoon", dialogue=(("Where to?", "to the left side"),))
    assert (words.wanted[1].names, words.wanted[1].role) == (("left side",), Role.TARGET)
    words = reading("put it in the red bowl", dialogue=(("What do you mean by it?", "the spoon"),))
    assert not words.dangling
    assert any(m.names == ("spoon",) and m.role is Role.MOVER for m in words.wanted)


def test_piles_are_read_from_the_bottom_up():
    request = stacked(
        request_for("x", NAMES), moved(("green block", "on", "red block"), ("white block", "on", "green block"))
    )
    assert piles_of(request.state) == (("red block", "green block", "white block"),)


@pytest.mark.parametrize(
    ("text", "moves"),
    [
        ("not the spoon, the white block: put that in the red bowl", {("white block", "red bowl")}),
        ("no, not in the red bowl! The spoon goes in the green bowl", {("spoon", "green bowl")}),
        ("the spoon into the red bowl, next the white block", {("spoon", "red bowl"), ("white block", "red bowl")}),
        ("put the spoon in the red bowl while leaving the white block alone", {("spoon", "red bowl")}),
        ("the spoon to the left side - sorry, right side", {("spoon", "right side")}),
        ("see the spoon near the white block? That one goes in the red bowl", {("spoon", "red bowl")}),
    ],
)  # fmt: skip
def test_contrasts_lists_and_what_is_pointed_at(text, moves):
    words = reading(text)
    found = {(a, b) for i, ts in words.links.items() for t in ts for a in words.mentions[i].names
             for b in words.mentions[t].names}  # fmt: skip
    assert found == moves
    assert not words.relation


def test_the_bowl_in_which_something_else_lies():
    words = reading("the spoon goes in the same bowl as the white block", moved(("white block", "in", "green bowl")))
    assert [m.names for m in words.wanted] == [("spoon",), ("green bowl",)]


def test_what_is_said_of_a_thing_is_no_other_thing():
    words = reading("the spoon is a tool, so put it in the red bowl")
    assert [m.names for m in words.wanted] == [("spoon",), ("red bowl",)]


def test_a_part_of_what_is_here_is_not_missing():
    words = reading("put a chilled can of spoon in the red bowl")
    assert not any(m.missing for m in words.mentions)


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        (
            "put the red block in the blue bowl. Then grasp the green block",
            {"red block": ("blue bowl",), "green block": ()},
        ),
        (
            "put the red block at the left side. Put the green block there, then the blue bowl at the right side",
            {"red block": ("left side",), "green block": ("left side",), "blue bowl": ("right side",)},
        ),
        (
            "put the red block and the green block in the blue bowl and the middle respectively",
            {"red block": ("blue bowl",), "green block": ("middle",)},
        ),
        (
            "put the red block in the blue bowl, then take the green block and set it down at the left side",
            {"red block": ("blue bowl",), "green block": ("left side",)},
        ),
    ],
)
def test_what_goes_where_of_several(text, goes):
    words = read_words(request_for(text))
    found = {
        n: tuple(x for t in words.links.get(i, ()) for x in words.mentions[t].names)
        for i, m in enumerate(words.mentions)
        if m in words.wanted and m.role is Role.MOVER
        for n in m.names
    }
    assert found == goes


@pytest.mark.parametrize("aside", ["Have a nice day.", "My mother insists.", "That would make my day"])
def test_idle_sentences_ask_for_nothing(aside):
    words = read_words(request_for(f"put the red block in the blue bowl. {aside}"), open_kinds=True)
    assert [m.names for m in words.wanted] == [("red block",), ("blue bowl",)]
    assert not any(m.kind for m in words.mentions)


def test_that_means_what_was_said_last_and_it_what_was_moved():
    words = reading("drop the spoon into the red bowl, then put that on the left side")
    assert [m.names for m in words.wanted] == [("spoon",), ("red bowl",), ("red bowl",), ("left side",)]
    words = reading("drop the spoon into the red bowl, then put it on the left side")
    assert [m.names for m in words.wanted] == [("spoon",), ("left side",)]


@pytest.mark.parametrize(
    ("answer", "place"),
    [("the top left one", "top left corner"), ("bottom right, please", "bottom right corner"), ("the left one", "")],
)
def test_an_answer_may_name_a_place_by_what_tells_it_apart(answer, place):
    request = request_for("move the spoon to the corner", ("spoon",))
    corners = ("top left corner", "bottom left corner", "bottom right corner")
    asked = Words((Mention("corner", (4, 5), corners, Quantity.THE, False, place=True, role=Role.TARGET),))
    (settled,) = settle(asked, answer, spotter_for(request), request.state).mentions
    assert settled.names == ((place,) if place else corners)
