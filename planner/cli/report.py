"""``groundplan report``: one HTML file and a Markdown table from stored episodes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from planner.cli import exits, options


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("report", help="make a page to read from an evaluation's episodes")
    parser.add_argument("place", type=Path, metavar="DIR", help="the --out of an evaluation or a run, or its file")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the HTML file (default: report.html in DIR)")
    parser.add_argument(
        "--videos", type=_count, default=0, metavar="N", help="film N episodes again, failures first (default: 0)"
    )
    options.add_output(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """0: written."""
    from planner.evaluate.report import write_report

    console = options.console_of(args)
    with console.status("reading", spinner="dots") as status:

        def progress(what: str, done: int, total: int) -> None:
            if not args.quiet:
                status.update(f"{what} {done}" + (f" of {total}" if total else ""))

        written = write_report(args.place, args.out, args.videos, progress)
    if args.json:
        paths = {"html": str(written.html), "markdown": str(written.markdown)}
        counts = {"episodes": written.episodes, "filmed": written.filmed}
        print(json.dumps(paths | counts | {"notes": written.notes}, ensure_ascii=False))
        return exits.REACHED
    console.print(f"{written.episodes} episodes, {written.filmed} of them with pictures", markup=False)
    for note in () if args.quiet else written.notes:
        console.print(f"  {note}", markup=False)
    for label, path in (("report", written.html), ("table", written.markdown)):
        console.print(f"  {label:<9} {path}", markup=False, soft_wrap=True)
    return exits.REACHED


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) > 500:
        raise argparse.ArgumentTypeError(f"a whole number from 0 to 500, not {text!r}")
    return int(text)
