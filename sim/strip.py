"""From a recording to a film strip: a few moments of an episode side by side, the camera beside the hand."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.camera import CameraSpec, take
from sim.recorder import Frame, Recording
from sim.video import show
from sim.world import World
from skills.types import Array

SIZE = (300, 225)
COLUMNS = 4
GAP = 4  # pixels between pictures
STILL = 0.004  # weight of a frame in which nothing moved


def film_strip(
    recording: Recording, count: int = 8, distance: float = 1.15, heading: float = 1.25
) -> NDArray[np.uint8]:
    """(H, W, 3) ``count`` moments, spread so that much happens between neighbours; the last one is the end.

    ``distance`` [m]: of the camera from the hand; ``heading`` [rad]: from which side, 0 behind the robot. Raises
    ValueError for an empty recording.
    """
    if not recording.frames:
        raise ValueError("the recording holds no frames; nothing to show")
    chosen = moments(recording, count)
    tiles = []
    with World(dataclasses.replace(recording.spec, holding=None)) as world:
        for frame in chosen:
            show(world, frame)
            target = np.asarray(world.arm.pose_world_tool().position)
            tiles.append(take(world, _camera(_eye(world, target, distance, heading), target)).rgb)
    return contact_sheet(tiles)


def moments(recording: Recording, count: int) -> list[Frame]:
    """Frames between which about equally much moves."""
    frames = recording.frames
    done = np.concatenate([[0.0], np.cumsum([_change(a, b) for a, b in pairwise(frames)])])
    wanted = np.linspace(done[-1] / (2 * count), done[-1], count)
    return [frames[min(int(np.searchsorted(done, w)), len(frames) - 1)] for w in wanted]


def _change(a: Frame, b: Frame) -> float:
    joints = float(np.abs(np.subtract(a.joints, b.joints)).max())
    things = max((math.dist(p[0], q[0]) for p, q in zip(a.poses, b.poses, strict=True)), default=0.0)
    parts = max((float(np.abs(np.subtract(p, q)).max()) for p, q in zip(a.units, b.units, strict=True)), default=0.0)
    return STILL + joints + 2 * things + 2 * parts


def _eye(world: World, target: Array, distance: float, heading: float) -> Array:
    """Where the camera is: to the side of the line from the robot's foot to its hand, and above."""
    base = world.arm.base_state()
    foot = np.asarray(base[0][:2] if base is not None else world.spec.base.position[:2])
    ahead = target[:2] - foot
    turn = math.atan2(ahead[1], ahead[0]) + math.pi - heading
    return target + distance * np.array([0.8 * math.cos(turn), 0.8 * math.sin(turn), 0.6])


def _camera(eye: Array, target: Array) -> CameraSpec:
    (ex, ey, ez), (tx, ty, tz) = (tuple(float(v) for v in p) for p in (eye, target))
    return CameraSpec((ex, ey, ez), (tx, ty, tz), fov=48.0, width=SIZE[0], height=SIZE[1])


def contact_sheet(tiles: list[NDArray[np.uint8]], columns: int = COLUMNS) -> NDArray[np.uint8]:
    """Pictures of one size (H, W, 3) in rows, read like text."""
    height, width = tiles[0].shape[:2]
    rows = -(-len(tiles) // columns)
    sheet = np.full((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP, 3), 255, np.uint8)
    for i, tile in enumerate(tiles):
        y, x = (i // columns) * (height + GAP), (i % columns) * (width + GAP)
        sheet[y : y + height, x : x + width] = tile
    return sheet


def write_strip(sheet: NDArray[np.uint8], path: str | Path, quality: int = 80) -> Path:
    """Write a JPEG file."""
    import imageio.v3 as imageio

    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    imageio.imwrite(path, sheet, quality=quality)
    return path
