"""Film strips: the moments in which something happens, side by side."""

from __future__ import annotations

import numpy as np
import pytest

from sim.objects import make_body
from sim.recorder import Recorder, Recording
from sim.strip import contact_sheet, film_strip, moments, write_strip
from sim.world import Fixture, Placed, World, WorldSpec
from skills.types import Pose


@pytest.fixture(scope="module")
def recording() -> Recording:
    """Nothing for a second, then the arm swings."""
    spec = WorldSpec(
        fixtures=(Fixture("table", (1.4, 1.4, 0.04), Pose((0.4, 0.0, -0.02))),),
        objects=(Placed(make_body("red block"), Pose((0.5, 0.1, 0.02))),),
    )
    with World(spec) as world:
        recorder = Recorder(world)
        world.step(240)
        for i in range(240):
            q = np.array(world.arm.spec.home)
            q[0] += 0.8 * i / 240
            world.arm.command(q.tolist(), [0.0] * 7)
            world.step()
        return recorder.stop()


def test_moments_are_those_in_which_something_moves(recording):
    chosen = moments(recording, 4)
    assert [f.tick for f in chosen] == sorted(f.tick for f in chosen)
    assert sum(f.tick > 240 for f in chosen) >= 3
    assert chosen[-1] == recording.frames[-1]


def test_a_strip_shows_the_arm_move(recording, tmp_path):
    sheet = film_strip(recording, 4)
    assert sheet.shape == (225, 4 * 304 - 4, 3)
    first, last = sheet[:, :300].astype(int), sheet[:, -300:].astype(int)
    assert np.abs(first - last).mean() > 2
    assert write_strip(sheet, tmp_path / "a" / "strip.jpg").stat().st_size > 5000


def test_sheets_are_read_like_text():
    tiles = [np.full((2, 3, 3), i, np.uint8) for i in range(3)]
    sheet = contact_sheet(tiles, 2)
    assert sheet.shape == (8, 10, 3)
    assert (sheet[0, 0] == 0).all()
    assert (sheet[0, -1] == 1).all()
    assert (sheet[-1, 0] == 2).all()
    assert (sheet[-1, -1] == 255).all()


def test_nothing_gives_no_strip(recording):
    with pytest.raises(ValueError, match="no frames"):
        film_strip(Recording(recording.spec, (), 15.0))
