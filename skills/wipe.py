"""wipe(spill, tool): press what is held onto the spill until it is felt, rub to and fro over it, lift, look, again."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np

from skills.affordance import POOR
from skills.approach import from_a_stand
from skills.driver import Held, Kinematics, MotionFailure, NoMotion
from skills.failure import Blame, Failure, FailureKind
from skills.grasps import grasp_candidates
from skills.motion import as_failure, check_motion
from skills.operators import WIPE
from skills.place_targets import carried, levelled
from skills.predicates import held_object
from skills.skill import Affordance, Command, Controller, Follow, Outcome, Settle, Skill
from skills.standing import Point
from skills.symbols import lit
from skills.types import Array, ObjectState, Observation, Pose, Trajectory
from skills.wiping import Strokes, fits_to_wipe, strokes

HEIGHT = 0.06  # [m] above the surface: where the way down begins and ends
LIFTS = (HEIGHT, 0.03, 0.015)  # [m] straight up in the end, the highest that works
DOWN_SPEED, RUB_SPEED, UP_SPEED = 0.03, 0.12, 0.2  # [m/s]
DEEP = (
    0.004,
    0.0025,
    0.001,
)  # [m] below the surface the way down ends, unless a contact ends it: what finger tips allow
SUNK = 0.007  # [m] that the held thing is thought higher than it is: it is meant to touch the surface
FORCES = (3.0, 9.0)  # [N] between these the pressing is left as it is
CORRECTION = 0.001  # [m] deeper or higher after a row that was pressed too little or too hard
PASSES = 3  # the whole spill first, then what is left of it
SETTLE_TICKS = 30


def wipe(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Controller:
    """The controller. Failures: UNREACHABLE, COLLISION (nothing moved yet); whether it is clean is measured."""
    spill, name = args
    if held_object(obs) != name:
        detail = f"the hand does not hold {name}"
        return Failure(FailureKind.PRECONDITION, detail, unmet=(lit("holding", name),), blame=Blame.LM)
    for count in range(PASSES):
        seen = obs.objects.get(spill)
        if seen is None or seen.patch is None or (count and seen.patch.clean):
            break
        kinematics.sync(obs)
        kinematics.spread(obs.robot.gripper_width)
        found = find_strokes(obs, kinematics, name, seen)
        if isinstance(found, Failure):
            return found if count == 0 else None
        failure, obs = yield from _rub(obs, kinematics, name, spill, *found)
        if failure is not None:
            return failure
    yield Settle(SETTLE_TICKS)
    return None


def left_over(spill: ObjectState) -> Array:
    """(N, 3) cells of a spill that are not clean."""
    assert spill.patch is not None
    return np.array([c for c, clean in zip(spill.patch.cells, spill.patch.wiped, strict=True) if not clean])


def find_strokes(
    obs: Observation, kinematics: Kinematics, name: str, spill: ObjectState
) -> tuple[Strokes, Held, Trajectory] | Failure:
    """The first way whose corners are all reached without touching anything, what is held as it is thought of, and the
    transit to above its beginning. Moves nothing."""
    doing = f"wipe {spill.name} with {name}"
    held, wiper = carried(obs, name), obs.objects[name]
    why = fits_to_wipe(held, obs.pose_world_tool, wiper)
    if why:
        return Failure(FailureKind.UNREACHABLE, f"{doing}: {why}", blame=Blame.AFFORDANCE)
    cells = left_over(spill)
    raised = _raised(held, obs.pose_world_tool)
    ignore = frozenset({name, spill.name})
    worst: MotionFailure | None = None
    for way in strokes(held, wiper, cells, float(cells[0, 2])):
        above = [p.moved(dz=HEIGHT) for p in way.poses[:1]]
        for q in kinematics.solutions(above[0], obs.robot.q, 2):
            whole = kinematics.through(q, way.poses, RUB_SPEED, raised, ignore)
            transit: Trajectory | MotionFailure = whole
            if not isinstance(whole, MotionFailure):
                transit = kinematics.transit(obs.robot.q, q, held, frozenset({name}))
                if not isinstance(transit, MotionFailure):
                    return way, raised, transit
            assert isinstance(transit, MotionFailure)
            worst = transit if worst is None or transit.obstacle else worst
    return as_failure(worst or MotionFailure(NoMotion.IK_NONE, f"{spill.name} is out of reach"), doing)


def _raised(held: Held, tool: Pose) -> Held:
    """The held thing thought a little higher than it is, so that pressing it onto the surface is no collision."""
    up = tool.rotation().T @ np.array([0.0, 0.0, SUNK])
    return Held(held.name, held.pose_tool_object.moved(*(float(v) for v in up)))


def _rub(
    obs: Observation, kin: Kinematics, name: str, spill: str, way: Strokes, raised: Held, transit: Trajectory
) -> Generator[Command, Outcome, tuple[Failure | None, Observation]]:
    """Down onto the surface, along all strokes, up again. Returns the failure, if any, and the last observation."""
    ignore = frozenset({name, spill})
    got = yield Follow(transit, f"carry {name} to {spill}")
    failed = check_motion(got.motion, f"carry {name} to {spill}")
    if failed is not None:
        return failed, got.observation
    down: Trajectory | MotionFailure = MotionFailure(NoMotion.LINE_NONE, NoMotion.LINE_NONE.value)
    for deep in DEEP:
        down = kin.line(got.observation.robot.q, way.poses[0].moved(dz=-deep), DOWN_SPEED, raised, ignore)
        if not isinstance(down, MotionFailure):
            break
    if isinstance(down, MotionFailure):
        return as_failure(down, f"press {name} onto {spill}"), got.observation
    got = yield Follow(down, f"press {name} onto {spill}", until_contact=True)
    failed = check_motion(got.motion, f"press {name} onto {spill}")
    if failed is not None:
        return failed, got.observation
    height = got.observation.pose_world_tool.position[2] - way.poses[0].position[2]
    for corner in way.poses[1:]:
        line = kin.line(got.observation.robot.q, corner.moved(dz=height), RUB_SPEED, raised, ignore)
        if isinstance(line, MotionFailure):
            continue  # the rest of the row is left to the next pass
        got = yield Follow(line, f"rub {spill}")
        failed = check_motion(got.motion, f"rub {spill}")
        if failed is not None:
            return failed, got.observation
        height += _correction(got.observation.robot.effort)
    for height in LIFTS:
        pose = got.observation.pose_world_tool.moved(dz=height)
        up = kin.line(got.observation.robot.q, pose, UP_SPEED, raised, ignore)
        if not isinstance(up, MotionFailure):
            got = yield Follow(up, f"lift {name}")
            return check_motion(got.motion, f"lift {name}"), got.observation
    return None, got.observation  # it stays down: the next motion finds its own way off


def _correction(force: float | None) -> float:
    """How much higher the next row goes [m]; robots that feel no force keep the height that they found."""
    if force is None or force == 0.0:
        return 0.0
    return -CORRECTION if force < FORCES[0] else CORRECTION if force > FORCES[1] else 0.0


def wipe_affordance(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Affordance:
    """fits (a flat underside, the hand above it), reachable, free (nothing touched at the corners of the strokes)."""
    name, tool_name = args
    spill, wiper = obs.objects.get(name), obs.objects.get(tool_name)
    if spill is None or spill.patch is None or wiper is None:
        missing = tool_name if wiper is None else name
        return _no("known", f"no {missing!r} to wipe with or away; present: {', '.join(sorted(obs.objects))}")
    if held_object(obs) == tool_name:
        held, tool = carried(obs, tool_name), obs.pose_world_tool
    else:
        wiper = levelled(wiper)
        tops = [g for g in grasp_candidates(wiper, kinematics.spec).grasps if g.style == "top"]
        if not tops:
            return _no("fits", f"{tool_name} cannot be taken from above")
        held, tool = Held(tool_name, tops[0].pose_object_tool.inverse()), tops[0].pose_world(wiper)
    why = fits_to_wipe(held, tool, wiper)
    if why:
        return _no("fits", why)
    cells = left_over(spill)
    if not len(cells):
        return Affordance(1.0, {"fits": 1.0, "reachable": 1.0, "free": 1.0})
    kinematics.sync(obs)
    kinematics.spread(min(wiper.shape.size[:2]))
    raised, reached, blocker = _raised(held, tool), False, ""
    for way in strokes(held, wiper, cells, float(cells[0, 2])):
        hit = _at_corners(obs, kinematics, way.poses, raised, frozenset({name, tool_name}))
        if hit is None:
            return Affordance(1.0, {"fits": 1.0, "reachable": 1.0, "free": 1.0})
        reached = reached or bool(hit)
        blocker = blocker or hit
    if not reached:
        return _no("reachable", f"{name} is out of reach with {tool_name}")
    return Affordance(POOR, {"fits": 1.0, "reachable": 1.0, "free": POOR}, f"{blocker} is in the way at {name}")


def _at_corners(
    obs: Observation, kin: Kinematics, poses: Sequence[Pose], held: Held, ignore: frozenset[str]
) -> str | None:
    """None: reached and free everywhere; a name: what is touched; "": out of reach."""
    for pose in dict.fromkeys(poses):
        found = kin.solutions(pose, obs.robot.q, 1)
        if not found:
            return ""
        hit = kin.obstacle(found[0], held, ignore)
        if hit is not None:
            return hit
    return None


def _no(factor: str, reason: str) -> Affordance:
    return Affordance(0.0, {factor: 0.0}, reason)


def _where(obs: Observation, args: tuple[str, ...]) -> list[Point]:
    spill = obs.objects.get(args[0])
    return [] if spill is None else [spill.pose_world.position]


WIPE_SKILL = Skill(WIPE, *from_a_stand(_where, wipe_affordance, wipe))
