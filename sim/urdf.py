"""What several readers of robot models (URDF) need: numbers, and the poses that ``<origin>`` elements say."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree

import numpy as np

from skills.types import Array


def numbers(text: str | None) -> list[float]:
    """The three numbers of an attribute, zeros where it is missing."""
    return [float(x) for x in (text or "0 0 0").split()]


def origin_matrix(element: ElementTree.Element) -> Array:
    """(4, 4) the pose that the ``<origin>`` of a joint, link part or picture says; the identity without one."""
    origin = element.find("origin")
    m = np.eye(4)
    if origin is None:
        return m
    roll, pitch, yaw = numbers(origin.get("rpy"))
    cr, sr, cp, sp, cy, sy = (f(a) for a in (roll, pitch, yaw) for f in (math.cos, math.sin))
    m[:3, :3] = [
        [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
        [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
        [-sp, cp * sr, cp * cr],
    ]
    m[:3, 3] = numbers(origin.get("xyz"))
    return m
