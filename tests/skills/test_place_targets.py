from __future__ import annotations

import math

import numpy as np
import pytest

from skills.driver import Held
from skills.place_targets import carried, levelled, place_targets, sagging
from skills.spot import Spot
from skills.types import Form, Pose


def tilted(make, angle, **more):
    return make.block("a", 0, 0, pose=Pose.of((0.4, 0, 0.3), make.lying(angle)), **more)


def test_targets_put_the_thing_exactly_on_the_spot(make):
    """tool @ pose_tool_object is where the thing comes to rest: centre over the spot, underside at the height."""
    block = make.block("a", 0.4, 0, 0.2, yaw=0.3)
    tool = Pose.of((0.4, 0, 0.225), (1, 0, 0, 0))
    held = Held("a", tool.inverse() @ block.pose_world)
    targets = list(place_targets(block, held, [Spot(0.6, 0.1, (0.0025, 0.05), 1.0)]))
    assert len(targets) == 24
    for target in targets:
        there = target.tool @ held.pose_tool_object
        assert there.position[:2] == pytest.approx((0.6, 0.1))
        assert there.position[2] - 0.02 in (pytest.approx(0.0025), pytest.approx(0.05))
        assert there.tilt == pytest.approx(0.0, abs=1e-6)
        assert target.tool.rotation()[2, 2] == pytest.approx(-1.0)
    assert [t.highest for t in targets[:2]] == [False, True]


def test_a_wanted_heading_is_taken(make):
    block = make.block("a", 0.4, 0, 0.2, yaw=2.9)
    held = Held("a", Pose.of((0, 0, 0), (1, 0, 0, 0)).inverse() @ Pose())
    target = next(place_targets(block, held, [Spot(0.6, 0.1, (0.0,), 1.0, yaw=-2.9)]))
    assert target.pose_world_object.yaw == pytest.approx(-2.9)


@pytest.mark.parametrize("angle", [0.1, -0.3, 0.5])
def test_a_bowl_that_hangs_askew_comes_down_level(make, angle):
    bowl = make.bowl("bowl", 0, 0, pose=Pose.of((0.4, 0, 0.3), make.lying(angle)))
    flat = levelled(bowl)
    assert flat.pose_world.tilt == pytest.approx(0.0, abs=1e-6)
    assert flat.pose_world.position == bowl.pose_world.position
    turned = flat.pose_world.inverse() @ bowl.pose_world
    assert 2 * math.acos(min(1, abs(turned.orientation[3]))) == pytest.approx(abs(angle), abs=1e-6)


def test_levelling_keeps_what_it_should(make):
    slight = tilted(make, math.radians(1))
    assert levelled(slight) is slight
    diagonal = tilted(make, math.radians(44))
    assert levelled(diagonal) is diagonal
    ball = make.apple("a", 0, 0, pose=Pose.of((0, 0, 1), make.lying(1.0)))
    assert levelled(ball) is ball


def test_lying_things_stay_lying(make):
    can = make.can("can", 0, 0, pose=Pose.of((0.4, 0, 0.3), make.lying(math.radians(80))))
    assert abs(levelled(can).pose_world.rotation()[2, 2]) < 1e-6
    box = make.thing("b", Form.BOX, (0.05, 0.1, 0.2), 0, 0, pose=Pose.of((0.4, 0, 0.3), make.lying(math.radians(100))))
    assert np.sort(np.abs(levelled(box).pose_world.rotation()[2])) == pytest.approx([0, 0, 1], abs=1e-6)


def test_carried_and_sagging(make):
    tool = Pose.of((0.4, 0, 0.225), (1, 0, 0, 0))
    obs = make.seen(make.block("a", 0.4, 0, 0.2), tool=tool, width=0.04, holding=True)
    held = carried(obs, "a")
    assert held.pose_tool_object.position == pytest.approx((0, 0, 0.005))
    lower = tool @ sagging(held, tool).pose_tool_object
    assert lower.position == pytest.approx((0.4, 0, 0.212))
