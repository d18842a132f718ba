"""Named places: rectangles of supporting surfaces. Used through `skills.types`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Region:
    """A named rectangle of a supporting surface, axis-aligned in the world [m]. ``surface``: its height; ``rim``:
    height of the top of the walls around it (a trash can), None without walls; ``person``: someone is there to take
    what is laid on it; ``view``: direction (2,) in which somebody looks who stands before it, which makes left and
    right; None: nobody said."""

    name: str
    low: tuple[float, float]
    high: tuple[float, float]
    surface: float = 0.0
    rim: float | None = None
    person: bool = False
    view: tuple[float, float] | None = None

    def contains(self, x: float, y: float, slack: float = 0.0) -> bool:
        """Whether (x, y) lies inside, borders widened by ``slack`` [m]."""
        return (self.low[0] - slack <= x <= self.high[0] + slack) and (self.low[1] - slack <= y <= self.high[1] + slack)

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the rectangle [m]."""
        return (self.low[0] + self.high[0]) / 2, (self.low[1] + self.high[1]) / 2

    def within(self, other: Region) -> bool:
        """Whether this region is part of ``other`` (a corner is part of its side)."""
        return (
            abs(self.surface - other.surface) < 0.01
            and other.contains(*self.low, slack=1e-6)
            and other.contains(*self.high, slack=1e-6)
        )
