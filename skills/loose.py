"""What is neither held nor piled up piece by piece: loose stuff in a vessel (rice, beans), and spills on a surface.

Plain data in the world frame, part of a thing's `skills.types.ObjectState`; what to do with it is for the skills `pour`
and `wipe`. Metres.
"""

from __future__ import annotations

from dataclasses import dataclass

Vec3 = tuple[float, float, float]
POURED_SHARE = 0.8  # of all grains: with so many of them in a container the stuff is in it
CLEAN_SHARE = 0.9  # of a spill's cells wiped: it is clean


@dataclass(frozen=True)
class Grains:
    """Loose stuff. ``radius`` of a grain; ``positions`` of their centres now."""

    radius: float
    positions: tuple[Vec3, ...]


@dataclass(frozen=True)
class Patch:
    """A spill. ``cells``: middles of the squares that it covers; ``edge`` of a square; ``wiped``: which are clean."""

    cells: tuple[Vec3, ...]
    edge: float
    wiped: tuple[bool, ...]

    @property
    def share(self) -> float:
        """Share of the cells that are clean, 0 to 1."""
        return sum(self.wiped) / max(1, len(self.wiped))

    @property
    def clean(self) -> bool:
        """Wiped up but for `CLEAN_SHARE`."""
        return self.share >= CLEAN_SHARE - 1e-9
