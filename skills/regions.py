"""Places with walls around them, such as a trash can: a region that things are dropped into like into a bin."""

from __future__ import annotations

from skills.types import Form, ObjectState, Pose, Region, Shape

WALL = 0.01  # [m] taken for the walls; their inner faces are the region's borders


def as_bin(region: Region) -> ObjectState | None:
    """The open bin that a walled region is; None when it has no walls."""
    if region.rim is None:
        return None
    (x0, y0), (x1, y1) = region.low, region.high
    floor = region.surface - WALL
    shape = Shape(Form.BIN, (x1 - x0 + 2 * WALL, y1 - y0 + 2 * WALL, region.rim - floor), WALL)
    x, y = region.centre
    return ObjectState(region.name, "place", shape, Pose((x, y, (region.rim + floor) / 2)), movable=False)
