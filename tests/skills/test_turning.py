"""Where a hand holds what lies, so that a quarter turn sets it upright."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from skills.geometry import distance_to
from skills.turning import stood, turning_grasps
from skills.types import Form, ObjectState, Pose, RobotSpec, Shape

SPEC = RobotSpec("hand", ("a",), (-1.0,), (1.0,), (1.0,), (1.0,), (0.0,))


def lying(form: Form, size, wall: float = 0.0, yaw: float = 0.7, tilt: float = 90.0, mass: float = 0.3) -> ObjectState:
    pose = Pose.from_yaw((0.5, 0.1, size[0] / 2), yaw) @ Pose.of(
        (0, 0, 0), (0.0, math.sin(math.radians(tilt) / 2), 0.0, math.cos(math.radians(tilt) / 2))
    )
    return ObjectState("thing", form.value, Shape(form, size, wall), pose, mass)


CAN = lying(Form.CYLINDER, (0.062, 0.062, 0.11))
BOTTLE = lying(Form.CYLINDER, (0.062, 0.062, 0.18))
CARTON = lying(Form.BOX, (0.065, 0.065, 0.15))
MUG = lying(Form.BOWL, (0.08, 0.08, 0.085), 0.004)


@pytest.mark.parametrize("thing", [CAN, BOTTLE, CARTON, MUG])
def test_the_hand_ends_level_or_pointing_down(thing):
    """Held across, pads on the thing (a cup's wall), and never under the horizontal once it stands."""
    found = turning_grasps(thing, SPEC).grasps
    assert found
    for grasp in found:
        before, after = grasp.pose_world(thing), grasp.pose_world(stood(thing))
        assert abs(before.rotation()[:, 1] @ thing.pose_world.rotation()[:, 2]) < 1e-6  # closes across the axis
        assert before.rotation()[2, 2] < 0.0  # comes from above
        assert after.rotation()[2, 2] < 1e-6
        assert after.rotation()[2, 1] == pytest.approx(0.0, abs=1e-6)
        assert distance_to(thing, np.asarray(before.position)) < 0.001
        assert 0 < grasp.score <= 1


def test_a_can_is_held_nearer_to_its_upper_end():
    best = turning_grasps(CAN, SPEC).grasps[0]
    assert best.pose_object_tool.position[2] == pytest.approx(0.04, abs=0.002)
    assert turning_grasps(BOTTLE, SPEC).grasps[0].pose_object_tool.position[2] < 0.01


def test_stood_is_the_smallest_turn():
    up = stood(CAN)
    assert up.pose_world.tilt == pytest.approx(0.0, abs=1e-6)
    assert up.pose_world.position == CAN.pose_world.position
    leaning = lying(Form.CYLINDER, (0.062, 0.062, 0.11), tilt=40)
    assert stood(leaning).upright


@pytest.mark.parametrize(
    ("thing", "why"),
    [
        (lying(Form.SPHERE, (0.07, 0.07, 0.07)), "round"),
        (replace(CAN, mass=9.0), "payload"),
        (lying(Form.CYLINDER, (0.062, 0.062, 0.11), tilt=178), "on its head"),
        (lying(Form.CYLINDER, (0.1, 0.1, 0.2)), "10.0 cm thick"),
        (replace(CAN, movable=False), "fixed"),
    ],
)
def test_what_cannot_be_turned_says_why(thing, why):
    found = turning_grasps(thing, SPEC)
    assert found.grasps == ()
    assert why in found.reason
