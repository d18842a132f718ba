"""The fake gantry on a fake base that drives: rooms of several places, in milliseconds and without physics.

Furniture is what lies under the places: blocks from the floor up to each surface, which the base may not touch.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from skills.base import AXES, BaseSpec, Stand, Whereabouts, distance_to_place, turned_to
from skills.driver import DriverError, Embodiment, Held, MotionFailure, NoMotion
from skills.drivers.fake import FakeDriver, FakeMotion, FakePerception
from skills.drivers.fake_kinematics import FAKE_SPEC, FakeKinematics
from skills.drivers.fake_world import FakeWorld, tool_pose
from skills.guard import Guard
from skills.types import Array, ObjectState, Observation, Pose, Region, RobotState, Trajectory

FAKE_MOBILE_SPEC = replace(
    FAKE_SPEC,
    name="fake mobile gantry",
    lower=(0.0, -0.7, 0.0, -3.6),
    upper=(1.0, 0.7, 2.0, 3.6),
    home=(0.2, 0.0, 1.4, 0.0),
    workspace=None,
    capabilities=FAKE_SPEC.capabilities | {"base"},
    base=BaseSpec((1.0, 1.0, 2.0), (1.0, 1.0, 2.0), 0.25, (0.0, 0.0, 0.0)),
)
SPEED_SHARE = 0.8  # of the base's limits
CORNER = 0.15  # [m] kept from furniture's corners on the way around


def _foot(stand: Stand) -> Pose:
    return Pose.from_yaw((stand[0], stand[1], 0.0), stand[2])


class FakeMobileDriver(FakeDriver):
    """A gantry whose foot moves. ``stand``: where it begins."""

    def __init__(self, world: FakeWorld | None = None, stand: Stand = (0.0, 0.0, 0.0)) -> None:
        super().__init__(world, FAKE_MOBILE_SPEC)
        self._stand: Stand = stand
        self._route: FakeMotion | None = None

    def _tool(self) -> Pose:
        return _foot(self._stand) @ tool_pose(self._q)

    def read_state(self) -> RobotState:
        with self._lock:
            return replace(super().read_state(), base=self._stand, base_velocity=self._velocity())

    def _velocity(self) -> Stand:
        if self._route is None or self._route.done():
            return 0.0, 0.0, 0.0
        path = self._route.trajectory
        x, y, yaw = path.sample(float(path.times[0]) + self._route.time)[1]
        return float(x), float(y), float(yaw)

    def drive(self, path: Trajectory) -> FakeMotion:
        with self._lock:
            self._need_ready("drive")
            if path.joint_names != AXES:
                raise DriverError(f"a base path has the axes {AXES}, got {path.joint_names}")
            if self._motion is not None:
                self._motion.cancel()
            self._motion = self._route = FakeMotion(self, path)
            self._mode = type(self._mode).MOVING
            return self._route

    def _advance(self) -> None:
        route = self._route
        if route is None or route is not self._motion:
            super()._advance()
            return
        self.world.tick += 1
        route.time += 1.0 / self._spec.rate
        x, y, yaw = route.trajectory.sample(float(route.trajectory.times[0]) + route.time)[0]
        self._stand = (float(x), float(y), float(yaw))
        self.world.move_tool(self._tool(), self._width)
        if route.time >= route.trajectory.duration:
            from skills.driver import MotionCode, MotionResult

            route.finish(MotionResult(MotionCode.OK))


class FakeMobileKinematics(FakeKinematics):
    """See `skills.driver.MobileKinematics`."""

    def __init__(self, regions: Mapping[str, Region] | None = None, stand: Stand = (0.0, 0.0, 0.0)) -> None:
        super().__init__(regions, FAKE_MOBILE_SPEC)
        self._stand = stand

    @property
    def mount(self) -> Pose:
        """Where the gantry's foot stands."""
        return _foot(self._stand)

    def sync(self, observation: Observation) -> None:
        super().sync(observation)
        if observation.robot.base is not None:
            self._stand = observation.robot.base

    def stand(self, base: Stand) -> None:
        self._stand = base

    def standable(self, stands: Sequence[Stand], q: Sequence[float] | Array, held: Held | None = None) -> list[bool]:
        return [all(self._clear(s, r) for r in self._regions.values()) for s in stands]

    def _clear(self, stand: Stand, region: Region) -> bool:
        assert self.spec.base is not None
        return distance_to_place(stand, region) >= self.spec.base.radius

    def route(
        self, start: Stand, goal: Stand, q: Sequence[float] | Array, held: Held | None = None
    ) -> Trajectory | MotionFailure:
        """Straight, else around one or two corners of the furniture."""
        corners = list(self._corners())
        for n in range(3):
            for between in itertools.permutations(corners, n):
                way = [start, *((x, y, start[2]) for x, y in between), goal]
                if all(self._free(a, b) for a, b in itertools.pairwise(way)):
                    return self._path(way)
        return MotionFailure(NoMotion.PATH_NONE, "no way for the base was found")

    def _corners(self) -> Iterable[tuple[float, float]]:
        assert self.spec.base is not None
        off = self.spec.base.radius + CORNER
        for region in self._regions.values():
            (x0, y0), (x1, y1) = region.low, region.high
            yield from itertools.product((x0 - off, x1 + off), (y0 - off, y1 + off))

    def _free(self, a: Stand, b: Stand) -> bool:
        n = max(1, math.ceil(math.dist(a[:2], b[:2]) / 0.05))
        points = np.linspace(a, b, n + 1)
        return all(self.standable([(float(x), float(y), float(t)) for x, y, t in points[1:]], ()))

    def _path(self, way: Sequence[Stand]) -> Trajectory:
        assert self.spec.base is not None
        times, poses, speeds = [0.0], [np.asarray(way[0], float)], [np.zeros(3)]
        for a, b in itertools.pairwise(way):
            start = poses[-1]
            delta = np.array([b[0] - a[0], b[1] - a[1], turned_to(b[2], float(start[2])) - start[2]])
            fast = float(np.max(1.5 * np.abs(delta) / np.asarray(self.spec.base.max_velocity)))
            hard = math.sqrt(float(np.max(6.0 * np.abs(delta) / np.asarray(self.spec.base.max_acceleration))))
            duration = max(fast, hard, 0.05) / SPEED_SHARE
            begin = times[-1]
            for s in np.linspace(0, 1, 21)[1:]:  # 3 s^2 - 2 s^3: from rest to rest
                times.append(begin + float(s) * duration)
                poses.append(start + (3 * s**2 - 2 * s**3) * delta)
                speeds.append((6 * s - 6 * s**2) * delta / duration)
        return Trajectory(AXES, np.array(times), np.array(poses), np.array(speeds))


def fake_mobile_embodiment(
    objects: Iterable[ObjectState], regions: Sequence[Region], stations: Sequence[str], stand: Stand = (0.0, 0.0, 0.0)
) -> Embodiment:
    """A connected gantry that drives between ``stations``; everything in the air falls to what is below it first."""
    world = FakeWorld({o.name: o for o in objects}, {r.name: r for r in regions})
    for name in sorted(world.objects, key=lambda n: world.objects[n].bottom_z):
        world.objects[name] = world.fallen(name)
    kinematics = FakeMobileKinematics(world.regions, stand)
    driver = Guard(FakeMobileDriver(world, stand), kinematics)
    driver.connect()
    return Embodiment(driver, kinematics, FakePerception(world), dict(world.regions), Whereabouts(tuple(stations)))
