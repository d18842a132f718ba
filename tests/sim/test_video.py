"""Recordings become videos that can be read again."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sim.camera import facing_camera
from sim.recorder import Recorder, Recording
from sim.video import pictures, write_picture, write_video


@pytest.fixture
def recording(make_world) -> Recording:
    world = make_world([("red block", 0.5, 0.0), ("apple", 0.4, 0.2)])
    world.step(60)
    recorder = Recorder(world)
    world.disturb_push("apple", (0.06, 0.0, 0.0))
    world.step(96)
    return recorder.stop()


def test_a_video_is_written_and_readable(recording, tmp_path):
    import imageio_ffmpeg

    seen: list[tuple[int, int]] = []
    camera = facing_camera(recording.spec, 160, 120)
    path = write_video(recording, tmp_path / "deep" / "v.mp4", camera, progress=lambda i, n: seen.append((i, n)))
    count, seconds = imageio_ffmpeg.count_frames_and_secs(str(path))
    assert count == len(recording.frames) == 7
    assert seconds == pytest.approx(7 / 15, abs=0.1)
    assert seen[-1] == (7, 7)
    reader = imageio_ffmpeg.read_frames(str(path))
    assert next(reader)["size"] == (160, 120)
    first = np.frombuffer(next(reader), np.uint8).reshape(120, 160, 3)
    drawn = next(pictures(recording, camera))
    assert np.abs(first.astype(int) - drawn.astype(int)).mean() < 8


def test_unchanged_frames_are_not_drawn_again(recording):
    still = dataclasses.replace(recording, frames=(recording.frames[0],) * 30)
    drawn = list(pictures(still, facing_camera(still.spec, 64, 48)))
    assert len(drawn) == 30
    assert all(p is drawn[0] for p in drawn)
    moving = list(pictures(recording, facing_camera(recording.spec, 160, 120)))
    assert not np.array_equal(moving[0], moving[-1])


def test_bad_requests_are_refused(recording, tmp_path):
    with pytest.raises(ValueError, match="no frames"):
        write_video(dataclasses.replace(recording, frames=()), tmp_path / "v.mp4")
    with pytest.raises(ValueError, match="even picture sizes"):
        write_video(recording, tmp_path / "v.mp4", facing_camera(recording.spec, 161, 120))
    with pytest.raises(ValueError, match="speed must be positive"):
        write_video(recording, tmp_path / "v.mp4", speed=0)
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        write_video(recording, tmp_path / "file" / "v.mp4")


def test_pictures_are_written_as_png(recording, tmp_path):
    import imageio.v3 as imageio

    picture = next(pictures(recording, facing_camera(recording.spec, 64, 48)))
    path = write_picture(picture, tmp_path / "p.png")
    assert np.array_equal(imageio.imread(path), picture)
