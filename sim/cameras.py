"""Depth cameras fixed in the scene or carried by the robot: rendered, disturbed like real ones, named pixel by pixel.

The segmentation of the renderer plays the part of the detector: it says which pixels belong to which named body.
Everything metric comes from the disturbed depth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.camera import CameraSpec, render
from sim.sensor import DepthSensor
from sim.world import World
from skills.perception_view import View
from skills.types import Pose, Vec3

LOOK = (160, 120)  # pixels of a look: enough for things of some centimetres at a metre
CAMERA_STREAM = 52_003  # keeps the cameras' draws apart from all others


@dataclass(frozen=True)
class DepthCamera:
    """A depth camera. ``eye``, ``target``, ``up``: in the world, or in the frame of the robot's ``link`` that carries
    it [m]; ``fov``: vertical opening [degrees]; size in pixels; ``far``: how far it sees [m]."""

    name: str
    eye: Vec3
    target: Vec3
    up: Vec3 = (0.0, 0.0, 1.0)
    fov: float = 45.0
    width: int = LOOK[0]
    height: int = LOOK[1]
    far: float = 6.0
    link: str | None = None

    def spec(self, world: World) -> CameraSpec:
        """Where it is now."""
        eye, target, up = self.eye, self.target, self.up
        if self.link is not None:
            frame = world.arm.pose_world_link(self.link)
            eye, target = _vec(frame.apply(eye)), _vec(frame.apply(target))
            up = _vec(frame.rotation() @ np.asarray(up))
        return CameraSpec(eye, target, up, self.fov, self.width, self.height, near=0.05, far=self.far)


class CameraRig:
    """Several depth cameras of one world. Equal seeds and ticks give equal pictures, however many were taken before."""

    def __init__(self, world: World, cameras: Sequence[DepthCamera], sensor: DepthSensor, seed: int) -> None:
        names = [c.name for c in cameras]
        if not names or len(set(names)) < len(names):
            raise ValueError(f"a rig needs cameras with different names, got {', '.join(names) or 'none'}")
        self.world, self.cameras, self.sensor, self.seed = world, tuple(cameras), sensor, seed
        self._slips = [
            sensor.misplace(Pose(), np.random.default_rng([seed, CAMERA_STREAM, k])) for k in range(len(cameras))
        ]

    def look(self, tick: int) -> list[View]:
        """One picture of every camera, stamped with a control tick."""
        return [self._take(k, tick) for k in range(len(self.cameras))]

    def _take(self, k: int, tick: int) -> View:
        camera = self.cameras[k]
        spec = camera.spec(self.world)
        picture = render(self.world.client, spec)
        rng = np.random.default_rng([self.seed, CAMERA_STREAM, k, self.world.tick])
        focal = spec.height / 2 / math.tan(math.radians(spec.fov) / 2)
        return View(
            camera.name,
            self.sensor.measure(picture.depth, rng),
            picture.ids,
            picture.names,
            pose_of(spec) @ self._slips[k],
            (focal, focal),
            (spec.width / 2 + 0.5, spec.height / 2 - 0.5),  # where the software renderer samples, found on flat walls
            tick,
        )


def pose_of(spec: CameraSpec) -> Pose:
    """pose_world_camera: x to the right, y down, z along the view."""
    eye = np.asarray(spec.eye, float)
    z = np.asarray(spec.target, float) - eye
    z /= np.linalg.norm(z)
    x = np.cross(z, np.asarray(spec.up, float))
    x /= np.linalg.norm(x)
    m = np.eye(4)
    m[:3, 0], m[:3, 1], m[:3, 2], m[:3, 3] = x, np.cross(z, x), z, eye
    return Pose.from_matrix(m)


def _vec(values: np.ndarray) -> Vec3:
    x, y, z = (float(v) for v in values)
    return (x, y, z)
