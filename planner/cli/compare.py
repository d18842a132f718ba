"""``groundplan compare A B``: two evaluations on the same episodes, side by side; exit code 1 when B is worse."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from planner.cli import exits, options
from planner.cli.exits import UsageError


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("compare", help="compare two evaluations episode by episode")
    parser.add_argument("a", type=Path, metavar="A", help="the folder to compare with")
    parser.add_argument("b", type=Path, metavar="B", help="the folder that may have become worse")
    parser.add_argument("--planner", metavar="NAME[,NAME]", help="A's and B's planner, when the names differ")
    parser.add_argument("--alpha", type=float, default=0.05, metavar="P", help="worse if p is below (default 0.05)")
    parser.add_argument("--strict", action="store_true", help="any episode that was lost makes B worse")
    options.add_output(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """0: B is nowhere worse; 1: it is."""
    if not 0 < args.alpha < 1:
        raise UsageError(f"--alpha lies between 0 and 1, not {args.alpha}")
    from planner.evaluate.compare import compare
    from planner.evaluate.folder import EvaluateError

    names = [n.strip() for n in args.planner.split(",")] if args.planner else []
    if len(names) > 2 or not all(names):
        raise UsageError(f"--planner takes one name or two, got {args.planner!r}")
    try:
        found = compare(args.a, args.b, names)
    except EvaluateError as error:
        raise UsageError(str(error)) from error
    worse = [row for row in found.rows if row.worse(args.alpha, args.strict)]
    if args.json:
        answer = {"rows": [r.to_json() for r in found.rows], "notes": list(found.notes), "worse": bool(worse)}
        print(json.dumps(answer, ensure_ascii=False))
    else:
        _show(args, found, worse)
    return exits.NOT_REACHED if worse else exits.REACHED


def _show(args: argparse.Namespace, found: Any, worse: list[Any]) -> None:
    from rich.markup import escape
    from rich.table import Table

    console = options.console_of(args)
    for note in found.notes:
        console.print(note, markup=False)
    if not args.quiet:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for head in ("planner", "suite", "measure", "n", "A", "B", "only A", "only B", "difference", "p"):
            table.add_column(head, overflow="fold")
        for row in found.rows:
            p = row.paired
            rates = [f"{100 * (p.both + x) / p.n:.0f} %" for x in (p.only_a, p.only_b)]
            counts = [str(p.n), *rates, str(p.only_a), str(p.only_b), f"{100 * p.difference:+.1f} %", f"{p.p:.3g}"]
            style = "red" if row in worse else None
            table.add_row(escape(row.planner), escape(row.suite or "all"), row.measure, *counts, style=style)
        console.print(table)
    for row in worse:
        said = f"worse: {row.planner}, {row.suite or 'all suites'}, {row.measure}"
        console.print(f"{said}: {', '.join(row.lost[:8])}{' ...' if len(row.lost) > 8 else ''}", markup=False)
    if not worse:
        console.print("B is nowhere worse than A", markup=False)
