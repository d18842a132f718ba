"""Shapes as the physics sees them: collision parts, smooth pictures, contact settings.

Bowls and bins are compounds of boxes and thus truly hollow; one convex hull would put a lid on them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.client import Client
from sim.labels import label_mesh, label_of
from sim.objects import Body
from skills.types import Array, Form, Pose, Quat, Shape, Vec3

WALLS = 12  # boxes around a bowl
SLEEP = 2e-5  # v^2 + w^2 below which a thing that rests for 2 s costs no more time, until something touches it
FURNITURE_FLOOR = 0.06  # [m] thickness of the floor of furniture that is open at the top, for what falls into it
FOOT = 0.002  # [m] the walls end above the support, so that the base alone stands on it: fewer contacts, no rocking


@dataclass(frozen=True)
class Part:
    """One box of a compound. ``half``: half extents [m]; the pose is seen from the body frame."""

    half: Vec3
    position: Vec3
    orientation: Quat = (0.0, 0.0, 0.0, 1.0)


def bowl_base_radius(shape: Shape) -> float:
    """Outer radius of a bowl at its foot [m]; cups have nearly straight walls."""
    radius = shape.size[0] / 2
    return radius * (0.95 if shape.size[2] > 0.7 * shape.size[0] else 0.8)


def hollow_parts(shape: Shape, inflate: float = 0.0) -> list[Part]:
    """The boxes that make up a bowl or bin, each grown by ``inflate`` [m] on every side."""
    parts = _bowl_parts(shape) if shape.form is Form.BOWL else _bin_parts(shape)
    if not inflate:
        return parts
    g = inflate
    return [Part((p.half[0] + g, p.half[1] + g, p.half[2] + g), p.position, p.orientation) for p in parts]


def _bowl_parts(shape: Shape) -> list[Part]:
    rim, base, height, wall = shape.size[0] / 2, bowl_base_radius(shape), shape.size[2], shape.wall
    flat = (1 + math.cos(math.pi / WALLS)) / 2  # a ring of flats, half inside and half outside of the true circle
    tilt = math.atan2(rim - base, height)
    slope = (height - FOOT) / math.cos(tilt)
    z_mid = FOOT / 2
    r_mid = (base + (rim - base) * (z_mid / height + 0.5)) * flat - wall / 2 / math.cos(tilt)
    width = rim * flat * math.tan(math.pi / WALLS)
    parts = []
    for i in range(WALLS):
        a = 2 * math.pi * i / WALLS
        q = (-math.sin(tilt / 2) * math.sin(a / 2), math.sin(tilt / 2) * math.cos(a / 2))
        quat = (q[0], q[1], math.cos(tilt / 2) * math.sin(a / 2), math.cos(tilt / 2) * math.cos(a / 2))
        parts.append(Part((wall / 2, width, slope / 2), (r_mid * math.cos(a), r_mid * math.sin(a), z_mid), quat))
    side = base * math.cos(math.pi / 4)
    turn = (0.0, 0.0, math.sin(math.pi / 8), math.cos(math.pi / 8))
    foot, thin = -height / 2 + wall / 2, (wall - FOOT) / 2
    parts.append(Part((side, side, wall / 2), (0.0, 0.0, foot)))
    parts.append(Part((side, side, thin), (0.0, 0.0, foot + wall / 2 - thin), turn))
    return parts


def _bin_parts(shape: Shape) -> list[Part]:
    x, y, z = (s / 2 for s in shape.size)
    w = shape.wall / 2
    high = z - FOOT / 2
    return [
        Part((w, y, high), (x - w, 0.0, FOOT / 2)),
        Part((w, y, high), (w - x, 0.0, FOOT / 2)),
        Part((x, w, high), (0.0, y - w, FOOT / 2)),
        Part((x, w, high), (0.0, w - y, FOOT / 2)),
        Part((x, y, w), (0.0, 0.0, w - z)),
    ]


def collision_shape(client: Client, shape: Shape, inflate: float = 0.0) -> int:
    """The collision shape of ``shape``, grown by ``inflate`` [m] on every side; returns its id."""
    if shape.hollow:
        return _boxes(client, hollow_parts(shape, inflate))
    x, y, z = shape.size
    if shape.form is Form.SPHERE:
        made: int = client.createCollisionShape(client.GEOM_SPHERE, radius=x / 2 + inflate)
    elif shape.form is Form.CYLINDER:
        made = client.createCollisionShape(client.GEOM_CYLINDER, radius=x / 2 + inflate, height=z + 2 * inflate)
    else:
        half = [s / 2 + inflate for s in (x, y, z)]
        made = client.createCollisionShape(client.GEOM_BOX, halfExtents=half)
    return made


def _boxes(client: Client, parts: Sequence[Part]) -> int:
    """One collision shape of several boxes."""
    made: int = client.createCollisionShapeArray(
        shapeTypes=[client.GEOM_BOX] * len(parts),
        halfExtents=[p.half for p in parts],
        collisionFramePositions=[p.position for p in parts],
        collisionFrameOrientations=[p.orientation for p in parts],
    )
    return made


def visual_shape(client: Client, shape: Shape, rgba: tuple[float, float, float, float]) -> int:
    """What cameras see of ``shape``; bowls are smooth. Returns its id."""
    x, y, z = shape.size
    look = {"rgbaColor": list(rgba), "specularColor": [0.12, 0.12, 0.12]}
    if shape.form is Form.BOWL:
        vertices, indices, normals = lathe(bowl_profile(shape))
        made: int = client.createVisualShape(
            client.GEOM_MESH, vertices=vertices.tolist(), indices=indices, normals=normals.tolist(), **look
        )
        return made
    if shape.form is Form.BIN:
        parts = hollow_parts(shape)
        array: int = client.createVisualShapeArray(
            shapeTypes=[client.GEOM_BOX] * len(parts),
            halfExtents=[p.half for p in parts],
            visualFramePositions=[p.position for p in parts],
            rgbaColors=[list(rgba)] * len(parts),
        )
        return array
    if shape.form is Form.SPHERE:
        made = client.createVisualShape(client.GEOM_SPHERE, radius=x / 2, **look)
    elif shape.form is Form.CYLINDER:
        made = client.createVisualShape(client.GEOM_CYLINDER, radius=x / 2, length=z, **look)
    else:
        made = client.createVisualShape(client.GEOM_BOX, halfExtents=[x / 2, y / 2, z / 2], **look)
    return made


def bowl_profile(shape: Shape) -> Array:
    """(N, 2) radius and height [m] along a bowl, from the middle below, over the rim, to the middle inside."""
    rim, base, h, w = shape.size[0] / 2, bowl_base_radius(shape), shape.size[2] / 2, shape.wall
    corner = min(0.012, base / 4, h)  # the rounded foot, for the eye only
    outside = [(0.0, -h), (base - corner, -h), (base - 0.3 * corner, -h + 0.3 * corner)]
    waist = base + (rim - base) * corner / (2 * h)
    outside += [(waist, -h + corner), (rim, h)]
    inside = [(rim - w, h), (waist - w, -h + corner + w), (max(base - corner - w, 0.001), -h + w), (0.0, -h + w)]
    return np.array(outside + inside)


def lathe(profile: Array, sides: int = 40) -> tuple[Array, list[int], Array]:
    """Turn a profile (N, 2) about z into a triangle mesh: vertices (M, 3), indices, unit normals (M, 3).

    Every strip has its own vertices, so that its edges stay sharp.
    """
    vertices: list[Array] = []
    normals: list[Array] = []
    indices: list[int] = []
    angles = 2 * math.pi * np.arange(sides + 1) / sides
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    for (r0, z0), (r1, z1) in itertools.pairwise(profile):
        length = math.hypot(r1 - r0, z1 - z0)
        out = ((z1 - z0) / length, -(r1 - r0) / length)  # to the right of the way along the profile
        first = sum(len(v) for v in vertices)
        for r, z in ((r0, z0), (r1, z1)):
            vertices.append(np.column_stack([ring * r, np.full(sides + 1, z)]))
            normals.append(np.column_stack([ring * out[0], np.full(sides + 1, out[1])]))
        for i in range(sides):
            a, b = first + i, first + sides + 1 + i
            indices += [a, a + 1, b, b, a + 1, b + 1]
    return np.concatenate(vertices), indices, np.concatenate(normals)


def add_body(client: Client, body: Body, pose_world: Pose) -> int:
    """Put a thing into a world; returns its id. What is not movable has no mass and never moves; a spill touches
    nothing and is drawn by `sim.spills`."""
    if body.spill:
        point = client.createVisualShape(client.GEOM_BOX, halfExtents=[1e-4] * 3)
        where, turn = pose_world.position, pose_world.orientation
        return client.register(body.name, client.createMultiBody(0.0, -1, point, where, turn))
    made: int = client.createMultiBody(
        baseMass=body.mass if body.movable else 0.0,
        baseCollisionShapeIndex=collision_shape(client, body.shape),
        baseVisualShapeIndex=_look(client, body),
        basePosition=pose_world.position,
        baseOrientation=pose_world.orientation,
    )
    rolls = body.shape.form in (Form.SPHERE, Form.CYLINDER)
    client.changeDynamics(
        made,
        -1,
        lateralFriction=body.friction,
        rollingFriction={Form.SPHERE: 5e-4, Form.CYLINDER: 1e-4}.get(body.shape.form, 0.0),
        spinningFriction=1e-3 if rolls else 0.0,  # flat things rest on several points and need no such rows
    )
    if body.movable:
        client.changeDynamics(made, -1, activationState=client.ACTIVATION_STATE_ENABLE_SLEEPING, sleepThreshold=SLEEP)
    if body.soft:
        client.changeDynamics(made, -1, contactStiffness=5000.0, contactDamping=100.0)
    return client.register(body.name, made)


def _look(client: Client, body: Body) -> int:
    """The picture of a thing; packages are meshes that a label can be printed on."""
    if label_of(body) is None:
        return visual_shape(client, body.shape, body.rgba)
    mesh = label_mesh(body.shape)
    made: int = client.createVisualShape(
        client.GEOM_MESH,
        vertices=mesh.vertices.tolist(),
        indices=mesh.indices,
        normals=mesh.normals.tolist(),
        uvs=mesh.uvs.tolist(),
        rgbaColor=list(body.rgba),
        specularColor=[0.12, 0.12, 0.12],
    )
    return made


def wake(client: Client, body: int) -> None:
    """Make a resting thing feel that the world around it changed (contacts alone wake it otherwise)."""
    client.changeDynamics(body, -1, activationState=client.ACTIVATION_STATE_WAKE_UP)


def add_box(
    client: Client, name: str, size: Vec3, pose_world: Pose, rgba: tuple[float, float, float, float] | None
) -> int:
    """A fixed box: furniture, walls, the floor. ``size``: full extents [m]; without ``rgba`` it is not seen."""
    half = [s / 2 for s in size]
    seen = half if rgba is not None else [1e-4] * 3  # a body without any picture would be drawn by its collision shape
    look = client.createVisualShape(
        client.GEOM_BOX, halfExtents=seen, rgbaColor=list(rgba or (1, 1, 1, 1)), specularColor=[0.03, 0.03, 0.03]
    )
    made: int = client.createMultiBody(
        baseMass=0.0,
        baseCollisionShapeIndex=client.createCollisionShape(client.GEOM_BOX, halfExtents=half),
        baseVisualShapeIndex=look,
        basePosition=pose_world.position,
        baseOrientation=pose_world.orientation,
    )
    client.changeDynamics(made, -1, lateralFriction=0.6)
    return client.register(name, made)


def add_furniture(client: Client, name: str, shape: Shape, pose_world: Pose, rgba: tuple[float, ...]) -> int:
    """A fixed body: solid, or open at the top."""
    if shape.form is Form.BOX:
        return add_box(client, name, shape.size, pose_world, (rgba[0], rgba[1], rgba[2], rgba[3]))
    parts = hollow_parts(shape) if shape.hollow else []
    if shape.form is Form.BIN:  # thick below, unseen: what falls a centimetre a time step would get stuck in it
        x, y, _ = parts[-1].half
        parts[-1] = Part((x, y, FURNITURE_FLOOR / 2), (0.0, 0.0, shape.wall - shape.size[2] / 2 - FURNITURE_FLOOR / 2))
    made: int = client.createMultiBody(
        baseMass=0.0,
        baseCollisionShapeIndex=_boxes(client, parts) if parts else collision_shape(client, shape),
        baseVisualShapeIndex=visual_shape(client, shape, (rgba[0], rgba[1], rgba[2], rgba[3])),
        basePosition=pose_world.position,
        baseOrientation=pose_world.orientation,
    )
    client.changeDynamics(made, -1, lateralFriction=0.6)
    return client.register(name, made)


def add_picture(client: Client, shape: Shape, pose_world: Pose, rgba: tuple[float, ...]) -> int:
    """A body that is only seen: nothing touches it."""
    look = visual_shape(client, shape, (rgba[0], rgba[1], rgba[2], rgba[3]))
    made: int = client.createMultiBody(0.0, -1, look, pose_world.position, pose_world.orientation)
    return made
