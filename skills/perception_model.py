"""What a thing looks like from outside: the model against which measured points are fitted.

A model is what a classifier plus a catalogue know ("a can: a cylinder of 6.2 x 11 cm"); where the thing is and how
it lies is for `skills.perception_fit`. All lengths in metres, points in the body frame of `skills.types.Shape`.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from skills.types import Array, Form, ObjectState, Pose, Shape

Outline = tuple[tuple[float, float], ...]
ALIKE = 0.004  # [m] edges that differ less cannot be told apart by a depth camera


@dataclass(frozen=True)
class ObjectModel:
    """A thing as a catalogue knows it. ``outline``: for round upright forms (cylinder, bowl) the closed profile that
    turns about z, as (radius, height) from the middle below, over the outside, back to the axis; None: straight walls.
    """

    name: str
    kind: str
    shape: Shape
    mass: float = 0.1
    movable: bool = True
    colour: str | None = None
    soft: bool = False
    outline: Outline | None = None
    wipes: bool = False

    def state(self, pose_world: Pose, tick: int) -> ObjectState:
        """The thing as an observation reports it."""
        seen = ObjectState(
            self.name, self.kind, self.shape, pose_world, self.mass, self.movable, self.colour, self.soft, tick
        )
        return replace(seen, wipes=self.wipes)

    @property
    def turned(self) -> bool:
        """Looks the same from every side when it stands."""
        return self.shape.form in (Form.SPHERE, Form.CYLINDER, Form.BOWL)

    @cached_property
    def profile(self) -> Array:
        """(K, 2) radius and height of the closed outline of a round form."""
        if self.outline is not None:
            return np.asarray(self.outline, float)
        radius, half, wall = self.shape.size[0] / 2, self.shape.size[2] / 2, self.shape.wall
        outside = [(0.0, -half), (radius, -half), (radius, half)]
        if self.shape.hollow:
            inside = [(radius - wall, half), (radius - wall, wall - half), (0.0, wall - half)]
        else:
            inside = [(0.0, half)]
        return np.asarray(outside + inside)

    def distances(self, local: Array) -> Array:
        """(N,) signed distances from body-frame points (N, 3) to the surface: positive outside of the material."""
        half = np.asarray(self.shape.size, float) / 2
        form = self.shape.form
        if form is Form.SPHERE:
            return np.asarray(np.sqrt(np.einsum("ij,ij->i", local, local)) - half[0])
        if form in (Form.CYLINDER, Form.BOWL):
            flat = np.column_stack([np.hypot(local[:, 0], local[:, 1]), local[:, 2]])
            if form is Form.CYLINDER and self.outline is None:
                return _solid(np.abs(flat) - half[[0, 2]])
            return _polygon(flat, self.profile)
        over = np.abs(local) - half
        solid = _solid(over)
        if not self.shape.hollow:
            return solid
        wall = self.shape.wall
        air = np.minimum(-np.max(over[:, :2], axis=1) - wall, half[2] + local[:, 2] - wall)
        return np.asarray(np.maximum(solid, air))

    @cached_property
    def samples(self) -> tuple[Array, Array]:
        """Points spread over the surface and the outward unit normals there, both (M, 3); what a camera could hit."""
        form = self.shape.form
        if form is Form.SPHERE:
            normals = _sphere(64)
            return normals * self.shape.size[0] / 2, normals
        if form in (Form.CYLINDER, Form.BOWL):
            return _turned_samples(self.profile)
        return _box_samples(np.asarray(self.shape.size, float), self.shape.wall if self.shape.hollow else None)


def _solid(over: Array) -> Array:
    """Signed distance of a box from the overshoot beyond each half extent (N, D)."""
    out = np.maximum(over, 0.0)
    return np.asarray(np.sqrt(np.einsum("ij,ij->i", out, out)) + np.minimum(np.max(over, axis=1), 0.0))


def _polygon(points: Array, corners: Array) -> Array:
    """(N,) signed distances of points (N, 2) from an outline that the axis closes: negative within."""
    a, b = corners[:-1], corners[1:]
    edge = b - a
    rel = points[:, None, :] - a[None]
    length = np.maximum(np.einsum("kj,kj->k", edge, edge), 1e-12)
    along = np.clip(np.einsum("nkj,kj->nk", rel, edge) / length, 0.0, 1.0)
    off = rel - along[..., None] * edge[None]
    nearest = np.sqrt(np.min(np.einsum("nkj,nkj->nk", off, off), axis=1))
    y = points[:, 1:2]
    above_a, above_b = y >= a[None, :, 1], y >= b[None, :, 1]
    cross = above_a != above_b
    rise = np.where(np.abs(edge[:, 1]) < 1e-12, 1e-12, edge[:, 1])
    at = a[None, :, 0] + (y - a[None, :, 1]) * (edge[:, 0] / rise)[None]
    inside = np.sum(cross & (at > points[:, 0:1]), axis=1) % 2 == 1  # the ray runs outwards: the axis is never met
    return np.asarray(np.where(inside, -nearest, nearest))


def _sphere(count: int) -> Array:
    """(count, 3) directions spread evenly (a golden spiral)."""
    i = np.arange(count) + 0.5
    z = 1 - 2 * i / count
    turn = np.pi * (1 + 5**0.5) * i
    r = np.sqrt(1 - z * z)
    return np.column_stack([r * np.cos(turn), r * np.sin(turn), z])


def _turned_samples(profile: Array, sides: int = 16, spacing: float = 0.02) -> tuple[Array, Array]:
    points, normals = [], []
    turn = 2 * np.pi * np.arange(sides) / sides
    ring = np.column_stack([np.cos(turn), np.sin(turn)])
    for (r0, z0), (r1, z1) in itertools.pairwise(profile):
        length = math.hypot(r1 - r0, z1 - z0)
        if length < 1e-6:
            continue
        normal = ((z1 - z0) / length, -(r1 - r0) / length)
        steps = max(1, math.ceil(length / spacing))
        for s in (np.arange(steps) + 0.5) / steps:
            r, z = r0 + s * (r1 - r0), z0 + s * (z1 - z0)
            some = ring[:: max(1, int(0.03 / max(r, 1e-3)))]  # few near the axis
            points.append(np.column_stack([some * r, np.full(len(some), z)]))
            normals.append(np.column_stack([some * normal[0], np.full(len(some), normal[1])]))
    return np.concatenate(points), np.concatenate(normals)


def _box_samples(size: Array, wall: float | None, grid: int = 4) -> tuple[Array, Array]:
    points, normals = [], []
    steps = (np.arange(grid) + 0.5) / grid - 0.5
    u, v = (a.ravel() for a in np.meshgrid(steps, steps))
    for axis in range(3):
        for sign in (-1.0, 1.0):
            if wall is not None and axis == 2 and sign > 0:
                continue  # open at the top
            face = np.zeros((len(u), 3))
            others = [k for k in range(3) if k != axis]
            face[:, others[0]], face[:, others[1]] = u * size[others[0]], v * size[others[1]]
            face[:, axis] = sign * size[axis] / 2
            normal = np.zeros(3)
            normal[axis] = sign
            points.append(face)
            normals.append(np.tile(normal, (len(u), 1)))
            if wall is not None:  # the other side of the same wall
                inner = face.copy()
                inner[:, axis] -= sign * wall
                inner[:, others[0]] *= 0.9
                points.append(inner)
                normals.append(np.tile(-normal, (len(u), 1)))
    return np.concatenate(points), np.concatenate(normals)
