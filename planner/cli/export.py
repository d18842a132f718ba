"""``groundplan export``: stored episodes for other tools, carried out again to get every frame."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from planner.cli import exits, options


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("export", help="write episodes as a LeRobot dataset or as MCAP logs")
    parser.add_argument("place", type=Path, metavar="DIR", help="the --out of an evaluation or a run, or its file")
    parser.add_argument("--to", required=True, choices=("lerobot", "mcap"), help="what to write")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    parser.add_argument("--planner", metavar="NAME", help="only episodes of this planner")
    parser.add_argument("--successes", action="store_true", help="only episodes that ground truth calls solved")
    parser.add_argument("--limit", type=_count, metavar="N", help="at most so many episodes")
    parser.add_argument("--fps", type=_rate, default=30, help="frames per second (default: 30; divides 240)")
    parser.add_argument(
        "--drift", action="store_true", help="accept repetitions whose bits differ but not their steps and verdict"
    )
    options.add_output(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """0: everything chosen was written; 1: something had to be left out."""
    from planner.evaluate.export_run import Choice, export

    console = options.console_of(args)
    choice = Choice(args.planner, args.successes, args.limit)
    with console.status("reading", spinner="dots") as status:

        def progress(number: int, name: str) -> None:
            if not args.quiet:
                status.update(f"episode {number}: {name}".replace("[", "\\["))

        done = export(args.place, args.to, args.out, choice, args.fps, args.drift, progress)
    if args.json:
        answer = {"out": str(done.out), "episodes": done.episodes, "frames": done.frames, "drifted": done.drifted}
        print(json.dumps(answer | {"left_out": [list(x) for x in done.left_out]}, ensure_ascii=False))
    else:
        said = f"{done.episodes} episodes, {done.frames} frames at {args.fps} a second: {done.out}"
        console.print(said, markup=False)
        if done.drifted and not args.quiet:
            console.print(f"{done.drifted} of them differ from their record in some bits, not in steps and verdict")
        for name, why in done.left_out:
            console.print(f"left out: {name}: {why}", markup=False)
    return exits.NOT_REACHED if done.left_out else exits.REACHED


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 on, not {text!r}")
    return int(text)


def _rate(text: str) -> int:
    rates = [n for n in range(1, 241) if 240 % n == 0]
    if not text.isdecimal() or int(text) not in rates:
        raise argparse.ArgumentTypeError(f"the physics takes 240 steps a second; choose from {rates}, not {text!r}")
    return int(text)
