"""A base that drives: its limits, where it stands, and which place that is.

A base turns and slides freely in the plane. Its pose is (x, y, yaw) in the world, metres and radians; a path of it
is a `skills.types.Trajectory` over the three axes of `AXES`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

AXES = ("base x", "base y", "base yaw")  # the "joints" of a base path
Stand = tuple[float, float, float]  # x, y [m], yaw [rad] in the world
NEAR = 0.75  # [m] a base whose centre is this close to a place's rectangle stands at the place
STANDING = (0.02, 0.05)  # [m/s, rad/s] slower than this: it stands


@dataclass(frozen=True)
class BaseSpec:
    """What a base promises. Limits per axis of `AXES` [m/s, rad/s] and [m/s^2, rad/s^2]; ``radius``: of the circle
    around its chassis [m]; ``mount``: where the arm stands, seen from the base's centre on the floor [m]; ``reach``:
    how far from the arm's foot, along the floor, it takes things: at least, at best, at most [m]."""

    max_velocity: tuple[float, float, float]
    max_acceleration: tuple[float, float, float]
    radius: float
    mount: tuple[float, float, float]
    joint_names: tuple[str, ...] = AXES
    reach: tuple[float, float, float] = (0.30, 0.50, 0.72)

    def __post_init__(self) -> None:
        limits = (*self.max_velocity, *self.max_acceleration, self.radius)
        if not all(math.isfinite(v) and v > 0 for v in limits):
            raise ValueError(f"a base needs positive limits and a positive radius, got {limits}")
        if not 0 < self.reach[0] < self.reach[1] < self.reach[2]:
            raise ValueError(f"reach is the least, the best and the greatest distance, rising from 0, got {self.reach}")


def distance_to_place(base: Stand, region: Any) -> float:
    """From the base's centre to a place's rectangle [m]; 0 above it. ``region``: a `skills.types.Region`."""
    away = [
        max(low - here, 0.0, here - high) for low, here, high in zip(region.low, base[:2], region.high, strict=True)
    ]
    return math.hypot(*away)


def station_at(base: Stand, regions: Mapping[str, Any], stations: Iterable[str]) -> str | None:
    """The place that a base stands at: the nearest of ``stations`` within `NEAR`; None in the open."""
    near = [(distance_to_place(base, regions[name]), name) for name in stations]
    near = [n for n in near if n[0] <= NEAR]
    return min(near)[1] if near else None


def turned_to(angle: float, near: float) -> float:
    """The same heading as ``angle`` [rad], written so that it lies within half a turn of ``near``."""
    return near + (angle - near + math.pi) % (2 * math.pi) - math.pi


class Whereabouts:
    """Which places a base has stood at since the start. The start itself does not count: time has to pass."""

    def __init__(self, stations: tuple[str, ...] = ()) -> None:
        self.stations = stations
        self._first: int | None = None
        self._visited: set[str] = set()

    def note(
        self, tick: int, base: Stand, velocity: Stand | None, regions: Mapping[str, Any]
    ) -> tuple[str | None, frozenset[str]]:
        """(the place that the base stands at now, all places visited so far)."""
        if self._first is None or tick < self._first:
            self._first, self._visited = tick, set()
        here = station_at(base, regions, self.stations)
        slow = velocity is None or (math.hypot(*velocity[:2]) < STANDING[0] and abs(velocity[2]) < STANDING[1])
        if here is not None and slow and tick > self._first:
            self._visited.add(here)
        return here, frozenset(self._visited)
