"""What "auto" means in a scene, and that what it came to is said and recorded."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources

import pytest
import yaml

from envs.eyes import AUTO, CAMERA, ORACLE, blind, eyes_in, eyes_note
from envs.scenes import load_scene, read_scene, scene_files
from envs.stage import StageError, StageSettings, build_stage, settled
from envs.strict import Document, FileError, read_yaml
from envs.tasks import make_task
from planner.evaluate.trials import Trial
from planner.evaluate.worker import Job, header
from planner.settings import Settings
from planner.workplace import eyes_of_twin, open_workplace

KITCHEN = make_task("go", "kitchen", ["apple"])
TABLE = make_task("go", objects=["red block"])


@pytest.fixture(scope="module")
def eyeless(tmp_path_factory) -> str:
    """A robot file: the mobile Panda without its cameras."""
    text = resources.files("configs").joinpath("robots/mobile_panda.yaml").read_text(encoding="utf-8")
    row = {**yaml.safe_load(text), "cameras": {}}
    file = tmp_path_factory.mktemp("robots") / "eyeless.yaml"
    file.write_text(yaml.safe_dump(row))
    return str(file)


def test_auto_is_what_the_scene_says_and_every_other_name_is_itself():
    kitchen, table = load_scene("kitchen"), load_scene("tabletop")
    assert StageSettings().perception == AUTO
    assert (eyes_in(kitchen, AUTO), eyes_in(table, AUTO)) == (CAMERA, ORACLE)
    for scene in (kitchen, table):
        assert [eyes_in(scene, n) for n in (ORACLE, CAMERA, "a:B")] == [ORACLE, CAMERA, "a:B"]


@pytest.mark.parametrize("robot", ["mobile_ur5", "mobile_ur5e", "mobile_xarm7"])
def test_the_other_arms_of_the_kitchen_see_for_themselves(robot):
    assert settled(KITCHEN, StageSettings(robot=robot)).perception == CAMERA


def test_a_robot_without_a_camera_gets_the_oracle_and_is_said_to(eyeless):
    scene = load_scene("kitchen").model_copy(update={"robot": eyeless})
    assert blind(scene)
    assert eyes_in(scene, AUTO) == ORACLE
    assert eyes_note(scene, AUTO) == f"{eyeless} carries no camera"
    assert eyes_note(scene, ORACLE) == ""
    settings = replace(Settings(), stage=StageSettings(robot=eyeless))
    with open_workplace(KITCHEN, 0, settings) as place:
        assert place.perception == f"oracle perception ({eyeless} carries no camera)"
        assert place.settled(settings).stage.perception == ORACLE
    with pytest.raises(StageError, match="carries no camera and the scene has none; give either file cameras:, or"):
        build_stage(KITCHEN, 0, StageSettings(CAMERA, robot=eyeless))


def test_a_scene_may_not_name_what_is_no_perception():
    row = read_yaml(scene_files()["tabletop"])
    assert read_scene(row).perception == ORACLE
    for name, hint in (("camrea", "did you mean 'camera'"), ("auto", "choices: oracle, camera")):
        data = {**row.data, "perception": name}
        with pytest.raises(FileError, match=hint):
            read_scene(Document(data, "scene.yaml"))


def test_the_kitchen_is_seen_through_cameras_and_the_record_says_so():
    with open_workplace(KITCHEN, 0, Settings()) as place:
        assert place.body.perception.name == CAMERA
        assert place.perception == "camera perception"
        assert place.stage is not None
        assert place.stage.settings.perception == CAMERA
        assert place.settled(Settings()).stage.perception == CAMERA
    for task, eyes in ((KITCHEN, CAMERA), (TABLE, ORACLE)):
        line = header(Trial("symbolic-oracle", task, 0), Job(Settings(), False, {}))
        assert line["perception"] == line["settings"]["stage"]["perception"] == eyes


def test_the_twin_answers_with_poses_so_that_auto_is_the_oracle():
    assert eyes_of_twin(Settings()) == ORACLE
    assert eyes_of_twin(replace(Settings(), stage=StageSettings(CAMERA))) == CAMERA
