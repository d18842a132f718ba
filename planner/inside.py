"""Looking into what is shut: a thing that is to be seen from nowhere may lie behind a door, in a drawer, under a lid.

The robot opens one container after the other, those that the words name first, then the nearest. What it does not see
from before the open one it looks for from elsewhere, and what the thing was not in it shuts again.
"""

from __future__ import annotations

from collections.abc import Collection

from envs.goals import Goal
from planner.ground.search import search
from planner.plan import PlanStep
from skills.base import distance_to_place
from skills.driver import Embodiment
from skills.failure import Failure, FailureKind
from skills.library import SkillLibrary
from skills.state import State
from skills.symbols import Literal, lit
from skills.types import Observation


def sought(failure: Failure) -> str | None:
    """The thing that was looked for in vain, if that is what the failure is."""
    if failure.kind is not FailureKind.EFFECT:
        return None
    return next((x.atom.args[0] for x in failure.unmet if x.atom.predicate == "known" and x.positive), None)


def next_shut(observation: Observation, state: State, said: str, opened: Collection[str]) -> str | None:
    """The closed container to look into next; None when there is none left. ``said``: the instruction; ``opened``:
    those that had their turn. A hand that holds something opens nothing."""
    if not state.holds(lit("hand_empty")):
        return None
    parts = state.of_type("container")
    shut = [n for n in parts if state.holds(lit("closed", n)) and n in observation.objects and n not in opened]

    def away(name: str) -> tuple[bool, float, str]:
        base = observation.robot.base or (0.0, 0.0, 0.0)
        stations = state.stations_of(name)
        far = min((distance_to_place(base, observation.regions[p]) for p in stations), default=0.0)
        return name not in said.lower(), far, name

    return min(shut, key=away, default=None)


def steps_to(
    goal: Literal, library: SkillLibrary, observation: Observation, state: State, body: Embodiment
) -> tuple[PlanStep, ...]:
    """The steps after which ``goal`` holds; none when it does, or when no skills lead there."""
    found = search(library, state, Goal.of((goal,)))
    body.kinematics.sync(observation)
    made = []
    for step in found.steps if found is not None else ():
        affordance = step.skill.affordance(observation, body.kinematics, step.args)
        made.append(PlanStep(step, None, affordance, affordance.value, "look inside"))
    return tuple(made)
