"""go_to(place): fold the arm, choose where to stand, drive there; the arm carries along what it holds.

Where at a place the robot stands is chosen before it sets off: from the stand that has most of what matters there
within reach (what it could pick up, or where it could put down what it holds), the arm must find joint solutions.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Iterator

import numpy as np

from skills.affordance import POOR
from skills.base import Stand, station_at
from skills.driver import Held, Kinematics, MobileKinematics, MotionFailure, mobile
from skills.failure import Blame, Failure, FailureKind
from skills.geometry import distance_to
from skills.motion import as_failure, check_motion
from skills.operators import GO_TO
from skills.place_targets import carried, sagging
from skills.predicates import held_object, supports
from skills.skill import Affordance, Command, Controller, Drive, Follow, Outcome, Settle, Skill
from skills.spots import region_spots
from skills.standing import Point, as_if_at, stands_at
from skills.types import Array, Observation, Pose, Trajectory

NEAR = 0.012  # [m] things this close to the tool do not block its way out
RISE = (0.10, 0.20)  # [m] straight up first when the direct way is blocked
RISE_SPEED = 0.2  # [m/s]
LEVEL = math.radians(20)  # a hand turned further from pointing down keeps its tilt while driving
CARRY = ((0.38, 0.45), (0.42, 0.35), (0.45, 0.55), (0.35, 0.30))  # [m] out from and above the foot, for such hands
LOOKED_AT = 5  # points at a place for which joint solutions are looked for
ABOVE = 0.06  # [m] over a surface: where joint solutions are looked for
DOWN = (1.0, 0.0, 0.0, 0.0)
FOLDED = 0.02  # [rad] each joint from a driving posture
ARRIVED_TICKS = 30


def what_is_held(obs: Observation) -> Held | None:
    """What travels along, thought a little lower than it is; None with empty fingers."""
    name = held_object(obs)
    return sagging(carried(obs, name), obs.pose_world_tool) if name is not None and name in obs.objects else None


def folded(obs: Observation, kinematics: Kinematics) -> Array:
    """Arm joints (D,) for driving: at rest, or, with a hand that is not pointing down, drawn in with the same tilt so
    that nothing it holds is tipped. Obstacles are not looked at."""
    return next(foldings(obs, kinematics))


def foldings(obs: Observation, kinematics: Kinematics) -> Iterator[Array]:
    """All such postures, the best first."""
    home = np.asarray(kinematics.spec.home, float)
    tool = obs.pose_world_tool
    if held_object(obs) is not None and math.pi - tool.tilt >= LEVEL:
        foot = kinematics.mount
        ahead = tool.rotation()[:, 2]
        turn = foot.yaw - math.atan2(ahead[1], ahead[0])  # the hand points straight ahead
        upright = Pose.from_yaw((0, 0, 0), turn) @ Pose.of((0, 0, 0), tool.orientation)
        for out, up in CARRY:
            position = foot.apply((out, 0.0, up))
            yield from kinematics.solutions(Pose.of(position, upright.orientation), home, 1)
    yield home


def fold(obs: Observation, kinematics: Kinematics) -> Generator[Command, Outcome, tuple[Failure | None, Observation]]:
    """Bring the arm into its driving posture: with a level hand the first that it gets to without tipping what it
    holds. Returns the failure, if any, and the last observation."""
    kinematics.sync(obs)
    goals, held = list(foldings(obs, kinematics)), what_is_held(obs)
    goals = goals[:-1] or goals
    if any(float(np.max(np.abs(goal - np.asarray(obs.robot.q)))) < FOLDED for goal in goals):
        return None, obs
    worst: MotionFailure | None = None
    for goal in goals:
        found = _way_to(obs, kinematics, goal, held)
        if isinstance(found, MotionFailure):
            worst = worst or found
            continue
        rise, way = found
        if rise is not None:
            got = yield Follow(rise, "rise")
            failed = check_motion(got.motion, "rise")
            if failed is not None:
                return failed, got.observation
        got = yield Follow(way, "fold the arm")
        return check_motion(got.motion, "fold the arm"), got.observation
    return as_failure(worst, "fold the arm"), obs


def _way_to(
    obs: Observation, kinematics: Kinematics, goal: Array, held: Held | None
) -> tuple[Trajectory | None, Trajectory] | MotionFailure:
    """A way to the posture, or one that first rises straight up."""
    tool = np.asarray(obs.pose_world_tool.position)
    near = frozenset(n for n, o in obs.objects.items() if distance_to(o, tool) < NEAR)
    if held is not None and held.name in obs.objects:
        around = supports(obs, held.name)
        near |= frozenset((held.name, *around[0], *around[1]))
    way = kinematics.transit(obs.robot.q, goal, held, near)
    if not isinstance(way, MotionFailure):
        return None, way
    for height in RISE:
        rise = kinematics.line(obs.robot.q, obs.pose_world_tool.moved(dz=height), RISE_SPEED, held, near)
        if isinstance(rise, MotionFailure):
            continue
        further = kinematics.transit(rise.positions[-1], goal, held, near)
        if not isinstance(further, MotionFailure):
            return rise, further
    return way


def drive(
    obs: Observation, kinematics: MobileKinematics, stands: Iterable[Stand], why: str
) -> Generator[Command, Outcome, tuple[Failure | None, Observation]]:
    """Fold the arm and drive to the first of ``stands`` that a free way leads to."""
    assert obs.robot.base is not None
    failed, obs = yield from fold(obs, kinematics)
    if failed is not None:
        return failed, obs
    kinematics.sync(obs)
    held, worst = what_is_held(obs), None
    assert obs.robot.base is not None
    for stand in stands:
        way: Trajectory | MotionFailure = kinematics.route(obs.robot.base, stand, obs.robot.q, held)
        if isinstance(way, MotionFailure):
            worst = way
            continue
        got = yield Drive(way, why)
        failed = check_motion(got.motion, why)
        if failed is None:
            kinematics.sync(got.observation)
        return failed, got.observation
    if worst is None:
        return Failure(FailureKind.UNREACHABLE, f"{why}: no free place to stand", blame=Blame.AFFORDANCE), obs
    return as_failure(worst, why), obs


def places_of_interest(obs: Observation, place: str) -> list[Point]:
    """What the robot might reach for at a place: things to pick up, or free spots for what it holds; its middle."""
    region, held = obs.regions[place], held_object(obs)
    top = max(region.surface, region.rim or region.surface)
    if held is not None and held in obs.objects and region.rim is None:
        spots = region_spots(obs, obs.objects[held], region, limit=12)
        points: list[Point] = [(s.x, s.y, top) for s in spots]
        points += [
            (*o.pose_world.position[:2], o.top_z) for o in obs.objects.values()
            if (o.shape.hollow or o.patch is not None) and region.contains(*o.pose_world.position[:2])
        ]  # fmt: skip
    else:
        points = [
            o.pose_world.position
            for n, o in sorted(obs.objects.items())
            if (o.movable or o.patch is not None) and n != held and region.contains(*o.pose_world.position[:2])
        ]
    return points or [(*region.centre, top)]


def choose_stands(obs: Observation, kinematics: MobileKinematics, place: str) -> list[Stand]:
    """Stands at a place, the best first: most points of interest within reach, by the arm's joint solutions."""
    kinematics.sync(obs)
    q, held = folded(obs, kinematics), what_is_held(obs)
    points = places_of_interest(obs, place)
    found = stands_at(obs, kinematics, place, points, q, held)
    some = points[:: max(1, len(points) // LOOKED_AT)][:LOOKED_AT]
    shares = []
    for stand in found:
        kinematics.stand(stand)
        solved = [bool(_reaches(kinematics, p, q)) for p in some]
        shares.append(sum(solved) / len(solved))
        if shares[-1] == 1.0:
            break
    kinematics.sync(obs)
    order = sorted(range(len(shares)), key=lambda i: (-shares[i], i))
    return [found[i] for i in order] + found[len(shares) :]


def _reaches(kinematics: MobileKinematics, point: Point, q: Array) -> list[Array]:
    heading = kinematics.mount.yaw
    tool = Pose.from_yaw((point[0], point[1], point[2] + ABOVE), heading) @ Pose((0.0, 0.0, 0.0), DOWN)
    return kinematics.solutions(tool, q, 1)


def go_to_affordance(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Affordance:
    """room (somewhere to stand at the place), way (nothing shuts it off)."""
    (place,) = args
    driving = mobile(kinematics)
    if driving is None or obs.robot.base is None:
        return Affordance(0.0, {"drives": 0.0}, f"{kinematics.spec.name} does not drive")
    if place not in obs.regions:
        return Affordance(0.0, {"known": 0.0}, f"no place {place!r}; there are: {', '.join(sorted(obs.regions))}")
    if obs.robot_at == place:
        return Affordance(1.0, {"room": 1.0, "way": 1.0})
    stands = choose_stands(obs, driving, place)
    if not stands:
        return Affordance(0.0, {"room": 0.0}, f"there is no room to stand at {place}")
    q, held = folded(obs, kinematics), what_is_held(obs)
    if isinstance(driving.route(obs.robot.base, stands[0], q, held), MotionFailure):
        return Affordance(POOR, {"room": 1.0, "way": POOR}, f"no free way to {place} was found")
    return Affordance(1.0, {"room": 1.0, "way": 1.0})


def go_to(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Controller:
    """The controller. Failures: UNREACHABLE (nowhere to stand), COLLISION (no free way; the arm cannot be folded)."""
    (place,) = args
    driving = mobile(kinematics)
    if driving is None or obs.robot.base is None:
        return Failure(FailureKind.UNREACHABLE, f"{kinematics.spec.name} does not drive", blame=Blame.LM)
    if station_at(obs.robot.base, obs.regions, obs.stations) == place:
        yield Settle(ARRIVED_TICKS, f"stand at {place}")
        return None
    stands = choose_stands(obs, driving, place)
    failed, _ = yield from drive(obs, driving, stands, f"drive to {place}")
    return failed


GO_TO_SKILL = Skill(GO_TO, go_to_affordance, go_to)

__all__ = ["GO_TO_SKILL", "as_if_at", "choose_stands", "drive", "fold", "folded", "go_to", "what_is_held"]
