"""Orientations that look the same are taken as the same."""

from __future__ import annotations

import math

import numpy as np
import pytest

from skills.perception_model import ObjectModel
from skills.perception_turns import between, nearest_reading, turn_between, turned
from skills.types import Form, Pose, Shape
from tests.skills.perception_scene import BIN, BOWL, CAN

BRICK = ObjectModel("brick", "brick", Shape(Form.BOX, (0.08, 0.05, 0.03)))
CUBE = ObjectModel("cube", "block", Shape(Form.BOX, (0.04, 0.04, 0.04)))


@pytest.mark.parametrize(
    ("model", "turn"), [(BRICK, math.pi), (CUBE, math.pi / 2), (CUBE, -math.pi / 2), (BIN, math.pi), (BOWL, 1.234)]
)
def test_an_equal_turn_is_undone(model, turn):
    reference = Pose.from_yaw((0, 0, 0), 0.3)
    found = nearest_reading(model, Pose.from_yaw((0.1, 0, 0), 0.3 + turn), reference)
    assert turn_between(found, reference) == pytest.approx(0.0, abs=1e-6)
    assert found.position == (0.1, 0, 0)


def test_an_unequal_turn_stays():
    reference = Pose.from_yaw((0, 0, 0), 0.3)
    quarter = nearest_reading(BRICK, Pose.from_yaw((0, 0, 0), 0.3 + math.pi / 2), reference)
    assert turn_between(quarter, reference) == pytest.approx(math.pi / 2)


def test_a_cube_on_another_face_is_the_same_cube():
    tipped = Pose.of((0, 0, 0), (math.sqrt(0.5), 0, 0, math.sqrt(0.5)))
    assert turn_between(nearest_reading(CUBE, tipped, Pose()), Pose()) == pytest.approx(0.0, abs=1e-6)


def test_a_can_has_two_equal_ends_and_a_bowl_has_not():
    over = Pose.of((0, 0, 0), (1, 0, 0, 0))
    assert nearest_reading(CAN, over, Pose()).tilt == pytest.approx(0.0, abs=1e-6)
    assert nearest_reading(BOWL, over, Pose()).tilt == pytest.approx(math.pi)


def test_the_tilt_of_a_round_thing_is_kept():
    leaning = turned(Pose(), np.array([1.0, 0, 0]), 0.4)
    assert nearest_reading(CAN, leaning, Pose.from_yaw((0, 0, 0), 2.0)).tilt == pytest.approx(0.4)


def test_half_way_between():
    a, b = Pose.from_yaw((0, 0, 0), 0.0), Pose.from_yaw((1, 0, 0), 0.4)
    middle = between(a, b, 0.5)
    assert middle.position == pytest.approx((0.5, 0, 0))
    assert middle.yaw == pytest.approx(0.2)
    assert turn_between(a, b) == pytest.approx(0.4)


def test_turning_about_a_point_moves_the_centre():
    swung = turned(Pose((1.0, 0.0, 0.0)), np.array([0.0, 0.0, 2.0]), math.pi / 2, np.zeros(3))
    assert swung.position == pytest.approx((0.0, 1.0, 0.0))
    assert swung.yaw == pytest.approx(math.pi / 2)
