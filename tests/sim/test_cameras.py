"""Depth cameras in the physics world."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.cameras import CameraRig, DepthCamera, carried_cameras, link_pose, pose_of
from sim.sensor import PERFECT, DepthSensor

SIDE = DepthCamera("side", (0.5, -0.85, 0.7), (0.46, 0.0, 0.02))


def test_points_of_a_perfect_camera_lie_on_table_and_block(make_world):
    world = make_world([("red block", 0.5, 0.0)])
    (view,) = CameraRig(world, [SIDE], PERFECT, 0).look(0)
    block, table = view.points("red block"), view.points("table")
    assert len(block) > 20
    assert np.abs(table[table[:, 2] > -0.005][:, 2]).max() < 1e-3
    low, high = block.min(axis=0), block.max(axis=0)
    assert low == pytest.approx((0.48, -0.02, 0.0), abs=0.009)
    assert high == pytest.approx((0.52, 0.02, 0.0405), abs=0.007)
    assert high[2] < 0.0415


def test_equal_seeds_and_ticks_give_equal_pictures(make_world):
    world = make_world([("red block", 0.5, 0.0)])
    first, second = CameraRig(world, [SIDE], DepthSensor(), 5), CameraRig(world, [SIDE], DepthSensor(), 5)
    first.look(0)
    a, b = first.look(1)[0], second.look(1)[0]
    assert np.array_equal(a.depth, b.depth)
    assert a.pose_world_camera == b.pose_world_camera
    other = CameraRig(world, [SIDE], DepthSensor(), 6).look(1)[0]
    assert not np.array_equal(a.depth, other.depth)
    world.step(4)
    assert not np.array_equal(a.depth, first.look(2)[0].depth)


def test_a_camera_on_the_hand_goes_with_it(make_rig):
    rig = make_rig([("red block", 0.5, 0.0)])
    (hand,) = carried_cameras(rig.world)
    before = pose_of(hand.spec(rig.world))
    q = rig.kinematics.solutions(rig.down(0.5, 0.1, 0.3), rig.q)[0]
    assert rig.go(rig.kinematics.transit(rig.q, q)).ok
    after = pose_of(hand.spec(rig.world))
    assert math.dist(before.position, after.position) > 0.05
    tool = rig.world.arm.pose_world_tool()
    assert math.dist(after.position, tool.position) < 0.2
    assert after.rotation()[:, 2] @ tool.rotation()[:, 2] > 0.9  # looks where the fingers point
    (view,) = CameraRig(rig.world, [hand], PERFECT, 0).look(0)
    assert "red block" in view.names
    assert len(view.points("red block")) > 50


def test_a_head_that_turns_looks_all_around(make_world):
    world = make_world([])
    head = DepthCamera("head", (0.0, 0.0, 1.0), (1.0, 0.0, 0.5), width=32, height=24, pans=4)
    rig = CameraRig(world, [head], PERFECT, 0)
    assert len(rig.look(0)) == 1
    views = rig.look(0, around=True)
    assert [v.camera for v in views] == ["head", "head turned 90", "head turned 180", "head turned 270"]
    ways = [v.pose_world_camera.rotation()[:2, 2] for v in views]
    assert ways[0] == pytest.approx(-ways[2], abs=1e-9)
    assert ways[0] @ ways[1] == pytest.approx(0.0, abs=1e-9)
    assert ways[1][1] > 0  # to the left first


def test_names_are_needed_and_links_must_exist(make_world):
    world = make_world([])
    with pytest.raises(ValueError, match="different names"):
        CameraRig(world, [SIDE, SIDE], PERFECT, 0)
    with pytest.raises(ValueError, match="no link 'elbow'"):
        link_pose(world, "elbow")
