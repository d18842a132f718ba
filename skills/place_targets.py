"""From spots to tool poses: how the hand must stand so that what it holds comes to rest on a spot.

The thing keeps the tilt with which it was grasped and is turned about the vertical only; otherwise tall things
would be set down leaning.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from skills.driver import Held
from skills.geometry import turn_about_vertical
from skills.spots import Spot
from skills.types import ObjectState, Observation, Pose

TURNS = (0.0, math.pi / 2, -math.pi / 2, math.pi, math.pi / 4, -math.pi / 4, 3 * math.pi / 4, -3 * math.pi / 4)


@dataclass(frozen=True)
class Target:
    """One placement: the tool's pose at release, the thing's pose there, and the spot they belong to."""

    tool: Pose
    pose_world_object: Pose
    spot: Spot


def carried(obs: Observation, name: str) -> Held:
    """What is in the hand, as measured now."""
    return Held(name, obs.pose_world_tool.inverse() @ obs.objects[name].pose_world)


def place_targets(obj: ObjectState, held: Held, spots: Iterable[Spot]) -> Iterator[Target]:
    """Placements in the order in which they should be tried.

    ``obj``: the thing with the orientation that it has in the hand now (or stands with, before it is picked).
    Spots keep their order; for each, the wanted heading or the smallest turn first, and low releases before high.
    """
    pose_object_tool = held.pose_tool_object.inverse()
    depth = float(obj.extents()[2]) / 2
    for spot in spots:
        turns = TURNS if spot.yaw is None else (_wrap(spot.yaw - obj.pose_world.yaw),)
        for height in spot.heights:
            for turn in turns:
                there = Pose.of((0, 0, 0), turn_about_vertical(turn)) @ replace(
                    obj.pose_world, position=(0.0, 0.0, 0.0)
                )
                pose = replace(there, position=(spot.x, spot.y, height + depth))
                yield Target(pose @ pose_object_tool, pose, spot)


def _wrap(angle: float) -> float:
    return (angle + math.pi) % (2 * math.pi) - math.pi
