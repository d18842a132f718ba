"""The geometry of an arm on a base that drives (`skills.driver.MobileKinematics`): where to stand, how to get there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.chain import mount_matrix
from sim.kinematics import LADEN, ArmKinematics
from sim.motion import corner_path
from sim.planning import connect, steps_between
from sim.world import WorldSpec
from skills.base import Stand, turned_to
from skills.driver import Held, MotionFailure, NoMotion
from skills.types import Array, Observation, Pose, Trajectory

TURN_WEIGHT = 0.4  # [m] that a radian of turning counts as, when paths are planned
STEP = 0.04  # [m] between checked base poses: less than the distance kept from things, and a little more
OUTSIDE = 0.6  # [m] around all furniture and both ends: where paths are looked for
ROUTE_SEED = 3


class MobileArmKinematics(ArmKinematics):
    """Thinks about a robot that drives. All poses stay world poses; the arm's foot moves with the base.

    Base paths keep `sim.collision.DRIVING` from everything except what the robot stands close to at their start.
    """

    def __init__(self, spec: WorldSpec) -> None:
        super().__init__(spec)
        corners = [f.pose_world.position for f in spec.fixtures] or [(0.0, 0.0, 0.0)]
        halves = [np.asarray(f.size) / 2 for f in spec.fixtures] or [np.zeros(3)]
        self._low = np.min([np.subtract(p, h)[:2] for p, h in zip(corners, halves, strict=True)], axis=0) - OUTSIDE
        self._high = np.max([np.add(p, h)[:2] for p, h in zip(corners, halves, strict=True)], axis=0) + OUTSIDE
        self._here: Stand = self.scene.stand

    def sync(self, observation: Observation) -> None:
        """Take over where things are and where the base stands; fingers count as fully open until `spread`."""
        super().sync(observation)
        if observation.robot.base is not None:
            self.stand(observation.robot.base)

    def stand(self, base: Stand) -> None:
        """Think of the base standing here, until the next `sync`."""
        if base != self._here:
            self._here = self.scene.stand = base
            self.chain.base = mount_matrix(self.spec, base)

    def resting_hit(self, base: Pose) -> str | None:
        """The furniture that the whole robot touches at rest, or comes too close to, with its base at ``base``."""
        home = np.asarray(self.spec.home, float)
        stand = (base.position[0], base.position[1], base.yaw)
        self.stand(stand)
        hit = self.scene.driving_hit(np.array([stand]), home) or self.scene.first_hit(home[None])
        return None if hit is None else hit.name

    def standable(self, stands: Sequence[Stand], q: Sequence[float] | Array, held: Held | None = None) -> list[bool]:
        """Whether the robot, its arm at ``q`` (D,), touches nothing at each of the stands."""
        return self.scene.free_stands(np.array(stands, float), np.asarray(q, float), held) if stands else []

    def route(
        self, start: Stand, goal: Stand, q: Sequence[float] | Array, held: Held | None = None
    ) -> Trajectory | MotionFailure:
        """A base path that touches nothing, the arm resting at ``q`` (D,): straight if that is free, else planned."""
        assert self.spec.base is not None
        q = np.asarray(q, float)
        a = np.asarray(start, float)
        b = np.array([goal[0], goal[1], turned_to(goal[2], start[2])])
        near = self.scene.driving_start(start, q, held)
        ease = 1.0 if held is None else LADEN
        scale = np.array([1.0, 1.0, TURN_WEIGHT])

        def free(points: Array) -> bool:
            return self.scene.driving_hit(points / scale, q, held, near) is None

        hit = self.scene.driving_hit(b[None], q, held, near)
        if hit is not None:
            return MotionFailure(NoMotion.COLLISION, f"{hit.name} stands where the robot should", hit.name)
        if free(steps_between(a * scale, b * scale, STEP)):
            return corner_path(self.spec.base, [a, b], ease)
        low = np.append(np.minimum(self._low, np.minimum(a, b)[:2]), (min(a[2], b[2]) - np.pi) * TURN_WEIGHT)
        high = np.append(np.maximum(self._high, np.maximum(a, b)[:2]), (max(a[2], b[2]) + np.pi) * TURN_WEIGHT)
        points = connect(a * scale, b * scale, low, high, free, ROUTE_SEED, resolution=STEP)
        if points is None:
            return MotionFailure(NoMotion.PATH_NONE, "no way for the base was found")
        return corner_path(self.spec.base, [p / scale for p in points], ease)


def kinematics_of(spec: WorldSpec) -> ArmKinematics:
    """The thinking twin that fits the robot of a world."""
    from sim.robots import load_robot

    return MobileArmKinematics(spec) if load_robot(spec.robot).spec.base is not None else ArmKinematics(spec)
