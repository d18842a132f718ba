"""Boxes in place of finger meshes: where the meshes' pads were, flat, mirrored."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from sim.finger_boxes import FingerBox, box_fingers, parse_finger_boxes
from sim.objects import make_body
from sim.robots import load_robot
from sim.world import Placed, World, WorldSpec
from skills.types import Pose

MODEL = """<robot name="r"><link name="palm"/>
<link name="left"><collision><geometry><mesh filename="f.obj"/></geometry></collision></link>
<link name="right"><collision><origin rpy="0 0 3.14159265" xyz="0 0 0.1"/><geometry><mesh filename="f.obj"/></geometry>
</collision></link>
<joint name="a" type="prismatic"><parent link="palm"/><child link="left"/></joint>
<joint name="b" type="prismatic"><parent link="palm"/><child link="right"/></joint></robot>"""


def test_boxes_stand_where_the_meshes_were():
    root = ElementTree.fromstring(MODEL)
    box_fingers(root, ("a", "b"), (FingerBox((0.02, 0.01, 0.03), (0.0, 0.005, 0.015)),))
    assert not list(root.iter("mesh"))
    left, right = ([float(v) for v in o.get("xyz").split()] for o in root.iter("origin"))
    assert left == pytest.approx([0.0, 0.005, 0.015])
    assert right == pytest.approx([0.0, -0.005, 0.115], abs=1e-9)
    assert [b.get("size") for b in root.iter("box")] == ["0.02 0.01 0.03"] * 2


@pytest.mark.parametrize("rows", ["wide", [[0.1, 0.1]], [], [[0.02, 0.01, -0.03, 0, 0, 0]], [[1.0, 1.0, 1.0, 0, 0, 0]]])
def test_bad_boxes_are_named(rows):
    with pytest.raises(ValueError, match="finger_boxes"):
        parse_finger_boxes(rows)


def test_the_pandas_pads_are_flat_and_meet_in_the_middle():
    """Closed, the pads touch along their whole height, at the tool point and no lower than the finger tips."""
    with World(WorldSpec()) as world:
        c, arm = world.client, world.arm
        arm.grip(0.0, 10.0)
        world.step(120)
        assert arm.state()[2] < 0.001
        tool = arm.pose_world_tool().inverse()
        points = np.array([tool.apply(r[5]) for r in c.getClosestPoints(arm.body, arm.body, 0.002, *arm.fingers)])
        assert len(points) >= 1
        assert np.abs(points[:, 1]).max() < 0.002
        boxes = load_robot("panda").finger_boxes
        assert sum(len(c.getCollisionShapeData(arm.body, f)) for f in arm.fingers) == 2 * len(boxes)
        tip = max(b.centre[2] + b.size[2] / 2 for b in boxes)
        hand = Pose.of(*c.getLinkState(arm.body, arm.hand, computeForwardKinematics=1)[4:6])
        assert hand.inverse().apply(arm.pose_world_tool().position)[2] == pytest.approx(0.0584 + tip - 0.0072, abs=2e-3)


def test_what_was_held_by_both_fingers_does_not_hang_on_one_that_opens():
    """A block is held by friction while the hand rises, and falls when the fingers open beside it."""
    spec = WorldSpec(objects=(Placed(make_body("book"), Pose((0.4, 0.0, 0.4))),), holding="book")
    with World(spec) as world:
        arm = world.arm
        held = arm.pose_world_tool().inverse() @ world.pose("book")
        for i in range(360):
            q = np.array(arm.spec.home)
            q[1] -= 0.3 * np.sin(np.pi * i / 720)
            arm.command(q.tolist(), [0.0] * 7)
            world.step()
        still = arm.pose_world_tool().inverse() @ world.pose("book")
        assert np.allclose(held.position, still.position, atol=0.003)
        before = world.pose("book").position[2]
        width = arm.state()[2]
        for i in range(60):
            arm.grip(min(0.08, width + 0.1 / 240 * i), 25.0)
            world.step()
        world.step(60)
        assert world.pose("book").position[2] < before - 0.1


def test_points_of_contact_that_turned_with_the_hand_do_not_hold_what_is_let_go():
    """Pads push along the way they move, not along what was across it before the hand turned."""
    spec = WorldSpec(objects=(Placed(make_body("coke can"), Pose((0.4, 0.0, 0.4))),), holding="coke can")
    with World(spec) as world:
        arm, c = world.arm, world.client
        can = c.body("coke can")
        for i in range(480):
            q = np.array(arm.spec.home)
            q[[3, 5, 6]] += np.array([0.4, 1.0, 1.5]) * np.sin(np.pi * i / 960)
            arm.command(q.tolist(), [0.0] * 7)
            world.step()
        width = arm.state()[2]
        assert width > 0.05
        for i in range(15):
            arm.grip(min(0.08, width + 0.1 / 240 * (i + 1)), 25.0)
            world.step()
            closing = arm.pose_world_tool().rotation()[:, 1]
            touched = [p for p in c.getContactPoints(can, arm.body) if p[4] in arm.fingers]
            assert all(abs(np.dot(p[7], closing)) > 0.95 for p in touched)
