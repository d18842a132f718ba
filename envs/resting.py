"""Where things start that rest on, or lie in, another thing: stacks, rows, contents of containers."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from sim.objects import Body
from skills.types import Form, Pose

ABOVE_SUPPORT = 0.001  # [m] things start this far above what carries them
LEANS = 0.025  # [m] a long thing may be larger than a bowl and still come to lie in it, aslant
FLOOR = 0.010  # [m] of a hollow thing, at most


class PlacementError(ValueError):
    """Things that cannot be put where the task says, or do not fit; the message names them."""


def put_on(group: list[Body], base: Body, pose_world_base: Pose, rng: np.random.Generator) -> dict[str, Pose]:
    """Poses of things that rest on, or lie in, one base; raises PlacementError naming what cannot."""
    if base.shape.hollow:
        return _contents(group, base, pose_world_base)
    if base.shape.form is Form.SPHERE:
        raise PlacementError(f"nothing can rest on {base.name!r}, it is round: {_names(group)}")
    top = base.shape.size[2] / 2
    slots = _slots(group, base)
    poses = {}
    for body, (dx, dy) in zip(group, slots, strict=True):
        x, y, z = pose_world_base.apply((dx, dy, top))
        turn = pose_world_base.yaw + (float(rng.uniform(-0.2, 0.2)) if len(group) == 1 else 0.0)
        poses[body.name] = Pose.from_yaw((x, y, z + body.shape.size[2] / 2 + ABOVE_SUPPORT), turn)
    return poses


def _slots(group: list[Body], base: Body) -> list[tuple[float, float]]:
    """Offsets on a flat top: the centre for one, a row along the longer side for several."""
    if len(group) == 1:
        return [(0.0, 0.0)]
    sx, sy, _ = base.shape.size
    along = 0 if sx >= sy else 1
    widths = [b.shape.size[along] for b in group]
    gap = 0.005
    if sum(widths) + gap * (len(group) - 1) > max(sx, sy) + 0.5 * min(widths):
        raise PlacementError(
            f"{_names(group)} do not fit on {base.name!r} side by side; stack them or use another place"
        )
    offset, slots = -(sum(widths) + gap * (len(group) - 1)) / 2, []
    for width in widths:
        middle = offset + width / 2
        slots.append((middle, 0.0) if along == 0 else (0.0, middle))
        offset += width + gap
    return slots


def _contents(group: list[Body], base: Body, pose_world_base: Pose) -> dict[str, Pose]:
    """Things in a container: side by side on a ring when they fit, in layers when not."""
    sx, sy, sz = base.shape.size
    free = min(sx, sy) / 2 - base.shape.wall - 0.003
    poses: dict[str, Pose] = {}
    layer, height, tallest = [], FLOOR, 0.0
    for body in group:
        if not _goes_in(body, base):
            raise PlacementError(f"{body.name!r} is too large to lie in {base.name!r}")
    for body in group:
        layer.append(body)
        if _ring(layer, free) is None:
            height += tallest + 0.004
            layer, tallest = [body], 0.0
        tallest = max(tallest, body.shape.size[2])
        ring = _ring(layer, free) or [(0.0, 0.0)] * len(layer)
        for member, (dx, dy) in zip(layer, ring, strict=True):
            x, y, z = pose_world_base.apply((dx, dy, height - sz / 2))
            turn = pose_world_base.yaw + (0.0 if _long_along_x(member) == (sx >= sy) else math.pi / 2)
            poses[member.name] = Pose.from_yaw((x, y, z + member.shape.size[2] / 2 + ABOVE_SUPPORT), turn)
    return poses


def _goes_in(body: Body, base: Body) -> bool:
    """Whether a thing lies within the walls, or leans on them with a small overhang."""
    inner = sorted(s - 2 * base.shape.wall for s in base.shape.size[:2])
    flat = sorted(_slim(body))
    if body.shape.form is not Form.BOX:
        return flat[1] < inner[0]
    if base.shape.form is Form.BOWL:
        return math.hypot(*flat) < inner[0] + LEANS
    return flat[0] < inner[0] and flat[1] < inner[1]


def _ring(layer: list[Body], free: float) -> list[tuple[float, float]] | None:
    """Offsets of things on one layer of a container with ``free`` radius; None when they do not fit."""
    radii = [math.hypot(*_slim(b)) / 2 if b.shape.form is Form.BOX else b.shape.size[0] / 2 for b in layer]
    if len(layer) == 1:
        return [(0.0, 0.0)]
    ring = free - max(radii)
    if ring <= 0 or 2 * ring * math.sin(math.pi / len(layer)) < 2 * max(radii):
        return None
    turns = [2 * math.pi * i / len(layer) for i in range(len(layer))]
    return [(ring * math.cos(t), ring * math.sin(t)) for t in turns]


def _slim(body: Body) -> tuple[float, float]:
    return body.shape.size[0], body.shape.size[1]


def _long_along_x(body: Body) -> bool:
    return body.shape.size[0] >= body.shape.size[1]


def _names(group: Iterable[Body]) -> str:
    return ", ".join(repr(b.name) for b in group)
