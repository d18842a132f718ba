"""Taking a thing differently: what is held so that it cannot be put where it should is laid down and taken anew.

So far for hollows that are open at the front: what was picked from above has to be held by a hand that points ahead.
Each of the three parts (laying down, taking, putting in) looks for a stand of its own.
"""

from __future__ import annotations

from skills.affordance import POOR, can_take
from skills.approach import Act, Judge, from_a_stand
from skills.driver import Kinematics
from skills.failure import Failure
from skills.level_grasps import level_grasps
from skills.pick import find_grasp, take, where_it_is
from skills.place_targets import carried, levelled, place_targets
from skills.placement import Spots
from skills.predicates import held_object
from skills.skill import Affordance, Controller, Settle
from skills.types import Observation, Region

REST_TICKS = 60


def _affordance(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Affordance:
    """Whether a hand that points ahead gets to the thing from here."""
    (name,) = args
    kinematics.sync(obs)
    obj = obs.objects[name]
    free = can_take(obs, kinematics, obj, level_grasps(obj, kinematics.spec))
    return Affordance(1.0 if free else POOR, {"free": 1.0 if free else POOR})


def _take(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Controller:
    """Take the thing with a hand that points ahead."""
    (name,) = args
    kinematics.sync(obs)
    found = find_grasp(obs, kinematics, name, level_grasps(obs.objects[name], kinematics.spec))
    if isinstance(found, Failure):
        return found
    failure, _ = yield from take(obs, name, *found)
    return failure


TAKE_AHEAD: Act = from_a_stand(where_it_is, _affordance, _take)[1]


def taken_differently(spots: Spots, lay_down: Act, skill: tuple[Judge, Act]) -> tuple[Judge, Act]:
    """(affordance, controller) of a placing skill that first takes the thing differently where the present hold cannot
    do. ``lay_down``: the controller that puts what is held at a place, args (thing, place)."""
    judge, act = skill

    def controller(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Controller:
        name, where = args
        region = _around(obs, where)
        if region is not None and held_object(obs) == name and not _does(obs, name, where, spots):
            for part, named in ((lay_down, (name, region.name)), (TAKE_AHEAD, (name,))):
                failed = yield from part(obs, kinematics, named)
                if failed is not None:
                    return failed
                got = yield Settle(REST_TICKS, f"look at {name}")
                obs = got.observation
                if name not in obs.objects:
                    break
        return (yield from act(obs, kinematics, args))

    return judge, controller


def _does(obs: Observation, name: str, where: str, spots: Spots) -> bool:
    """Whether the thing could be put there with the present hold, as far as the hand's heading goes; also where it
    does not matter, or nothing would help."""
    obj = levelled(obs.objects[name])
    candidates, fit, _ = spots(obs, obj, where)
    if fit <= 0 or not candidates or candidates[0].facing is None:
        return True
    return next(iter(place_targets(obj, carried(obs, name), candidates)), None) is not None


def _around(obs: Observation, name: str) -> Region | None:
    """The largest open place that a thing stands in."""
    if name not in obs.objects:
        return None
    x, y, _ = obs.objects[name].pose_world.position
    places = [r for r in obs.regions.values() if r.rim is None and r.contains(x, y)]
    return max(places, key=lambda r: (r.high[0] - r.low[0]) * (r.high[1] - r.low[1]), default=None)
