"""The fake gantry's geometry: exact inverse kinematics, simple collision tests, smooth straight motions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from skills.driver import Held, MotionFailure, NoMotion
from skills.drivers.fake_world import tool_pose
from skills.geometry import bottom_heights, distances_to, footprint_samples, top_heights
from skills.types import Array, ObjectState, Observation, Pose, Region, RobotSpec, Trajectory

FAKE_SPEC = RobotSpec(
    name="fake gantry",
    joint_names=("x", "y", "z", "yaw"),
    lower=(0.0, -0.7, 0.0, -3.6),
    upper=(1.0, 0.7, 0.9, 3.6),
    max_velocity=(1.0, 1.0, 1.0, 3.0),
    max_acceleration=(4.0, 4.0, 4.0, 12.0),
    home=(0.4, 0.0, 0.5, 0.0),
    rate=60.0,
    simulated=True,
    capabilities=frozenset({"recover", "effort"}),
    workspace=((-0.05, -0.75, -0.01), (1.05, 0.75, 0.95)),
)
TILTING_SPEC = replace(  # the same gantry with a wrist that tilts as well: it can pour
    FAKE_SPEC,
    name="fake tilting gantry",
    joint_names=(*FAKE_SPEC.joint_names, "tilt"),
    lower=(*FAKE_SPEC.lower, -2.4),
    upper=(*FAKE_SPEC.upper, 2.4),
    max_velocity=(*FAKE_SPEC.max_velocity, 3.0),
    max_acceleration=(*FAKE_SPEC.max_acceleration, 12.0),
    home=(*FAKE_SPEC.home, 0.0),
)
POINTS_DOWN = 1e-3  # tolerated deviation of the tool's z axis from straight down
CHECK_EVERY = 0.01  # [m] collision checks along a line
SKIN = 0.002  # [m] overlap that is not a collision
PALM = (0.06, 0.18, 0.10)  # [m] the palm's box above the fingers: along x, along y, height
PEAK = 1.875  # peak velocity of the quintic of unit length and time
PEAK_ACCELERATION = 5.774  # its peak acceleration
KNOTS = 25


class FakeKinematics:
    """Geometry for thinking; see `skills.driver.Kinematics`. ``regions``: surfaces that must not be touched."""

    def __init__(self, regions: Mapping[str, Region] | None = None, spec: RobotSpec = FAKE_SPEC) -> None:
        self.spec = spec
        self._regions = dict(regions or {})
        self._objects: dict[str, ObjectState] = {}
        self._opening = spec.gripper_range[1]

    @property
    def mount(self) -> Pose:
        """The gantry's frame is the world's, unless it drives."""
        return Pose()

    def sync(self, observation: Observation) -> None:
        self._objects = {n: o for n, o in observation.objects.items() if o.solid}
        self.spread(self.spec.gripper_range[1])

    def spread(self, width: float) -> None:
        self._opening = min(max(width, self.spec.gripper_range[0]), self.spec.gripper_range[1])

    def forward(self, q: Sequence[float] | Array) -> Pose:
        return self.mount @ tool_pose(q)

    def solutions(self, pose_world_tool: Pose, near: Sequence[float] | Array, limit: int = 4) -> list[Array]:
        local = self.mount.inverse() @ pose_world_tool
        rotation = local.rotation()
        if len(self.spec.lower) == 5:
            return self._tilted(local, near, limit)
        if rotation[2, 2] > -1 + POINTS_DOWN:
            return []
        yaw = math.atan2(rotation[1, 0], rotation[0, 0])
        found = [
            np.array([*local.position, yaw + turn])
            for turn in (0.0, 2 * math.pi, -2 * math.pi)
            if self._within((*local.position, yaw + turn))
        ]
        found.sort(key=lambda q: float(np.max(np.abs(q - np.asarray(near)))))
        return found[:limit]

    def _tilted(self, local: Pose, near: Sequence[float] | Array, limit: int) -> list[Array]:
        """Solutions of the gantry that tilts: the fingers must close along a level line."""
        rotation = local.rotation()
        if abs(rotation[2, 1]) > POINTS_DOWN:
            return []
        yaw = math.atan2(rotation[0, 1], -rotation[1, 1])
        upright = tool_pose((0.0, 0.0, 0.0, yaw)).rotation()
        turn = upright.T @ rotation
        tilt = math.atan2(turn[0, 2], turn[0, 0])
        turns = [np.array([*local.position, yaw + k * math.pi * 2, tilt]) for k in (0, 1, -1)]
        found = [q for q in turns if self._within([float(v) for v in q])]
        found.sort(key=lambda q: float(np.max(np.abs(q - np.asarray(near)))))
        return found[:limit]

    def _within(self, q: Sequence[float]) -> bool:
        return all(a - 1e-9 <= v <= b + 1e-9 for v, a, b in zip(q, self.spec.lower, self.spec.upper, strict=True))

    def obstacle(
        self, q: Sequence[float] | Array, held: Held | None = None, ignore: frozenset[str] = frozenset()
    ) -> str | None:
        tool = self.forward(q)
        points = tool.apply(self._hand_points())
        for region in self._regions.values():
            if region.contains(tool.position[0], tool.position[1]) and points[:, 2].min() < region.surface - SKIN:
                return region.name
        for name, thing in self._objects.items():
            if name in ignore or (held is not None and name == held.name):
                continue
            reach = math.dist(tool.position, thing.pose_world.position) - float(np.linalg.norm(thing.shape.size)) / 2
            if reach < 0.3 and float(distances_to(thing, points).min()) < -SKIN / 2:
                return name
        return None if held is None else self._held_obstacle(tool, held, ignore)

    def _hand_points(self) -> Array:
        """(N, 3) points of fingers and palm in the tool frame (z out of the hand)."""
        pad, high = self.spec.pad, self.spec.finger_depth
        half = self._opening / 2 + 0.008
        fingers = [
            (x, side * half, z)
            for x in (-pad[0] / 2, 0.0, pad[0] / 2)
            for side in (-1, 1)
            for z in np.linspace(pad[1] / 2, -high, 5)
        ]
        palm = [
            (x, y, -high - z)
            for x in np.linspace(-PALM[0] / 2, PALM[0] / 2, 3)
            for y in np.linspace(-PALM[1] / 2, PALM[1] / 2, 7)
            for z in (0.0, PALM[2] / 2, PALM[2])
        ]
        return np.asarray(fingers + palm)

    def _held_obstacle(self, tool: Pose, held: Held, ignore: frozenset[str]) -> str | None:
        known = self._objects.get(held.name)
        if known is None:
            return None
        thing = ObjectState(known.name, known.kind, known.shape, tool @ held.pose_tool_object, known.mass)
        for region in self._regions.values():
            if region.contains(*thing.pose_world.position[:2]) and thing.bottom_z < region.surface - SKIN:
                return region.name
        xy = footprint_samples(thing)
        low, high = bottom_heights(thing, xy), top_heights(thing, xy)
        high = np.where(np.isfinite(high), high, thing.top_z)  # over the hollow of a bowl
        layers = [np.column_stack([xy, low + s * (high - low)]) for s in (0.0, 0.5, 1.0)]
        points = np.vstack(layers)
        for name, other in self._objects.items():
            if name in ignore or name == held.name or not len(points):
                continue
            if float(distances_to(other, points).min()) < -SKIN:
                return name
        return None

    def transit(
        self,
        q_from: Sequence[float] | Array,
        q_to: Sequence[float] | Array,
        held: Held | None = None,
        ignore: frozenset[str] = frozenset(),
    ) -> Trajectory | MotionFailure:
        a, b = np.asarray(q_from, float), np.asarray(q_to, float)
        top = max((o.top_z for o in self._objects.values()), default=0.0)
        hanging = 0.0
        if held is not None and held.name in self._objects:
            hanging = float(np.linalg.norm(self._objects[held.name].shape.size))
        z = min(max(a[2], b[2], top + hanging + 0.05), self.spec.upper[2])
        over = [a, np.array([*a[:2], z, *a[3:]]), np.array([*b[:2], z, *b[3:]]), b]
        failure: MotionFailure | None = None
        for way in ([a, b], over):
            blocked = self._blocked(way, held, ignore)
            if blocked is None:
                return self._timed(way, None)
            failure = MotionFailure(NoMotion.PATH_NONE, f"{blocked} is in the way", blocked)
        assert failure is not None
        return failure

    def line(
        self,
        q_from: Sequence[float] | Array,
        pose_world_tool: Pose,
        speed: float,
        held: Held | None = None,
        ignore: frozenset[str] = frozenset(),
    ) -> Trajectory | MotionFailure:
        return self.through(q_from, (pose_world_tool,), speed, held, ignore)

    def through(
        self,
        q_from: Sequence[float] | Array,
        poses_world_tool: Sequence[Pose],
        speed: float,
        held: Held | None = None,
        ignore: frozenset[str] = frozenset(),
    ) -> Trajectory | MotionFailure:
        way = [np.asarray(q_from, float)]
        for pose in poses_world_tool:
            ends = self.solutions(pose, way[-1], 1)
            if not ends:
                return MotionFailure(NoMotion.LINE_NONE, "the line ends outside the gantry's range")
            way.append(ends[0])
        blocked = self._blocked(way, held, ignore)
        if blocked is not None:
            return MotionFailure(NoMotion.COLLISION, f"{blocked} is in the way", blocked)
        return self._timed(way, speed)

    def _blocked(self, way: Sequence[Array], held: Held | None, ignore: frozenset[str]) -> str | None:
        for a, b in itertools.pairwise(way):
            steps = max(1, math.ceil(float(np.linalg.norm((b - a)[:3])) / CHECK_EVERY))
            for s in np.linspace(0, 1, steps + 1):
                hit = self.obstacle(a + s * (b - a), held, ignore)
                if hit is not None:
                    return hit
        return None

    def _timed(self, way: Sequence[Array], speed: float | None) -> Trajectory:
        """Quintic from rest to rest on every straight part, within velocity and acceleration limits."""
        times, positions, velocities = [0.0], [way[0]], [np.zeros(len(way[0]))]
        for a, b in itertools.pairwise(way):
            delta = b - a
            if float(np.max(np.abs(delta))) < 1e-9:
                continue
            duration = max(
                float(np.max(PEAK * np.abs(delta) / np.asarray(self.spec.max_velocity))),
                float(np.sqrt(np.max(PEAK_ACCELERATION * np.abs(delta) / np.asarray(self.spec.max_acceleration)))),
                PEAK * float(np.linalg.norm(delta[:3])) / speed if speed else 0.0,
            )
            duration *= 1.05  # sampling a spline between knots overshoots the peak a little
            start = times[-1]
            for s in np.linspace(0, 1, KNOTS)[1:]:
                times.append(start + float(s) * duration)
                positions.append(a + (10 * s**3 - 15 * s**4 + 6 * s**5) * delta)
                velocities.append((30 * s**2 - 60 * s**3 + 30 * s**4) * delta / duration)
        return Trajectory(self.spec.joint_names, np.array(times), np.array(positions), np.array(velocities))
