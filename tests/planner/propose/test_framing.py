"""Word order put straight: what goes where, however the sentence is built."""

from __future__ import annotations

import pytest

from planner.propose.framing import framed

NAMES = ("kite", "drum", "old chest", "red crate", "blue crate", "left side", "right side", "bench")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("What I want in the chest is the kite.", "put the kite in the chest."),
        ("the one that belongs on the bench is the drum", "put the drum on the bench"),
        ("the drum is what should go in the chest", "put the drum in the chest"),
        ("it's the drum that goes in the chest", "put the drum in the chest"),
        ("where the drum belongs is the chest", "put the drum in the chest"),
        ("the drum's place is on the bench", "put the drum on the bench"),
        ("there is the drum; the chest is where it lives", "there is the drum goes in the chest"),
        ("the bench gets the drum and the chest the kite", "put the drum in the bench, put the kite in the chest"),
        ("let the drum join the kite in the chest", "put the drum in the chest"),
        ("the drum should join the kite", "put the drum where the kite is"),
        ("stash the following in the chest: the kite, the drum", "stash the kite, the drum in the chest"),
        ("in the chest go these: the kite and the drum", "put the kite and the drum in the chest"),
        ("same place for the kite and the drum: the chest", "put the kite and the drum in the chest"),
        ("use the red crate for kites and the other for drums", "put all the kites in the red crate. "
         "put all the drums in the blue crate"),
        ("the kite goes in the chest only after the drum is in it",
         "put the drum in the chest, then put the kite in the chest"),
        ("once the drum is on the bench, bring the kite", "put the drum on the bench, then bring the kite"),
        ("lay the drum as far right as possible", "lay the drum to the right side"),
        ("lay the drum in the far left corner", "lay the drum in the far left corner"),
        ("the drum moves left", "the drum moves to the left side"),
    ],
)  # fmt: skip
def test_what_goes_where(said, meant) -> None:
    assert " ".join(framed(said, NAMES).split()) == meant


@pytest.mark.parametrize(
    "text",
    [
        "put the drum in the chest and the kite on the bench",
        "what is on the bench?",
        "the drum gets moved to the bench",
        "when the bell rings, put the drum away",
    ],
)
def test_other_sentences_stay(text) -> None:
    assert framed(text, NAMES) == text


def test_what_a_thing_is_to_hold_goes_in_first():
    assert framed("put a bowl holding an egg on the table", ("bowl", "egg", "table")) == (
        "put an egg in a bowl, then put a bowl on the table"
    )


def test_left_of_everything_is_the_side():
    assert framed("put the cup to the left of everything else", ("cup", "left side")) == "put the cup to the left side"
