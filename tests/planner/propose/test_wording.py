"""Turns of phrase put plainly, and what must stay as it is."""

from __future__ import annotations

import pytest

from planner.propose.wording import base_form, plain


@pytest.mark.parametrize(
    ("said", "plainly"),
    [
        ("the gloves => the plate", "the gloves to the plate"),
        ("put everything that counts as a tool in the box", "put every tool in the box"),
        ("collect all that is a toy", "collect every toy"),
        ("would you mind placing the cup on the shelf", "would you mind place the cup on the shelf"),
        ("thanks in advance for grabbing the cup", "thanks in advance for grab the cup"),
        ("Why aren't the cups on the shelf yet?", "make sure that the cups on the shelf"),
        ("bring me the whole lot of spoons", "bring me all the spoons"),
        ("Well, put the cup down", "put the cup down"),
        ("find all the pens that are here", "find all the pens"),
    ],
)
def test_longer_ways_of_saying_it(said, plainly) -> None:
    assert plain(said) == plainly


@pytest.mark.parametrize("text", ["everything that is yellow goes in the box", "why is the sky blue?", "the good cup"])
def test_other_sentences_stay(text) -> None:
    assert plain(text) == text


def test_words_of_names_stay() -> None:
    assert plain("look for packing tape now", ["packing tape"]) == "look for packing tape now"


@pytest.mark.parametrize(
    ("word", "base"), [("putting", "put"), ("placing", "place"), ("handing", "hand"), ("king", "")]
)
def test_base_forms(word, base) -> None:
    assert base_form(word) == base


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (
            "basket: fork and spoon. box: the others.",
            "Put fork and spoon in the basket. Put the others in the tool box.",
        ),
        ("fork: basket, spoon: tool box", "Put fork in the basket. Put spoon in the tool box"),
        ("Pack the basket: fork, spoon", "put fork, spoon in the basket"),
        ("the basket should hold the fork", "put the fork in the basket"),
        (
            "box for anything sharp, basket for all toys",
            "put everything that is sharp in the tool box, put all toys in the basket",
        ),
        ("note: put the fork in the basket", "put the fork in the basket"),
        ("the shelf should hold", "the shelf should hold"),
    ],
)
def test_lists_of_what_goes_where(said, meant):
    assert plain(said, ("basket", "tool box", "fork", "spoon")).strip() == meant


def test_contractions_are_no_slips() -> None:
    real = frozenset({"say", "mug"})
    assert plain("I wouldn't touch the mug", ("mug",), real) == "I wouldn't touch the mug"
    assert "wouldn’t" in plain("she wouldn’t like the mug", ("mug",), real)
