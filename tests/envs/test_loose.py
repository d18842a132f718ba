"""Contents and spills in tasks: read strictly, staged in physics, judged by ground truth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from envs.loose_facts import share_in
from envs.placement import place
from envs.stage import build_stage
from envs.strict import FileError
from envs.task import Task
from envs.tasks import task_from_data
from skills.predicates import symbolic_state
from skills.symbols import parse_literal


def task(*objects: dict[str, Any], goal: str = "in(rice, bowl)", **more: Any) -> Task:
    data = {"id": "t", "instruction": "pour", "scene": "tabletop", "start": {"objects": list(objects)}, **more}
    return task_from_data(data | {"goal": {"any": [[goal]]}}, "loose")


CUP = {"name": "cup", "at": "left side", "contents": "rice"}
BOWL = {"name": "bowl", "at": "right side"}


def test_contents_are_part_of_a_task_and_written_back():
    known = task(CUP, BOWL)
    again = task_from_data(known.to_data(), "loose")
    assert again.objects[0].contents == "rice"
    assert again.to_data() == known.to_data()
    layout = place(known, known.scene_object, np.random.default_rng(0))
    assert [(g.name, g.vessel) for g in layout.grains] == [("rice", "cup")]


@pytest.mark.parametrize(
    ("objects", "goal", "says"),
    [
        ([{"name": "apple", "contents": "rice"}, BOWL], "in(rice, bowl)", "cannot hold 'rice'"),
        ([CUP, BOWL, {"name": "mug", "contents": "rice"}], "in(rice, bowl)", "two things are called 'rice'"),
        ([CUP, BOWL, {"name": "rice"}], "in(rice, bowl)", "two things are called 'rice'"),
        ([CUP | {"kind": "receptacle"}, BOWL], "in(rice, bowl)", "vessel that can be moved"),
        ([CUP | {"contents": "a,b"}, BOWL], "in(rice, bowl)", "must not hold commas"),
        ([CUP, BOWL], "in(beans, bowl)", "no object 'beans'"),
        ([CUP, BOWL], "holding(rice)", "loose stuff"),
        ([CUP, BOWL], "in(rice, cup)", "holds already"),
        ([CUP, BOWL, {"name": "lid", "at": "rice"}], "in(rice, bowl)", "nothing can rest on loose stuff"),
        ([CUP, BOWL, {"name": "spill", "at": "bowl"}], "in(rice, bowl)", "is a spill"),
        ([CUP, BOWL, {"name": "spill"}, {"name": "lid", "at": "spill"}], "in(rice, bowl)", "rest on a spill"),
        ([CUP, BOWL], "clean(bowl)", "no spill that could be wiped"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_said(objects, goal, says):
    with pytest.raises(FileError, match=says):
        task(*objects, goal=goal)


def test_a_spill_can_be_wiped_and_is_not_clean_at_the_start():
    known = task({"name": "coffee spill"}, {"name": "sponge"}, goal="clean(coffee spill)")
    with build_stage(known, 3) as stage:
        assert not stage.judge.holds(parse_literal("clean(coffee spill)"))
        assert stage.judge.holds(parse_literal("at(coffee spill, table)"))
        state = symbolic_state(stage.body.observe())
        assert {"at(coffee spill, table)"} <= {str(a) for a in state.atoms}
        spill = stage.world.spills["coffee spill"]
        spill.arrange(np.arange(len(spill.cells)) < 0.89 * len(spill.cells))
        assert not stage.judge.holds(parse_literal("clean(coffee spill)"))
        spill.arrange(np.arange(len(spill.cells)) < 0.93 * len(spill.cells))
        assert stage.judge.holds(parse_literal("clean(coffee spill)"))


def test_the_judge_counts_grains_that_truly_lie_in_the_container():
    with build_stage(task(CUP, BOWL), 1) as stage:
        world, judge = stage.world, stage.judge
        for text in ("in(rice, cup)", "at(rice, left side)", "clear(cup)", "not in(rice, bowl)", "not on(cup, rice)"):
            assert judge.holds(parse_literal(text)), text
        grains, bowl = world.stuff["rice"], world.pose("bowl")
        count = len(grains.ids)
        inside = [bowl.apply((0.018 * (i % 5 - 2), 0.018 * (i // 5 - 2), 0.0)) for i in range(count)]
        floating = [tuple(float(v) for v in np.add(p, (0.0, 0.0, 0.3))) for p in inside]
        grains.arrange(floating)
        world.step(1)
        assert share_in(world, "rice", "bowl") == 0.0  # above it, not in it
        beside = [(0.2 + 0.02 * i, 0.5, 0.007) for i in range(6)]
        grains.arrange([*beside, *(tuple(map(float, p)) for p in inside[6:])])
        world.step(240)
        assert share_in(world, "rice", "bowl") == pytest.approx(1 - 6 / count, abs=1.5 / count)
        assert not judge.holds(parse_literal("in(rice, bowl)"))  # fewer than four fifths


def test_a_filled_cup_can_be_in_the_hand_at_the_start():
    known = task(CUP | {"at": "gripper"}, BOWL)
    with build_stage(known, 0) as stage:
        assert stage.judge.holds(parse_literal("holding(cup)"))
        assert stage.judge.holds(parse_literal("in(rice, cup)"))


def test_equal_seeds_give_equal_grains():
    def grains() -> Any:
        with build_stage(task(CUP, BOWL), 5) as stage:
            stage.world.step(50)
            return stage.world.stuff["rice"].positions()

    assert grains() == grains()
