"""Cameras in a robot's description."""

from __future__ import annotations

import pytest

from sim.mounts import parse_mounts
from sim.robots import RobotConfigError, load_robot, parse_robot

ROW = {"link": "hand", "eye": [0.1, 0, 0], "target": [0, 0, 1]}


def test_a_row_becomes_a_camera():
    (mount,) = parse_mounts({"wrist": {**ROW, "fov": 60, "pans": 8}})
    assert (mount.name, mount.link, mount.eye, mount.fov, mount.pans) == ("wrist", "hand", (0.1, 0.0, 0.0), 60.0, 8)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({**ROW, "zoom": 2}, "unknown key 'zoom'; known: link"),
        ({"link": "hand", "eye": [0, 0, 0]}, "needs 'target'"),
        ({**ROW, "eye": [0, 0]}, "camera 'wrist'"),
        ({**ROW, "pans": 2.5}, "pans is a whole number"),
        ({**ROW, "fov": 170}, "fov"),
        ("hand", "expected a mapping"),
    ],
)
def test_a_wrong_row_names_camera_and_key(row, message):
    with pytest.raises(ValueError, match=message):
        parse_mounts({"wrist": row})


def test_the_shipped_robots_carry_cameras():
    assert [m.name for m in load_robot("panda").cameras] == ["hand"]
    mobile = {m.name: m for m in load_robot("mobile_panda").cameras}
    assert set(mobile) == {"hand", "head"}
    assert mobile["head"].pans > 1


def test_a_robot_file_with_a_wrong_camera_is_refused():
    from dataclasses import asdict

    config = load_robot("panda")
    row = {k: getattr(config, k) for k in ("urdf", "tool_link", "hand_link", "finger_joints", "effort")}
    row |= {"position_gain": 0.3, "velocity_gain": 1.0, "cameras": {"wrist": {"link": "panda_hand"}}}
    spec = asdict(config.spec)
    row |= {k: spec[k] for k in ("name", "joint_names", "lower", "upper", "max_velocity", "max_acceleration", "home")}
    with pytest.raises(RobotConfigError, match="robot 'odd': camera 'wrist': it needs 'eye'"):
        parse_robot(row, "odd")
