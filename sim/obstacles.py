"""Things as obstacles in thought: their own shape, the front panels that belong to it, and handles under names of their
own, so that a hand may touch a handle and still keep off the face behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim.bodies import collision_shape, hollow_parts
from sim.client import Client
from skills.mechanisms import Block
from skills.niches import walls
from skills.opening import handle_name
from skills.types import Array, Form, ObjectState, Pose, Shape


@dataclass(frozen=True, eq=False)
class Standing:
    """Obstacles by row: names (K), centres (K, 3) and halves (K, 3) of the world's boxes around them, margins included
    [m], and which of them are furniture (K)."""

    names: tuple[str, ...]
    centre: Array
    half: Array
    fixed: Array


def with_handles(objects: Mapping[str, ObjectState]) -> Iterator[tuple[str, ObjectState]]:
    """All things, and after a thing with a handle that handle as a box of its own."""
    for name, state in objects.items():
        yield name, state
        joint = state.joint
        if joint is not None and joint.handle is not None and joint.parts[:1] == (name,):
            yield handle_name(name), _handle(state)


def _handle(state: ObjectState) -> ObjectState:
    assert state.joint is not None
    assert state.joint.handle is not None
    h = state.joint.handle
    out, along = np.array(h.out), np.array(h.along)
    m = np.eye(4)
    m[:3, 0], m[:3, 1], m[:3, 2] = out, along, np.cross(out, along)
    deep = h.standoff + h.thickness / 2
    m[:3, 3] = np.array(h.centre) - out * (deep / 2 - h.thickness / 2)
    shape = Shape(Form.BOX, (deep, h.length, h.thickness))
    return replace(state, shape=shape, pose_world=Pose.from_matrix(m), joint=None, kind="handle")


def blocks_of(state: ObjectState) -> tuple[Block, ...]:
    """What belongs to a thing beyond its shape."""
    return () if state.joint is None else state.joint.blocks


def obstacle_shape(client: Client, state: ObjectState) -> int:
    """The collision shape of a thing with everything that belongs to it."""
    blocks = blocks_of(state)
    if not blocks and state.niche is None:
        return collision_shape(client, state.shape)
    boxes = [(p.half, p.position, p.orientation) for p in hollow_parts(state.shape)] if state.shape.hollow else []
    if state.niche is not None:
        boxes = [(half, middle, (0.0, 0.0, 0.0, 1.0)) for half, middle in walls(state)]
    if not boxes:
        x, y, z = state.shape.size
        boxes = [((x / 2, y / 2, z / 2), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0))]
    boxes += [((b.size[0] / 2, b.size[1] / 2, b.size[2] / 2), b.position, (0.0, 0.0, 0.0, 1.0)) for b in blocks]
    made: int = client.createCollisionShapeArray(
        shapeTypes=[client.GEOM_BOX] * len(boxes),
        halfExtents=[half for half, _, _ in boxes],
        collisionFramePositions=[position for _, position, _ in boxes],
        collisionFrameOrientations=[orientation for _, _, orientation in boxes],
    )
    return made


def half_box(state: ObjectState) -> Array:
    """(3,) half extents of a world box around a thing with everything that belongs to it, centred at its pose."""
    half = np.asarray(state.extents()) / 2
    for b in blocks_of(state):
        reach = np.abs(np.asarray(b.position)) + np.asarray(b.size) / 2
        half = np.maximum(half, np.abs(state.pose_world.rotation()) @ reach)
    return half
