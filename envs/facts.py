"""What is physically so: literals judged from the simulator's ground truth, contacts first.

Separate code from the predicates that the robot plans and verifies with. Those see poses alone and infer from
geometry what rests where; here a thing rests on another only if they touch, so that neither can hide the
other's mistakes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np

from sim.objects import Body
from sim.truth import Truth
from sim.world import Fixture
from skills.symbols import Literal
from skills.types import Array, Form, ObjectState, Region

ABOVE = 0.008  # [m] what rests on a thing has its lowest point at most this far below that thing's top
BELOW_RIM = 0.004  # [m] what lies in a container reaches at least this far below its rim
FLOOR = 0.001  # [m] least thickness of a container's floor
SPILLS = math.radians(45)  # a container tilted more holds nothing
LIES = math.radians(15)  # a thing tilted more does not stand upright
NEAR_SURFACE = 0.01  # [m] between a thing's lowest point and the surface that it touches
HOME = 0.05  # [rad] of each joint


class PhysicalFacts:
    """Facts of one moment. ``truth`` must have been read with contacts.

    ``regions``: the scene's places; ``fixtures``: furniture that carries things; ``home``: joints [rad] of the
    arm's rest posture. Has ``holds(literal)``, so a `Goal` can ask it.
    """

    def __init__(
        self,
        truth: Truth,
        bodies: Mapping[str, Body],
        regions: Mapping[str, Region],
        fixtures: Iterable[Fixture],
        home: tuple[float, ...] = (),
    ) -> None:
        self.truth, self.bodies, self.regions, self.home = truth, bodies, regions, home
        self.fixtures = [f.name for f in fixtures]
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
        if predicate == "holding":
            return self.held == self.state(args[0]).name
        if predicate == "hand_empty":
            return self.held is None
        if predicate == "clear":
            return not self.load(args[0])
        if predicate == "upright":
            return self.state(args[0]).shape.form is Form.SPHERE or self.state(args[0]).pose_world.tilt < LIES
        if predicate == "open":  # a stand-in container is always open; articulated things are the kitchen's
            return self.state(args[0]).container
        if predicate == "home":
            return bool(self.home) and all(abs(a - b) < HOME for a, b in zip(self.truth.q, self.home, strict=True))
        return False  # closed, robot_at, visited: nothing here shuts or drives

    @cached_property
    def held(self) -> str | None:
        """The thing that both fingers press on."""
        return self.truth.held()

    def state(self, name: str) -> ObjectState:
        """The thing where it truly is."""
        if name not in self._states:
            if name not in self.bodies:
                raise KeyError(f"no object {name!r}; present: {', '.join(self.bodies) or 'none'}")
            self._states[name] = self.bodies[name].state(self.truth.poses[name], self.truth.tick)
        return self._states[name]

    def inside(self, a: str, c: str) -> bool:
        """Whether ``a`` lies in container ``c``: its centre over the opening, its lowest point below the rim, and
        its weight borne by ``c``, directly or through others that lie in it."""
        return self._within_walls(a, c) and self._borne(a, c, {a})

    def _borne(self, a: str, c: str, seen: set[str]) -> bool:
        touching = self.truth.touching(a)
        if c in touching:
            return True
        through = [n for n in touching if n in self.bodies and n not in seen and self._within_walls(n, c)]
        return any(self._borne(n, c, seen | {n}) for n in through)

    def _within_walls(self, a: str, c: str) -> bool:
        thing, container = self.state(a), self.state(c)
        shape = container.shape
        if a == c or self.held == a or not shape.hollow or container.pose_world.tilt > SPILLS:
            return False
        centre = container.pose_world.inverse().apply(thing.pose_world.position)
        half = np.asarray(shape.size) / 2 - shape.wall
        if shape.form is Form.BOWL:
            over = math.hypot(centre[0], centre[1]) < half[0]
        else:
            over = abs(centre[0]) < half[0] and abs(centre[1]) < half[1]
        rim = container.pose_world.apply((0.0, 0.0, shape.size[2] / 2))[2]
        floor = container.pose_world.apply((0.0, 0.0, -shape.size[2] / 2))[2]
        # of two that stand in each other it is the outer one that reaches down further
        deep = max(floor - NEAR_SURFACE, container.bottom_z + FLOOR) < thing.bottom_z
        return bool(over and deep and thing.bottom_z < rim - BELOW_RIM)

    def on(self, a: str, b: str) -> bool:
        """Whether ``a`` rests directly on ``b``: they touch and ``a`` is on top. What lies in a container and
        is borne by it rests on it too."""
        if a == b or self.held == a:
            return False
        if self.state(b).container and self.inside(a, b):
            return True
        if b not in self.truth.touching(a):
            return False
        top, base = self.state(a), self.state(b)
        return top.bottom_z > base.top_z - min(ABOVE, 0.4 * float(base.extents()[2])) and self._balanced(top, base)

    @staticmethod
    def _balanced(top: ObjectState, base: ObjectState) -> bool:
        """The boxes around both overlap seen from above: a neighbour that only touches a wall carries nothing."""
        centre: Array = np.abs(np.subtract(top.pose_world.position, base.pose_world.position))[:2]
        return bool(np.all(centre < (top.extents()[:2] + base.extents()[:2]) / 2))

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
        thing = self.state(name)
        touches = self.truth.touching(name)
        x, y, _ = thing.pose_world.position
        # contacts between two things that never move are not computed: of those the height must do
        borne = not self.bodies[name].movable or any(f in touches for f in self.fixtures)
        stands = borne and abs(thing.bottom_z - region.surface) < NEAR_SURFACE
        if stands and region.contains(x, y):
            return True
        return any(self._at(n, region, seen | {name}) for n in self.carriers(name))
