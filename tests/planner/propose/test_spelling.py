"""Words as such: splitting, singulars, slips, colours."""

from __future__ import annotations

import pytest

from planner.propose.spelling import colour_of, colours_of, edit_distance, singular, tokens_of


def test_hyphens_separate_words_and_punctuation_ends_clauses():
    toks = tokens_of("Put it on the right-hand side, then stop. Now!")
    assert [t.text for t in toks] == ["put", "it", "on", "the", "right", "hand", "side", "then", "stop", "now"]
    assert [t.text for t in toks if t.ends_clause] == ["side", "stop", "now"]
    assert [t.text for t in toks if t.ends_sentence] == ["stop", "now"]


def test_colours_in_other_spellings():
    said = ("gray", "reddish", "greenish", "reds", "chair")
    assert [colour_of(w) for w in said] == ["grey", "red", "green", "red", ""]
    assert colours_of("light blue cup") == {"blue"}


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("boxes", "box"),
        ("berries", "berry"),
        ("blocks", "block"),
        ("glass", "glass"),
        ("knives", "knife"),
        ("bus", "bus"),
    ],
)
def test_singulars(word, one):
    assert singular(word) == one


def test_distance_counts_a_swap_once_and_stops_at_the_limit():
    assert edit_distance("rde", "red", 2) == 1
    assert edit_distance("abcdef", "uvwxyz", 2) == 3
