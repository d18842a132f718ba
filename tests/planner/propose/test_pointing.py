"""Which thing and where, said by pointing."""

from __future__ import annotations

import pytest

from planner.propose.pointing import pointed, there


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("take the stick out of the chest, then drop the kite in", "drop the kite in the chest"),
        ("take the stick out of the chest and put the kite in instead", "put the kite in the chest"),
        ("remove the stick from the chest, then lay the kite in, please", "lay the kite in the chest, please"),
        ("lift the stick off the bench and set the kite on", "set the kite on the bench"),
        ("take the stick off the bench and put the kite in", "put the kite in"),
        ("put the lid on", "put the lid on"),
    ],
)
def test_a_bare_in_goes_where_the_clause_before_was_about(said, meant):
    assert there(said, ("chest", "bench", "stick", "kite"), ("chest",)).endswith(meant)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("bring the drum that I left on the bench", "bring the drum that is on the bench"),
        ("the kite my brother forgot in the chest, bring it", "the kite that is in the chest, bring it"),
        ("catch the small ball hiding in the chest", "catch the small ball that is in the chest"),
        ("whichever drum is on the bench, bring it", "the drum that is on the bench, bring it"),
        ("I can't reach the drum, it's on the bench", "I can't reach the drum that is on the bench"),
        ("the drum that my uncle gave me goes left", "the drum goes left"),
        ("the kite, the one my uncle gave me", "the kite, the one my uncle gave me"),
        ("Kite's on the bench, lift it", "the Kite is on the bench, lift it"),
        ("the tall bench is full, use the low one", "the tall bench is full, use the low bench"),
        ("grab the kite next to the bench, then go", "grab the kite, then go"),
        ("lift the drums, the ones that are tall, now", "lift the tall drums now"),
        ("the drum goes back on its low bench", "the drum goes back on its low bench"),
        ("the kite goes back to its owner", "the kite goes back to its owner"),
        ("the bench needs its drum", "the bench needs the drum"),
        ("grab the stick next to the bench", "grab the stick that is next to the bench"),
        ("put the kite next to the bench", "put the kite next to the bench"),
        ("may I have that? I mean the kite", "may I have the kite"),
        ("put the drum in the chest, it's on the bench", "put the drum in the chest, it's on the bench"),
        ("the first thing you put in the chest is the kite", "the first thing you put in the chest is the kite"),
    ],
)
def test_which_one(said, meant) -> None:
    assert pointed(said, ("kite", "drum", "tall bench", "low bench")) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "the drum goes in the chest, put the kite in there too",
            "the drum goes in the chest, put the kite in the chest too",
        ),
        ("those kites, put them in there", "those kites, put them in the chest"),
    ],
)
def test_in_there_is_what_was_named_last_or_all_there_is(said, meant) -> None:
    assert there(said, ("kite", "drum", "chest"), {"chest"}) == meant


def test_on_it_is_on_the_place_that_was_named() -> None:
    text = "the bench must be free: carry everything on it out"
    assert there(text, ("kite", "bench"), ()) == "the bench must be free: carry everything that is on the bench out"


def test_in_there_stays_open_where_several_could_be_meant() -> None:
    assert there("put them in there", ("kite", "chest", "crate"), {"chest", "crate"}) == "put them in there"
