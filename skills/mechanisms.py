"""What moves on a thing that stays: drawers that slide, doors and lids on hinges, push buttons, and lamps they switch.

Plain data in the world frame, part of a thing's `skills.types.ObjectState`; what to do with it is for the skills
`open`, `close` and `press`. Metres and radians.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

Vec3 = tuple[float, float, float]
OPEN_SHARE = 0.5  # opened further than this share of its travel: open
SHUT_SHARE = 0.06  # less than this: closed; in between it is ajar, neither the one nor the other
PRESSED_SHARE = 0.3  # of a button's travel: latched in deeper than this it counts as pressed
LIT = 0.5


class Motion(str, Enum):
    """How the part moves."""

    SLIDE = "slide"  # along an axis: drawers
    HINGE = "hinge"  # about an axis: doors, lids
    BUTTON = "button"  # pushed in along an axis, latches, comes out when pushed again
    LAMP = "lamp"  # moves nothing, shines


@dataclass(frozen=True)
class Handle:
    """A round bar to take hold of. ``centre`` of the bar now; ``along``: the bar's direction; ``out``: away from the
    face that it sits on, ``standoff`` [m] in front of it; all unit vectors in the world frame."""

    centre: Vec3
    along: Vec3
    out: Vec3
    thickness: float = 0.013
    length: float = 0.12
    standoff: float = 0.035


@dataclass(frozen=True)
class Block:
    """A box beyond the thing's own shape that the hand must not hit: a front panel, a handle. ``size``: full extents,
    ``position``: seen from the thing's frame, axis-parallel there."""

    size: Vec3
    position: Vec3


@dataclass(frozen=True)
class Niche:
    """A hollow that is open at the front: free space within a thing, in whose frame it opens towards +x. ``size``: how
    deep, wide, high; ``middle``: of that box [m]."""

    size: Vec3
    middle: Vec3


@dataclass(frozen=True)
class Mechanism:
    """A joint as it stands now. ``whole``: the name of the thing that it belongs to; ``axis``: unit, world, towards
    open (slides), right-handed about it towards open (hinges), the way it is pushed (buttons); ``point``: on the axis
    (of a button: the middle of its face when out); ``travel``: from shut to wide open [m] or [rad]; ``position``:
    now, from 0; ``parts``: names of the things that move with it or carry it; ``switches``: the lamp of a button."""

    motion: Motion
    whole: str
    axis: Vec3 = (0.0, 0.0, 1.0)
    point: Vec3 = (0.0, 0.0, 0.0)
    travel: float = 1.0
    position: float = 0.0
    handle: Handle | None = None
    blocks: tuple[Block, ...] = ()
    parts: tuple[str, ...] = ()
    switches: str | None = None

    @property
    def share(self) -> float:
        """Opened or pushed in by this share of its travel, 0 to 1."""
        return min(1.0, max(0.0, self.position / self.travel))

    @property
    def opens(self) -> bool:
        """Something that can be opened and closed."""
        return self.motion in (Motion.SLIDE, Motion.HINGE)

    @property
    def open(self) -> bool:
        """Opened by more than `OPEN_SHARE`."""
        return self.opens and self.share > OPEN_SHARE

    @property
    def closed(self) -> bool:
        """Shut within `SHUT_SHARE`."""
        return self.opens and self.share < SHUT_SHARE

    @property
    def pressed(self) -> bool:
        """A button that has latched in."""
        return self.motion is Motion.BUTTON and self.share > PRESSED_SHARE

    @property
    def lit(self) -> bool:
        """A lamp that shines."""
        return self.motion is Motion.LAMP and self.position > LIT
