"""Our own task files: enough of them, and each one fair: not done at the start, and reachable by the skills' own
operators, without anything forbidden on the way."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from envs.placement import place
from envs.stage import StageSettings, build_stage
from envs.tasks import load_tasks, task_files
from planner.ground.search import search
from skills.library import default_library
from skills.predicates import symbolic_state
from skills.state import State
from skills.symbols import atom
from skills.types import Mode, Observation, Pose, RobotState


def start_state(task, seed=0) -> State:
    """The symbolic start, from drawn poses, as perception would see it; what opens or is spilled has to be built."""
    if task.scene == "kitchen":
        with build_stage(task, seed, StageSettings(perception="oracle")) as stage:
            return symbolic_state(stage.body.observe())
    layout = place(task, task.scene_object, np.random.default_rng(seed))
    robot = RobotState(0, 0.0, (0.0,) * 7, (0.0,) * 7, 0.08, False, Mode.IDLE)
    things = {p.body.name: p.body.state(p.pose_world) for p in layout.placed}
    state = symbolic_state(Observation(robot, Pose((0.4, 0.0, 0.5)), things, task.scene_object.regions))
    held = {atom("holding", task.holding)} if task.holding else set()
    return State(state.base | held, state.things, state.within)


TASKS = [t for name in task_files() for t in load_tasks(name)]


def test_there_are_enough_of_every_sort():
    assert len(TASKS) >= 60
    assert Counter(t.expect for t in TASKS)["ask"] >= 8
    assert Counter(t.expect for t in TASKS)["refuse"] >= 8
    tags = Counter(g for t in TASKS for g in t.tags)
    assert tags["smoke"] >= 10
    assert tags["bench"] >= 30
    assert len({t.family for t in TASKS}) >= 15
    assert len({t.id for t in TASKS}) == len(TASKS)
    assert all(t.instruction.isascii() and t.instruction == t.instruction.strip() for t in TASKS)


@pytest.mark.parametrize("task", TASKS, ids=lambda t: t.id)
def test_open_at_the_start_and_within_reach_of_the_skills(task):
    state = start_state(task)
    goals = [g for g in (task.goal, *(i.goal for i in task.intents)) if g is not None]
    assert bool(goals) == (task.expect != "refuse")
    for goal in goals:
        assert not goal.holds(state), f"{task.id}: holds already"
        found = search(default_library(), state, goal, never=task.forbidden, max_expanded=6000)
        assert found is not None, f"{task.id}: no way to {goal}"
        assert found.steps
