"""Robot descriptions: typed and strict."""

from __future__ import annotations

import pytest
import yaml

from sim.model_files import source_file
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
    with pytest.raises(RobotConfigError, match=r"no robot 'pandda' \(did you mean 'panda'\?\); known: .*panda"):
        load_robot("pandda")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"joint_name": []}, "unknown key 'joint_name'; did you mean 'joint_names'"),
        ({"home": [0.0, 0.0]}, "home has 2 entries for 7 joints"),
        ({"effort": [1.0]}, "one effort per joint"),
        ({"urdf": None}, "missing key"),
        ({"lower": [9.0] * 7}, "panda_joint1: lower limit 9.0 is not below upper limit"),
        ({"home": [9.0] * 7}, "panda_joint1: home 9.0 lies outside its limits"),
        ({"upper": ["a"] * 7}, "upper is a list of numbers"),
        ({"foot": [1.0]}, "foot needs three numbers"),
        ({"finger_boxes": [[0.1]]}, "finger_boxes: expected rows of six numbers"),
        ({"gripper": {"flange": "panda_link8"}}, "tool_link and gripper exclude each other"),
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


def test_files_of_ones_own(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("like: panda\nname: mine\npayload: 1.5\n", encoding="utf-8")
    robot = load_robot(str(path))
    assert (robot.spec.name, robot.spec.payload) == ("mine", 1.5)
    assert robot.folder == load_robot("panda").folder  # where its model is looked for
    path.write_text("like: [panda", encoding="utf-8")
    with pytest.raises(RobotConfigError, match="is not YAML"):
        load_robot(str(path))


def test_the_model_beside_a_shipped_file_is_found_from_anywhere(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("like: ur5e\nname: mine\n", encoding="utf-8")
    assert source_file(load_robot(str(path))) == source_file(load_robot("ur5e"))
    path.write_text("like: ur5e\nname: mine\nurdf: arm.urdf\n", encoding="utf-8")
    (tmp_path / "arm.urdf").write_text("<robot/>", encoding="utf-8")
    assert source_file(load_robot(str(path))) == tmp_path / "arm.urdf"


@pytest.mark.parametrize("name", robot_names())
def test_every_shipped_robot_is_read(name):
    robot = load_robot(name)
    assert robot.spec.gripper_range[1] >= 0.08
    assert (robot.spec.base is not None) == name.startswith("mobile")


def test_how_far_a_robot_that_drives_reaches_can_be_said(tmp_path):
    path = tmp_path / "mine.yaml"
    row = yaml.safe_load(open_shipped("mobile_panda")) | {"base_reach": [0.25, 0.4, 0.6]}
    path.write_text(yaml.safe_dump(row), encoding="utf-8")
    base = load_robot(str(path)).spec.base
    assert base is not None
    assert base.reach == (0.25, 0.4, 0.6)
    path.write_text(yaml.safe_dump(row | {"base_reach": [0.5, 0.4, 0.6]}), encoding="utf-8")
    with pytest.raises(RobotConfigError, match="rising from 0"):
        load_robot(str(path))


def open_shipped(name: str) -> str:
    from importlib import resources

    return resources.files("configs").joinpath("robots", f"{name}.yaml").read_text(encoding="utf-8")
