from __future__ import annotations

from dataclasses import replace

import imageio.v3 as imageio
import numpy as np

from envs.tasks import make_task
from planner.film import Film
from planner.settings import Settings, VideoSettings
from planner.workplace import open_workplace

TASK = make_task("x", objects=["red block"])
SMALL = VideoSettings(width=96, height=64, speed=2.0)


def filmed(folder, settings=SMALL, film=True, spoil=None):
    """Half a second of a robot at rest."""
    with open_workplace(TASK, 0, replace(Settings(), video=settings), film=film) as place:
        made = Film(place.stage, folder, settings)
        place.body.driver.wait(30)
        if spoil:
            spoil()
        counted = []
        made.finish(lambda done, total: counted.append((done, total)))
    return made, counted


def test_pictures_and_video_show_something(tmp_path):
    made, counted = filmed(tmp_path)
    assert [label for label, _ in made.files] == ["start", "end", "video"]
    assert counted[-1][0] == counted[-1][1] > 3
    assert np.asarray(imageio.imread(tmp_path / "start.png")).std() > 10
    frames = imageio.imread(tmp_path / "video.mp4")
    assert frames.shape[1:] == (64, 96, 3)


def test_a_film_that_is_not_wanted_is_not_made_and_old_ones_go(tmp_path):
    (tmp_path / "video.mp4").write_bytes(b"of another run")
    made, _ = filmed(tmp_path, replace(SMALL, enabled=False), film=False)
    assert [label for label, _ in made.files] == ["start", "end"]
    assert not (tmp_path / "video.mp4").exists()


def test_an_encoder_that_fails_costs_the_video_and_not_the_run(tmp_path, monkeypatch):
    def broken(*args, **more):
        raise OSError("no encoder here")

    made, _ = filmed(tmp_path, spoil=lambda: monkeypatch.setattr("sim.video.write_video", broken))
    assert [label for label, _ in made.files] == ["start", "end"]
    assert made.notes == ["no video: no encoder here"]


def test_ctrl_c_while_the_video_is_written_keeps_the_result(tmp_path, monkeypatch):
    def interrupted(*args, **more):
        raise KeyboardInterrupt

    made, _ = filmed(tmp_path, spoil=lambda: monkeypatch.setattr("sim.video.write_video", interrupted))
    assert "interrupted" in made.notes[0]


def test_without_a_simulated_world_there_is_nothing_to_film(tmp_path):
    film = Film(None, tmp_path, SMALL)
    film.finish()
    assert film.files == []
    assert list(tmp_path.iterdir()) == []
