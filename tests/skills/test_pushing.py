"""Which way a thing is pushed, and where the hand is for that."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from skills.geometry import distance_to
from skills.pushing import covered, directions, strokes, turns, unpushable
from skills.types import Form, RobotSpec

SPEC = RobotSpec("hand", ("a",), (-1.0,), (1.0,), (1.0,), (1.0,), (0.0,))


def chest(make, yaw=0.4, **more):
    return make.thing("chest", Form.BOX, (0.2, 0.14, 0.12), 0.5, 0.1, yaw=yaw, mass=2.2, **more)


@pytest.mark.parametrize("yaw", [0.0, 0.4, 1.2, 2.9])
def test_pushes_add_up_to_the_way_to_the_goal(make, yaw):
    thing = chest(make, yaw)
    found = directions(thing, (0.35, -0.15))
    assert np.allclose(sum(d * length for d, length in found), (-0.15, -0.25))
    assert all(length > 0 for _, length in found)
    assert found[0][1] >= found[-1][1]
    sides = thing.pose_world.rotation()[:2, :2]
    assert all(np.max(np.abs(sides.T @ d)) == pytest.approx(1.0) for d, _ in found)  # square to a side


def test_a_round_thing_is_pushed_straight(make):
    ((way, length),) = directions(make.can("can", 0.5, 0.1), (0.5, -0.2))
    assert np.allclose(way, (0.0, -1.0))
    assert length == pytest.approx(0.3)
    assert directions(make.can("can", 0.5, 0.1), (0.501, 0.1)) == []


@pytest.mark.parametrize("height", [0.03, 0.05, 0.12, 0.25])
def test_the_finger_tips_touch_first(make, height):
    """They are behind the thing, above the surface, and lead; a hand that points down is for low things only."""
    thing = make.thing("box", Form.BOX, (0.2, 0.14, height), 0.5, 0.1, yaw=0.4)
    for way, length in directions(thing, (0.3, -0.2)):
        found = [s for s in strokes(thing, way, length, SPEC, 0.0) if s.lean or height < 0.05]
        found = [s for s in found if abs(s.touch.rotation()[:2, 0] @ way) < 1e-6 or s.lean]  # not the hand's side
        assert found or height < 0.05
        for s in found:
            touch = np.asarray(s.touch.position)
            assert 0.0 < distance_to(thing, touch) < 0.0135
            assert 0.008 < touch[2] < height
            assert np.allclose(s.end.position - touch, [*(way * length), 0.0])
            assert (touch - s.begin.position)[:2] @ way > 0.03
            pointing = s.touch.rotation()[:, 2]
            assert pointing[2] < 0
            assert pointing[:2] @ way == pytest.approx(math.sin(s.lean))
            assert s.lean > 0.3 or height < 0.09
            assert (s.touch @ s.held.pose_tool_object).position == pytest.approx(
                (*thing.pose_world.position[:2], thing.pose_world.position[2] + 0.005), abs=1e-9
            )


@pytest.mark.parametrize(
    ("thing", "why"),
    [
        (lambda m: m.apple("x", 0.5, 0), "roll away"),
        (lambda m: m.thing("x", Form.BOX, (0.1, 0.1, 0.008), 0.5, 0), "too flat"),
        (lambda m: replace(chest(m), mass=12.0), "12.0 kg: 59 N"),
        (lambda m: chest(m, movable=False), "fixed"),
        (lambda m: chest(m), ""),
    ],
)
def test_what_cannot_be_pushed_says_why(make, thing, why):
    said = unpushable(thing(make), SPEC)
    assert why in said if why else said == ""


@pytest.mark.parametrize("height", [0.03, 0.12])
def test_the_side_of_the_hand_pushes_too(make, height):
    """Its flat side faces the way it pushes, it may lean along the face, and no part of it is below the surface."""
    thing = make.thing("box", Form.BOX, (0.2, 0.14, height), 0.5, 0.1, yaw=0.4)
    way, length = directions(thing, (0.3, -0.2))[0]
    sides = [s for s in strokes(thing, way, length, SPEC, 0.0) if abs(s.touch.rotation()[:2, 0] @ way) > 0.999]
    assert len({round(float(s.touch.rotation()[2, 2]), 3) for s in sides}) >= 2  # upright and leaning
    for s in sides:
        corners = np.array([[0, y, z] for y in (-0.1, 0.1) for z in (-SPEC.finger_depth,)] + [[0, 0, 0.007]])
        assert s.touch.apply(corners)[:, 2].min() > 0.0
        assert np.allclose(s.end.position - np.asarray(s.touch.position), [*(way * length), 0.0])
        leads = [np.asarray(s.touch.position[:2]) + lead * way for lead in (0.032, 0.01)]  # the palm, or the fingers
        offs = [thing.pose_world.inverse().apply((*p, thing.pose_world.position[2]))[:2] for p in leads]
        assert min(np.min(abs(abs(off) - np.array([0.1, 0.07]))) for off in offs) < 1e-6  # on the face


@pytest.mark.parametrize("sense", [1.0, -1.0])
def test_pushes_near_a_corner_turn_a_box_the_way_they_are_meant_to(make, sense):
    thing = chest(make)
    found = turns(thing, sense)
    assert len(found) == 4
    for way, aside, after in found:
        turned = (after.yaw - thing.pose_world.yaw + math.pi) % (2 * math.pi) - math.pi
        assert 0.05 < sense * turned < 0.6
        moved = np.subtract(after.position, thing.pose_world.position)
        assert moved[:2] @ way > 0.01
        assert moved[2] == 0.0
        one = next(strokes(thing, way, 0.05, SPEC, 0.0, aside))
        middle = np.asarray(thing.pose_world.position[:2])
        assert (np.asarray(one.touch.position[:2]) - middle) @ (-way[1], way[0]) == pytest.approx(aside)


def test_what_a_thing_covers_has_no_holes(make):
    for thing in (chest(make), make.can("can", 0.5, 0.1)):
        points = covered(thing)
        assert np.allclose(points.mean(axis=0), (0.5, 0.1), atol=1e-6)
        z = thing.pose_world.position[2]
        assert max(distance_to(thing, np.array([x, y, z])) for x, y in points) < 1e-6
        apart = np.linalg.norm(points[:, None] - points[None], axis=2) + 9 * np.eye(len(points))
        assert apart.min(axis=1).max() < 0.026
        assert len(points) > 20 or thing.shape.form is not Form.BOX
