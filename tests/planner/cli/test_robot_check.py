"""``groundplan robot check`` at the command line."""

from __future__ import annotations

import json

import pytest

from planner.cli.main import main

SCENE = """
name: spot
fixtures: [{name: top, size: [1.2, 0.5, 0.04], position: [0.5, 0.0, -0.02]}]
places: {near: {low: [0.45, -0.05], high: [0.55, 0.05]}}
spawn: near
camera: {eye: [1.2, 0.0, 0.8], target: [0.4, 0.0, 0.0]}
"""


@pytest.fixture
def scene(tmp_path):
    path = tmp_path / "spot.yaml"
    path.write_text(SCENE, encoding="utf-8")
    return str(path)


def test_a_check_with_a_map_and_json(scene, tmp_path, capsys):
    picture = tmp_path / "map.png"
    words = ["robot", "check", "panda", "--scene", scene, "--objects", "apple", "--json", "--picture", str(picture)]
    assert main(words) == 0
    out = capsys.readouterr()
    told = json.loads(out.out)
    assert told["ok"]
    assert told["places"][0]["from_above"] == 1.0
    assert [v["can"] for v in told["things"]] == [True]
    assert "panda can do all of it in spot" in out.err
    assert picture.stat().st_size > 1000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["pandda"], "no robot 'pandda' (did you mean 'panda'?)"),
        (["panda", "--scene", "atlantis"], "unknown scene 'atlantis'"),
        (["panda", "--objects", "a,,b"], "--objects wants names"),
        (["panda", "--picture", "x.bmp"], "--picture writes .png or .jpg"),
    ],
)
def test_what_cannot_be_checked_is_one_line(words, said, capsys):
    assert main(["robot", "check", *words]) == 2
    assert said in capsys.readouterr().err


def test_a_robot_of_the_wrong_kind(capsys):
    assert main(["robot", "check", "mobile_panda", "--scene", "tabletop"]) == 1
    said = " ".join(capsys.readouterr().out.split())  # the console breaks lines
    assert "nothing in scene 'tabletop' needs a robot that drives" in said
