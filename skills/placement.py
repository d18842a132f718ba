"""Looking for a placement: a spot, a turn of the hand and a whole way there and off again. Moves nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from skills.driver import Held, Kinematics, MotionFailure, NoMotion
from skills.failure import Blame, Failure, FailureKind
from skills.motion import Leg, Reach, as_failure, backing, reach
from skills.niches import CLEAR, WAY, way_out
from skills.place_targets import Target, carried, levelled, place_targets, sagging
from skills.spot import Spot
from skills.types import ObjectState, Observation, Trajectory

UP = (0.0, 0.0, 1.0)
LOWER_SPEED = 0.12  # [m/s]
RETREAT_SPEED = 0.25  # [m/s]
TRIES = 120  # placements for which a whole path is looked for
LOST = 2  # placements to whose beginning no path was found: each costs seconds
UNREACHED = 4  # turns without a joint solution after which a spot counts as out of reach

Spots = Callable[[Observation, ObjectState, str], tuple[list[Spot], float, str]]


def find_placement(
    obs: Observation,
    kinematics: Kinematics,
    name: str,
    where: str,
    spots: Spots,
    resting: Callable[[ObjectState], ObjectState] = levelled,
) -> tuple[Target, Trajectory, Reach] | Failure:
    """The first spot whose whole way works: transit, lowering, retreat. Moves nothing."""
    obj = resting(obs.objects[name])
    candidates, fit, why = spots(obs, obj, where)
    if fit <= 0:
        return Failure(FailureKind.UNREACHABLE, f"put {name} at {where}: {why}", blame=Blame.AFFORDANCE)
    if not candidates:
        return Failure(FailureKind.COLLISION, f"put {name} at {where}: {why or 'no free spot'}", blame=Blame.AFFORDANCE)
    held = carried(obs, name)
    lowered = sagging(held, obs.pose_world_tool)
    worst: MotionFailure | None = None
    missed: Counter[Spot] = Counter()  # without a joint solution in any turn so far
    tried = lost = 0
    for target in place_targets(obj, held, candidates):
        if missed[target.spot] >= UNREACHED:
            continue  # other turns on the same spot will not be reached either
        if tried >= TRIES or lost >= LOST:
            break
        tried += 1
        path = _path(kinematics, obs, name, target, held)
        if isinstance(path, MotionFailure):
            missed[target.spot] += 1 if path.reason is NoMotion.IK_NONE else -TRIES
            worst = path if worst is None or path.obstacle else worst
            continue
        transit = kinematics.transit(obs.robot.q, path.start, lowered, frozenset({name}))
        if isinstance(transit, MotionFailure):
            worst = transit if worst is None or transit.obstacle else worst
            lost += transit.reason is NoMotion.PATH_NONE
            continue
        return target, transit, path
    return as_failure(worst, f"put {name} at {where}")


def _path(kinematics: Kinematics, obs: Observation, name: str, target: Target, held: Held) -> Reach | MotionFailure:
    facing, ignore = target.spot.facing, frozenset({name, *target.spot.ground})
    if facing is None:
        inward, outward = Leg(UP, LOWER_SPEED, held, ignore), Leg(backing(target.tool), RETREAT_SPEED, None, ignore)
    else:
        inward = Leg(way_out(np.array(facing)), LOWER_SPEED, held, ignore, WAY)
        outward = Leg(backing(target.tool), LOWER_SPEED, None, ignore, CLEAR)
    return reach(kinematics, obs.robot.q, target.tool, inward, outward)
