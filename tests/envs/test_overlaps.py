"""Furniture in other furniture is found, joints between boards are not."""

from __future__ import annotations

import pytest
import yaml

from envs.overlaps import overlapping, standing
from envs.scenes import load_scene
from envs.strict import FileError
from skills.types import Form, Pose, Shape


def box(name, x, y=0.0, z=0.5, size=(1.0, 1.0, 1.0), yaw=0.0, form=Form.BOX):
    return standing(name, Shape(form, size), Pose.from_yaw((x, y, z), yaw))


def test_the_deepest_pair_and_how_deep():
    assert overlapping([box("a", 0.0), box("b", 1.0), box("c", 2.005)]) is None
    assert overlapping([box("a", 0.0), box("b", 0.95), box("c", 1.75)]) == ("b", "c", pytest.approx(0.2))
    assert overlapping([box("under", 0.0, z=0.5), box("over", 0.0, z=1.5)]) is None


def test_round_and_turned_things_are_taken_as_they_are():
    post = box("post", 0.68, 0.68, size=(0.4, 0.4, 1.0), form=Form.CYLINDER)
    assert overlapping([box("a", 0.0), post]) is None  # only the square around it would touch
    turned = box("turned", 1.25, size=(1.0, 1.0, 1.0), yaw=0.785398)
    assert overlapping([box("a", 0.0), turned]) is None or overlapping([box("a", 0.0), turned])[2] < 0.05
    assert overlapping([box("a", 0.0), box("b", 1.15, yaw=0.785398)])[2] > 0.04


def test_a_scene_file_says_which_two(tmp_path):
    path = tmp_path / "scene.yaml"
    scene = {
        "name": "s",
        "surface": 0.8,
        "fixtures": [
            {"name": "counter", "size": [1, 1, 0.8], "position": [0, 0, 0.4]},
            {"name": "shelf", "size": [0.4, 0.4, 1.0], "position": [0.5, 0, 0.7]},
        ],
        "places": {"top": {"low": [-0.4, -0.4], "high": [0.2, 0.4]}},
        "spawn": "top",
        "camera": {"eye": [1.2, 0.0, 2.8], "target": [0.4, 0.0, 0.0]},
    }
    path.write_text(yaml.safe_dump(scene), encoding="utf-8")
    with pytest.raises(FileError, match=r"'counter' and 'shelf' overlap by 20.0 cm: move one of them"):
        load_scene(path)
    scene["fixtures"].pop()
    scene["articulated"] = [
        {"name": "chest", "kind": "drawer unit", "position": [0.1, 0.0]},
        {"name": "cupboard", "kind": "cabinet", "position": [0.2, 0.1]},
    ]
    path.write_text(yaml.safe_dump(scene), encoding="utf-8")
    with pytest.raises(FileError, match=r"'chest' and 'cupboard' overlap by .* cm"):
        load_scene(path)
