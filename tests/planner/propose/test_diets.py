"""What somebody must not eat: left out of what would do, never out of what is asked for by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planner.learn.knowledge import Entry, Knowledge
from planner.lm.api import ScriptedLM
from planner.plan import Context
from planner.propose.diets import avoided, barred, told
from planner.propose.kinds import resolve_kinds
from planner.propose.lookup import Lookup
from planner.propose.reading import read_words
from propose_scene import request_for

LOOKUP = Lookup(
    Knowledge([
        Entry("ham", ("meat", "food"), uses=("eat",)),
        Entry("walnut", ("nut", "snack", "food"), uses=("eat", "snack on")),
        Entry("plum", ("fruit", "food"), uses=("eat", "snack on")),
        Entry("cheddar", ("dairy product", "food"), uses=("eat",)),
        Entry("lager", ("drink",), uses=("drink",), properties=("alcoholic",)),
        Entry("lemonade", ("drink",), uses=("drink",)),
    ])
)  # fmt: skip
NAMES = ("ham", "walnut", "plum", "cheddar", "lager", "lemonade")


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("my aunt is a strict vegetarian", {"meat", "fish", "shellfish"}),
        ("He's lactose-intolerant", {"dairy product"}),
        ("I'm allergic to walnuts and eggs", {"walnut", "egg"}),
        ("the boy has a peanut allergy", {"peanut"}),
        ("we don't eat pork", {"pork", "bacon", "ham", "sausage"}),
        ("she can't drink any alcohol", {"alcoholic"}),
        ("stay away from seafood", {"fish", "shellfish"}),
        ("I'm tired and want to eat", set()),
        ("don't eat yet, put the ham away", set()),
    ],
)
def test_what_is_avoided(said, parts):
    assert parts <= set(avoided(said))
    assert bool(parts) == bool(avoided(said))


def test_what_is_called_after_a_part_has_it():
    assert barred(("peanut",), ("peanut butter", "plum"), None) == {"peanut butter"}
    assert barred(("meat", "dairy product"), NAMES, LOOKUP) == {"ham", "cheddar"}


def test_the_statement_itself_asks_for_nothing():
    assert told("I have a nut allergy. Bring me a plum.") == "Bring me a plum."
    assert told("I'm vegan, so bring me a plum.") == "I'm vegan, so bring me a plum."
    assert told("I have a nut allergy.") == "I have a nut allergy."


def chosen(text, notes=()):
    request = replace(request_for(text, NAMES), context=Context(tuple(notes)))
    words = resolve_kinds(ScriptedLM(lambda a, b: -5.0), read_words(request, (), LOOKUP), request.state, LOOKUP)
    return [(set(m.names), m.missing) for m in words.mentions if m.kind or m.names]


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("I'm a vegan. Give me something to eat.", {"plum", "walnut"}),
        ("I'm allergic to nuts. Hand me a snack.", {"plum"}),
        ("I never drink alcohol. Get me a drink.", {"lemonade"}),
    ],
)
def test_none_of_it_is_brought(text, allowed):
    (names, missing), *_ = chosen(text)
    assert names
    assert names <= allowed
    assert not missing


def test_a_note_says_it_too():
    assert chosen("give me a snack", ["The guest is allergic to nuts."])[0][0] == {"plum"}


def test_where_nothing_may_be_had_nothing_is_brought():
    (names, missing), *_ = chosen("I'm allergic to plums and nuts. Give me a snack.")
    assert not names
    assert missing


def test_what_is_named_is_meant():
    assert chosen("I'm allergic to nuts. Put the walnut on the left side.")[0][0] == {"walnut"}
