"""Can this be done here and now? Named factors between 0 and 1, their product, and one line why it is low.

0 is a hard no (does not fit, too heavy, out of reach); a small value is poor (blocked or cramped, which moving
something may cure). Checks a few joint solutions, plans nothing. Whether the symbolic preconditions hold is a
separate question, answered by `skills.predicates`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from skills.driver import Held, Kinematics
from skills.grasps import RELEASE_OPENING, Grasp, grasp_candidates, narrowed
from skills.level_grasps import by_pitch, grasps_here
from skills.motion import backing, shifted
from skills.niches import way_out
from skills.place_targets import Target, carried, levelled, place_targets
from skills.predicates import held_object
from skills.regions import as_bin
from skills.skill import Affordance
from skills.spot import Spot
from skills.spots import container_slots, dropping_spots, fits_in, region_spots, support_fit, support_spots
from skills.types import ObjectState, Observation, Pose

ABOVE = 0.08  # [m] the pose above a grasp or placement must be free too
TRIES = 6  # candidates looked at
TARGETS = 16  # placements looked at
POOR = 0.05  # reachable, but everything tried was blocked
BLOCKED_COST = 0.05  # lost for every candidate that was blocked before a free one was found
LEAST_FREE = 0.6  # kept however many were blocked, once one is free
AGAIN = 0.9  # kept when the thing has to be laid down and taken differently first
UNREACHED = 3  # candidates without a joint solution after which a spot counts as out of reach
UNREACHED_AHEAD = 10  # the same of a hand that points ahead: pitched otherwise it may come there


def _hard_no(factor: str, reason: str, **known: float) -> Affordance:
    return Affordance(0.0, {**known, factor: 0.0}, reason)


def _product(factors: dict[str, float], reason: str) -> Affordance:
    value = math.prod(factors.values())
    return Affordance(min(1.0, max(0.0, value)), factors, "" if value > 0.75 else reason)


def pick_affordance(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Affordance:
    """fits (size, form, weight), reachable, free (hand and approach touch nothing), clear (nothing on top)."""
    (name,) = args
    obj = obs.objects.get(name)
    if obj is None:
        return _hard_no("known", f"no object {name!r}; present: {', '.join(sorted(obs.objects))}")
    candidates = grasps_here(obs, obj, kinematics.spec)
    if not candidates.grasps:
        return _hard_no("fits", candidates.reason)
    kinematics.sync(obs)
    looked = _varied(obj, candidates.grasps)
    blocked, reached, blocker = 0, False, ""
    for level in range(3):  # narrow openings are a last resort
        for count, grasp in enumerate(looked):
            if not reached and count >= (UNREACHED if grasp.style != "level" else UNREACHED_AHEAD):
                break  # other headings at the same spot will not be reached either
            variants = (grasp, *narrowed(grasp))
            taken = variants[min(level, len(variants) - 1)]
            kinematics.spread(taken.opening)
            hit = _blocked(kinematics, obs, taken.pose_world(obj), (0.0, 0.0, 1.0), taken, frozenset({name}))
            reached = reached or hit is not False
            if hit is None:
                free = max(LEAST_FREE, 1.0 - BLOCKED_COST * blocked)
                why = f"{blocker} leaves little room for the hand" if blocked else f"{name} offers no good grasp"
                return _product({"fits": taken.score, "reachable": 1.0, "free": free}, why)
            if isinstance(hit, str):
                blocked, blocker = blocked + 1, blocker or hit
        if not reached:
            x, y, z = obj.pose_world.position
            return _hard_no("reachable", f"{name} at ({x:.2f}, {y:.2f}, {z:.2f}) is out of reach", fits=1.0)
    return _product({"fits": 1.0, "reachable": 1.0, "free": POOR}, f"{blocker} is in the way of the hand")


def can_take(obs: Observation, kinematics: Kinematics, obj: ObjectState, grasps: Sequence[Grasp]) -> bool:
    """Whether a hand gets to a thing, where it is supposed to be, by one of the grasps."""
    for grasp in _varied(obj, tuple(grasps))[:TRIES]:
        kinematics.spread(grasp.opening)
        if _blocked(kinematics, obs, grasp.pose_world(obj), (0.0, 0.0, 1.0), grasp, frozenset({obj.name})) is None:
            return True
    return False


def _varied(obj: ObjectState, grasps: tuple[Grasp, ...]) -> list[Grasp]:
    """A few of the best of every kind, the kinds taking turns after the two best: if all tops are blocked or out of
    reach, a side may not be; and a hand that points ahead may be pitched more or less."""
    kinds: dict[tuple[str, float], list[Grasp]] = {}
    for grasp in grasps:
        dip = round(float(grasp.pose_world(obj).rotation()[2, 2]), 2) if grasp.style == "level" else 0.0
        kinds.setdefault((grasp.style, dip), []).append(grasp)
    order = ("top", "side", "rim", "level")
    columns = [kinds[k][:TRIES] for k in sorted(kinds, key=lambda k: order.index(k[0]))]
    out = list(grasps[:2])
    for row in itertools.zip_longest(*columns):
        out += [g for g in row if g is not None and g not in out]
    return out


def _blocked(
    kin: Kinematics,
    obs: Observation,
    tool: Pose,
    up: tuple[float, float, float],
    grasp: Grasp | None,
    ignore: frozenset[str],
    held: Held | None = None,
) -> str | bool | None:
    """None: reachable and free; a name: what is touched; False: no joint solution."""
    hit: str | None = None
    solutions = kin.solutions(tool, obs.robot.q, 1)
    approach = up
    if grasp is not None and grasp.style in ("side", "level"):
        approach = backing(tool)
    for q in solutions:
        touched = kin.obstacle(q, held, ignore)
        if touched is None:
            above = kin.solutions(shifted(tool, approach, ABOVE), q, 1)
            touched = kin.obstacle(above[0], held, ignore) if above else "the edge of the reach"
        if touched is None:
            return None
        hit = hit or touched
    return hit if solutions else False


def place_affordance(
    spots: Callable[[Observation, ObjectState, str], tuple[list[Spot], float, str]],
) -> Callable[[Observation, Kinematics, tuple[str, ...]], Affordance]:
    """The affordance of a placing skill. ``spots(obs, obj, where)``: (candidates, fit in [0, 1], reason)."""

    def affordance(obs: Observation, kinematics: Kinematics, args: tuple[str, ...]) -> Affordance:
        name, where = args
        obj = obs.objects.get(name)
        if obj is None:
            return _hard_no("known", f"no object {name!r}; present: {', '.join(sorted(obs.objects))}")
        obj = levelled(obj)
        candidates, fit, why = spots(obs, obj, where)
        if fit <= 0:
            return _hard_no("fits", why)
        if not candidates:
            return Affordance(POOR, {"fits": fit, "room": POOR}, why or f"no free spot at {where}")
        held, width = (carried(obs, name) if held_object(obs) == name else None), obs.robot.gripper_width
        if held is None:
            nominal = grasp_candidates(obj, kinematics.spec)
            if not nominal.grasps:
                return _hard_no("fits", nominal.reason)
            tops = [g for g in nominal.grasps if g.style == nominal.grasps[0].style]
            held, width = Held(name, tops[0].pose_object_tool.inverse()), tops[0].width
        kinematics.sync(obs)
        kinematics.spread(width + RELEASE_OPENING)
        found = judge_placement(obs, kinematics, obj, held, where, place_targets(obj, held, candidates), fit, why)
        if candidates[0].facing is None or found.value > POOR:
            return found
        for grasps in by_pitch(obj, kinematics.spec):  # it can be laid down and taken with a hand that points ahead
            other = Held(name, grasps[0].pose_object_tool.inverse())
            kinematics.spread(grasps[0].width + RELEASE_OPENING)
            targets = place_targets(obj, other, candidates)
            then = judge_placement(obs, kinematics, obj, other, where, targets, AGAIN * fit, why)
            if then.value > POOR:
                return then
        return found

    return affordance


def judge_placement(
    obs: Observation,
    kin: Kinematics,
    obj: ObjectState,
    held: Held,
    where: str,
    targets: Iterable[Target],
    fit: float,
    why: str,
) -> Affordance:
    reached, blocker, last = False, None, 0.0
    for target in itertools.islice((t for t in targets if t.highest), TARGETS):
        ignore = frozenset({obj.name, *target.spot.ground})
        facing = target.spot.facing
        up = (0.0, 0.0, 1.0) if facing is None else way_out(np.array(facing))
        hit = _blocked(kin, obs, target.tool, up, None, ignore, held)
        if hit is False:
            continue
        reached, last = True, target.spot.score
        if hit is None:
            factors = {"fits": fit, "room": target.spot.score, "reachable": 1.0, "free": 1.0}
            return _product(factors, why or f"{where} is crowded")
        blocker = blocker or hit
    if not reached:
        return _hard_no("reachable", f"{where} is out of reach with {obj.name}", fits=fit)
    factors = {"fits": fit, "room": last, "reachable": 1.0, "free": POOR}
    return _product(factors, f"{blocker} is in the way at {where}")


def slots_for(obs: Observation, obj: ObjectState, where: str) -> tuple[list[Spot], float, str]:
    """Spots and fit for `place_in`."""
    container = obs.objects.get(where)
    if container is None or not container.container:
        return [], 0.0, f"{where!r} is no container here"
    if not container.upright:
        return [], 0.0, f"{where} is not upright"
    if not fits_in(obj, container):
        return [], 0.0, f"{obj.name} is too big for {where}"
    return container_slots(obs, obj, container), 1.0, ""


def supports_for(obs: Observation, obj: ObjectState, where: str) -> tuple[list[Spot], float, str]:
    """Spots and fit for `place_on`."""
    support = obs.objects.get(where)
    if support is None:
        return [], 0.0, f"no object {where!r}; present: {', '.join(sorted(obs.objects))}"
    fit = support_fit(obj, support)
    return support_spots(obj, support), fit, "" if fit > 0.9 else f"{obj.name} does not rest safely on {where}"


def regions_for(obs: Observation, obj: ObjectState, where: str) -> tuple[list[Spot], float, str]:
    """Spots and fit for `place_at`."""
    region = obs.regions.get(where)
    if region is None:
        return [], 0.0, f"no place {where!r}; there are: {', '.join(sorted(obs.regions))}"
    walled = as_bin(region)
    if walled is None:
        return region_spots(obs, obj, region), 1.0, ""
    if not fits_in(obj, walled):
        return [], 0.0, f"{obj.name} is too big for {where}"
    return dropping_spots(obs, obj, walled), 1.0, f"{where} is full"
