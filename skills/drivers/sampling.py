"""Timed joint paths as evenly spaced set-points that a robot's own controller accepts.

Trajectories of ours are cubic between their points, so their acceleration jumps there. Two moving averages over the
samples make it continuous and bound the jerk; an average exceeds no limit that its parts keep.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from skills.types import Array, Trajectory

SMOOTHING = 0.03  # [s] width of each of the two moving averages
BLEND = 0.5  # [s] over which a start beside the robot's own set-point fades out


def evenly(trajectory: Trajectory, rate: float, start: Sequence[float] | Array | None = None,
           smoothing: float = SMOOTHING) -> Array:  # fmt: skip
    """Set-points (N, D) of a path at ``rate`` [1/s], smooth in acceleration, at rest at both ends.

    ``start``: the controller's present set-point (D,), which the first sample equals; None: the path's first point.
    The samples last 2 * ``smoothing`` [s] longer than the path.
    """
    if rate <= 0 or smoothing < 0:
        raise ValueError(f"rate must be > 0 and smoothing >= 0, got {rate}, {smoothing}")
    count = max(2, math.ceil(trajectory.duration * rate) + 1)
    path = sampled(trajectory, np.arange(count) / rate)
    if start is not None:
        off = np.asarray(start, float) - path[0]
        fade = np.clip(np.arange(count) / rate / BLEND, 0.0, 1.0)[:, None]
        path = path + off * (1 - fade**3 * (10 - 15 * fade + 6 * fade**2))
    width = max(1, round(smoothing * rate))
    padded = np.vstack([np.repeat(path[:1], width, 0), path, np.repeat(path[-1:], width, 0)])
    smooth = np.column_stack([_averaged(_averaged(padded[:, j], width), width) for j in range(padded.shape[1])])
    smooth[0] = path[0]
    return np.vstack([smooth, path[-1:]])


def sampled(trajectory: Trajectory, times: Array) -> Array:
    """Positions (N, D) of a path at ``times`` (N,) [s] after its start, cubic Hermite, held beyond the ends."""
    knots = np.asarray(trajectory.times, float)
    if len(knots) == 1:
        return np.repeat(trajectory.positions, len(times), 0)
    t = np.clip(times + knots[0], knots[0], knots[-1])
    i = np.clip(np.searchsorted(knots, t, side="right") - 1, 0, len(knots) - 2)
    h = (knots[i + 1] - knots[i])[:, None]
    s = ((t - knots[i])[:, None]) / h
    p0, p1 = trajectory.positions[i], trajectory.positions[i + 1]
    v0, v1 = trajectory.velocities[i] * h, trajectory.velocities[i + 1] * h
    found: Array = (2 * s**3 - 3 * s**2 + 1) * p0 + (s**3 - 2 * s**2 + s) * v0
    found += (3 * s**2 - 2 * s**3) * p1 + (s**3 - s**2) * v1
    return found


def braking(samples: Array, index: int, rate: float, seconds: float) -> Array:
    """Set-points (M, D) that slow down on the path itself from sample ``index`` to rest within ``seconds`` [s].

    Time runs slower and slower along the path (its rate falls smoothly from 1 to 0), so the robot stays where motion
    was planned. The first set-point follows ``samples[index]``.
    """
    ticks = max(2, math.ceil(seconds * rate))
    s = np.arange(1, ticks + 1) / ticks
    way = index + ticks * (s - s**3 + s**4 / 2)  # integral of 1 - 3 s^2 + 2 s^3
    return _between(samples, np.minimum(way, len(samples) - 1))


def brake_time(velocity: Array, acceleration: Sequence[float] | Array, least: float = 0.08) -> float:
    """Seconds in which ``velocity`` (D,) can go to zero with a share of ``acceleration`` (D,) limits."""
    need = 1.5 * np.abs(velocity) / (0.6 * np.asarray(acceleration, float))
    return max(least, float(np.max(need, initial=0.0)))


def _averaged(values: Array, width: int) -> Array:
    """Moving average of ``width`` samples (made odd), ends held: a path at rest at its ends keeps them."""
    half = width // 2
    if half == 0:
        return values
    held = np.concatenate([np.full(half, values[0]), values, np.full(half, values[-1])])
    return np.convolve(held, np.full(2 * half + 1, 1.0 / (2 * half + 1)), mode="valid")


def _between(samples: Array, way: Array) -> Array:
    """Catmull-Rom interpolation of evenly spaced samples (N, D) at fractional indices (M,)."""
    last = len(samples) - 1
    i = np.minimum(way.astype(int), max(0, last - 1))
    f = (way - i)[:, None]
    p = [samples[np.clip(i + k, 0, last)] for k in (-1, 0, 1, 2)]
    m0, m1 = (p[2] - p[0]) / 2, (p[3] - p[1]) / 2
    found: Array = (2 * f**3 - 3 * f**2 + 1) * p[1] + (f**3 - 2 * f**2 + f) * m0
    found += (3 * f**2 - 2 * f**3) * p[2] + (f**3 - f**2) * m1
    return found
