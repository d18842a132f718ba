"""Sentences that imply a request, and those that imply none."""

from __future__ import annotations

import pytest

from planner.propose.recast import active, recast, told_apart

NAMES = ("kite", "old kite", "drum", "blue drum", "left side", "right side")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("after you've carried the drum out, give me the kite", "carry the drum out, then give me the kite"),
        ("Once you have stacked the drums, close the chest", "stack the drums, then close the chest"),
        ("give me the kite after you've hung the drum up", "hang the drum up, then give me the kite"),
        ("before you hand me the kite, move the drum off", "move the drum off, then hand me the kite"),
        ("before you lay a in the box, lay b in there", "lay b in the box, then lay a in the box"),
        ("give me the kite before closing the chest", "give me the kite, then close the chest"),
    ],
)  # fmt: skip
def test_what_comes_first_is_said_first(said, meant) -> None:
    assert recast(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Nothing fragile may stay on the bench. Put those in the chest.",
         "Put all the fragile things that are on the bench in the chest."),
        ("Nothing wet is allowed on the bench, so move such things to the left side",
         "move all the wet things that are on the bench to the left side"),
        ("No drums may be in the chest! Bring them to the right side.",
         "Bring all the drums that are in the chest to the right side."),
        ("There should be no kites on the bench. Throw those things away.",
         "Throw all the kites that are on the bench away."),
        ("none of the kites should be on the left side, put them in the chest",
         "put all the kites that are on the left side in the chest"),
    ],
)  # fmt: skip
def test_what_may_not_stay_there_goes_where_it_is_said(said, meant) -> None:
    assert recast(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("We can't get at the kite.", "bring me the kite"),
        ("The blue drum is out of my reach", "bring me The blue drum"),
        ("There should be no drums on the bench.", "take all the drums off the bench"),
        ("I don't want any kites in the chest", "take all the kites out of the chest"),
        ("the drum has no business being in the chest", "take the drum out of the chest"),
        ("none of the kites but one should be in the box", "take all the kites but one out of the box"),
        ("the chest must be filled with kites", "fill the chest with kites"),
        ("every drum should be moved to the bench", "move every drum to the bench"),
        ("stash every kite in the chest unless it's old", "stash every kite in the chest except the old kite"),
        ("stash every kite in the chest unless it's torn", "stash every kite in the chest"),
        ("no need to move the kite, the drum goes left", "leave the kite alone, the drum goes left"),
        ("could the drum be moved to the shelf", "move the drum to the shelf"),
        ("make sure no kite ends up in the box", "take all the kite out of the box"),
        ("somebody forgot to put the kite away", "put the kite away"),
        ("take the kite from the shelf, not the one on the bench", "take the kite from the shelf"),
        ("apart from the kite, all of it goes left", "apart from the kite, everything goes left"),
        ("Here is a kite. Neither of them should be in the box.", "Here is a kite. take them out of the box"),
        ("the drum has toppled, put it back up", "the drum has toppled, stand it upright"),
        ("kite left, drum right", "kite to the left side, drum to the right side"),
        ("the drums left, the kites right", "the drums to the left side, the kites to the right side"),
        ("the drum fell, set it straight again", "the drum fell, stand it upright"),
        ("take the drum over there on the bench", "take the drum on the bench"),
        ("no more kites on the bench, please", "no more kites on the bench, please"),
        ("No more kites on the bench.", "take all the kites off the bench"),
        ("don't leave any drums in the box", "take all the drums out of the box"),
        ("Make sure the kite is no longer on the bench", "take the kite off the bench"),
        ("Nothing should be left in the box.", "take everything out of the box"),
    ],
)  # fmt: skip
def test_requests_that_are_only_implied(said, meant) -> None:
    assert recast(said, NAMES) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a kite and a drum: keep the latter", "keep the drum"),
        ("the kite and the drum. The first goes left", "the kite goes left"),
    ],
)
def test_the_first_and_the_second_of_two(said, meant) -> None:
    assert told_apart(said, ("kite", "drum")) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("green things left, white things right", "green things to the left side, white things to the right side"),
        ("Fruit right and the rest left", "Fruit to the right side, the rest to the left side"),
        (
            "metal ones top; wooden ones bottom please",
            "metal ones to the top side, wooden ones to the bottom side please",
        ),
        ("toys to the left, tools right", "toys to the left side, tools to the right side"),
        ("toys to the left, tools to the right", "toys to the left, tools to the right"),
        ("toys left, tools left", "toys left, tools left"),
        ("the kite is left, the drum is right", "the kite is left, the drum is right"),
    ],
)
def test_one_sort_to_one_side_and_one_to_the_other(said, meant) -> None:
    assert recast(said, ("lid", "left side", "right side", "top side", "bottom side")) == meant


@pytest.mark.parametrize(
    "text",
    [
        "when the bell rings, put the drum away",
        "the drum should be on the bench",
        "I can't reach you tomorrow, so put the drum on the bench",
        "no drum should be on the bench: put each one in the chest",
        "put the drum on the left",
        "leave the kite where it was left",
    ],
)
def test_other_sentences_stay(text) -> None:
    assert recast(text, NAMES) == text


@pytest.mark.parametrize(
    ("word", "verb"),
    [("carried", "carry"), ("dropped", "drop"), ("moving", "move"), ("thrown", "throw"), ("put", "put"), ("red", "")],
)
def test_verbs_of_participles(word, verb) -> None:
    assert active(word) == verb
