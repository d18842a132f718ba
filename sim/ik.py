"""Inverse kinematics by damped least squares from many seeds at once (Wampler 1986; Nakamura and Hanafusa 1986).

One batch iteration serves all seeds, so a full search costs little more than a single one. A failed search from
near-home seeds says nothing about reach; seeds therefore come from a library of sampled postures.
"""

from __future__ import annotations

import functools

import numpy as np

from sim.chain import Chain
from sim.ik_near import follow
from skills.types import Array, Pose, RobotSpec

POSITION_TOLERANCE = 2e-4  # [m]
ANGLE_TOLERANCE = 1e-3  # [rad]
LIBRARY = 6000  # sampled postures
SEEDS = 14  # of them tried at once
ROUNDS = 40
BEYOND = 0.03  # [m] that samples may fall short of the farthest reach
_MARGIN = 1e-3  # [rad] kept from every joint limit


def errors(frames: Array, target: Array) -> Array:
    """(N, 6) translation [m] and rotation vector [rad] that lead from tool frames (N, 4, 4) to ``target`` (4, 4)."""
    out = np.empty((len(frames), 6))
    out[:, :3] = target[:3, 3] - frames[:, :3, 3]
    turn = target[:3, :3] @ frames[:, :3, :3].transpose(0, 2, 1)
    axis = (
        np.stack([turn[:, 2, 1] - turn[:, 1, 2], turn[:, 0, 2] - turn[:, 2, 0], turn[:, 1, 0] - turn[:, 0, 1]], 1) / 2
    )
    sin = np.linalg.norm(axis, axis=1)
    cos = (np.trace(turn, axis1=1, axis2=2) - 1) / 2
    angle = np.arctan2(sin, cos)
    scale = np.where(sin > 1e-9, angle / np.maximum(sin, 1e-9), 1.0)
    flipped = (sin <= 1e-6) & (cos < 0)  # half a turn: any axis leads on
    out[:, 3:] = axis * scale[:, None]
    out[flipped, 3] = np.pi / 2
    return out


def _inverse(frame: Array) -> Array:
    """Of a rigid transform (4, 4)."""
    out = np.eye(4)
    out[:3, :3] = frame[:3, :3].T
    out[:3, 3] = -frame[:3, :3].T @ frame[:3, 3]
    return out


class InverseKinematics:
    """Joint solutions of one chain within the limits of one robot. Deterministic."""

    def __init__(self, chain: Chain, spec: RobotSpec) -> None:
        self.chain = chain
        self.lower = np.asarray(spec.lower) + _MARGIN
        self.upper = np.asarray(spec.upper) - _MARGIN
        self._middle = np.asarray(spec.home, float)

    @functools.cached_property
    def _library(self) -> tuple[Array, Array, Array]:
        """Sampled postures (M, D), their tool positions (M, 3) and tool axes (M, 6: z and y), seen from the foot."""
        rng = np.random.default_rng(7)
        q = rng.uniform(self.lower, self.upper, (LIBRARY, self.chain.size))
        tools = _inverse(self.chain.base) @ self.chain.tool(q)
        axes = np.concatenate([tools[:, :3, 2], tools[:, :3, 1]], axis=1)
        return q, tools[:, :3, 3], axes

    @functools.cached_property
    def _farthest(self) -> float:
        """How far the last joint gets from the first at most [m]: by the samples, and never more than all links
        stretched out. Where the last joint has to be follows from the pose of the tool alone."""
        last = self.chain.frames(self._library[0])[:, -2, :3, 3]
        first = (self.chain.base @ self.chain.origins[0])[:3, 3]
        stretched = float(np.linalg.norm(self.chain.origins[1:, :3, 3], axis=1).sum())
        return min(stretched, float(np.linalg.norm(last - first, axis=1).max()) + BEYOND)

    def too_far(self, pose_world_tool: Array) -> bool:
        """Whether a tool frame (4, 4) is beyond the reach of the stretched arm: told without a search."""
        last = (pose_world_tool @ _inverse(self.chain.tail))[:3, 3]
        first = (self.chain.base @ self.chain.origins[0])[:3, 3]
        return float(np.linalg.norm(last - first)) > self._farthest

    def refine(self, pose_world_tool: Array, seeds: Array, rounds: int = ROUNDS) -> tuple[Array, Array]:
        """Improve seeds (N, D) toward a tool frame (4, 4); returns them and which (N,) reached it within limits."""
        q = np.clip(np.atleast_2d(seeds), self.lower, self.upper)
        eye = np.eye(6)
        done = np.zeros(len(q), bool)
        for i in range(rounds):
            frames = self.chain.frames(q)
            error = errors(frames[:, -1], pose_world_tool)
            distance = np.linalg.norm(error[:, :3], axis=1)
            angle = np.linalg.norm(error[:, 3:], axis=1)
            done = (distance < POSITION_TOLERANCE) & (angle < ANGLE_TOLERANCE)
            if done.all() or (done.sum() * 2 > len(q) and (done[0] or i >= 15)):
                break
            size = np.maximum(distance, 0.3 * angle)
            error *= np.minimum(1.0, 0.25 / np.maximum(size, 1e-9))[:, None]  # far targets: one step at a time
            jacobian = self.chain.jacobian(frames)
            damping = 1e-6 + 0.02 * np.minimum(size, 0.2) ** 2
            square = jacobian @ jacobian.transpose(0, 2, 1) + damping[:, None, None] * eye
            step = jacobian.transpose(0, 2, 1) @ np.linalg.solve(square, error[..., None])
            q = np.where(done[:, None], q, np.clip(q + np.clip(step[..., 0], -0.5, 0.5), self.lower, self.upper))
        return q, done

    def near(self, pose_world_tool: Array, q: Array, rounds: int = 12) -> Array | None:
        """The solution that continues from ``q`` (D,), for a target close by; None when it is not reached."""
        limits, within = (self.lower, self.upper), (POSITION_TOLERANCE, ANGLE_TOLERANCE)
        return follow(self.chain, pose_world_tool, np.asarray(q, float), limits, within, rounds)

    def solutions(self, pose_world_tool: Pose, near: Array, limit: int = 4) -> list[Array]:
        """Up to ``limit`` clearly different solutions (D,), nearest to ``near`` (D,) first."""
        target = pose_world_tool.matrix()
        if self.too_far(target):
            return []
        near = np.asarray(near, float)
        q, places, axes = self._library
        local = _inverse(self.chain.base) @ target
        want = np.concatenate([local[:3, 2], local[:3, 1]])
        cost = np.linalg.norm(places - local[:3, 3], axis=1) + 0.25 * np.linalg.norm(axes - want, axis=1)
        cost += 0.04 * np.abs(q - near).max(axis=1)
        picked = np.argpartition(cost, SEEDS)[:SEEDS]
        picked = picked[np.lexsort((picked, cost[picked]))]
        seeds = np.concatenate([near[None], self._middle[None], q[picked]])
        found, done = self.refine(target, seeds)
        if not done.any():
            order = np.argsort(cost, kind="stable")[SEEDS : 5 * SEEDS]
            found, done = self.refine(target, q[order], 2 * ROUNDS)
        good = found[done]
        good = good[np.argsort(np.linalg.norm(good - near, axis=1), kind="stable")]
        kept: list[Array] = []
        for candidate in good:
            if all(np.abs(candidate - other).max() > 0.2 for other in kept):
                kept.append(candidate)
            if len(kept) == limit:
                break
        return kept
