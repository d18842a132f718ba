"""Towers: built in the order of the words, several, added to, taken apart, turned over; two things exchanged."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from planner.propose.reading import read_words
from planner.propose.towers import tower_options
from propose_scene import request_for

NAMES = ("red block", "green block", "blue block", "white block", "blue bowl", "green bowl")


def goals(text, names=NAMES, start=()):
    request = stacked(request_for(text, names), start)
    return [{str(x) for x in o.literals} for o in tower_options(request.library, request.state, read_words(request))]


def stacked(request, steps):
    state = request.state
    for step in steps:
        state = state.apply(request.library.parse(step, state).operator)
    return replace(request, state=state)


def into(*pairs):
    return [step for x, y in pairs for step in (f"pick({x})", f"place_in({x}, {y})")]


TOWER = (
    "pick(green block)",
    "place_on(green block, red block)",
    "pick(blue block)",
    "place_on(blue block, green block)",
)


@pytest.mark.parametrize(
    "text",
    [
        "make a pile: white lowest, then green, and red highest",
        "build a column with red on top, green in between and white at the bottom",
        "stack the white, green and red blocks from bottom to top",
        "pile up the white block, the green block and the red block in this order from bottom to top",
        "stack the white block, the green block and the red block",
        "build a tower: white at the bottom, then green, then red",
        "stack three blocks: red on top, then green, followed by white",
    ],
)
def test_the_words_order_a_tower(text):
    assert {"on(green block, white block)", "on(red block, green block)"} in goals(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("stack the blocks in rainbow order", "red green blue white"),
        ("pile all the blocks up in the order of the rainbow, with red on top", "white blue green red"),
    ],
)
def test_the_rainbow_orders_a_tower(text, line):
    names = [f"{c} block" for c in line.split()]
    assert {f"on({b}, {a})" for a, b in itertools.pairwise(names)} in goals(text)


def test_a_tower_of_a_number_without_what_is_taken_out():
    for found in goals("make a tower out of three blocks, none of them white"):
        assert len(found) == 2
        assert "white block" not in str(found)


def test_two_towers():
    (found,) = goals("build two piles of two blocks each")
    assert len(found) == 2
    assert len({x.split("(")[1].split(",")[0] for x in found}) == 2


def test_a_tower_in_a_place_stands_there():
    found = goals("stack all the blocks on the left side")
    assert any(sum(x.startswith("at(") for x in g) == 1 and len(g) == 4 for g in found)


def test_no_tower_where_no_word_speaks_of_one():
    assert not goals("swap nothing", ("red block",))


def test_turned_over():
    found = goals("turn the stack upside down", start=TOWER)
    assert {"on(red block, green block)", "on(green block, blue block)"} in found


def test_taken_apart():
    found = goals("dismantle the tower", start=TOWER)
    assert found == [{"clear(red block)", "clear(green block)", "clear(blue block)"}]


def test_added_to():
    found = goals("add the white block to the tower", start=TOWER)
    assert {"on(white block, blue block)"} in found


def test_two_things_change_places():
    start = into(("red block", "blue bowl"), ("green block", "green bowl"))
    found = goals("exchange the red block and the green block", start=start)
    assert {"in(red block, green bowl)", "in(green block, blue bowl)"} in found


def test_what_is_in_two_bowls_changes_places():
    start = into(("red block", "blue bowl"), ("white block", "green bowl"))
    found = goals("swap the contents of the blue bowl and the green bowl", start=start)
    assert {"in(red block, green bowl)", "in(white block, blue bowl)"} in found
