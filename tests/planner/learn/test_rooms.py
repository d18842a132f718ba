from __future__ import annotations

import numpy as np
import pytest

from envs.scenes import load_scene
from planner.learn.draw import Draw
from planner.learn.knowledge import load_knowledge
from planner.learn.room import CONTAINER, MOVABLE, RECEPTACLE, Item
from planner.learn.rooms import Builder, types_of
from planner.learn.splits import view_of


def builder(seed=0, kind=""):
    return Builder(Draw(view_of(load_knowledge(), "train"), np.random.default_rng(seed)), kind)


@pytest.mark.parametrize("kind", ["tabletop", "kitchen"])
def test_scenes_that_are_shipped_have_their_places(kind):
    rooms = [builder(seed, kind).room() for seed in range(12)]
    shipped = [r for r in rooms if r.scene == kind]
    assert shipped
    scene = load_scene(kind)
    for r in shipped:
        assert set(r.places) == set(scene.places)
        assert all(r.within.get(p, frozenset()) == scene.within[p] for p in scene.places)


def test_names_are_told_apart():
    for seed in range(25):
        b = builder(seed)
        b.fill(8)
        b.container()
        names = [frozenset(n.split()) for n in b.items]
        assert not any(x <= y for i, x in enumerate(names) for k, y in enumerate(names) if i != k)


def test_a_name_that_others_hold_or_that_is_a_place_is_refused():
    b = builder(1, "tabletop")
    b.put(Item("coffee cup", "", frozenset({MOVABLE}), ("at", "middle")))
    assert not b.clear("cup")
    assert not b.clear("red coffee cup")
    assert not b.clear("middle")
    assert b.clear("tea cup")


def test_types_are_those_of_the_simulated_bodies():
    assert CONTAINER in types_of("red bowl")
    assert CONTAINER not in types_of("red block")
    assert MOVABLE in types_of("some unheard-of thing")


def test_receptacles_stay_and_bowls_move():
    b = builder(2, "kitchen")
    assert b.receptacle().of(RECEPTACLE)
    bowl = b.movable_container()
    assert bowl.of(MOVABLE)
    assert bowl.of(CONTAINER)


def test_where_things_are_through_what_carries_them():
    b = builder(3, "tabletop")
    b.put(Item("bowl", "", types_of("bowl"), ("at", "top left corner")))
    b.put(Item("apple", "apple", types_of("apple"), ("in", "bowl")))
    b.said = "all"
    r = b.room()
    assert r.place_of("apple") == "top left corner"
    assert r.there("apple", ("at", "left side"))
    assert not r.there("apple", ("at", "right side"))
    assert ("apple", "in the bowl") in r.things()
    assert ("in", "bowl") in r.targets("apple")
    assert ("in", "bowl") not in r.targets("bowl")
