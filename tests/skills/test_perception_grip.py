"""What closed fingers tell."""

from __future__ import annotations

import math

import pytest

from skills.perception_grip import seat_in_hand
from skills.types import Pose
from tests.skills.perception_scene import BLOCK, BOWL, CAN


def test_a_solid_thing_is_centred_between_the_pads():
    seat = seat_in_hand(CAN, Pose((0.003, 0.006, 0.01)))
    assert seat.position == pytest.approx((0.003, 0.0, 0.01))


def test_a_box_turns_until_its_faces_lie_on_the_pads():
    crooked = Pose.from_yaw((0.0, 0.004, 0.01), 0.2)
    seat = seat_in_hand(BLOCK, crooked)
    assert seat.yaw == pytest.approx(0.0, abs=1e-6)
    assert seat.position[1] == 0.0
    other_face = seat_in_hand(BLOCK, Pose.from_yaw((0, 0, 0), math.pi / 2 - 0.15))
    assert other_face.yaw == pytest.approx(math.pi / 2, abs=1e-6)


def test_a_box_held_by_its_edges_keeps_its_turn():
    assert seat_in_hand(BLOCK, Pose.from_yaw((0, 0, 0), math.pi / 4)).yaw == pytest.approx(math.pi / 4)


def test_a_bowl_may_be_held_by_its_rim():
    by_rim = Pose((0.0, 0.075, 0.0))
    assert seat_in_hand(BOWL, by_rim) is by_rim


def test_a_thing_far_off_the_middle_is_left_alone():
    odd = Pose((0.0, 0.05, 0.0))
    assert seat_in_hand(CAN, odd) is odd
