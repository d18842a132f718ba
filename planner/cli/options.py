"""Arguments that several commands share, and what becomes of them."""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cli.exits import UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from envs.task import Task
    from planner.conversation import Conversation
    from planner.settings import Settings


def add_task(parser: argparse.ArgumentParser) -> None:
    """What is asked, and where."""
    parser.add_argument("instruction", nargs="?", help="what the robot should do, in words; or use --task")
    parser.add_argument("--scene", help="a shipped scene or a scene file (default: tabletop)")
    parser.add_argument("--objects", metavar="LIST", help="what lies there, such as 'red block, blue bowl'")
    parser.add_argument("--task", metavar="FILE", help="a task file, or the name of a shipped one")
    parser.add_argument("--id", metavar="ID", help="the task of the file; not needed when it holds only one")
    parser.add_argument(
        "--goal",
        choices=("lm", "task"),
        default="lm",
        help="whose goal: the language model's (default), or the task file's",
    )
    parser.add_argument("--seed", type=_seed, default=0, help="seed of everything random (default: 0)")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Settings, from a file and from the line."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings as YAML")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="one setting, such as budget.attempts=3"
    )
    parser.add_argument(
        "--model",
        metavar="MODEL",
        help="a known model, a GGUF file, a folder, or a server's address such as http://127.0.0.1:8080/v1",
    )
    parser.add_argument(
        "--adapter",
        metavar="DIR",
        help="what is put on the model: a folder, shipped, or none (default: the shipped one, asked where words fail)",
    )


def add_context(parser: argparse.ArgumentParser) -> None:
    """What is known besides the instruction."""
    parser.add_argument(
        "--context", type=Path, action="append", default=[], metavar="FILE",
        help="a note or a manual (text, Markdown): it informs and forbids, it orders nothing",
    )  # fmt: skip
    parser.add_argument(
        "--history", type=Path, action="append", default=[], metavar="RUN",
        help="an earlier run's folder or episode: what 'put it back' means",
    )  # fmt: skip


def conversation_of(args: argparse.Namespace) -> Conversation:
    """Notes and earlier runs that the line names; raises UsageError."""
    from planner.conversation import Conversation
    from planner.episode_file import EpisodeError
    from planner.history import read_history
    from planner.propose.notes import NoteError, read_note

    try:
        notes = tuple(line for path in args.context for line in read_note(path))
        return Conversation(notes, [d for path in args.history for d in read_history(path)])
    except (NoteError, EpisodeError) as error:
        raise UsageError(str(error)) from error


def add_output(parser: argparse.ArgumentParser) -> None:
    """What is shown."""
    parser.add_argument("--json", action="store_true", help="the result as JSON on stdout, all else on stderr")
    parser.add_argument("--quiet", action="store_true", help="only the verdict")
    parser.add_argument("--debug", action="store_true", help="show the whole trace of an error")


def settings_of(args: argparse.Namespace) -> Settings:
    """The resolved settings; raises SettingsError."""
    from dataclasses import replace

    from planner.settings import Settings, overlay, resolve

    found = resolve(Settings(), args.config, args.set)
    if getattr(args, "model", None):
        found = overlay(found, {"model": {"name": args.model}}, where="--model")
    if getattr(args, "adapter", None):
        found = overlay(found, {"model": {"adapter": args.adapter}}, where="--adapter")
    if getattr(args, "perception", None):
        found = resolve(found, None, [f"stage.perception={args.perception}"])
    if getattr(args, "robot", None):
        found = replace(found, stage=replace(found.stage, robot=args.robot))
    if getattr(args, "fault", None):
        found = replace(found, faults=(*found.faults, *map(_fault, args.fault)))
    if getattr(args, "no_video", False):
        found = replace(found, video=replace(found.video, enabled=False))
    return found


def task_of(args: argparse.Namespace) -> Task:
    """The task that the line describes; raises UsageError or FileError."""
    from envs.tasks import load_tasks, make_task

    if args.task is not None:
        for name, value in (("an instruction", args.instruction), ("--scene", args.scene), ("--objects", args.objects)):
            if value is not None:
                raise UsageError(f"{name} and --task exclude each other: the task file says it")
        tasks = load_tasks(args.task, ids=[args.id] if args.id is not None else [])
        if len(tasks) > 1:
            names = [t.id for t in tasks]
            shown = ", ".join(names[:12]) + (f", ... ({len(names)} in all)" if len(names) > 12 else "")
            raise UsageError(f"{args.task} holds {len(tasks)} tasks; choose one with --id: {shown}")
        if args.goal == "task" and tasks[0].goal is None:
            raise UsageError(f"task {tasks[0].id!r} has no goal of its own; leave out --goal task")
        return tasks[0]
    if args.id is not None:
        raise UsageError("--id chooses a task of a file; add --task FILE")
    if args.goal == "task":
        raise UsageError("--goal task takes the goal from a task file; add --task FILE")
    if args.instruction is None:
        raise UsageError('say what to do: groundplan run "put the red block in the blue bowl", or use --task FILE')
    objects = None
    if args.objects is not None:
        objects = [" ".join(name.split()) for name in args.objects.split(",")]
        if not all(objects):
            raise UsageError(f"--objects wants names between commas, got {args.objects!r}")
    try:
        return make_task(args.instruction, args.scene or "tabletop", objects)
    except ValueError as error:
        raise UsageError(" ".join(str(error).split())) from error


def run_name(task: Task, seed: int) -> str:
    """A folder name that says what ran; equal runs have equal names. ASCII whatever the instruction holds."""
    text = f"{task.suite} {task.id}" if task.file else task.instruction
    slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    scene = re.sub(r"[^a-z0-9]+", "-", Path(task.scene).stem.lower()).strip("-")
    own_things = tuple(o.name for o in task.objects) != task.scene_object.objects
    if len(slug) > 48 or not slug or not text.isascii() or (own_things and not task.file):
        mark = hashlib.sha256(repr(task.to_data()).encode()).hexdigest()[:6]
        slug = f"{slug[:48].strip('-')}-{mark}".strip("-")
    return f"{scene}-{slug}-s{seed}"


def out_folder(path: Path) -> Path:
    """The folder, made and proven writable before anything runs; raises UsageError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(b"x")
    except OSError as error:
        raise UsageError(f"cannot write to --out {path}: {error.strerror or error}; choose another folder") from error
    return path


def console_of(args: argparse.Namespace) -> Console:
    """Where people read: stdout, or stderr when stdout belongs to the machine."""
    from rich.console import Console

    stream: Any = sys.stderr if args.json else sys.stdout
    # a pipe has no width of its own; wide enough that tables do not break up
    width = None if stream.isatty() or "COLUMNS" in os.environ else 120
    return Console(file=stream, width=width, highlight=False, soft_wrap=False)


def _fault(text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        example = "{kind: slip, when: carrying, at: 30}"
        raise UsageError(f"--fault {text!r} is not a fault; write slip, or {example}") from error


def _seed(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = -1
    if not 0 <= value < 2**32:
        raise argparse.ArgumentTypeError(f"a seed is a whole number from 0 to {2**32 - 1}, not {text!r}")
    return value
