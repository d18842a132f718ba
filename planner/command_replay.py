"""A log of commands sent once more, to the twin or another simulated robot, and how far it then stands from where the
robot stood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from skills.command_log import CommandFile, LogError, Logged
from skills.driver import DriverError, Motion
from skills.guard import Guard

TOLERANCE = 0.05  # [rad or m] that a replayed robot may stand elsewhere when a command comes
LEAST_RUN = 600  # control ticks that a motion may take beyond its own time
SENT = ("follow", "gripper", "stop", "recover")


@dataclass(frozen=True)
class Replayed:
    """One command of the log, sent again. ``off``: largest joint difference to the log when it was sent [rad or m],
    None where the log has no reading; ``error``: what the robot said against it."""

    number: int
    kind: str
    detail: str
    off: float | None
    error: str = ""


def first_pose(log: CommandFile) -> tuple[float, ...] | None:
    """The joints at the first command that the log has a reading for."""
    return next((c.q for c in log.commands if c.q is not None and not c.refused), None)


def replay_commands(
    log: CommandFile, guard: Guard, heard: Callable[[Replayed], None] = lambda r: None
) -> list[Replayed]:
    """Send every command that was not refused then, in order. ``guard``: connected, its robot simulated. Raises
    LogError when the log is another robot's."""
    spec = guard.describe()
    if not spec.simulated:
        raise LogError(f"{spec.name} is no simulated robot; a log is replayed in simulation only")
    if len(log.joint_names) != len(spec.joint_names):
        of = f"{log.robot} with {len(log.joint_names)} joints"
        raise LogError(f"the log is of {of}, {spec.name} has {len(spec.joint_names)}")
    found: list[Replayed] = []
    todo = [(i, c) for i, c in enumerate(log.commands) if c.kind in SENT and not c.refused]
    for k, (number, command) in enumerate(todo):
        state = guard.read_state()
        off = None if command.q is None else float(np.max(np.abs(np.subtract(state.q, command.q))))
        following = todo[k + 1][1] if k + 1 < len(todo) else None
        error = ""
        try:
            _send(command, following, guard, spec.joint_names)
        except DriverError as trouble:
            error = str(trouble)
        found.append(Replayed(number, command.kind, command.detail, off, error))
        heard(found[-1])
    return found


def _send(command: Logged, following: Logged | None, guard: Guard, names: tuple[str, ...]) -> None:
    if command.kind == "gripper":
        width, speed, force = command.numbers
        guard.gripper(width, speed, force)
    elif command.kind == "stop":
        guard.stop()
        guard.wait(20)
    elif command.kind == "recover":
        guard.recover()
        guard.wait(2)
    elif command.trajectory is not None:
        motion = guard.follow(replace(command.trajectory, joint_names=names))
        _wait(guard, motion, command, following)


def _wait(guard: Guard, motion: Motion, command: Logged, following: Logged | None) -> None:
    """Until the motion ends, or until it was stopped then."""
    assert command.trajectory is not None
    left = LEAST_RUN + int(command.trajectory.duration * guard.describe().rate * 2)
    if following is not None and following.kind == "stop" and command.tick is not None and following.tick is not None:
        left = max(1, following.tick - command.tick)
    while left > 0 and not motion.done():
        guard.wait(1)
        left -= 1
