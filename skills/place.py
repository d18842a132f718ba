"""place_in, place_on, place_at: one controller; they differ only in where the thing may come to rest."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator

import numpy as np

from skills.affordance import place_affordance, regions_for, slots_for, supports_for
from skills.approach import Act, Judge, from_a_stand
from skills.driver import Kinematics, MotionFailure
from skills.failure import Blame, Failure, FailureKind
from skills.grasps import OPENING_MARGIN, RELEASE_OPENING
from skills.motion import DISTANCES, Reach, as_failure, backing, check_motion
from skills.niches import CLEAR
from skills.operators import PLACE_AT, PLACE_IN, PLACE_ON
from skills.place_targets import Target, carried, levelled
from skills.placement import LOWER_SPEED, RETREAT_SPEED, Spots, find_placement
from skills.predicates import held_object
from skills.regrasp import taken_differently
from skills.skill import Command, Controller, Follow, Grip, Outcome, Settle, Skill
from skills.standing import Point
from skills.symbols import Operator, lit
from skills.types import ObjectState, Observation, Trajectory

RELEASE_FORCES = (25.0, 40.0, 60.0)  # [N] opening presses on nothing; firm, so that fingers do not stick
FALLEN = 0.002  # [m] what is let go above a floor sinks at least this much
FALL_TICKS = 12
REGRIP_FORCE = 8.0  # [N]
LET_GO = 0.006  # [m] fingers opened less than this may still hold
DRIFT = 0.003  # [m] a thing that slipped further in the hand on the way is aimed anew
DRIFT_TURN = math.radians(3)
SETTLE_TICKS = 120


def placing(
    spots: Spots, hold: float = 0.0, resting: Callable[[ObjectState], ObjectState] = levelled
) -> Callable[[Observation, Kinematics, tuple[str, ...]], Controller]:
    """The controller of a placing skill; ``hold`` [s]: how long the thing is held still above its spot first;
    ``resting``: the thing with the orientation, but for turns about the vertical, that it is to come to rest with."""

    def controller(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Controller:
        name, where = args
        if held_object(obs) != name:
            detail = f"the hand does not hold {name}"
            return Failure(FailureKind.PRECONDITION, detail, unmet=(lit("holding", name),), blame=Blame.LM)
        kinematics.sync(obs)
        kinematics.spread(obs.robot.gripper_width + RELEASE_OPENING)
        found = find_placement(obs, kinematics, name, where, spots, resting)
        if isinstance(found, Failure):
            return found
        target, transit, path = found
        got = yield Follow(transit, f"carry {name} to {where}")
        failed = check_motion(got.motion, f"carry {name} to {where}")
        if failed is not None:
            return failed
        if hold > 0:
            got = yield Follow(_still(got.observation, kinematics, hold), f"hold out {name}")
            failed = check_motion(got.motion, f"hold out {name}")
            if failed is not None:
                return failed
        path = _aim_anew(got.observation, kinematics, name, target, path)
        got = yield Follow(path.inward, f"lower {name}", until_contact=True)
        failed = check_motion(got.motion, f"lower {name}")
        if failed is not None:
            return failed
        rests = got.motion is not None and bool(got.motion.detail)
        touched = frozenset(target.spot.ground)
        rests = rests or len(target.spot.heights) == 1
        got = yield from _let_go(got.observation, kinematics, name, touched, rests, target.spot.falls)
        out = _retreat(got.observation, kinematics, name, target, path)
        if isinstance(out, MotionFailure):
            return as_failure(out, f"leave {name}")
        got = yield Follow(out, f"leave {name}")
        failed = check_motion(got.motion, f"leave {name}")
        if failed is not None:
            return failed
        yield Settle(SETTLE_TICKS)
        return None

    return controller


def _still(obs: Observation, kinematics: Kinematics, seconds: float) -> Trajectory:
    """Staying where the arm is."""
    q = np.asarray([obs.robot.q, obs.robot.q], float)
    return Trajectory(kinematics.spec.joint_names, np.array([0.0, seconds]), q, np.zeros_like(q))


def _let_go(
    obs: Observation, kinematics: Kinematics, name: str, touched: frozenset[str], rests: bool, falls: float = 0.0
) -> Generator[Command, Outcome, Outcome]:
    """Open wide where there is room, else a little; what clings to the fingers is gripped and let go again, harder.

    ``rests``: the thing has been felt to touch something, so it need not fall; ``falls``: how far it falls at least
    [m].
    """
    closed, most = obs.robot.gripper_width, kinematics.spec.gripper_range[1]
    width = min(closed + OPENING_MARGIN, most)
    kinematics.spread(width)
    if kinematics.obstacle(obs.robot.q, None, touched | {name}) is not None:
        width = min(closed + RELEASE_OPENING, most)
        kinematics.spread(width)
    before = obs.objects.get(name)
    got = yield Grip(width, RELEASE_FORCES[0], f"let go of {name}")
    for force in RELEASE_FORCES[1:]:
        opened = got.observation.robot.gripper_width > min(closed + LET_GO, width - 0.001)
        if opened and not rests:
            got = yield Settle(FALL_TICKS, f"let {name} fall")
        after = got.observation.objects.get(name)
        if opened and (rests or before is None or after is None or _fell(before, after, falls)):
            break
        yield Grip(max(closed - LET_GO, 0.0), REGRIP_FORCE, f"close on {name} again")
        got = yield Grip(width, force, f"let go of {name}")
    return got


def _fell(before: ObjectState, after: ObjectState, falls: float) -> bool:
    return before.pose_world.position[2] - after.pose_world.position[2] > max(FALLEN, falls)


def _aim_anew(obs: Observation, kinematics: Kinematics, name: str, target: Target, path: Reach) -> Reach:
    """The lowering corrected for what slipped in the hand on the way; the old one when that cannot be done."""
    if name not in obs.objects:
        return path
    held = carried(obs, name)
    aimed = target.tool @ held.pose_tool_object
    off = np.subtract(aimed.position, target.pose_world_object.position)
    turned = (aimed.inverse() @ target.pose_world_object).orientation[3]
    if np.linalg.norm(off) < DRIFT and 2 * math.acos(min(1.0, abs(turned))) < DRIFT_TURN:
        return path
    corrected = target.tool.moved(*(float(-v) for v in off))
    line = kinematics.line(obs.robot.q, corrected, LOWER_SPEED, held, frozenset({name, *target.spot.ground}))
    return path if isinstance(line, MotionFailure) else Reach(path.start, line, path.outward)


def _retreat(
    obs: Observation, kinematics: Kinematics, name: str, target: Target, path: Reach
) -> Trajectory | MotionFailure:
    """The planned way out when the arm stands at its start, else (contact came early) a new one from here."""
    if float(np.max(np.abs(np.asarray(obs.robot.q) - path.outward.positions[0]))) < 0.005:
        return path.outward
    here = kinematics.forward(obs.robot.q)
    direction = np.asarray(backing(target.tool))
    failure: MotionFailure | None = None
    ignore = frozenset({name, *target.spot.ground})
    for distance in DISTANCES if target.spot.facing is None else CLEAR:
        step = direction * distance
        goal = here.moved(float(step[0]), float(step[1]), float(step[2]))
        line = kinematics.line(obs.robot.q, goal, RETREAT_SPEED, None, ignore)
        if not isinstance(line, MotionFailure):
            return line
        failure = line
    assert failure is not None
    return failure


def placing_parts(spots: Spots, hold: float = 0.0) -> tuple[Judge, Act]:
    """(affordance, controller) that put what is held where ``spots`` says, from whatever stand it takes."""

    def points(obs: Observation, args: tuple[str, ...]) -> list[Point]:
        if args[0] not in obs.objects:
            return []
        found, _, _ = spots(obs, levelled(obs.objects[args[0]]), args[1])
        return [(s.x, s.y, s.heights[0]) for s in found]

    return from_a_stand(points, place_affordance(spots), placing(spots, hold))


def placing_skill(operator: Operator, spots: Spots, hold: float = 0.0) -> Skill:
    """A skill that puts what is held where ``spots`` says."""
    return Skill(operator, *placing_parts(spots, hold))


PLACE_ON_SKILL = placing_skill(PLACE_ON, supports_for)
PLACE_AT_SKILL = placing_skill(PLACE_AT, regions_for)
PLACE_IN_SKILL = Skill(
    PLACE_IN, *taken_differently(slots_for, PLACE_AT_SKILL.controller, placing_parts(slots_for)), max_ticks=6000
)
PLACE_SKILLS = (PLACE_IN_SKILL, PLACE_ON_SKILL, PLACE_AT_SKILL)
