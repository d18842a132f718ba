"""Grains stay in their vessel by its walls; a spill comes clean only where a held sponge is pressed and moved."""

from __future__ import annotations

import numpy as np
import pytest

from sim.grains import FEWEST, MOST, PlacedGrains, holds_stuff, start_positions, stuff_colour
from sim.objects import make_body
from sim.spills import cells_of
from sim.world import Fixture, Placed, World, WorldSpec
from skills.types import Pose

TABLE = (Fixture("table", (1.2, 1.4, 0.04), Pose((0.4, 0.0, -0.02))),)


def placed(name: str, x: float, y: float) -> Placed:
    body = make_body(name)
    return Placed(body, Pose((x, y, body.shape.size[2] / 2)))


@pytest.mark.parametrize("name", ["cup", "small cup", "glass", "bowl", "pot", "large mug"])
def test_grains_start_apart_and_within_the_walls(name):
    shape = make_body(name).shape
    assert holds_stuff(shape)
    points = np.array(start_positions(shape))
    assert FEWEST <= len(points) <= MOST
    gaps = np.linalg.norm(points[:, None] - points[None], axis=2)[np.triu_indices(len(points), 1)]
    assert gaps.min() > 0.0139
    assert np.hypot(points[:, 0], points[:, 1]).max() < min(shape.size[:2]) / 2 - shape.wall - 0.007


@pytest.mark.parametrize("name", ["apple", "plate", "red block"])
def test_what_has_no_walls_holds_nothing(name):
    assert not holds_stuff(make_body(name).shape)


def test_colours_are_said_or_lent():
    assert stuff_colour("red beans") == stuff_colour("red lentils")
    assert stuff_colour("rice") != stuff_colour("peas")


def test_grains_come_to_rest_in_their_cup_and_are_seen():
    spec = WorldSpec(fixtures=TABLE, objects=(placed("cup", 0.5, 0.1),), grains=(PlacedGrains("rice", "cup"),))
    with World(spec) as world:
        world.settle(480)
        assert world.truth().still(0.02, 0.3)
        seen = world.state("rice")
        assert seen.grains is not None
        local = world.pose("cup").inverse().apply(np.array(seen.grains.positions))
        assert np.hypot(local[:, 0], local[:, 1]).max() < 0.04
        assert local[:, 2].max() < 0.04
        before = world.stuff["rice"].positions()
        world.reset()
        world.settle(480)
        assert world.stuff["rice"].positions() == before  # the same bits


def test_a_spill_is_seen_and_touched_by_nothing():
    spec = WorldSpec(fixtures=TABLE, objects=(placed("coffee spill", 0.5, 0.1), placed("sponge", 0.5, 0.1)))
    with World(spec) as world:
        world.settle(240)
        patch = world.state("coffee spill").patch
        assert patch is not None
        assert len(patch.cells) > 30
        assert patch.share == 0.0
        assert world.pose("sponge").position[2] < 0.016  # it lies on the table, through the spill
        world.disturb_push("sponge", (0.02, 0.0, 0.0))
        world.step(120)
        assert world.pose("sponge").position[0] > 0.505  # it slid, but nobody held it
        assert world.state("coffee spill").patch.share == 0.0


def test_cells_lie_within_the_outline():
    body = make_body("puddle")
    cells = cells_of(body, Pose.from_yaw((0.4, 0.2, body.shape.size[2] / 2), 0.7))
    local = Pose.from_yaw((0.4, 0.2, 0.0), 0.7).inverse().apply(cells)
    assert np.abs(local[:, 0]).max() <= body.shape.size[0] / 2
    assert np.abs(local[:, 1]).max() <= body.shape.size[1] / 2
    assert cells[:, 2] == pytest.approx(0.0)
