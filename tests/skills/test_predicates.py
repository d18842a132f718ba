from __future__ import annotations

import math

import numpy as np
import pytest

from skills.mechanisms import Mechanism, Motion
from skills.predicates import UNSEEN, held_object, holds, is_support, symbolic_state, types_of
from skills.symbols import parse_literal
from skills.types import Form, Pose, Region


def facts(obs) -> set[str]:
    return {str(a) for a in symbolic_state(obs).base if a.predicate != "upright"}


def test_standing_on_the_table_is_at_every_region_around(make):
    corner = Region("corner", (0.2, 0.2), (0.4, 0.5))
    side = Region("left side", (0.2, 0.2), (0.9, 0.5))
    table = Region("table", (0.2, -0.5), (0.9, 0.5))
    obs = make.seen(make.block("a", 0.3, 0.3), make.block("b", 0.6, -0.3), regions=(corner, side, table))
    state = symbolic_state(obs)
    assert {str(a) for a in state.atoms if a.predicate == "at"} == {
        "at(a, corner)", "at(a, left side)", "at(a, table)", "at(b, table)",
    }  # fmt: skip
    assert state.within["corner"] == {"left side", "table"}


def test_lifted_or_beyond_the_border_is_not_at(make):
    obs = make.seen(make.block("high", 0.4, 0.0, 0.02), make.block("out", 0.95, 0.0), make.block("edge", 0.89, 0.1))
    assert facts(obs) == {"at(edge, table)"}


def test_stack_chain_and_at_through_carriers(make):
    obs = make.seen(make.block("a", 0.4, 0), make.block("b", 0.405, 0.004, 0.04), make.block("c", 0.4, 0.01, 0.08))
    assert facts(obs) == {"at(a, table)", "on(b, a)", "on(c, b)"}
    for text in ("at(c, table)", "clear(c)", "not clear(a)", "not on(c, a)", "hand_empty()"):
        assert holds(parse_literal(text), obs), text


def test_in_a_bowl_is_in_and_on_but_a_lid_is_only_on(make):
    lid = make.thing("plate", Form.BOX, (0.19, 0.19, 0.012), 0.6, 0.2, 0.06)
    obs = make.seen(make.bowl("bowl", 0.4, 0), make.block("a", 0.42, 0.0, 0.006), make.bowl("other", 0.6, 0.2), lid)
    assert facts(obs) == {"at(bowl, table)", "in(a, bowl)", "at(other, table)", "on(plate, other)"}
    for text in ("on(a, bowl)", "at(a, table)", "not clear(bowl)", "not in(plate, other)", "at(plate, table)"):
        assert holds(parse_literal(text), obs), text


def test_tower_in_a_bowl(make):
    """The second block's underside is below the rim: it lies in the bowl and rests on the first; the third does not."""
    obs = make.seen(
        make.bowl("bowl", 0.4, 0), make.block("a", 0.4, 0, 0.006), make.block("b", 0.4, 0, 0.046),
        make.block("c", 0.4, 0, 0.086),
    )  # fmt: skip
    assert facts(obs) == {"at(bowl, table)", "in(a, bowl)", "in(b, bowl)", "on(b, a)", "on(c, b)"}


def test_beside_or_on_the_rim_of_a_bowl_is_not_in_it(make):
    tilted = Pose.of((0.485, 0.0, 0.05), make.lying(math.radians(40)))
    obs = make.seen(make.bowl("bowl", 0.4, 0), make.block("beside", 0.52, 0.0), make.block("rim", 0, 0, pose=tilted))
    assert not {f for f in facts(obs) if f.startswith("in(")}


@pytest.mark.parametrize(("shift", "expected"), [(0.0, True), (0.018, True), (0.03, False), (0.06, False)])
def test_half_hanging(make, shift, expected):
    """A block stays put while its centre is over the block below."""
    obs = make.seen(make.block("a", 0.4, 0), make.block("b", 0.4 + shift, 0, 0.04))
    assert holds(parse_literal("on(b, a)"), obs) is expected


def test_a_bridge_rests_on_both_piers(make):
    plank = make.thing("plank", Form.BOX, (0.14, 0.03, 0.02), 0.45, 0, 0.04)
    obs = make.seen(make.block("a", 0.4, 0), make.block("b", 0.5, 0), plank)
    assert {"on(plank, a)", "on(plank, b)"} <= facts(obs)


def test_neighbours_that_touch_are_not_on_each_other(make):
    obs = make.seen(make.block("a", 0.4, 0), make.block("b", 0.4385, 0.0))
    assert facts(obs) == {"at(a, table)", "at(b, table)"}


def test_leaning_on_a_neighbour_stands_on_the_table(make):
    """Lower edge on the table, upper side against a block: it is at the table and not on the block."""
    angle = math.radians(50)
    centre_z = 0.03 * math.sin(angle) + 0.01 * math.cos(angle)
    leaning = make.thing(
        "book", Form.BOX, (0.04, 0.06, 0.02), 0, 0, pose=Pose.of((0.4, 0.045, centre_z), make.lying(-angle))
    )
    obs = make.seen(make.block("a", 0.4, 0.0), leaning)
    assert "at(book, table)" in facts(obs)
    assert "on(book, a)" not in facts(obs)


def test_fallen_can_is_at_the_table_and_no_support(make):
    fallen = make.can("can", 0, 0, pose=Pose.of((0.4, 0, 0.033), make.lying(math.pi / 2)))
    obs = make.seen(fallen, make.apple("apple", 0.6, 0.1))
    assert facts(obs) == {"at(apple, table)", "at(can, table)"}
    assert not holds(parse_literal("upright(can)"), obs)
    assert not is_support(fallen)
    assert is_support(make.can("can", 0.4, 0))


def test_things_on_a_fallen_box_and_thin_things_between(make):
    carton = make.thing(
        "carton", Form.BOX, (0.06, 0.1, 0.2), 0, 0, pose=Pose.of((0.4, 0, 0.05), make.lying(math.pi / 2))
    )
    thin = make.thing("card", Form.BOX, (0.09, 0.06, 0.005), 0.6, 0.2)
    obs = make.seen(carton, make.block("a", 0.4, 0.03, 0.1), thin, make.block("b", 0.6, 0.2, 0.005))
    assert facts(obs) == {"at(carton, table)", "on(a, carton)", "at(card, table)", "on(b, card)"}


def test_types(make):
    assert types_of(make.block("a", 0, 0)) == {"thing", "movable", "support"}
    assert types_of(make.apple("a", 0, 0)) == {"thing", "movable"}
    assert types_of(make.bowl("a", 0, 0)) == {"thing", "container"}
    assert types_of(make.bowl("a", 0, 0, movable=True)) == {"thing", "movable", "container", "vessel"}
    assert types_of(make.thing("pen", Form.BOX, (0.15, 0.01, 0.01), 0, 0)) == {"thing", "movable"}


def test_held_thing_rests_on_nothing_and_hand_is_not_empty(make):
    block = make.block("a", 0.4, 0.0, 0.0)
    tool = Pose.of((0.4, 0, 0.02), (1, 0, 0, 0))
    obs = make.seen(block, tool=tool, width=0.04, holding=True)
    assert facts(obs) == {"holding(a)"}
    assert not holds(parse_literal("hand_empty()"), obs)
    assert not holds(parse_literal("at(a, table)"), obs)


def test_holding_by_width_when_the_robot_cannot_tell(make):
    tool = Pose.of((0.4, 0, 0.02), (1, 0, 0, 0))
    block = make.block("a", 0.4, 0.0)
    assert held_object(make.seen(block, tool=tool, width=0.041, holding=None)) == "a"
    assert held_object(make.seen(block, tool=tool, width=0.08, holding=None)) is None
    assert held_object(make.seen(block, tool=tool.moved(dz=0.2), width=0.041, holding=None)) is None
    assert held_object(make.seen(block, tool=tool, width=0.0, holding=None)) is None


def test_a_grasp_of_something_unknown_keeps_the_hand_from_counting_as_empty(make):
    obs = make.seen(make.block("a", 0.6, 0.3), width=0.03, holding=True)
    assert held_object(obs) == UNSEEN
    assert not holds(parse_literal("hand_empty()"), obs)


def test_block_in_a_bowl_is_held_rather_than_the_bowl(make):
    tool = Pose.of((0.42, 0, 0.03), (1, 0, 0, 0))
    obs = make.seen(
        make.bowl("bowl", 0.4, 0, movable=True), make.block("a", 0.42, 0, 0.006), tool=tool, width=0.04, holding=True
    )
    assert held_object(obs) == "a"


def test_home_open_and_robot_place(make):
    shares = {"drawer": 0.9, "door": 0.03, "lid": 0.3}
    joints = {n: Mechanism(Motion.SLIDE, n, travel=0.2, position=0.2 * s) for n, s in shares.items()}
    things = [make.bin(n, 0.4, 0.0, joint=j, pose=Pose((0.4, 0.0, 0.5))) for n, j in joints.items()]
    obs = make.seen(*things, robot_at="table", visited=frozenset({"table"}), extra={"home": (0.01,)})
    state = symbolic_state(obs)
    told = {str(a) for a in state.base if a.predicate not in ("upright", "in")}
    assert told == {"open(drawer)", "closed(door)", "robot_at(table)", "visited(table)", "home()"}
    assert holds(parse_literal("closed(door)"), obs)
    assert not holds(parse_literal("closed(lid)"), obs)
    assert not holds(parse_literal("closed(drawer)"), obs)


def test_small_pose_noise_changes_nothing(make):
    """3 mm of noise on every pose: the same facts in 200 draws."""
    rng = np.random.default_rng(0)
    things = [make.block("a", 0.4, 0), make.block("b", 0.4, 0, 0.04), make.bowl("bowl", 0.6, 0.2),
              make.apple("apple", 0.6, 0.2, 0.006)]  # fmt: skip
    clean = facts(make.seen(*things))
    assert clean == {"at(a, table)", "on(b, a)", "at(bowl, table)", "in(apple, bowl)"}
    from dataclasses import replace

    for _ in range(200):
        noisy = [
            replace(t, pose_world=t.pose_world.moved(*np.clip(rng.normal(0, 0.002, 3), -0.0039, 0.0039)))
            for t in things
        ]
        assert facts(make.seen(*noisy)) == clean


def test_a_tall_pot_in_a_wider_flat_one_is_in_it(make):
    """The one with the wider opening is around the other, whichever holds more."""
    flat = make.thing("pot", Form.BOWL, (0.18, 0.18, 0.06), 0.5, 0.0, wall=0.006)
    tall = make.thing("flower pot", Form.BOWL, (0.15, 0.15, 0.09), 0.5, 0.0, 0.006, wall=0.006)
    assert {f for f in facts(make.seen(flat, tall)) if f.startswith("in(")} == {"in(flower pot, pot)"}


def test_of_two_nested_containers_the_smaller_one_is_inside(make):
    """A basket around a mug: seen from the mug, the basket's centre lies within the mug's opening."""
    basket = make.thing("basket", Form.BIN, (0.20, 0.20, 0.10), 0.5, 0.0, wall=0.005)
    mug = make.thing("mug", Form.BOWL, (0.08, 0.08, 0.09), 0.5, 0.0, 0.005, wall=0.004)
    assert {f for f in facts(make.seen(basket, mug)) if f.startswith("in(")} == {"in(mug, basket)"}
