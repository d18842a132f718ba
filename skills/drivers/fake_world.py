"""A tiny world without physics: what is gripped follows the tool, what is let go falls straight down, what closed
fingers run into is shoved ahead.

It exists to show that skills do not depend on a simulator, and to test loops in milliseconds. Nothing is ever
turned, tipped or rolled; numbers measured here say nothing about a robot.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from skills.drivers.fake_loose import carried_along, run_out, wiped_by
from skills.geometry import bottom_heights, distance_to, footprint_samples, inside_opening, top_heights, width_along
from skills.types import Array, ObjectState, Pose, Region

BETWEEN_PADS = 0.006  # [m] a thing this close to the tool point is between the pads
SHUT = 0.005  # [m] fingers opened less are one thing to push with
FINGER = 0.010  # [m] from their middle to their side
STEP = 0.010  # [m] surfaces overlapping by less still carry
DOWN = (1.0, 0.0, 0.0, 0.0)  # quaternion of a tool that points down, its x axis along the world's


def tool_pose(q: Iterable[float]) -> Pose:
    """pose_world_tool of a gantry's joints: x, y, z [m], yaw [rad], and of one that tilts, the turn about the line
    along which the fingers close [rad]."""
    x, y, z, yaw, *tilt = (float(v) for v in q)
    pointing = Pose.from_yaw((x, y, z), yaw) @ Pose.of((0, 0, 0), DOWN)
    if not tilt:
        return pointing
    return pointing @ Pose.of((0, 0, 0), (0.0, math.sin(tilt[0] / 2), 0.0, math.cos(tilt[0] / 2)))


@dataclass
class FakeWorld:
    """Things, surfaces, and what the gripper holds. Mutable: it is the world.

    ``slippery``: names that every grasp loses; ``dropped_at``: tick at which a held thing falls, for tests of
    what watches a motion.
    """

    objects: dict[str, ObjectState]
    regions: dict[str, Region]
    held: str | None = None
    pose_tool_held: Pose = field(default_factory=Pose)
    slippery: frozenset[str] = frozenset()
    tick: int = 0
    tool: Pose | None = None

    def move_tool(self, tool: Pose, opening: float = math.inf) -> None:
        """What is held follows; closed fingers (``opening`` [m]) shove ahead of them what they run into."""
        if self.held is not None:
            thing = self.objects[self.held]
            moved = self.objects[self.held] = replace(thing, pose_world=tool @ self.pose_tool_held)
            carried_along(self.objects, thing, moved)
            run_out(self.objects, self.regions, moved)
            wiped_by(self.objects, moved)
        elif opening < SHUT and self.tool is not None:
            self._shove(np.subtract(tool.position, self.tool.position), np.asarray(tool.position))
        self.tool = tool

    def _shove(self, step: Array, point: Array) -> None:
        length = float(np.hypot(step[0], step[1]))
        if length < 1e-6:
            return
        ahead = step / length
        for name, thing in self.objects.items():
            deep = FINGER - distance_to(thing, point)
            if thing.movable and 0 < deep < 2 * FINGER:
                dx, dy = (float(v) for v in ahead[:2] * min(deep, length))
                self.objects[name] = replace(thing, pose_world=thing.pose_world.moved(dx, dy))

    def close_fingers(self, tool: Pose, opening: float, wanted: float) -> float:
        """Close from ``opening`` towards ``wanted`` [m]; returns the width at which the fingers end."""
        if self.held is not None:
            return max(wanted, self._thickness(self.held, tool))
        between = [
            (distance_to(o, np.asarray(tool.position)), n)
            for n, o in self.objects.items()
            if o.movable and distance_to(o, np.asarray(tool.position)) < BETWEEN_PADS
        ]
        for _, name in sorted(between):
            width = self._thickness(name, tool)
            if wanted < width <= opening and name not in self.slippery:
                self.held = name
                self.pose_tool_held = tool.inverse() @ self.objects[name].pose_world
                return width
        return wanted

    def open_fingers(self) -> None:
        """Let go; the thing falls to what is below it."""
        if self.held is not None:
            name, self.held = self.held, None
            before, self.objects[name] = self.objects[name], self.fallen(name)
            carried_along(self.objects, before, self.objects[name])

    def _thickness(self, name: str, tool: Pose) -> float:
        thing = self.objects[name]
        wide = width_along(thing, tool.rotation()[:, 1])
        at_wall = thing.shape.hollow and distance_to(thing, np.asarray(tool.position)) < BETWEEN_PADS
        middle = np.hypot(*(np.subtract(tool.position, thing.pose_world.position)[:2])) < 0.3 * wide
        return thing.shape.wall if at_wall and not middle else wide

    def fallen(self, name: str) -> ObjectState:
        """The thing, moved straight down until something carries it (the floor at z = 0 at last)."""
        thing = self.objects[name]
        xy = footprint_samples(thing, 15)
        under = bottom_heights(thing, xy)
        x, y, _ = thing.pose_world.position
        surfaces = [r.surface for r in self.regions.values() if r.contains(x, y)]
        drops = [thing.bottom_z - s for s in [*surfaces, 0.0] if s <= thing.bottom_z + STEP]
        for other in self.objects.values():
            if other.name in (name, self.held) or not other.solid:
                continue
            gaps = under - top_heights(other, xy)
            gaps = gaps[np.isfinite(gaps) & (gaps > -STEP)]
            if len(gaps):
                drops.append(float(np.min(gaps)))
            if other.container and other.upright:
                local: Array = other.pose_world.inverse().apply(thing.pose_world.position)[None, :]
                floor = other.bottom_z + other.shape.wall
                if inside_opening(other, local)[0] and thing.bottom_z > floor - STEP:
                    drops.append(thing.bottom_z - floor)
        return replace(thing, pose_world=thing.pose_world.moved(dz=-min(drops, default=0.0)))
