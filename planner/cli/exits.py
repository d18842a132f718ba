"""Exit codes, and which error means which: every error a person can cause is one line with a remedy."""

from __future__ import annotations

import sys

REACHED = 0  # the goal was measured true (for other commands: done)
NOT_REACHED = 1
USAGE = 2
ASKED_OR_REFUSED = 3
DRIVER = 4


class UsageError(ValueError):
    """What was asked for cannot be done as it was written; the message names the choices or the remedy."""


# (module, class, exit code); a class whose module was never imported cannot have been raised
_KNOWN = (
    ("planner.cli.exits", "UsageError", USAGE),
    ("planner.settings", "SettingsError", USAGE),
    ("planner.episode_file", "EpisodeError", USAGE),
    ("planner.evaluate.export_trace", "ExportError", USAGE),
    ("planner.lm.errors", "ModelError", USAGE),
    ("planner.learn.checkpoint", "CheckpointError", USAGE),
    ("envs.strict", "FileError", USAGE),
    ("envs.stage", "StageError", USAGE),
    ("envs.goals", "GoalError", USAGE),
    ("skills.symbols", "SymbolError", USAGE),
    ("skills.resolve", "ResolveError", USAGE),
    ("skills.driver_config", "ConfigError", USAGE),
    ("skills.command_log", "LogError", USAGE),
    ("sim.hand_eye", "CalibrationError", USAGE),
    ("sim.robots", "RobotConfigError", USAGE),
    ("skills.driver", "DriverError", DRIVER),
)


def explain(error: BaseException) -> tuple[int, str] | None:
    """(exit code, one line) for an error that a person can cause or mend; None for a fault of the program."""
    for module, name, code in _KNOWN:
        kind = getattr(sys.modules.get(module), name, None)
        if kind is not None and isinstance(error, kind):
            return code, one_line(error)
    if isinstance(error, PermissionError):
        return USAGE, f"no permission: {error.filename}; choose another place with --out"
    if isinstance(error, OSError) and error.filename is not None:
        return USAGE, f"{error.filename}: {error.strerror or error}"
    return None


def one_line(error: BaseException) -> str:
    """The error's message without line breaks (a KeyError's without its quotes)."""
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return " ".join(text.split()) or type(error).__name__
