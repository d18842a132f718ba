"""Where a robot's hand can get in a scene: points on every place, from above and from the side.

Joint solutions, free of collisions with furniture and the robot itself, at the point and a hand's breadth before it. A
robot that drives looks from the stands that its skills would choose.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from envs.footprint import Footprint, clearance, footprint
from envs.scenes import Scene
from sim.kinematics import ArmKinematics
from skills.base import Stand
from skills.driver import MobileKinematics, mobile
from skills.standing import stands_for
from skills.types import Form, Observation, Pose, Region, Shape, Vec3

TOP, SIDE = "top", "side"
HEIGHTS = {TOP: 0.03, SIDE: 0.09}  # [m] of the tool over the surface: blocks from above, bottles from the side
OVER_RIM = 0.06  # [m] over the walls of a place that has some: things are dropped in
BEFORE = 0.08  # [m] the hand comes from this far away
BORDER = 0.03  # [m] points keep inside a place's border
MOST, MOST_DRIVING = 40, 15  # points looked at per place by an arm that stands still, by one that drives
LEAST_STEP = 0.08  # [m] between them
STANDS = 2  # looked at per point
TURNS = 4  # headings of a hand from above, half a turn in all
SIDEWAYS = ((0.0, 1.0), (0.0, -1.0), (0.6, 1.0), (-0.6, -1.0))  # [rad] off the line from the foot; which way up
DOWN = (1.0, 0.0, 0.0, 0.0)
HAND = Shape(Form.CYLINDER, (0.12, 0.12, 0.1))  # the room that a hand takes between pieces of furniture


@dataclass(frozen=True)
class PointReach:
    """A point and how the hand gets there. ``blocked``: what was touched where joint solutions exist, "" else."""

    point: Vec3
    ways: tuple[str, ...]
    blocked: str = ""


@dataclass(frozen=True)
class PlaceReach:
    """A place, its points and the shares of them that are reached. ``side`` None: behind walls, only from above."""

    name: str
    points: tuple[PointReach, ...]
    walled: bool = False

    def share(self, way: str) -> float:
        """Of the points, by this way of coming."""
        return sum(way in p.ways for p in self.points) / len(self.points)

    @property
    def any_way(self) -> float:
        """Share of the points that are reached somehow."""
        return sum(bool(p.ways) for p in self.points) / len(self.points)

    @property
    def blocked(self) -> dict[str, int]:
        """What was in the way, and at how many points that are not reached."""
        found: dict[str, int] = {}
        for p in self.points:
            if not p.ways and p.blocked:
                found[p.blocked] = found.get(p.blocked, 0) + 1
        return found


def reach_of(
    scene: Scene, kinematics: ArmKinematics, seen: Observation, taken: Sequence[Footprint] = ()
) -> tuple[PlaceReach, ...]:
    """Every place of the scene, without the points where furniture stands (``taken``). Places inside larger ones take
    their points from those."""
    driving = mobile(kinematics)
    kinematics.sync(seen)
    found: dict[str, PlaceReach] = {}
    for name in (n for n in scene.regions if not scene.within[n]):
        region = scene.regions[name]
        last: list[Stand] = []
        spots = grid(region, MOST if driving is None else MOST_DRIVING)
        spots = [s for s in spots if all(clearance(footprint(HAND, *s, 0.0), t) > 0 for t in taken)] or spots
        points = tuple(_point(kinematics, driving, seen, region, xy, last) for xy in spots)
        found[name] = PlaceReach(name, points, region.rim is not None)
    for name in (n for n in scene.regions if scene.within[n]):
        region = scene.regions[name]
        whole = [p for n in scene.within[name] for p in (found[n].points if n in found else ())]
        inside = tuple(p for p in dict.fromkeys(whole) if region.contains(*p.point[:2], slack=LEAST_STEP / 2))
        if not inside:
            inside = tuple(_point(kinematics, driving, seen, region, xy, []) for xy in grid(region))
        found[name] = PlaceReach(name, inside, region.rim is not None)
    return tuple(found[n] for n in scene.regions)


def grid(region: Region, most: int = MOST) -> list[tuple[float, float]]:
    """Evenly spaced points of a place, about ``most`` where it is large."""
    low, high = np.asarray(region.low) + BORDER, np.asarray(region.high) - BORDER
    size = np.maximum(high - low, 0.0)
    step = max(LEAST_STEP, math.sqrt(float(np.prod(size + LEAST_STEP)) / most))
    axes = []
    for a, b, length in zip(low, high, size, strict=True):
        count = int(length / step) + 1
        axes.append(np.linspace(a, b, count) if count > 1 else np.array([(a + b) / 2]))
    return [(float(x), float(y)) for x in axes[0] for y in axes[1]]


def _point(
    kinematics: ArmKinematics,
    driving: MobileKinematics | None,
    seen: Observation,
    region: Region,
    xy: tuple[float, float],
    last: list[Stand],
) -> PointReach:
    """``last``: stands that served the points before, tried first; kept up to date."""
    ways: set[str] = set()
    blocked = ""
    for stand in _stands(kinematics, driving, seen, region, xy, last):
        if driving is not None and stand is not None:
            driving.stand(stand)
        for way in (TOP,) if region.rim is not None else (TOP, SIDE):
            if way not in ways:
                got = _reached(kinematics, region, xy, way)
                if got == "":
                    ways.add(way)
                    if stand is not None:
                        last[:] = [stand]
                blocked = blocked or got or ""
        if len(ways) == (1 if region.rim is not None else 2):
            break
    surface = region.surface if region.rim is None else region.rim
    return PointReach((*xy, surface), tuple(w for w in (TOP, SIDE) if w in ways), blocked)


def _stands(
    kinematics: ArmKinematics,
    driving: MobileKinematics | None,
    seen: Observation,
    region: Region,
    xy: tuple[float, float],
    last: list[Stand],
) -> Iterator[Stand | None]:
    if driving is None:
        yield None
        return
    yield from list(last)
    fresh = stands_for(seen, driving, region.name, [(*xy, region.surface)], kinematics.spec.home)
    for _, stand in zip(range(STANDS), fresh, strict=False):
        yield stand


def _reached(kinematics: ArmKinematics, region: Region, xy: tuple[float, float], way: str) -> str | None:
    """ "" when a hand gets there, the name of what it touches, None without joint solutions."""
    height = region.surface + HEIGHTS[way] if region.rim is None else region.rim + OVER_RIM
    foot = kinematics.mount
    away = math.atan2(xy[1] - foot.position[1], xy[0] - foot.position[0])
    blocked: str | None = None
    for pose in _hands((*xy, height), away, way):
        back = -pose.rotation()[:, 2] * BEFORE
        before = pose.moved(float(back[0]), float(back[1]), float(back[2]))
        for q in kinematics.solutions(pose, kinematics.spec.home, 2):
            hit = kinematics.obstacle(q)
            above = kinematics.solutions(before, q, 1) if hit is None else []
            if above:
                hit = kinematics.obstacle(above[0])
                if hit is None:
                    return ""
            blocked = blocked or hit
    return blocked


def _hands(point: Vec3, away: float, way: str) -> Iterator[Pose]:
    """pose_world_tool of hands at a point: from above at several headings, or level ones that come from the foot."""
    if way == TOP:
        for i in range(TURNS):
            yield Pose.from_yaw(point, away + i * math.pi / TURNS) @ Pose((0.0, 0.0, 0.0), DOWN)
        return
    for turn, flip in SIDEWAYS:
        out = np.array([math.cos(away + turn), math.sin(away + turn), 0.0])
        closing = flip * np.cross((0.0, 0.0, 1.0), out)
        m = np.eye(4)
        m[:3, 0], m[:3, 1], m[:3, 2], m[:3, 3] = np.cross(closing, out), closing, out, point
        yield Pose.from_matrix(m)
