"""Comparatives and superlatives among things whose names say how they are."""

from __future__ import annotations

import pytest

from planner.propose.degrees import compared_by_name, degree_of, opposed

NAMES = ("small kite", "kite", "huge kite", "thin rope", "thick rope", "drum", "old drum", "full jug", "empty jug")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("lift the largest kite", "lift the huge kite"),
        ("lift the smallest of the three kites", "lift the small kite"),
        ("bring the thicker rope, not the thinner one", "bring the thick rope, not the thin rope"),
        ("the older drum goes on the bench", "the old drum goes on the bench"),
        ("of the jugs take the fuller", "of the jugs take the full jug"),
        ("bring the nearest kite", "bring the nearest kite"),
        ("the other kite is a better one", "the other kite is a better one"),
        ("the tallest drum", "the tallest drum"),
        ("put the second largest kite on the small kite", "put the kite on the small kite"),
    ],
)
def test_the_one_that_comes_out_on_top(said, meant) -> None:
    assert compared_by_name(said, NAMES) == meant


def test_a_name_with_the_word_itself_stays() -> None:
    assert compared_by_name("the smaller kite", ("smaller kite", "small kite", "big kite")) == "the smaller kite"


@pytest.mark.parametrize(
    ("word", "base"), [("bigger", "big"), ("heaviest", "heavy"), ("wider", "wide"), ("hammer", ""), ("her", "")]
)
def test_degrees_of_words(word, base) -> None:
    assert degree_of(word) == base


def test_the_contrary_is_not_what_is_meant() -> None:
    assert opposed(["clean", "forks"], "dirty fork")
    assert not opposed(["clean", "forks"], "fork")
