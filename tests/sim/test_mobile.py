from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

from sim.mobile import BASE_JOINTS, CHASSIS, model_of
from sim.model_files import arm_file as model_file
from sim.robots import RobotConfigError, load_robot, parse_robot
from sim.world import World
from tests.sim.kitchens import START, kitchen


def test_the_arm_s_links_keep_their_names_and_stand_on_a_chassis():
    config = load_robot("mobile_panda")
    names = {j.get("name"): j for j in ElementTree.parse(model_of(config, model_file(config))).getroot().iter("joint")}
    assert set(config.spec.joint_names) | set(BASE_JOINTS) | {"groundplan_mount"} <= set(names)
    assert names["groundplan_mount"].find("parent").get("link") == CHASSIS
    assert model_of(config, model_file(config)) == model_of(config, model_file(config))  # made once
    fixed = load_robot("panda")
    assert model_of(fixed, model_file(fixed)) == model_file(fixed)


def test_like_means_everything_else_as_there():
    mobile, panda = load_robot("mobile_panda"), load_robot("panda")
    assert mobile.spec.joint_names == panda.spec.joint_names
    assert mobile.spec.max_velocity == panda.spec.max_velocity
    assert panda.spec.base is None
    assert mobile.spec.base is not None
    assert mobile.spec.base.mount[2] == 0.70


def test_half_a_base_is_an_error_that_names_the_rest():
    row = {
        "name": "x", "urdf": "x", "joint_names": ["a"], "lower": [-1], "upper": [1], "max_velocity": [1],
        "max_acceleration": [1], "home": [0], "effort": [1], "tool_link": "t", "hand_link": "h",
        "finger_joints": ["l", "r"], "position_gain": 0.1, "velocity_gain": 1.0, "base_radius": 0.3,
    }  # fmt: skip
    with pytest.raises(RobotConfigError, match="also needs base_velocity"):
        parse_robot(row, "x")


def test_it_stands_still_where_it_was_put_and_weighs_what_it_should():
    with World(kitchen()) as world:
        world.step(240)
        (x, y, yaw), speed = world.arm.base_state()
        assert (x, y) == pytest.approx(START.position[:2], abs=1e-3)
        assert abs(yaw) == pytest.approx(3.1416, abs=1e-3)  # half a turn, either way around
        assert max(map(abs, speed)) < 1e-3
        assert world.client.getDynamicsInfo(world.arm.body, world.arm.chassis)[0] == pytest.approx(60.0)
