"""A small room for a robot that drives, without physics: two counters, a table between them, a bin."""

from __future__ import annotations

from skills.driver import Embodiment
from skills.drivers.fake_mobile import fake_mobile_embodiment
from skills.types import ObjectState, Region

REGIONS = (
    Region("table", (1.0, -0.5), (1.6, 0.5), 0.7),
    Region("counter", (-1.6, -0.5), (-1.0, 0.5), 0.9),
    Region("bin", (-0.2, 1.2), (0.2, 1.6), 0.3, 0.5),
)
STATIONS = ("table", "counter", "bin")


def room(*things: ObjectState, stand: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Embodiment:
    """A robot at ``stand`` among things."""
    return fake_mobile_embodiment(things, REGIONS, STATIONS, stand)
