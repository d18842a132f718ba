"""Following a tool along: one damped least-squares search from one posture, the same steps as `sim.ik` takes.

Straight motions ask this hundreds of times for a single skill. With one posture at a time nearly all of the batch
code's time is numpy's own per call; plain numbers take a third of it. The tests hold both to the same answers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim.chain import Chain
from skills.types import Array

Row = tuple[float, ...]


def joint_axes(chain: Chain, q: Sequence[float]) -> tuple[list[Row], list[Row], Row, Row]:
    """World axes and places [m] of all joints (D of 3 each), and the tool's turn (9, row by row) and place (3)."""
    (r0, r1, r2, px), (r3, r4, r5, py), (r6, r7, r8, pz) = chain.base[:3].tolist()
    origins, tail = chain.numbers
    axes, places = [], []
    for origin, angle in zip(origins, q, strict=True):
        (o0, o1, o2, ox), (o3, o4, o5, oy), (o6, o7, o8, oz) = origin
        px, py, pz = (
            px + r0 * ox + r1 * oy + r2 * oz,
            py + r3 * ox + r4 * oy + r5 * oz,
            pz + r6 * ox + r7 * oy + r8 * oz,
        )
        c, s = math.cos(angle), math.sin(angle)
        a0, a1, a2 = c * o0 + s * o1, c * o3 + s * o4, c * o6 + s * o7  # the first column, turned about z
        b0, b1, b2 = c * o1 - s * o0, c * o4 - s * o3, c * o7 - s * o6  # the second
        r0, r1, r2, r3, r4, r5, r6, r7, r8 = (
            r0 * a0 + r1 * a1 + r2 * a2, r0 * b0 + r1 * b1 + r2 * b2, r0 * o2 + r1 * o5 + r2 * o8,
            r3 * a0 + r4 * a1 + r5 * a2, r3 * b0 + r4 * b1 + r5 * b2, r3 * o2 + r4 * o5 + r5 * o8,
            r6 * a0 + r7 * a1 + r8 * a2, r6 * b0 + r7 * b1 + r8 * b2, r6 * o2 + r7 * o5 + r8 * o8,
        )  # fmt: skip
        axes.append((r2, r5, r8))
        places.append((px, py, pz))
    (t0, t1, t2, tx), (t3, t4, t5, ty), (t6, t7, t8, tz) = tail
    turn = (
        r0 * t0 + r1 * t3 + r2 * t6, r0 * t1 + r1 * t4 + r2 * t7, r0 * t2 + r1 * t5 + r2 * t8,
        r3 * t0 + r4 * t3 + r5 * t6, r3 * t1 + r4 * t4 + r5 * t7, r3 * t2 + r4 * t5 + r5 * t8,
        r6 * t0 + r7 * t3 + r8 * t6, r6 * t1 + r7 * t4 + r8 * t7, r6 * t2 + r7 * t5 + r8 * t8,
    )  # fmt: skip
    place = (px + r0 * tx + r1 * ty + r2 * tz, py + r3 * tx + r4 * ty + r5 * tz, pz + r6 * tx + r7 * ty + r8 * tz)
    return axes, places, turn, place


def turning(to: Row, now: Row) -> Row:
    """(3,) rotation vector [rad] that leads from one turn (9, row by row) to another; see `sim.ik.errors`."""
    a0, a1, a2, a3, a4, a5, a6, a7, a8 = to
    b0, b1, b2, b3, b4, b5, b6, b7, b8 = now
    x = (a6 * b3 + a7 * b4 + a8 * b5 - a3 * b6 - a4 * b7 - a5 * b8) / 2
    y = (a0 * b6 + a1 * b7 + a2 * b8 - a6 * b0 - a7 * b1 - a8 * b2) / 2
    z = (a3 * b0 + a4 * b1 + a5 * b2 - a0 * b3 - a1 * b4 - a2 * b5) / 2
    cos = (sum(a * b for a, b in zip(to, now, strict=True)) - 1) / 2
    sin = math.sqrt(x * x + y * y + z * z)
    if sin <= 1e-6 and cos < 0:  # half a turn: any axis leads on
        return math.pi / 2, y, z
    scale = math.atan2(sin, cos) / sin if sin > 1e-9 else 1.0
    return x * scale, y * scale, z * scale


def follow(
    chain: Chain, target: Array, start: Array, limits: tuple[Array, Array], within: tuple[float, float], rounds: int
) -> Array | None:
    """Joints (D,) whose tool is at ``target`` (4, 4), from ``start`` (D,) on; None when it is not reached in so many
    rounds. ``limits``: lower and upper (D,); ``within``: of place [m] and turn [rad]."""
    low, high = limits[0].tolist(), limits[1].tolist()
    q = [min(max(v, a), b) for v, a, b in zip(start.tolist(), low, high, strict=True)]
    wanted: Row = tuple(target[:3, :3].ravel().tolist())
    wx, wy, wz = target[:3, 3].tolist()
    for _ in range(rounds):
        axes, places, turn, (x, y, z) = joint_axes(chain, q)
        ex, ey, ez = wx - x, wy - y, wz - z
        tx, ty, tz = turning(wanted, turn)
        distance, angle = math.sqrt(ex * ex + ey * ey + ez * ez), math.sqrt(tx * tx + ty * ty + tz * tz)
        if distance < within[0] and angle < within[1]:
            return np.array(q)
        size = max(distance, 0.3 * angle)
        share = min(1.0, 0.25 / max(size, 1e-9))  # far targets: one step at a time
        rows = [
            (v * (z - pz) - w * (y - py), w * (x - px) - u * (z - pz), u * (y - py) - v * (x - px), u, v, w)
            for (u, v, w), (px, py, pz) in zip(axes, places, strict=True)
        ]
        slopes = np.array(rows)  # (D, 6): the Jacobian, lying down
        square = slopes.T @ slopes
        square.flat[::7] += 1e-6 + 0.02 * min(size, 0.2) ** 2
        error = np.array((ex, ey, ez, tx, ty, tz)) * share
        step = (slopes @ np.linalg.solve(square, error)).tolist()
        q = [min(max(v + min(max(d, -0.5), 0.5), a), b) for v, d, a, b in zip(q, step, low, high, strict=True)]
    return None
