"""A bare room for the robot that drives: two tables, a wall between them with a gap, a few things."""

from __future__ import annotations

from collections.abc import Sequence

from sim.objects import make_body
from sim.world import Fixture, Placed, WorldSpec
from skills.types import Pose, Region

TABLES = (
    Fixture("left table", (0.8, 1.2, 0.04), Pose((-1.6, 0.0, 0.72))),
    Fixture("right table", (0.8, 1.2, 0.04), Pose((1.6, 0.0, 0.72))),
    Fixture("wall", (0.1, 2.0, 1.0), Pose((0.0, -0.5, 0.5))),
)
REGIONS = {
    "left table": Region("left table", (-1.95, -0.55), (-1.25, 0.55), 0.74),
    "right table": Region("right table", (1.25, -0.55), (1.95, 0.55), 0.74),
}
START = Pose.from_yaw((-0.7, -0.5, 0.0), 3.1416)


def kitchen(
    things: Sequence[tuple[str, float, float]] = (), base: Pose = START, holding: str | None = None
) -> WorldSpec:
    """Things (name, x, y) on the tables."""
    placed = []
    for name, x, y in things:
        body = make_body(name)
        placed.append(Placed(body, Pose((x, y, 0.741 + body.shape.size[2] / 2))))
    return WorldSpec("mobile_panda", base, TABLES, tuple(placed), REGIONS, holding, floor=0.0)
