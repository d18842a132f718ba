"""``groundplan driver check``: does a driver keep what the contract promises? Run it before trusting a robot."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from planner.cli import exits, options


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("driver", help="check a robot driver against the contract")
    parser.add_argument("what", choices=("check",), help="check: small slow motions, every promise of the contract")
    parser.add_argument("name", help="a driver's name (see: groundplan list drivers) or module:Class")
    parser.add_argument("--yes", action="store_true", help="a robot that is not simulated may move: you watch it")
    options.add_output(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """0: every promise kept; 4: one was not."""
    from rich.markup import escape

    from planner.workplace import GROUP
    from skills.contract import CHECKS, CheckResult, Verdict, iterate_checks
    from skills.driver import RobotDriver
    from skills.guard import consent_phrase
    from skills.resolve import resolve

    made = resolve(args.name, GROUP, RobotDriver)
    spec = (made() if isinstance(made, type) else made).describe()
    console = options.console_of(args)
    if not spec.simulated and not _agreed(args, spec.name):
        print(f"groundplan: error: {spec.name} is a real robot and will move: add --yes, and watch it", file=sys.stderr)
        return exits.USAGE
    consent = None if spec.simulated else consent_phrase(spec)

    signs = {Verdict.PASS: ("green", "pass"), Verdict.FAIL: ("red", "FAIL"), Verdict.SKIP: ("yellow", "skip")}
    width = max(map(len, CHECKS))
    results: list[CheckResult] = []
    for result in iterate_checks((lambda: made()) if isinstance(made, type) else (lambda: made), consent):
        results.append(result)
        if args.quiet and result.ok:
            continue
        colour, word = signs[result.verdict]
        console.print(f"[{colour}]{word}[/{colour}]  {result.name:<{width}}  [dim]{escape(result.detail)}[/dim]")
        if result.advice:
            console.print(f"      {escape(result.advice)}")
    kept = sum(r.verdict is Verdict.PASS for r in results)
    console.print(f"\n{escape(spec.name)}: {kept} of {len(results)} promises kept")
    if args.json:
        rows = [{"check": r.name, "verdict": r.verdict.value, "detail": r.detail, "advice": r.advice} for r in results]
        print(json.dumps({"driver": spec.name, "kept": kept, "of": len(results), "checks": rows}, ensure_ascii=False))
    return exits.REACHED if kept == len(results) else exits.DRIVER


def _agreed(args: argparse.Namespace, name: str) -> bool:
    """Whether a person agreed that the robot may move: beforehand, or now at the terminal."""
    if args.yes:
        return True
    if not sys.stdin.isatty() or args.json:
        return False
    answer = input(f"{name} is a real robot and will move a little. Is the space around it free? [y/N] ")
    return answer.strip().lower() in ("y", "yes")
