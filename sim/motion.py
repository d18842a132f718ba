"""Timing of joint paths: jerk-limited point-to-point motions (ruckig), paths with corners, straight tool motions.

All of them start and end at rest and respect a share of the robot's velocity and acceleration limits.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np

from skills.base import BaseSpec
from skills.types import Array, RobotSpec, Trajectory

VELOCITY_SHARE = 0.6  # of the robot's limits in free motion
ACCELERATION_SHARE = 0.4
JERK_TIME = 0.10  # [s] from no acceleration to the full share of it
TOOL_ACCELERATION = 0.8  # [m/s^2] along straight lines
RATE = 30.0  # [1/s] points of a trajectory; Hermite interpolation between them
STILL = 1e-6  # [rad] a distance that is no motion


def joint_move(spec: RobotSpec, q_from: Array, q_to: Array, ease: float = 1.0) -> Trajectory:
    """A synchronised point-to-point motion, straight in joint space; ``ease`` < 1 takes longer."""
    return corner_path(spec, [np.asarray(q_from, float), np.asarray(q_to, float)], ease)


def corner_path(spec: RobotSpec | BaseSpec, points: Sequence[Array], ease: float = 1.0) -> Trajectory:
    """Through every point (D,), straight in between, at rest at every corner: what was checked is what is driven."""
    times, places, speeds = [np.zeros(1)], [np.asarray(points[0], float)[None]], [np.zeros((1, len(points[0])))]
    clock = 0.0
    for a, b in itertools.pairwise(points):
        t, q, dq = _segment(spec, np.asarray(a, float), np.asarray(b, float), ease)
        times.append(clock + t)
        places.append(q)
        speeds.append(dq)
        clock += float(t[-1])
    return Trajectory(spec.joint_names, np.concatenate(times), np.concatenate(places), np.concatenate(speeds))


def _segment(spec: RobotSpec | BaseSpec, a: Array, b: Array, ease: float) -> tuple[Array, Array, Array]:
    """Times (N,), positions and velocities (N, D) after the start, of the fastest straight rest-to-rest motion.

    Time-optimal under velocity, acceleration and jerk limits (Berscheid and Kroeger, "Jerk-limited real-time
    trajectory generation", 2021) along the one coordinate of the straight path, so that it stays exactly straight.
    No way-points are given to ruckig: those would leave this machine.
    """
    delta = b - a
    length = float(np.max(np.abs(delta)))  # [rad] of the joint that moves most: the path's coordinate
    if length < STILL:
        return np.array([2 / RATE]), b[None].copy(), np.zeros((1, len(b)))
    from ruckig import InputParameter, Ruckig
    from ruckig import Trajectory as Profile

    share = np.maximum(np.abs(delta) / length, 1e-9)
    speed = float(np.min(VELOCITY_SHARE * ease * np.asarray(spec.max_velocity) / share))
    acceleration = float(np.min(ACCELERATION_SHARE * ease**2 * np.asarray(spec.max_acceleration) / share))
    task, profile = InputParameter(1), Profile(1)
    task.target_position = [length]
    task.max_velocity, task.max_acceleration = [speed], [acceleration]
    task.max_jerk = [acceleration * ease / JERK_TIME]
    Ruckig(1).calculate(task, profile)
    n = max(2, math.ceil(profile.duration * RATE))
    t = np.arange(1, n + 1) * profile.duration / n
    samples = np.array([[x[0] for x in profile.at_time(float(at))[:2]] for at in t]) / length
    q, dq = a + samples[:, :1] * delta, samples[:, 1:] * delta
    q[-1], dq[-1] = b, 0.0
    return t, q, dq


def tool_line(spec: RobotSpec, points: Array, length: float, speed: float) -> Trajectory:
    """Through joint points (N, D) that are evenly spaced along a straight tool motion of ``length`` [m].

    The tool moves at ``speed`` [m/s] between smooth ends; slower where a joint would exceed its share of the limits.
    """
    n = len(points)
    if n < 2 or length < 1e-6:
        return joint_move(spec, points[0], points[-1])
    slopes = np.gradient(points, axis=0)  # per point index
    ramp = min(speed / TOOL_ACCELERATION * 1.5, length / speed)  # [s] of speeding up, smoothstep shaped
    duration = length / speed + ramp
    share = VELOCITY_SHARE * np.asarray(spec.max_velocity)
    fastest = float(np.max(np.abs(slopes) * (n - 1) / length * speed / share))
    stretch = max(1.0, fastest)
    count = max(4, math.ceil(duration * stretch * RATE))
    t = np.linspace(0.0, duration, count + 1)
    s, ds = _ramped(t, duration, ramp)
    u = s * (n - 1)
    i = np.minimum(u.astype(int), n - 2)
    f = (u - i)[:, None]
    p0, p1, m0, m1 = points[i], points[i + 1], slopes[i], slopes[i + 1]
    q = (2 * f**3 - 3 * f**2 + 1) * p0 + (f**3 - 2 * f**2 + f) * m0 + (3 * f**2 - 2 * f**3) * p1 + (f**3 - f**2) * m1
    dq = (6 * f**2 - 6 * f) * (p0 - p1) + (3 * f**2 - 4 * f + 1) * m0 + (3 * f**2 - 2 * f) * m1
    dq = dq * (ds * (n - 1))[:, None] / stretch
    dq[0] = dq[-1] = 0.0
    q[0], q[-1] = points[0], points[-1]
    q = np.clip(q, spec.lower, spec.upper)  # between two points at a limit the curve may swing past it
    return Trajectory(spec.joint_names, t * stretch, q, dq)


def _ramped(t: Array, duration: float, ramp: float) -> tuple[Array, Array]:
    """Share of the way and its rate [1/s] for a motion that speeds up and slows down within ``ramp`` seconds."""
    top = 1.0 / (duration - ramp)

    def up(x: Array) -> tuple[Array, Array]:  # integral and value of the smoothstep 3 x^2 - 2 x^3
        return x**3 - x**4 / 2, 3 * x**2 - 2 * x**3

    head, tail = np.clip(t / ramp, 0, 1), np.clip((duration - t) / ramp, 0, 1)
    start, rate_start = up(head)
    end, rate_end = up(tail)
    way = np.where(
        t <= ramp,
        top * ramp * start,
        np.where(t >= duration - ramp, 1 - top * ramp * end, top * (t - ramp / 2)),
    )
    return way, top * np.minimum(rate_start, rate_end)
