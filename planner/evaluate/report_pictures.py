"""Pictures for a report: chosen episodes carried out again and filmed, small enough to travel inside one file."""

from __future__ import annotations

import base64
import io
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.evaluate.report_rows import ERROR, FAILURE, FALSE_SUCCESS, Row
from planner.events import Event, StepDone

if TYPE_CHECKING:
    from planner.workplace import Workplace
    from sim.camera import CameraSpec
    from sim.recorder import Frame, Recording
    from sim.world import World

FRAME = (256, 192)
VIDEO = (320, 240)
EVERY = 32  # physics steps between frames of the video, shown at twice the speed: smooth enough, half the work
MOST_FRAMES = 8
QUALITY = 72
RANKS = {FALSE_SUCCESS: 0, FAILURE: 1, ERROR: 2}

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Media:
    """``strip``: (caption, JPEG as base64) in order; ``video``: mp4 as base64, None without; ``note``: a warning."""

    strip: tuple[tuple[str, str], ...]
    video: str | None
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"strip": [list(s) for s in self.strip], "video": self.video, "note": self.note}


def choose(rows: list[tuple[int, Row]], count: int) -> list[int]:
    """Which episodes to show: false successes, failures, then the rest, spread over planners and causes."""
    groups: dict[tuple[int, str, str], list[int]] = {}
    for number, row in rows:
        cause = "" if row.cause is None else f"{row.cause['blame']} {row.cause['kind']}"
        groups.setdefault((RANKS.get(row.outcome, 3), row.planner, cause), []).append(number)
    # first of every group, then second of every group, within a rank
    ranked = sorted((rank, turn, number) for (rank, _, _), g in groups.items() for turn, number in enumerate(g))
    return [number for _, _, number in ranked[:count]]


def film(episode: Mapping[str, Any], progress: Progress | None = None) -> Media:
    """Carry the episode out again and film it. Raises EpisodeError when that cannot be done, ValueError when it did
    not run in the simulator."""
    from planner.session import replay_episode

    camera = _Camera()
    done = replay_episode(episode, camera.listen, visit=camera.visit)
    if camera.recorder is None or camera.view is None:
        raise ValueError("it did not run in the simulator")
    recording = camera.recorder.recording()
    strip = _strip(recording, camera.view, camera.moments)
    note = "" if done.replay.equal else f"The repetition shown differs from the record: {done.replay.divergence}"
    return Media(strip, _video(recording, camera.view, progress), note)


class _Camera:
    """Stands in the workplace while an episode is repeated."""

    def __init__(self) -> None:
        self.recorder: Any = None
        self.view: CameraSpec | None = None
        self.moments: list[tuple[int, str]] = []  # (physics step, caption)
        self._world: World | None = None

    def visit(self, place: Workplace) -> None:
        if place.stage is None:
            return
        from sim.camera import CameraSpec
        from sim.recorder import Recorder

        eye = place.stage.scene.camera
        self._world = place.stage.world
        self.recorder = Recorder(self._world, EVERY)
        self.view = CameraSpec(eye=eye.eye, target=eye.target, fov=eye.fov, width=FRAME[0], height=FRAME[1])
        self.moments.append((0, "start"))

    def listen(self, event: Event) -> None:
        if isinstance(event, StepDone) and self._world is not None:
            failed = "" if event.failure is None else f" failed: {event.failure.kind.value}"
            self.moments.append((self._world.tick, f"{event.step.skill}{failed}"))


def _strip(recording: Recording, view: CameraSpec, moments: list[tuple[int, str]]) -> tuple[tuple[str, str], ...]:
    import dataclasses

    from sim.camera import take
    from sim.video import show
    from sim.world import World

    shown = []
    with World(dataclasses.replace(recording.spec, holding=None)) as world:
        for tick, caption in _spread(moments):
            show(world, _at(recording, tick))
            shown.append((caption, _jpeg(take(world, view).rgb)))
    return tuple(shown)


def _spread(moments: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """At most so many, the first and the last among them."""
    if len(moments) <= MOST_FRAMES:
        return moments
    last = len(moments) - 1
    return [moments[round(i * last / (MOST_FRAMES - 1))] for i in range(MOST_FRAMES)]


def _at(recording: Recording, tick: int) -> Frame:
    """The frame next to a moment."""
    return min(recording.frames, key=lambda f: abs(f.tick - tick))


def _jpeg(picture: Any) -> str:
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(picture).save(stream, "JPEG", quality=QUALITY, optimize=True)
    return base64.b64encode(stream.getvalue()).decode()


def _video(recording: Recording, view: CameraSpec, progress: Progress | None) -> str:
    from sim.video import write_video

    with tempfile.TemporaryDirectory() as folder:
        path = write_video(recording, Path(folder) / "v.mp4", view.sized(*VIDEO), 2.0, progress)
        return base64.b64encode(path.read_bytes()).decode()
