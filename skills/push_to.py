"""push_to(obj, region): shove a thing over the surface it stands on until it is in a region, stroke by stroke."""

from __future__ import annotations

import itertools
import math
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from skills.affordance import POOR
from skills.approach import from_a_stand
from skills.driver import Kinematics, MotionFailure, NoMotion
from skills.failure import Blame, Failure, FailureKind
from skills.handling import straight_back
from skills.motion import Leg, as_failure, check_motion, reach
from skills.operators import PUSH_TO
from skills.pick import leaving
from skills.predicates import supports
from skills.push_search import SPEED, free_spots, one_surface, ways
from skills.pushing import Stroke, strokes, unpushable
from skills.regions import as_bin
from skills.skill import Affordance, Command, Controller, Follow, Grip, Outcome, Settle, Skill
from skills.spots import BORDER
from skills.standing import Point
from skills.types import ObjectState, Observation, Region, Trajectory

APPROACH_SPEED = 0.15  # [m/s]
LONGEST, LONGEST_ROUND = 0.14, 0.06  # [m] of a stroke, of one that pushes a round thing
NEAR = 0.008  # [m] this close to the wanted spot is there
TRIES = 4  # spots and orders whose whole way is looked for
STROKES = 24  # most strokes of one push
FINGER_FORCE = 20.0  # [N] that keeps the fingers closed
SETTLE_TICKS = 60
SAME_HEIGHT = 0.01  # [m]


@dataclass(frozen=True, eq=False)
class Push:
    """A stroke with joint trajectories. ``transit`` to where the approach begins; ``down``: to behind the thing;
    ``onto``: up to it; ``along``: with it."""

    stroke: Stroke
    transit: Trajectory
    down: Trajectory
    onto: Trajectory
    along: Trajectory


def push_to(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Controller:
    """The controller. Failures: UNREACHABLE, COLLISION (no way to push it further), EFFECT (it does not get there)."""
    name, where = args
    goal: tuple[float, float] | None = None
    for _ in range(STROKES):
        obj = obs.objects.get(name)
        if obj is None:
            return Failure(FailureKind.EFFECT, f"{name} is out of sight", blame=Blame.PERCEPTION)
        why = _cannot(obs, kinematics, obj, where)
        if why:
            return Failure(FailureKind.UNREACHABLE, f"push {name} to {where}: {why}", blame=Blame.AFFORDANCE)
        if _there(obj, obs.regions[where], goal):
            break
        kinematics.sync(obs)
        kinematics.spread(0.0)
        found = _next(obs, kinematics, obj, where, goal)
        if isinstance(found, MotionFailure) and goal is not None:  # pushed askew: perhaps there is another spot
            found = _next(obs, kinematics, obj, where, None)
        if isinstance(found, MotionFailure):
            return as_failure(found, f"push {name} to {where}")
        goal, way = found
        failure, obs = yield from _push(obs, kinematics, name, way)
        if failure is not None:
            return failure
    yield Settle(SETTLE_TICKS)
    return None


def _next(
    obs: Observation, kin: Kinematics, obj: ObjectState, where: str, goal: tuple[float, float] | None
) -> tuple[tuple[float, float], Push] | MotionFailure:
    """(spot, the next piece of a push towards it) whose whole way works."""
    worst = MotionFailure(NoMotion.LINE_NONE, NoMotion.LINE_NONE.value)
    for spot, stroke in itertools.islice(ways(obs, kin, obj, where, goal), TRIES):
        way = stroke if isinstance(stroke, MotionFailure) else _whole(obs, kin, stroke)
        if isinstance(way, Push):
            return spot, way
        worst = way
    return worst


def _push(
    obs: Observation, kinematics: Kinematics, name: str, way: Push
) -> Generator[Command, Outcome, tuple[Failure | None, Observation]]:
    if obs.robot.gripper_width > 0.002:
        yield Grip(0.0, FINGER_FORCE, "close the fingers")
    parts = ((way.transit, f"go to {name}"), (way.down, f"come behind {name}"), (way.onto, f"come to {name}"),
             (way.along, f"push {name}"))  # fmt: skip
    for trajectory, why in parts:
        got = yield Follow(trajectory, why)
        failed = check_motion(got.motion, why)
        if failed is not None:
            return failed, got.observation
    now = got.observation
    kinematics.sync(now)
    kinematics.spread(0.0)
    out = straight_back(kinematics, now.robot.q, now.pose_world_tool, frozenset({name}))
    if isinstance(out, MotionFailure):
        return as_failure(out, f"leave {name}"), now
    got = yield Follow(out, f"leave {name}")
    return check_motion(got.motion, f"leave {name}"), got.observation


def _whole(obs: Observation, kin: Kinematics, wanted: Stroke) -> Push | MotionFailure:
    """The next piece of a stroke with its whole way: transit, approach from behind and above, the push."""
    obj = obs.objects[wanted.held.name]
    most = LONGEST if obj.shape.form.value in ("box", "bin") else LONGEST_ROUND
    length = wanted.length if wanted.length <= 1.3 * most else most
    worst = MotionFailure(NoMotion.LINE_NONE, NoMotion.LINE_NONE.value)
    ignore = frozenset({obj.name})
    surface = obj.bottom_z
    for stroke in strokes(obj, np.asarray(wanted.direction), length, kin.spec, surface, wanted.aside):
        out = -stroke.begin.rotation()[:, 2]
        leg = Leg((float(out[0]), float(out[1]), float(out[2])), APPROACH_SPEED, None, ignore)
        path = reach(kin, obs.robot.q, stroke.begin, leg, leg)
        if isinstance(path, MotionFailure):
            worst = path if worst.obstacle is None else worst
            continue
        behind = path.inward.positions[-1]
        onto = kin.line(behind, stroke.touch, SPEED, None, ignore)
        if isinstance(onto, MotionFailure):
            worst = onto
            continue
        along = kin.line(onto.positions[-1], stroke.end, SPEED, stroke.held, ignore)
        if isinstance(along, MotionFailure):
            worst = along
            continue
        transit = kin.transit(obs.robot.q, path.start, None, leaving(obs))
        if isinstance(transit, MotionFailure):
            worst = transit
            continue
        return Push(stroke, transit, path.inward, onto, along)
    return worst


def _there(obj: ObjectState, region: Region, goal: tuple[float, float] | None) -> bool:
    """Whether the thing is well inside, or as near to its spot as strokes bring it."""
    x, y, _ = obj.pose_world.position
    if not region.contains(x, y, -0.5 * BORDER):
        return False
    return goal is None or math.dist((x, y), goal) < NEAR or region.contains(x, y, -BORDER)


def _cannot(obs: Observation, kinematics: Kinematics, obj: ObjectState, where: str) -> str:
    """What speaks against it whatever the arm can reach; "" when nothing does."""
    region = obs.regions.get(where)
    if region is None:
        return f"no place {where!r}; there are: {', '.join(sorted(obs.regions))}"
    if as_bin(region) is not None:
        return f"{where} has walls: nothing can be pushed into it"
    containers, under, _ = supports(obs, obj.name)
    if containers or under:
        return f"{obj.name} is in or on {', '.join((*containers, *under))}: it would fall"
    if abs(obj.bottom_z - region.surface) > SAME_HEIGHT or not one_surface(obs, obj, region):
        return f"{obj.name} does not stand on the surface of {where}"
    return unpushable(obj, kinematics.spec)


def push_affordance(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Affordance:
    """fits (form, weight, one surface), room (a free spot), reachable (the hand behind it, all the way)."""
    name, where = args
    obj = obs.objects.get(name)
    if obj is None:
        return Affordance(0.0, {"known": 0.0}, f"no object {name!r}; present: {', '.join(sorted(obs.objects))}")
    why = _cannot(obs, kinematics, obj, where)
    if why:
        return Affordance(0.0, {"fits": 0.0}, why)
    region = obs.regions[where]
    if not free_spots(obs, obj, region):
        return Affordance(POOR, {"fits": 1.0, "room": POOR}, f"no free spot at {where}")
    kinematics.sync(obs)
    kinematics.spread(0.0)
    found = next(ways(obs, kinematics, obj, where, None), None)
    if found is None or isinstance(found[1], Stroke):
        return Affordance(0.8, {"fits": 1.0, "room": 1.0, "reachable": 1.0, "pushed": 0.8})
    if found[1].reason is NoMotion.IK_NONE:
        return Affordance(0.0, {"fits": 1.0, "room": 1.0, "reachable": 0.0}, found[1].detail)
    return Affordance(POOR, {"fits": 1.0, "room": 1.0, "reachable": 1.0, "free": POOR}, found[1].detail)


def _where(obs: Observation, args: tuple[str, ...]) -> list[Point]:
    """Half way between the thing and where it goes, then the thing."""
    if args[0] not in obs.objects or args[1] not in obs.regions:
        return []
    here, goal = obs.objects[args[0]].pose_world.position, obs.regions[args[1]].centre
    return [((here[0] + goal[0]) / 2, (here[1] + goal[1]) / 2, here[2]), here]


PUSH_TO_SKILL = Skill(PUSH_TO, *from_a_stand(_where, push_affordance, push_to), max_ticks=9000)
