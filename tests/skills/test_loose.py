"""Loose stuff and spills in the symbolic state: what is in what, what is clean, what a hand may still take."""

from __future__ import annotations

import pytest

from skills.loose import Grains, Patch
from skills.predicates import held_object, share_inside, symbolic_state
from skills.types import Form, ObjectState, Pose, Shape


def stuff(make, vessel: ObjectState, count: int = 10, astray: int = 0) -> ObjectState:
    """Grains on the floor of a vessel, ``astray`` of them beside it."""
    x, y, _ = vessel.pose_world.position
    inside = [(x + 0.004 * i, y, vessel.bottom_z + 0.015) for i in range(count - astray)]
    beside = [(x + 0.3 + 0.02 * i, y, 0.007) for i in range(astray)]
    shape = Shape(Form.SPHERE, (0.014,) * 3)
    return ObjectState(
        "rice", "stuff", shape, vessel.pose_world, 0.001, movable=False, grains=Grains(0.007, (*inside, *beside))
    )


def spill(wiped: int, count: int = 10) -> ObjectState:
    cells = tuple((0.5 + 0.015 * i, 0.1, 0.0) for i in range(count))
    patch = Patch(cells, 0.015, tuple(i < wiped for i in range(count)))
    shape = Shape(Form.BOX, (0.15, 0.015, 0.002))
    return ObjectState("spill", "spill", shape, Pose((0.57, 0.1, 0.001)), movable=False, patch=patch)


def facts(make, *things) -> set[str]:
    return {str(a) for a in symbolic_state(make.seen(*things)).atoms}


@pytest.mark.parametrize(("astray", "inside"), [(0, True), (2, True), (3, False), (10, False)])
def test_four_fifths_of_the_grains_make_it_in(make, astray, inside):
    cup = make.bowl("cup", 0.5, 0.0, movable=True)
    rice = stuff(make, cup, 10, astray)
    assert share_inside(rice, cup) == pytest.approx(1 - astray / 10)
    assert ("in(rice, cup)" in facts(make, cup, rice)) == inside


def test_a_filled_cup_is_where_it_is_and_can_be_picked_up(make):
    cup = make.bowl("cup", 0.5, 0.0, movable=True)
    known = facts(make, cup, stuff(make, cup))
    assert {"in(rice, cup)", "at(rice, table)", "clear(cup)", "at(cup, table)"} <= known


def test_a_spill_carries_nothing_and_is_clean_from_nine_tenths_on(make):
    block = make.block("red block", 0.57, 0.1, 0.001)
    known = facts(make, spill(8), block)
    assert {"at(spill, table)", "at(red block, table)"} <= known
    assert not {"on(red block, spill)", "clean(spill)"} & known
    assert "clean(spill)" in facts(make, spill(9))


def test_types(make):
    cup, bottle = make.bowl("cup", 0.5, 0.0, movable=True), make.can("can", 0.3, 0.2)
    sponge = make.thing("sponge", Form.BOX, (0.1, 0.065, 0.03), 0.7, 0.2, wipes=True)
    state = symbolic_state(make.seen(cup, bottle, sponge, stuff(make, cup), spill(0)))
    assert state.of_type("stuff") == ("rice",)
    assert state.of_type("spill") == ("spill",)
    assert state.of_type("vessel") == ("cup",)
    assert state.of_type("wiper") == ("sponge",)
    assert not {"rice", "spill"} & {*state.of_type("movable"), *state.of_type("support"), *state.of_type("container")}


def test_no_hand_holds_loose_stuff(make):
    cup = make.bowl("cup", 0.4, 0.0, movable=True)
    rice = stuff(make, cup)
    seen = make.seen(rice, tool=Pose(rice.pose_world.position, (1.0, 0.0, 0.0, 0.0)), width=0.014, holding=True)
    assert held_object(seen) != "rice"
