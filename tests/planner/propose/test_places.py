"""Places in part and by other words."""

from __future__ import annotations

import pytest

from planner.propose.places import PlaceWords
from planner.propose.words import Spotter

CORNERS = ("top left corner", "top right corner", "bottom left corner", "bottom right corner")
SIDES = ("top side", "bottom side", "left side", "right side")
PLACES = (*CORNERS, *SIDES, "middle", "table")
SPOTTER = Spotter(("sock", "red block", "left drawer"), PLACES)


def places(text):
    return [m.names for m in SPOTTER.spot(text) if m.place]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("shove the sock into the upper right", "top right corner"),
        ("the sock goes to the lower-left corner", "bottom left corner"),
        ("lay the sock in the corner at the top left", "top left corner"),
        ("bring the sock to the left", "left side"),
        ("bring the sock over to the right-hand edge of the table", "right side"),
        ("leave the sock at the centre of the table", "middle"),
        ("move the sock to the far edge", "top side"),
        ("put the sock on the table", "table"),
    ],
)
def test_a_place_said_in_part_is_the_one_with_the_fewest_words_more(text, place):
    assert places(text) == [(place,)]


@pytest.mark.parametrize(("text", "names"), [("to the corner", CORNERS), ("off to the side", SIDES)])
def test_several_places_may_fit(text, names):
    assert [set(n) for n in places(f"move the sock {text}")] == [set(names)]


@pytest.mark.parametrize(
    "text",
    [
        "put the sock to the left of the red block",
        "put the sock on top of the red block",
        "put the sock right now in your hand",
        "open the left drawer",
        "what is left here",
    ],
)
def test_these_are_no_places(text):
    assert places(text) == []


def test_a_tower_has_a_top_and_a_bottom_of_its_own():
    assert places("make a tower with red at the bottom and blue on the top") == []


def test_the_scene_s_own_words_come_before_synonyms():
    words = PlaceWords(("close counter", "far counter"))
    assert words.norm("far") == "far"
    assert words.fits(frozenset({"counter"})) == ("close counter", "far counter")
