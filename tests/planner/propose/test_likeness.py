"""Sorting what nobody wrote down, by the default model."""

import pytest

from planner.lm.api import ScriptedLM
from planner.lm.engine import load_language_model
from planner.propose.likeness import chances, with_article

SORTED = {
    "clothes": ("kaftan", "pantaloons", "dirndl", "corset"),
    "musical instruments": ("theremin", "dulcimer", "zither", "accordion"),
    "fruit": ("loquat", "mangosteen", "soursop", "cantaloupe"),
}


def test_without_any_preference_chances_are_even():
    lm = ScriptedLM(lambda prefix, option: 0.0)
    rows = chances(lm, ["fruit", "tools"], ["loquat"], (), ("toys", "books"))
    assert rows == [[0.25], [0.25]]
    assert chances(lm, [], ["loquat"]) == []
    assert chances(lm, ["fruit"], []) == [[]]


def test_articles():
    assert [with_article(n) for n in ("apple", "pear", "scissors")] == ["an apple", "a pear", "scissors"]


@pytest.mark.weights
def test_the_default_model_knows_sorts_without_training():
    lm = load_language_model()
    names = [n for things in SORTED.values() for n in things]
    rows = chances(lm, list(SORTED), names)
    best = {n: max(zip(rows, SORTED, strict=True), key=lambda x: x[0][j])[1] for j, n in enumerate(names)}
    right = [n for n in names if n in SORTED[best[n]]]
    assert len(right) >= 9, right  # of 12; by chance 4
    assert all(0.0 <= sum(r[j] for r in rows) <= 1.0 for j in range(len(names)))
