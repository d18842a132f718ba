"""Where things start: places, stacks, contents and everything that is drawn by the seed.

Things on a surface are drawn one by one, the largest first, at random until they keep their distance from what
stands already; the distance shrinks when it gets crowded. Equal tasks and generators give equal poses.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from envs.footprint import Footprint, clearance, footprint
from envs.furniture import KINDS, furniture_of, place_furniture
from envs.resting import ABOVE_SUPPORT, PlacementError, put_on
from envs.scenes import Scene
from envs.start import StartFacts
from envs.task import ObjectStart, Task
from sim.grains import PlacedGrains
from sim.objects import Body, make_body
from sim.units import PlacedUnit, states_at_start
from sim.world import Placed
from skills.symbols import Literal
from skills.types import Form, Pose, Region, Shape

GAPS = (0.05, 0.04, 0.03, 0.02, 0.01, 0.004)  # [m] between neighbours; open fingers need 3 to 4 cm
FINGERS = 0.03  # [m] a smaller distance is a makeshift
ROOM_GAP = 0.028  # [m] around the spots that a goal needs; no palm is counted there
# the palm is 4.5 cm above the pads: beside what reaches up to it the whole hand needs room [m]
PALM_HEIGHT, PALM_ABOVE, PALM_ROOM = 0.06, 0.02, 2.2  # the last: in gaps
TRIES = 250  # draws per thing and distance
BORDER = 0.012  # [m] kept inside a region's border
BESIDE_WALLS = 0.13  # [m] the same in a place with walls
REDRAWS = 40  # of the whole start
LAYOUTS = 12  # fresh starts per distance before it shrinks
LYING = Pose.of((0, 0, 0), (0.0, math.sqrt(0.5), 0.0, math.sqrt(0.5)))  # its own axis along its heading
HANDED_OVER = Pose((0.0, -1.2, 1.0))  # out of the way until the hand closes on it


@dataclass(frozen=True)
class Layout:
    """Start poses. ``gap``: the least distance that was kept between neighbours on a surface [m]; ``units``: furniture
    with moving parts; ``grains``: loose stuff in vessels."""

    placed: tuple[Placed, ...]
    holding: str | None
    gap: float
    units: tuple[PlacedUnit, ...] = ()
    grains: tuple[PlacedGrains, ...] = ()


def bodies_of(task: Task) -> dict[str, Body]:
    """A body for each loose object of the task, by name."""
    return {o.name: make_body(o.name, o.kind) for o in task.objects if o.kind not in KINDS}


def place(task: Task, scene: Scene, rng: np.random.Generator) -> Layout:
    """Start poses for all objects of a task; raises PlacementError naming what does not fit.

    Draws again when the goal would hold, or something forbidden, by the luck of the draw.
    """
    bodies = bodies_of(task)
    goals = [g for g in (task.goal, *(i.goal for i in task.intents)) if g is not None]
    for _ in range(REDRAWS):
        layout = _place(task, scene, bodies, rng)
        facts = _Drawn(task, scene, layout)
        done = task.expect != "refuse" and any(g.holds(facts) for g in goals)
        broken = [x for x in task.forbidden if facts.holds(x)]
        if not done and not broken:
            return layout
    what = f"what is forbidden holds: {broken[0]}" if broken else f"a goal holds already: {' / '.join(map(str, goals))}"
    raise PlacementError(f"in {REDRAWS} draws of the start {what}; give the objects a start place")


class _Drawn:
    """Literals at a drawn start: where things stand is known now, the rest the task says."""

    def __init__(self, task: Task, scene: Scene, layout: Layout) -> None:
        self.said, self.scene = StartFacts(task, scene), scene
        self.poses = {p.body.name: p.pose_world.position for p in layout.placed}
        self.poses |= {n: s.pose_world.position for u in layout.units for n, s in states_at_start(u).items()}

    def holds(self, literal: Literal) -> bool:
        """Closed world: what neither the task nor the draw makes true is false."""
        known = self.said(literal)
        if known is None and literal.atom.predicate == "at":
            name, place = literal.atom.args
            x, y, _ = self.poses[self.said.lowest(name)]
            return self.scene.regions[place].contains(x, y) == literal.positive
        return (not literal.positive) if known is None else known


def on_its_side(body: Body) -> Body:
    """A body as large as this one is when it lies, `LYING`, on its side; raises PlacementError for a ball."""
    x, y, z = body.shape.size
    if body.shape.form is Form.SPHERE:
        raise PlacementError(f"{body.name!r} is round: it neither stands nor lies")
    return replace(body, shape=Shape(Form.BOX, (z, y, x)))


def _place(task: Task, scene: Scene, bodies: Mapping[str, Body], rng: np.random.Generator) -> Layout:
    loose = [o for o in task.objects if o.kind not in KINDS]
    starts = {o.name: o for o in loose}
    holding = task.holding
    units, keep_off = place_furniture(furniture_of(task, scene), scene, rng)
    built = {n: s for u in units for n, s in states_at_start(u).items()}
    bodies = {**bodies, **{n: b for u in units for n, b in u.unit.bodies.items()}}
    ground = [o for o in loose if o.at not in starts and o.at not in built and o.name != holding]
    room = [r for r in _room_wanted(task, scene, bodies, starts) if r[0] in starts]
    outlines = {n: on_its_side(b) if n in starts and starts[n].lying else b for n, b in bodies.items()}
    drawn, gap = _draw(ground, outlines, scene, rng, room, keep_off)
    poses = {n: Pose.from_yaw((x, y, z + outlines[n].shape.size[2] / 2), yaw) for n, (x, y, z, yaw) in drawn.items()}
    poses |= {n: poses[n] @ LYING for n in drawn if starts[n].lying}
    poses |= {n: s.pose_world for n, s in built.items()}
    waiting = [o for o in loose if o.at in starts or o.at in built]
    while waiting:
        ready = [o for o in waiting if o.at in poses]
        if not ready:
            names = ", ".join(f"{o.name} on {o.at}" for o in waiting)
            raise PlacementError(f"nothing can rest on what the gripper holds: {names}")
        for base in dict.fromkeys(str(o.at) for o in ready):
            group = [bodies[o.name] for o in ready if o.at == base]
            poses.update(put_on(group, bodies[base], poses[base], rng))
        waiting = [o for o in waiting if o.name not in poses]
    if holding is not None:
        poses[holding] = HANDED_OVER
    grains = tuple(PlacedGrains(o.contents, o.name) for o in loose if o.contents is not None)
    return Layout(tuple(Placed(bodies[n], poses[n]) for n in starts), holding, gap, units, grains)


Spot = tuple[float, float, float, float]  # x, y, surface height, yaw


def _draw(
    things: list[ObjectStart],
    bodies: Mapping[str, Body],
    scene: Scene,
    rng: np.random.Generator,
    room: list[tuple[str, Region]],
    keep_off: Sequence[Footprint] = (),
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
    # a tight task may start without room for its goal
    with_room = [(gap, room) for gap in GAPS if gap >= FINGERS] if room and not hopeless else []
    without: list[tuple[float, list[tuple[str, Region]]]] = [(gap, []) for gap in (GAPS[-1:] if hopeless else GAPS)]
    for gap, keep in with_room + without:
        best = 0
        for attempt in range(2 if hopeless else LAYOUTS):
            spots, failed = _attempt(order, bodies, regions, gap, rng, keep_off)
            best = max(best, len(spots))
            if failed is not None:
                crowded.add(failed)
                if attempt >= 2 and best < len(order) - 3:
                    break  # far from fitting at this distance
            elif _has_room(spots, bodies, keep, keep_off):
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
    keep_off: Sequence[Footprint] = (),
) -> tuple[dict[str, Spot], str | None]:
    """One try to place everything; the name of the first thing without a spot."""
    spots: dict[str, Spot] = {}
    standing: list[Footprint] = list(keep_off)
    for thing in order:
        found = _free_spot(bodies[thing.name], regions[thing.name], standing, gap, rng)
        if found is None:
            return spots, thing.name
        (x, y), yaw = found.centre, found.yaw
        above = ABOVE_SUPPORT if bodies[thing.name].movable else 0.0
        spots[thing.name] = (x, y, regions[thing.name].surface + above, yaw)
        standing.append(found)
    return spots, None


def _free_spot(
    body: Body, region: Region, standing: list[Footprint], gap: float, rng: np.random.Generator
) -> Footprint | None:
    """The first of `TRIES` random spots that keeps its distance; always takes as many numbers from ``rng``."""
    low, high = np.asarray(region.low), np.asarray(region.high)
    # beside a wall there is no room for a hand
    border = np.minimum(BORDER, (high - low) / 4) if region.rim is None else np.minimum(BESIDE_WALLS, (high - low) / 3)
    centres = rng.uniform(low + border, high - border, (TRIES, 2))
    yaws = rng.uniform(-math.pi, math.pi, TRIES)
    if not body.movable:  # furniture-like things stand square to the table
        yaws = np.where(yaws > 0, math.pi / 2, 0.0)
    model = footprint(body.shape, 0.0, 0.0, 0.0)
    if standing:
        needs = np.array([_need(model, s, gap) for s in standing])
        away = np.linalg.norm(centres[:, None] - np.array([s.centre for s in standing])[None], axis=2)
        hits = away < needs + np.array([s.inner for s in standing]) + model.inner
        open_ = np.flatnonzero(~hits.any(axis=1))
    else:
        open_ = np.arange(TRIES)
    for i in open_:
        outline = footprint(body.shape, float(centres[i, 0]), float(centres[i, 1]), float(yaws[i]))
        if all(_apart(outline, other, gap) for other in standing):
            return outline
    return None


def _need(a: Footprint, b: Footprint, gap: float) -> float:
    """The distance that two neighbours must keep [m]."""
    low, high = min(a.height, b.height), max(a.height, b.height)
    palm = gap >= FINGERS and high > PALM_HEIGHT and high > low + PALM_ABOVE
    return PALM_ROOM * gap if palm else gap


def _apart(a: Footprint, b: Footprint, gap: float) -> bool:
    return clearance(a, b) >= _need(a, b, gap)


def _room_wanted(
    task: Task, scene: Scene, bodies: Mapping[str, Body], starts: Mapping[str, ObjectStart]
) -> list[tuple[str, Region]]:
    """(thing, region) of everything that the goal's first alternative puts on a surface."""
    goals = [g for g in (task.goal, *(i.goal for i in task.intents)) if g is not None]
    wanted = []
    for goal in goals[:1]:
        for x in goal.alternatives[0]:
            if isinstance(x, Literal) and x.positive and x.atom.predicate == "at":
                wanted.append((x.atom.args[0], scene.regions[x.atom.args[1]]))
    return wanted


def _has_room(
    spots: Mapping[str, Spot],
    bodies: Mapping[str, Body],
    wanted: list[tuple[str, Region]],
    keep_off: Sequence[Footprint],
) -> bool:
    """Whether what the goal puts on a surface could stand there beside everything that stays."""
    if not wanted:
        return True
    moving = {n for n, _ in wanted}
    standing = [footprint(bodies[n].shape, x, y, yaw) for n, (x, y, _, yaw) in spots.items() if n not in moving]
    standing += keep_off
    for name, region in wanted:
        shape = bodies[name].shape
        grid = (
            footprint(shape, float(x), float(y), 0.0)
            for x in np.arange(region.low[0] + BORDER, region.high[0] - BORDER + 1e-9, 0.02)
            for y in np.arange(region.low[1] + BORDER, region.high[1] - BORDER + 1e-9, 0.02)
        )
        free = next((f for f in grid if all(_apart(f, s, ROOM_GAP) for s in standing)), None)
        if free is None:
            return False
        standing.append(free)
    return True
