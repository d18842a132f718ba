"""find(obj): look around, drive to the places that were not looked at, look again, and go to where the thing is.

What a perception knows it need not look for; one that sees everything has nothing to find. Found is what is still
known after a look from the place where it is: a glimpse from far off is some centimetres wrong, or wrong altogether.
"""

from __future__ import annotations

import math
from collections.abc import Generator

from skills.affordance import POOR
from skills.base import distance_to_place, station_at
from skills.driver import Kinematics, MobileKinematics, mobile
from skills.failure import Blame, Failure, FailureKind
from skills.go_to import choose_stands, drive
from skills.operators import FIND
from skills.skill import Affordance, Command, Controller, Look, Outcome, Skill
from skills.symbols import lit
from skills.types import Observation, Region

LOOK_TICKS = 30  # for a head to turn
ASTRAY = 0.3  # [m] from a place: what seems to be this close to it may be there, from far off
GLIMPSE = 0.006  # [m] error of a pose that was seen from far off only: from 1.6 m or so on
ASIDE = (1.2, -1.2)  # [rad] turned by to look past the folded arm: a head sees to all sides, but not through it
WHEREVER = 0.6  # preference: it may be nowhere


def find(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Controller:
    """The controller. Failures: EFFECT (seen from nowhere, or only badly from far off), COLLISION or UNREACHABLE (of
    the drive to where it is)."""
    (name,) = args
    got = yield Look(LOOK_TICKS, f"look for {name}")
    obs = got.observation
    driving = mobile(kinematics)
    looked: list[str] = [obs.robot_at] if obs.robot_at is not None else []
    glimpsed: Failure | None = None  # where it seemed to be from far off nothing showed it
    while driving is not None:
        if name in obs.objects and (glimpsed is None or obs.objects[name].error <= GLIMPSE):
            failed, obs = yield from _go_there(obs, driving, name, looked)
            if failed is not None and failed.unmet:
                glimpsed = failed  # from another place it may be seen better
                continue
            if failed is not None or name in obs.objects:
                return failed
            continue  # what looked like it from far off is something else
        place = _next(obs, looked)
        if place is None:
            break
        looked.append(place)
        stands = choose_stands(obs, driving, place)
        failed, obs = yield from drive(obs, driving, stands, f"look for {name} at {place}")
        if failed is not None:
            continue  # another place may be free
        got = yield Look(LOOK_TICKS, f"look for {name}")
        obs = got.observation
    return glimpsed or (None if name in obs.objects else _nowhere(obs, name, looked))


def _go_there(
    obs: Observation, kinematics: MobileKinematics, name: str, looked: list[str]
) -> Generator[Command, Outcome, tuple[Failure | None, Observation]]:
    """To the place where the thing is, if the robot is not there, and look: from far off it may have seemed to be
    elsewhere, and what only the memory of that glimpse shows was not found. Returns the failure, if any, and the last
    observation."""
    x, y, _ = obs.objects[name].pose_world.position
    away = {p: distance_to_place((x, y, 0.0), obs.regions[p]) for p in obs.stations}
    here = station_at(obs.robot.base, obs.regions, obs.stations) if obs.robot.base is not None else None
    place = min(away, key=lambda p: (away[p], p != here, p), default=here)
    if place is None or away[place] > ASTRAY:
        return None, obs
    if place != here:
        looked.append(place)
        failed, obs = yield from drive(obs, kinematics, choose_stands(obs, kinematics, place), f"go to {name}")
        if failed is not None:
            return failed, obs
        got = yield Look(LOOK_TICKS, f"look at {name}")
        obs = got.observation
    if name in obs.objects and obs.objects[name].error > GLIMPSE:
        obs = yield from _look_aside(obs, kinematics, name)
    if name in obs.objects and obs.objects[name].error > GLIMPSE:
        detail = f"{name} was seen from far off or in part, but from {place} nothing shows it well"
        return Failure(FailureKind.EFFECT, detail, unmet=(lit("known", name),), blame=Blame.PERCEPTION), obs
    return None, obs


def _look_aside(obs: Observation, kinematics: MobileKinematics, name: str) -> Generator[Command, Outcome, Observation]:
    """Turn on the spot to look past the folded arm, which may hide what lies before the robot, until the thing is
    seen well, and turn back to where the hand reaches it. Returns the last observation."""
    assert obs.robot.base is not None
    x, y, yaw = obs.robot.base
    for turn in ASIDE:
        failed, obs = yield from drive(obs, kinematics, [(x, y, yaw + turn)], f"turn to see {name}")
        if failed is None:
            got = yield Look(LOOK_TICKS, f"look at {name}")
            obs = got.observation
            if name not in obs.objects or obs.objects[name].error <= GLIMPSE:
                break
    _, obs = yield from drive(obs, kinematics, [(x, y, yaw)], f"turn back to {name}")
    return obs


def _next(obs: Observation, looked: list[str]) -> str | None:
    """The nearest place that was not looked at."""
    base = obs.robot.base
    left = [p for p in obs.stations if p not in looked]
    if base is None or not left:
        return None

    def away(place: str) -> tuple[float, str]:
        region: Region = obs.regions[place]
        return distance_to_place(base, region) if base is not None else math.inf, place

    return min(left, key=away)


def _nowhere(obs: Observation, name: str, looked: list[str]) -> Failure:
    shut = sorted(n for n, o in obs.objects.items() if o.container and o.joint is not None and not o.joint.open)
    detail = f"{name} is not to be seen from {', '.join(looked) or 'here'}"
    if shut:
        detail += f"; it may be in what is closed: {', '.join(shut)}"
    return Failure(FailureKind.EFFECT, detail, unmet=(lit("known", name),), blame=Blame.PERCEPTION)


def find_affordance(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Affordance:
    """sought (it may be around), places (somewhere to look from besides here)."""
    (name,) = args
    if name in obs.objects:
        return Affordance(POOR, {"sought": POOR}, f"it is known where {name} is")
    if name not in obs.unseen:
        known = ", ".join(sorted(obs.unseen)) or "none"
        return Affordance(0.0, {"sought": 0.0}, f"{name!r} is nothing that may be around; unseen: {known}")
    return Affordance(WHEREVER, {"sought": WHEREVER}, f"{name} may be nowhere")


FIND_SKILL = Skill(FIND, find_affordance, find, max_ticks=12_000)
