from __future__ import annotations

from itertools import islice

import pytest

from planner.ground.search import search
from planner.learn.examples import stream
from planner.learn.knowledge import load_knowledge
from planner.learn.plans import Stuck, plan_of
from planner.learn.room import CONTAINER, HAND, MOVABLE, SUPPORT, Item, Room
from skills.library import default_library

BLOCK, BOWL = frozenset({MOVABLE, SUPPORT}), frozenset({MOVABLE, CONTAINER})


def room(*items, robot_at=""):
    places = ("middle", "left side") if not robot_at else ("table", "user")
    return Room("tabletop", places, items, scene="tabletop", robot_at=robot_at)


def block(name, at=("at", "middle")):
    return Item(name, types=BLOCK, at=at)


def test_what_lies_on_a_thing_is_put_aside_first():
    r = room(block("red"), block("blue", ("on", "red")), Item("bowl", types=BOWL, at=("at", "left side")))
    assert plan_of(r, {"red": ("in", "bowl")}, None) == (
        "pick up the blue", "put the blue at the middle", "pick up the red", "put the red in the bowl",
    )  # fmt: skip


def test_towers_grow_from_the_bottom_and_the_order_that_was_said_is_kept():
    r = room(block("a"), block("b"), block("c"))
    tower = plan_of(r, {"a": ("on", "b"), "b": ("on", "c")}, None)
    assert tower == ("pick up the b", "put the b on the c", "pick up the a", "put the a on the b")
    there = ("at", "left side")
    assert plan_of(r, {"a": there, "b": there}, ("b", "a"))[0] == "pick up the b"


def test_what_is_held_is_put_down_and_what_is_to_be_held_comes_last():
    r = room(block("a", None), block("b"))
    assert plan_of(r, {"b": HAND}, None) == ("put the a at the left side", "pick up the b")
    assert plan_of(r, {"b": HAND, "a": ("at", "middle")}, None)[-1] == "pick up the b"


def test_a_robot_that_drives_goes_where_things_are():
    r = room(block("cup", ("at", "table")), robot_at="user")
    steps = ("go to the table", "pick up the cup", "go to the user", "put the cup at the user")
    assert plan_of(r, {"cup": ("at", "user")}, None) == steps


def test_what_cannot_be_done_gets_no_plan():
    three = room(block("a"), block("b"), block("c"))
    assert plan_of(three, {"a": ("on", "c"), "b": ("on", "c")}, None) is None
    assert plan_of(three, {"a": ("on", "b"), "b": ("on", "a")}, None) is None
    full = room(block("a", None), block("b"), block("c", ("on", "b")))  # the hand is full, and so is the support
    with pytest.raises(Stuck):
        plan_of(full, {"a": ("on", "b")}, None)


def test_search_finds_no_much_shorter_way():
    library, tried = default_library(), 0
    for e in islice(stream(load_knowledge(), "train", 9, ["direct", "bring", "unstack", "all of a kind"]), 60):
        if e.plan is None or e.order is not None or len(e.room.items) > 6 or len(e.goes) > 2:
            continue
        found = search(library, e.room.state(), e.goal, max_expanded=400)
        if found is None:
            continue
        tried += 1
        assert len(e.plan) <= len(found.steps) + 2, e.plan
    assert tried >= 3
