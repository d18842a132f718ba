"""``groundplan driver new``, ``calibrate`` and ``replay``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from planner.cli import exits, options


def add_to(actions: Any) -> None:
    """Register the three."""
    new = actions.add_parser("new", help="write a package with a driver, its tests and a settings file")
    new.add_argument("name", help="what the robot is called, such as my-arm")
    new.add_argument("--out", type=Path, metavar="DIR", help="where (default: groundplan-NAME)")
    options.add_output(new)
    new.set_defaults(execute=new_driver)
    calibrate = actions.add_parser("calibrate", help="where a camera sits, from recorded pairs of poses")
    calibrate.add_argument("pairs", type=Path, help="YAML: camera, mount, pairs of tool and board poses")
    calibrate.add_argument("--out", type=Path, metavar="FILE", help="the calibration file to write")
    options.add_output(calibrate)
    calibrate.set_defaults(execute=run_calibrate)
    again = actions.add_parser("replay", help="send a log of commands to the twin")
    again.add_argument("log", type=Path, help="commands.jsonl of a run")
    again.add_argument("--driver", default="twin", metavar="NAME", help="a simulated robot (default: the twin)")
    again.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="one setting, such as robot.options.pace=2"
    )
    options.add_output(again)
    again.set_defaults(execute=run_replay)


def new_driver(args: argparse.Namespace) -> int:
    """Write the package."""
    from planner.skeleton import write_skeleton

    folder = args.out or Path(f"groundplan-{args.name}")
    files = write_skeleton(args.name, folder)
    if args.json:
        print(json.dumps({"files": list(map(str, files))}))
        return exits.REACHED
    console = options.console_of(args)
    for path in files:
        console.print(str(path), markup=False, soft_wrap=True)
    console.print(f"\nnext: cd {folder} && pip install -e . && python -m pytest", markup=False, soft_wrap=True)
    return exits.REACHED


def run_calibrate(args: argparse.Namespace) -> int:
    """Solve, say how well the records agree, write the file."""
    from envs.calibration import (
        Calibration,
        CameraPose,
        PoseFile,
        pose_of,
        read_calibration,
        read_pairs,
        write_calibration,
    )
    from sim.hand_eye import hand_eye

    pairs = read_pairs(args.pairs)
    on_tool = pairs.mount == "tool"
    found = hand_eye([pose_of(p.tool) for p in pairs.pairs], [pose_of(p.board) for p in pairs.pairs], on_tool)
    camera = found.camera
    if not on_tool and pairs.base is not None:
        camera = pairs.base.pose @ camera
    off, turned = found.rms
    place = CameraPose(mount=pairs.mount, position=camera.position, orientation=camera.orientation)
    frame = "pose_tool_camera" if on_tool else "pose_world_camera"
    notes = [
        f"{frame} of {pairs.camera!r} from {len(pairs.pairs)} pairs",
        f"residuals: rms {off * 1000:.2f} mm, {turned * 1000:.2f} mrad; largest {max(found.off) * 1000:.2f} mm",
    ]
    if found.odd:
        numbers = ", ".join(str(i + 1) for i in found.odd)
        notes.append(f"records that agree much worse than the others: {numbers}; look at them again or leave them out")
    if args.out is not None:
        old = read_calibration(args.out) if args.out.exists() else Calibration(base=pairs.base)
        base: PoseFile | None = pairs.base or old.base
        write_calibration(args.out, Calibration(base=base, cameras={**old.cameras, pairs.camera: place}), notes)
    if args.json:
        rows = [{"off_m": a, "turned_rad": b} for a, b in zip(found.off, found.turned, strict=True)]
        print(json.dumps({"camera": pairs.camera, "mount": pairs.mount, "frame": frame, "position": camera.position,
                          "orientation": camera.orientation, "rms_m": off, "rms_rad": turned, "records": rows,
                          "odd": [i + 1 for i in found.odd]}))  # fmt: skip
        return exits.REACHED
    console = options.console_of(args)
    for line in notes:
        console.print(line, markup=False)
    x, y, z = camera.position
    turn = ", ".join(f"{v:.5f}" for v in camera.orientation)
    console.print(f"position ({x:.4f}, {y:.4f}, {z:.4f}) m, orientation ({turn})", markup=False)
    return exits.REACHED


def run_replay(args: argparse.Namespace) -> int:
    """0: every command was taken, and the robot stood where the log says; 1: it did not; 4: it refused one."""
    from planner.command_replay import TOLERANCE, first_pose, replay_commands
    from planner.settings import Settings, resolve
    from planner.workplace import GROUP
    from skills.command_log import read_log
    from skills.driver import RobotDriver
    from skills.driver_config import make_driver
    from skills.guard import Guard
    from skills.resolve import resolve as named

    log = read_log(args.log)
    given = resolve(Settings(), None, args.set).robot.options
    start = first_pose(log)
    made = named(args.driver, GROUP, RobotDriver)
    if start is not None and "start" in getattr(getattr(made, "Config", None), "__dataclass_fields__", {}):
        given = {"start": list(start), **given}
    guard = Guard(make_driver(made, given))
    console = options.console_of(args)
    guard.connect()
    try:
        rows = replay_commands(log, guard)
    finally:
        guard.close()
    away = max((r.off for r in rows if r.off is not None), default=0.0)
    refused = [r for r in rows if r.error]
    if args.json:
        print(json.dumps({"robot": log.robot, "commands": [vars(r) for r in rows], "farthest": away}))
    else:
        for r in () if args.quiet else rows:
            off = "" if r.off is None else f"{r.off:.4f} away"
            console.print(f"{r.number:>4}  {r.kind:<8} {r.detail:<40} {off}  {r.error}", markup=False, soft_wrap=True)
        said = f"{len(rows)} commands of {log.robot}, at most {away:.4f} rad away, {len(refused)} refused"
        console.print(said, markup=False)
    return exits.DRIVER if refused else exits.REACHED if away <= TOLERANCE else exits.NOT_REACHED
