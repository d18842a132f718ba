"""pour(stuff, vessel, container): carry the vessel level over the container, tip it over, wait, set it upright."""

from __future__ import annotations

import itertools
import math
from collections.abc import Generator
from dataclasses import dataclass

from skills.affordance import POOR
from skills.approach import from_a_stand
from skills.driver import Held, Kinematics, MotionFailure, NoMotion
from skills.failure import Blame, Failure, FailureKind
from skills.motion import as_failure, backwards, check_motion
from skills.operators import POUR
from skills.place_targets import carried
from skills.pouring import ENDS, Tip, can_take, held_for_pouring, nominal_hold, round_vessel, tips
from skills.predicates import held_object, share_inside
from skills.skill import Affordance, Command, Controller, Follow, Outcome, Settle, Skill
from skills.standing import Point
from skills.symbols import lit
from skills.types import Array, Observation, Pose, Trajectory

SPEED = 0.10  # [m/s] of the tool while tipping; turning counts
TRIES = 20  # ways followed from end to end
OUT = "out of reach"
LOOKED_AT = 12  # ways that the affordance looks at
BRANCHES = 2
STEADY = math.radians(35)  # a full vessel is never tipped more on the way
RUN_OUT_TICKS = 90
SETTLE_TICKS = 90
EMPTIED = 0.95  # share of the stuff that is in the container: nothing more to wait for
SHAKES = 2  # times that it is rocked when something stays behind


@dataclass(frozen=True, eq=False)
class Pouring:
    """A way with joint trajectories: ``transit`` to the upright vessel over the container, ``over``: tipping it."""

    tip: Tip
    transit: Trajectory
    over: Trajectory


def pour(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Controller:
    """The controller. Failures: UNREACHABLE, COLLISION (nothing moved yet), EFFECT is left to the measurement."""
    _, name, where = args
    if held_object(obs) != name:
        detail = f"the hand does not hold {name}"
        return Failure(FailureKind.PRECONDITION, detail, unmet=(lit("holding", name),), blame=Blame.LM)
    kinematics.sync(obs)
    kinematics.spread(obs.robot.gripper_width)
    found = find_pouring(obs, kinematics, name, where)
    if isinstance(found, Failure):
        return found
    for trajectory, why in ((found.transit, f"carry {name} over {where}"), (found.over, f"pour into {where}")):
        got = yield Follow(trajectory, why)
        failed = check_motion(got.motion, why)
        if failed is not None:
            return failed
    got = yield Settle(RUN_OUT_TICKS, "let it run out")
    got = yield from _shake(got, found, args)
    back = backwards(found.over)
    got = yield Follow(back, f"set {name} upright")
    failed = check_motion(got.motion, f"set {name} upright")
    if failed is not None:
        return failed
    yield Settle(SETTLE_TICKS)
    return None


def _shake(got: Outcome, found: Pouring, args: tuple[str, ...]) -> Generator[Command, Outcome, Outcome]:
    """Rock the vessel a little while something stays behind in it."""
    stuff, name, where = args
    for _ in range(SHAKES):
        seen = got.observation.objects
        if stuff not in seen or where not in seen or share_inside(seen[stuff], seen[where]) >= EMPTIED:
            break
        n = max(2, len(found.over.times) // 6)
        tail = _part(found.over, len(found.over.times) - n)
        got = yield Follow(backwards(tail), f"rock {name}")
        if check_motion(got.motion, "") is not None:
            break
        got = yield Follow(tail, f"rock {name}")
        if check_motion(got.motion, "") is not None:
            break
        got = yield Settle(RUN_OUT_TICKS // 2, "let it run out")
    return got


def _part(path: Trajectory, first: int) -> Trajectory:
    """The end of a trajectory from point ``first`` on, started from rest."""
    velocities = path.velocities[first:].copy()
    velocities[0] = 0.0
    return Trajectory(path.joint_names, path.times[first:] - path.times[first], path.positions[first:], velocities)


def find_pouring(obs: Observation, kinematics: Kinematics, name: str, where: str) -> Pouring | Failure:
    """The first way that works in whole. Moves nothing."""
    doing = f"pour from {name} into {where}"
    vessel, container = obs.objects[name], obs.objects[where]
    held = carried(obs, name)
    why = held_for_pouring(held, obs.pose_world_tool, vessel) or can_take(container)
    if why:
        return Failure(FailureKind.UNREACHABLE, f"{doing}: {why}", blame=Blame.AFFORDANCE)
    worst: MotionFailure | None = None
    followed = 0
    for tip in tips(held, vessel, container, obs.pose_world_tool, _away(kinematics, container.pose_world)):
        if followed >= TRIES:
            break
        ends = _ends(kinematics, obs, tip, held)
        if isinstance(ends, MotionFailure):
            worst = ends if worst is None or ends.obstacle else worst
            continue
        for q, end in ends:
            followed += 1
            # planned from its end, where the arm has the least choice, and run backwards
            back = kinematics.through(q, tip.poses[end - 2 :: -1], SPEED, held, frozenset({name}))
            if isinstance(back, MotionFailure):
                worst = back if worst is None or back.obstacle else worst
                continue
            over = backwards(back)
            transit = kinematics.transit(obs.robot.q, over.positions[0], held, frozenset({name}))
            if isinstance(transit, MotionFailure):
                worst = transit if worst is None or transit.obstacle else worst
                continue
            if _tilts(kinematics, transit, held) > STEADY:
                worst = worst or MotionFailure(NoMotion.PATH_NONE, f"{name} would be spilt on the way to {where}")
                continue
            return Pouring(tip, transit, over)
    return as_failure(worst, doing)


def _ends(kin: Kinematics, obs: Observation, tip: Tip, held: Held) -> list[tuple[Array, int]] | MotionFailure:
    """Free joint solutions (D,) where the vessel is tipped furthest, and how many poses of the way lead there."""
    failure = MotionFailure(NoMotion.IK_NONE, f"{held.name} cannot be tipped so far: out of reach")
    for end in ENDS:
        free = []
        for q in kin.solutions(tip.poses[end - 1], obs.robot.q, BRANCHES):
            hit = kin.obstacle(q, held, frozenset({held.name}))
            if hit is None:
                free.append((q, end))
            else:
                failure = MotionFailure(NoMotion.COLLISION, f"{hit} is in the way of the tipped {held.name}", hit)
        if free:
            return free
    return failure


def _tilts(kin: Kinematics, path: Trajectory, held: Held) -> float:
    """How far what is held is tipped on the way at most [rad]."""
    some = path.positions[:: max(1, len(path.positions) // 24)]
    return max((kin.forward(q) @ held.pose_tool_object).tilt for q in some)


def _away(kin: Kinematics, pose: Pose) -> float:
    """The direction from the arm's foot to a thing [rad]."""
    x, y, _ = pose.position
    fx, fy, _ = kin.mount.position
    return math.atan2(y - fy, x - fx)


def pour_affordance(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Affordance:
    """fits (how it is held, the mouth), reachable (upright and tipped), free (nothing touched at either)."""
    _, name, where = args
    vessel, container = obs.objects.get(name), obs.objects.get(where)
    if vessel is None or container is None:
        missing = name if vessel is None else where
        return _no("known", f"no object {missing!r}; present: {', '.join(sorted(obs.objects))}")
    in_hand = held_object(obs) == name
    held = carried(obs, name) if in_hand else nominal_hold(vessel)
    tool = obs.pose_world_tool if in_hand else vessel.pose_world @ held.pose_tool_object.inverse()
    why = can_take(container) or ("" if round_vessel(vessel) else f"{name} has no lip to pour over")
    why = why or held_for_pouring(held, tool, vessel)
    if why:
        return _no("fits", why)
    kinematics.sync(obs)
    kinematics.spread(vessel.shape.wall)
    reached, blocker = False, ""
    ways = tips(held, vessel, container, tool, _away(kinematics, container.pose_world))
    for tip in itertools.islice(ways, LOOKED_AT):
        hit = ""
        for i in (ENDS[-1] - 1, 0):  # tipped over, the harder part, first
            found = kinematics.solutions(tip.poses[i], obs.robot.q, 1)
            hit = kinematics.obstacle(found[0], held, frozenset({name})) or "" if found else OUT
            if hit:
                break
        if not hit:
            value = max(0.6, tip.score)
            return Affordance(value, {"fits": 1.0, "reachable": 1.0, "free": value})
        reached = reached or hit != OUT
        blocker = blocker or (hit if hit != OUT else "")
    if not reached:
        return _no("reachable", f"{name} cannot be tipped over {where}: out of reach")
    return Affordance(POOR, {"fits": 1.0, "reachable": 1.0, "free": POOR}, f"{blocker} is in the way over {where}")


def _no(factor: str, reason: str) -> Affordance:
    return Affordance(0.0, {factor: 0.0}, reason)


def _where(obs: Observation, args: tuple[str, ...]) -> list[Point]:
    container = obs.objects.get(args[2])
    if container is None:
        return []
    x, y, _ = container.pose_world.position
    return [(x, y, container.top_z + 0.1)]


POUR_SKILL = Skill(POUR, *from_a_stand(_where, pour_affordance, pour))
