"""Robot descriptions: typed and strict."""

from __future__ import annotations

import pytest
import yaml

from sim.robots import RobotConfigError, load_robot, parse_robot, robot_names


def panda_row() -> dict:
    from importlib import resources

    return yaml.safe_load(resources.files("configs").joinpath("robots", "panda.yaml").read_text(encoding="utf-8"))


def test_panda():
    robot = load_robot("panda")
    assert "panda" in robot_names()
    assert len(robot.spec.joint_names) == 7
    assert robot.spec.simulated
    assert all(lo < h < up for lo, h, up in zip(robot.spec.lower, robot.spec.home, robot.spec.upper, strict=True))
    assert robot.spec.gripper_range == (0.0, 0.08)


def test_unknown_robot_lists_the_known():
    with pytest.raises(RobotConfigError, match=r"no robot 'pandda'; known: .*panda"):
        load_robot("pandda")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"joint_name": []}, "unknown key 'joint_name'; did you mean 'joint_names'"),
        ({"home": [0.0, 0.0]}, "home has 2 entries for 7 joints"),
        ({"effort": [1.0]}, "one effort per joint"),
        ({"urdf": None}, "missing key"),
    ],
)
def test_bad_descriptions(change, message):
    row = panda_row() | change
    if change.get("urdf", 0) is None:
        del row["urdf"]
    with pytest.raises(RobotConfigError, match=message):
        parse_robot(row, "test")


def test_not_a_mapping():
    with pytest.raises(RobotConfigError, match="expected a mapping"):
        parse_robot(["panda"], "test")
