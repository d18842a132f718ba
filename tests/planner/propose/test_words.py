"""Mentions: which words speak of which thing, and which of nothing here."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.propose.mention import Quantity
from planner.propose.spelling import tokens_of
from planner.propose.words import Spotter

THINGS = ("red block", "blue block", "green block", "blue bowl", "yellow bowl", "coke can", "lemon", "box of tissues")
SPOTTER = Spotter(THINGS, ("top left corner", "left side", "middle"), (("center", "middle"),))


def spot(text):
    return SPOTTER.spot(text)


def names(text):
    return [m.names for m in spot(text)]


def test_full_names_are_found_in_order_with_their_prepositions():
    found = spot("Put the red block in the blue bowl, please.")
    assert [(m.names, m.before, m.exact) for m in found] == [(("red block",), "", True), (("blue bowl",), "in", True)]


def test_a_preposition_is_found_across_on_top_of():
    assert [m.before for m in spot("stack the red block on top of the blue block")] == ["", "on"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [("rde block", "red block"), ("blu bowl", "blue bowl"), ("gren block", "green block"), ("lemn", "lemon")],
)
def test_typing_slips_are_read_as_the_nearest_name_here(said, meant):
    (mention,) = spot(f"grab the {said}")
    assert mention.names == (meant,)


def test_a_real_word_is_no_typing_slip():
    """ "black" is one letter from "block" and still a colour of its own."""
    found = spot("pick up the black block")
    assert [m.names for m in found] == [()]


def test_part_of_a_name_is_enough_when_it_is_unique():
    assert names("fetch the coke") == [("coke can",)]
    assert names("take the tissues") == [("box of tissues",)]


def test_plurals_and_colours_mean_groups():
    (blocks,) = spot("stack all the blocks")
    assert blocks.quantity is Quantity.ALL
    assert set(blocks.names) == {"red block", "blue block", "green block"}
    (blue,) = spot("collect the blue ones")
    assert set(blue.names) == {"blue block", "blue bowl"}


def test_exceptions_are_marked():
    found = {m.text: m.excluded for m in spot("put everything except the lemon in the blue bowl")}
    assert found == {"everything": False, "lemon": True, "blue bowl": False}
    assert [m.excluded for m in spot("tidy the blocks but not the lemon")] == [False, True]


def test_counts_are_read():
    mention = spot("two blocks in the bowl")[0]
    assert (mention.quantity, mention.count) == (Quantity.SOME, 2)


def test_a_colour_that_no_such_thing_has_is_a_mention_of_nothing():
    assert names("put the purple block in the blue bowl") == [(), ("blue bowl",)]


def test_adjectives_before_a_known_thing_do_not_make_it_unknown():
    assert names("the big red block") == [("red block",)]


def test_aliases_of_places():
    (mention,) = [m for m in spot("move the lemon to the center") if m.place]
    assert mention.names == ("middle",)


@given(st.text(max_size=300))
def test_any_text_is_read_without_error_and_spans_do_not_overlap(text):
    found = spot(text)
    spans = sorted(m.span for m in found)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    assert all(0 <= s < e <= len(tokens_of(text)) for s, e in spans)
