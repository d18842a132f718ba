"""A two-finger gripper of our own for arms whose model files end at a bare flange: box fingers on two slides.

Measures are those of common electric parallel grippers (stroke 85 mm). As on the Panda's hand the fingers are geared
and the tool point lies `TIP` above their ends, so skills need not know which hand it is.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from skills.types import Vec3

TIP = 0.007  # [m] from the tool point to the finger tips
HAND, TOOL = "groundplan_hand", "groundplan_tool"
FINGERS = ("groundplan_left_finger_joint", "groundplan_right_finger_joint")
FINGER_MASS = 0.1  # [kg]
DARK, LIGHT, RUBBER = "0.17 0.18 0.20 1", "0.62 0.64 0.67 1", "0.10 0.10 0.11 1"


@dataclass(frozen=True)
class ParallelGripper:
    """What is put on a flange.

    ``flange``: a link of the arm whose z axis points outwards; ``turn`` [rad]: about that axis before it is bolted on,
    ``offset`` [m] along it (where the link's frame lies inside its casting); ``stroke`` [m]: between the open pads;
    ``palm``: size along x, along y (the way the fingers close), outwards [m]; ``finger``: breadth, thickness, length
    [m]; ``mass`` [kg]: of the hand without fingers.
    """

    flange: str
    turn: float = 0.0
    offset: float = 0.0
    stroke: float = 0.085
    palm: Vec3 = (0.062, 0.150, 0.080)
    finger: Vec3 = (0.022, 0.012, 0.050)
    mass: float = 0.8

    def __post_init__(self) -> None:
        sizes = (self.stroke, self.mass, *self.palm, *self.finger)
        if not all(0 < s < 2 for s in sizes):
            raise ValueError(f"gripper: sizes are positive metres and kilograms, got {sizes}")
        if self.stroke + 2 * self.finger[1] > self.palm[1] + 0.02:
            raise ValueError(f"gripper: fingers open {self.stroke} m wide do not fit on a palm of {self.palm[1]} m")

    @property
    def finger_depth(self) -> float:
        """From the tool point up to the palm [m]."""
        return self.finger[2] - TIP

    @property
    def reach(self) -> float:
        """From the flange to the tool point [m]."""
        return self.palm[2] + self.finger_depth


def parse_gripper(row: Any) -> ParallelGripper:
    """A gripper from a mapping; raises ValueError that names the key."""
    known = [f.name for f in fields(ParallelGripper)]
    if not isinstance(row, Mapping) or "flange" not in row:
        raise ValueError(f"gripper: expected a mapping with flange and, if wanted, {', '.join(known[1:])}; got {row!r}")
    unknown = [k for k in row if k not in known]
    if unknown:
        raise ValueError(f"gripper: unknown key {unknown[0]!r}; known: {', '.join(known)}")
    values: dict[str, Any] = {"flange": str(row["flange"])}
    try:
        for key in ("turn", "offset", "stroke", "mass"):
            if key in row:
                values[key] = float(row[key])
        for key in ("palm", "finger"):
            if key in row:
                x, y, z = (float(v) for v in row[key])
                values[key] = (x, y, z)
    except (TypeError, ValueError) as error:
        raise ValueError(f"gripper: {error}") from error
    return ParallelGripper(**values)


def gripper_parts(gripper: ParallelGripper) -> list[ElementTree.Element]:
    """Links and joints to append to the model file of an arm."""
    g = gripper
    px, py, pz = g.palm
    middle = f"0 0 {pz / 2}"
    hand = (
        f'<link name="{HAND}"><inertial><origin xyz="{middle}"/><mass value="{g.mass}"/>{_INERTIA}</inertial>'
        + _box("collision", (px, py, pz), middle)
        + _box("visual", (px, 0.7 * py, pz * 0.5), f"0 0 {pz * 0.25}", DARK)
        + _box("visual", (px, py, pz * 0.5), f"0 0 {pz * 0.75}", LIGHT)
        + "</link>"
    )
    texts = [
        hand,
        f'<joint name="groundplan_flange" type="fixed"><origin rpy="0 0 {g.turn}" xyz="0 0 {g.offset}"/>'
        f'<parent link="{g.flange}"/><child link="{HAND}"/></joint>',
        *_finger(g, FINGERS[0], 1.0),
        *_finger(g, FINGERS[1], -1.0),
        f'<link name="{TOOL}"><inertial><mass value="0"/>{_INERTIA}</inertial></link>',
        f'<joint name="groundplan_tool_joint" type="fixed"><origin xyz="0 0 {g.reach}"/><parent link="{HAND}"/>'
        f'<child link="{TOOL}"/></joint>',
    ]
    return [ElementTree.fromstring(t) for t in texts]


_INERTIA = '<inertia ixx="0.001" ixy="0" ixz="0" iyy="0.001" iyz="0" izz="0.001"/>'


def _finger(g: ParallelGripper, joint: str, side: float) -> tuple[str, str]:
    wide, thick, long = g.finger
    link = joint.replace("_joint", "")
    centre = f"0 {side * thick / 2} {long / 2}"
    pad = 0.3 * thick  # the rubber at the tip that is seen; the finger is one box to the touch
    body = (
        f'<link name="{link}"><inertial><origin xyz="{centre}"/><mass value="{FINGER_MASS}"/>{_INERTIA}</inertial>'
        + _box("collision", (wide, thick, long), centre)
        + _box("visual", (wide, thick - pad, long), f"0 {side * (thick + pad) / 2} {long / 2}", DARK)
        + _box("visual", (wide, pad, 0.6 * long), f"0 {side * pad / 2} {0.7 * long}", RUBBER)
        + "</link>"
    )
    slide = (
        f'<joint name="{joint}" type="prismatic"><origin xyz="0 0 {g.palm[2]}"/><parent link="{HAND}"/>'
        f'<child link="{link}"/><axis xyz="0 {side} 0"/>'
        f'<limit lower="0" upper="{g.stroke / 2}" effort="100" velocity="0.2"/></joint>'
    )
    return body, slide


def _box(what: str, size: Vec3, at: str, rgba: str | None = None) -> str:
    look = f'<material name="{rgba.replace(" ", "_")}"><color rgba="{rgba}"/></material>' if rgba else ""
    x, y, z = size
    return f'<{what}><origin xyz="{at}"/><geometry><box size="{x} {y} {z}"/></geometry>{look}</{what}>'
