"""Sorting what nobody wrote down, by the default model."""

import pytest

from planner.lm.api import ScriptedLM
from planner.lm.engine import load_language_model
from planner.propose.likeness import is_sort, likeness, listed, with_article

SORTED = {
    "clothes": ("kaftan", "pantaloons", "dirndl", "corset"),
    "musical instruments": ("theremin", "dulcimer", "zither", "accordion"),
    "fruit": ("loquat", "mangosteen", "soursop", "cantaloupe"),
}


def test_without_any_preference_all_things_are_alike():
    lm = ScriptedLM(lambda prefix, option: 0.0)
    (sort, use) = likeness(lm, ["fruit", "something to eat"], ["loquat", "hammer"])
    assert sort[0] == sort[1] < 0
    assert use[0] == use[1] < 0
    assert likeness(lm, [], ["loquat"]) == []
    assert likeness(lm, ["fruit"], []) == [[]]


def test_phrases_as_they_are_listed():
    assert [listed(p) for p in ("jackets", "something to drink", "whatever belongs in a shed", "salty things")] == [
        "jackets", "things to drink", "things belongs in a shed", "salty things",
    ]  # fmt: skip
    assert [is_sort(p) for p in ("jackets", "something to drink", "salty things")] == [True, False, False]


def test_articles():
    assert [with_article(n) for n in ("apple", "pear", "scissors")] == ["an apple", "a pear", "scissors"]


@pytest.mark.weights
def test_the_default_model_knows_sorts_without_training():
    lm = load_language_model()
    names = [n for things in SORTED.values() for n in things]
    rows = dict(zip(SORTED, likeness(lm, list(SORTED), names), strict=True))
    right = [n for j, n in enumerate(names) if n in SORTED[max(rows, key=lambda s: rows[s][j])]]
    assert len(right) >= 9, right  # of 12; by chance 4


@pytest.mark.weights
def test_the_default_model_knows_uses_without_training():
    lm = load_language_model()
    names = ("towel", "hammer", "pencil", "kettle")
    phrases = {"something to dry my hands": 0, "something to drive a nail with": 1, "something to write a note with": 2}
    rows = likeness(lm, list(phrases), names)
    assert [max(range(4), key=row.__getitem__) for row in rows] == list(phrases.values())
