"""Pictures and the video of one run, taken from the simulated world beside the run and never by it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from planner.settings import VideoSettings

if TYPE_CHECKING:
    from envs.stage import Stage

START, END, VIDEO = "start.png", "end.png", "video.mp4"
Progress = Callable[[int, int], None]  # frames done, frames in all


class Film:
    """Takes the first picture at once; `finish` takes the last one and writes the video.

    Old pictures in the folder are removed first: what lies there afterwards belongs to this run.
    """

    def __init__(self, stage: Stage | None, folder: Path, settings: VideoSettings) -> None:
        self._stage, self._folder, self._settings = stage, folder, settings
        self.files: list[tuple[str, Path]] = []
        self.notes: list[str] = []
        for name in (START, END, VIDEO):
            (folder / name).unlink(missing_ok=True)
        self._picture("start", START)

    def finish(self, progress: Progress | None = None) -> None:
        """The end picture, then the video; a video that cannot be written becomes a note, never an error."""
        self._picture("end", END)
        stage = self._stage
        if stage is None or stage.recorder is None or not self._settings.enabled:
            return
        from sim.video import write_video

        view = self._settings
        camera = stage.film_camera(view.width, view.height)
        path = self._folder / VIDEO
        try:
            write_video(stage.recorder.recording(), path, camera, view.speed, progress)
        except KeyboardInterrupt:  # the run itself is over: its result stands
            path.unlink(missing_ok=True)
            self.notes.append("no video: interrupted while it was written")
        except (OSError, ImportError, RuntimeError) as error:
            path.unlink(missing_ok=True)
            self.notes.append(f"no video: {' '.join(str(error).split())}")
        else:
            self.files.append(("video", path))

    def _picture(self, label: str, name: str) -> None:
        if self._stage is None:
            return
        from sim.camera import take
        from sim.video import write_picture

        path = self._folder / name
        world = self._stage.world
        # the video's view, large enough to see what the fingers hold
        write_picture(take(world, self._stage.film_camera(960, 720)).rgb, path)
        self.files.append((label, path))
