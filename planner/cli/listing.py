"""``groundplan list``: what there is, by name."""

from __future__ import annotations

import argparse
import json
from typing import Any

from planner.cli import exits, options


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("list", help="list skills, scenes, robots, drivers or tasks")
    parser.add_argument("what", choices=sorted(_LISTS), help="what to list")
    parser.add_argument(
        "--task", metavar="FILE", action="append", help="tasks: these files instead of the shipped ones"
    )
    options.add_output(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Print one table, or a JSON list of objects."""
    rows: list[dict[str, str]] = _LISTS[args.what](args)
    if args.json:
        print(json.dumps(rows, ensure_ascii=False))
        return exits.REACHED
    from rich.markup import escape
    from rich.table import Table

    console = options.console_of(args)
    if not rows:
        console.print(f"no {args.what} installed")
        return exits.REACHED
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for i, key in enumerate(rows[0]):
        table.add_column(key, style="bold" if i == 0 else None, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row.values()))
    console.print(table)
    return exits.REACHED


def _skills(args: argparse.Namespace) -> list[dict[str, str]]:
    from skills.library import default_library

    rows = []
    for skill in default_library(plugins=True).values():
        operator = skill.operator
        rows.append(
            {
                "skill": f"{skill.name}({', '.join(f'{p.name}: {p.type}' for p in operator.parameters)})",
                "needs": ", ".join(map(str, operator.preconditions)) or "-",
                "brings about": ", ".join(map(str, operator.add)) or "-",
                "in words": operator.say or "-",
            }
        )
    return rows


def _scenes(args: argparse.Namespace) -> list[dict[str, str]]:
    from envs.scenes import list_scenes, load_scene

    rows = []
    for name in list_scenes():
        scene = load_scene(name)
        rows.append(
            {
                "scene": name,
                "robot": scene.robot,
                "places": ", ".join(scene.places),
                "objects": ", ".join(scene.objects) or "-",
                "about": scene.about,
            }
        )
    return rows


def _robots(args: argparse.Namespace) -> list[dict[str, str]]:
    from sim.robots import load_robot, robot_names

    rows = []
    for name in robot_names():
        spec = load_robot(name).spec
        low, high = spec.gripper_range
        rows.append(
            {
                "robot": name,
                "joints": str(len(spec.joint_names)),
                "gripper": f"{low * 1000:.0f} to {high * 1000:.0f} mm",
                "payload": f"{spec.payload:g} kg",
                "rate": f"{spec.rate:g} Hz",
            }
        )
    return rows


def _drivers(args: argparse.Namespace) -> list[dict[str, str]]:
    from skills.resolve import available

    return [{"driver": name, "class": point.value} for name, point in sorted(available("groundplan.drivers").items())]


def _tasks(args: argparse.Namespace) -> list[dict[str, str]]:
    from envs.tasks import load_tasks, task_files

    rows = []
    for name in args.task or task_files():
        for task in load_tasks(name):
            rows.append(
                {
                    "file": str(name),
                    "id": task.id,
                    "family": task.family,
                    "scene": task.scene,
                    "expect": task.expect,
                    "instruction": task.instruction,
                }
            )
    return rows


_LISTS = {"skills": _skills, "scenes": _scenes, "robots": _robots, "drivers": _drivers, "tasks": _tasks}
