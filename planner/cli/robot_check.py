"""``groundplan robot check``: what an arm can and cannot reach, lift and open in a scene, before anything is tried."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cli import exits, options

if TYPE_CHECKING:
    from rich.console import Console

    from envs.robot_check import RobotCheck

SHOWN = 6  # names listed in a row


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("robot", help="check what a robot can reach, lift and open in a scene")
    parser.add_argument("what", choices=("check",), help="check: reach, grip, payload, furniture, with advice")
    parser.add_argument("name", help="a robot's name (see: groundplan list robots) or its file")
    parser.add_argument("--scene", help="a shipped scene or a scene file (default: one that suits the robot)")
    parser.add_argument("--objects", metavar="LIST", help="only these things, such as 'plate, water bottle'")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="a map of the reach (.png, .jpg)")
    options.add_output(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """0: it can do all of it; 1: something it cannot; 2: a file that cannot be used."""
    from envs.robot_check import check_robot, suits

    scene = args.scene or suits(args.name)
    objects = None
    if args.objects is not None:
        objects = [" ".join(name.split()) for name in args.objects.split(",")]
        if not all(objects):
            raise exits.UsageError(f"--objects wants names between commas, got {args.objects!r}")
    if args.picture is not None:
        if args.picture.suffix.lower() not in (".png", ".jpg", ".jpeg"):
            raise exits.UsageError(f"--picture writes .png or .jpg, not {args.picture.name!r}")
        options.out_folder(args.picture.resolve().parent)
    try:
        check = check_robot(args.name, scene, objects)
    except ValueError as error:
        if exits.explain(error) is not None:
            raise
        raise exits.UsageError(str(error)) from error
    if args.picture is not None and check.places:
        from envs.reach_map import save_reach

        save_reach(check, args.picture)
    console = options.console_of(args)
    if args.json:
        print(json.dumps(check.to_json(), ensure_ascii=False))
    if not args.quiet:
        _show(check, console)
        if args.picture is not None and check.places:
            console.print(f"map: {args.picture}", markup=False)
    console.print(_verdict(check), markup=False)
    return exits.REACHED if check.ok else exits.NOT_REACHED


def _show(check: RobotCheck, console: Console) -> None:
    from rich.markup import escape
    from rich.table import Table

    from envs.reach import SIDE, TOP

    f = check.facts
    console.print(
        f"{check.robot}: {f['joints']} joints, {'drives' if f['drives'] else 'stands still'}, takes things up to "
        f"{f['takes_mm']:.0f} mm and {f['payload_kg']:g} kg",
        markup=False,
    )
    if check.problem:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), title_justify="left")
    for name in ("place", "from above", "from the side", "points", "in the way"):
        table.add_column(name, overflow="fold")
    for p in check.places:
        side = "-" if p.walled else f"{100 * p.share(SIDE):.0f} %"
        blocked = ", ".join(f"{n} ({k})" for n, k in sorted(p.blocked.items(), key=lambda b: -b[1])[:3])
        table.add_row(escape(p.name), f"{100 * p.share(TOP):.0f} %", side, str(len(p.points)), escape(blocked))
    console.print(table)
    can = [v for v in check.things if v.can]
    console.print(f"takes {len(can)} of {len(check.things)} things", markup=False)
    reasons: dict[str, list[str]] = {}
    for v in (v for v in check.things if not v.can):
        reasons.setdefault(v.why.removeprefix(v.name).strip(), []).append(v.name)
    for why, names in reasons.items():
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        console.print(f"  not {', '.join(names[:SHOWN])}{more}: {why}", markup=False)
    if not check.parts:
        console.print("no furniture with moving parts in this scene", markup=False)
    for v in check.parts:
        console.print(f"{'can' if v.can else 'cannot'} {v.how} {v.name}{': ' if v.why else ''}{v.why}", markup=False)


def _verdict(check: RobotCheck) -> str:
    if check.problem:
        return check.problem
    if check.ok:
        return f"{check.robot} can do all of it in {check.scene}"
    return "\n".join([f"{check.robot} cannot do all of it in {check.scene}; what would help:", *check.advice])
