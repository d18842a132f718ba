from __future__ import annotations

import pytest

from envs.scenes import list_scenes, load_scene
from envs.strict import FileError

SCENE = """
name: desk
places:
  desk: {low: [0.3, -0.3], high: [0.6, 0.3]}
spawn: desk
camera: {eye: [1, 0, 1], target: [0.4, 0, 0]}
"""


def test_the_tabletop_seen_by_a_person_opposite_the_robot():
    scene = load_scene("tabletop")
    assert "tabletop" in list_scenes()
    regions = scene.regions
    assert regions["top side"].centre[0] < regions["middle"].centre[0] < regions["bottom side"].centre[0]
    assert regions["left side"].centre[1] < regions["middle"].centre[1] < regions["right side"].centre[1]
    for end in ("top", "bottom"):
        for side in ("left", "right"):
            assert scene.within[f"{end} {side} corner"] == {f"{end} side", f"{side} side", "table"}
    assert scene.within["middle"] == {"table"}
    assert scene.disjoint("left side", "right side")
    assert not scene.disjoint("left side", "top side")
    assert all(scene.regions[p].within(regions["table"]) for p in scene.places)
    assert not scene.mobile


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("center", "middle"),
        ("the centre of the table", "middle"),
        ("Upper Left Corner", "top left corner"),
        ("left top corner", "top left corner"),
        ("lower right", "bottom right corner"),
        ("right-hand side", "right side"),
        ("bottom edge", "bottom side"),
        ("left", "left side"),
        ("tabletop", "table"),
        ("corner", None),
        ("side", None),
        ("the", None),
        ("moon", None),
    ],
)
def test_one_function_resolves_what_people_say(said, meant):
    scene = load_scene("tabletop")
    assert scene.resolve_place(said) == meant
    if meant is None:
        with pytest.raises(KeyError, match="top left corner"):
            scene.place(said)


def test_an_unknown_scene_names_the_choices():
    with pytest.raises(FileError, match="did you mean 'tabletop'"):
        load_scene("tabeltop")
    with pytest.raises(FileError, match="no such scene file"):
        load_scene("somewhere/else.yaml")


def test_a_scene_of_ones_own_is_read_again_after_a_change(tmp_path):
    file = tmp_path / "desk.yaml"
    file.write_text(SCENE)
    assert load_scene(file).spawn == "desk"
    file.write_text(SCENE.replace("desk", "bench"))
    assert load_scene(file).spawn == "bench"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("spawn: desk", "spwan: desk", r"desk.yaml:5: unknown key 'spwan'; did you mean 'spawn'"),
        ("spawn: desk", "spawn: dsek", "'dsek' is no place; did you mean 'desk'"),
        ("low: [0.3, -0.3]", "low: [0.9, -0.3]", r":4: places.desk: low .* must lie below high"),
        ("low: [0.3, -0.3]", "low: [.nan, -0.3]", ":4: places.desk.low.0"),
        ("low: [0.3, -0.3]", "low: [0.3]", ":4: places.desk.low"),
        ("name: desk\n", "", "the key 'name' is missing"),
        ("eye: [1, 0, 1]", "eye: [1, 0, up]", ":6: camera.eye.2"),
        ("spawn: desk", "spawn: desk\nobjects: [cup, cup]", "objects: 'cup' occurs twice"),
        ("spawn: desk", "spawn: desk\nspawn: desk", ":6: the key 'spawn' is written twice"),
    ],
)
def test_mistakes_in_a_scene_file(tmp_path, old, new, message):
    file = tmp_path / "desk.yaml"
    file.write_text(SCENE.replace(old, new))
    with pytest.raises(FileError, match=message):
        load_scene(str(file))
