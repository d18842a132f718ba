"""The gripper of our own: on any arm's flange, geared, holding by friction."""

from __future__ import annotations

import numpy as np
import pytest

from sim.grippers import HAND, TIP, TOOL, ParallelGripper, gripper_parts, parse_gripper
from sim.objects import make_body
from sim.robots import load_robot
from sim.world import Placed, World, WorldSpec
from skills.types import Pose


def test_measures_follow_from_each_other():
    gripper = ParallelGripper("flange", palm=(0.06, 0.15, 0.08), finger=(0.02, 0.01, 0.05))
    assert gripper.finger_depth == pytest.approx(0.05 - TIP)
    assert gripper.reach == pytest.approx(0.08 + 0.05 - TIP)
    names = [e.get("name") for e in gripper_parts(gripper) if e.tag == "link"]
    assert names[0] == HAND
    assert names[-1] == TOOL
    assert len(names) == 4


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("wide", "expected a mapping with flange"),
        ({"stroke": 0.05}, "expected a mapping with flange"),
        ({"flange": "f", "colour": 1}, "unknown key 'colour'; known: flange, turn, offset"),
        ({"flange": "f", "palm": [0.1, 0.1]}, "gripper: not enough values"),
        ({"flange": "f", "stroke": -1}, "sizes are positive"),
        ({"flange": "f", "stroke": 0.3}, "do not fit on a palm"),
    ],
)
def test_bad_grippers_are_named(row, message):
    with pytest.raises(ValueError, match=message):
        parse_gripper(row)


def test_it_opens_to_its_stroke_and_the_fingers_mirror_each_other():
    with World(WorldSpec(robot="iiwa")) as world:
        arm = world.arm
        arm.grip(0.03, 20.0)
        world.step(240)
        left, right = (world.client.getJointState(arm.body, f)[0] for f in arm.fingers)
        assert left + right == pytest.approx(0.03, abs=1e-3)
        assert left == pytest.approx(right, abs=5e-4)
        assert load_robot("iiwa").spec.gripper_range == (0.0, 0.085)


def test_it_carries_a_can_by_friction_alone():
    """The can starts between the fingers; nothing but the pads touches it while the arm swings."""
    can = make_body("coke can")
    spec = WorldSpec(robot="iiwa", objects=(Placed(can, Pose((0.4, 0.0, 0.4))),), holding="coke can")
    with World(spec) as world:
        arm = world.arm
        before = arm.pose_world_tool().inverse() @ world.pose("coke can")
        for i in range(480):
            q = np.array(arm.spec.home)
            q[0] += 0.6 * np.sin(np.pi * i / 480)
            arm.command(q.tolist(), [0.0] * 7)
            world.step()
        after = arm.pose_world_tool().inverse() @ world.pose("coke can")
        assert np.allclose(before.position, after.position, atol=0.004)
        assert world.truth().held() == "coke can"
