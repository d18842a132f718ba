"""turn_upright(obj): take what lies on its side, lift it, turn the hand, set it down on its foot."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from skills.affordance import POOR
from skills.approach import from_a_stand
from skills.driver import Held, Kinematics, MotionFailure
from skills.failure import Blame, Failure, FailureKind
from skills.grasps import RELEASE_OPENING, Grasp
from skills.motion import Leg, Reach, as_failure, reach
from skills.operators import TURN_UPRIGHT
from skills.pick import APPROACH_SPEED, LIFT_SPEED, UP, leaving, take
from skills.place import placing
from skills.place_targets import Target, place_targets
from skills.placement import Spots
from skills.predicates import supports
from skills.regions import as_bin
from skills.skill import Affordance, Controller, Skill
from skills.spot import Spot
from skills.spots import region_spots
from skills.standing import Point
from skills.turning import stood, turning_grasps
from skills.types import ObjectState, Observation, Region, Trajectory

TRIES = 24  # grasps for which a whole way is looked for
SPOTS = 8  # places to stand it that are looked at for each
ATTEMPTS = 2  # the second after a fresh look


def turn_upright(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Controller:
    """The controller. Failures: UNREACHABLE, COLLISION (nothing moved yet), EFFECT (it slipped out of the fingers)."""
    (name,) = args
    failure: Failure | None = None
    for attempt in range(ATTEMPTS):
        obj = obs.objects.get(name)
        if obj is None or (attempt and obj.upright):
            break
        where = _surface(obs, name)
        if where is None:
            return failure or Failure(FailureKind.UNREACHABLE, _not_free(obs, name), blame=Blame.AFFORDANCE)
        kinematics.sync(obs)
        found = find_turn(obs, kinematics, name, where)
        if isinstance(found, Failure):
            return found if failure is None else failure
        here = obj.pose_world.position[:2]
        failure, obs = yield from take(obs, name, *found)
        if failure is None:
            return (yield from placing(_near(here), resting=stood)(obs, kinematics, (name, where.name)))
        if failure.kind is not FailureKind.EFFECT:
            return failure
    return failure


def find_turn(
    obs: Observation, kinematics: Kinematics, name: str, where: Region
) -> tuple[Grasp, Trajectory, Reach] | Failure:
    """The best grasp from which it can also be set upright: transit, approach, lift, and a reachable end."""
    obj = obs.objects[name]
    candidates = turning_grasps(obj, kinematics.spec)
    if not candidates.grasps:
        return Failure(FailureKind.UNREACHABLE, candidates.reason, blame=Blame.AFFORDANCE)
    worst: MotionFailure | None = None
    for grasp in candidates.grasps[:TRIES]:
        kinematics.spread(grasp.opening)
        tool = grasp.pose_world(obj)
        out = -tool.rotation()[:, 2]
        held = Held(name, tool.inverse() @ obj.pose_world)
        inward = Leg((float(out[0]), float(out[1]), float(out[2])), APPROACH_SPEED, None, frozenset({name}))
        path = reach(kinematics, obs.robot.q, tool, inward, Leg(UP, LIFT_SPEED, held, frozenset({name})))
        if isinstance(path, MotionFailure):
            worst = path if worst is None or path.obstacle else worst
            continue
        kinematics.spread(grasp.width + RELEASE_OPENING)
        if _end(obs, kinematics, obj, held, where) is None:
            continue
        transit = kinematics.transit(obs.robot.q, path.start, None, leaving(obs))
        if isinstance(transit, MotionFailure):
            worst = transit if worst is None or transit.obstacle else worst
            continue
        return grasp, transit, path
    return as_failure(worst, f"turn {name} upright")


def _end(obs: Observation, kin: Kinematics, obj: ObjectState, held: Held, where: Region) -> Target | None:
    """A placement on its foot for which there is a free joint solution."""
    for target in _targets(obs, obj, held, where):
        for q in kin.solutions(target.tool, obs.robot.q, 2):
            if kin.obstacle(q, held, frozenset({obj.name})) is None:
                return target
    return None


def _targets(obs: Observation, obj: ObjectState, held: Held, where: Region) -> Iterator[Target]:
    spots = _near(obj.pose_world.position[:2])(obs, stood(obj), where.name)[0]
    return itertools.chain.from_iterable(place_targets(stood(obj), held, [s]) for s in spots[:SPOTS])


def _near(xy: Sequence[float]) -> Spots:
    """Spots of a place, those nearest to where the thing lay first."""

    def spots(obs: Observation, obj: ObjectState, where: str) -> tuple[list[Spot], float, str]:
        found = region_spots(obs, obj, obs.regions[where], near=(float(xy[0]), float(xy[1])))
        return found, 1.0, f"no free spot at {where} to stand {obj.name} on"

    return spots


def _surface(obs: Observation, name: str) -> Region | None:
    """The smallest open place in which the thing lies by itself; None where something carries it or has walls."""
    containers, under, places = supports(obs, name)
    if containers or under:
        return None
    fits = [obs.regions[p] for p in places if as_bin(obs.regions[p]) is None]
    return min(fits, key=lambda r: (r.high[0] - r.low[0]) * (r.high[1] - r.low[1]), default=None)


def _not_free(obs: Observation, name: str) -> str:
    containers, under, places = supports(obs, name)
    carrier = ", ".join((*containers, *under, *places)) or "nothing known"
    return f"{name} lies in or on {carrier}: put it on a free surface first"


def upright_affordance(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Affordance:
    """surface (it lies free), fits (size, form, weight), reachable (a grasp), free, turned (the end is reachable)."""
    (name,) = args
    obj = obs.objects.get(name)
    if obj is None:
        known = ", ".join(sorted(obs.objects))
        return Affordance(0.0, {"known": 0.0}, f"no object {name!r}; present: {known}")
    candidates = turning_grasps(obj, kinematics.spec)
    if not candidates.grasps:
        return Affordance(0.0, {"fits": 0.0}, candidates.reason)
    where = _surface(obs, name)
    if where is None:
        return Affordance(0.0, {"surface": 0.0}, _not_free(obs, name))
    kinematics.sync(obs)
    reached, blocker = False, ""
    for grasp in candidates.grasps[:TRIES]:
        kinematics.spread(grasp.opening)
        tool = grasp.pose_world(obj)
        solutions = kinematics.solutions(tool, obs.robot.q, 1)
        reached = reached or bool(solutions)
        hits = [kinematics.obstacle(q, None, frozenset({name})) for q in solutions]
        if not solutions or hits[0] is not None:
            blocker = blocker or next((h for h in hits if h is not None), "")
            continue
        kinematics.spread(grasp.width + RELEASE_OPENING)
        if _end(obs, kinematics, obj, Held(name, tool.inverse() @ obj.pose_world), where) is not None:
            factors = {"fits": 1.0, "reachable": 1.0, "free": 1.0, "turned": grasp.score}
            return Affordance(grasp.score, factors, f"{name} can be held only awkwardly")
    if not reached:
        x, y, z = obj.pose_world.position
        out = f"{name} at ({x:.2f}, {y:.2f}, {z:.2f}) is out of reach"
        return Affordance(0.0, {"fits": 1.0, "reachable": 0.0}, out)
    why = f"{blocker} is in the way of the hand" if blocker else f"no room to turn {name} up"
    return Affordance(POOR, {"fits": 1.0, "reachable": 1.0, "free": POOR}, why)


def _where(obs: Observation, args: tuple[str, ...]) -> list[Point]:
    return [obs.objects[args[0]].pose_world.position] if args[0] in obs.objects else []


TURN_UPRIGHT_SKILL = Skill(TURN_UPRIGHT, *from_a_stand(_where, upright_affordance, turn_upright), max_ticks=4500)
