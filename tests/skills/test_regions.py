from __future__ import annotations

from dataclasses import replace

import pytest

from skills.affordance import regions_for
from skills.predicates import symbolic_state
from skills.regions import as_bin
from skills.types import Region

CAN = Region("trash can", (0.3, -0.2), (0.7, 0.2), surface=0.2, rim=0.5)


def test_a_walled_place_is_an_open_bin_with_its_floor_on_the_surface():
    walled = as_bin(CAN)
    assert walled is not None
    assert walled.container
    assert not walled.movable
    assert walled.top_z == 0.5
    assert abs(walled.bottom_z + walled.shape.wall - 0.2) < 1e-9
    assert as_bin(replace(CAN, rim=None)) is None


def test_what_lies_within_the_walls_is_at_the_place_at_any_height(make):
    obs = make.seen(
        make.block("red block", 0.5, 0.0, 0.2), make.block("blue block", 0.5, 0.0, 0.24),
        make.block("green block", 0.5, 0.0, 0.5), regions=[CAN],
    )  # fmt: skip
    facts = {str(a) for a in symbolic_state(obs).atoms}
    assert {"at(red block, trash can)", "at(blue block, trash can)"} <= facts
    assert "at(green block, trash can)" not in facts


def test_things_are_dropped_from_above_the_rim_until_it_is_full(make):
    block = make.block("red block", 0.0, 0.0)
    spots, fit, _ = regions_for(make.seen(block, regions=[CAN]), block, "trash can")
    assert fit == 1.0
    assert all(s.heights[0] == pytest.approx(0.515) for s in spots)
    assert all(len(s.heights) > 1 for s in spots)  # it will fall: whatever clings to the fingers is let go again
    heap = [make.thing(f"heap {i}", block.shape.form, (0.4, 0.4, 0.29), 0.5, 0.0, 0.2) for i in range(1)]
    spots, _, why = regions_for(make.seen(block, *heap, regions=[CAN]), block, "trash can")
    assert spots == []
    assert "full" in why


def test_what_is_wider_than_the_place_does_not_go_in(make):
    tray = make.thing("tray", make.block("x", 0, 0).shape.form, (0.6, 0.5, 0.02), 0.0, 0.0)
    spots, fit, why = regions_for(make.seen(tray, regions=[CAN]), tray, "trash can")
    assert (spots, fit) == ([], 0.0)
    assert "too big" in why
