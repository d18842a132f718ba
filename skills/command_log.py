"""Every command that went to a robot, as JSON lines: what was sent, from which state, how it ended.

The first line describes the robot; the others are what a guard told its journal. Configurations, and so passwords and
tokens, never come here. `groundplan driver replay` sends a log to the twin.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from skills.guard import Sent
from skills.types import RobotSpec, RobotState, Trajectory

FORMAT = "groundplan-commands-1"


class LogError(ValueError):
    """A file that is no log of commands; the message names file and line."""


class CommandLog:
    """A journal for `skills.guard.Guard`. The file is written line by line, so that it survives whatever ends a run."""

    def __init__(self, path: Path, spec: RobotSpec) -> None:
        self.path = path
        self._lock = threading.Lock()
        head = {"format": FORMAT, "robot": spec.name, "joint_names": list(spec.joint_names), "rate": spec.rate}
        path.write_text(json.dumps(head) + "\n", encoding="utf-8")

    def __call__(self, sent: Sent) -> None:
        """One more line."""
        row: dict[str, Any] = {"kind": sent.kind, "tick": sent.tick, "detail": sent.detail}
        if sent.refused:
            row["refused"] = sent.refused
        if sent.clamped:
            row["clamped"] = sent.clamped
        if sent.numbers:
            row["numbers"] = list(sent.numbers)
        if sent.state is not None:
            row["state"] = _state(sent.state)
        if sent.trajectory is not None and not sent.refused:
            path = sent.trajectory
            row["joint_names"] = list(path.joint_names)
            row |= {k: getattr(path, k).tolist() for k in ("times", "positions", "velocities")}
        with self._lock, self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


@dataclass(frozen=True, eq=False)
class Logged:
    """One command of a log. ``kind``: follow, drive, gripper, stop, recover ...; ``q`` (D,): joints at that moment,
    None when they were not read; ``numbers``: width [m], speed [m/s], force [N] of a gripper command; ``base``: pose of
    a base that drives."""

    kind: str
    tick: int | None
    detail: str
    refused: str
    numbers: tuple[float, ...]
    q: tuple[float, ...] | None
    trajectory: Trajectory | None
    base: tuple[float, ...] | None = None


@dataclass(frozen=True)
class CommandFile:
    """A whole log."""

    robot: str
    joint_names: tuple[str, ...]
    rate: float
    commands: tuple[Logged, ...]


def read_log(path: Path) -> CommandFile:
    """Read a log; raises LogError, also for a file that ends in the middle of a line, unless only that line is lost."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LogError(f"{path}: cannot be read: {error}") from error
    rows: list[dict[str, Any]] = []
    for i, line in enumerate(lines):
        try:
            row = json.loads(line)
        except ValueError as error:
            if i == len(lines) - 1 and i > 0:
                break  # the run ended while this was written
            raise LogError(f"{path}:{i + 1}: not JSON: {error}") from error
        if not isinstance(row, dict):
            raise LogError(f"{path}:{i + 1}: not an object")
        rows.append(row)
    if not rows or rows[0].get("format") != FORMAT:
        raise LogError(f"{path}: is no log of commands (its first line does not say {FORMAT})")
    head = rows[0]
    try:
        commands = tuple(_command(row) for row in rows[1:])
        return CommandFile(str(head["robot"]), tuple(head["joint_names"]), float(head["rate"]), commands)
    except (KeyError, TypeError, ValueError) as error:
        raise LogError(f"{path}: a line lacks what a command has: {error}") from error


def _command(row: Mapping[str, Any]) -> Logged:
    path = None
    if "times" in row:
        times, positions, velocities = (np.asarray(row[k], float) for k in ("times", "positions", "velocities"))
        path = Trajectory(tuple(row["joint_names"]), times, positions, velocities)
    state = row.get("state") or {}
    return Logged(
        kind=str(row["kind"]),
        tick=row.get("tick"),
        detail=str(row.get("detail", "")),
        refused=str(row.get("refused", "")),
        numbers=tuple(map(float, row.get("numbers", ()))),
        q=tuple(map(float, state["q"])) if "q" in state else None,
        trajectory=path,
        base=None if state.get("base") is None else tuple(map(float, state["base"])),
    )


def _state(state: RobotState) -> dict[str, Any]:
    row = {"stamp": state.stamp, "q": list(state.q), "width": state.gripper_width, "holding": state.holding}
    return {**row, "mode": state.mode.value, "base": None if state.base is None else list(state.base)}
