"""Depth cameras that a robot carries, as its description names them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skills.types import Vec3

PICTURE = (160, 120)  # pixels: enough for things of some centimetres within a metre
_VECTORS = ("eye", "target", "up")
_NUMBERS = ("fov", "far")


@dataclass(frozen=True)
class CameraMount:
    """A camera on a link of the robot. ``eye``, ``target``, ``up`` in the link's frame [m]; ``fov``: vertical opening
    [degrees]; ``far``: how far it sees [m]; ``pans``: how many evenly spaced directions a head that turns about ``up``
    takes in when it looks around, 1 for a camera that is fixed to its link."""

    name: str
    link: str
    eye: Vec3
    target: Vec3
    up: Vec3 = (0.0, 0.0, 1.0)
    fov: float = 50.0
    width: int = PICTURE[0]
    height: int = PICTURE[1]
    far: float = 6.0
    pans: int = 1


def parse_mounts(rows: Any) -> tuple[CameraMount, ...]:
    """Cameras from a mapping of names to rows; raises ValueError that names the camera and the key."""
    if not isinstance(rows, Mapping):
        raise ValueError(f"cameras: expected names with a row each, got {rows!r}")
    return tuple(_mount(str(name), row) for name, row in rows.items())


def _mount(name: str, row: Any) -> CameraMount:
    known = tuple(f for f in CameraMount.__dataclass_fields__ if f != "name")
    if not isinstance(row, Mapping):
        raise ValueError(f"camera {name!r}: expected a mapping with {', '.join(known)}, got {row!r}")
    unknown = [k for k in row if k not in known]
    missing = [k for k in ("link", "eye", "target") if k not in row]
    if unknown or missing:
        what = f"unknown key {unknown[0]!r}; known: {', '.join(known)}" if unknown else f"it needs {missing[0]!r}"
        raise ValueError(f"camera {name!r}: {what}")
    values: dict[str, Any] = dict(row)
    try:
        for key in _VECTORS:
            if key in values:
                x, y, z = (float(v) for v in values[key])
                values[key] = (x, y, z)
        for key in _NUMBERS:
            if key in values:
                values[key] = float(values[key])
        for key in ("width", "height", "pans"):
            if key in values and (isinstance(values[key], bool) or not isinstance(values[key], int)):
                raise TypeError(f"{key} is a whole number, not {values[key]!r}")
    except (TypeError, ValueError) as error:
        raise ValueError(f"camera {name!r}: {error}") from error
    mount = CameraMount(name, **values)
    if not (5 < mount.fov < 150 and min(mount.width, mount.height) >= 16 and 1 <= mount.pans <= 36 and mount.far > 0.1):
        raise ValueError(f"camera {name!r}: need 5 < fov < 150, at least 16 pixels, 1 to 36 pans, far > 0.1")
    return mount
