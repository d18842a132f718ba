"""From a recording to an mp4 file, after the episode: in a world of its own, frame by frame."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.camera import CameraSpec, facing_camera, take
from sim.recorder import Frame, Recording
from sim.world import World

SIZE = (480, 360)
Progress = Callable[[int, int], None]  # frames done, frames in all


def show(world: World, frame: Frame) -> None:
    """Arrange a world (one that is only looked at) as it was in a frame."""
    c, arm = world.client, world.arm
    for joint, value in zip(arm.moving, frame.joints, strict=True):
        c.resetJointState(arm.body, joint, value)
    for name, (position, orientation) in zip(world.things, frame.poses, strict=True):
        c.resetBasePositionAndOrientation(c.body(name), position, orientation)
    for unit, joints in zip(world.units, frame.units, strict=True):
        unit.arrange(joints[:-1], bool(joints[-1]))
    for stuff, positions in zip(world.stuff.values(), frame.grains, strict=True):
        stuff.arrange(positions)
    for spill, wiped in zip(world.spills.values(), frame.wiped, strict=True):
        spill.arrange(wiped)


def pictures(recording: Recording, camera: CameraSpec | None = None) -> Iterator[NDArray[np.uint8]]:
    """RGB pictures (H, W, 3) of every frame; a frame in which nothing moved is not drawn again."""
    camera = camera or facing_camera(recording.spec, *SIZE)
    last: tuple[Frame, NDArray[np.uint8]] | None = None
    with World(dataclasses.replace(recording.spec, holding=None)) as world:
        for frame in recording.frames:
            if last is None or frame.moved_from(last[0]):
                show(world, frame)
                last = (frame, take(world, camera).rgb)
            yield last[1]


def write_video(
    recording: Recording,
    path: str | Path,
    camera: CameraSpec | None = None,
    speed: float = 1.0,
    progress: Progress | None = None,
) -> Path:
    """Write an mp4 (H.264). ``speed``: 2 plays twice as fast as the simulated time.

    Raises ValueError for an empty recording or odd picture sizes, OSError when the folder cannot be written.
    """
    if not recording.frames:
        raise ValueError("the recording holds no frames; nothing to show")
    if speed <= 0:
        raise ValueError(f"speed must be positive, got {speed}")
    camera = camera or facing_camera(recording.spec, *SIZE)
    if camera.width % 2 or camera.height % 2:
        raise ValueError(f"a video needs even picture sizes, got {camera.width} x {camera.height}")
    import imageio_ffmpeg

    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.open("wb").close()  # a folder without write permission speaks here, not inside the encoder
    writer = imageio_ffmpeg.write_frames(
        str(path),
        (camera.width, camera.height),
        fps=recording.rate * speed,
        codec="libx264",
        macro_block_size=2,
        output_params=["-crf", "22", "-preset", "veryfast", "-movflags", "+faststart"],
        ffmpeg_log_level="error",
    )
    writer.send(None)
    total = len(recording.frames)
    try:
        for i, picture in enumerate(pictures(recording, camera)):
            writer.send(np.ascontiguousarray(picture))
            if progress is not None:
                progress(i + 1, total)
    finally:
        writer.close()
    return path


def write_picture(picture: NDArray[np.uint8], path: str | Path) -> Path:
    """Write a PNG file from an RGB picture (H, W, 3)."""
    import imageio.v3 as imageio

    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    imageio.imwrite(path, picture)
    return path
