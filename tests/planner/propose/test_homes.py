"""Where things belong by the knowledge, and what is not safe where."""

from __future__ import annotations

import pytest

from planner.learn.knowledge import Entry, Knowledge
from planner.propose.homes import home_of, unsafe_pairs
from planner.propose.lookup import Lookup, open_lookup
from planner.propose.reading import read_words
from propose_scene import request_for

LOOKUP = Lookup(
    Knowledge([
        Entry("apple", ("fruit",), homes=("fridge", "fruit bowl")),
        Entry("soap", ("toiletry",), homes=("sink",)),
        Entry("fork", ("cutlery",), unsafe=("microwave",)),
        Entry("metal fork", ("cutlery",), materials=("metal",)),
        Entry("plastic fork", ("cutlery",), materials=("plastic",)),
    ])
)  # fmt: skip


def test_the_best_home_that_is_here() -> None:
    assert home_of("apple", ["box", "fruit bowl"], LOOKUP) == "fruit bowl"
    assert home_of("apple", ["fruit bowl", "kitchen fridge"], LOOKUP) == "kitchen fridge"
    assert home_of("soap", ["box", "fruit bowl"], LOOKUP) == ""
    assert home_of("stone", ["box"], LOOKUP) == ""


def test_everything_where_it_belongs_moves_what_has_a_home_here() -> None:
    request = request_for("put everything where it belongs", ("apple", "soap", "fruit bowl"))
    assert [str(a) for a in read_words(request, (), LOOKUP).restored] == ["in(apple, fruit bowl)"]


def test_other_words_do_not() -> None:
    request = request_for("put the apple in the fruit bowl", ("apple", "soap", "fruit bowl"))
    assert read_words(request, (), LOOKUP).restored == ()


@pytest.mark.parametrize(
    ("said", "put"),
    [
        ("put the apple away", {"in(apple, fruit bowl)"}),
        ("please store the fruit away", {"in(apple, fruit bowl)"}),
        ("sort everything into its proper place for me", {"in(apple, fruit bowl)", "in(metal fork, cutlery bowl)"}),
        ("put the cutlery away", {"in(metal fork, cutlery bowl)"}),
        ("put the apple and the soap away", set()),  # no home of the soap is here: to be asked
        ("throw the apple away", set()),
    ],
)
def test_put_away_is_to_where_it_belongs(said: str, put: set[str]) -> None:
    request = request_for(said, ("apple", "soap", "metal fork", "fruit bowl", "cutlery bowl"))
    assert {str(a) for a in read_words(request, (), LOOKUP).restored} == put


def test_a_container_called_after_the_thing_or_its_kind_is_a_home() -> None:
    assert home_of("blue pen", ["fruit bowl", "pen holder"], LOOKUP) == "pen holder"
    assert home_of("metal fork", ["fork lift bowl", "cutlery tray"], LOOKUP) == "cutlery tray"
    assert home_of("metal fork", ["metal box", "fruit bowl"], LOOKUP) == ""
    spoon = Lookup(Knowledge([Entry("spoon", ("cutlery",), homes=("table",))]))
    assert home_of("spoon", ["cutlery tray", "table"], spoon) == "cutlery tray"
    assert home_of("spoon", ["box", "table"], spoon) == "table"


def test_what_is_unsafe_where() -> None:
    state = request_for("x", ("fork", "apple", "microwave bowl")).state
    assert unsafe_pairs(state, LOOKUP) == {("fork", "microwave bowl")}


def test_a_metal_one_is_no_safer_than_others_of_its_noun() -> None:
    state = request_for("x", ("metal fork", "plastic fork", "microwave bowl")).state
    assert unsafe_pairs(state, LOOKUP) == {("metal fork", "microwave bowl")}


def test_flames_and_what_they_set_alight() -> None:
    lookup = open_lookup()
    state = request_for("tidy up", ("lit candle", "newspaper", "candle", "steel spoon")).state
    found = unsafe_pairs(state, lookup)
    assert {("lit candle", "newspaper"), ("newspaper", "lit candle")} <= found
    assert not any({"candle", "steel spoon"} & set(pair) and "newspaper" in pair for pair in found)
