"""push_to(obj, region): shove a thing over the surface it stands on until it is in a region, stroke by stroke."""

from __future__ import annotations

import itertools
import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace

import numpy as np

from skills.affordance import POOR
from skills.approach import from_a_stand
from skills.driver import Kinematics, MotionFailure, NoMotion
from skills.failure import Blame, Failure, FailureKind
from skills.geometry import plan_gaps
from skills.handling import straight_back
from skills.motion import Leg, as_failure, check_motion, reach
from skills.operators import PUSH_TO
from skills.pick import leaving
from skills.predicates import supports
from skills.pushing import Stroke, directions, outline, strokes, unpushable
from skills.regions import as_bin
from skills.skill import Affordance, Command, Controller, Follow, Grip, Outcome, Settle, Skill
from skills.spots import BORDER
from skills.standing import Point
from skills.types import Array, ObjectState, Observation, Pose, Region, Trajectory

SPEED = 0.08  # [m/s]
APPROACH_SPEED = 0.15  # [m/s]
LONGEST, LONGEST_ROUND = 0.14, 0.06  # [m] of a stroke, of one that pushes a round thing
NEAR = 0.008  # [m] this close to the wanted spot is there
SPOTS = 8  # places in the region that are looked at
TRIES = 4  # spots and orders whose whole way is looked for
STROKES = 24  # most strokes of one push
FINGER_FORCE = 20.0  # [N] that keeps the fingers closed
SETTLE_TICKS = 60
GRID = 0.02  # [m] between spots that are compared
GAP = 0.012  # [m] kept from what stands there
TOUCH = 0.005  # [m] kept from what is passed
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
    for spot, stroke in itertools.islice(_ways(obs, kin, obj, where, goal), TRIES):
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


def _ways(
    obs: Observation, kin: Kinematics, obj: ObjectState, where: str, goal: tuple[float, float] | None
) -> Iterator[tuple[tuple[float, float], Stroke | MotionFailure]]:
    """(spot, first stroke towards it) for which every stroke can be reached, the nearest spot first; at last the
    failure that says most."""
    region, search = obs.regions[where], _Search(obs, kin)
    last: tuple[float, float] = region.centre
    for spot in [goal] if goal is not None else _goals(obs, obj, region):
        last = spot
        for order in itertools.permutations(directions(obj, spot)):
            found = search.sequence(obj, order, region)
            if found is not None:
                yield spot, found
    yield last, search.worst or MotionFailure(NoMotion.COLLISION, f"no free spot at {where} for {obj.name}")


class _Search:
    """Which strokes the arm can do; the same hand pose is asked about once. ``worst``: the failure that says most."""

    def __init__(self, obs: Observation, kin: Kinematics) -> None:
        self.obs, self.kin = obs, kin
        self.worst: MotionFailure | None = None
        self._begins: dict[tuple[int, ...], Array | None] = {}

    def sequence(self, obj: ObjectState, order: tuple[tuple[Array, float], ...], region: Region) -> Stroke | None:
        """The first stroke of a sequence of pushes, if all of them can be reached."""
        first: Stroke | None = None
        for direction, length in order:
            struck = _struck(self.obs, obj, direction, length)
            if struck is not None:
                self._hit(struck, obj.name)
                return None
            stroke = self._reachable(obj, direction, length, region.surface)
            if stroke is None:
                return None
            first = first or stroke
            x, y, z = obj.pose_world.position
            moved = (x + float(direction[0]) * length, y + float(direction[1]) * length, z)
            obj = replace(obj, pose_world=Pose(moved, obj.pose_world.orientation))
            if not _one_surface(self.obs, obj, region):
                return None  # over the edge
        return first

    def _reachable(self, obj: ObjectState, direction: Array, length: float, surface: float) -> Stroke | None:
        """The first way of pushing for which the hand is free behind the thing and, with it, at the end."""
        for stroke in strokes(obj, direction, length, self.kin.spec, surface):
            q = self._begin(stroke, obj.name)
            if q is not None and self._along(stroke, q, obj.name):
                return stroke
        if self.worst is None:
            detail = f"{obj.name} cannot be reached from the side it must be pushed from"
            self.worst = MotionFailure(NoMotion.IK_NONE, detail)
        return None

    def _along(self, stroke: Stroke, q: Array, name: str) -> bool:
        """Whether the arm gets from behind the thing, where it stands at ``q``, all the way with it."""
        ignore = frozenset({name})
        ends, touch = self.kin.solutions(stroke.end, q, 1), self.kin.solutions(stroke.touch, q, 1)
        if not ends or not touch or self._hit(self.kin.obstacle(ends[0], stroke.held, ignore), name):
            return False
        way = self.kin.line(touch[0], stroke.end, SPEED, stroke.held, ignore)
        if isinstance(way, MotionFailure):
            self._hit(way.obstacle, name)
        return not isinstance(way, MotionFailure)

    def _begin(self, stroke: Stroke, name: str) -> Array | None:
        """Free joints behind the thing; None when there are none."""
        key = tuple(round(500 * v) for v in (*stroke.begin.position, *stroke.begin.orientation))
        if key not in self._begins:
            found = self.kin.solutions(stroke.begin, self.obs.robot.q, 1)
            blocked = bool(found) and self._hit(self.kin.obstacle(found[0], None, frozenset({name})), name)
            self._begins[key] = None if blocked or not found else found[0]
        return self._begins[key]

    def _hit(self, hit: str | None, name: str) -> bool:
        if hit is not None and (self.worst is None or self.worst.obstacle is None):
            self.worst = MotionFailure(NoMotion.COLLISION, f"{hit} is in the way of pushing {name}", hit)
        return hit is not None


def _whole(obs: Observation, kin: Kinematics, wanted: Stroke) -> Push | MotionFailure:
    """The next piece of a stroke with its whole way: transit, approach from behind and above, the push."""
    obj = obs.objects[wanted.held.name]
    most = LONGEST if obj.shape.form.value in ("box", "bin") else LONGEST_ROUND
    length = wanted.length if wanted.length <= 1.3 * most else most
    worst = MotionFailure(NoMotion.LINE_NONE, NoMotion.LINE_NONE.value)
    ignore = frozenset({obj.name})
    surface = obj.bottom_z
    for stroke in strokes(obj, np.asarray(wanted.direction), length, kin.spec, surface):
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


def _goals(obs: Observation, obj: ObjectState, region: Region) -> list[tuple[float, float]]:
    """Spots of a region where the thing, turned as it is now, touches nothing; near ones first, those whose outline
    stays inside before the others."""
    here = np.asarray(obj.pose_world.position[:2])
    edge = outline(obj) - here
    axes = [np.arange(a + BORDER, b - BORDER + 1e-9, GRID) for a, b in zip(region.low, region.high, strict=True)]
    centres = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    points = (centres[:, None, :] + edge[None, :, :]).reshape(-1, 2)
    free = np.ones(len(centres), bool)
    for name, other in obs.objects.items():
        if name != obj.name and other.top_z > region.surface + 0.001 and other.bottom_z < obj.top_z:
            free &= (plan_gaps(other, points) > GAP).reshape(len(centres), -1).all(axis=1)
    low, high = np.asarray(region.low), np.asarray(region.high)
    whole = ((points >= low) & (points <= high)).reshape(len(centres), -1).all(axis=1)
    away = np.linalg.norm(centres - here, axis=1)
    order = [int(i) for i in np.lexsort((away, ~whole)) if free[i]]
    apart = [i for n, i in enumerate(order) if n % max(1, len(order) // SPOTS) == 0]
    return [(float(centres[i, 0]), float(centres[i, 1])) for i in apart[:SPOTS]]


def _struck(obs: Observation, obj: ObjectState, direction: Array, length: float) -> str | None:
    """What the thing would run into on a straight way, seen from above."""
    steps = np.linspace(0.0, length, max(2, math.ceil(length / GRID) + 1))
    points = (outline(obj)[None, :, :] + steps[:, None, None] * direction).reshape(-1, 2)
    for name, other in obs.objects.items():
        beside = name != obj.name and other.top_z > obj.bottom_z + 0.001 and other.bottom_z < obj.top_z
        if beside and float(plan_gaps(other, points).min()) < TOUCH:
            return name
    return None


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
    if abs(obj.bottom_z - region.surface) > SAME_HEIGHT or not _one_surface(obs, obj, region):
        return f"{obj.name} does not stand on the surface of {where}"
    return unpushable(obj, kinematics.spec)


def _one_surface(obs: Observation, obj: ObjectState, region: Region) -> bool:
    """Whether some place holds both the thing and the region: surfaces of equal height may be rooms apart."""
    x, y, _ = obj.pose_world.position
    around = [r for r in obs.regions.values() if region.within(r)]
    return any(r.contains(x, y) for r in around)


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
    if not _goals(obs, obj, region):
        return Affordance(POOR, {"fits": 1.0, "room": POOR}, f"no free spot at {where}")
    kinematics.sync(obs)
    kinematics.spread(0.0)
    found = next(_ways(obs, kinematics, obj, where, None), None)
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
