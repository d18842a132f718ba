"""Hollows that are open at the front: what is in them, where things can stand, and hands that point ahead."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from skills.drivers.fake import FAKE_SPEC
from skills.grasps import grasp_candidates
from skills.level_grasps import grasps_here, level_grasps
from skills.mechanisms import Niche
from skills.niches import contains, fits, points_in, spots_in, walls, way_in, way_out
from skills.place_targets import place_targets
from skills.predicates import inside, symbolic_state, types_of
from skills.spots import container_slots
from skills.standing import stands_for
from skills.symbols import parse_literal
from skills.types import Form, Pose, Shape
from tests.skills.rooms import room

NICHE = Niche((0.25, 0.30, 0.30), (0.01, 0.0, 0.01))


@pytest.fixture
def cabinet(make):
    """One that looks along -y, its middle at (0.5, 0.4)."""
    box = make.thing("cabinet", Form.BOX, (0.27, 0.34, 0.36), 0.5, 0.4)
    return replace(box, movable=False, niche=NICHE, pose_world=Pose.from_yaw((0.5, 0.4, 0.18), -math.pi / 2))


def inside_of(cabinet, thing, u=0.0, v=0.0):
    """The thing on the floor of the niche, (u, v) off its middle in the cabinet's frame."""
    x, y, z = cabinet.pose_world.apply((NICHE.middle[0] + u, v, NICHE.middle[2] - NICHE.size[2] / 2))
    return replace(thing, pose_world=Pose((x, y, z + thing.shape.size[2] / 2)))


def test_what_stands_in_it_is_in_it_and_what_stands_before_it_is_not(make, cabinet):
    block = inside_of(cabinet, make.block("red block", 0.0, 0.0))
    assert inside(block, cabinet)
    before = replace(block, pose_world=block.pose_world.moved(dy=-0.2))
    above = replace(block, pose_world=Pose((0.5, 0.4, 0.38)))
    assert not inside(before, cabinet)
    assert not inside(above, cabinet)
    assert {"container", "thing"} <= types_of(cabinet)
    assert symbolic_state(make.seen(cabinet, block)).holds(parse_literal("in(red block, cabinet)"))


def test_its_walls_leave_the_front_open_and_fill_the_rest(cabinet):
    boxes = walls(cabinet)
    solid = sum(8 * float(np.prod(half)) for half, _ in boxes)
    assert len(boxes) == 5
    assert all(middle[0] <= 0.0 for _, middle in boxes)
    overlaps = np.prod([0.27, 0.34, 0.36]) - np.prod(NICHE.size)
    assert solid >= overlaps  # they overlap at the edges
    assert way_in(cabinet) == pytest.approx([0.0, 1.0, 0.0], abs=1e-9)
    assert way_out(way_in(cabinet))[1] < -0.99


def test_spots_are_on_its_floor_apart_from_what_stands_there(make, cabinet):
    block = make.block("red block", 0.0, 0.0)
    there = inside_of(cabinet, make.block("blue block", 0.0, 0.0), v=0.1)
    obs = make.seen(cabinet, there, block)
    spots = container_slots(obs, block, cabinet)
    assert spots == spots_in(obs, block, cabinet)
    assert spots
    assert all(s.facing == pytest.approx((0.0, 1.0)) for s in spots)
    assert contains(cabinet, np.array([(s.x, s.y, s.heights[0] + 0.02) for s in spots])).all()
    assert spots[0].y < 0.4  # nearest to the front
    assert min(math.dist((s.x, s.y), there.pose_world.position[:2]) for s in spots if s.score == 1.0) > 0.06
    assert not fits(make.thing("tower", Form.BOX, (0.05, 0.05, 0.28), 0.0, 0.0), cabinet)
    assert container_slots(obs, make.thing("chest", Form.BOX, (0.24, 0.2, 0.1), 0.0, 0.0), cabinet) == []


def test_only_a_hand_that_points_in_puts_something_there(make, cabinet):
    block = make.block("red block", 0.2, 0.0)
    spots = spots_in(make.seen(cabinet, block), block, cabinet)
    top = grasp_candidates(block, FAKE_SPEC).grasps[0]
    assert not list(place_targets(block, top_held(block, top), spots))
    ahead = level_grasps(block, FAKE_SPEC)[0]
    targets = list(place_targets(block, top_held(block, ahead), spots))
    assert targets
    assert all(points_in(t.tool, way_in(cabinet)) for t in targets)


def top_held(obj, grasp):
    from skills.driver import Held

    return Held(obj.name, grasp.pose_object_tool.inverse())


@pytest.mark.parametrize(("form", "size"), [
    (Form.BOX, (0.04, 0.04, 0.04)), (Form.BOX, (0.16, 0.03, 0.015)), (Form.CYLINDER, (0.062, 0.062, 0.11)),
    (Form.SPHERE, (0.07, 0.07, 0.07)), (Form.CYLINDER, (0.06, 0.06, 0.2)),
])  # fmt: skip
def test_hands_that_point_ahead_close_level_and_stay_above_the_ground(make, form, size):
    thing = make.thing("it", form, size, 0.4, 0.1)
    grasps = level_grasps(thing, FAKE_SPEC, np.array([1.0, 0.0, 0.0]))
    assert grasps
    for grasp in grasps:
        tool = grasp.pose_world(thing)
        turn = tool.rotation()
        assert abs(turn[2, 1]) < 1e-9  # the fingers close along a level axis
        assert turn[0, 2] > 0.3  # and the hand points ahead, level or down
        assert turn[2, 2] <= 1e-9
        assert tool.apply((0.0, 0.0, 0.007))[2] > thing.bottom_z


def test_in_a_niche_only_such_hands_are_offered(make, cabinet):
    block = inside_of(cabinet, make.block("red block", 0.0, 0.0))
    obs = make.seen(cabinet, block)
    found = grasps_here(obs, block, FAKE_SPEC).grasps
    assert found
    assert {g.style for g in found} == {"level"}
    outside = replace(block, pose_world=Pose((0.2, 0.0, 0.02)))
    assert grasps_here(obs, outside, FAKE_SPEC) == grasp_candidates(outside, FAKE_SPEC)
    wide = replace(block, shape=Shape(Form.BOX, (0.1, 0.1, 0.05)))
    assert "thick" in grasps_here(obs, wide, FAKE_SPEC).reason


def test_into_a_cabinet_the_arm_reaches_from_far_and_from_aside(make):
    """It may stand far from where there is room for a robot: deep on a table, facing along it."""
    x, y = 1.3, 0.0  # in the middle of the table, looking along -x
    box = make.thing("cabinet", Form.BOX, (0.27, 0.34, 0.36), x, y, 0.7)
    cabinet = replace(box, movable=False, niche=NICHE, pose_world=Pose.from_yaw((x, y, 0.88), math.pi))
    block = inside_of(cabinet, make.block("red block", 0.0, 0.0))
    body = room()
    obs = replace(body.observe(), objects={"cabinet": cabinet, "red block": block})
    point = obs.objects["red block"].pose_world.position
    found = list(stands_for(obs, body.kinematics, "table", [point], obs.robot.q))
    mount = body.kinematics.spec.base.mount[0]
    away = [math.dist(s[:2], point[:2]) - mount for s in found]
    aside = [math.acos(math.cos(s[2])) for s in found]
    assert max(away) > 0.8
    assert math.radians(60) < max(aside) <= math.radians(72)
