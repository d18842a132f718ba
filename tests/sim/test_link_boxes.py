"""Boxes around links, and which links can meet which: worked out, not assumed."""

from __future__ import annotations

import numpy as np
import pytest

from sim.kinematics import ArmKinematics
from sim.link_boxes import robot_links
from sim.robots import load_robot
from sim.world import World, WorldSpec


@pytest.mark.parametrize("name", ["panda", "iiwa"])
def test_boxes_hold_their_links_in_any_posture(name):
    config = load_robot(name)
    rng = np.random.default_rng(2)
    thinker = ArmKinematics(WorldSpec(robot=name))
    with World(WorldSpec(robot=name)) as world:
        for _ in range(8):
            q = rng.uniform(config.spec.lower, config.spec.upper)
            world.arm.reset(q.tolist(), 0.03)
            frames = thinker.chain.frames(q)[0]
            for box in (b for b in robot_links(config).boxes if b.frame >= 0):
                frame = frames[box.frame]
                middle = frame[:3, 3] + frame[:3, :3] @ box.centre
                half = np.abs(frame[:3, :3]) @ box.half
                low, high = (np.array(v) for v in world.client.getAABB(world.arm.body, box.link))
                slack = 0.045  # the physics' own boxes carry a margin and lean on a turned box
                assert (low > middle - half - slack).all()
                assert (high < middle + half + slack).all()
    thinker.close()


def test_the_links_at_the_foot_are_found():
    assert robot_links(load_robot("panda")).rooted == (0, 1)


@pytest.mark.parametrize("name", ["panda", "iiwa", "mobile_panda"])
def test_no_pair_touches_at_rest_and_the_hand_may_meet_the_foot(name):
    config = load_robot(name)
    links = robot_links(config)
    frames = {b.link: b.frame for b in links.boxes}
    assert all(frames[a] - frames[b] >= 3 for a, b in links.pairs)
    still = next(b.link for b in links.boxes if b.frame < 0)
    assert any(b == still and frames[a] == len(config.spec.joint_names) - 1 for a, b in links.pairs)


def test_an_arm_folded_into_itself_is_noticed_whatever_arm_it_is():
    thinker = ArmKinematics(WorldSpec(robot="iiwa"))
    assert thinker.obstacle(thinker.spec.home) is None
    assert thinker.obstacle([-2.3, 2.09, -2.8, 2.09, -1.2, -0.2, 0.3]) == "robot"
    assert thinker.resting_hit(thinker.mount) is None
    thinker.close()
