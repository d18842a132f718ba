"""Small worlds for the tests of the simulator, and a hand-scripted arm (no skills, no planner)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from sim.driver import PyBulletDriver
from sim.kinematics import ArmKinematics
from sim.objects import make_body
from sim.perception import OraclePerception
from sim.world import Fixture, Placed, World, WorldSpec
from skills.driver import Embodiment, GripperResult, Held, MotionFailure, MotionResult
from skills.types import Array, Pose, Region, Trajectory

Thing = tuple[str, float, float]


def make_tabletop(things: Sequence[Thing] = (), holding: str | None = None, **more: str) -> WorldSpec:
    """A robot at the end of a table whose top is z = 0; ``more``: kinds by object name with underscores."""
    placed = []
    for name, x, y in things:
        body = make_body(name, more.get(name.replace(" ", "_")))
        placed.append(Placed(body, Pose((x, y, body.shape.size[2] / 2 + 0.0005))))
    table = Fixture("table", (0.9, 1.2, 0.04), Pose((0.5, 0.0, -0.02)))
    regions = {"table": Region("table", (0.2, -0.5), (0.9, 0.5))}
    return WorldSpec(fixtures=(table,), objects=tuple(placed), regions=regions, holding=holding)


def look_down(x: float, y: float, z: float, yaw: float = 0.0) -> Pose:
    """pose_world_tool of a hand that points straight down."""
    return Pose.from_yaw((x, y, z), yaw) @ Pose.of((0, 0, 0), (1, 0, 0, 0))


class Rig:
    """A world with driver and kinematics, and two scripted movements."""

    down = staticmethod(look_down)

    def __init__(self, spec: WorldSpec) -> None:
        self.world = World(spec)
        self.driver = PyBulletDriver(self.world)
        self.driver.connect()
        self.kinematics = ArmKinematics(spec)
        self.body = Embodiment(self.driver, self.kinematics, OraclePerception(self.world), spec.regions)
        self.held: Held | None = None
        self.sync()

    def sync(self) -> None:
        self.kinematics.sync(self.body.observe())

    @property
    def q(self) -> Array:
        return np.array(self.driver.read_state().q)

    def go(self, motion: Trajectory | MotionFailure, until_contact: bool = False) -> MotionResult:
        assert isinstance(motion, Trajectory), motion
        handle = self.driver.follow(motion)
        while not handle.done():
            self.driver.wait()
            if until_contact and (self.driver.read_state().effort or 0.0) > 2.0:
                handle.cancel()
                self.driver.wait(8)
        return handle.result()

    def pick(
        self, name: str, grasp: Pose, force: float = 15.0, up: float = 0.14, opening: float = 0.08
    ) -> GripperResult:
        k = self.kinematics
        self.driver.gripper(opening, 0.1, 15.0)
        self.sync()
        k.spread(opening)
        raised = k.solutions(grasp @ Pose((0, 0, -0.12)), self.q)[0]
        assert self.go(k.transit(self.q, raised)).ok
        assert self.go(k.line(self.q, grasp, 0.15, ignore=frozenset([name]))).ok
        grip = self.driver.gripper(0.0, 0.1, force)
        tool = k.forward(self.q)
        self.held = Held(name, tool.inverse() @ self.world.pose(name))
        assert self.go(k.line(self.q, tool.moved(dz=up), 0.15, held=self.held)).ok
        return grip

    def place(self, pose_world_thing: Pose, ignore: frozenset[str] = frozenset(), above: float = 0.12) -> None:
        k, held = self.kinematics, self.held
        assert held is not None
        tool = pose_world_thing @ held.pose_tool_object.inverse()
        raised = k.solutions(tool.moved(dz=above), self.q)[0]
        assert self.go(k.transit(self.q, raised, held=held)).ok
        self.go(k.line(self.q, tool, 0.1, held=held, ignore=ignore), until_contact=True)
        self.driver.gripper(0.08, 0.1, 15.0)
        self.sync()
        back = k.forward(self.q).moved(dz=0.12)
        assert self.go(k.line(self.q, back, 0.2, ignore=ignore | {held.name})).ok
        self.held = None
        self.world.settle()

    def close(self) -> None:
        self.driver.close()
        self.kinematics.close()
        self.world.close()


@pytest.fixture
def tabletop() -> Callable[..., WorldSpec]:
    """Builds a `WorldSpec`: ``tabletop([("red block", 0.5, 0.1)], holding=...)``."""
    return make_tabletop


@pytest.fixture
def make_world() -> Iterator[Callable[..., World]]:
    """Builds worlds that are closed afterwards."""
    made: list[World] = []

    def make(things: Sequence[Thing] = (), **more: str) -> World:
        made.append(World(make_tabletop(things, **more)))
        return made[-1]

    yield make
    for world in made:
        world.close()


@pytest.fixture
def make_rig() -> Iterator[Callable[..., Rig]]:
    """Builds rigs that are closed afterwards."""
    made: list[Rig] = []

    def make(things: Sequence[Thing] = (), **more: str) -> Rig:
        made.append(Rig(make_tabletop(things, **more)))
        return made[-1]

    yield make
    for rig in made:
        rig.close()


@pytest.fixture
def down() -> Callable[..., Pose]:
    """pose_world_tool of a hand that points straight down: ``down(x, y, z, yaw)``."""
    return look_down
