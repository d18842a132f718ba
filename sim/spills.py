"""Spills: flat patches on a surface, counted in cells. A cell comes clean when a held sponge is rubbed over it.

"Rubbed" is physics: both fingers press on the sponge, the sponge presses on the surface with a measured normal force,
its underside touches the cell, and it moves along the surface. Nothing is wiped by being near.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np

from sim.client import Client
from sim.colours import number_of
from sim.objects import Body
from skills.geometry import bottom_heights
from skills.loose import Patch
from skills.types import Array, ObjectState, Pose, Vec3

CELL = 0.015  # [m] edge of a cell
THIN = 0.0006  # [m] how far it stands out, for the eye
PRESSED = 1.5  # [N] the least normal force between sponge and surface: several times a sponge's weight
TOUCHES = 0.002  # [m] a cell this far under the sponge's underside, or less, is touched
RUBS = 0.01  # [m/s] along the surface, at least
AWAY: Vec3 = (0.0, 0.0, -50.0)  # where the pictures of wiped cells go


def cells_of(body: Body, pose_world: Pose) -> Array:
    """(N, 3) middles of the cells of a spill: a blob within its box, its outline drawn from its name."""
    sx, sy, sz = body.shape.size
    seed = number_of(body.name)
    bulge, turn = 0.06 + 0.08 * (seed % 97) / 97, 2 * math.pi * (seed % 89) / 89
    nx, ny = max(1, round(sx / CELL)), max(1, round(sy / CELL))
    out = []
    for i in range(nx):
        for j in range(ny):
            u, v = (i + 0.5) / nx * 2 - 1, (j + 0.5) / ny * 2 - 1
            rim = 1.0 - bulge + bulge * math.cos(3 * math.atan2(v, u) + turn)
            if math.hypot(u, v) <= rim + 0.04:
                out.append((u * sx / 2, v * sy / 2, -sz / 2))
    return np.asarray(pose_world.apply(np.array(out)))


class SpillBody:
    """A spill in a physics client: pictures only, nothing collides with it."""

    def __init__(self, client: Client, body: Body, pose_world: Pose) -> None:
        self.client, self.body, self.pose_world = client, body, pose_world
        self.cells = cells_of(body, pose_world)
        self.wiped = np.zeros(len(self.cells), bool)
        edge = 0.54 * CELL
        rgba = [*body.rgba[:3], 0.95]
        look = client.createVisualShape(
            client.GEOM_BOX, halfExtents=[edge, edge, THIN / 2], rgbaColor=rgba, specularColor=[0.4, 0.4, 0.4]
        )
        turn = pose_world.orientation
        self.ids = [client.createMultiBody(0.0, -1, look, (*c[:2], c[2] + THIN / 2), turn) for c in self.cells]
        for cell in self.ids:
            client.register_link(body.name, cell, -1)

    def patch(self) -> Patch:
        """The cells and which of them are clean."""
        return Patch(
            tuple((float(x), float(y), float(z)) for x, y, z in self.cells), CELL, tuple(map(bool, self.wiped))
        )

    def rub(self, wiper: ObjectState) -> None:
        """The cells that the wiper's underside touches are clean from now on."""
        under = bottom_heights(wiper, self.cells[:, :2]) - self.cells[:, 2]
        self.arrange(self.wiped | (np.abs(under) < TOUCHES))

    def arrange(self, wiped: Sequence[bool] | Array) -> None:
        """Show the cells as they are: clean ones are gone."""
        new = np.asarray(wiped, bool)
        for i in np.flatnonzero(new & ~self.wiped):
            self.client.resetBasePositionAndOrientation(self.ids[i], AWAY, (0.0, 0.0, 0.0, 1.0))
        self.wiped = new


def rub(client: Client, wiper: int, robot: int, fingers: Sequence[int], surfaces: Collection[int]) -> bool:
    """Whether a body is held by all ``fingers`` of the robot, pressed onto a surface and moved along it now."""
    vx, vy, _ = client.getBaseVelocity(wiper)[0]
    if math.hypot(vx, vy) <= RUBS:
        return False
    rows = client.getContactPoints(bodyA=wiper)
    held = {row[4] for row in rows if row[2] == robot and row[9] > 0.0}
    pressed = sum(row[9] for row in rows if row[2] in surfaces)
    return held.issuperset(fingers) and pressed > PRESSED
