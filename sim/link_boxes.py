"""What a robot's links are made of, for collision checks: boxes around them, and which of them can meet which.

Worked out once per robot in a client of its own; nothing here depends on where the robot stands.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.arm import Arm
from sim.chain import Chain, read_chain
from sim.client import Client
from sim.robots import RobotConfig
from skills.types import Array, Pose

APART = 3  # joints of an arm of six between two links that may hit each other, one more for every further joint
SAMPLES = 60  # random postures in which links are looked at
ROOTED = (0.30, 0.02, 0.01)  # [m] from the foot at most; above its plane at least; or always as high, to within


@dataclass(frozen=True, eq=False)
class LinkBox:
    """A box around a link. ``frame``: index of the arm's joint that it moves with, -1 for what stands still or rides on
    the base; ``centre``, ``half`` (3,) [m] in the frame of that joint (as `Chain.frames` has it), or of the base."""

    link: int
    frame: int
    centre: Array
    half: Array


@dataclass(frozen=True, eq=False)
class RobotLinks:
    """``boxes``: of all links that can be touched; ``rooted``: moving links that stay above and close to the foot, so
    that they meet no furniture but what they stand on; ``pairs``: of links that could hit each other; ``inner``: links
    that something in the hand could hit."""

    boxes: tuple[LinkBox, ...]
    rooted: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    inner: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class BoxRows:
    """Boxes by row: ``frames`` (L,), ``centres`` (L, 3) and ``halves`` (L, 3) of `LinkBox`es."""

    frames: NDArray[np.intp]
    centres: Array
    halves: Array

    @staticmethod
    def of(boxes: Sequence[LinkBox]) -> BoxRows:
        """The rows of some boxes."""
        centres, halves = (np.array([getattr(b, n) for b in boxes], float).reshape(-1, 3) for n in ("centre", "half"))
        return BoxRows(np.array([b.frame for b in boxes], np.intp), centres, halves)

    def seen(self, frames: Array) -> tuple[Array, Array]:
        """Centres and halves (N, L, 3) of the world's boxes around them, for world frames (N, L, 4, 4) of each."""
        turns = frames[..., :3, :3]
        where = frames[..., :3, 3] + (turns @ self.centres[:, :, None])[..., 0]
        return where, (np.abs(turns) @ self.halves[:, :, None])[..., 0]


@functools.cache
def robot_links(config: RobotConfig) -> RobotLinks:
    """The links of a robot. Deterministic."""
    client = Client()
    try:
        arm = Arm(client, config, Pose(), thinking=True)
        mount = Pose() if config.spec.base is None else Pose(config.spec.base.mount)
        chain = read_chain(config, mount)
        boxes = tuple(_boxes(client, arm, chain))
        rng = np.random.default_rng(11)
        postures = rng.uniform(config.spec.lower, config.spec.upper, (SAMPLES, chain.size))
        apart = APART + max(0, chain.size - 6)
        inner = tuple(b.link for b in boxes if b.frame < chain.size - 3)
        pairs = tuple(_pairs(client, arm, boxes, apart, postures))
        return RobotLinks(boxes, tuple(_rooted(boxes, chain, postures)), pairs, inner)
    finally:
        client.close()


def _boxes(client: Client, arm: Arm, chain: Chain) -> list[LinkBox]:
    """The boxes of the fingers hold them open and closed."""
    c, body = client, arm.body
    frames = chain.frames(np.zeros(chain.size))[0]
    moving = {joint: i for i, joint in enumerate(arm.joints)}
    spans: dict[int, tuple[int, list[Array]]] = {}
    for width in arm.spec.gripper_range:
        arm.reset([0.0] * chain.size, width)
        for link in range(-1, c.getNumJoints(body)):
            shapes = c.getCollisionShapeData(body, link)
            if not shapes:
                continue
            parent = link
            while parent not in moving and parent >= 0:
                parent = c.getJointInfo(body, parent)[16]
            inertial = _inertial_pose(c, body, link)
            points = inertial.apply(np.concatenate([_points(c, i, shape) for i, shape in enumerate(shapes)]))
            frame = moving.get(parent, -1)
            if frame >= 0:
                points = (points - frames[frame, :3, 3]) @ frames[frame, :3, :3]
            spans.setdefault(link, (frame, []))[1].extend([points.min(0), points.max(0)])
    out = []
    for link, (frame, corners) in spans.items():
        low, high = np.min(corners, axis=0), np.max(corners, axis=0)
        out.append(LinkBox(link, frame, (low + high) / 2, (high - low) / 2))
    return out


def _inertial_pose(client: Client, body: int, link: int) -> Pose:
    """pose_world of the frame in which the physics keeps a link's collision shapes."""
    if link < 0:
        return Pose.of(*client.getBasePositionAndOrientation(body))
    state = client.getLinkState(body, link, computeForwardKinematics=1)
    return Pose.of(state[4], state[5]) @ Pose.of(state[2], state[3])


def _points(client: Client, index: int, shape: Sequence[Any]) -> Array:
    """(N, 3) points around the ``index``-th collision shape of a link, in the link's inertial frame: a mesh's vertices,
    else the corners of a box."""
    if shape[2] == client.GEOM_MESH:
        return np.asarray(client.getMeshData(shape[0], shape[1], collisionShapeIndex=index)[1], float)
    half = np.asarray(shape[3]) / 2
    if shape[2] in (client.GEOM_CYLINDER, client.GEOM_CAPSULE):  # length, radius
        half = np.array([shape[3][1], shape[3][1], shape[3][0] / 2])
        half[2] += shape[3][1] if shape[2] == client.GEOM_CAPSULE else 0.0
    elif shape[2] == client.GEOM_SPHERE:
        half = np.full(3, shape[3][0])
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * half
    return np.asarray(Pose.of(shape[5], shape[6]).apply(corners))


def _pairs(client: Client, arm: Arm, boxes: Sequence[LinkBox], apart: int, postures: Array) -> list[tuple[int, int]]:
    """Links far enough apart along the arm, without those that overlap at rest or in nearly every posture: their
    shapes do so by construction (hulls of bent castings)."""
    found = []
    for a, b in itertools.permutations(boxes, 2):
        if a.frame - b.frame >= apart and a.frame >= 0:
            found.append((a.link, b.link))
    met = dict.fromkeys(found, 0)
    rest = [np.asarray(arm.spec.home)]
    for count, q in enumerate([*rest, *postures]):
        for joint, value in zip(arm.joints, q, strict=True):
            client.resetJointState(arm.body, joint, float(value))
        for a, b in found:
            if client.getClosestPoints(arm.body, arm.body, 0.0, linkIndexA=a, linkIndexB=b):
                met[a, b] += len(postures) if count == 0 else 1
    return [pair for pair in found if met[pair] < 0.9 * len(postures)]


def _rooted(boxes: Sequence[LinkBox], chain: Chain, postures: Array) -> list[int]:
    """See `RobotLinks`: judged by boxes in random postures."""
    far, above, constant = ROOTED
    frames = np.linalg.inv(chain.base) @ chain.frames(postures)
    found = []
    for box in (b for b in boxes if b.frame >= 0):
        signs = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)])
        corners = box.centre + signs * box.half
        placed = np.einsum("nij,kj->nki", frames[:, box.frame, :3, :3], corners) + frames[:, box.frame, None, :3, 3]
        lowest = placed[..., 2].min(axis=1)
        near = float(np.hypot(placed[..., 0], placed[..., 1]).max()) < far
        if near and (float(lowest.min()) > above or float(np.ptp(lowest)) < constant):
            found.append(box.link)
    return found
