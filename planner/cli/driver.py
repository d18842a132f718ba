"""``groundplan driver``: is a driver to be trusted, and what a new one starts from."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cli import driver_tools, exits, options

if TYPE_CHECKING:
    from skills.contract import CheckResult
    from skills.driver import RobotDriver


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("driver", help="robot drivers: check, new, calibrate, replay")
    actions = parser.add_subparsers(dest="what", metavar="ACTION", required=True)
    check = actions.add_parser("check", help="small slow motions, every promise of the contract")
    check.add_argument("name", help="a driver's name (see: groundplan list drivers) or module:Class")
    check.add_argument("--config", type=Path, metavar="FILE", help="settings as YAML; its part robot.options is used")
    check.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="one setting, such as robot.options.host=10.0.0.2",
    )
    check.add_argument("--yes", action="store_true", help="a robot that is not simulated may move: you watch it")
    options.add_output(check)
    check.set_defaults(execute=execute)
    driver_tools.add_to(actions)


def execute(args: argparse.Namespace) -> int:
    """0: every promise kept that applies; 4: one was not."""
    from planner.settings import Settings, resolve
    from planner.workplace import GROUP
    from skills.contract import iterate_checks
    from skills.driver import RobotDriver
    from skills.driver_config import make_driver
    from skills.guard import consent_phrase
    from skills.resolve import resolve as named

    robot = resolve(Settings(), args.config, args.set).robot
    made = named(args.name, GROUP, RobotDriver)
    spec = make_driver(made, robot.options).describe()
    phrase = consent_phrase(spec)
    if not spec.simulated and robot.consent != phrase and not _agreed(args, spec.name):
        print(
            f"groundplan: error: {spec.name} is a real robot and will move: add --yes, and watch it "
            f"(or say robot.consent: {phrase} in the settings)",
            file=sys.stderr,
        )
        return exits.USAGE
    consent = None if spec.simulated else phrase
    ready: RobotDriver | None = None if isinstance(made, type) else made
    results = iterate_checks(made if ready is None else (lambda: ready), consent, robot.options)
    return _show(args, spec.name, results)


def _show(args: argparse.Namespace, name: str, results: Any) -> int:
    """The table, line by line as the checks end; the exit code."""
    from rich.markup import escape

    from skills.contract import CHECKS, Verdict

    console = options.console_of(args)
    signs = {Verdict.PASS: ("green", "pass"), Verdict.FAIL: ("red", "FAIL"), Verdict.SKIP: ("yellow", "skip")}
    width = max(map(len, CHECKS))
    done: list[CheckResult] = []
    for result in results:
        done.append(result)
        if args.quiet and result.ok:
            continue
        colour, word = signs[result.verdict]
        console.print(f"[{colour}]{word}[/{colour}]  {result.name:<{width}}  [dim]{escape(result.detail)}[/dim]")
        if result.advice:
            console.print(f"      {escape(result.advice)}")
    kept, skipped = (sum(r.verdict is v for r in done) for v in (Verdict.PASS, Verdict.SKIP))
    asked = len(done) - skipped
    rest = f", {skipped} not tried" if skipped else ""
    console.print(f"\n{escape(name)}: {kept} of {asked} promises kept{rest}")
    if args.json:
        rows = [{"check": r.name, "verdict": r.verdict.value, "detail": r.detail, "advice": r.advice} for r in done]
        answer = {"driver": name, "kept": kept, "of": asked, "not_tried": skipped, "checks": rows}
        print(json.dumps(answer, ensure_ascii=False))
    return exits.REACHED if kept == asked else exits.DRIVER


def _agreed(args: argparse.Namespace, name: str) -> bool:
    """Whether a person agreed that the robot may move: beforehand, or now at the terminal."""
    if args.yes:
        return True
    if not sys.stdin.isatty() or args.json:
        return False
    answer = input(f"{name} is a real robot and will move a little. Is the space around it free? [y/N] ")
    return answer.strip().lower() in ("y", "yes")
