"""Where things start: places, stacks, contents and everything that is drawn by the seed.

Things on a surface are drawn one by one, the largest first, at random until they keep their distance from what
stands already; the distance shrinks when it gets crowded. Equal tasks and generators give equal poses.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from envs.footprint import Footprint, clearance, footprint
from envs.scenes import Scene
from envs.start import StartFacts
from envs.task import ObjectStart, Task
from sim.objects import Body, make_body
from sim.world import Placed
from skills.symbols import Literal
from skills.types import Form, Pose, Region

GAPS = (0.035, 0.030, 0.020, 0.010, 0.004)  # [m] between neighbours; fingers need 3 cm
TALL_STEP, TALL_GAP = 0.05, 0.06  # beside a much taller thing the hand itself needs room [m]
TRIES = 250  # draws per thing and distance
BORDER = 0.012  # [m] kept inside a region's border
REDRAWS = 40  # of the whole start
LAYOUTS = 12  # fresh starts per distance before it shrinks
ABOVE_SUPPORT = 0.001  # [m] things start this far above what carries them
HANDED_OVER = Pose((0.0, -1.2, 1.0))  # out of the way until the hand closes on it
LEANS = 0.025  # [m] a long thing may be larger than a bowl and still come to lie in it, aslant
FLOOR = 0.010  # [m] of a hollow thing, at most


class PlacementError(ValueError):
    """Things that cannot be put where the task says, or do not fit; the message names them."""


@dataclass(frozen=True)
class Layout:
    """Start poses. ``gap``: the least distance that was kept between neighbours on a surface [m]."""

    placed: tuple[Placed, ...]
    holding: str | None
    gap: float


def bodies_of(task: Task) -> dict[str, Body]:
    """A body for each object of the task, by name."""
    return {o.name: make_body(o.name, o.kind) for o in task.objects}


def place(task: Task, scene: Scene, rng: np.random.Generator) -> Layout:
    """Start poses for all objects of a task; raises PlacementError naming what does not fit.

    Draws again when the goal would hold, or something forbidden, by the luck of the draw.
    """
    bodies = bodies_of(task)
    for _ in range(REDRAWS):
        layout = _place(task, scene, bodies, rng)
        facts = _Drawn(task, scene, layout)
        done = task.expect == "success" and task.goal is not None and task.goal.holds(facts)
        broken = [x for x in task.forbidden if facts.holds(x)]
        if not done and not broken:
            return layout
    what = f"what is forbidden holds: {broken[0]}" if broken else f"the goal holds already: {task.goal}"
    raise PlacementError(f"in {REDRAWS} draws of the start {what}; give the objects a start place")


class _Drawn:
    """Literals at a drawn start: where things stand is known now, the rest the task says."""

    def __init__(self, task: Task, scene: Scene, layout: Layout) -> None:
        self.said, self.scene = StartFacts(task, scene), scene
        self.poses = {p.body.name: p.pose_world.position for p in layout.placed}

    def holds(self, literal: Literal) -> bool:
        """Closed world: what neither the task nor the draw makes true is false."""
        known = self.said(literal)
        if known is None and literal.atom.predicate == "at":
            name, place = literal.atom.args
            x, y, _ = self.poses[self.said.lowest(name)]
            return self.scene.regions[place].contains(x, y) == literal.positive
        return (not literal.positive) if known is None else known


def _place(task: Task, scene: Scene, bodies: Mapping[str, Body], rng: np.random.Generator) -> Layout:
    starts = {o.name: o for o in task.objects}
    holding = task.holding
    ground = [o for o in task.objects if o.at not in starts and o.name != holding]
    room = _room_wanted(task, scene, bodies, starts)
    drawn, gap = _draw(ground, bodies, scene, rng, room)
    poses = {n: Pose.from_yaw((x, y, z + bodies[n].shape.size[2] / 2), yaw) for n, (x, y, z, yaw) in drawn.items()}
    waiting = [o for o in task.objects if o.at in starts]
    while waiting:
        ready = [o for o in waiting if o.at in poses]
        if not ready:
            names = ", ".join(f"{o.name} on {o.at}" for o in waiting)
            raise PlacementError(f"nothing can rest on what the gripper holds: {names}")
        for base in dict.fromkeys(str(o.at) for o in ready):
            group = [bodies[o.name] for o in ready if o.at == base]
            poses.update(_put_on(group, bodies[base], poses[base], rng))
        waiting = [o for o in waiting if o.name not in poses]
    if holding is not None:
        poses[holding] = HANDED_OVER
    return Layout(tuple(Placed(bodies[n], poses[n]) for n in starts), holding, gap)


Spot = tuple[float, float, float, float]  # x, y, surface height, yaw


def _draw(
    things: list[ObjectStart],
    bodies: Mapping[str, Body],
    scene: Scene,
    rng: np.random.Generator,
    room: list[tuple[str, Region]],
) -> tuple[dict[str, Spot], float]:
    """Spots for everything that stands on a surface, and the gap that could be kept."""
    # what is bound to a small place goes first, then the largest: they have the fewest choices
    regions = {o.name: scene.regions[o.at or scene.spawn] for o in things}
    area = {n: (r.high[0] - r.low[0]) * (r.high[1] - r.low[1]) for n, r in regions.items()}
    order = sorted(things, key=lambda o: (area[o.name], -max(bodies[o.name].shape.size[:2])))
    crowded: set[str] = set()
    need = sum(math.pi * (max(bodies[o.name].shape.size[:2]) / 2) ** 2 for o in order)
    have = sum({(r.low, r.high): area[n] for n, r in regions.items()}.values())
    hopeless = need > 1.1 * have  # not even packed shoulder to shoulder: do not try for long
    for gap in GAPS[-1:] if hopeless else GAPS:
        for attempt in range(2 if hopeless else LAYOUTS):
            keep = room if attempt < LAYOUTS - 2 else []  # a tight task may start without room for its goal
            spots, failed = _attempt(order, bodies, regions, gap, rng)
            if failed is not None:
                crowded.add(failed)
            elif _has_room(spots, bodies, keep):
                return spots, gap
    names = sorted(crowded)
    where = sorted({regions[n].name for n in names})
    raise PlacementError(
        f"{len(order)} things do not fit: no free spot for {', '.join(map(repr, names[:4]))} in {', '.join(where)} "
        f"({need * 1e4:.0f} of {have * 1e4:.0f} cm2); use fewer or smaller things, or other places"
    )


def _attempt(
    order: list[ObjectStart],
    bodies: Mapping[str, Body],
    regions: Mapping[str, Region],
    gap: float,
    rng: np.random.Generator,
) -> tuple[dict[str, Spot], str | None]:
    """One try to place everything; the name of the first thing without a spot."""
    spots: dict[str, Spot] = {}
    standing: list[Footprint] = []
    for thing in order:
        shape, region = bodies[thing.name].shape, regions[thing.name]
        found = None
        for _ in range(TRIES):
            x, y = (_inside(rng, region.low[i], region.high[i]) for i in (0, 1))
            yaw = _yaw(bodies[thing.name], rng)
            outline = footprint(shape, x, y, yaw)
            if all(_apart(outline, other, gap) for other in standing):
                above = ABOVE_SUPPORT if bodies[thing.name].movable else 0.0
                found = (x, y, region.surface + above, yaw), outline
                break
        if found is None:
            return spots, thing.name
        spots[thing.name] = found[0]
        standing.append(found[1])
    return spots, None


def _inside(rng: np.random.Generator, low: float, high: float) -> float:
    border = min(BORDER, (high - low) / 4)
    return float(rng.uniform(low + border, high - border))


def _yaw(body: Body, rng: np.random.Generator) -> float:
    """Any heading for what can be grasped; furniture-like things stand square to the table."""
    if not body.movable:
        return float(rng.integers(2)) * math.pi / 2
    return float(rng.uniform(-math.pi, math.pi))


def _apart(a: Footprint, b: Footprint, gap: float) -> bool:
    need = gap
    if abs(a.height - b.height) > TALL_STEP and gap >= 0.03:
        need = max(gap, TALL_GAP)
    if math.dist(a.centre, b.centre) < a.inner + b.inner + need:
        return False
    return clearance(a, b) >= need


def _room_wanted(
    task: Task, scene: Scene, bodies: Mapping[str, Body], starts: Mapping[str, ObjectStart]
) -> list[tuple[str, Region]]:
    """(thing, region) of everything that the goal's first alternative puts on a surface."""
    goals = [g for g in (task.goal, *(i.goal for i in task.intents)) if g is not None]
    wanted = []
    for goal in goals[:1]:
        for x in goal.alternatives[0]:
            atom = getattr(x, "atom", None)
            if atom is not None and x.positive and atom.predicate == "at" and atom.args[1] in scene.regions:
                wanted.append((atom.args[0], scene.regions[atom.args[1]]))
    return wanted


def _has_room(spots: Mapping[str, Spot], bodies: Mapping[str, Body], wanted: list[tuple[str, Region]]) -> bool:
    """Whether what the goal puts on a surface could stand there beside everything that stays."""
    if not wanted:
        return True
    moving = {n for n, _ in wanted}
    standing = [footprint(bodies[n].shape, x, y, yaw) for n, (x, y, _, yaw) in spots.items() if n not in moving]
    for name, region in wanted:
        shape = bodies[name].shape
        grid = (
            footprint(shape, float(x), float(y), 0.0)
            for x in np.arange(region.low[0] + BORDER, region.high[0] - BORDER + 1e-9, 0.02)
            for y in np.arange(region.low[1] + BORDER, region.high[1] - BORDER + 1e-9, 0.02)
        )
        free = next((f for f in grid if all(_apart(f, s, 0.032) for s in standing)), None)
        if free is None:
            return False
        standing.append(free)
    return True


def _put_on(group: list[Body], base: Body, pose_world_base: Pose, rng: np.random.Generator) -> dict[str, Pose]:
    """Poses of things that rest on, or lie in, one base; raises PlacementError naming what cannot."""
    if base.shape.hollow:
        return _contents(group, base, pose_world_base)
    if base.shape.form is Form.SPHERE:
        raise PlacementError(f"nothing can rest on {base.name!r}, it is round: {_names(group)}")
    top = base.shape.size[2] / 2
    slots = _slots(group, base)
    poses = {}
    for body, (dx, dy) in zip(group, slots, strict=True):
        x, y, z = pose_world_base.apply((dx, dy, top))
        turn = pose_world_base.yaw + (float(rng.uniform(-0.2, 0.2)) if len(group) == 1 else 0.0)
        poses[body.name] = Pose.from_yaw((x, y, z + body.shape.size[2] / 2 + ABOVE_SUPPORT), turn)
    return poses


def _slots(group: list[Body], base: Body) -> list[tuple[float, float]]:
    """Offsets on a flat top: the centre for one, a row along the longer side for several."""
    if len(group) == 1:
        return [(0.0, 0.0)]
    sx, sy, _ = base.shape.size
    along = 0 if sx >= sy else 1
    widths = [b.shape.size[along] for b in group]
    gap = 0.005
    if sum(widths) + gap * (len(group) - 1) > max(sx, sy) + 0.5 * min(widths):
        raise PlacementError(
            f"{_names(group)} do not fit on {base.name!r} side by side; stack them or use another place"
        )
    offset, slots = -(sum(widths) + gap * (len(group) - 1)) / 2, []
    for width in widths:
        middle = offset + width / 2
        slots.append((middle, 0.0) if along == 0 else (0.0, middle))
        offset += width + gap
    return slots


def _contents(group: list[Body], base: Body, pose_world_base: Pose) -> dict[str, Pose]:
    """Things in a container: side by side on a ring when they fit, in layers when not."""
    sx, sy, sz = base.shape.size
    free = min(sx, sy) / 2 - base.shape.wall - 0.003
    poses: dict[str, Pose] = {}
    layer, height, tallest = [], FLOOR, 0.0
    for body in group:
        if not _goes_in(body, base):
            raise PlacementError(f"{body.name!r} is too large to lie in {base.name!r}")
    for body in group:
        layer.append(body)
        if _ring(layer, free) is None:
            height += tallest + 0.004
            layer, tallest = [body], 0.0
        tallest = max(tallest, body.shape.size[2])
        ring = _ring(layer, free) or [(0.0, 0.0)] * len(layer)
        for member, (dx, dy) in zip(layer, ring, strict=True):
            x, y, z = pose_world_base.apply((dx, dy, height - sz / 2))
            turn = pose_world_base.yaw + (0.0 if _long_along_x(member) == (sx >= sy) else math.pi / 2)
            poses[member.name] = Pose.from_yaw((x, y, z + member.shape.size[2] / 2 + ABOVE_SUPPORT), turn)
    return poses


def _goes_in(body: Body, base: Body) -> bool:
    """Whether a thing lies within the walls, or leans on them with a small overhang."""
    inner = sorted(s - 2 * base.shape.wall for s in base.shape.size[:2])
    flat = sorted(_slim(body))
    if body.shape.form is not Form.BOX:
        return flat[1] < inner[0]
    if base.shape.form is Form.BOWL:
        return math.hypot(*flat) < inner[0] + LEANS
    return flat[0] < inner[0] and flat[1] < inner[1]


def _ring(layer: list[Body], free: float) -> list[tuple[float, float]] | None:
    """Offsets of things on one layer of a container with ``free`` radius; None when they do not fit."""
    radii = [math.hypot(*_slim(b)) / 2 if b.shape.form is Form.BOX else b.shape.size[0] / 2 for b in layer]
    if len(layer) == 1:
        return [(0.0, 0.0)]
    ring = free - max(radii)
    if ring <= 0 or 2 * ring * math.sin(math.pi / len(layer)) < 2 * max(radii):
        return None
    turns = [2 * math.pi * i / len(layer) for i in range(len(layer))]
    return [(ring * math.cos(t), ring * math.sin(t)) for t in turns]


def _slim(body: Body) -> tuple[float, float]:
    return body.shape.size[0], body.shape.size[1]


def _long_along_x(body: Body) -> bool:
    return body.shape.size[0] >= body.shape.size[1]


def _names(group: Iterable[Body]) -> str:
    return ", ".join(repr(b.name) for b in group)
