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
