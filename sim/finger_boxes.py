"""Boxes in place of the meshes of a gripper's fingers.

The hull of a finger's mesh is round where the finger is flat: between it and a wall or a block there are one or two
points of contact, which wander, and things stay behind on a finger that lets go. A box has a flat pad and corners.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim.urdf import origin_matrix
from skills.types import Vec3


@dataclass(frozen=True)
class FingerBox:
    """A box that is touched instead of a finger's mesh: ``size``: full extents, ``centre`` [m], in the mesh's frame."""

    size: Vec3
    centre: Vec3


def parse_finger_boxes(rows: Any) -> tuple[FingerBox, ...]:
    """Boxes from rows of six numbers: size, then centre; raises ValueError."""
    try:
        boxes = [FingerBox((a, b, c), (x, y, z)) for a, b, c, x, y, z in (map(float, row) for row in rows)]
    except (TypeError, ValueError) as error:
        raise ValueError(f"finger_boxes: expected rows of six numbers (size, then centre), got {rows!r}") from error
    if not boxes or not all(0 < s < 0.3 for b in boxes for s in b.size):
        raise ValueError(f"finger_boxes: sizes are positive metres below 0.3, got {rows!r}")
    return tuple(boxes)


def box_fingers(root: ElementTree.Element, joints: Iterable[str], boxes: tuple[FingerBox, ...]) -> None:
    """Put boxes in the place of the collision meshes of the links that ``joints`` of a model move."""
    children = {j.get("name"): j.find("child") for j in root.findall("joint")}
    moved = [c.get("link") for c in (children[j] for j in joints) if c is not None]
    for link in root.findall("link"):
        if link.get("name") in moved:
            _box_finger(link, boxes)


def _box_finger(link: ElementTree.Element, boxes: tuple[FingerBox, ...]) -> None:
    meshes = link.findall("collision")
    frame = origin_matrix(meshes[0] if meshes else link)
    origin = meshes[0].find("origin") if meshes else None
    turn = "0 0 0" if origin is None else origin.get("rpy", "0 0 0")
    for old in meshes:
        link.remove(old)
    for box in boxes:
        at = " ".join(f"{v:.9g}" for v in frame[:3, :3] @ box.centre + frame[:3, 3])
        size = " ".join(f"{v:.9g}" for v in box.size)
        link.append(
            ElementTree.fromstring(
                f'<collision><origin rpy="{turn}" xyz="{at}"/><geometry><box size="{size}"/></geometry></collision>'
            )
        )
