"""What stands near what, and where a thing is put so that it does."""

from __future__ import annotations

import math

import numpy as np
import pytest

from skills.place_near import CLOSE, FAR, near_spots
from skills.predicates import symbolic_state
from skills.relations import gap
from skills.types import Form, Region

TABLE = Region("table", (0.2, -0.5), (0.9, 0.5), view=(-1.0, 0.0))  # seen from far out, towards the robot: left is -y
BLIND = Region("table", (0.2, -0.5), (0.9, 0.5))
OPPOSITE = {"left_of": "right_of", "right_of": "left_of", "in_front_of": "behind", "behind": "in_front_of"}
WAYS = {"left_of": (0, -1), "right_of": (0, 1), "in_front_of": (1, 0), "behind": (-1, 0)}


def near(make, *things, region=TABLE) -> set[str]:
    return {str(a) for a in symbolic_state(make.seen(*things, regions=(region,))).relations}


@pytest.mark.parametrize("side", WAYS)
@pytest.mark.parametrize("slant", [-40, 0, 40])
def test_sides_are_those_of_who_looks(make, side, slant):
    """Within half a right angle it is on that side, and the other thing on the opposite one."""
    way = math.atan2(*WAYS[side][::-1]) + math.radians(slant)
    other = make.can("can", 0.55 + 0.2 * math.cos(way), 0.2 * math.sin(way))
    block = make.block("block", 0.55, 0.0)
    found = near(make, block, other)
    assert {f"{side}(can, block)", f"{OPPOSITE[side]}(block, can)"} <= found
    assert f"{OPPOSITE[side]}(can, block)" not in found
    assert "beside(can, block)" not in found  # 15 cm apart


def test_next_to_each_other_up_to_ten_centimetres_and_nobody_said_left(make):
    block = make.block("block", 0.5, 0.0)
    assert near(make, block, make.block("b", 0.5, 0.13), region=BLIND) == {"beside(b, block)", "beside(block, b)"}
    assert near(make, block, make.block("b", 0.5, 0.145), region=BLIND) == set()


def test_what_is_carried_is_where_its_carrier_is(make):
    """The cake on a tray is next to the cup beside the tray; tray and cake are not next to each other."""
    tray = make.thing("tray", Form.BOX, (0.2, 0.2, 0.02), 0.5, 0.0)
    cake = make.block("cake", 0.5, 0.05, 0.02)
    found = near(make, tray, cake, make.can("cup", 0.5, 0.18))
    assert {"beside(cup, tray)", "beside(cup, cake)", "beside(cake, cup)"} <= found
    assert not {f for f in found if "tray" in f and "cake" in f}
    two = near(make, tray, cake, make.block("bun", 0.5, -0.04, 0.02))
    assert {"beside(bun, cake)", "left_of(bun, cake)"} <= two


def test_at_another_height_nothing_is_near(make):
    crate = make.thing("crate", Form.BOX, (0.2, 0.2, 0.2), 0.5, 0.0)
    assert "beside(a, b)" not in near(make, crate, make.block("a", 0.5, 0.05, 0.2), make.block("b", 0.5, 0.05, 0.4))


@pytest.mark.parametrize("side", ["beside", *WAYS])
@pytest.mark.parametrize(
    "thing",
    [
        ("block", Form.BOX, (0.04, 0.04, 0.04)),
        ("fork", Form.BOX, (0.19, 0.025, 0.015)),
        ("can", Form.CYLINDER, (0.066, 0.066, 0.12)),
    ],
)
def test_spots_make_the_relation_true(make, side, thing):
    """Every spot that is offered, with its heading, brings about what was asked for."""
    plate = make.thing("plate", Form.BOWL, (0.18, 0.18, 0.03), 0.55, 0.0, wall=0.006)
    obj = make.thing(*thing, 0.3, 0.4, yaw=0.4)
    spots, fit, why = near_spots(side)(make.seen(plate, obj, regions=(TABLE,)), obj, "plate")
    assert fit == 1.0
    assert len(spots) >= 8, why
    for spot in spots:
        put = make.thing(*thing, spot.x, spot.y, yaw=spot.yaw)
        assert CLOSE <= gap(put, plate) <= FAR
        assert f"{side}({obj.name}, plate)" in near(make, plate, put)


def test_a_fork_lies_along_the_plate_and_points_at_a_bottle(make):
    """What is long lies along what is low; beside something tall the hand must not be broad towards it."""
    fork = make.thing("fork", Form.BOX, (0.19, 0.025, 0.015), 0.3, 0.4)
    for size, along in (((0.18, 0.18, 0.03), True), ((0.07, 0.07, 0.25), False)):
        other = make.thing("other", Form.CYLINDER, size, 0.55, 0.0)
        spot = near_spots("left_of")(make.seen(other, fork, regions=(TABLE,)), fork, "other")[0][0]
        ray = np.array([spot.x - 0.55, spot.y]) / math.hypot(spot.x - 0.55, spot.y)
        turned = abs(ray @ (math.cos(spot.yaw), math.sin(spot.yaw)))
        assert turned < 0.1 if along else turned > 0.9


def test_neighbours_are_left_alone_and_refusals_say_why(make):
    block, bowl = make.block("block", 0.3, 0.4), make.bowl("bowl", 0.55, 0.0)
    ring = np.arange(14) * (2 * math.pi / 14)
    wall = [make.can(f"can {i}", 0.55 + 0.18 * math.cos(a), 0.18 * math.sin(a)) for i, a in enumerate(ring)]
    spots, _, why = near_spots("beside")(make.seen(block, bowl, *wall, regions=(TABLE,)), block, "bowl")
    assert not spots
    assert why == "no free spot beside bowl"
    assert (
        "nobody said from where table"
        in near_spots("left_of")(make.seen(block, bowl, regions=(BLIND,)), block, "bowl")[2]
    )
    assert "no object 'jar'; present: block, bowl" in near_spots("beside")(make.seen(block, bowl), block, "jar")[2]
    high = make.block("high", 0.55, 0.0, 0.5)
    assert "stands on no surface" in near_spots("beside")(make.seen(block, high, regions=(TABLE,)), block, "high")[2]


def test_applying_a_step_forgets_what_was_near(make):
    """What is taken up is near nothing; what was put near something is at the same place."""
    from skills.library import default_library

    things = make.block("a", 0.5, 0.0), make.block("b", 0.5, 0.1), make.bowl("bowl", 0.5, -0.3)
    state = symbolic_state(make.seen(*things, regions=(TABLE,)))
    library = default_library()
    assert "beside(a, b)" in map(str, state.atoms)
    held = state.apply(library.parse("pick(a)").operator)
    assert not {str(x) for x in held.relations if "a" in x.args}
    put = held.apply(library.parse("place_left_of(a, bowl)").operator)
    assert {"left_of(a, bowl)", "at(a, table)", "hand_empty()"} <= {str(x) for x in put.atoms}
    assert put != held.apply(library.parse("place_right_of(a, bowl)").operator)
