"""What a robot can do in a scene: right where it can be worked out by hand, with reasons and advice where it cannot."""

from __future__ import annotations

import pytest
import yaml

from envs.reach import SIDE, TOP, grid
from envs.reach_map import draw_reach
from envs.robot_check import check_robot, suits
from envs.strict import FileError
from sim.robots import RobotConfigError
from skills.types import Region

SCENE = {
    "name": "bench",
    "surface": 0.0,
    "fixtures": [{"name": "top", "size": [1.2, 0.5, 0.04], "position": [0.5, 0.0, -0.02]}],
    "places": {
        "near": {"low": [0.45, -0.1], "high": [0.55, 0.1]},
        "far": {"low": [1.15, -0.04], "high": [1.25, 0.04]},
    },
    "spawn": "near",
    "camera": {"eye": [1.2, 0.0, 0.8], "target": [0.4, 0.0, 0.0]},
}


@pytest.fixture
def write(tmp_path):
    def scene(**changes: object) -> str:
        path = tmp_path / "scene.yaml"
        path.write_text(yaml.safe_dump({**SCENE, **changes}), encoding="utf-8")
        return str(path)

    return scene


@pytest.fixture
def narrow(tmp_path):
    path = tmp_path / "narrow.yaml"
    text = "like: iiwa\nname: narrow\npayload: 0.3\ngripper: {flange: lbr_iiwa_link_7, offset: 0.045, stroke: 0.04}\n"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_near_is_reached_and_far_is_not(write):
    check = check_robot("panda", write(), ["coke can"])
    near, far = (next(p for p in check.places if p.name == n) for n in ("near", "far"))
    assert (near.share(TOP), near.share(SIDE)) == (1.0, 1.0)
    assert far.any_way == 0.0
    assert not check.ok
    assert check.advice == ("far: nothing is reached, 1.20 m from the foot; move the robot "
                            "(foot: in the robot file, or base: in the scene)",)  # fmt: skip
    picture = draw_reach(check)
    red = sum(1 for p in picture.getdata() if p == (200, 69, 47))
    assert red > 2 * 60  # a point out of reach, and one in the legend


def test_a_wall_in_the_way_is_named(write):
    wall = {"name": "wall", "size": [0.02, 1.0, 0.9], "position": [0.3, 0.0, 0.45]}
    check = check_robot(
        "panda", write(fixtures=[*SCENE["fixtures"], wall], places={"near": SCENE["places"]["near"]}), []
    )
    assert check.problem.startswith("robot 'panda' does not fit in scene 'bench': at rest it touches wall")
    assert check.places == ()
    with pytest.raises(ValueError, match="no map of a robot that does not fit"):
        draw_reach(check)


def test_what_is_too_thick_or_too_heavy(write, narrow):
    scene = write(places={"near": SCENE["places"]["near"]}, base={"position": [-0.05, 0, 0]})
    check = check_robot(narrow, scene, ["coke can", "spoon", "pan"])
    verdicts = {v.name: v for v in check.things}
    assert verdicts["spoon"].can
    assert "thick, the fingers take at most 3.4 cm" in verdicts["coke can"].why
    assert "more than the payload of 0.3 kg" in verdicts["pan"].why
    assert any("a gripper with a longer stroke" in a for a in check.advice)
    assert check.to_json()["facts"]["takes_mm"] == 34.0


def test_furniture_is_opened_where_it_can_be(write):
    pieces = [
        {"name": "chest", "kind": "drawer unit", "drawers": 1, "position": [0.95, 0.0], "yaw": 3.1416},
        {"name": "button", "kind": "button", "position": [2.5, 0.0], "switches": "lamp"},
        {"name": "lamp", "kind": "lamp", "position": [2.5, 0.3]},
    ]
    table = {"name": "long table", "size": [3.0, 0.8, 0.04], "position": [1.2, 0.0, -0.02]}
    check = check_robot(
        "panda", write(fixtures=[table], articulated=pieces, places={"near": SCENE["places"]["near"]}), []
    )
    verdicts = {v.name: v for v in check.parts}
    assert verdicts["button"].how == "press"
    assert not verdicts["button"].can
    assert verdicts["button"].why
    drawer = next(v for n, v in verdicts.items() if n != "button")
    assert (drawer.how, drawer.can) == ("open", True)


def test_the_wrong_kind_of_robot_and_files_that_cannot_be_used(write):
    check = check_robot("panda", "kitchen")
    assert "the places of scene 'kitchen' are far apart; choose one of mobile" in check.problem
    assert not check.ok
    with pytest.raises(FileError, match="unknown scene 'kitchn'; did you mean 'kitchen'"):
        check_robot("mobile_panda", "kitchn")
    with pytest.raises(RobotConfigError, match="no robot 'pand'"):
        check_robot("pand", "tabletop")
    assert (suits("panda"), suits("mobile_panda")) == ("tabletop", "kitchen")


@pytest.mark.slow
def test_the_shipped_robots_do_nearly_everything_in_their_scenes():
    for robot in ("panda", "iiwa", "mobile_panda"):
        check = check_robot(robot, suits(robot), ["coke can", "apple", "blue bowl"])
        assert check.problem == ""
        assert all(p.any_way > 0.8 for p in check.places), robot
        assert all(v.can for v in check.things)


def test_points_cover_a_place_and_are_not_too_many():
    spots = grid(Region("x", (0.0, 0.0), (2.0, 1.0)), 40)
    assert 25 <= len(spots) <= 48
    assert min(x for x, _ in spots) == pytest.approx(0.03)
    assert max(y for _, y in spots) == pytest.approx(0.97)
    assert grid(Region("y", (0.0, 0.0), (0.05, 0.05))) == [(0.025, 0.025)]
