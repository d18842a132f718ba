"""Things with joints: a fixed whole with parts that slide, turn or are pushed, held by friction alone.

`sim.joinery` makes them; here they are put into a physics client and read. Within one unit nothing collides with
anything else of it (one body): the joint's limits are the stops.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.client import Client
from sim.objects import Body
from skills.mechanisms import Block, Handle, Mechanism, Motion
from skills.types import ObjectState, Pose, Quat, Vec3

Rgba = tuple[float, float, float, float]
ALONG_Z: Quat = (0.0, 0.0, 0.0, 1.0)
ALONG_X: Quat = (0.0, 0.7071067811865476, 0.0, 0.7071067811865476)
ALONG_Y: Quat = (0.7071067811865476, 0.0, 0.0, 0.7071067811865476)
SURFACE = 0.6  # friction of boards and handles
DAMPING = 0.2  # [N s/m] or [N m s/rad]: what moves comes to rest
LATCHED = 0.6  # share of its travel at which a button that is on rests
PUSHED = 0.85  # share past which it changes its mind
LET_GO = 0.75  # and back before which it can be pushed again
SPRING_SPEED = 0.05  # [m/s]


@dataclass(frozen=True)
class Board:
    """A box (or, with ``round``, a cylinder along its own z: diameter, diameter, length) in the frame of its part.
    ``seen``: drawn; ``solid``: touched."""

    size: Vec3
    position: Vec3
    rgba: Rgba
    orientation: Quat = ALONG_Z
    round: bool = False
    solid: bool = True
    seen: bool = True


@dataclass(frozen=True)
class Part:
    """Something that moves on a unit. All poses are seen from the unit's frame with the joint at 0, to which the part's
    own frame is parallel. ``body``: how it is known and perceived, None when the unit as a whole stands for it;
    ``origin``: of the joint; ``centre``: of ``body``'s shape; boards are placed relative to ``origin``. ``friction``:
    Coulomb [N] or [N m]; ``spring`` [N]: pushes towards 0. ``start``: share of the travel at which it begins."""

    motion: Motion
    axis: Vec3
    origin: Vec3
    travel: float
    boards: tuple[Board, ...]
    mass: float
    friction: float
    body: Body | None = None
    centre: Vec3 = (0.0, 0.0, 0.0)
    handle: Handle | None = None
    blocks: tuple[Block, ...] = ()
    spring: float = 0.0
    start: float = 0.0


@dataclass(frozen=True)
class Unit:
    """A whole. ``body``: its fixed part as it is perceived (its frame is the unit's frame); ``whole``: the part whose
    joint the unit itself goes by ("open the cabinet"), None: its parts have names of their own; ``switches``: the lamp
    of a button; ``front``: [m] that must stay free before it (opened drawers, a hand); ``lamp``: it shines."""

    body: Body
    boards: tuple[Board, ...]
    parts: tuple[Part, ...] = ()
    whole: int | None = None
    switches: str | None = None
    front: float = 0.0
    lamp: bool = False

    def link(self, name: str) -> int | None:
        """Which part a name means, None for the unit itself; raises KeyError."""
        if name == self.body.name:
            return None
        for i, part in enumerate(self.parts):
            if part.body is not None and part.body.name == name:
                return i
        raise KeyError(f"{self.body.name} has no part {name!r}; it has {', '.join(self.names)}")

    @property
    def bodies(self) -> dict[str, Body]:
        """The unit and its named parts, by name."""
        return {b.name: b for b in (self.body, *(p.body for p in self.parts if p.body is not None))}

    @property
    def names(self) -> tuple[str, ...]:
        """The unit's name and those of its named parts."""
        return tuple(self.bodies)


@dataclass(frozen=True)
class PlacedUnit:
    """A unit and where it stands. ``pose_world``: of its frame."""

    unit: Unit
    pose_world: Pose


class UnitBody:
    """A unit in a physics client."""

    def __init__(self, client: Client, placed: PlacedUnit) -> None:
        self.client, self.placed, self.unit = client, placed, placed.unit
        self.lit = False
        unit, parts = placed.unit, placed.unit.parts
        count = len(parts)
        self.body: int = client.createMultiBody(
            baseMass=0.0,
            baseCollisionShapeIndex=_solid(client, unit.boards),
            baseVisualShapeIndex=_seen(client, unit.boards),
            basePosition=placed.pose_world.position,
            baseOrientation=placed.pose_world.orientation,
            linkMasses=[p.mass for p in parts],
            linkCollisionShapeIndices=[_solid(client, p.boards) for p in parts],
            linkVisualShapeIndices=[_seen(client, p.boards) for p in parts],
            linkPositions=[p.origin for p in parts],
            linkOrientations=[ALONG_Z] * count,
            linkInertialFramePositions=[_middle(p.boards) for p in parts],
            linkInertialFrameOrientations=[ALONG_Z] * count,
            linkParentIndices=[0] * count,
            linkJointTypes=[_joint_type(client, p.motion) for p in parts],
            linkJointAxis=[p.axis for p in parts],
        )
        client.register(unit.body.name, self.body)
        client.changeDynamics(self.body, -1, lateralFriction=SURFACE)
        self._down = [False] * count
        for link, part in enumerate(parts):
            client.register_link(part.body.name if part.body is not None else unit.body.name, self.body, link)
            client.changeDynamics(
                self.body,
                link,
                lateralFriction=SURFACE,
                linearDamping=0.0,
                angularDamping=0.0,
                jointDamping=DAMPING,
                jointLowerLimit=0.0,
                jointUpperLimit=part.travel,
            )
            client.resetJointState(self.body, link, part.start * part.travel, 0.0)
            self._hold(link, part, 0.0)

    def _hold(self, link: int, part: Part, rest: float) -> None:
        """The default motor of a joint would hold it fast; this one is a brake, or a spring towards ``rest``."""
        c = self.client
        if part.spring:
            c.setJointMotorControl2(
                self.body,
                link,
                c.POSITION_CONTROL,
                targetPosition=rest,
                force=part.spring,
                positionGain=0.1,
                maxVelocity=SPRING_SPEED,
            )
        else:
            c.setJointMotorControl2(self.body, link, c.VELOCITY_CONTROL, targetVelocity=0.0, force=part.friction)

    @property
    def switch(self) -> bool:
        """Whether something here has to be looked at after every step."""
        return any(p.motion is Motion.BUTTON for p in self.unit.parts)

    def step(self) -> bool:
        """Let buttons latch; returns whether one changed."""
        changed = False
        for link, part in enumerate(self.unit.parts):
            if part.motion is not Motion.BUTTON:
                continue
            share = self.position(link) / part.travel
            if share > PUSHED and not self._down[link]:
                self._down[link], self.lit, changed = True, not self.lit, True
                self._hold(link, part, LATCHED * part.travel if self.lit else 0.0)
            elif share < LET_GO:
                self._down[link] = False
        return changed

    def shine(self, lit: bool) -> None:
        """Switch a lamp: its last board changes its colour."""
        self.lit = lit
        rgba = [1.0, 0.93, 0.45, 1.0] if lit else list(self.unit.boards[-1].rgba)
        self.client.changeVisualShape(self.body, -1, shapeIndex=len(self.unit.boards) - 1, rgbaColor=rgba)

    def position(self, link: int) -> float:
        """Where a joint is [m] or [rad]."""
        return float(self.client.getJointState(self.body, link)[0])

    def positions(self) -> tuple[float, ...]:
        """Of all joints."""
        return tuple(self.position(link) for link in range(len(self.unit.parts)))

    def arrange(self, positions: Sequence[float], lit: bool) -> None:
        """Put the joints somewhere and the light on or off (only in a world that is looked at)."""
        for link, value in enumerate(positions):
            self.client.resetJointState(self.body, link, value, 0.0)
        if self.unit.lamp and lit != self.lit:
            self.shine(lit)
        self.lit = lit

    def pose(self, name: str) -> Pose:
        """pose_world of the unit or of a named part (the centre of its shape)."""
        return pose_of(self.placed, name, self.positions())

    def velocity(self, name: str) -> tuple[Vec3, Vec3]:
        """Velocity [m/s] and spin [rad/s] in the world."""
        link = self.unit.link(name)
        if link is None:
            return (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)
        row = self.client.getLinkState(self.body, link, computeLinkVelocity=1)
        return row[6], row[7]

    def mechanism(self, name: str) -> Mechanism | None:
        """The joint that a name stands for, as it is now."""
        return mechanism_of(self.placed, name, self.positions(), self.lit)


def pose_of(placed: PlacedUnit, name: str, positions: Sequence[float]) -> Pose:
    """pose_world of a unit, or of a named part, with its joints at ``positions``."""
    link = placed.unit.link(name)
    if link is None:
        return placed.pose_world
    part = placed.unit.parts[link]
    return _frame(placed, link, positions[link]) @ Pose(_less(part.centre, part.origin))


def mechanism_of(placed: PlacedUnit, name: str, positions: Sequence[float], lit: bool = False) -> Mechanism | None:
    """The joint that a name of a unit stands for, with the joints at ``positions``; None when it has none."""
    unit, link = placed.unit, placed.unit.link(name)
    if link is None and unit.lamp:
        return Mechanism(Motion.LAMP, name, position=float(lit))
    whole = link is None
    link = unit.whole if link is None else link
    if link is None:
        return None
    part, position = unit.parts[link], float(positions[link])
    frame, fixed = _frame(placed, link, position), placed.pose_world
    handle = None
    if part.handle is not None:
        h, turn = part.handle, frame.rotation()
        handle = replace(
            h,
            centre=_vec(frame.apply(_less(h.centre, part.origin))),
            along=_vec(turn @ np.array(h.along)),
            out=_vec(turn @ np.array(h.out)),
        )
    own = part.body.name if part.body is not None else unit.body.name
    names = (own, unit.body.name) if unit.whole == link else (own,)
    return Mechanism(
        part.motion,
        unit.body.name,
        _vec(fixed.rotation() @ np.array(part.axis)),
        _vec(fixed.apply(part.origin)),
        part.travel,
        position,
        handle,
        () if whole else part.blocks,
        tuple(dict.fromkeys(names)),
        unit.switches,
    )


def _frame(placed: PlacedUnit, link: int, position: float) -> Pose:
    """pose_world of a part's own frame."""
    part = placed.unit.parts[link]
    axis = np.array(part.axis)
    if part.motion is Motion.HINGE:
        moved = Pose.of(part.origin, (*(axis * math.sin(position / 2)), math.cos(position / 2)))
    else:
        moved = Pose.of(np.array(part.origin) + axis * position)
    return placed.pose_world @ moved


def states_at_start(placed: PlacedUnit) -> dict[str, ObjectState]:
    """A unit and its named parts as they are seen before anything moved."""
    unit = placed.unit
    positions = [p.start * p.travel for p in unit.parts]
    return {
        name: body.state(pose_of(placed, name, positions), 0, mechanism_of(placed, name, positions))
        for name, body in unit.bodies.items()
    }


def _less(a: Vec3, b: Vec3) -> Vec3:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def _vec(v: Sequence[float] | np.ndarray) -> Vec3:
    x, y, z = (float(a) for a in v)
    return x, y, z


def _joint_type(client: Client, motion: Motion) -> int:
    kind: int = client.JOINT_REVOLUTE if motion is Motion.HINGE else client.JOINT_PRISMATIC
    return kind


def _middle(boards: Sequence[Board]) -> Vec3:
    """Where the weight is: the boards' middle by volume."""
    volume = np.array([np.prod(b.size) for b in boards])
    return _vec(volume @ np.array([b.position for b in boards]) / volume.sum())


def _solid(client: Client, boards: Sequence[Board]) -> int:
    solid = [b for b in boards if b.solid]
    made: int = client.createCollisionShapeArray(
        shapeTypes=[client.GEOM_CYLINDER if b.round else client.GEOM_BOX for b in solid],
        halfExtents=[[s / 2 for s in b.size] for b in solid],
        radii=[b.size[0] / 2 for b in solid],
        lengths=[b.size[2] for b in solid],
        collisionFramePositions=[b.position for b in solid],
        collisionFrameOrientations=[b.orientation for b in solid],
    )
    return made


def _seen(client: Client, boards: Sequence[Board]) -> int:
    seen = [b for b in boards if b.seen]
    made: int = client.createVisualShapeArray(
        shapeTypes=[client.GEOM_CYLINDER if b.round else client.GEOM_BOX for b in seen],
        halfExtents=[[s / 2 for s in b.size] for b in seen],
        radii=[b.size[0] / 2 for b in seen],
        lengths=[b.size[2] for b in seen],
        visualFramePositions=[b.position for b in seen],
        visualFrameOrientations=[b.orientation for b in seen],
        rgbaColors=[list(b.rgba) for b in seen],
    )
    return made
