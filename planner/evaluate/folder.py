"""The folder of an evaluation: what was asked for, and one line per finished episode. Lossless and resumable.

``run.json`` says what runs here (code, configuration, tasks) and is written first; a folder that says something else
is refused. ``episodes.jsonl`` grows by one synced line per episode in the order in which they finish; at the end it is
put into the order of the work list, by one atomic replacement. A crash costs the episodes that were running.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.episode_file import append_episode, line_of
from planner.evaluate.trials import Key, key_of

FORMAT = "groundplan-evaluation/1"
RUN, EPISODES, SUMMARY = "run.json", "episodes.jsonl", "summary.json"


class EvaluateError(ValueError):
    """An evaluation that cannot begin or go on; the message names what is wrong and the remedy."""


class Folder:
    """An evaluation's folder. `done`: the keys that are stored."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.done: set[Key] = set()
        self._where: dict[Key, tuple[int, int]] = {}
        self._end = 0

    @property
    def episodes(self) -> Path:
        """The file of the lines."""
        return self.path / EPISODES

    def open(self, identity: Mapping[str, Any]) -> None:
        """Take the folder, or go on with it; raises EvaluateError when it belongs to another evaluation."""
        identity = json.loads(json.dumps({"format": FORMAT, **identity}))
        self.path.mkdir(parents=True, exist_ok=True)
        file = self.path / RUN
        if file.exists():
            self._same(file, identity)
        elif self.episodes.exists():
            raise EvaluateError(f"{self.path} holds {EPISODES} but no {RUN}: not an evaluation's; choose another --out")
        else:
            write_json(file, identity)
        self._read()

    def _same(self, file: Path, identity: Mapping[str, Any]) -> None:
        try:
            stored = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise EvaluateError(f"{file} cannot be read ({error}); choose another --out") from None
        difference = first_difference(stored, identity)
        if difference is not None:
            raise EvaluateError(
                f"{self.path} belongs to another evaluation: {difference}; "
                "choose another --out, or repeat the command and the code that it was begun with"
            )

    def _read(self) -> None:
        """Find the lines that are stored; a last line that a crash cut off is cut away, one twice is an error."""
        if not self.episodes.exists():
            return
        at = 0
        with self.episodes.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                if not line.endswith(b"\n"):
                    break
                try:
                    key = key_of(json.loads(line))
                except (ValueError, KeyError, TypeError):
                    raise EvaluateError(f"{self.episodes}:{number}: not an episode; mend or remove that line") from None
                if key in self.done:
                    raise EvaluateError(f"{self.episodes}:{number}: {' / '.join(map(str, key))} is there twice")
                self._remember(key, at, len(line))
                at += len(line)
        if at < self.episodes.stat().st_size:
            with self.episodes.open("r+b") as stream:
                stream.truncate(at)
                os.fsync(stream.fileno())

    def _remember(self, key: Key, at: int, length: int) -> None:
        self.done.add(key)
        self._where[key] = (at, length)
        self._end = at + length

    def add(self, line: Mapping[str, Any]) -> None:
        """Store one episode; on disk when this returns."""
        length = len(line_of(line))
        append_episode(self.episodes, line)
        self._remember(key_of(line), self._end, length)

    def put_in_order(self, keys: Sequence[Key]) -> None:
        """Rewrite the file in the order of ``keys``, atomically; what is not stored is passed over."""
        present = [k for k in keys if k in self._where]
        if len(present) != len(self._where):
            raise EvaluateError(f"{self.episodes} holds episodes that are not of this evaluation")
        if not present or self._in_order(present):
            return
        beside = self.episodes.with_name(EPISODES + ".part")
        end, where = 0, {}
        with self.episodes.open("rb") as old, beside.open("wb") as new:
            for key in present:
                at, length = self._where[key]
                old.seek(at)
                new.write(old.read(length))
                where[key] = (end, length)
                end += length
            new.flush()
            os.fsync(new.fileno())
        os.replace(beside, self.episodes)
        self._where = where

    def _in_order(self, keys: Sequence[Key]) -> bool:
        starts = [self._where[k][0] for k in keys]
        return starts == sorted(starts)


def write_json(path: Path, data: Any) -> None:
    """Write a whole JSON file or none of it."""
    beside = path.with_name(path.name + ".part")
    with beside.open("w", encoding="utf-8") as stream:
        json.dump(data, stream, ensure_ascii=False, indent=1, allow_nan=False)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(beside, path)


def first_difference(old: Any, new: Any, path: str = "") -> str | None:
    """In words, the first key under which two plain values differ: what is stored, what is wanted."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*new, *(k for k in old if k not in new)]:
            found = first_difference(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))
            if found is not None:
                return found
        return None
    return None if old == new else f"{path} is {_short(old)} there and {_short(new)} now"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."
