"""What is physically so: literals judged from the simulator's ground truth, forces first.

Separate code from the predicates that the robot plans and verifies with. Those see poses alone and infer from
geometry what rests where; here a thing rests on what bears its weight, by the forces of the contacts, so that
neither can hide the other's mistakes.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

import numpy as np

from envs.loose_facts import stuff_in, wiped
from envs.near_facts import stands_near
from sim.client import GRAVITY
from sim.truth import Truth
from sim.world import World
from skills.mechanisms import Motion
from skills.symbols import RELATIONS, Literal
from skills.types import Array, Form, ObjectState, Region

BELOW_RIM = 0.004  # [m] what lies in a container reaches at least this far below its rim
SPILLS = math.radians(45)  # a container tilted more holds nothing
LIES = math.radians(15)  # a thing tilted more does not stand upright
NEAR_SURFACE = 0.01  # [m] between a surface and the top of the furniture that makes it
CARRIES = 0.2  # share of a thing's weight that what carries it must bear: three supports may share
RESTS = 0.4  # share that a thing to rest upon must bear: two may share, a neighbour to lean on bears less
HOME = 0.05  # [rad] of each joint
WIDE, SHUT = 0.5, 0.06  # shares of a drawer's or door's way: open beyond the first, closed below the second
LATCHED = 0.3  # share of a button's way: it stays in
STANDS_AT = 0.75  # [m] from the middle of the robot's base to the place
MOVES, TURNS = 0.03, 0.06  # [m/s], [rad/s] faster than this it does not stand


class PhysicalFacts:
    """Facts of this moment of a world, read at once. Has ``holds(literal)``, so a `Goal` can ask it.

    ``regions``: the scene's places; ``stations``: those that the robot can stand at; ``visited``: where it has stood.
    """

    def __init__(
        self,
        world: World,
        regions: Mapping[str, Region],
        stations: Iterable[str] = (),
        visited: Collection[str] = (),
    ) -> None:
        self.truth: Truth = world.truth()
        self.world = world
        self.robot_at, self.visited = where_robot_stands(world, regions, stations), visited
        self.bodies, self.regions = world.bodies, regions
        self.home = world.robot.spec.home
        self.joints = {n: j for n in world.bodies if (j := world.joint(n)) is not None}
        self.tops = {f.name: f.pose_world.position[2] + f.size[2] / 2 for f in world.spec.fixtures}
        self._lift = lifting_forces(world)
        self._states: dict[str, ObjectState] = {}

    def holds(self, literal: Literal) -> bool:
        """Whether the literal is true; raises KeyError naming what is present for an unknown thing or place."""
        return self._positive(literal.atom.predicate, literal.atom.args) == literal.positive

    def _positive(self, predicate: str, args: tuple[str, ...]) -> bool:
        if predicate == "at":
            return self.at(*args)
        if predicate == "on":
            return self.on(*args)
        if predicate == "in":
            return self.inside(*args)
        if predicate in RELATIONS:
            return self._near(predicate, *args)
        if predicate == "holding":
            return self.held == self.state(args[0]).name
        if predicate == "hand_empty":
            return self.held is None
        if predicate == "known":  # of what a robot knows, the world can only say that the thing is there
            return args[0] in self.bodies
        if predicate == "clear":
            return not self.load(args[0])
        if predicate == "upright":
            return self.state(args[0]).shape.form is Form.SPHERE or self.state(args[0]).pose_world.tilt < LIES
        if predicate == "clean":
            return wiped(self.world, self.state(args[0]).name)
        if predicate in ("open", "closed", "pressed", "lit"):
            return self._joint(predicate, args[0])
        if predicate == "home":
            return bool(self.home) and all(abs(a - b) < HOME for a, b in zip(self.truth.q, self.home, strict=True))
        if predicate == "robot_at":
            return self.robot_at == args[0]
        if predicate == "visited":
            return args[0] in self.visited
        return False

    def _joint(self, predicate: str, name: str) -> bool:
        """What the joint of a thing says; of a stand-in container, which never shuts: it is open."""
        joint, state = self.joints.get(name), self.state(name)
        if joint is None:
            return predicate == "open" and state.container
        share = joint.position / joint.travel
        if predicate == "lit":
            return joint.motion is Motion.LAMP and share > 0.5
        if predicate == "pressed":
            return joint.motion is Motion.BUTTON and share > LATCHED
        moves = joint.motion in (Motion.SLIDE, Motion.HINGE)
        return moves and (share > WIDE if predicate == "open" else share < SHUT)

    @cached_property
    def held(self) -> str | None:
        """The thing that both fingers press on."""
        return self.truth.held()

    def state(self, name: str) -> ObjectState:
        """The thing where it truly is."""
        if name not in self._states:
            if name in self.world.stuff:
                return self.world.state(name)
            if name not in self.bodies:
                raise KeyError(f"no object {name!r}; present: {', '.join([*self.bodies, *self.world.stuff]) or 'none'}")
            self._states[name] = self.bodies[name].state(self.truth.poses[name], self.truth.tick)
        return self._states[name]

    def carried_by(self, name: str, by: str, share: float = CARRIES) -> bool:
        """Whether ``by`` (a thing or furniture) bears that share of the weight of a thing that is not held."""
        weight = self.bodies[name].mass * GRAVITY
        return self.held != name and self._lift.get((name, by), 0.0) > share * weight

    def inside(self, a: str, c: str) -> bool:
        """Whether ``a`` lies in container ``c``: its centre over the opening, its lowest point below the rim, and
        its weight borne by ``c``, directly or through others that lie in it. Of loose stuff: most of its grains."""
        if a in self.world.stuff:
            return stuff_in(self.world, a, self.state(c).name)
        return self._within_walls(a, c) and self._borne(a, c, {a})

    def _borne(self, a: str, c: str, seen: set[str]) -> bool:
        if self.carried_by(a, c):
            return True
        through = [n for n in self.bodies if n not in seen and self.carried_by(a, n) and self._within_walls(n, c)]
        return any(self._borne(n, c, seen | {n}) for n in through)

    def _within_walls(self, a: str, c: str) -> bool:
        thing, container = self.state(a), self.state(c)
        shape = container.shape
        if a != c and self.held != a and container.niche is not None:
            local = container.pose_world.inverse().apply(thing.pose_world.position)
            return bool(np.all(np.abs(local - container.niche.middle) < np.asarray(container.niche.size) / 2))
        if a == c or self.held == a or not shape.hollow or container.pose_world.tilt > SPILLS:
            return False
        centre = container.pose_world.inverse().apply(thing.pose_world.position)
        half = np.asarray(shape.size) / 2
        if shape.form is Form.BOWL:
            over = math.hypot(centre[0], centre[1]) < half[0] - shape.wall
        else:
            over = bool(np.all(np.abs(centre[:2]) < half[:2] - shape.wall))
        axis = container.pose_world.rotation()[:, 2]
        return bool(over) and float(centre[2]) - _half_along(thing, axis) < half[2] - BELOW_RIM

    def on(self, a: str, b: str) -> bool:
        """Whether ``a`` rests directly on ``b``: ``b`` bears its weight, and no furniture does: what stands on the
        table and leans on a neighbour is not on it. What lies in a container rests on it too, also when others that
        lie in it are between."""
        if a == b:
            return False
        if self.state(b).container and self.inside(a, b):
            return True
        if {a, b} & set(self.world.stuff):
            return False
        return self.carried_by(a, b, RESTS) and not any(self.carried_by(a, f) for f in self.tops)

    def _near(self, predicate: str, a: str, b: str) -> bool:
        """Whether ``a`` is next to ``b`` or on that side of it, nothing of both held."""
        a, b = self.state(a).name, self.state(b).name
        if a == b or self.held in (a, b) or {a, b} & set(self.world.stuff):
            return False
        return stands_near(self.world, predicate, a, b, self.carriers, self.regions)

    def load(self, name: str) -> list[str]:
        """What rests directly on a thing or lies in it."""
        self.state(name)
        return [n for n in self.bodies if n != name and (self.on(n, name) or self.inside(n, name))]

    def carriers(self, name: str) -> list[str]:
        """Things that a thing rests on or lies in."""
        return [n for n in self.bodies if n != name and (self.on(name, n) or self.inside(name, n))]

    def at(self, name: str, place: str) -> bool:
        """Whether a thing rests in the place, itself or on or in something that does, and is not held."""
        if place not in self.regions:
            raise KeyError(f"no place {place!r}; places: {', '.join(self.regions)}")
        return self._at(name, self.regions[place], set())

    def _at(self, name: str, region: Region, seen: set[str]) -> bool:
        if self.held == name or name in seen:
            return False
        if name in self.world.stuff:
            return any(self._at(n, region, seen | {name}) for n in self.bodies if self.inside(name, n))
        thing = self.state(name)
        if region.rim is not None:
            return self._within_rim(name, region) and self._borne_within(name, region, {name})
        whole = self.joints[name].whole if name in self.joints else name
        if whole != name:  # a drawer is where the chest stands
            return self._at(whole, region, seen | {name})
        level = [f for f, top in self.tops.items() if abs(top - region.surface) < NEAR_SURFACE]
        if self.bodies[name].movable:
            stands = any(self.carried_by(name, f) for f in level)
        else:  # forces between two things that never move are not computed: of those the height must do
            stands = bool(level) and abs(thing.bottom_z - region.surface) < NEAR_SURFACE
        if stands and region.contains(*thing.pose_world.position[:2]):
            return True
        return any(self._at(n, region, seen | {name}) for n in self.carriers(name))

    def _within_rim(self, name: str, region: Region) -> bool:
        """Whether a thing's centre is between the walls of a place and its lowest point below their top."""
        thing = self.state(name)
        lowest = thing.pose_world.position[2] - _half_along(thing, np.array([0.0, 0.0, 1.0]))
        assert region.rim is not None
        return region.contains(*thing.pose_world.position[:2]) and (
            region.surface - NEAR_SURFACE < lowest < region.rim - BELOW_RIM
        )

    def _borne_within(self, name: str, region: Region, seen: set[str]) -> bool:
        """Whether floor and walls of the place bear a thing, directly or through others that lie in it."""
        if sum(self._lift.get((name, f), 0.0) for f in self.tops) > CARRIES * self.bodies[name].mass * GRAVITY:
            return self.held != name
        through = [n for n in self.bodies if n not in seen and self.carried_by(name, n) and self._within_rim(n, region)]
        return any(self._borne_within(n, region, seen | {n}) for n in through)


def where_robot_stands(world: World, regions: Mapping[str, Region], stations: Iterable[str]) -> str | None:
    """The station nearest to where a robot that drives stands still; None while it moves, in the open, or when it
    has no base."""
    state = world.arm.base_state()
    if state is None:
        return None
    (x, y, _), (vx, vy, spin) = state
    if math.hypot(vx, vy) > MOVES or abs(spin) > TURNS:
        return None
    away = {}
    for name in stations:
        low, high = regions[name].low, regions[name].high
        away[name] = math.hypot(x - min(max(x, low[0]), high[0]), y - min(max(y, low[1]), high[1]))
    near = min(away, key=lambda n: (away[n], n), default=None)
    return near if near is not None and away[near] <= STANDS_AT else None


def _half_along(thing: ObjectState, axis_world: Array) -> float:
    """Half the extent of a thing's form along a unit vector [m]; a ring's for round hollow forms."""
    a = thing.pose_world.rotation().T @ axis_world
    size = np.asarray(thing.shape.size)
    if thing.shape.form is Form.SPHERE:
        return float(size[0] / 2)
    if thing.shape.form in (Form.CYLINDER, Form.BOWL):
        return float(size[0] * math.hypot(a[0], a[1]) + size[2] * abs(a[2])) / 2
    return float(np.abs(a) @ size) / 2


def lifting_forces(world: World) -> dict[tuple[str, str], float]:
    """Upward force [N] that the second named body exerts on the first, friction included, for touching pairs."""
    lift: dict[tuple[str, str], float] = {}
    name, robot = world.client.name, world.arm.body
    for row in world.client.getContactPoints():
        if robot in (row[1], row[2]) or row[1] == row[2]:
            continue
        # the normal points from the second body to the first; both frictions act along their own directions
        up = row[9] * row[7][2] + row[10] * row[11][2] + row[12] * row[13][2]
        a, b = name(row[1], row[3]), name(row[2], row[4])
        lift[a, b] = lift.get((a, b), 0.0) + up
        lift[b, a] = lift.get((b, a), 0.0) - up
    return lift
