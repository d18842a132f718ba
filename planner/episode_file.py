"""Episodes on disk: one JSON line each, written so that a crash never leaves half of one behind."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FORMAT = "groundplan-episode/1"


class EpisodeError(ValueError):
    """An episode file that cannot be read; the message names file and line."""


def line_of(episode: Mapping[str, Any]) -> bytes:
    """The episode as one line of UTF-8 JSON, newline included."""
    return json.dumps(episode, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def without_wall(episode: Mapping[str, Any]) -> dict[str, Any]:
    """The part that equal runs have in common, byte for byte."""
    return {k: v for k, v in episode.items() if k != "wall"}


def write_episode(path: Path, episode: Mapping[str, Any]) -> None:
    """Make the file hold exactly this episode: written beside it, synced, then put in its place."""
    beside = path.with_name(path.name + ".part")
    with open(beside, "wb") as f:
        f.write(line_of(episode))
        f.flush()
        os.fsync(f.fileno())
    os.replace(beside, path)


def append_episode(path: Path, episode: Mapping[str, Any]) -> None:
    """Add one line to a file of many episodes, in one write, synced before this returns."""
    with open(path, "ab", buffering=0) as f:
        f.write(line_of(episode))
        os.fsync(f.fileno())


def read_episodes(path: Path) -> list[dict[str, Any]]:
    """Every episode of a file. A last line that a crash cut off is left out; any other bad line is an error."""
    try:
        text = path.read_bytes()
    except OSError as e:
        raise EpisodeError(f"cannot read the episode file {path}: {e.strerror or e}") from e
    found: list[dict[str, Any]] = []
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        try:
            data = json.loads(line)
        except ValueError as e:
            if not line.endswith(b"\n"):
                break
            raise EpisodeError(f"{path}:{number}: not a line of JSON ({e})") from None
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise EpisodeError(f"{path}:{number}: not an episode of the format {FORMAT}")
        found.append(data)
    if not found:
        raise EpisodeError(f"{path} holds no episode; write one with: groundplan run --out DIR")
    return found
