"""The arm follows its targets; the fingers press with the force they are told."""

from __future__ import annotations

import numpy as np
import pytest

from sim.world import World


def test_it_stands_at_home_and_holds_still(make_world):
    world = make_world()
    world.step(240)
    q, dq, width, _ = world.arm.state()
    assert np.abs(np.subtract(q, world.robot.spec.home)).max() < 1e-3
    assert np.abs(dq).max() < 1e-3
    assert width == pytest.approx(0.08, abs=1e-3)


def test_feed_forward_keeps_the_lag_small(make_world):
    world = make_world()
    home = np.array(world.robot.spec.home)
    lag = 0.0
    for i in range(240):
        t = i / 240
        target = home + 0.3 * np.sin(2 * t) ** 2
        world.arm.command(target.tolist(), [0.3 * 2 * np.sin(4 * t)] * 7)
        world.step()
        lag = max(lag, float(np.abs(np.subtract(world.arm.state()[0], target)).max()))
    assert lag < 0.01


@pytest.mark.parametrize("force", [8.0, 15.0, 25.0])
def test_contact_force_agrees_with_the_commanded_force(tabletop, force):
    with World(tabletop([("red block", 0.5, 0.0)], holding="red block")) as world:
        world.arm.grip(0.0, force)
        world.step(120)
        truth = world.truth()
        left, right = truth.force("gripper left finger", "red block"), truth.force("gripper right finger", "red block")
        assert left == pytest.approx(force, rel=0.05)
        assert right == pytest.approx(force, rel=0.05)


def test_fingers_mirror_each_other(make_world):
    world = make_world()
    for i in range(120):
        world.arm.grip(0.08 - 0.1 * i / 240, 20.0)
        world.step()
        rows = world.client.getJointStates(world.arm.body, world.arm.fingers)
        assert rows[0][0] == pytest.approx(rows[1][0], abs=5e-4)


def test_weak_fingers_drop_what_they_hold(tabletop):
    with World(tabletop([("pepsi can", 0.5, 0.0)], holding="pepsi can")) as world:
        world.arm.weaken(0.01)
        world.step(120)
        assert world.truth().held() is None
