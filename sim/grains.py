"""Loose stuff as many small balls: rice, beans, water beads in a cup. They are held in by walls and friction alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.client import Client
from sim.colours import Rgb, colour_from, find_colour, varied
from sim.lexicon import hint, words_of
from skills.loose import Grains
from skills.types import Form, ObjectState, Pose, Shape, Vec3

RADIUS = 0.007  # [m] of a grain
DENSITY = 900.0  # [kg/m^3]
FEWEST, MOST = 8, 16
FILL = 0.3  # share of a vessel's height that is filled, as far as `MOST` grains go
FRICTION, ROLLING, SPINNING = 0.5, 5e-4, 5e-4
DAMPING = 0.2  # of rolling: beans are no marbles
SLEEP = 2e-5  # v^2 + w^2 below which a grain that rests for 2 s costs no more time, until something touches it
SPACING = 2.06 * RADIUS  # between grains as they are poured in at the start
WALL_GAP = 0.001
WHITISH: Rgb = (0.93, 0.89, 0.78)


@dataclass(frozen=True)
class PlacedGrains:
    """Loose stuff called ``name`` that starts in the thing ``vessel``."""

    name: str
    vessel: str


def stuff_colour(name: str) -> Rgb:
    """The colour that a name says ("red beans"), that of what it speaks of, else one of its own."""
    words = words_of(name)
    said = find_colour(words)
    if said is not None:
        return said[1]
    lent = hint(words)
    known = find_colour(tuple((lent.colour or "").split())) if lent is not None else None
    return varied(known[1], name) if known is not None else WHITISH if "grain" in name else colour_from(name)


def holds_stuff(shape: Shape) -> bool:
    """Whether loose stuff can be put into a thing of this shape, and stays in it."""
    return shape.hollow and min(shape.size[:2]) / 2 - shape.wall > 2.2 * RADIUS and shape.size[2] > 5 * RADIUS


def start_positions(shape: Shape) -> list[Vec3]:
    """Where the grains start, in the frame of their vessel: layer by layer on rings, not touching."""
    inner = 0.92 * min(shape.size[:2]) / 2 - shape.wall - RADIUS - WALL_GAP
    level = -shape.size[2] / 2 + shape.wall + RADIUS + 0.002
    layer: list[tuple[float, float]] = []
    ring = inner
    while ring > -1e-9:
        count = max(1, int(2 * math.pi * ring / SPACING)) if ring > SPACING / 2 else 1
        r = ring if count > 1 else 0.0
        layer += [(r * math.cos(t), r * math.sin(t)) for t in np.arange(count) * (2 * math.pi / count)]
        ring -= SPACING
    layer.sort(key=lambda p: math.hypot(*p))
    layers = max(1, round(FILL * shape.size[2] / SPACING))
    wanted = min(MOST, max(FEWEST, layers * len(layer)))
    out: list[Vec3] = []
    while len(out) < wanted:
        turn = 0.5 * len(out)
        c, s = math.cos(turn), math.sin(turn)
        out += [(c * x - s * y, s * x + c * y, level) for x, y in layer[: wanted - len(out)]]
        level += SPACING
    return out


class GrainsBody:
    """Loose stuff in a physics client."""

    def __init__(self, client: Client, placed: PlacedGrains, shape: Shape, pose_world_vessel: Pose) -> None:
        self.client, self.name, self.vessel = client, placed.name, placed.vessel
        self.rgb = stuff_colour(placed.name)
        ball = client.createCollisionShape(client.GEOM_SPHERE, radius=RADIUS)
        look = client.createVisualShape(client.GEOM_SPHERE, radius=RADIUS, rgbaColor=[*self.rgb, 1.0])
        mass = DENSITY * 4 / 3 * math.pi * RADIUS**3
        self.ids: list[int] = []
        for local in start_positions(shape):
            centre = pose_world_vessel.apply(local)
            body = client.createMultiBody(mass, ball, look, [float(v) for v in centre])
            client.changeDynamics(
                body, -1, lateralFriction=FRICTION, rollingFriction=ROLLING, spinningFriction=SPINNING,
                angularDamping=DAMPING, activationState=client.ACTIVATION_STATE_ENABLE_SLEEPING, sleepThreshold=SLEEP,
            )  # fmt: skip
            client.register_link(placed.name, body, -1)
            self.ids.append(body)

    def positions(self) -> tuple[Vec3, ...]:
        """Centres of all grains now."""
        read = self.client.getBasePositionAndOrientation
        return tuple(read(body)[0] for body in self.ids)

    def speed(self) -> float:
        """Of the fastest grain [m/s]."""
        read = self.client.getBaseVelocity
        return max((math.hypot(*read(body)[0]) for body in self.ids), default=0.0)

    def arrange(self, positions: Sequence[Vec3]) -> None:
        """Put the grains somewhere (only in a world that is looked at)."""
        for body, position in zip(self.ids, positions, strict=True):
            self.client.resetBasePositionAndOrientation(body, position, (0.0, 0.0, 0.0, 1.0))

    def state(self, tick: int) -> ObjectState:
        """As a perfect eye would report it."""
        return stuff_state(self.name, self.positions(), tick)


def stuff_state(name: str, positions: tuple[Vec3, ...], tick: int = 0) -> ObjectState:
    """Loose stuff with its grains at ``positions``; its pose is their middle."""
    x, y, z = (float(v) for v in np.mean(positions, axis=0))
    shape = Shape(Form.SPHERE, (2 * RADIUS,) * 3)
    grains = Grains(RADIUS, positions)
    return ObjectState(name, "stuff", shape, Pose((x, y, z)), 0.001, movable=False, seen_tick=tick, grains=grains)
