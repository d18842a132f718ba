"""pick(obj): open, come in straight, close, lift; another grasp when the first cannot be done or holds nothing."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence

import numpy as np

from skills.affordance import POOR, pick_affordance
from skills.approach import from_a_stand
from skills.driver import Held, Kinematics, MotionFailure
from skills.failure import Blame, Failure, FailureKind
from skills.geometry import distance_to
from skills.grasps import Grasp, GraspSet, narrowed
from skills.level_grasps import grasps_here
from skills.motion import Leg, Reach, as_failure, backing, check_motion, reach
from skills.niches import CLEAR, WAY, niche_of, way_in, way_out
from skills.operators import PICK
from skills.predicates import EMPTY_WIDTH, held_object, supports
from skills.skill import Affordance, Command, Controller, Follow, Grip, Outcome, Skill
from skills.standing import Point
from skills.symbols import lit
from skills.types import ObjectState, Observation, Pose, Trajectory

UP = (0.0, 0.0, 1.0)
APPROACH_SPEED = 0.2  # [m/s]
LIFT_SPEED = 0.2  # [m/s]
TRIES = 24  # grasps for which a whole path is looked for
ATTEMPTS = 2  # physical attempts: the second after a fresh look
ALREADY_THERE = 0.012  # [m] a hand standing this close to the thing gets out of the way first
TURN_PENALTY = 0.15  # preference lost per half turn of the hand


def pick(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Controller:
    """The controller. Failures: COLLISION, UNREACHABLE (nothing moved yet), EFFECT (closed on nothing or lost it)."""
    (name,) = args
    failure: Failure | None = None
    for attempt in range(ATTEMPTS):
        if attempt and name not in obs.objects:
            break
        kinematics.sync(obs)
        found = find_grasp(obs, kinematics, name)
        if isinstance(found, Failure):
            return found if failure is None else failure
        grasp, transit, path = found
        failure, obs = yield from take(obs, name, grasp, transit, path)
        if failure is None or failure.kind is not FailureKind.EFFECT:
            return failure
    return failure


def find_grasp(
    obs: Observation, kinematics: Kinematics, name: str, among: Sequence[Grasp] | None = None
) -> tuple[Grasp, Trajectory, Reach] | Failure:
    """The best grasp (of those in ``among``, when they are given) whose whole way works: transit, approach, lift. Moves
    nothing."""
    obj = obs.objects[name]
    candidates = GraspSet(tuple(among)) if among is not None else grasps_here(obs, obj, kinematics.spec)
    if not candidates.grasps:
        return Failure(FailureKind.UNREACHABLE, candidates.reason, blame=Blame.AFFORDANCE)
    worst: MotionFailure | None = None
    ranked = _ranked(obs, obj, candidates.grasps)[:TRIES]
    for grasp in (*ranked, *_narrow(ranked)):
        kinematics.spread(grasp.opening)
        tool = grasp.pose_world(obj)
        path = reach(kinematics, obs.robot.q, tool, *_legs(obs, obj, grasp, tool))
        if isinstance(path, MotionFailure):
            worst = path if worst is None or path.obstacle else worst
            continue
        transit = kinematics.transit(obs.robot.q, path.start, None, leaving(obs))
        if isinstance(transit, MotionFailure):
            worst = transit if worst is None or transit.obstacle else worst
            continue
        return grasp, transit, path
    return as_failure(worst, f"pick {name}")


def _legs(obs: Observation, obj: ObjectState, grasp: Grasp, tool: Pose) -> tuple[Leg, Leg]:
    """The straight way to a thing and, with it, away: up, or out of the hollow that it stands in."""
    held = Held(obj.name, tool.inverse() @ obj.pose_world)
    cabinet = niche_of(obs, obj.pose_world.position)
    if cabinet is not None:
        inward = Leg(backing(tool), APPROACH_SPEED, None, frozenset({obj.name}), CLEAR)
        return inward, Leg(way_out(way_in(cabinet)), APPROACH_SPEED, held, frozenset({obj.name}), WAY)
    back = UP if grasp.style not in ("side", "level") else backing(tool)
    containers, under, _ = supports(obs, obj.name)
    touched = frozenset({obj.name, *under, *containers})
    return Leg(back, APPROACH_SPEED, None, frozenset({obj.name})), Leg(UP, LIFT_SPEED, held, touched)


def _ranked(obs: Observation, obj: ObjectState, grasps: tuple[Grasp, ...]) -> list[Grasp]:
    """By prior, less the turn of the hand that each asks for: short ways are quick and seldom blocked."""
    now = obs.pose_world_tool.rotation()

    def worth(grasp: Grasp) -> float:
        turn = now.T @ grasp.pose_world(obj).rotation()
        angle = math.acos(float(np.clip((np.trace(turn) - 1) / 2, -1.0, 1.0)))
        return grasp.score - TURN_PENALTY * angle / math.pi

    return sorted(grasps, key=worth, reverse=True)


def _narrow(grasps: list[Grasp]) -> list[Grasp]:
    """Less and less opened variants of all, the wider ones first."""
    variants = [narrowed(g) for g in grasps]
    return [v[k] for k in range(max(map(len, variants), default=0)) for v in variants if len(v) > k]


def leaving(obs: Observation) -> frozenset[str]:
    """Things the hand stands at now: they do not block its way out."""
    tool = np.asarray(obs.pose_world_tool.position)
    return frozenset(n for n, o in obs.objects.items() if distance_to(o, tool) < ALREADY_THERE)


def take(
    obs: Observation, name: str, grasp: Grasp, transit: Trajectory, path: Reach
) -> Generator[Command, Outcome, tuple[Failure | None, Observation]]:
    """One physical attempt along a path that was found. Returns the failure, if any, and the last observation."""
    if abs(obs.robot.gripper_width - grasp.opening) > 0.002:
        got = yield Grip(grasp.opening, grasp.force, f"open for {name}")
        obs = got.observation
    for trajectory, why in ((transit, f"go above {name}"), (path.inward, f"come to {name}")):
        got = yield Follow(trajectory, why)
        failed = check_motion(got.motion, why)
        if failed is not None:
            return failed, got.observation
    got = yield Grip(0.0, grasp.force, f"close on {name}")
    width = got.grip.width if got.grip is not None else got.observation.robot.gripper_width
    empty = width < EMPTY_WIDTH or got.observation.robot.holding is False
    if not empty:
        got = yield Follow(path.outward, f"lift {name}")
        failed = check_motion(got.motion, f"lift {name}")
        if failed is not None:
            return failed, got.observation
        if held_object(got.observation) == name:
            return None, got.observation
        why = f"{name} slipped out of the fingers while lifting"
    else:
        why = f"the fingers closed on nothing at {name} (width {width * 1000:.1f} mm)"
    failure = Failure(FailureKind.EFFECT, why, unmet=(lit("holding", name),), blame=Blame.SKILL)
    got = yield Grip(grasp.opening, grasp.force, "open again")
    if empty:
        got = yield Follow(path.outward, "back off")
        failed = check_motion(got.motion, "back off")
        if failed is not None:
            return failed, got.observation
    return failure, got.observation


def where_it_is(obs: Observation, args: tuple[str, ...]) -> list[Point]:
    """The points of a skill that reaches for its first thing."""
    return [obs.objects[args[0]].pose_world.position] if args[0] in obs.objects else []


def affordance(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Affordance:
    """`pick_affordance`; of what stands in a hollow also whether a whole way leads there, since much that looks free in
    there is not: better thought than driven to."""
    found = pick_affordance(obs, kinematics, args)
    if found.value <= POOR or niche_of(obs, obs.objects[args[0]].pose_world.position) is None:
        return found
    kinematics.sync(obs)
    way = find_grasp(obs, kinematics, args[0])
    kinematics.sync(obs)
    return Affordance(POOR, {**found.factors, "free": POOR}, way.detail) if isinstance(way, Failure) else found


PICK_SKILL = Skill(PICK, *from_a_stand(where_it_is, affordance, pick))
