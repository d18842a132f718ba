"""go_home(): the arm to its rest posture, with or without something in the hand."""

from __future__ import annotations

import numpy as np

from skills.driver import Kinematics, MotionFailure
from skills.geometry import distance_to
from skills.motion import as_failure, check_motion
from skills.operators import GO_HOME
from skills.place_targets import carried, sagging
from skills.predicates import held_object
from skills.skill import Affordance, Controller, Follow, Skill
from skills.types import Observation

NEAR = 0.012  # [m] things this close to the tool do not block its way out
RISE = 0.10  # [m] straight up first when the direct way is blocked
RISE_SPEED = 0.2  # [m/s]


def home_affordance(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Affordance:
    """Low only when the rest posture itself is blocked by something."""
    kinematics.sync(obs)
    hit = kinematics.obstacle(kinematics.spec.home)
    if hit is not None:
        return Affordance(0.05, {"free": 0.05}, f"{hit} stands where the arm rests")
    return Affordance(1.0, {"free": 1.0})


def go_home(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Controller:
    """The controller; failures: COLLISION when no way is free."""
    kinematics.sync(obs)
    name = held_object(obs)
    held = sagging(carried(obs, name), obs.pose_world_tool) if name is not None and name in obs.objects else None
    tool = np.asarray(obs.pose_world_tool.position)
    near = frozenset(n for n, o in obs.objects.items() if distance_to(o, tool) < NEAR)
    way = kinematics.transit(obs.robot.q, kinematics.spec.home, held, near)
    if isinstance(way, MotionFailure):
        rise = kinematics.line(obs.robot.q, obs.pose_world_tool.moved(dz=RISE), RISE_SPEED, held, near)
        if isinstance(rise, MotionFailure):
            return as_failure(way, "go home")
        got = yield Follow(rise, "rise")
        failed = check_motion(got.motion, "rise")
        if failed is not None:
            return failed
        way = kinematics.transit(got.observation.robot.q, kinematics.spec.home, held, near)
        if isinstance(way, MotionFailure):
            return as_failure(way, "go home")
    got = yield Follow(way, "go home")
    return check_motion(got.motion, "go home")


GO_HOME_SKILL = Skill(GO_HOME, home_affordance, go_home)
