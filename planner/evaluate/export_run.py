"""From stored episodes to an exported folder: choose, carry out again, write, and say what was left out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planner.episode_file import EpisodeError
from planner.evaluate.export_trace import FPS, ExportError, trace_of
from planner.evaluate.report_source import Lines, find_episodes, named, solved

FORMATS = ("lerobot", "mcap")
Progress = Callable[[int, str], None]  # episodes looked at, the present one


@dataclass(frozen=True)
class Choice:
    """Which episodes. ``planner``: of this one only; ``successes``: that ground truth calls solved;
    ``limit``: at most so many written."""

    planner: str | None = None
    successes: bool = False
    limit: int | None = None

    def takes(self, episode: Mapping[str, Any]) -> bool:
        """Whether an episode is wanted."""
        if self.planner is not None and episode.get("planner") != self.planner:
            return False
        return not self.successes or solved(episode) is True


@dataclass
class Exported:
    """What came of it. ``left_out``: (episode, why); ``drifted``: how many were not equal to their record."""

    out: Path
    episodes: int = 0
    frames: int = 0
    drifted: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)


def export(
    place: Path,
    to: str,
    out: Path,
    choice: Choice | None = None,
    fps: int = FPS,
    drift: bool = False,
    progress: Progress | None = None,
) -> Exported:
    """Write the episodes at ``place`` to the new folder ``out``, which appears only when it is complete.

    Raises ExportError when nothing can be written, the format is unknown, a package is missing or ``out`` holds
    something already; EpisodeError for episodes that cannot be read.
    """
    if to not in FORMATS:
        raise ExportError(f"no export format {to!r}; choices: {', '.join(FORMATS)}")
    file = find_episodes(place)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ExportError(f"{out} exists already and is not an empty folder; choose another --out")
    part = out.with_name(out.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        done = Exported(out)
        write = _lerobot if to == "lerobot" else _mcap
        write(part, _traces(file, choice or Choice(), fps, drift, done, progress), done, fps)
        if not done.episodes:
            raise ExportError(_nothing(file, done))
        if out.exists():
            out.rmdir()
        part.rename(out)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return done


def _traces(
    file: Path, choice: Choice, fps: int, drift: bool, done: Exported, progress: Progress | None
) -> Iterator[tuple[Mapping[str, Any], Any]]:
    """(episode, trace) of those that could be carried out again."""
    looked = 0
    for _, episode in Lines(file):
        if choice.limit is not None and done.episodes >= choice.limit:
            return
        if not choice.takes(episode):
            continue
        looked += 1
        if progress is not None:
            progress(looked, named(episode))
        try:
            trace = trace_of(episode, fps, drift)
        except (ExportError, EpisodeError) as error:
            done.left_out.append((named(episode), str(error)))
            continue
        if len(trace.samples) < 2:
            done.left_out.append((named(episode), "nothing was done in it, so there are no frames"))
            continue
        done.drifted += not trace.equal
        yield episode, trace
        done.episodes += 1
        done.frames += len(trace.samples)


def _lerobot(folder: Path, traces: Iterator[tuple[Mapping[str, Any], Any]], done: Exported, fps: int) -> None:
    from planner.evaluate.export_lerobot import LeRobotWriter
    from planner.identity import code_identity

    writer = LeRobotWriter(folder, fps)
    frames = 0
    for episode, trace in traces:
        source = {k: episode.get(k) for k in ("planner", "suite", "task", "family", "seed", "digest", "perception")}
        source |= {"success": solved(episode), "status": episode["verdict"]["status"], "equal_to_record": trace.equal}
        frames += writer.add(trace, str(episode["instruction"]), source)
    if frames:
        writer.finish({"exported_with": code_identity(), "left_out": [list(x) for x in done.left_out]})
        done.frames = frames


def _mcap(folder: Path, traces: Iterator[tuple[Mapping[str, Any], Any]], done: Exported, fps: int) -> None:
    from planner.evaluate.export_mcap import require_mcap, write_mcap

    require_mcap()
    taken: set[str] = set()
    for episode, trace in traces:
        parts = (episode.get("planner"), episode.get("suite"), episode.get("task"), f"s{episode.get('seed')}")
        stem = re.sub(r"[^a-z0-9]+", "-", " ".join(map(str, parts)).lower()).strip("-")[:100]
        name, number = stem, 2
        while name in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name)
        write_mcap(trace, folder / f"{name}.mcap", episode)


def _nothing(file: Path, done: Exported) -> str:
    if not done.left_out:
        return f"no episode of {file} was chosen; loosen --planner or --successes"
    who, why = done.left_out[0]
    return f"none of {len(done.left_out)} episodes could be exported; the first ({who}): {why}"
