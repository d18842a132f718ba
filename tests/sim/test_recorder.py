"""Recording is exact and does not change what it records."""

from __future__ import annotations

import numpy as np
import pytest

from sim.recorder import Recorder


def test_frames_hold_what_was(make_world):
    world = make_world([("red block", 0.5, 0.0), ("apple", 0.4, 0.2)])
    recorder = Recorder(world)
    world.disturb_push("apple", (0.03, 0.0, 0.0))
    world.step(160)
    recording = recorder.stop()
    assert [f.tick for f in recording.frames] == list(range(0, 161, 16))
    assert recording.rate == pytest.approx(15.0)
    last = recording.frames[-1]
    assert last.poses[1][0] == world.pose("apple").position
    assert last.joints[:7] == world.arm.state()[0]
    assert last.moved_from(recording.frames[0])
    assert not last.moved_from(last)
    world.step(32)
    assert len(recorder.stop().frames) == len(recording.frames)


def test_recording_changes_nothing(make_world):
    ends = []
    for watched in (False, True):
        world = make_world([("apple", 0.5, 0.0)])
        if watched:
            Recorder(world)
        world.disturb_push("apple", (0.03, 0.01, 0.0))
        world.step(120)
        ends.append(np.array(world.pose("apple").position).tobytes())
    assert ends[0] == ends[1]
