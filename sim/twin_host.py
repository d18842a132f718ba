"""A twin's process: ``python -m sim.twin_host`` is the bare robot at an empty table; `envs.twin` puts a task's things
around it."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sim.driver import empty_tabletop
from sim.twin_server import TwinServer, TwinSetup
from sim.world import World
from skills.driver_config import read_config


def run(build: Callable[[TwinSetup], TwinServer]) -> int:
    """A twin's process: read the setup from standard input, say the port on standard output, serve until that input
    ends, which it does when whoever started the twin is gone."""
    voice = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever libraries print must not look like an answer

    def say(**message: Any) -> None:
        print(json.dumps(message), file=voice, flush=True)

    try:
        server = build(read_config(TwinSetup, json.loads(sys.stdin.readline()), "twin"))
    except Exception as error:  # whoever started it learns why, in one line
        say(error=" ".join(f"{error}".split()) or type(error).__name__)
        return 1

    def wait_for_the_end() -> None:
        sys.stdin.read()
        server.over.set()

    threading.Thread(target=wait_for_the_end, daemon=True).start()
    say(port=server.port)
    server.serve()
    return 0


def bare(setup: TwinSetup) -> TwinServer:
    """The robot alone at an empty table."""
    world = World(replace(empty_tabletop(), robot=setup.robot))
    if setup.start:
        if len(setup.start) != len(world.robot.spec.joint_names):
            raise ValueError(f"start: {len(setup.start)} joints, {setup.robot} has {len(world.robot.spec.joint_names)}")
        world.arm.reset(setup.start, world.robot.spec.gripper_range[1])
    return TwinServer(world, setup)


if __name__ == "__main__":
    sys.exit(run(bare))
