"""A physical world: furniture, things and a robot in one private physics client."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType

import numpy as np

from sim.arm import Arm
from sim.bodies import add_body, add_box, add_furniture, add_picture, wake
from sim.client import GRAVITY, Client
from sim.grains import GrainsBody, PlacedGrains
from sim.labels import stick_labels
from sim.link_boxes import robot_links
from sim.objects import Body
from sim.robots import load_robot
from sim.spills import SpillBody, rub
from sim.truth import Truth
from sim.units import PlacedUnit, UnitBody
from skills.mechanisms import Mechanism
from skills.types import Form, ObjectState, Pose, Region, Shape, Vec3

STEP = 1 / 240  # [s] of one physics step
STEPS_PER_TICK = 4  # physics steps of one control tick
ITERATIONS = 50  # of the contact solver: fewer let held things slip
FLOOR = "floor"
Hook = Callable[["World"], None]


@dataclass(frozen=True)
class Fixture:
    """A fixed body: a table top, a counter, a wall. ``size``: full extents [m]; ``pose_world``: of its centre;
    ``wall``: thickness of the walls of one that is open at the top (a trash can), 0 for a solid one; ``form``: of a
    solid one."""

    name: str
    size: Vec3
    pose_world: Pose
    rgba: tuple[float, float, float, float] = (0.80, 0.76, 0.70, 1.0)
    wall: float = 0.0
    form: Form = Form.BOX

    @property
    def shape(self) -> Shape:
        """Its form."""
        return Shape(Form.BIN, self.size, self.wall) if self.wall else Shape(self.form, self.size)


@dataclass(frozen=True)
class Placed:
    """A thing and where it starts. ``pose_world``: centre of its bounding box."""

    body: Body
    pose_world: Pose


@dataclass(frozen=True)
class WorldSpec:
    """Everything a world is built from. ``base``: the robot's foot, or where on the floor its base stands;
    ``holding``: an object that starts in the hand; ``floor``: height of the floor, None: below the furniture;
    ``decor``: boxes that are only seen; ``units``: furniture with moving parts; ``grains``: loose stuff in vessels."""

    robot: str = "panda"
    base: Pose = field(default_factory=Pose)
    fixtures: tuple[Fixture, ...] = ()
    objects: tuple[Placed, ...] = ()
    regions: Mapping[str, Region] = field(default_factory=dict)
    holding: str | None = None
    floor: float | None = None
    decor: tuple[Fixture, ...] = ()
    units: tuple[PlacedUnit, ...] = ()
    grains: tuple[PlacedGrains, ...] = ()

    def __post_init__(self) -> None:
        names = [p.body.name for p in self.objects] + [f.name for f in self.fixtures]
        names += [n for u in self.units for n in u.unit.names] + [g.name for g in self.grains]
        twice = sorted({n for n in names if names.count(n) > 1})
        if twice:
            raise ValueError(f"names must differ; used twice: {', '.join(twice)}")
        if self.holding is not None and self.holding not in names[: len(self.objects)]:
            raise ValueError(
                f"cannot hold {self.holding!r}; objects: {', '.join(names[: len(self.objects)]) or 'none'}"
            )


class World:
    """One simulated world and its client. ``tick`` counts physics steps (1/240 s) since the last `reset`.

    Two worlds in one process do not disturb each other; equal specs and commands give equal bits.
    """

    def __init__(self, spec: WorldSpec) -> None:
        self.spec = spec
        self.robot = load_robot(spec.robot)
        self.things = tuple(p.body.name for p in spec.objects)
        self.bodies: dict[str, Body] = {p.body.name: p.body for p in spec.objects}
        for u in spec.units:
            self.bodies |= u.unit.bodies
        self.tick = 0
        self._hooks: list[tuple[int, Hook]] = []
        self._closing: list[Callable[[], None]] = []
        self._pushes: list[tuple[int, float, Vec3]] = []
        self.client = Client()
        self._build()

    def __enter__(self) -> World:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def reset(self) -> None:
        """Build everything anew (a saved state would forget motor targets); hooks stay."""
        self.close()
        self.client = Client()
        self._pushes.clear()
        self._build()

    def close(self) -> None:
        """Free the client, and what `on_close` named; harmless the second time."""
        while self._closing:
            self._closing.pop()()
        self.client.close()

    def on_close(self, hook: Callable[[], None]) -> None:
        """Call ``hook()`` when the world is closed or built anew."""
        self._closing.append(hook)

    def _build(self) -> None:
        c, spec = self.client, self.spec
        c.setGravity(0, 0, -GRAVITY)
        c.setPhysicsEngineParameter(fixedTimeStep=STEP, numSolverIterations=ITERATIONS, numSubSteps=0)
        for f in spec.fixtures:
            add_furniture(c, f.name, f.shape, f.pose_world, f.rgba)
        for f in spec.decor:
            add_picture(c, f.shape, f.pose_world, f.rgba)
        ground = spec.floor
        if ground is None:
            ground = min([f.pose_world.position[2] - f.size[2] / 2 for f in spec.fixtures] + [-0.7])
        add_box(c, FLOOR, (12.0, 12.0, 0.1), Pose((0.0, 0.0, ground - 0.05)), None)
        self.arm = Arm(c, self.robot, spec.base)
        self._fixtures = [c.body(f.name) for f in spec.fixtures] + [c.body(FLOOR)]
        self._spare_pairs()
        for placed in spec.objects:
            add_body(c, placed.body, placed.pose_world)
        self.spills = {p.body.name: SpillBody(c, p.body, p.pose_world) for p in spec.objects if p.body.spill}
        self._wipers = [n for n in self.things if self.bodies[n].wipes] if self.spills else []
        self._ids = {name: c.body(name) for name in self.things}
        self.units = [UnitBody(c, placed) for placed in spec.units]
        self._unit_of = {name: u for u in self.units for name in u.unit.names}
        self._switches = [u for u in self.units if u.switch]
        self.tick, self._dressed = 0, False
        if spec.holding is not None:
            self._hand_over(spec.holding)
        shapes = {g.name: self.bodies[g.vessel].shape for g in spec.grains}
        self.stuff = {g.name: GrainsBody(c, g, shapes[g.name], self.pose(g.vessel)) for g in spec.grains}

    def dress(self) -> None:
        """Make it ready to be looked at: labels on packages. Called before the first picture; moves nothing."""
        if not self._dressed:
            self._dressed = True
            stick_labels(self.client, {n: self.bodies[n] for n in self.things})

    def _spare_pairs(self) -> None:
        """The robot's foot stands on or in furniture; the first links cannot reach it and need no check."""
        if self.arm.base_joints:
            self.client.setCollisionFilterPair(self.arm.body, self.client.body(FLOOR), self.arm.chassis, -1, 0)
            return
        links = robot_links(self.robot)
        for link in (-1, *(b.link for b in links.boxes if b.link > -1 and b.frame < 0), *links.rooted):
            for body in self._fixtures:
                self.client.setCollisionFilterPair(self.arm.body, body, link, -1, 0)

    def _hand_over(self, name: str) -> None:
        """Let the closing fingers take a thing that floats between them; from then on friction holds it."""
        c, shape = self.client, self.bodies[name].shape
        tool = self.arm.pose_world_tool()
        yaw = tool.yaw + (0.0 if shape.size[1] <= shape.size[0] else np.pi / 2)
        offset = 0.0
        if shape.form in (Form.BOWL, Form.BIN) and min(shape.size[:2]) > 0.075:  # by the rim
            offset = shape.size[0] / 2 - shape.wall
            yaw = tool.yaw - np.pi / 2
        drop = max(0.0, shape.size[2] / 2 - 0.025)
        centre = tool.apply((0.0, -offset, drop))
        c.resetBasePositionAndOrientation(
            self._ids[name], tuple(centre), Pose.from_yaw((0, 0, 0), float(yaw)).orientation
        )
        body = self.bodies[name]
        force = max(12.0, 3 * body.mass * GRAVITY / (2 * body.friction))
        c.setGravity(0, 0, 0)
        width = self.arm.spec.gripper_range[1]
        for i in range(200):
            self.arm.grip(max(0.0, width - self.arm.spec.gripper_speed * STEP * (i + 1)), force)
            c.stepSimulation()
        c.setGravity(0, 0, -GRAVITY)
        for _ in range(48):
            c.stepSimulation()
        self.tick = 0

    def on_step(self, hook: Hook, every: int = 1) -> Callable[[], None]:
        """Call ``hook(world)`` after every ``every``-th physics step; returns a function that ends it."""
        if every < 1:
            raise ValueError(f"every must be at least 1 step, got {every}")
        entry = (every, hook)
        self._hooks = [*self._hooks, entry]

        def remove() -> None:
            self._hooks = [h for h in self._hooks if h is not entry]

        return remove

    def step(self, n: int = 1) -> None:
        """Let ``n`` physics steps pass."""
        step = self.client.stepSimulation
        for _ in range(n):
            step()
            self.tick += 1
            for unit in self._switches:
                self._press(unit)
            if self._wipers and self.tick % STEPS_PER_TICK == 0:
                self._wipe()
            if self._pushes:
                self._push()
            for every, hook in self._hooks:
                if self.tick % every == 0:
                    hook(self)

    def _wipe(self) -> None:
        """What is held, pressed down and moved along a surface takes up the spills under it."""
        surfaces = set(self._fixtures)
        for name in self._wipers:
            if rub(self.client, self._ids[name], self.arm.body, self.arm.fingers, surfaces):
                for spill in self.spills.values():
                    spill.rub(self.state(name))

    def _press(self, unit: UnitBody) -> None:
        """Buttons that have latched switch their lamps."""
        lamp = self._unit_of.get(unit.unit.switches or "")
        if unit.step() and lamp is not None:
            lamp.shine(unit.lit)

    def _push(self) -> None:
        """Give what was pushed its speed: after the step in which it woke, which would take it away again."""
        for body, mass, impulse in self._pushes:
            velocity, spin = self.client.getBaseVelocity(body)
            faster = [v + p / mass for v, p in zip(velocity, impulse, strict=True)]
            self.client.resetBaseVelocity(body, faster, spin)
        self._pushes.clear()

    def pose(self, name: str) -> Pose:
        """Where a thing is now (its centre); raises KeyError with the choices."""
        if name in self._unit_of:
            return self._unit_of[name].pose(name)
        position, orientation = self.client.getBasePositionAndOrientation(self._id(name))
        return Pose(position, orientation)

    def distance(self, a: str, b: str, limit: float) -> float:
        """Between the surfaces of two things [m]; very far beyond ``limit``."""
        return min((float(p[8]) for p in self.client.getClosestPoints(self._id(a), self._id(b), limit)), default=1e9)

    def joint(self, name: str) -> Mechanism | None:
        """How a thing moves on what it belongs to, and where it is now; None for what has no joint."""
        unit = self._unit_of.get(name)
        return None if unit is None else unit.mechanism(name)

    def state(self, name: str) -> ObjectState:
        """A thing, a spill or loose stuff as a perfect eye would report it."""
        if name in self.stuff:
            return self.stuff[name].state(self.tick // STEPS_PER_TICK)
        if name in self.spills:
            seen = self.bodies[name].state(self.pose(name), self.tick // STEPS_PER_TICK)
            return replace(seen, patch=self.spills[name].patch())
        return self.bodies[name].state(self.pose(name), self.tick // STEPS_PER_TICK, self.joint(name))

    def truth(self, contacts: bool = True) -> Truth:
        """Ground truth of this moment. Contacts take most of the time and can be left out."""
        c = self.client
        poses: dict[str, Pose] = {}
        velocities: dict[str, Vec3] = {}
        spins: dict[str, Vec3] = {}
        for name, body in self._ids.items():
            poses[name] = Pose(*c.getBasePositionAndOrientation(body))
            velocities[name], spins[name] = c.getBaseVelocity(body)
        for name, unit in self._unit_of.items():
            poses[name] = unit.pose(name)
            velocities[name], spins[name] = unit.velocity(name)
        q, dq, width, _ = self.arm.state()
        pairs = self._contacts() if contacts else {}
        fastest = max((g.speed() for g in self.stuff.values()), default=0.0)
        tool = self.arm.pose_world_tool()
        return Truth(self.tick, poses, velocities, spins, pairs, width, q, dq, tool, fastest)

    def _contacts(self) -> dict[tuple[str, str], float]:
        pairs: dict[tuple[str, str], float] = {}
        robot, part, name = self.arm.body, self.arm.part, self.client.name
        for row in self.client.getContactPoints():
            if row[8] > 1e-3:  # a gap: the solver only watches it
                continue
            a = part(row[3]) if row[1] == robot else name(row[1], row[3])
            b = part(row[4]) if row[2] == robot else name(row[2], row[4])
            if a != b:
                key = (a, b) if a <= b else (b, a)
                pairs[key] = pairs.get(key, 0.0) + row[9]
        return pairs

    def settle(self, limit: int = 480) -> int:
        """Step until nothing moves for 24 steps, at most ``limit`` steps; returns the steps taken."""
        quiet = 0
        for n in range(limit):
            self.step()
            quiet = quiet + 1 if self.truth(contacts=False).still() else 0
            if quiet >= 24:
                return n + 1
        return limit

    def disturb_push(self, name: str, impulse: Vec3) -> None:
        """A fault: an outside push on a thing, ``impulse`` [N s] in the world frame, felt after the next step.

        No skill may call this.
        """
        self._pushes.append((self._loose(name), self.bodies[name].mass, impulse))
        self._wake_all()

    def disturb_move(self, name: str, pose_world: Pose) -> None:
        """A fault: somebody puts a thing elsewhere, at rest. No skill may call this."""
        body = self._loose(name)
        self._wake_all()
        self.client.resetBasePositionAndOrientation(body, pose_world.position, pose_world.orientation)
        self.client.resetBaseVelocity(body, [0, 0, 0], [0, 0, 0])

    def _wake_all(self) -> None:
        for name, body in self.bodies.items():
            if body.movable:
                wake(self.client, self._ids[name])

    def _loose(self, name: str) -> int:
        body = self._id(name)
        if not self.bodies[name].movable:
            raise ValueError(f"{name!r} is fixed and cannot be moved")
        return body

    def _id(self, name: str) -> int:
        try:
            return self._ids[name]
        except KeyError:
            raise KeyError(f"no object {name!r}; present: {', '.join(self.bodies) or 'none'}") from None
