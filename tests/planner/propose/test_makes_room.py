"""What is taken out of something before something else goes in."""

from __future__ import annotations

import kitchen_scene
import pytest
from kitchen_scene import PLACES, decided

from planner.learn.room import Item, Room
from planner.plan import Act, Refuse

BOWL, THING = frozenset({"movable", "container"}), frozenset({"movable", "support"})


@pytest.fixture
def bowl(monkeypatch):
    items = (
        Item("bowl", "", BOWL, ("at", "table"), "bowl"),
        Item("apple", "", THING, ("in", "bowl"), "apple"),
        Item("pear", "", THING, ("at", "far counter"), "pear"),
    )
    monkeypatch.setattr(kitchen_scene, "kitchen", lambda things=None: Room("kitchen", PLACES, items, "user", "kitchen"))


@pytest.mark.parametrize(
    "text",
    [
        "replace the apple in the bowl with the pear",
        "take the apple out of the bowl. put the pear in the bowl",
        "take the apple out of the bowl and put the pear in it",
        "remove the apple from the bowl, then put the pear in there",
    ],
)
def test_it_leaves_and_the_other_goes_in(bowl, text):
    decision = decided(text)
    assert isinstance(decision, Act), decision
    goal = {str(x) for x in decision.plan.goal.literals()}
    assert {"in(pear, bowl)", "not in(apple, bowl)"} <= goal
    assert not {"holding(apple)", "in(apple, bowl)"} & goal


def test_alone_it_is_taken_in_hand_or_away(bowl):
    decision = decided("take the apple out of the bowl")
    assert isinstance(decision, Act), decision
    assert "in(apple, bowl)" not in {str(x) for x in decision.plan.goal.literals()}


def test_upside_down_is_refused(bowl):
    found = decided("put the bowl upside down")
    assert isinstance(found, Refuse)
    assert "turn upside down" in found.failure.detail


@pytest.mark.parametrize(
    ("things", "text", "goal"),
    [
        ({"green bowl": "", "red bowl": "", "walnut": "green bowl"}, "put the walnut in the other bowl", "red bowl"),
        ({"big bowl": "", "flat bowl": "", "key": "flat bowl"}, "move the key over to the other bowl", "big bowl"),
        ({"big bowl": "", "flat bowl": "", "key": "flat bowl", "pin": "flat bowl"},
         "the key and the pin belong in the other bowl", "big bowl"),
    ],
)  # fmt: skip
def test_the_other_one_is_the_one_it_is_not_in(monkeypatch, things, text, goal):
    items = tuple(
        Item(n, "", BOWL if "bowl" in n else THING, ("in", at) if at else ("at", "table"), n)
        for n, at in things.items()
    )
    monkeypatch.setattr(kitchen_scene, "kitchen", lambda things=None: Room("kitchen", PLACES, items, "user", "kitchen"))
    decision = decided(text)
    assert isinstance(decision, Act)
    moved = [n for n, at in things.items() if at]
    assert {str(x) for x in decision.plan.goal.literals() if x.positive} == {f"in({n}, {goal})" for n in moved}


def test_the_other_bowl_is_asked_about_where_it_is_in_none(monkeypatch):
    items = tuple(
        Item(n, "", BOWL if "bowl" in n else THING, ("at", "table"), n) for n in ("big bowl", "flat bowl", "key")
    )
    monkeypatch.setattr(kitchen_scene, "kitchen", lambda things=None: Room("kitchen", PLACES, items, "user", "kitchen"))
    assert not isinstance(decided("put the key in the other bowl"), Act)
