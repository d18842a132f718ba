from __future__ import annotations

from itertools import islice

from planner.learn.card import card, shown, table
from planner.learn.examples import stream
from planner.learn.families import families
from planner.learn.knowledge import load_knowledge
from planner.learn.splits import SPLITS


def test_the_card_counts_and_shows_what_there_is():
    said = []
    k = load_knowledge()
    text = card(k, seed=3, count=60, per_split=5, said=said.append)
    assert said == list(SPLITS)
    for words in (k.digest, "Apache-2.0", "## Intended use and limits", "drawn at random (seed 3", *families()):
        assert words in text
    assert all(f"`{s}` |" in text for s in SPLITS)
    assert text.count("```text") == 20
    assert text == card(k, seed=3, count=60, per_split=5)


def test_an_example_shows_its_answers():
    example = next(e for e in stream(load_knowledge(), "train", 1, ["so many"]) if e.count == 2)
    text = shown(example)
    assert example.setting.request.split()[0] in text
    assert "-> either: " in text
    assert "-> how many: two" in text
    assert "-> act" in text
    order = shown(next(islice(stream(load_knowledge(), "train", 1, ["listed order"]), 1)))
    assert "-> order: " in order


def test_a_table():
    assert table(("a", "b"), [(1, "x")]) == "| a | b |\n|---|---|\n| 1 | x |"
