"""``groundplan plan``: think only; show the proposals, their scores and the decision. Nothing moves."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from planner.cli import exits, options


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("plan", help="propose and judge plans; nothing moves")
    options.add_task(parser)
    options.add_settings(parser)
    options.add_output(parser)
    options.add_context(parser)
    parser.add_argument("--perception", metavar="KIND", help="oracle, camera or your own (default: as the scene says)")
    parser.add_argument("--robot", metavar="ROBOT", help="another robot than the scene's: its name or its file")
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """0: there is a plan that reaches the goal in the symbolic walk; 3: a question or a refusal."""
    settings = options.settings_of(args)
    task = options.task_of(args)
    talk = options.conversation_of(args)

    from planner import session
    from planner.cli.view import TerminalView
    from planner.episode import EpisodeRecorder
    from planner.events import tell
    from planner.loop import Parts, decide
    from planner.plan import Act, Ask, Refuse
    from planner.workplace import open_workplace

    console = options.console_of(args)
    with open_workplace(task, args.seed, settings) as place:
        view = TerminalView(console, place.rate, args.quiet)
        mind = session.open_mind(settings, sys.stderr.isatty() and not args.quiet, view.waiting)
        view.header(task.instruction, Path(task.scene).stem, f"seed {args.seed}", mind.name, place.perception)
        recorder = EpisodeRecorder({})
        context = session.with_aliases(talk.context(task.instruction, (o.name for o in task.objects)), task)
        parts = Parts(place.body, mind.proposer, mind.grounder, mind.library, tell(recorder, view), context=context)
        with view:
            goal = task.goal if args.goal == "task" else None
            decision, _ = decide(task.instruction, parts, goal, settings.budget)
    if isinstance(decision, Ask):
        if not args.json:
            view.question(decision.question, decision.options)
    elif not args.json and (args.quiet or isinstance(decision, Refuse)):
        steps = [str(s.skill) for s in decision.plan.steps] if isinstance(decision, Act) else []
        said = "\n".join(steps) if isinstance(decision, Act) else decision.failure.detail
        console.print(said, markup=False)
    if args.json:
        attempt = recorder.episode["attempts"][-1]
        chosen = {k: attempt[k] for k in ("seen", "proposals", "notes", "decision", "confidence", "tools")}
        print(json.dumps({"instruction": task.instruction} | chosen, ensure_ascii=False))
    return exits.ASKED_OR_REFUSED if isinstance(decision, (Ask, Refuse)) else exits.REACHED
