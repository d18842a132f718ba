"""Boxes around a robot's links, for the cheap first stage of collision checks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.arm import Arm, model_file
from sim.chain import Chain
from sim.client import Client
from sim.robots import RobotConfig
from skills.base import Stand
from skills.types import Array, Pose


def link_boxes(
    client: Client, arm: Arm, config: RobotConfig, chain: Chain, stand: Stand
) -> tuple[list[tuple[int, int, Array, Array]], list[tuple[int, Array, Array]]]:
    """Per colliding link: its id, the chain frame it moves with, and a box (centre, half size) in that frame; then
    the same for links that ride on a base that drives, in the frame of the base.

    The boxes of the fingers hold them open and closed.
    """
    c, body = client, arm.body
    frames = chain.frames(np.zeros(chain.size))[0]
    moving = {joint: i for i, joint in enumerate(arm.joints)}
    folder = Path(model_file(config)).parent
    spans: dict[int, tuple[int, list[Array]]] = {}
    riding: list[tuple[int, Array, Array]] = []
    below = np.linalg.inv(Pose.from_yaw((*stand[:2], 0.0), stand[2]).matrix()) if arm.base_joints else None
    for width in config.spec.gripper_range:
        arm.reset([0.0] * chain.size, width)
        for link in range(c.getNumJoints(body)):
            shapes = c.getCollisionShapeData(body, link)
            if not shapes:
                continue
            parent = link
            while parent not in moving and parent >= 0:
                parent = c.getJointInfo(body, parent)[16]
            state = c.getLinkState(body, link, computeForwardKinematics=1)
            inertial = Pose.of(state[4], state[5]) @ Pose.of(state[2], state[3])
            points = (inertial @ Pose.of(shapes[0][5], shapes[0][6])).apply(_points(c, folder, shapes[0]))
            if parent not in moving:
                if below is not None and width == config.spec.gripper_range[0]:
                    local = points @ below[:3, :3].T + below[:3, 3]
                    low, high = local.min(0), local.max(0)
                    riding.append((link, (low + high) / 2, (high - low) / 2))
                continue
            frame = moving[parent]
            local = (points - frames[frame, :3, 3]) @ frames[frame, :3, :3]
            spans.setdefault(link, (frame, []))[1].extend([local.min(0), local.max(0)])
    boxes = []
    for link, (frame, corners) in spans.items():
        low, high = np.min(corners, axis=0), np.max(corners, axis=0)
        boxes.append((link, frame, (low + high) / 2, (high - low) / 2))
    return boxes, riding


def _points(client: Client, folder: Path, shape: Sequence[Any]) -> Array:
    """(N, 3) points around a collision shape, in its own frame: a mesh's vertices, else the corners of a box."""
    if shape[2] == client.GEOM_MESH:
        return _vertices(folder, shape[4].decode())
    half = np.asarray(shape[3]) / 2
    if shape[2] in (client.GEOM_CYLINDER, client.GEOM_CAPSULE):  # length, radius
        half = np.array([shape[3][1], shape[3][1], shape[3][0] / 2])
    return np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * half


def _vertices(folder: Path, mesh: str) -> Array:
    """(N, 3) vertices of a mesh file of the robot's model."""
    path = Path(mesh) if Path(mesh).is_absolute() else folder / mesh.replace("package://", "")
    rows = [
        line.split()[1:4]
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        if line[:2] == "v "
    ]
    return np.array(rows, float)
