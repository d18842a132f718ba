"""Where a thing can be put: slots in a container, the top of a support, free spots of a region. Best first.

Deterministic pure geometry; nothing here knows the arm.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Set
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from skills import niches
from skills.geometry import plan_gaps, plan_radius
from skills.predicates import inside
from skills.spot import Spot
from skills.types import Array, Form, ObjectState, Observation, Region

SLOT_RADIUS = 0.032  # [m] off-centre slots that leave room for a second and third block
SLOT_TURNS = 12
WALL_ROOM = 0.004  # [m] least gap between a thing and the container's wall
RELEASE_ABOVE_RIM = 0.015  # [m]
DROP_GAP = 0.004  # [m] lowest release above a container's floor or contents
FLOOR = 0.010  # [m] a container's floor is at most this much thicker than its wall
SUPPORT_GAP = 0.0025  # [m] release height above a flat support
DROPS = (0.008, 0.015, 0.022)  # [m] more release heights for hollow things
ROOM_TIERS = (
    (0.08, 1.0),
    (0.045, 0.95),
    (0.028, 0.8),
    (0.012, 0.4),
)  # [m] gap to neighbours -> score; a hand needs room
GRID = 0.015  # [m] spacing of candidate spots
LEVEL = math.cos(math.radians(10))  # an axis tilted more from the vertical is not upright
BORDER = 0.020  # [m] a thing's centre stays this far inside a region's border
OVERHANG = 0.6  # score of a spot where the thing's outline crosses the border, relative to one where it does not


def fits_in(obj: ObjectState, container: ObjectState) -> bool:
    """Whether the thing goes through the opening: as it is turned now, or a long box along a long bin."""
    if container.niche is not None:
        return niches.fits(obj, container)
    return _free_radius(obj, container) > 0 or _room_along(obj, container) is not None


def _room_along(obj: ObjectState, container: ObjectState) -> tuple[float, float, float] | None:
    """For a long thing in a bin, its longer side along the bin's: how far its centre may be off the bin's in the bin's
    own frame (u, v) [m], and its heading from the bin's [rad]; None when it does not fit."""
    sides = _level_sides(obj)
    if container.shape.form is not Form.BIN or sides is None:
        return None
    (bx, by), (long, short, heading) = container.shape.size[:2], sides
    turned = by > bx
    along, across = (short, long) if turned else (long, short)
    room = [side / 2 - container.shape.wall - WALL_ROOM - half / 2 for side, half in ((bx, along), (by, across))]
    if min(room) <= 0:
        return None
    return room[0], room[1], obj.pose_world.yaw - heading + (math.pi / 2 if turned else 0.0)


def _level_sides(obj: ObjectState) -> tuple[float, float, float] | None:
    """Longer and shorter horizontal side [m] of a box, or of a round thing that lies, and the heading of the longer in
    the world [rad]; None of what leans or has no sides."""
    rotation, size = obj.pose_world.rotation(), obj.shape.size
    upwards = int(np.argmax(np.abs(rotation[2])))
    round_ = obj.shape.form is Form.CYLINDER
    if not ((round_ and upwards != 2) or obj.shape.form is Form.BOX) or abs(rotation[2, upwards]) < LEVEL:
        return None
    short, long = sorted((k for k in range(3) if k != upwards), key=lambda k: size[k])
    return size[long], size[short], math.atan2(rotation[1, long], rotation[0, long])


def _free_radius(obj: ObjectState, container: ObjectState) -> float:
    """How far the thing's centre may be off the container's axis [m], whatever its heading; negative: it may fit along
    the container only."""
    return min(container.shape.size[:2]) / 2 - container.shape.wall - WALL_ROOM - plan_radius(obj)


def container_slots(obs: Observation, obj: ObjectState, container: ObjectState) -> list[Spot]:
    """Slots in a bowl, a bin or behind a door, those clear of what lies there already first."""
    if container.niche is not None:
        return niches.spots_in(obs, obj, container)
    free = _free_radius(obj, container)
    aligned = _room_along(obj, container) if free <= 0 else None
    if (free <= 0 and aligned is None) or not container.upright:
        return []
    occupants = [o for n, o in obs.objects.items() if n not in (obj.name, container.name) and inside(o, container)]
    x, y, _ = container.pose_world.position
    offsets = _slot_offsets(obj, container, free) if aligned is None else _grid_offsets(*aligned[:2])
    cos, sin = math.cos(container.pose_world.yaw), math.sin(container.pose_world.yaw)
    xy = np.array([(x + cos * u - sin * v, y + sin * u + cos * v) for u, v in offsets])
    xy = _open_part(obs, obj, container, xy)
    gaps = np.full(len(xy), 1.0)
    for other in occupants:
        gaps = np.minimum(gaps, plan_gaps(other, xy) - plan_radius(obj))
    floor = container.bottom_z + container.shape.wall + FLOOR
    rim = container.top_z
    spots = []
    for (px, py), gap in zip(xy, gaps, strict=True):
        content = max((_content_top(o, px, py, obj) for o in occupants), default=floor)
        low = max(floor, content) + DROP_GAP
        high = max(rim + RELEASE_ABOVE_RIM, low)
        heights = tuple(float(h) for h in np.linspace(low, high, 4)) if high > low + 0.004 else (float(high),)
        score = 1.0 if gap > -0.002 else 0.45 if gap > -0.012 else 0.2
        yaws = _slot_yaws(obj, container, px, py)
        if aligned is not None:
            yaws = [container.pose_world.yaw + aligned[2] + k * math.pi for k in (0, 1)]
        spots += [Spot(float(px), float(py), heights, score, yaw=yaw) for yaw in yaws]
    order = sorted(range(len(spots)), key=lambda i: (-spots[i].score, i))
    return [spots[i] for i in order]


def _open_part(obs: Observation, obj: ObjectState, container: ObjectState, xy: Array) -> Array:
    """Of slots (N, 2), those that lie free of what the container slides out of, the middle of that part first: above
    the back of a drawer is the chest."""
    whole = obs.objects.get(container.joint.whole) if container.joint is not None else None
    if whole is None or whole.name == container.name:
        return xy
    out = xy[plan_gaps(whole, xy) > plan_radius(obj) + WALL_ROOM]
    if not len(out):
        return out
    order = np.argsort(np.linalg.norm(out - (out.min(axis=0) + out.max(axis=0)) / 2, axis=1), kind="stable")
    return np.asarray(out[order])


def dropping_spots(obs: Observation, obj: ObjectState, walled: ObjectState) -> list[Spot]:
    """Slots in a deep bin, let go from just above its rim; none where the contents reach up to it."""
    slots = container_slots(obs, obj, walled)
    full = walled.top_z - RELEASE_ABOVE_RIM
    out = []
    for s in slots:
        low, high = s.heights[0], s.heights[-1]
        if low < full:  # two heights: what is let go there is expected to fall
            out.append(replace(s, heights=(high, high + DROP_GAP), falls=0.5 * (high - low)))
    return out


def _slot_offsets(obj: ObjectState, container: ObjectState, free: float) -> list[tuple[float, float]]:
    """Offsets (u, v) from the container's axis in its own frame, most wanted first."""
    radius = min(SLOT_RADIUS, free)
    ring = [(radius * math.cos(t), radius * math.sin(t)) for t in np.arange(SLOT_TURNS) * (2 * math.pi / SLOT_TURNS)]
    # thirds of the circle first: three things then share a bowl
    ring = [ring[i] for i in sorted(range(SLOT_TURNS), key=lambda i: (i % (SLOT_TURNS // 3), i))]
    if container.shape.form is Form.BIN:
        room = np.maximum(np.asarray(container.shape.size[:2]) / 2 - container.shape.wall - WALL_ROOM, 0)
        room = np.maximum(room - plan_radius(obj), 0)
        return _grid_offsets(float(room[0]), float(room[1]))
    if free < 0.5 * SLOT_RADIUS:
        return [(0.0, 0.0), *ring]
    return [*ring, (0.0, 0.0)]


def _grid_offsets(u: float, v: float) -> list[tuple[float, float]]:
    """Offsets within (+-u, +-v) [m], the middle first."""
    us, vs = (np.linspace(-r, r, max(1, 2 * int(r / 0.03) + 1)) for r in (u, v))
    grid = [(float(a), float(b)) for a in us for b in vs]
    return sorted(grid, key=lambda p: (math.hypot(*p), p))


def _slot_yaws(obj: ObjectState, container: ObjectState, x: float, y: float) -> list[float | None]:
    """Headings for a slot off the middle: a box with its faces along the ring, so that fingers that close along it
    have the most room, now and when it is picked again."""
    cx, cy, _ = container.pose_world.position
    if obj.shape.form is not Form.BOX or container.shape.form is not Form.BOWL or math.hypot(x - cx, y - cy) < 0.005:
        return [None]
    return [math.atan2(y - cy, x - cx) + k * math.pi / 2 for k in (0, 2, 1, 3)]


def _content_top(other: ObjectState, x: float, y: float, obj: ObjectState) -> float:
    gap = float(plan_gaps(other, np.array([[x, y]]))[0]) - plan_radius(obj)
    return other.top_z if gap < 0.008 else -math.inf


def support_spots(obj: ObjectState, support: ObjectState) -> list[Spot]:
    """The middle of a flat top; a box on a box takes its heading, or a quarter turn of it."""
    x, y, _ = support.pose_world.position
    height = support.top_z + SUPPORT_GAP
    ground = frozenset({support.name})
    if obj.shape.form is Form.BOX and support.shape.form is Form.BOX:
        yaw = support.pose_world.yaw
        return [Spot(x, y, (height,), 1.0, ground, yaw + k * math.pi / 2) for k in (0, 2, 1, 3)]
    return [Spot(x, y, (height,), 1.0, ground)]


def support_fit(obj: ObjectState, support: ObjectState) -> float:
    """How well the support carries the thing, by the widths of both: 1 wide enough, less when it hangs over."""
    if obj.shape.form is Form.SPHERE:
        return 0.05  # rolls off
    base, top = least_width(obj), least_width(support)
    lying = obj.shape.form is Form.CYLINDER and not obj.upright
    return (0.3 if lying else 1.0) * float(np.clip(top / base, 0.1, 1.0))


def least_width(obj: ObjectState) -> float:
    """The narrower horizontal side [m]."""
    sides = obj.shape.size[:2] if obj.upright else obj.extents()[:2]
    return float(min(sides))


def region_spots(
    obs: Observation, obj: ObjectState, region: Region, limit: int = 40, near: tuple[float, float] | None = None
) -> list[Spot]:
    """Free spots of a region, well apart from everything else: most room first, then nearest to the middle, or to
    ``near``."""
    radius = plan_radius(obj)
    xy, whole = grid_over(region, radius)
    cx, cy = region.centre if near is None else near
    middle = np.hypot(xy[:, 0] - cx, xy[:, 1] - cy)
    score = np.where(whole, 1.0, OVERHANG) * crowding(obs, xy, radius, region, {obj.name})
    order = [int(i) for i in np.lexsort((middle, -score)) if score[i] > 0]
    heights = release_heights(obj, region)
    return spread_out((Spot(float(xy[i, 0]), float(xy[i, 1]), heights, float(score[i])) for i in order), limit)


def release_heights(obj: ObjectState, region: Region) -> tuple[float, ...]:
    """Heights of its lowest part [m] at which a thing is let go over a surface, low before high. A plate held by its
    sloping rim cannot come quite down, fingers would touch the table; it drops the rest."""
    return tuple(region.surface + h for h in (SUPPORT_GAP, *(DROPS if obj.shape.hollow else ())))


def crowding(obs: Observation, xy: Array, radius: float, region: Region, but: Set[str]) -> Array:
    """(N,) scores of spots (N, 2) for a thing of that radius, by the room to everything on the region ``but`` some: 1
    with plenty, 0 with too little."""
    gaps = np.full(len(xy), 1.0)
    for name, other in obs.objects.items():
        low, high = other.bottom_z > region.surface + 0.5, other.top_z < region.surface + 0.001
        if name not in but and other.grains is None and not low and not high:
            gaps = np.minimum(gaps, plan_gaps(other, xy) - radius)
    score = np.zeros(len(xy))
    for tier, value in ROOM_TIERS:
        score = np.maximum(score, np.where(gaps >= tier, value, 0.0))
    return score


def grid_over(region: Region, radius: float) -> tuple[Array, NDArray[np.bool_]]:
    """(N, 2) candidate centres inside the borders, and whether the whole outline would be inside, too."""
    axes, inside = [], []
    for low, high in zip(region.low, region.high, strict=True):
        room = max((high - low) / 2 - BORDER, 0.0)
        steps = int(room / GRID)
        offsets = np.arange(-steps, steps + 1) * GRID
        axes.append((low + high) / 2 + offsets)
        inside.append(np.abs(offsets) <= max((high - low) / 2 - radius, 0.25 * room))
    xy = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
    whole = np.stack(np.meshgrid(*inside, indexing="ij"), axis=-1).reshape(-1, 2).all(axis=1)
    return np.asarray(xy), np.asarray(whole)


def spread_out(spots: Iterable[Spot], limit: int) -> list[Spot]:
    """At most ``limit`` spots: neighbours of one that the arm cannot reach are not worth a try right after it."""
    chosen: list[Spot] = []
    rest: list[Spot] = []
    for spot in spots:
        apart = all(math.hypot(spot.x - c.x, spot.y - c.y) >= 0.04 for c in chosen)
        (chosen if apart else rest).append(spot)
        if len(chosen) == limit:
            break
    return (chosen + rest)[:limit]
