from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from skills.geometry import plan_gaps, plan_radius, turn_about_vertical
from skills.spots import container_slots, fits_in, region_spots, support_fit, support_spots
from skills.types import Form, Pose, Region

CORNER = Region("corner", (0.3, 0.1), (0.42, 0.34))


def test_three_blocks_share_a_bowl(make):
    """Slots are filled one after the other; each leaves the earlier blocks alone and stays inside the wall."""
    bowl = make.bowl("bowl", 0.5, 0.1, yaw=0.3)
    inside = []
    for name in ("a", "b", "c"):
        block = make.block(name, 0.2, 0.0)
        obs = make.seen(bowl, block, *inside)
        spot = container_slots(obs, block, bowl)[0]
        assert spot.score == 1.0 or inside
        assert math.hypot(spot.x - 0.5, spot.y - 0.1) == pytest.approx(0.032, abs=1e-6)
        for other in inside:
            assert plan_gaps(other, np.array([[spot.x, spot.y]]))[0] > 0.02
        inside.append(make.block(name, spot.x, spot.y, 0.006, yaw=spot.yaw))


def test_release_heights_rise_from_the_floor_to_above_the_rim(make):
    bowl, block = make.bowl("bowl", 0.5, 0.1), make.block("a", 0.2, 0)
    for spot in container_slots(make.seen(bowl, block), block, bowl):
        assert list(spot.heights) == sorted(spot.heights)
        assert 0.005 < spot.heights[0] < 0.03
        assert spot.heights[-1] == pytest.approx(0.075)


def test_a_full_bowl_scores_poorly_and_a_tipped_one_has_no_slots(make):
    bowl, block = make.bowl("bowl", 0.5, 0.1), make.block("new", 0.2, 0)
    full = [make.block(n, 0.5 + dx, 0.1 + dy, 0.006) for n, dx, dy in
            (("a", 0.025, 0.025), ("b", -0.025, 0.025), ("c", 0.025, -0.025), ("d", -0.025, -0.025))]  # fmt: skip
    spots = container_slots(make.seen(bowl, block, *full), block, bowl)
    assert max(s.score for s in spots) < 0.5
    tipped = make.bowl("bowl", 0.5, 0.1, pose=bowl.pose_world.__class__.of((0.5, 0.1, 0.08), make.lying(math.pi / 2)))
    assert container_slots(make.seen(tipped, block), block, tipped) == []


def test_too_big_for_the_opening(make):
    bowl = make.bowl("bowl", 0.5, 0.1)
    assert fits_in(make.apple("a", 0, 0), bowl)
    assert not fits_in(make.bowl("other", 0, 0), bowl)
    assert container_slots(make.seen(bowl), make.bowl("other", 0, 0), bowl) == []


def test_region_spots_are_free_inside_and_central_first(make):
    block = make.block("a", 0.8, 0)
    empty = region_spots(make.seen(block, regions=[CORNER]), block, CORNER)
    assert (empty[0].x, empty[0].y) == pytest.approx(CORNER.centre)
    can = make.can("can", *CORNER.centre)
    spots = region_spots(make.seen(block, can, regions=[CORNER]), block, CORNER)
    assert spots
    for spot in spots:
        assert CORNER.contains(spot.x, spot.y, slack=-0.0199)
        assert plan_gaps(can, np.array([[spot.x, spot.y]]))[0] - plan_radius(block) > 0.0049
    assert [s.score for s in spots] == sorted([s.score for s in spots], reverse=True) or len(spots) > 5


def test_a_crowded_region_has_no_spot(make):
    crowd = [make.can(f"can {i}", 0.32 + 0.08 * (i % 2), 0.13 + 0.09 * (i // 2)) for i in range(6)]
    box = make.thing("box", Form.BOX, (0.09, 0.06, 0.07), 0.8, 0)
    assert region_spots(make.seen(box, *crowd, regions=[CORNER]), box, CORNER) == []


def test_spots_are_the_same_every_time(make):
    block, can = make.block("a", 0.8, 0), make.can("can", 0.35, 0.2)
    obs = make.seen(block, can, regions=[CORNER])
    assert region_spots(obs, block, CORNER) == region_spots(obs, block, CORNER)


def test_support_spot_takes_the_heading_of_the_support(make):
    spots = support_spots(make.block("a", 0, 0), make.block("b", 0.5, 0.1, yaw=0.4))
    assert [round((s.yaw - 0.4) / (math.pi / 2), 6) for s in spots] == [0, 2, 1, 3]
    assert spots[0].heights[0] == pytest.approx(0.0425)
    assert spots[0].ground == {"b"}


def test_support_fit_knows_what_rolls_off(make):
    block = make.block("b", 0, 0)
    assert support_fit(make.apple("a", 0, 0), block) < 0.1
    assert support_fit(make.block("a", 0, 0, yaw=0.5), block) == pytest.approx(1.0)
    assert 0.5 < support_fit(make.can("c", 0, 0), block) < 0.7


def test_a_long_box_lies_along_a_long_bin_when_it_does_not_fit_anyhow(make):
    bin_ = make.bin("drawer", 0.5, 0.0, yaw=0.4)  # 0.24 x 0.2 m
    banana = make.thing("banana", Form.BOX, (0.04, 0.2, 0.04), 0.0, 0.5, yaw=1.0)
    assert fits_in(banana, bin_)
    spots = container_slots(make.seen(bin_, banana), banana, bin_)
    assert spots
    for spot in spots:
        assert math.isclose(math.cos(2 * (spot.yaw - 0.4 - math.pi / 2)), 1.0)  # its long side along the bin's
    assert not fits_in(make.thing("rod", Form.BOX, (0.3, 0.02, 0.02), 0.0, 0.5), bin_)


@pytest.mark.parametrize("heading", [0.0, 0.6, 0.79, 1.57, 2.5])
@pytest.mark.parametrize("lying", [False, True])
def test_a_long_thing_goes_into_a_bin_along_it_however_it_is_held(make, heading, lying):
    """A chisel or a rolling pin that only fits along the bin: its outline there lies within the walls."""
    bin_ = make.thing("bin", Form.BIN, (0.24, 0.18, 0.12), 0.5, 0.1, yaw=0.9, wall=0.006)
    if lying:
        turned = Pose.of((0.2, 0.0, 0.2), make.lying(math.pi / 2))
        turn = Pose.of((0, 0, 0), turn_about_vertical(heading))
        pose = replace(turn @ replace(turned, position=(0.0, 0.0, 0.0)), position=(0.2, 0.0, 0.2))
        long = make.thing("pin", Form.CYLINDER, (0.03, 0.03, 0.18), 0, 0, pose=pose)
    else:
        long = make.thing("chisel", Form.BOX, (0.18, 0.03, 0.03), 0.2, 0.0, yaw=heading)
    assert fits_in(long, bin_)
    slots = container_slots(make.seen(bin_, long), long, bin_)
    assert slots
    axis = long.pose_world.rotation()[:, 2 if lying else 0]
    for slot in slots:
        turn = slot.yaw - long.pose_world.yaw
        way = math.atan2(axis[1], axis[0]) + turn
        ends = np.array([[s * 0.09 * math.cos(way) + slot.x, s * 0.09 * math.sin(way) + slot.y, 0.9] for s in (1, -1)])
        local = bin_.pose_world.inverse().apply(ends)
        assert (np.abs(local[:, 0]) < 0.114).all()
        assert (np.abs(local[:, 1]) < 0.084 - 0.015).all()
