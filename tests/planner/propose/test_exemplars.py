"""Rules told by things that are not here."""

from __future__ import annotations

import pytest

from planner.propose.exemplars import by_example
from planner.propose.lookup import open_lookup

TARGETS = ("crate", "cooler", "wardrobe", "left side")


@pytest.fixture(scope="module")
def lookup():
    return open_lookup()


@pytest.mark.parametrize(
    ("said", "things", "meant"),
    [
        ("Apples go in the crate, beer in the cooler: do the plum.", ("plum", "hammer"), "put the plum in the crate"),
        ("I put the carrots in the crate and the sodas in the cooler. Do the same with these.", ("onion", "cola"),
         "put the onion in the crate. put the cola in the cooler"),
        ("Milk lives in the cooler, crackers live in the crate. Where does the kefir go? Put it there.", ("kefir",),
         "put the kefir in the cooler"),
    ],
)  # fmt: skip
def test_a_thing_goes_where_its_like_went(lookup, said, things, meant):
    assert by_example(said, things, TARGETS, lookup) == meant


@pytest.mark.parametrize(
    ("said", "things"),
    [
        ("Apples go in the crate, pears in the cooler.", ("apple", "pear")),  # requests
        ("The apple goes in the crate. Sort these.", ("apple", "plum")),
        ("Apples go in the crate, beer in the cooler: do the hammer.", ("hammer",)),  # like neither
        ("Apples go in the crate. Bring me the plum.", ("plum",)),
        ("Put the plum in the crate.", ("plum",)),
    ],
)
def test_what_is_no_example_stays(lookup, said, things):
    assert by_example(said, things, TARGETS, lookup) == said


def test_without_knowledge_nothing_is_like_anything():
    said = "Apples go in the crate, beer in the cooler: do the plum."
    assert by_example(said, ("plum",), TARGETS, None) == said
