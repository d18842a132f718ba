"""Trajectories as motor targets for every physics step."""

from __future__ import annotations

import math

import numpy as np

from skills.types import Array, Trajectory

Row = tuple[tuple[float, ...], tuple[float, ...]]
BRAKE = 0.1  # [s]


class Playback:
    """A trajectory sampled at the physics rate. ``goal`` (D,): its last point."""

    def __init__(self, trajectory: Trajectory, step: float) -> None:
        self.trajectory = trajectory
        self.step = step
        self.goal: Array = np.asarray(trajectory.positions[-1], float)

    def rows(self) -> list[Row]:
        """(q, dq) of every coming step, the last one first: ``pop()`` gives them in order."""
        t = self.trajectory
        count = max(1, math.ceil(t.duration / self.step - 1e-9))
        times = float(t.times[0]) + self.step * np.arange(1, count + 1, dtype=np.float64)
        q, dq = hermite(t, times)
        q[-1], dq[-1] = t.positions[-1], 0.0
        return list(zip(map(tuple, q[::-1].tolist()), map(tuple, dq[::-1].tolist()), strict=True))


def hermite(trajectory: Trajectory, times: Array) -> tuple[Array, Array]:
    """`Trajectory.sample` for many times (N,) at once: positions and velocities (N, D)."""
    knots, p, v = trajectory.times, trajectory.positions, trajectory.velocities
    if len(knots) == 1:
        return np.repeat(p, len(times), axis=0), np.zeros((len(times), p.shape[1]))
    i = np.clip(np.searchsorted(knots, times, side="right") - 1, 0, len(knots) - 2)
    h = knots[i + 1] - knots[i]
    s = np.clip((times - knots[i]) / h, 0.0, 1.0)[:, None]
    h = h[:, None]
    p0, p1, v0, v1 = p[i], p[i + 1], v[i] * h, v[i + 1] * h
    q = (2 * s**3 - 3 * s**2 + 1) * p0 + (s**3 - 2 * s**2 + s) * v0 + (3 * s**2 - 2 * s**3) * p1 + (s**3 - s**2) * v1
    dq = ((6 * s**2 - 6 * s) * (p0 - p1) + (3 * s**2 - 4 * s + 1) * v0 + (3 * s**2 - 2 * s) * v1) / h
    dq[times >= knots[-1]] = 0.0
    return q, dq


def brake(q: tuple[float, ...], dq: tuple[float, ...], step: float) -> list[Row]:
    """Targets that slow down evenly from ``dq`` to rest within `BRAKE` seconds; the last one first."""
    count = max(1, round(BRAKE / step))
    position, speed = np.asarray(q, float), np.asarray(dq, float)
    rows: list[Row] = []
    for i in range(1, count + 1):
        left = 1 - i / count
        position = position + speed * (left + 0.5 / count) * step
        rows.append((tuple(position.tolist()), tuple((speed * left).tolist())))
    return rows[::-1]
