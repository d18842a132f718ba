from __future__ import annotations

import pytest

from envs.scenes import load_scene
from envs.strict import FileError
from envs.typed_scene import read_typed_scene
from skills.driver import Embodiment
from skills.drivers.fake import FakeDriver
from skills.drivers.fake_kinematics import FakeKinematics
from skills.drivers.fake_world import FakeWorld
from skills.executor import execute
from skills.library import default_library
from skills.predicates import symbolic_state
from skills.symbols import parse_literal
from skills.typed_perception import TypedPerception
from skills.types import Form

TABLE = """
objects:
  - {name: red block, at: [0.45, -0.10], yaw: 0.5}
  - {name: my cup, at: [0.55, 0.10], form: cylinder, size: [0.07, 0.07, 0.095], mass: 0.2}
  - {name: blue bowl, at: [0.5, 0.2], movable: false}
"""


def read(tmp_path, text):
    path = tmp_path / "table.yaml"
    path.write_text(text, encoding="utf-8")
    return read_typed_scene(path, load_scene("tabletop"))


def test_things_stand_on_the_surface_as_measured_or_as_their_name_means(tmp_path):
    block, cup, bowl = read(tmp_path, TABLE)
    assert block.bottom_z == pytest.approx(0.0)
    assert block.pose_world.yaw == pytest.approx(0.5)
    assert cup.shape.form is Form.CYLINDER
    assert cup.shape.size == (0.07, 0.07, 0.095)
    assert cup.mass == 0.2
    assert bowl.container
    assert not bowl.movable


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("objects: [{name: a, at: [0.4, 0.1], yow: 1}]", "did you mean 'yaw'"),
        ("objects: [{name: a, at: [0.4]}]", "too short"),
        ("objects: [{name: a, at: [0.4, 0.1], form: cube, size: [1, 1, 1]}]", "'cube' is none of box"),
        ("objects: [{name: a, at: [0.4, 0.1], form: box}]", "a form needs a size"),
        ("objects: [{name: a, at: [0.4, 0.1], size: [0.1, 0.1, -1]}]", "positive metres"),
        ("objects: [{name: a, at: [9, 9]}]", "no place of the scene is at"),
        ("objects: [{name: a, at: [0.4, 0.1]}, {name: a, at: [0.5, 0.1]}]", "used twice: a"),
        ("objects: [{name: a, at: [.nan, 0.1]}]", "finite"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, text, says):
    with pytest.raises(FileError, match=r"table\.yaml") as caught:
        read(tmp_path, text)
    assert says in str(caught.value)


def test_a_task_runs_on_typed_in_things_which_follow_the_hand(tmp_path):
    """The robot's world is a fake one with the same things; perception is the file alone."""
    things = read(tmp_path, TABLE)
    regions = load_scene("tabletop").regions
    world = FakeWorld({t.name: t for t in things}, dict(regions))
    driver = FakeDriver(world)
    driver.connect()
    body = Embodiment(driver, FakeKinematics(regions), TypedPerception(things, regions), regions)
    library = default_library()
    for text in ("pick(red block)", "place_in(red block, blue bowl)"):
        report = execute(library.parse(text), body)
        assert report.ok, report.failure
    known, true = body.observe().objects["red block"], world.objects["red block"]
    assert symbolic_state(body.observe()).holds(parse_literal("in(red block, blue bowl)"))
    assert known.pose_world.position[:2] == pytest.approx(true.pose_world.position[:2], abs=0.005)
    assert body.perception.name == "typed-in"


def test_a_missed_grasp_is_not_believed(tmp_path):
    """The thing was typed in at the wrong place: closing on nothing is no grasp."""
    things = read(tmp_path, TABLE)
    regions = load_scene("tabletop").regions
    driver = FakeDriver(FakeWorld({}, dict(regions)))
    driver.connect()
    body = Embodiment(driver, FakeKinematics(regions), TypedPerception(things, regions), regions)
    report = execute(default_library().parse("pick(red block)"), body)
    assert not report.ok
    assert not symbolic_state(body.observe()).holds(parse_literal("holding(red block)"))
