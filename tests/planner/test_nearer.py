"""Driving up before a refusal, on a robot without physics whose eyes are poor at a distance."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from envs.goals import Goal
from planner import loop
from planner.budget import Budget
from planner.events import Status, StepDone
from planner.nearer import place_to_look_from
from planner.plan import Act, Grounded, Plan, PlanStep, Refuse
from planner.propose.scripted import ScriptedProposer
from skills.driver import Embodiment
from skills.failure import Blame, Failure, FailureKind
from skills.find import GLIMPSE
from skills.library import default_library
from skills.predicates import symbolic_state
from skills.symbols import lit
from skills.types import Pose
from stories import Listening, parts
from tests.skills.conftest import Make
from tests.skills.rooms import room

LIBRARY = default_library()
GOAL = Goal.of((lit("holding", "apple"),))
TILTED = Failure(FailureKind.UNREACHABLE, "pick(apple): apple lies tilted", blame=Blame.AFFORDANCE)


class Myopic:
    """Sees from far off where things are, but not well; near enough it does."""

    name = "myopic"

    def __init__(self, inner) -> None:
        self.inner, self.near = inner, set()

    def objects(self):
        return {
            n: o if n in self.near else replace(o, error=0.01, pose_world=o.pose_world.moved(dz=0.05))
            for n, o in self.inner.objects().items()
        }

    def unseen(self):
        return {}

    def feel(self, state, pose_world_tool) -> None:
        """Feels nothing."""

    def look(self, state, pose_world_tool, around=False) -> None:
        for name, thing in self.inner.objects().items():
            if math.dist(thing.pose_world.position[:2], state.base[:2]) < 1.0:
                self.near.add(name)


class Picky:
    """Refuses while the apple is not seen well; then picks it."""

    def __init__(self, until: float = GLIMPSE) -> None:
        self.until, self.asked = until, 0

    def ground(self, request, proposals, body) -> Grounded:
        self.asked += 1
        if request.observation.objects["apple"].error > self.until or self.until < 0:
            return Grounded(Refuse(TILTED))
        step = LIBRARY.parse("pick(apple)", request.state)
        affordance = step.skill.affordance(request.observation, body.kinematics, step.args)
        return Grounded(Act(Plan(GOAL, (PlanStep(step, None, affordance, affordance.value, "search"),), False, 0, 0.0)))


def myopic(make, x=-1.3):
    body = room(make.apple("apple", x, 0.1, 0.9), make.can("can", 1.3, 0.0, 0.7), stand=(0.2, 0.0, 0.0))
    return Embodiment(body.driver, body.kinematics, Myopic(body.perception), body.regions, body.whereabouts)


def run(body, grounder):
    heard = Listening()
    made = replace(parts(body, ScriptedProposer.of((), ()), listeners=[heard]), grounder=grounder)
    return loop.run("take the apple", made, GOAL, Budget()), [str(e.step.skill) for e in heard.of(StepDone)]


@pytest.fixture
def make():
    return Make


def test_what_was_seen_from_far_off_only_is_looked_at_before_it_is_refused(make):
    body = myopic(make)
    verdict, steps = run(body, Picky())
    assert steps == ["go_to(counter)", "pick(apple)"]
    assert verdict.status is Status.REACHED


def test_after_one_look_a_refusal_is_a_refusal(make):
    grounder = Picky(until=-1.0)
    verdict, steps = run(myopic(make), grounder)
    assert steps == ["go_to(counter)"]
    assert grounder.asked == 2
    assert verdict.status is Status.REFUSED
    assert verdict.reason == TILTED.detail


@pytest.mark.parametrize(
    ("failure", "goal", "place"),
    [
        (TILTED, None, "counter"),
        (Failure(FailureKind.GOAL, "no way", unmet=(lit("at", "apple", "bin"),), blame=Blame.TASK), None, "counter"),
        (Failure(FailureKind.UNREACHABLE, "no way", blame=Blame.LM), GOAL, "counter"),
        (Failure(FailureKind.UNREACHABLE, "pick(pineapple): too big", blame=Blame.LM), None, None),  # another thing
        (Failure(FailureKind.UNREACHABLE, "apple: not for the baby", blame=Blame.TASK), None, None),  # may not be
        (Failure(FailureKind.UNPARSABLE, "apple?", blame=Blame.LM), None, None),
    ],
)
def test_only_what_is_about_a_glimpsed_thing_and_physical_is_worth_the_way(make, failure, goal, place):
    obs = myopic(make).observe()
    assert place_to_look_from(obs, failure, goal, ()) == place
    assert place_to_look_from(obs, failure, goal, ("counter",)) is None
    well = {n: replace(o, error=0.003) for n, o in obs.objects.items()}
    assert place_to_look_from(replace(obs, objects=well), failure, goal, ()) is None
    astray = {n: replace(o, pose_world=Pose((0.0, -3.0, 0.9))) for n, o in obs.objects.items()}
    assert place_to_look_from(replace(obs, objects=astray), failure, goal, ()) is None


def test_a_robot_that_stands_still_has_no_nearer_look(make):
    obs = myopic(make).observe()
    still = replace(obs, robot=replace(obs.robot, base=None))
    assert place_to_look_from(still, TILTED, None, ()) is None
    assert symbolic_state(obs).holds(lit("known", "apple"))
