from __future__ import annotations

import numpy as np
import pytest

from envs.stage import StageError, StageSettings, build_stage, unstable
from envs.task import ObjectStart
from envs.tasks import make_task, task_from_data
from sim.faults import Fault, FaultKind, When
from skills.symbols import parse_literal
from skills.types import Pose


def stage_of(*objects, seed=0, **more):
    starts = [dict(zip(("name", "at", "kind"), (o,) if isinstance(o, str) else o, strict=False)) for o in objects]
    more.setdefault("expect", "success" if "goal" in more else "refuse")
    data = {"id": "t", "instruction": "go", "scene": "tabletop", "start": {"objects": starts}, **more}
    return build_stage(task_from_data(data), seed)


def test_the_start_is_what_the_task_says():
    objects = [
        ("red block", "top left corner"),
        ("blue block", "red block"),
        ("drawer", "bottom right corner", "receptacle"),
        ("apple", "drawer"),
        ("lemon", "drawer"),
        "tin",
        ("sponge", "gripper"),
    ]
    with stage_of(*objects, seed=3) as stage:
        for text in (
            "at(red block, top side)",
            "on(blue block, red block)",
            "in(apple, drawer)",
            "in(lemon, drawer)",
            "at(lemon, right side)",
            "at(tin, table)",
            "holding(sponge)",
        ):
            assert stage.judge.holds(parse_literal(text)), text
        seen = stage.body.observe()
        assert set(seen.objects) == set(stage.start)
        assert seen.robot.holding
        assert "middle" in seen.regions
        assert stage.judge.verdict().moved == ()


def test_equal_seeds_give_equal_worlds_and_others_do_not():
    task = make_task("go")
    truths = []
    for seed in (5, 5, 6):
        with build_stage(task, seed) as stage:
            stage.world.step(50)
            truths.append(stage.world.truth())
    assert truths[0] == truths[1]
    assert truths[0].poses != truths[2].poses


def test_a_picture_shows_the_scene():
    with build_stage(make_task("go"), 1) as stage:
        rgb = stage.picture(80, 60)
        assert rgb.shape == (60, 80, 3)
        assert np.ptp(rgb) > 100


def test_closing_twice_is_harmless():
    stage = build_stage(make_task("go", objects=["cup"]))
    stage.close()
    stage.close()


@pytest.mark.parametrize(
    ("objects", "message"),
    [
        ([f"bowl {i}" for i in range(40)], "task 't': 40 things do not fit"),
        (["plate", ("can", "gripper"), ("ball", "plate"), ("fork", "ball")], "'ball', it is round"),
    ],
)
def test_what_cannot_be_staged_is_named(objects, message):
    with pytest.raises(StageError, match=message):
        stage_of(*objects)


def test_whatever_does_not_stay_is_noticed():
    objects = [("red block", "left side"), ("blue block", "red block"), ("bottle", "right side"), ("cup", "gripper")]
    with stage_of(*objects) as stage:
        world = stage.world

        def trouble():
            return "; ".join(unstable(stage.task, stage.scene, stage.layout, world))

        assert trouble() == ""
        world.disturb_move("cup", Pose((0.5, 0.0, 0.1)))
        world.step(4)
        assert "the gripper cannot hold 'cup'" in trouble()
        world.disturb_push("blue block", (0.05, 0.0, 0.0))
        world.disturb_push("bottle", (0.0, -0.4, 0.0))
        world.settle(480)
        assert "'blue block' does not stay on or in 'red block'" in trouble()
        assert "'bottle' falls over" in trouble()


def test_faults_are_part_of_the_stage_and_of_its_seed():
    task = make_task("go", objects=["red block", "blue block", "tin"])
    bump = Fault(FaultKind.MOVE, When.TICK, at=3, size=0.05)
    noise = Fault(FaultKind.NOISE, When.TICK, at=0, size=0.004)
    seen = []
    for _ in range(2):
        with build_stage(task, 4, faults=[bump, noise]) as stage:
            assert stage.body.perception.name == "oracle with faults"
            stage.body.driver.wait(12)
            objects = stage.body.observe().objects
            seen.append([o.pose_world.position for o in objects.values()])
            assert all(objects[n].pose_world.position[:2] != stage.world.pose(n).position[:2] for n in objects)
            assert len(stage.judge.verdict().moved) == 1
    assert seen[0] == seen[1]
    with pytest.raises(StageError, match="no object 'cup'; present: red block"):
        build_stage(task, 4, faults=[Fault(FaultKind.BUMP, thing="cup")])


def test_seeds_and_settings_are_checked():
    for seed in (-1, 1.5, True, "3"):
        with pytest.raises(StageError, match="a seed is a whole number"):
            build_stage(make_task("go", objects=[ObjectStart(name="cup")]), seed)
    with pytest.raises(StageError, match="no perception 'orcale'; did you mean 'oracle'"):
        StageSettings(perception="orcale")


@pytest.mark.parametrize("name", ["tray plate", "robot"])
def test_a_thing_called_like_furniture_or_the_robot_is_told(name):
    data = {"id": "t", "instruction": "go", "scene": "kitchen", "start": {"objects": [{"name": name}]}}
    with pytest.raises(StageError, match=f"'{name}' is something else in scene 'kitchen'; give the thing another name"):
        build_stage(task_from_data({**data, "expect": "refuse"}, "test"), 0)
