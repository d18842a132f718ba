"""``groundplan run``: carry an instruction out, show every step, leave a record."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cli import exits, options, robot

if TYPE_CHECKING:
    from envs.task import Task
    from planner.plan import Context
    from planner.session import Outcome


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("run", help="carry out an instruction or a task")
    options.add_task(parser)
    options.add_settings(parser)
    options.add_output(parser)
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the record goes (default: runs/NAME)")
    robot.add_robot(parser)
    parser.add_argument("--perception", metavar="KIND", help="oracle, camera or your own (default: as the scene says)")
    parser.add_argument("--robot", metavar="ROBOT", help="another robot than the scene's: its name or its file")
    parser.add_argument(
        "--fault",
        action="append",
        metavar="FAULT",
        help="something goes wrong on purpose, such as '{kind: slip, when: carrying, at: 30, ticks: 40}'",
    )
    parser.add_argument(
        "--then", action="append", default=[], metavar="TEXT", help="a further instruction, such as 'put it back'"
    )
    options.add_context(parser)
    parser.add_argument("--no-video", action="store_true", help="no video")
    parser.set_defaults(execute=run)


def run(args: argparse.Namespace) -> int:
    """Run it; the exit code says how it ended."""
    settings = robot.settings_for(args, options.settings_of(args))
    task = options.task_of(args)
    talk = options.conversation_of(args)
    out = options.out_folder(args.out or Path("runs") / options.run_name(task, args.seed))

    from planner import session
    from planner.cli.person import Person
    from planner.cli.progress import film_bar
    from planner.cli.view import TerminalView
    from planner.loop import nobody
    from planner.workplace import open_workplace

    console = options.console_of(args)
    film = settings.video.enabled
    typing = robot.Typing()
    care = robot.care_for(args, settings, out, typing)
    with open_workplace(task, args.seed, settings, film=film, care=care) as place:
        view = typing.view = TerminalView(console, place.rate, args.quiet)
        mind = session.open_mind(settings, sys.stderr.isatty() and not args.quiet, view.waiting)
        scene = Path(task.scene).stem
        view.header(task.instruction, scene, f"seed {args.seed}", place.robot, mind.name, place.perception)
        if args.dry_run:
            context = talk.context(task.instruction, (o.name for o in task.objects))
            return robot.dry_run(args, console, place, mind, task, settings, context, view)
        mind, settings, execute = robot.prepared(args, mind, place, task, settings, typing)
        asked = Person(view) if sys.stdin.isatty() and not args.json else nobody
        goal = task.goal if args.goal == "task" else None
        ends = []
        with view, film_bar(console, args.quiet) as bar:

            def one(task: Task, context: Context, out: Path | None, number: int) -> Outcome:
                if number:
                    view.header(task.instruction)
                folder = None if out is None else options.out_folder(out)
                return session.run_task(
                    task, args.seed, settings, place, mind, goal=None if number else goal, listener=view, ask=asked,
                    out=folder, progress=bar, context=context, number=number, execute=execute,
                )  # fmt: skip

            for outcome in talk.run(task, args.then, place, one, out):
                ends.append(outcome)
                if not args.quiet:
                    view.footer(outcome.paths, outcome.notes)
    if args.json:
        found = [_machine(o) for o in ends]
        print(json.dumps(found[0] if not args.then else {"runs": found}, ensure_ascii=False))
    return next((code for o in ends if (code := exit_code(o)) != exits.REACHED), exits.REACHED)


def exit_code(outcome: Outcome) -> int:
    """What the run's end means to a shell. A goal that the judge denies was not reached, whatever was measured."""
    from planner.events import Status

    if outcome.verdict.status is Status.REACHED:
        return exits.NOT_REACHED if outcome.judged is False else exits.REACHED
    return {
        Status.ASKED: exits.ASKED_OR_REFUSED,
        Status.REFUSED: exits.ASKED_OR_REFUSED,
        Status.DRIVER: exits.DRIVER,
    }.get(outcome.verdict.status, exits.NOT_REACHED)


def _machine(outcome: Outcome) -> dict[str, Any]:
    from planner.episode import failure_data

    verdict = outcome.verdict
    return {
        "status": verdict.status.value,
        "exit": exit_code(outcome),
        "reason": verdict.reason,
        "goal": None if verdict.goal is None else verdict.goal.to_json(),
        "unmet": [str(x) for x in verdict.unmet],
        "failure": failure_data(verdict.failure),
        "question": verdict.question,
        "judge": outcome.episode.get("judge"),
        "cost": outcome.episode["cost"],
        "digest": outcome.episode["digest"],
        "files": {label: str(path) for label, path in outcome.paths},
    }
