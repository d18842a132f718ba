"""Fixed cameras: colour, depth in metres, and which thing each pixel shows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.client import Client
from sim.world import World, WorldSpec
from skills.types import Array, Vec3

BACKGROUND = -1


@dataclass(frozen=True)
class CameraSpec:
    """Where a camera is and what it takes in. World frame, metres; ``fov``: vertical opening [degrees]."""

    eye: Vec3
    target: Vec3
    up: Vec3 = (0.0, 0.0, 1.0)
    fov: float = 42.0
    width: int = 640
    height: int = 480
    near: float = 0.1
    far: float = 6.0
    shadow: bool = False  # the software renderer's shadows are right in close views only

    def __post_init__(self) -> None:
        if self.width < 8 or self.height < 8:
            raise ValueError(f"a picture needs at least 8 x 8 pixels, got {self.width} x {self.height}")
        if not 0 < self.near < self.far:
            raise ValueError(f"need 0 < near < far, got {self.near} and {self.far}")

    def sized(self, width: int, height: int) -> CameraSpec:
        """The same view in another resolution."""
        return replace(self, width=width, height=height)


@dataclass(frozen=True, eq=False)
class Picture:
    """``rgb`` (H, W, 3) uint8; ``depth`` (H, W) [m] along the viewing axis; ``ids`` (H, W) int32 index into ``names``,
    -1 where nothing is."""

    rgb: NDArray[np.uint8]
    depth: Array
    ids: NDArray[np.int32]
    names: tuple[str, ...]

    def mask(self, name: str) -> NDArray[np.bool_]:
        """(H, W) the pixels that show a thing; raises KeyError with the choices."""
        if name not in self.names:
            raise KeyError(f"no body {name!r} in this picture; known: {', '.join(self.names)}")
        return np.asarray(self.ids == self.names.index(name))

    def seen(self) -> dict[str, int]:
        """Every visible body and its number of pixels."""
        found, counts = np.unique(self.ids, return_counts=True)
        return {self.names[i]: int(n) for i, n in zip(found, counts, strict=True) if i != BACKGROUND}


def facing_camera(spec: WorldSpec, width: int = 640, height: int = 480) -> CameraSpec:
    """A person's view from across the table: on the robot's far side, looking back at it, high enough to see into
    bowls. It follows the robot's base, so it also fits a robot that stands elsewhere."""
    base = spec.base
    eye = base.apply((1.50, 0.0, 0.98))
    target = base.apply((0.36, 0.0, 0.14))
    return CameraSpec(_vec(eye), _vec(target), width=width, height=height)


def side_camera(spec: WorldSpec, width: int = 640, height: int = 480) -> CameraSpec:
    """From the robot's left, low: for seeing what the fingers do."""
    base = spec.base
    return CameraSpec(
        _vec(base.apply((0.75, 0.95, 0.35))), _vec(base.apply((0.5, 0.0, 0.1))), width=width, height=height
    )


def close_camera(world: World, name: str, distance: float = 0.45, width: int = 640, height: int = 480) -> CameraSpec:
    """A close look at one thing where it is now, from the far side of the robot and a little above."""
    place = np.asarray(world.pose(name).position)
    away = place - np.asarray(world.spec.base.position)
    heading = math.atan2(away[1], away[0]) + 0.7
    eye = place + distance * np.array([0.85 * math.cos(heading), 0.85 * math.sin(heading), 0.5])
    return CameraSpec(_vec(eye), _vec(place), width=width, height=height, near=0.03, shadow=True)


def take(world: World, camera: CameraSpec) -> Picture:
    """A picture of a world as it is now."""
    world.dress()
    return render(world.client, camera)


def render(client: Client, camera: CameraSpec) -> Picture:
    """A picture of all registered bodies of a client (software renderer)."""
    row = _taken(
        client,
        camera,
        shadow=int(camera.shadow),
        lightDirection=_light(camera),
        lightColor=[1.0, 0.98, 0.94],
        lightDistance=3.0,
        lightAmbientCoeff=0.62,
        lightDiffuseCoeff=0.42,
        lightSpecularCoeff=0.08,
    )
    shape = (camera.height, camera.width)
    rgb = np.asarray(row[2], np.uint8).reshape(*shape, 4)[..., :3].copy()
    depth, ids, names = _measured(client, camera, row)
    empty = np.asarray(row[4]).reshape(shape) < 0
    rgb[empty] = _backdrop(shape)[empty]
    return Picture(rgb, depth, ids, names)


def render_depth(client: Client, camera: CameraSpec) -> tuple[Array, NDArray[np.int32], tuple[str, ...]]:
    """``depth``, ``ids`` and ``names`` as of the `Picture` of the same view, without its colours."""
    return _measured(client, camera, _taken(client, camera, shadow=0))


def _taken(client: Client, camera: CameraSpec, **light: Any) -> Any:
    """What the software renderer gives of a view; ``light``: its options for shadow and light."""
    view = client.computeViewMatrix(camera.eye, camera.target, camera.up)
    lens = client.computeProjectionMatrixFOV(camera.fov, camera.width / camera.height, camera.near, camera.far)
    return client.getCameraImage(camera.width, camera.height, view, lens, renderer=client.ER_TINY_RENDERER, **light)


def _measured(client: Client, camera: CameraSpec, row: Any) -> tuple[Array, NDArray[np.int32], tuple[str, ...]]:
    """Depth [m], and which named body each pixel shows."""
    shape = (camera.height, camera.width)
    buffer = np.asarray(row[3], float).reshape(shape)
    depth = camera.far * camera.near / (camera.far - (camera.far - camera.near) * buffer)
    raw = np.asarray(row[4], np.int64).reshape(shape)
    bodies = np.where(raw >= 0, raw & ((1 << 24) - 1), BACKGROUND)
    names = client.names
    number = np.full(max((client.body(n) for n in names), default=0) + 2, BACKGROUND, np.int32)  # the last one: -1
    for i, name in enumerate(names):
        number[client.body(name)] = i
    return depth, number[np.minimum(bodies, len(number) - 1)], names


def _backdrop(shape: tuple[int, int]) -> NDArray[np.uint8]:
    """A soft grey-blue that darkens downward: nothing is there, and it should look so."""
    down = np.linspace(0.0, 1.0, shape[0])[:, None, None]
    colour = (1 - down) * np.array([232.0, 236.0, 240.0]) + down * np.array([168.0, 178.0, 188.0])
    return np.broadcast_to(colour, (*shape, 3)).astype(np.uint8)


def _light(camera: CameraSpec) -> list[float]:
    """From above, over the viewer's left shoulder."""
    away = np.asarray(camera.eye) - np.asarray(camera.target)
    side = np.cross((0.0, 0.0, 1.0), away)
    return [float(x) for x in 0.6 * away + 0.5 * side + np.array([0.0, 0.0, 1.6])]


def pixel_of(camera: CameraSpec, points_world: Sequence[Vec3] | Array) -> Array:
    """(N, 2) column and row of world points (N, 3) [m] in the picture (may lie outside of it)."""
    eye, target = np.asarray(camera.eye, float), np.asarray(camera.target, float)
    forward = (target - eye) / np.linalg.norm(target - eye)
    right = np.cross(forward, np.asarray(camera.up, float))
    right /= np.linalg.norm(right)
    down = np.cross(forward, right)
    rel = np.atleast_2d(np.asarray(points_world, float)) - eye
    scale = camera.height / 2 / math.tan(math.radians(camera.fov) / 2) / (rel @ forward)
    return np.stack([camera.width / 2 + rel @ right * scale, camera.height / 2 + rel @ down * scale], axis=1)


def _vec(values: Array) -> Vec3:
    x, y, z = (float(v) for v in values)
    return (x, y, z)
