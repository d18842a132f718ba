"""``groundplan data``: the generated examples: show some, write the data card, make task files of them."""

from __future__ import annotations

import argparse
import json
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cli import exits, options

if TYPE_CHECKING:
    from planner.learn.knowledge import Knowledge


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "data", help="the examples that models are trained on: show, count, make tasks of them"
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--show", type=int, metavar="N", help="print N examples with their right answers")
    what.add_argument("--card", type=Path, metavar="FILE", help="write the data card")
    what.add_argument("--tasks", type=Path, metavar="FILE", help="write a task file for groundplan evaluate")
    parser.add_argument("--split", default="train", help="which examples (default: train)")
    parser.add_argument("--family", action="append", metavar="NAME", help="show only these families of requests")
    parser.add_argument("--scene", default="tabletop", help="tasks: tabletop (default) or kitchen")
    parser.add_argument("--n", type=int, default=100, metavar="N", help="tasks: how many (default: 100)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the stream (default: 1)")
    parser.add_argument("--knowledge", type=Path, action="append", metavar="FILE", help="other knowledge files")
    options.add_output(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """0: shown or written."""
    from planner.learn.knowledge import load_knowledge
    from planner.learn.splits import SPLITS

    if args.split not in SPLITS:
        raise exits.UsageError(f"no split {args.split!r}; splits: {', '.join(SPLITS)}")
    if args.seed < 0:
        raise exits.UsageError(f"--seed takes whole numbers from 0, not {args.seed}")
    knowledge = load_knowledge(args.knowledge)
    if args.show is not None:
        return _show(args, knowledge)
    return _card(args, knowledge) if args.card is not None else _tasks(args, knowledge)


def _show(args: argparse.Namespace, knowledge: Knowledge) -> int:
    from planner.learn.card import shown
    from planner.learn.examples import answers, stream
    from planner.learn.families import families

    if not 1 <= args.show <= 100_000:
        raise exits.UsageError(f"--show takes 1 to 100000, not {args.show}")
    for name in args.family or ():
        if name not in families():
            raise exits.UsageError(f"no family {name!r}; families: {', '.join(families())}")
    try:
        found = stream(knowledge, args.split, args.seed, args.family)
        for example in islice(found, args.show):
            if args.json:
                shared, questions = answers(example)
                rows = [{"question": q.tail, "options": q.options, "right": i} for q, i in questions]
                tags = {
                    "family": example.tags.family,
                    "split": args.split,
                    "seed": args.seed,
                    "index": example.tags.index,
                }
                print(json.dumps({**tags, "shared": shared, "questions": rows}, ensure_ascii=False))
            else:
                print(f"{shown(example)}\n")
    except ValueError as err:
        raise exits.UsageError(str(err)) from None
    return exits.REACHED


def _card(args: argparse.Namespace, knowledge: Knowledge) -> int:
    from planner.learn.card import card

    console = options.console_of(args)
    options.out_folder(args.card.parent)
    with console.status("counting examples") as status:
        text = card(knowledge, args.seed, said=lambda split: status.update(f"counting examples: {split}"))
    args.card.write_text(text, encoding="utf-8")
    console.print(f"{args.card}", markup=False)
    return exits.REACHED


def _tasks(args: argparse.Namespace, knowledge: Knowledge) -> int:
    from rich.progress import Progress

    from planner.learn import suites

    if not 1 <= args.n <= 10_000:
        raise exits.UsageError(f"--n takes 1 to 10000, not {args.n}")
    if args.scene not in suites.SCENES:
        raise exits.UsageError(f"no tasks for scene {args.scene!r}; scenes: {', '.join(suites.SCENES)}")
    console = options.console_of(args)
    options.out_folder(args.tasks.parent)
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("making tasks", total=args.n)
        made = suites.tasks(
            knowledge, args.split, args.scene, args.n, args.seed, lambda k: progress.update(bar, completed=k)
        )
    name = f"{args.split.replace('_', '-')}-{args.scene}"
    words = f"--split {args.split} --scene {args.scene} --n {args.n} --seed {args.seed}"
    about = f"Made by: groundplan data --tasks FILE {words}\n# knowledge {knowledge.digest[:16]}"
    suites.write_suite(args.tasks, name, made, about)
    console.print(f"{args.tasks}: {len(made)} tasks", markup=False)
    return exits.REACHED
