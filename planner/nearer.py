"""Driving up before a refusal: what was seen from far off only may be otherwise than it seemed.

A plate glimpsed from three metres away seems to be at no place, a bowl to stand on its head. Where nothing can be done
because of such a thing, the robot first goes to where it seems to be and looks again, once per place and run.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from envs.goals import Goal
from planner.plan import PlanStep
from skills.base import distance_to_place
from skills.driver import Embodiment
from skills.failure import Blame, Failure, FailureKind
from skills.find import ASTRAY, GLIMPSE
from skills.library import SkillLibrary
from skills.skill import GroundSkill
from skills.types import Observation

GO = "go_to"
PHYSICAL = (FailureKind.UNREACHABLE, FailureKind.COLLISION, FailureKind.GOAL, FailureKind.PRECONDITION)


def place_to_look_from(
    observation: Observation, failure: Failure, goal: Goal | None, looked: Collection[str]
) -> str | None:
    """Where to go before ``failure`` is believed: to the place of a thing that it, or the goal, is about and that was
    seen from far off only. None when nothing is to be gained. ``looked``: places that have had their turn."""
    asked = failure.blame is Blame.TASK and not failure.unmet  # what may not be done needs no second look
    if failure.kind not in PHYSICAL or asked or observation.robot.base is None:
        return None
    about = " ".join((failure.detail, *map(str, failure.unmet), "" if goal is None else str(goal)))
    for name, thing in sorted(observation.objects.items(), key=lambda x: -x[1].error):
        if thing.error <= GLIMPSE or not re.search(rf"\b{re.escape(name)}\b", about):
            continue
        x, y, _ = thing.pose_world.position
        away = {p: distance_to_place((x, y, 0.0), observation.regions[p]) for p in observation.stations}
        place = min(away, key=lambda p: (away[p], p), default=None)
        if place is not None and away[place] < ASTRAY and place not in (*looked, observation.robot_at):
            return place
    return None


def going_there(place: str, library: SkillLibrary, observation: Observation, body: Embodiment) -> PlanStep | None:
    """The step that leads there; None when the robot has no such skill or finds no way."""
    if GO not in library:
        return None
    body.kinematics.sync(observation)
    affordance = library[GO].affordance(observation, body.kinematics, (place,))
    if affordance.value <= 0:
        return None
    return PlanStep(GroundSkill(library[GO], (place,)), None, affordance, affordance.value, "nearer look")
