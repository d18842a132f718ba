"""Sorts over places, three in a row, spills, and places by what they do."""

from __future__ import annotations

import pytest

from planner.propose.apart import spread
from planner.propose.somewhere import somewhere
from planner.propose.spills import wiped


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("set the table for two, one cup and one spoon each", "set the table for two, two cups and two spoons"),
        ("set the table for two, one cup, plus one spoon each", "set the table for two, two cups and two spoons"),
        ("Lay the table for three. Everyone gets a mug.", "Lay the table for three. three mugs."),
        ("There will be four guests, put two napkins per guest on the table",
         "There will be four guests, put eight napkins on the table"),
        ("we are two: a bowl for each of us", "we are two: two bowls"),
        ("put one pen in each tray", "put one pen in each tray"),
        ("one cup each", "one cup each"),  # of how many people, nobody says
    ],
)  # fmt: skip
def test_so_many_for_each_person(said, meant):
    assert spread(said, ("blue tray", "red tray")) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Things that have to stay cold go in the crate.", "put things that belong in the fridge in the crate."),
        ("Put whatever needs to be kept frozen in the crate", "Put things that belong in the freezer in the crate"),
        ("stuff that should be refrigerated belongs in the crate", "put things that belong in the fridge in the crate"),
        ("the tea has to stay cold", "the tea has to stay cold"),
    ],
)
def test_what_must_stay_cold_is_what_is_kept_so(said, meant):
    assert somewhere(said, ("crate",)) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("sort the pens and keys into separate trays",
         "put all the pens in the blue tray. put all the keys in the red tray"),
        ("separate caps from lids into different trays",
         "put all the caps in the blue tray. put all the lids in the red tray"),
        ("put each cap in a different tray", "put one cap in each tray"),
        ("sort the pens, keys and caps into separate trays", None),  # two trays for three sorts
        ("sort the pens and the keys into separate bins", None),
        ("put each one in another tray", None),
    ],
)  # fmt: skip
def test_each_its_own(said, meant):
    assert spread(said, ("red tray", "blue tray", "pen")) == (meant or said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("put the same number of caps in both trays",
         "put the blue cap and the green cap in the blue tray. put the red cap and the tan cap in the red tray"),
        ("split the caps evenly between the two trays",
         "put the blue cap and the green cap in the blue tray. put the red cap and the tan cap in the red tray"),
        ("share the caps among the trays equally",
         "put the blue cap and the green cap in the blue tray. put the red cap and the tan cap in the red tray"),
        ("share the caps among the boxes equally", None),
        ("put the same number of trays in both caps", None),
    ],
)  # fmt: skip
def test_as_many_in_each(said, meant):
    names = ("red tray", "blue tray", "red cap", "blue cap", "green cap", "tan cap")
    assert spread(said, names) == (meant or said)
    assert spread(said, names[:-1]) == said  # five do not come out even


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Pack my things in the red tray: a cap, the pen and a key", "Pack a cap, the pen and a key in the red tray"),
        ("hand me what I need for it: a pen and a key", "hand me a pen and a key"),
        ("tidy the desk: pens in the red tray, keys in the blue tray", None),
        ("put my lunch in the red tray: soup and bread", None),  # not here
        ("bring me a new pen", "bring me another pen"),
        ("bring me a new key with the pen", "bring me another key with the pen"),
    ],
)
def test_sums_that_are_itemised(said, meant):
    assert spread(said, ("red tray", "blue tray", "red cap", "pen", "small key")) == (meant or said)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("put a cap in each of the two trays", "put a cap in each tray"),
        ("I want the cups stacked white, then tan and pink from bottom to top",
         "build a tower with the white one at the bottom, the tan one in the middle and the pink one on top"),
        ("stack them in the order red, white, blue from top to bottom",
         "build a tower with the blue one at the bottom, the white one in the middle and the red one on top"),
    ],
)  # fmt: skip
def test_each_of_them_and_orders_of_colours(said, meant):
    assert spread(said, ()) == meant


def test_what_is_called_new_is_new():
    assert spread("bring me a new pen", ("new pen", "old pen")) == "bring me a new pen"


def test_the_tallest_tower_is_of_all_there_is():
    assert spread("build the tallest tower you can", ("red cube", "tan cube", "pen")) == "stack all the cubes"
    assert spread("build the tallest tower you can", ("red cube", "pen")) == "build the tallest tower you can"


def test_between_in_a_tower():
    said = "in the stack I want the pink cube between the white and the black one"
    assert spread(said, ()) == (
        "build a tower with the white one at the bottom, the pink cube in the middle and the black one on top"
    )
    assert spread("put the pen between the cup and the jar", ()) == "put the pen between the cup and the jar"


@pytest.mark.parametrize(
    ("said", "here", "meant"),
    [
        ("put the yoghurt somewhere cool", ("fridge",), "put the yoghurt in the fridge"),
        ("the tart should go where it stays warm", ("oven",), "the tart should go in the oven"),
        ("store it in a cold place", ("cooler",), "store it in the cooler"),
        ("keep the sorbet from melting", ("fridge", "freezer"), "put the sorbet in the freezer"),
        ("keep the tea warm", ("microwave",), "put the tea in the microwave"),
        ("chill the cider", ("refrigerator",), "put the cider in the refrigerator"),
        ("put the yoghurt somewhere cool", ("shelf",), None),
        ("put the yoghurt somewhere cool", ("left fridge", "right fridge"), None),
        ("keep the tea in the mug", ("fridge",), None),
        ("somewhere over the rainbow", ("fridge",), None),
    ],
)
def test_places_by_what_they_do(said, here, meant):
    assert somewhere(said, here) == (meant or said)


@pytest.mark.parametrize(
    ("said", "names", "person", "meant"),
    [
        ("I spilt my tea. Wipe it up, please", (), True, "bring me something to wipe up a spill"),
        ("Oh no, she knocked over the jug, help me mop it up", (), True, "bring me something to wipe up a spill"),
        ("He spilled juice. Clean that up", (), False, "pick up something to wipe up a spill"),
        ("I spilled juice, clean it up", ("juice puddle",), True, "wipe up the juice puddle"),
        ("I spilled juice, bring me something to clean it up", (), True, None),
        ("clean it up", (), True, None),
        ("I spilled the beans about the party", (), True, None),
    ],
)
def test_spills(said, names, person, meant):
    assert wiped(said, names, person) == (meant or said)
