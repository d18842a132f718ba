"""Depth cameras fixed in the scene or carried by the robot: rendered, disturbed like real ones, named pixel by pixel.

The segmentation of the renderer plays the part of the detector: it says which pixels belong to which named body.
Everything metric comes from the disturbed depth.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sim.camera import CameraSpec, render_depth
from sim.client import Client
from sim.seen import SeenWorld
from sim.sensor import DepthSensor
from sim.world import World
from skills.perception_view import View
from skills.types import Array, Pose, Quat, Region, Vec3

LOOK = (160, 120)  # pixels of a look: enough for things of some centimetres at a metre
SPOT = 0.15  # [m] between points at which a view is asked for places
BEYOND = 0.1  # [m] over the edge of a place
CAMERA_STREAM = 52_003  # keeps the cameras' draws apart from all others


@dataclass(frozen=True)
class DepthCamera:
    """A depth camera. ``eye``, ``target``, ``up``: in the world, or in the frame of the robot's ``link`` that carries
    it [m]; ``fov``: vertical opening [degrees]; size in pixels; ``far``: how far it sees [m]; ``pans``: directions that
    it takes in when it looks around."""

    name: str
    eye: Vec3
    target: Vec3
    up: Vec3 = (0.0, 0.0, 1.0)
    fov: float = 45.0
    width: int = LOOK[0]
    height: int = LOOK[1]
    far: float = 6.0
    link: str | None = None
    pans: int = 1

    def spec(self, world: World, pan: float = 0.0) -> CameraSpec:
        """Where it is now; ``pan``: turned by this about its upward direction [rad]."""
        eye, target, up = self.eye, self.target, self.up
        if pan:
            ahead = Pose((0.0, 0.0, 0.0), _about(up, pan)).apply(np.subtract(target, eye))
            target = _vec(np.asarray(eye) + ahead)
        if self.link is not None:
            frame = link_pose(world, self.link)
            eye, target = _vec(frame.apply(eye)), _vec(frame.apply(target))
            up = _vec(frame.rotation() @ np.asarray(up))
        return CameraSpec(eye, target, up, self.fov, self.width, self.height, near=0.05, far=self.far)


class CameraRig:
    """Several depth cameras of one world. Equal seeds and ticks give equal pictures, however many were taken before.

    ``regions``: where things may lie. A camera that looks around skips the directions in which it sees none of them.
    """

    def __init__(
        self,
        world: World,
        cameras: Sequence[DepthCamera],
        sensor: DepthSensor,
        seed: int,
        regions: Iterable[Region] = (),
    ) -> None:
        names = [c.name for c in cameras]
        if not names or len(set(names)) < len(names):
            raise ValueError(f"a rig needs cameras with different names, got {', '.join(names) or 'none'}")
        self.world, self.cameras, self.sensor, self.seed = world, tuple(cameras), sensor, seed
        self._seen: SeenWorld | None = None
        self._spots = np.concatenate([spots(r) for r in regions] or [np.zeros((0, 3))])
        self._slips = [
            sensor.misplace(Pose(), np.random.default_rng([seed, CAMERA_STREAM, k])) for k in range(len(cameras))
        ]

    def look(self, tick: int, around: bool = False) -> list[View]:
        """One picture of every camera, stamped with a control tick; ``around``: those that can turn do so."""
        lean = self._as_it_is()
        views = []
        for k, camera in enumerate(self.cameras):
            for pan in range(camera.pans if around else 1):
                if pan == 0 or self._worth(camera.spec(self.world, 2 * math.pi * pan / camera.pans)):
                    views.append(self._take(lean, k, tick, pan))
        return views

    def _worth(self, spec: CameraSpec) -> bool:
        """Whether some place where things may lie is in this view and near enough to be measured."""
        if not len(self._spots):
            return True
        local = pose_of(spec).inverse().apply(self._spots)
        near = (local[:, 2] > spec.near) & (local[:, 2] < self.sensor.reach[1])
        half = math.tan(math.radians(spec.fov) / 2) * local[:, 2]
        return bool(
            (near & (np.abs(local[:, 1]) < half) & (np.abs(local[:, 0]) < half * spec.width / spec.height)).any()
        )

    def _as_it_is(self) -> Client:
        """The lean copy of the world (built when there is none), with everything where it is now."""
        if self._seen is None or not self._seen.client.open:
            self._seen = SeenWorld(self.world)
        return self._seen.sync()

    def _take(self, lean: Client, k: int, tick: int, pan: int) -> View:
        camera = self.cameras[k]
        spec = camera.spec(self.world, 2 * math.pi * pan / camera.pans)
        depth, labels, names = render_depth(lean, spec)
        rng = np.random.default_rng([self.seed, CAMERA_STREAM, k, pan, self.world.tick])
        focal = spec.height / 2 / math.tan(math.radians(spec.fov) / 2)
        return View(
            camera.name if pan == 0 else f"{camera.name} turned {360 * pan // camera.pans}",
            self.sensor.measure(depth, rng),
            labels,
            names,
            pose_of(spec) @ self._slips[k],
            (focal, focal),
            (spec.width / 2 + 0.5, spec.height / 2 - 0.5),  # where the software renderer samples, found on flat walls
            tick,
        )


def spots(region: Region) -> Array:
    """(N, 3) world points all over a region, from a little below its surface to as high as things are, and a little
    beyond its edges."""
    low, high = np.asarray(region.low) - BEYOND, np.asarray(region.high) + BEYOND
    axes = [np.linspace(low[k], high[k], 2 + round((high[k] - low[k]) / SPOT)) for k in (0, 1)]
    heights = region.surface + np.array([-0.05, 0.1, 0.3])
    return np.stack(np.meshgrid(*axes, heights), axis=-1).reshape(-1, 3)


def carried_cameras(world: World) -> tuple[DepthCamera, ...]:
    """The cameras of the world's robot."""
    return tuple(
        DepthCamera(m.name, m.eye, m.target, m.up, m.fov, m.width, m.height, m.far, m.link, m.pans)
        for m in world.robot.cameras
    )


def link_pose(world: World, link: str) -> Pose:
    """pose_world_link of a named link of the robot, as its joint encoders tell; raises ValueError with the choices."""
    client, body = world.client, world.arm.body
    found = {client.getJointInfo(body, i)[12].decode(): i for i in range(client.getNumJoints(body))}
    if link not in found:
        raise ValueError(f"the robot has no link {link!r} to carry a camera; links: {', '.join(found)}")
    row = client.getLinkState(body, found[link], computeForwardKinematics=1)
    return Pose.of(row[4], row[5])


def _about(axis: Vec3, angle: float) -> Quat:
    x, y, z = (float(v) * math.sin(angle / 2) for v in np.asarray(axis) / np.linalg.norm(axis))
    return (x, y, z, math.cos(angle / 2))


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
