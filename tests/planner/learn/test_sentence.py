from __future__ import annotations

import numpy as np
import pytest

from planner.learn.draw import Draw
from planner.learn.knowledge import load_knowledge
from planner.learn.noise import roughened, typos
from planner.learn.nouns import a_or_an, gerund, is_mass, is_plural, plural
from planner.learn.room import Item, Room
from planner.learn.sentence import Clause, Phrase, fill, join, polite, put_clause, tidy
from planner.learn.splits import view_of

ROOM = Room("kitchen", ("table", "user"), (Item("apple", at=("at", "table")), Item("bowl", at=("at", "table"))), "user")


def draw(seed=0, split="train"):
    return Draw(view_of(load_knowledge(), split), np.random.default_rng(seed))


@pytest.mark.parametrize(
    ("one", "many"),
    [("apple", "apples"), ("box of berries", "boxes of berries"), ("kitchen knife", "kitchen knives"),
     ("berry", "berries"), ("scissors", "scissors"), ("fruit", "fruit"), ("toy", "toys"), ("glass", "glasses")],
)  # fmt: skip
def test_plurals(one, many):
    assert plural(one) == many


def test_forms_of_nouns_and_verbs():
    assert [a_or_an(w) for w in ("apple", "cup", "umbrella", "unicorn")] == [
        "an apple", "a cup", "an umbrella", "a unicorn",
    ]  # fmt: skip
    verbs = ("put", "place", "move", "fetch", "get", "carry", "deposit")
    assert [gerund(v) for v in verbs] == [
        "putting", "placing", "moving", "fetching", "getting", "carrying", "depositing",
    ]  # fmt: skip
    assert is_mass("cutlery")
    assert is_plural("potato chips")
    assert not is_plural("glass")


def test_verbs_and_pronouns_agree():
    two = fill(draw(), ROOM, "{o} {belongs} there, so put {it} there", Phrase("the cups", True))
    assert two == "the cups belong there, so put them there"
    assert fill(draw(), ROOM, "{o} {is} there", Phrase("the cup")) == "the cup is there"


def test_every_slot_is_filled_and_things_are_named():
    for seed in range(150):
        d = draw(seed)
        target = d.one((("in", "bowl"), ("at", "table"), ("at", "user"), ("holding", "")))
        text = tidy(polite(d, put_clause(d, ROOM, Phrase("the apple"), target)), d)
        assert "{" not in text
        assert "apple" in text.lower()
        assert text[0] == text[0].upper()
        assert "  " not in text


def test_order_words_come_before_what_they_order():
    for seed in range(60):
        text = join(draw(seed), [Clause("take a"), Clause("take b")], ordered=True).text
        assert "{" not in text
        after = text.index("take a") > text.index("take b")
        assert after == any(w in text for w in ("after you", "but first", "once you take a", "before you take b,",
                                                "before anything else", "until you", "but take a first", "not before")
                            if text.index("take b") < text.index("take a"))  # fmt: skip


def test_tidy_sentences():
    assert tidy("could you   move it") == "Could you move it?"
    assert tidy("i think i'd like it , please") == "I think I'd like it, please."
    assert tidy("put it there. then stop") == "Put it there. Then stop."


def test_typos_change_little_and_spare_short_names():
    keep = frozenset({"red", "cup"})
    for seed in range(80):
        text = typos(draw(seed), "put the red cup in the basket", keep, 3)
        assert "red" in text  # perhaps run together with the word before, but whole
        assert "cup" in text
        assert abs(len(text) - 29) <= 4


def test_some_requests_are_rough_and_it_is_said_how():
    texts = [roughened(draw(seed), "Put the apple in the bowl, please.", frozenset()) for seed in range(200)]
    rough = [t for t in texts if t[1]]
    assert 30 < len(rough) < 90
    assert all(t == "Put the apple in the bowl, please." for t, how in texts if not how)
    assert {h for _, how in rough for h in how} >= {"typos", "lower case", "no punctuation"}
