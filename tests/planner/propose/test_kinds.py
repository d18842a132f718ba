"""Kinds and uses: found as phrases, settled by the model's log-odds of every present thing."""

from __future__ import annotations

import pytest

from planner.lm.api import ScriptedLM
from planner.propose.kind_phrases import kind_words
from planner.propose.kinds import NOTHING, memberships, resolve_kinds
from planner.propose.lookup import open_lookup
from planner.propose.mention import Quantity
from planner.propose.reading import read_words
from propose_scene import request_for

NAMES = ("mango", "grape", "grapefruit", "stapler", "grey bowl")
KNOWS = {
    "Fruits:": {"mango": 5.0, "grape": 4.0, "grapefruit": 4.0},
    "Fruit:": {"mango": 5.0, "grape": 4.0, "grapefruit": 4.0},
    "Citrus:": {"grapefruit": 8.0, "mango": 1.5},
    "Something to fasten paper with:": {"stapler": 6.0},
    "Sour things:": {"grapefruit": 4.0},
}


def model():
    def score(prefix, option):
        line = prefix.splitlines()[-1]
        return -10.0 + KNOWS.get(line, {}).get(option.split(maxsplit=1)[1], 0.0)

    return ScriptedLM(score)


def meant(text):
    request = request_for(text, NAMES)
    words = resolve_kinds(model(), read_words(request), request.state)
    return {m.text: set(m.names) for m in words.mentions if m.kind}, words


@pytest.mark.parametrize(
    ("text", "phrase", "names"),
    [
        ("all the fruit goes into the bowl", "fruit", {"mango", "grape", "grapefruit"}),
        ("drop the fruits in the grey bowl, please", "fruits", {"mango", "grape", "grapefruit"}),
        ("get something to fasten paper with", "something to fasten paper with", {"stapler"}),
        ("put the sour things in the bowl", "sour things", {"grapefruit"}),
    ],
)
def test_what_belongs_to_a_kind(text, phrase, names):
    assert meant(text)[0] == {phrase: names}


def test_an_exception_takes_out_what_fits_it_better():
    found, words = meant("the fruit belongs in the bowl, except for the citrus")
    assert found == {"fruit": {"mango", "grape"}, "citrus": {"grapefruit"}}
    assert words.excluded == {"grapefruit"}


def test_a_kind_of_which_nothing_is_here_says_so():
    _, words = meant("bring the drinks to the middle")
    (drinks,) = [m for m in words.mentions if m.kind]
    assert not drinks.names
    assert "drinks" in drinks.missing


def test_one_of_a_kind_is_the_likeliest():
    _, words = meant("pick up a fruit")
    (fruit,) = [m for m in words.mentions if m.kind]
    assert (fruit.names, fruit.quantity) == (("mango",), Quantity.ANY)


def test_every_thing_is_asked_about_in_one_call_with_a_null():
    lm = model()
    odds = memberships(lm, ["fruits", "citrus"], ["mango", "grapefruit"])
    assert odds == [[5.0, 4.0], [1.5, 8.0]]
    assert lm.usage.calls == 1
    assert lm.prompts[-1].endswith(NOTHING)


def test_a_thing_with_a_kind_in_its_name_is_itself():
    request = request_for("take the fruit bowl", ("fruit bowl", "mango"))
    assert [m.names for m in read_words(request).mentions] == [("fruit bowl",)]


def test_headings_are_plural():
    assert [kind_words(p.split()) for p in ("drink", "fresh fruit", "berry", "toys")] == [
        "drinks",
        "fresh fruit",
        "berries",
        "toys",
    ]


def looked_up(text, names):
    request = request_for(text, names)
    lookup = open_lookup()
    words = resolve_kinds(model(), read_words(request, lookup=lookup), request.state, lookup)
    return {n for m in words.mentions if m.kind for n in m.names}


@pytest.mark.parametrize(
    ("text", "names", "chosen"),
    [
        ("pass me a snack", ("pear", "stapler", "coat hanger"), {"pear"}),  # nothing better is here
        ("pass me a snack", ("pear", "pretzels", "stapler"), {"pretzels"}),
        ("put all the snacks in the bowl", ("pear", "stapler", "grey bowl"), set()),
        (
            "put everything that is candy in the grey bowl",
            ("gum drop candy", "mints", "saffron", "grey bowl"),
            {"gum drop candy", "mints"},
        ),
        (
            "put every trophy in the grey bowl",
            ("debate trophy", "medal", "fork", "grey bowl"),
            {"debate trophy", "medal"},
        ),
        ("bring me everything that is canned food", ("stapler", "dartboard", "canned peas"), {"canned peas"}),
        ("bring me everything that is canned food", ("stapler", "dartboard"), set()),
        ("bring me something to drink without alcohol", ("beer", "fork"), set()),
        ("bring me a fruit that isn't red", ("strawberry", "banana", "fork"), {"banana"}),
        ("bring me a fruit that isn't red", ("strawberry", "fork"), set()),
        ("bring me something to eat that is healthy", ("chips", "apple", "fork"), {"apple"}),
        ("bring me something healthy to eat", ("chips", "apple", "fork"), {"apple"}),
        (
            "the fruit goes in the grey bowl and the tools right in the red bowl",
            ("pear", "saw", "grey bowl", "red bowl"),
            {"pear", "saw"},
        ),
        ("put everything that isn't food in the grey bowl", ("pear", "saw", "grey bowl"), {"pear"}),
        ("give me a crunchier vegetable instead", ("carrot", "avocado", "mug"), {"carrot"}),
        ("hand me the crisps packet and a healthier snack too", ("soap", "granola bar", "lollipop"), {"granola bar"}),
    ],
)
def test_one_of_a_kind_may_be_what_is_good_for_it(text, names, chosen):
    assert looked_up(text, names) == chosen


@pytest.mark.parametrize("name", ["chips bag", "cookies jar", "gum packet"])
def test_what_comes_in_a_vessel_is_known_as_a_kind(name):
    assert open_lookup().odds("snacks", [name])[name] > 0
