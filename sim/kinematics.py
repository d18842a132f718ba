"""The arm's geometry for thinking: reach, collisions, free paths and straight lines (`skills.driver.Kinematics`)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from sim.chain import read_chain
from sim.collision import NARROW, CollisionScene, Hit
from sim.ik import InverseKinematics
from sim.motion import corner_path, joint_move, tool_line
from sim.planning import connect, steps_between
from sim.robots import load_robot
from sim.world import WorldSpec
from skills.boxes import Box
from skills.driver import Held, MotionFailure, NoMotion
from skills.types import Array, Form, Observation, Pose, RobotSpec, Shape, Trajectory

LINE_STEP = 0.01  # [m] between joint solutions along a straight line
TURN_STEP = 0.05  # [rad]
LADEN = 0.8  # share of the usual speed with something in the hand: quick turns loosen a grip
JUMP = 0.35  # [rad] more than this between neighbours on a line means another arm posture


def foot_of(spec: RobotSpec, base: Pose) -> Pose:
    """pose_world_foot of the arm, for a robot whose base is at ``base``."""
    return base if spec.base is None else base @ Pose(spec.base.mount)


class ArmKinematics:
    """Thinks about the robot of a world in a physics client of its own. Deterministic; never moves the robot.

    Geometry of furniture comes from the world's description, that of things from the observations given to `sync`.
    """

    def __init__(self, spec: WorldSpec) -> None:
        config = load_robot(spec.robot)
        self.spec = config.spec
        self.chain = read_chain(config, foot_of(self.spec, spec.base))
        self.ik = InverseKinematics(self.chain, config.spec)
        fixtures = {f.name: (f.shape, f.pose_world) for f in spec.fixtures}
        self.scene = CollisionScene(config, self.chain, spec.base, fixtures)

    @property
    def mount(self) -> Pose:
        """pose_world_foot: where the arm stands."""
        return Pose.from_matrix(self.chain.base)

    def close(self) -> None:
        """Free the thinking client."""
        self.scene.close()

    def avoid(self, boxes: Mapping[str, Box]) -> None:
        """Keep the whole arm, and what it holds, out of named boxes in the world, from now on."""
        for name, box in boxes.items():
            size = tuple(b - a for a, b in zip(box.low, box.high, strict=True))
            centre = tuple((a + b) / 2 for a, b in zip(box.low, box.high, strict=True))
            self.scene.add_fixture(name, Shape(Form.BOX, size), Pose(centre))  # type: ignore[arg-type]

    def sync(self, observation: Observation) -> None:
        """Take over the objects' poses for collision checks; fingers count as fully open until `spread`."""
        self.scene.sync(observation.objects)
        self.spread(self.spec.gripper_range[1])

    def spread(self, width: float) -> None:
        """Think of fingers that are open by ``width`` [m], until the next `sync`: in narrow places, such as around
        the rim of a filled bowl, fully open fingers have no room."""
        self.scene.spread(width)

    def forward(self, q: Sequence[float] | Array) -> Pose:
        """pose_world_tool of joint positions ``q`` (D,)."""
        return self.chain.pose(np.asarray(q, float))

    def solutions(self, pose_world_tool: Pose, near: Sequence[float] | Array, limit: int = 4) -> list[Array]:
        """Joint solutions (D,) within limits, nearest to ``near`` first; residuals below 0.2 mm and 1 mrad."""
        return self.ik.solutions(pose_world_tool, np.asarray(near, float), limit)

    def obstacle(
        self, q: Sequence[float] | Array, held: Held | None = None, ignore: frozenset[str] = frozenset()
    ) -> str | None:
        """What the robot, or the thing it holds, would touch at ``q``; "robot" is the robot itself."""
        hit = self.scene.first_hit(np.asarray(q, float)[None], held, ignore)
        return None if hit is None else hit.name

    def resting_hit(self, base: Pose) -> str | None:
        """The furniture that the robot touches at rest with its foot or base at ``base``; "robot": itself."""
        hit = self.scene.first_hit(np.asarray(self.spec.home, float)[None])
        return None if hit is None else hit.name

    def transit(
        self,
        q_from: Sequence[float] | Array,
        q_to: Sequence[float] | Array,
        held: Held | None = None,
        ignore: frozenset[str] = frozenset(),
    ) -> Trajectory | MotionFailure:
        """A straight joint motion if that is free, else a planned path with corners."""
        a, b = np.asarray(q_from, float), np.asarray(q_to, float)
        ease = 1.0 if held is None else LADEN
        start = self.scene.start_distances(a, held, ignore)
        hit = self.scene.first_hit(b[None], held, ignore, start)
        if hit is not None:
            return MotionFailure(NoMotion.COLLISION, f"the target posture touches {hit.name}", hit.name)
        blocked = self.scene.first_hit(steps_between(a, b), held, ignore, start)
        if blocked is None:
            return joint_move(self.spec, a, b, ease)

        def free(points: Array) -> bool:
            return self.scene.first_hit(points, held, ignore, start) is None

        points = connect(a, b, self.ik.lower, self.ik.upper, free)
        if points is None:
            return MotionFailure(NoMotion.PATH_NONE, f"no way around {blocked.name} was found", blocked.name)
        return corner_path(self.spec, points, ease)

    def line(
        self,
        q_from: Sequence[float] | Array,
        pose_world_tool: Pose,
        speed: float,
        held: Held | None = None,
        ignore: frozenset[str] = frozenset(),
    ) -> Trajectory | MotionFailure:
        """A straight tool motion at ``speed`` [m/s]; joint solutions every centimetre, each continuing the last."""
        return self.through(q_from, (pose_world_tool,), speed, held, ignore)

    def through(
        self,
        q_from: Sequence[float] | Array,
        poses_world_tool: Sequence[Pose],
        speed: float,
        held: Held | None = None,
        ignore: frozenset[str] = frozenset(),
    ) -> Trajectory | MotionFailure:
        """One tool motion at ``speed`` [m/s] through all the poses, straight from each to the next."""
        if speed <= 0:
            raise ValueError(f"a line needs a positive speed, got {speed} m/s")
        q = np.asarray(q_from, float)
        targets, length = [], 0.0
        for a, b in itertools.pairwise((self.chain.pose(q), *poses_world_tool)):
            frames, distance = _between(a, b)
            targets += frames
            length += distance
        points = [q]
        for i, target in enumerate(targets):
            following = self.ik.near(target, points[-1])
            if following is None or np.abs(following - points[-1]).max() > JUMP:
                done = 100 * i // len(targets)
                return MotionFailure(NoMotion.LINE_NONE, f"the line ends after {done} % of its way")
            points.append(following)
        path = np.stack(points)
        start = self.scene.start_distances(q, held, ignore)
        hit = self.scene.first_hit(path, held, ignore, start, NARROW)
        if hit is not None:
            return _blocked(hit, len(path))
        return tool_line(self.spec, path, length, speed)


def _blocked(hit: Hit, count: int) -> MotionFailure:
    if hit.index >= count - 1:
        return MotionFailure(NoMotion.COLLISION, f"the end of the line touches {hit.name}", hit.name)
    return MotionFailure(NoMotion.PATH_NONE, f"{hit.name} is in the way of the straight line", hit.name)


def _between(pose_start: Pose, pose_end: Pose) -> tuple[list[Array], float]:
    """Frames (4, 4) along the straight way, without the start, and its length [m] (turning counts a little)."""
    a, b = np.asarray(pose_start.position), np.asarray(pose_end.position)
    turn = pose_start.inverse() @ pose_end
    x, y, z, w = turn.orientation
    half = np.arctan2(np.sqrt(x * x + y * y + z * z), abs(w))
    axis = np.array([x, y, z]) * (1 if w >= 0 else -1)
    axis = axis / max(float(np.linalg.norm(axis)), 1e-12)
    distance = float(np.linalg.norm(b - a))
    n = max(1, int(np.ceil(max(distance / LINE_STEP, 2 * half / TURN_STEP))))
    shares = np.arange(1, n + 1) / n
    frames = np.tile(np.eye(4), (n, 1, 1))
    across = np.array([[0.0, -axis[2], axis[1]], [axis[2], 0.0, -axis[0]], [-axis[1], axis[0], 0.0]])
    sin, cos = (f(2 * half * shares)[:, None, None] for f in (np.sin, np.cos))
    frames[:, :3, :3] = pose_start.rotation() @ (np.eye(3) + sin * across + (1 - cos) * across @ across)
    frames[:, :3, 3] = a + shares[:, None] * (b - a)
    return list(frames), max(distance, 0.2 * 2 * float(half))
