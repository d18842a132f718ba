from __future__ import annotations

import math

import pytest
from tabletops import world_of

from envs.facts import PhysicalFacts
from skills.symbols import parse_literal

LYING = (math.sin(math.pi / 4), 0.0, 0.0, math.cos(math.pi / 4))


def facts_of(world, settle=240):
    world.step(settle)
    return PhysicalFacts(world, world.spec.regions)


def says(facts, *texts):
    return [facts.holds(parse_literal(t)) for t in texts]


def test_stacks_and_places():
    with world_of(
        ("red block", (0.36, -0.2, 0.02)), ("blue block", (0.36, -0.2, 0.061)), ("green block", (0.362, -0.2, 0.102))
    ) as world:
        facts = facts_of(world)
        assert says(facts, "on(blue block, red block)", "on(green block, blue block)") == [True, True]
        assert (
            says(facts, "on(green block, red block)", "on(red block, blue block)", "in(blue block, red block)")
            == [False] * 3
        )
        for name in world.bodies:
            for place in ("top left corner", "top side", "left side", "table"):
                assert facts.at(name, place)
            assert not facts.at(name, "middle")
        assert says(facts, "clear(green block)", "clear(blue block)", "hand_empty()", "home()") == [
            True,
            False,
            True,
            True,
        ]
        assert says(facts, "not on(red block, blue block)", "upright(red block)", "closed(red block)") == [
            True,
            True,
            False,
        ]


def test_in_a_bowl_and_on_its_rim():
    with world_of(
        ("blue bowl", (0.5, 0.1, 0.0275)),
        ("red block", (0.5, 0.1, 0.04)),
        ("lemon", (0.5, 0.1, 0.1)),
        ("tin", (0.4, -0.2, 0.055)),
    ) as world:
        facts = facts_of(world, 600)
        assert says(facts, "in(red block, blue bowl)", "in(lemon, blue bowl)", "on(red block, blue bowl)") == [True] * 3
        assert says(facts, "at(red block, middle)", "at(lemon, table)", "in(tin, blue bowl)") == [True, True, False]
    with world_of(("tray", (0.5, 0.0, 0.015)), ("carrot", (0.5, 0.085, 0.06))) as world:  # across the wall of the tray
        facts = facts_of(world)
        carrot = facts.state("carrot").pose_world
        assert abs(carrot.position[1]) > 0.03
        assert says(facts, "at(carrot, table)") == [True]
    with world_of(("bottle", (0.5, 0.0, 0.09)), ("blue bowl", (0.5, 0.2, 0.0275)), ("can", (0.5, 0.2, 0.075))) as world:
        assert says(facts_of(world), "in(can, blue bowl)", "upright(can)", "upright(bottle)") == [True] * 3


def test_a_neighbour_carries_nothing_though_it_touches():
    with world_of(("disc", (0.5, 0.0, 0.0125)), ("red block", (0.5 + 0.03 + 0.02, 0.0, 0.02))) as world:
        facts = facts_of(world, 30)
        assert facts.truth.force("disc", "red block") >= 0
        assert says(facts, "on(red block, disc)", "on(disc, red block)", "clear(disc)") == [False, False, True]


def test_a_thing_above_a_bowl_that_touches_nothing_is_nowhere():
    with world_of(("blue bowl", (0.5, 0.1, 0.0275)), ("red block", (0.5, 0.1, 0.055))) as world:
        facts = facts_of(world, 1)  # still falling
        assert (
            says(facts, "in(red block, blue bowl)", "on(red block, blue bowl)", "at(red block, table)") == [False] * 3
        )


def test_tipped_over():
    with world_of(("blue bowl", (0.5, 0.1, 0.08), LYING), ("can", (0.4, -0.2, 0.031), LYING)) as world:
        facts = facts_of(world)
        assert says(facts, "upright(can)", "at(can, left side)") == [False, True]


def test_a_bridge_rests_on_both():
    with world_of(
        ("red block", (0.5, 0.0, 0.02)), ("blue block", (0.5, 0.09, 0.02)), ("carrot", (0.5, 0.045, 0.056), math.pi / 2)
    ) as w:
        assert says(facts_of(w), "on(carrot, red block)", "on(carrot, blue block)", "in(carrot, red block)") == [
            True,
            True,
            False,
        ]


def test_receptacles_stand_and_contain():
    with world_of(("drawer", (0.5, 0.2, 0.035), 0.0, "receptacle"), ("apple", (0.5, 0.2, 0.06))) as world:
        facts = facts_of(world)
        assert (
            says(facts, "in(apple, drawer)", "at(apple, right side)", "at(drawer, right side)", "open(drawer)")
            == [True] * 4
        )


def test_what_the_fingers_press_is_held_and_rests_nowhere():
    with world_of(("red block", (0.5, 0.0, 0.02)), ("sponge", (0.5, 0.2, 0.015)), holding="sponge") as world:
        facts = facts_of(world, 60)
        assert says(facts, "holding(sponge)", "hand_empty()", "holding(red block)", "at(sponge, table)") == [
            True,
            False,
            False,
            False,
        ]


def test_unknown_names_list_what_is_there():
    with world_of(("red block", (0.5, 0.0, 0.02))) as world:
        facts = facts_of(world, 10)
        with pytest.raises(KeyError, match="no object 'cup'; present: red block"):
            says(facts, "clear(cup)")
        with pytest.raises(KeyError, match="no place 'moon'; places: top left"):
            says(facts, "at(red block, moon)")
