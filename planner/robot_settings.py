"""What a laboratory says of its robot: which driver, its own options, consent, boxes, speed, calibration, objects.

The part ``robot`` of the settings, so one file serves ``groundplan run`` and ``groundplan driver check``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from skills.boxes import Box, Zones

SLOWEST = 0.05
Corners = tuple[tuple[float, float, float], tuple[float, float, float]]


@dataclass(frozen=True)
class RobotSettings:
    """``driver``: a driver's name or module:Class; ``options``: of the driver itself (its ``Config``); ``consent``: the
    exact words that let a robot move that is not simulated; ``model``: a robot of `configs/robots` whose geometry it
    has (default: the scene's); ``speed``: share of the usual speed; ``workspace``: two corners of the box that the tool
    stays in, seen from the arm's foot [m] (default: the robot's own); ``keep_out``: named boxes in the world that the
    robot never enters, two corners each [m]; ``payload``: heaviest thing it may lift [kg] (default: the robot's own);
    ``calibration``: a file of `groundplan driver calibrate`, for where the base stands and what cameras see;
    ``objects``: a file that says what lies where; ``perception``: eyes by entry point or module:Callable instead;
    ``attended``: a person is there who may let it go on after a protective stop (asked at the terminal)."""

    driver: str = "pybullet"
    options: Any = field(default_factory=dict)
    consent: str | None = None
    model: str | None = None
    speed: float = 1.0
    workspace: Corners | None = None
    keep_out: Any = field(default_factory=dict)
    payload: float | None = None
    calibration: str | None = None
    objects: str | None = None
    perception: str | None = None
    attended: bool = True

    def __post_init__(self) -> None:
        if not SLOWEST <= self.speed <= 1:
            raise ValueError(f"speed: a share from {SLOWEST} to 1, not {self.speed}")
        if self.payload is not None and not self.payload > 0:
            raise ValueError(f"payload: kilograms above 0, not {self.payload}")
        if not isinstance(self.options, Mapping):
            raise ValueError(f"options: keys and values of the driver's own, not {self.options!r}")
        if self.objects is not None and self.perception is not None:
            raise ValueError("objects and perception: one source of what lies around, not both")
        self.zones()

    def zones(self) -> Zones:
        """The boxes, checked; raises ValueError."""
        from skills.boxes import Zones

        if not isinstance(self.keep_out, Mapping):
            raise ValueError(f"keep_out: names with two corners each, not {self.keep_out!r}")
        own = None if self.workspace is None else _box("workspace", self.workspace)
        return Zones(own, {str(n): _box(f"keep_out.{n}", corners) for n, corners in self.keep_out.items()})


def _box(what: str, corners: Any) -> Box:
    from skills.boxes import Box

    try:
        low, high = (tuple(float(v) for v in corner) for corner in corners)
        if len(low) != 3 or len(high) != 3:
            raise ValueError("three numbers in each corner")
        return Box(low, high)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what}: wants two corners such as [[0.2, -0.4, 0.0], [0.7, 0.4, 0.8]] ({error})") from None
