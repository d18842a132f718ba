"""Arms other than the Panda pick and place in physics, judged by ground truth."""

from __future__ import annotations

import pytest

from envs.stage import StageSettings, build_stage
from envs.tasks import task_from_data
from envs.trials import do_step
from sim.model_files import package_folder
from skills.executor import StepReport
from skills.library import default_library
from skills.symbols import parse_literal

PACKAGE = pytest.mark.skipif(
    package_folder("example-robot-data") is None, reason="needs: pip install 'groundplan[robots]'"
)


@pytest.mark.parametrize("robot", ["ur5e", pytest.param("xarm7", marks=PACKAGE)])
def test_pick_and_place(robot):
    data = {
        "id": "put",
        "instruction": "put the apple in the blue bowl",
        "scene": "tabletop",
        "start": {"objects": [{"name": n} for n in ("apple", "blue bowl", "tea box")]},
        "goal": {"any": [["in(apple, blue bowl)"]]},
    }
    with build_stage(task_from_data(data, "test"), 4, StageSettings(robot=robot)) as stage:
        for step in ("pick(apple)", "place_in(apple, blue bowl)"):
            report = do_step(stage, default_library(), step)
            assert isinstance(report, StepReport), report
            assert report.ok, report.failure
        assert stage.judge.holds(parse_literal("in(apple, blue bowl)"))


@pytest.mark.slow
def test_a_ur5e_that_drives_fetches():
    data = {
        "id": "fetch",
        "instruction": "bring me the coke can",
        "scene": "kitchen",
        "start": {"robot": {"at": "table"}, "objects": [{"name": "coke can", "at": "table"}]},
        "goal": {"any": [["at(coke can, user)"]]},
    }
    with build_stage(task_from_data(data, "test"), 3, StageSettings(robot="mobile_ur5e")) as stage:
        for step in ("pick(coke can)", "go_to(user)", "place_at(coke can, user)"):
            report = do_step(stage, default_library(), step)
            assert isinstance(report, StepReport), report
            assert report.ok, report.failure
        assert stage.judge.holds(parse_literal("at(coke can, user)"))
