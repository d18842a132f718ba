"""What is nowhere to be seen is looked for in what is shut, before anything is refused or given up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from envs.stage import StageSettings, build_stage
from envs.tasks import task_from_data
from planner.evaluate.trials import Trial
from planner.evaluate.worker import Job, Worker
from planner.inside import next_shut, sought, steps_to
from planner.settings import Settings
from skills.failure import Failure, FailureKind
from skills.library import default_library
from skills.predicates import symbolic_state
from skills.symbols import GroundAtom, lit

THINGS = [
    {"name": "fridge", "at": "close counter", "kind": "fridge"}, {"name": "apple", "at": "fridge"},
    {"name": "drawer", "at": "far counter", "kind": "drawer"}, {"name": "lemon", "at": "table"},
]  # fmt: skip
NOWHERE = Failure(FailureKind.EFFECT, "apple is not to be seen from here", unmet=(lit("known", "apple"),))


def a_task(*things):
    data = {
        "id": "t",
        "instruction": "bring me the apple",
        "scene": "kitchen",
        "start": {"robot": {"at": "user"}, "objects": list(things)},
        "goal": {"any": [["at(apple, user)"]]},
    }
    return task_from_data(data, "test")


@pytest.fixture(scope="module")
def stage():
    with build_stage(a_task(*THINGS), 1, StageSettings("camera")) as made:
        yield made


def test_only_what_was_looked_for_in_vain_is_sought():
    assert sought(NOWHERE) == "apple"
    assert sought(replace(NOWHERE, kind=FailureKind.COLLISION)) is None
    assert sought(replace(NOWHERE, unmet=(lit("holding", "apple"),))) is None


def test_what_the_words_name_comes_first_then_the_nearest_and_nothing_twice(stage):
    obs = stage.body.observe()
    state = symbolic_state(obs)
    assert state.unseen == {"apple"}
    nearest = next_shut(obs, state, "bring me the apple", ())
    assert next_shut(obs, state, "take the apple out of the fridge", ()) == "fridge"
    assert next_shut(obs, state, "the apple in the drawer, please", ()) == "drawer"
    other = next_shut(obs, state, "bring me the apple", (nearest,))
    assert {nearest, other} == {"fridge", "drawer"}
    assert next_shut(obs, state, "bring me the apple", ("fridge", "drawer")) is None
    holding = replace(state, base=state.base | {GroundAtom("holding", ("lemon",))})
    assert next_shut(obs, holding, "bring me the apple", ()) is None


def test_the_way_into_it_is_planned(stage):
    obs = stage.body.observe()
    steps = steps_to(lit("open", "fridge"), default_library(), obs, symbolic_state(obs), stage.body)
    assert [str(s.skill) for s in steps] == ["go_to(close counter)", "open(fridge)"]
    assert steps_to(lit("closed", "fridge"), default_library(), obs, symbolic_state(obs), stage.body) == ()


@pytest.mark.slow
def test_an_apple_in_a_closed_fridge_is_found_and_brought():
    line = Worker(Job(Settings(), False, {})).run(Trial("symbolic-oracle", a_task(*THINGS[:2]), 1))
    steps = [s["step"] for a in line["attempts"] for s in a["steps"]]
    assert steps == [
        "find(apple)", "go_to(close counter)", "open(fridge)", "pick(apple)", "go_to(user)", "place_at(apple, user)",
    ]  # fmt: skip
    assert line["measures"]["execution_success"]
    assert line["perception"] == "camera"
