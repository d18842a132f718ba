"""Worlds with things put exactly where a test wants them."""

from __future__ import annotations

from envs.scenes import load_scene
from envs.stage import world_spec
from envs.tasks import task_from_data
from sim.objects import make_body
from sim.world import Placed, World
from skills.types import Pose


def world_of(*things: tuple, holding: str | None = None) -> World:
    """A tabletop world. Each thing: (name, (x, y, z of its centre)[, yaw or quaternion[, kind]])."""
    scene = load_scene("tabletop")
    placed = []
    for name, position, *more in things:
        turn = more[0] if more else 0.0
        pose = Pose.of(position, turn) if isinstance(turn, tuple) else Pose.from_yaw(position, turn)
        placed.append(Placed(make_body(name, more[1] if len(more) > 1 else None), pose))
    return World(world_spec(scene, tuple(placed), holding))


def task_of(*names: str, **more):
    """A task about these things."""
    more.setdefault("expect", "success" if "goal" in more else "refuse")
    objects = [{"name": n} for n in names]
    return task_from_data({"id": "t", "instruction": "go", "scene": "tabletop", "start": {"objects": objects}, **more})
