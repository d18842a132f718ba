"""Where reports and exports take episodes from: a folder of a run or of an evaluation, read line by line.

Memory holds one episode at a time, however many are stored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.episode_file import FORMAT, EpisodeError

MANY, ONE, SUMMARY = "episodes.jsonl", "episode.jsonl", "summary.json"


@dataclass
class Lines:
    """The episodes of a file, in order. ``cut``: a last line that a crash cut off, by number; it is left out."""

    file: Path
    cut: int | None = None

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """(line number from 1, episode); raises EpisodeError naming file and line."""
        self.cut = None
        try:
            stream = self.file.open("rb")
        except OSError as error:
            raise EpisodeError(f"cannot read the episode file {self.file}: {error.strerror or error}") from error
        with stream:
            for number, line in enumerate(stream, 1):
                if not line.strip():
                    continue
                try:
                    data = json.loads(line)
                except ValueError as error:
                    if not line.endswith(b"\n"):
                        self.cut = number
                        return
                    raise EpisodeError(f"{self.file}:{number}: not a line of JSON ({error})") from None
                if not isinstance(data, dict) or data.get("format") != FORMAT:
                    raise EpisodeError(f"{self.file}:{number}: not an episode of the format {FORMAT}")
                yield number, data


def find_episodes(place: Path) -> Path:
    """The episode file at ``place``: a folder or the file itself. Raises EpisodeError that names what to do."""
    if place.is_file():
        return place
    if not place.exists():
        raise EpisodeError(f"no folder {place}; name the --out of groundplan evaluate or groundplan run")
    for name in (MANY, ONE):
        if (place / name).is_file():
            return place / name
    below = sorted(p.parent.name for name in (MANY, ONE) for p in place.glob(f"*/{name}"))
    hint = f"; folders below it that do: {', '.join(below[:6])}" if below else ""
    raise EpisodeError(f"{place} holds neither {MANY} nor {ONE}{hint}; write them with: groundplan evaluate --out DIR")


def solved(episode: Mapping[str, Any]) -> bool | None:
    """Whether ground truth says that the task was solved; None when nobody judged it."""
    measures = episode.get("measures")
    if isinstance(measures, Mapping) and isinstance(measures.get("execution_success"), bool):
        return bool(measures["execution_success"])
    judge = episode.get("judge")
    found = judge.get("success") if isinstance(judge, Mapping) else None
    return found if isinstance(found, bool) else None


def named(episode: Mapping[str, Any]) -> str:
    """An episode for a person: planner, task and seed."""
    return f"{episode.get('planner', '?')}, task {episode.get('task', '?')}, seed {episode.get('seed', '?')}"
