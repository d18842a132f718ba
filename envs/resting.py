"""Where things start that rest on, or lie in, another thing: stacks, rows, contents of containers."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from sim.objects import Body
from skills.mechanisms import Niche
from skills.types import Form, Pose

ABOVE_SUPPORT = 0.001  # [m] things start this far above what carries them
LEANS = 0.025  # [m] a long thing may be larger than a bowl and still come to lie in it, aslant
DOOR_ROOM = 0.02  # [m] at least between things behind a door, and around them
FLOOR = 0.010  # [m] of a hollow thing, at most


class PlacementError(ValueError):
    """Things that cannot be put where the task says, or do not fit; the message names them."""


def put_on(group: list[Body], base: Body, pose_world_base: Pose, rng: np.random.Generator) -> dict[str, Pose]:
    """Poses of things that rest on, or lie in, one base; raises PlacementError naming what cannot."""
    if base.niche is not None:
        return _behind_the_door(group, base, base.niche, pose_world_base)
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


def _behind_the_door(group: list[Body], base: Body, niche: Niche, pose_world_base: Pose) -> dict[str, Pose]:
    """Things in a row across a cabinet, their narrow sides to its front."""
    deep, wide, high = niche.size
    turns = [0.0 if b.shape.size[0] >= b.shape.size[1] else math.pi / 2 for b in group]
    widths = [min(b.shape.size[:2]) for b in group]
    room = wide - sum(widths)
    for body in group:
        if max(body.shape.size[:2]) > deep - DOOR_ROOM or body.shape.size[2] > high - DOOR_ROOM:
            raise PlacementError(f"{body.name!r} is too large to stand in {base.name!r}")
    if room < DOOR_ROOM * (len(group) + 1):
        raise PlacementError(f"{_names(group)} do not fit in {base.name!r} side by side; use another place")
    gap = room / (len(group) + 1)
    poses, edge = {}, -wide / 2
    for body, width, turn in zip(group, widths, turns, strict=True):
        edge += gap + width / 2
        at = (niche.middle[0], niche.middle[1] + edge, niche.middle[2] - high / 2 + body.shape.size[2] / 2)
        edge += width / 2
        x, y, z = pose_world_base.apply(at)
        poses[body.name] = Pose.from_yaw((x, y, z + ABOVE_SUPPORT), pose_world_base.yaw + turn)
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
    """Things in a container: side by side when they fit, in layers when not."""
    poses: dict[str, Pose] = {}
    for body in group:
        if not _goes_in(body, base):
            raise PlacementError(f"{body.name!r} is too large to lie in {base.name!r}")
    layer: list[Body] = []
    height = FLOOR
    for body in group:
        slots = _arrange([*layer, body], base)
        if slots is None:  # a new layer on top of what lies there
            height += max(b.shape.size[2] for b in layer) + 0.004
            layer, slots = [], _arrange([body], base) or [(0.0, 0.0, 0.0)]
        layer.append(body)
        for member, (dx, dy, turn) in zip(layer, slots, strict=True):
            x, y, z = pose_world_base.apply((dx, dy, height - base.shape.size[2] / 2))
            centre = (x, y, z + member.shape.size[2] / 2 + ABOVE_SUPPORT)
            poses[member.name] = Pose.from_yaw(centre, pose_world_base.yaw + turn)
    return poses


Slot = tuple[float, float, float]  # offset x, y from the base's centre, heading relative to it


def _arrange(layer: list[Body], base: Body) -> list[Slot] | None:
    """Slots for one layer: a row in a bin, a ring in a bowl; None when they do not fit."""
    return _row(layer, base) if base.shape.form is Form.BIN else _ring(layer, base)


def _goes_in(body: Body, base: Body) -> bool:
    """Whether a thing lies within the walls, or leans on them with a small overhang."""
    inner = sorted(s - 2 * base.shape.wall for s in base.shape.size[:2])
    flat = sorted(body.shape.size[:2])
    if body.shape.form is not Form.BOX:
        return flat[1] < inner[0]
    if base.shape.form is Form.BOWL:
        return math.hypot(*flat) < inner[0] + LEANS
    return flat[0] < inner[0] and flat[1] < inner[1]


def _row(layer: list[Body], base: Body) -> list[Slot] | None:
    """Side by side along the longer wall, each with its long side across if that fits."""
    inner = [s - 2 * base.shape.wall - 0.004 for s in base.shape.size[:2]]
    along = 0 if inner[0] >= inner[1] else 1
    widths, turns = [], []
    for body in layer:
        sx, sy, _ = body.shape.size
        across = max(sx, sy) <= inner[1 - along]
        widths.append(min(sx, sy) if across else max(sx, sy))
        long_axis = 0 if sx >= sy else 1
        wanted = 1 - along if across else along
        turns.append(0.0 if long_axis == wanted else math.pi / 2)
    room = inner[along] - sum(widths)
    if room < 0 and len(layer) > 1:
        return None
    gap = max(0.0, room) / len(layer)
    slots, edge = [], -inner[along] / 2 if room > 0 else -sum(widths) / 2
    for width, turn in zip(widths, turns, strict=True):
        middle = edge + gap / 2 + width / 2
        slots.append((middle, 0.0, turn) if along == 0 else (0.0, middle, turn))
        edge += width + gap
    return slots


def _ring(layer: list[Body], base: Body) -> list[Slot] | None:
    """The centre for one, a ring around it for several."""
    free = base.shape.size[0] / 2 - base.shape.wall - 0.003
    radii = [math.hypot(*b.shape.size[:2]) / 2 if b.shape.form is Form.BOX else b.shape.size[0] / 2 for b in layer]
    if len(layer) == 1:
        return [(0.0, 0.0, 0.0)]
    ring = free - max(radii)
    if ring <= 0 or 2 * ring * math.sin(math.pi / len(layer)) < 2 * max(radii):
        return None
    turns = [2 * math.pi * i / len(layer) for i in range(len(layer))]
    return [(ring * math.cos(t), ring * math.sin(t), 0.0) for t in turns]


def _names(group: Iterable[Body]) -> str:
    return ", ".join(repr(b.name) for b in group)
