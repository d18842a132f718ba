"""Furniture with moving parts: how scenes and tasks name it, what it is made of, and where it stands.

A scene says where its own stands (``articulated:``); a task may bring more (``{name: drawer, at: far counter, kind:
drawer}``), which is drawn to a free spot of the place, its front towards the middle of the room or the robot's arm. A
scene's own furniture is there when a task does not list its objects, or says ``furniture: true``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from envs.footprint import Footprint, clearance, footprint
from envs.strict import Strict, choices_text, suggest
from skills.types import Form, Pose, Region, Shape, Vec3

if TYPE_CHECKING:
    from envs.scenes import Scene
    from envs.task import Task
    from sim.units import PlacedUnit, Unit

KINDS = ("drawer unit", "drawer", "fridge", "microwave", "cabinet", "lidded box", "button", "lamp")
TRIES = 400  # draws per piece
BORDER = 0.012  # [m] kept inside a place's border
APART = 0.03  # [m] between pieces, and between a piece and what must stay free before another
SWAY = 0.15  # [rad] by which a piece may stand askew

Metres = Annotated[float, Field(allow_inf_nan=False, strict=False, ge=-50, le=50)]
Names = Annotated[tuple[str, ...], BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v)]
Place = Annotated[
    tuple[Metres, Metres] | tuple[Metres, Metres, Metres],
    BeforeValidator(lambda v: tuple(v) if isinstance(v, list) else v),
]


class FurnitureFile(Strict):
    """One piece in a scene file. ``position``: x, y of its middle and the height of what it stands on (default: the
    scene's surface); ``yaw``: where its front looks [rad]; ``drawers``: how many, of a drawer unit; ``open``: parts
    that are open at first; ``switches``: the lamp of a button."""

    name: str
    kind: str
    position: Place
    yaw: Metres = 0.0
    drawers: int | None = None
    open: Names = ()
    switches: str | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> FurnitureFile:
        unit_for(self.name, self.kind, self.drawers, self.open, self.switches)
        return self

    def piece(self, surface: float) -> Piece:
        """As a piece at its fixed place."""
        unit = unit_for(self.name, self.kind, self.drawers, self.open, self.switches)
        x, y, *height = self.position
        return Piece(unit, None, _stand(unit, x, y, height[0] if height else surface, self.yaw), self.name)


@dataclass(frozen=True)
class Piece:
    """A unit and where it goes: a fixed pose, or a place where the seed finds room (None: the scene's spawn). ``name``:
    by which it was asked for; a single drawer is a part of its frame."""

    unit: Unit
    at: str | None
    pose_world: Pose | None
    name: str

    @property
    def names(self) -> tuple[str, ...]:
        """Everything it brings that has a name."""
        return self.unit.names


@lru_cache(maxsize=1000)
def unit_for(name: str, kind: str, drawers: int | None, opened: tuple[str, ...], switches: str | None) -> Unit:
    """The unit; raises ValueError naming the choices."""
    from sim.joinery import make_unit

    if kind not in KINDS:
        raise ValueError(f"{name!r}: no kind {kind!r}{suggest(kind, KINDS)} (kinds: {choices_text(KINDS)})")
    return make_unit(name, kind, drawers, dict.fromkeys(opened, 1.0), switches)


def furniture_of(task: Task, scene: Scene) -> tuple[Piece, ...]:
    """All pieces of a task: the scene's own, when they are there, then the task's."""
    own = [f.piece(scene.surface) for f in scene.articulated] if task.start.furnished else []
    brought = [
        Piece(unit_for(o.name, str(o.kind), o.drawers, o.open, o.switches), o.at, None, o.name)
        for o in task.objects
        if o.kind in KINDS
    ]
    return (*own, *brought)


def containers(pieces: Iterable[Piece]) -> frozenset[str]:
    """Names of parts and wholes that things can lie in."""
    return frozenset(
        b.name
        for piece in pieces
        for b in (piece.unit.body, *(p.body for p in piece.unit.parts if p.body is not None))
        if b.shape.hollow or b.niche is not None
    )


def opened(pieces: Iterable[Piece]) -> dict[str, bool | None]:
    """Which names of things that open are open at the start: True, False, or None when ajar."""
    out: dict[str, bool | None] = {}
    for piece in pieces:
        for i, part in enumerate(piece.unit.parts):
            if part.motion.value not in ("slide", "hinge"):
                continue
            names = [part.body.name] if part.body is not None else []
            names += [piece.unit.body.name] if piece.unit.whole == i else []
            for name in names:
                out[name] = True if part.start > 0.5 else False if part.start < 0.05 else None
    return out


def _stand(unit: Unit, x: float, y: float, surface: float, yaw: float) -> Pose:
    return Pose.from_yaw((x, y, surface + unit.body.shape.size[2] / 2), yaw)


def zone(unit: Unit, x: float, y: float, yaw: float) -> Footprint:
    """The outline of a piece together with what must stay free before it."""
    sx, sy, sz = unit.body.shape.size
    if not unit.front:
        return footprint(unit.body.shape, x, y, yaw)
    ahead = unit.front / 2
    size: Vec3 = (sx + unit.front, sy, sz)
    return footprint(Shape(Form.BOX, size), x + ahead * math.cos(yaw), y + ahead * math.sin(yaw), yaw)


def place_furniture(
    pieces: Sequence[Piece], scene: Scene, rng: np.random.Generator
) -> tuple[tuple[PlacedUnit, ...], list[Footprint]]:
    """Poses for all pieces, and the outlines that other things must keep off; raises PlacementError."""
    from sim.units import PlacedUnit

    placed: list[PlacedUnit] = []
    standing: list[Footprint] = []
    for piece in sorted(pieces, key=lambda p: p.pose_world is None):
        pose = piece.pose_world
        if pose is None:
            region = scene.regions[piece.at or scene.spawn]
            pose = _draw(piece.unit, region, facing(scene, region), standing, rng)
        standing.append(zone(piece.unit, pose.position[0], pose.position[1], pose.yaw))
        placed.append(PlacedUnit(piece.unit, pose))
    order = {p.unit.body.name: i for i, p in enumerate(pieces)}
    return tuple(sorted(placed, key=lambda p: order[p.unit.body.name])), standing


def facing(scene: Scene, region: Region) -> tuple[float, bool]:
    """Where fronts look at a place [rad], and whether that is towards a point (an arm that stands still) rather than a
    side of the room."""
    cx, cy = region.centre
    if not scene.mobile:
        x, y, _ = scene.base.position
        return math.atan2(y - cy, x - cx), True
    middles = np.array([r.centre for r in scene.regions.values()])
    dx, dy = middles.mean(axis=0) - (cx, cy)
    return (0.0 if dx > 0 else math.pi) if abs(dx) > abs(dy) else math.copysign(math.pi / 2, dy), False


def _draw(
    unit: Unit, region: Region, looks: tuple[float, bool], standing: Sequence[Footprint], rng: np.random.Generator
) -> Pose:
    low, high = np.asarray(region.low) + BORDER, np.asarray(region.high) - BORDER
    yaw, towards_arm = looks
    size = unit.body.shape.size
    for _ in range(TRIES):
        x, y = (float(v) for v in rng.uniform(low, high))
        turn = yaw + float(rng.uniform(-SWAY, SWAY)) * towards_arm
        corners = footprint(replace(unit.body.shape, form=Form.BOX, wall=0.0), x, y, turn).corners
        inside = np.all((corners >= low - 1e-9) & (corners <= high + 1e-9))
        wide = zone(unit, x, y, turn)
        if inside and all(clearance(wide, other) > APART for other in standing):
            return _stand(unit, x, y, region.surface, turn)
    from envs.resting import PlacementError

    raise PlacementError(
        f"no free spot for {unit.body.name!r} ({size[0]:.2f} x {size[1]:.2f} m and {unit.front:.2f} m before it) in "
        f"{region.name}; use a larger place or fewer pieces"
    )
