"""What cannot be done ends in an error or a failure that says why: never a crash, never a drive without end."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
import yaml

from envs.stage import StageError, StageSettings, build_stage
from envs.tasks import task_from_data
from skills.affordance import regions_for
from skills.executor import execute
from skills.failure import FailureKind
from skills.library import default_library
from skills.skill import GroundSkill
from skills.types import Form, Mode, ObjectState, Observation, Pose, Region, RobotState, Shape

LIBRARY = default_library()


def task_with(objects, scene="tabletop", **start):
    data = {
        "id": "bad",
        "instruction": "go",
        "scene": scene,
        "start": {"objects": objects, **start},
        "expect": "refuse",
    }
    return task_from_data(data)


def tried(stage, text):
    """The failure of a step, and whether the arm moved."""
    step = LIBRARY.parse(text)
    assert isinstance(step, GroundSkill), step
    before = stage.body.observe().robot
    report = execute(step, stage.body)
    after = stage.body.observe().robot
    moved = max(abs(a - b) for a, b in zip(before.q, after.q, strict=True)) > 0.01 or before.base != after.base
    return report.failure, moved


@pytest.fixture
def weak(tmp_path):
    """A Panda that opens by 5 cm and carries 100 g."""
    path = tmp_path / "weak.yaml"
    path.write_text("like: panda\nname: weak\ngripper_range: [0.0, 0.05]\npayload: 0.1\n", encoding="utf-8")
    return StageSettings(robot=str(path))


def test_too_thick_and_too_heavy_things_are_refused_with_the_numbers(weak):
    with build_stage(task_with([{"name": "coke can"}, {"name": "hammer"}]), 1, weak) as stage:
        failure, moved = tried(stage, "pick(coke can)")
        assert failure.kind is FailureKind.UNREACHABLE
        assert "0.1 kg" in failure.detail or "thick, the fingers take at most 4.4 cm" in failure.detail
        assert not moved
        failure, moved = tried(stage, "pick(hammer)")
        assert (failure.kind, moved) == (FailureKind.UNREACHABLE, False)
        assert "more than the payload of 0.1 kg" in failure.detail


def test_everything_in_one_spot():
    crowd = [{"name": f"{c} bowl", "at": "middle"} for c in ("red", "green", "blue", "yellow", "white", "black")]
    with pytest.raises(StageError, match=r"task 'bad': .*middle"):
        build_stage(task_with(crowd), 0)


def test_nothing_anywhere():
    with build_stage(task_with([]), 0) as stage:
        failure, moved = tried(stage, "pick(red block)")
        assert failure.kind is FailureKind.UNKNOWN_OBJECT
        assert "red block" in failure.detail
        assert not moved
        assert stage.judge.verdict().moved == ()


def test_a_place_out_of_reach(tmp_path):
    scene = {
        "name": "long table",
        "fixtures": [{"name": "board", "size": [2.4, 0.8, 0.04], "position": [1.0, 0.0, -0.02]}],
        "places": {
            "near": {"low": [0.4, -0.15], "high": [0.6, 0.15]},
            "far end": {"low": [1.6, -0.15], "high": [1.9, 0.15]},
        },
        "spawn": "near",
        "camera": {"eye": [1.2, 0.0, 0.8], "target": [0.4, 0.0, 0.0]},
    }
    path = tmp_path / "long.yaml"
    path.write_text(yaml.safe_dump(scene), encoding="utf-8")
    task = task_with([{"name": "red block", "at": "far end"}, {"name": "lemon", "at": "gripper"}], str(path),
                     robot={"holding": "lemon"})  # fmt: skip
    with build_stage(task, 0) as stage:
        seen, arm = stage.body.observe(), stage.body.kinematics
        for step, said in (
            ("place_at(lemon, far end)", "far end is out of reach with lemon"),
            ("pick(red block)", "is out of reach"),
        ):
            ground = LIBRARY.parse(step)
            found = ground.skill.affordance(seen, arm, ground.args)
            assert found.value == 0.0
            assert said in found.reason
        began = time.process_time()
        failure, moved = tried(stage, "place_at(lemon, far end)")
        assert failure.kind is FailureKind.UNREACHABLE
        assert not moved
        assert time.process_time() - began < 1.5  # it took 6 s to find that out when every spot was searched


def test_a_robot_that_does_not_fit(tmp_path):
    text = "like: panda\nname: low\nhome: [0.0, 1.2, 0.0, -1.4, 0.0, 1.7, 0.785]\n"
    path = tmp_path / "low.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StageError, match="does not fit in scene 'tabletop': at rest it touches table; move the base"):
        build_stage(task_with([]), 0, StageSettings(robot=str(path)))
    with pytest.raises(StageError, match="drives, and nothing in scene 'tabletop' needs a robot that drives"):
        build_stage(task_with([]), 0, StageSettings(robot="mobile_panda"))


def test_a_full_trash_can():
    """Four boxes fill it to the rim: no spot is left, and the reason is said."""
    can = Region("trash can", (-0.24, -0.24), (0.24, 0.24), 0.33, 0.56)
    fill = Shape(Form.BOX, (0.23, 0.23, 0.22))
    objects = {
        f"box {i}": ObjectState(f"box {i}", "box", fill, Pose((x, y, 0.44)))
        for i, (x, y) in enumerate([(-0.12, -0.12), (-0.12, 0.12), (0.12, -0.12), (0.12, 0.12)])
    }
    apple = ObjectState("apple", "apple", Shape(Form.SPHERE, (0.07, 0.07, 0.07)), Pose((1.0, 0.0, 0.8)))
    robot = RobotState(0, 0.0, (0.0,) * 7, (0.0,) * 7, 0.08, False, Mode.IDLE)
    obs = Observation(robot, Pose(), {**objects, "apple": apple}, {"trash can": can})
    spots, _, why = regions_for(obs, apple, "trash can")
    assert (spots, why) == ([], "trash can is full")
    empty = replace(obs, objects={"apple": apple})
    assert regions_for(empty, apple, "trash can")[0]
