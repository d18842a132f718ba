"""A depth camera made of arithmetic: rays against models, for tests of perception without physics or renderer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from skills.perception_model import ObjectModel
from skills.perception_view import View
from skills.types import Form, Pose, Shape

SIZE = (90, 120)  # rows, columns
FOCAL = 130.0
BLOCK = ObjectModel("block", "block", Shape(Form.BOX, (0.06, 0.04, 0.05)), colour="red")
CAN = ObjectModel("can", "can", Shape(Form.CYLINDER, (0.062, 0.062, 0.11)))
BALL = ObjectModel("ball", "ball", Shape(Form.SPHERE, (0.07, 0.07, 0.07)))
BOWL = ObjectModel(
    "bowl",
    "bowl",
    Shape(Form.BOWL, (0.16, 0.16, 0.055), 0.006),
    outline=((0.0, -0.0275), (0.064, -0.0275), (0.08, 0.0275), (0.074, 0.0275), (0.058, -0.0215), (0.0, -0.0215)),
)
BIN = ObjectModel("bin", "bin", Shape(Form.BIN, (0.22, 0.15, 0.08), 0.006))
MODELS = {m.name: m for m in (BLOCK, CAN, BALL, BOWL, BIN)}
LEFT, FRONT = (0.5, -0.8, 0.7), (1.2, 0.0, 0.7)


def resting(name: str, x: float, y: float, yaw: float = 0.0) -> Pose:
    """A thing standing on a table whose top is z = 0."""
    return Pose.from_yaw((x, y, MODELS[name].shape.size[2] / 2), yaw)


def look_at(eye: tuple[float, float, float], target: tuple[float, float, float] = (0.5, 0.0, 0.0)) -> Pose:
    """pose_world_camera."""
    z = np.subtract(target, eye)
    z = z / np.linalg.norm(z)
    x = np.cross(z, (0.0, 0.0, 1.0))
    x /= np.linalg.norm(x)
    m = np.eye(4)
    m[:3, 0], m[:3, 1], m[:3, 2], m[:3, 3] = x, np.cross(z, x), z, eye
    return Pose.from_matrix(m)


def take(
    things: Mapping[str, Pose],
    eye: tuple[float, float, float] = LEFT,
    noise: float = 0.0,
    seed: int = 0,
    tick: int = 0,
    models: Mapping[str, ObjectModel] = MODELS,
    target: tuple[float, float, float] = (0.5, 0.0, 0.0),
) -> View:
    """What a camera at ``eye`` sees of the things on a table, by marching along every ray (sphere tracing)."""
    camera = look_at(eye, target)
    rows, columns = (a.ravel() for a in np.mgrid[0 : SIZE[0], 0 : SIZE[1]])
    rays = np.column_stack(
        [(columns + 0.5 - SIZE[1] / 2) / FOCAL, (rows + 0.5 - SIZE[0] / 2) / FOCAL, np.ones(len(rows))]
    )
    ways = rays @ camera.rotation().T  # per metre of depth
    length = np.linalg.norm(ways, axis=1)
    down = np.where(ways[:, 2] < -1e-9, -eye[2] / np.minimum(ways[:, 2], -1e-9), 9.0)
    depth, labels = np.minimum(down, 9.0), np.full(len(rows), -1)
    for k, (name, pose) in enumerate(things.items()):
        z = np.full(len(rows), 0.2)
        back = pose.inverse()
        near = np.linalg.norm(np.cross(ways / length[:, None], np.subtract(pose.position, eye)), axis=1) < 0.2
        for _ in range(60):
            gap = models[name].distances(back.apply(np.asarray(eye) + ways[near] * z[near, None]))
            z[near] += np.maximum(gap, 0.0) / length[near]
        hit = near.copy()
        hit[near] = models[name].distances(back.apply(np.asarray(eye) + ways[near] * z[near, None])) < 5e-4
        hit &= z < depth
        depth[hit], labels[hit] = z[hit], k
    rng = np.random.default_rng(seed)
    measured = depth + noise * rng.normal(size=depth.shape)
    measured[depth >= 9.0] = 0.0
    return View(
        "test",
        measured.reshape(SIZE),
        labels.reshape(SIZE).astype(np.int32),
        tuple(things),
        camera,
        (FOCAL, FOCAL),
        (SIZE[1] / 2, SIZE[0] / 2),
        tick,
    )
