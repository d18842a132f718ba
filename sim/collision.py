"""Collision questions on a private *thinking* client: nothing here ever moves the simulated robot.

Two stages. In numpy, for a whole path at once: boxes around the robot's links against boxes around the
obstacles. Only pairs that come close are asked of the physics, with fresh distance queries (cached contact
manifolds would make an answer depend on the questions before it).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.arm import ROBOT, Arm
from sim.bodies import collision_shape
from sim.chain import Chain, base_matrices, mount_matrix
from sim.client import Client
from sim.link_boxes import BoxRows, robot_links
from sim.obstacles import Standing, half_box, obstacle_shape, with_handles
from sim.robots import RobotConfig
from skills.base import Stand
from skills.driver import Held
from skills.types import Array, ObjectState, Pose, Shape

MARGIN = 0.008  # [m] kept from things in free motion: more than the arm's tracking error
NARROW = 0.004  # [m] kept on straight lines, which are slow and tracked to about 1.5 mm
GUIDED = 0.002  # [m] from parts on joints: nothing topples, and finger tips have to get to the floor of a drawer
TOUCH = 0.001  # [m] a distance that exists at the start may shrink by this much
DRIVING = 0.03  # [m] kept from everything while the base drives

Part = tuple[int | None, str]  # a robot link (None: the held thing) and an obstacle


@dataclass
class _Obstacle:
    body: int
    shape: Shape | None  # None: a fixture
    pose: Pose
    half: Array  # (3,) of the world box around it
    margin: float
    present: bool = True


@dataclass(frozen=True)
class Hit:
    """The first collision along a path. ``index``: of the path point; ``name``: what is in the way."""

    index: int
    name: str


class CollisionScene:
    """The robot's links, fixtures and things. Distances are kept to `MARGIN` from things, to zero from fixtures."""

    def __init__(
        self, config: RobotConfig, chain: Chain, base: Pose, fixtures: Mapping[str, tuple[Shape, Pose]]
    ) -> None:
        self.client = Client()
        self.chain = chain
        self.arm = Arm(self.client, config, base, thinking=True)
        self.stand: Stand = (base.position[0], base.position[1], base.yaw)
        links = robot_links(config)
        self._boxes = [b for b in links.boxes if b.frame >= 0]
        self._still = [b for b in links.boxes if b.frame < 0]
        self._self_pairs, self._inner = links.pairs, links.inner
        self._first_links = () if self.arm.base_joints else links.rooted
        self._around = BoxRows.of(self._boxes)
        self._around_still = BoxRows.of(self._still)
        self._shielded = np.array([b.link in self._first_links for b in (*self._boxes, *self._still)], bool)
        self._standing: dict[tuple[frozenset[str], float], Standing] = {}
        row = {b.link: i for i, b in enumerate((*self._boxes, *self._still))}
        self._self_rows = np.array([(row[a], row[b]) for a, b in links.pairs], int).reshape(-1, 2)
        self._inner_rows = np.array([row[x] for x in links.inner], int)
        self._fingers: list[list[float]] = []
        self.spread(config.spec.gripper_range[1])
        self._obstacles: dict[str, _Obstacle] = {}
        for name, (shape, pose) in fixtures.items():
            self.add_fixture(name, shape, pose)

    def add_fixture(self, name: str, shape: Shape, pose: Pose) -> None:
        """Something more that stands there for good."""
        if name in self._obstacles:
            raise ValueError(f"{name!r} stands there already; choose another name")
        c = self.client
        body = c.createMultiBody(0.0, collision_shape(c, shape), -1, pose.position, pose.orientation)
        half = np.abs(pose.rotation()) @ (np.asarray(shape.size, float) / 2)
        self._obstacles[name] = _Obstacle(body, None, pose, half, 0.0)
        self._standing.clear()

    def close(self) -> None:
        """Free the client."""
        self.client.close()

    def spread(self, width: float) -> None:
        """How far the fingers are open [m] in all questions from now on."""
        low, high = self.arm.spec.gripper_range
        self._fingers = [[min(max(width, low), high) / 2]] * len(self.arm.fingers)

    def sync(self, objects: Mapping[str, ObjectState]) -> None:
        """Take over where things are; new ones are built, absent ones are left out."""
        c = self.client
        self._standing.clear()
        for obstacle in self._obstacles.values():
            if obstacle.shape is not None:
                obstacle.present = False
        for name, state in with_handles({n: o for n, o in objects.items() if o.solid}):
            known = self._obstacles.get(name)
            if known is not None and known.shape != state.shape:
                if known.shape is None:
                    raise ValueError(f"{name!r} is a piece of furniture and cannot be an object")
                c.removeBody(known.body)
                known = None
            if known is None:
                body = c.createMultiBody(0.0, obstacle_shape(c, state))
                margin = MARGIN if state.joint is None else GUIDED
                known = self._obstacles[name] = _Obstacle(body, state.shape, Pose(), np.zeros(3), margin)
            known.pose, known.half, known.present = state.pose_world, half_box(state), True
            c.resetBasePositionAndOrientation(known.body, state.pose_world.position, state.pose_world.orientation)

    def _candidates(
        self, frames: Array, held: Held | None, ignore: frozenset[str], bases: Array | None = None
    ) -> list[list[Part]]:
        """For every path point the (link, obstacle) pairs whose boxes overlap; with ``bases`` (N, 4, 4), the world
        poses of a base that drives, its own body counts as well and everything keeps a wider distance."""
        skip = ignore if held is None else ignore | {held.name} | self._load(held)
        out: list[list[Part]] = [[] for _ in frames]
        standing = self._stand_in_the_way(skip, 0.0 if bases is None else DRIVING)
        if not standing.names:
            return out
        parts: list[int | None] = [b.link for b in self._boxes]
        where, size = self._around.seen(frames[:, self._around.frames])
        shielded = self._shielded[: len(parts)]
        if bases is not None and self._still:
            parts += [b.link for b in self._still]
            more, sizes = self._around_still.seen(np.broadcast_to(bases[:, None], (len(bases), len(self._still), 4, 4)))
            where, size = np.concatenate([where, more], axis=1), np.concatenate([size, sizes], axis=1)
            shielded = self._shielded
        if held is not None:
            carried = frames[:, -1] @ held.pose_tool_object.matrix()
            parts.append(None)
            half = np.abs(carried[:, :3, :3]) @ (np.asarray(self._held_shape(held).size) / 2)
            where = np.concatenate([where, carried[:, None, :3, 3]], axis=1)
            size = np.concatenate([size, half[:, None]], axis=1)
            shielded = np.append(shielded, False)
        near = (np.abs(where[:, :, None] - standing.centre) - size[:, :, None] < standing.half).all(axis=3)
        near &= ~(shielded[:, None] & standing.fixed)
        for i, j, k in np.argwhere(near).tolist():
            out[i].append((parts[j], standing.names[k]))
        return out

    def _stand_in_the_way(self, skip: frozenset[str], wide: float) -> Standing:
        """What is present and not skipped, kept until the next `sync`; ``wide``: least distance kept from it [m]."""
        if (skip, wide) not in self._standing:
            found = {n: o for n, o in self._obstacles.items() if o.present and n not in skip}
            self._standing[skip, wide] = Standing(
                tuple(found),
                np.array([o.pose.position for o in found.values()]).reshape(-1, 3),
                np.array([o.half + max(o.margin, wide) for o in found.values()]).reshape(-1, 3),
                np.array([o.shape is None for o in found.values()], bool),
            )
        return self._standing[skip, wide]

    def _load(self, held: Held) -> set[str]:
        """What lies in a held container: it travels along and is not in the way."""
        carrier = self._obstacles.get(held.name)
        if carrier is None or carrier.shape is None or not carrier.shape.hollow:
            return set()
        inside = np.asarray(carrier.shape.size) / 2 * [1.0, 1.0, 2.0]  # heaped a little
        back = carrier.pose.inverse()
        return {
            name
            for name, o in self._obstacles.items()
            if o.shape is not None and o.present and bool((np.abs(back.apply(o.pose.position)) < inside).all())
        }

    def _held_shape(self, held: Held) -> Shape:
        known = self._obstacles.get(held.name)
        if known is None or known.shape is None:
            raise KeyError(f"no object {held.name!r} to hold; known: {', '.join(self._obstacles) or 'none'}")
        return known.shape

    def _distances(
        self,
        q: Array,
        pairs: Sequence[Part],
        held: Held | None,
        start: Mapping[Part, float] | None,
        margin: float = MARGIN,
        driving: bool = False,
    ) -> dict[Part, float]:
        """Exact distances [m] of the pairs within their margins; with ``start`` the first that came closer.
        ``driving``: the margin holds for everything."""
        c, arm = self.client, self.arm
        base = [[x] for x in self.stand] if arm.base_joints else []
        c.resetJointStatesMultiDof(arm.body, arm.moving, base + [[x] for x in q] + self._fingers)
        carried = self._obstacles[held.name].body if held is not None else -1
        if held is not None:
            pose = self._tool(q) @ held.pose_tool_object
            c.resetBasePositionAndOrientation(carried, pose.position, pose.orientation)
        found: dict[Part, float] = {}
        for link, name in pairs:
            obstacle = self._obstacles[name]
            limit = margin if driving else 0.0 if link is None else min(obstacle.margin, margin)
            if link is None:
                rows = c.getClosestPoints(carried, obstacle.body, limit)
            else:
                rows = c.getClosestPoints(arm.body, obstacle.body, limit, linkIndexA=link)
            if rows:
                distance = min(r[8] for r in rows)
                if start is None:
                    found[link, name] = distance
                elif distance < min(limit, start.get((link, name), limit + TOUCH) - TOUCH):
                    found[link, name] = distance
                    return found
        return found

    def _tool(self, q: Array) -> Pose:
        """pose_world_tool with the base at ``stand``."""
        if not self.arm.base_joints:
            return self.chain.pose(q)
        return Pose.from_matrix(mount_matrix(self.arm.spec, self.stand) @ self.chain.local_tool(q))

    def _itself(self, held: Held | None) -> bool:
        """Whether the robot hits itself, or what it holds hits its inner links."""
        c, arm = self.client, self.arm
        for a, b in self._self_pairs:
            if c.getClosestPoints(arm.body, arm.body, 0.0, linkIndexA=a, linkIndexB=b):
                return True
        if held is None:
            return False
        body = self._obstacles[held.name].body
        return any(c.getClosestPoints(body, arm.body, 0.0, linkIndexB=b) for b in self._inner)

    def start_distances(self, q: Array, held: Held | None, ignore: frozenset[str]) -> dict[Part, float]:
        """What is already too close at ``q`` (D,): a motion may begin there, but not come closer."""
        q = np.asarray(q, float)
        found = self._distances(q, self._candidates(self.chain.frames(q), held, ignore)[0], held, None)
        self._put_back(held)
        return found

    def first_hit(
        self,
        path: Array,
        held: Held | None = None,
        ignore: frozenset[str] = frozenset(),
        start: Mapping[Part, float] | None = None,
        margin: float = MARGIN,
    ) -> Hit | None:
        """The first collision along joint points (N, D); ``start``: see `start_distances`; ``margin`` [m] to things."""
        path = np.atleast_2d(path)
        frames = self.chain.frames(path)
        folded = self._folded(frames, held)
        try:
            for i, pairs in enumerate(self._candidates(frames, held, ignore)):
                if not pairs and not folded[i]:
                    continue
                found = self._distances(path[i], pairs, held, start or {}, margin)
                if found:
                    return Hit(i, next(iter(found))[1])
                if folded[i] and self._itself(held):
                    return Hit(i, ROBOT)
        finally:
            self._put_back(held)
        return None

    def driving_hit(
        self, stands: Array, q: Array, held: Held | None = None, start: Mapping[Part, float] | None = None
    ) -> Hit | None:
        """The first collision of the whole robot along base poses (N, 3), the arm resting at ``q`` (D,)."""
        before = self.stand
        try:
            for i, pairs in enumerate(self._driving_pairs(stands, q, held)):
                if pairs:
                    self.stand = tuple(float(x) for x in stands[i])  # type: ignore[assignment]
                    found = self._distances(q, pairs, held, start or {}, DRIVING, driving=True)
                    if found:
                        return Hit(i, next(iter(found))[1])
        finally:
            self._restore(before, held)
        return None

    def free_stands(self, stands: Array, q: Array, held: Held | None = None) -> list[bool]:
        """Whether the whole robot touches nothing at each base pose (N, 3), the arm resting at ``q`` (D,)."""
        before, free = self.stand, []
        try:
            for stand, pairs in zip(stands, self._driving_pairs(stands, q, held), strict=True):
                self.stand = (float(stand[0]), float(stand[1]), float(stand[2]))
                free.append(not pairs or not self._distances(q, pairs, held, {}, DRIVING, driving=True))
        finally:
            self._restore(before, held)
        return free

    def driving_start(self, stand: Stand, q: Array, held: Held | None) -> dict[Part, float]:
        """What is closer than `DRIVING` where the base stands now: it may drive away, but not come closer."""
        before = self.stand
        try:
            pairs = self._driving_pairs(np.array([stand], float), q, held)[0]
            self.stand = stand
            return self._distances(q, pairs, held, None, DRIVING, driving=True)
        finally:
            self._restore(before, held)

    def _driving_pairs(self, stands: Array, q: Array, held: Held | None) -> list[list[Part]]:
        bases = base_matrices(np.atleast_2d(stands))
        here = base_matrices(np.array([self.stand], float))[0]
        posture = np.linalg.inv(here) @ self.chain.frames(q)[0]
        return self._candidates(bases[:, None] @ posture[None], held, frozenset(), bases)

    def _restore(self, stand: Stand, held: Held | None) -> None:
        self.stand = stand
        self._put_back(held)

    def _folded(self, frames: Array, held: Held | None) -> Array:
        """(N,) a cheap doubt: boxes around links that could hit each other, or around what is held, overlap."""
        where, size = self._around.seen(frames[:, self._around.frames])
        still, sizes = self._around_still.seen(np.broadcast_to(self._ground(), (1, len(self._still), 4, 4)))
        many = (len(frames), len(self._still), 3)
        where = np.concatenate([where, np.broadcast_to(still, many)], axis=1)
        size = np.concatenate([size, np.broadcast_to(sizes, many)], axis=1)
        a, b = self._self_rows.T
        doubt = (np.abs(where[:, a] - where[:, b]) < size[:, a] + size[:, b]).all(axis=2).any(axis=1)
        if held is not None:
            carried = frames[:, -1] @ held.pose_tool_object.matrix()
            half = np.abs(carried[:, :3, :3]) @ (np.asarray(self._held_shape(held).size) / 2)
            rows = self._inner_rows
            gap = np.abs(where[:, rows] - carried[:, None, :3, 3]) - size[:, rows] - half[:, None]
            doubt = doubt | (gap < 0).all(axis=2).any(axis=1)
        return np.asarray(doubt)

    def _ground(self) -> Array:
        """(4, 4) the frame of links that do not move with the arm: its foot, or the base that drives."""
        if self.arm.base_joints:
            return np.asarray(base_matrices(np.array([self.stand], float))[0])
        return self.chain.base

    def _put_back(self, held: Held | None) -> None:
        if held is not None and held.name in self._obstacles:
            obstacle = self._obstacles[held.name]
            self.client.resetBasePositionAndOrientation(
                obstacle.body, obstacle.pose.position, obstacle.pose.orientation
            )
