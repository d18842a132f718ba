"""An arm on a base that drives: the arm's model file with a base put under it, by an edit of the XML.

World link, two slides (x, y), a turn (yaw), an upright cylinder, and on it the arm's own root, fixed. The arm's links
and joints keep their names. Physical contact of the chassis with furniture is real; wheels are not simulated: three
motors move the base, as wheel controllers would.
"""

from __future__ import annotations

import functools
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from sim.model_files import find_mesh, write_model
from sim.robots import RobotConfig

BASE_JOINTS = ("groundplan_base_x", "groundplan_base_y", "groundplan_base_yaw")
CHASSIS = "groundplan_chassis"
CLEARANCE = 0.02  # [m] between floor and chassis
PLATE = 0.02  # [m] thickness of the plate under the arm
SLIDER_MASS = 1.0  # [kg] of the links between the slides: without any the solver is badly conditioned
RANGE = 50.0  # [m]
DARK, LIGHT = "0.22 0.24 0.27 1", "0.87 0.88 0.90 1"


@functools.cache
def mobile_model(arm_file: str, name: str, radius: float, height: float, mount_x: float, mass: float) -> str:
    """Path of a model file of the arm on a base; ``height`` [m] of the arm's foot above the floor."""
    root = ElementTree.parse(arm_file).getroot()
    for mesh in root.iter("mesh"):
        mesh.set("filename", str(find_mesh(mesh.get("filename", ""), Path(arm_file))))
    children = {j.find("child").get("link") for j in root.iter("joint") if j.find("child") is not None}  # type: ignore[union-attr]
    arm_root = next(str(x.get("name")) for x in root.findall("link") if x.get("name") not in children)
    tall = height - CLEARANCE - PLATE
    links = [
        _slider("groundplan_world"),
        _slider("groundplan_slide_x"),
        _slider("groundplan_slide_y"),
        f'<link name="{CHASSIS}"><inertial><origin xyz="0 0 {0.3 * height}"/><mass value="{mass}"/>'
        f'<inertia ixx="3" ixy="0" ixz="0" iyy="3" iyz="0" izz="{0.5 * mass * radius**2}"/></inertial>'
        + _cylinder("visual", radius, 0.22, CLEARANCE + 0.11, DARK)
        + _cylinder("visual", 0.86 * radius, tall - 0.22, CLEARANCE + 0.22 + (tall - 0.22) / 2, LIGHT)
        + _cylinder("visual", 0.94 * radius, PLATE, height - PLATE / 2, DARK)
        + _cylinder("collision", radius, height - CLEARANCE, (height + CLEARANCE) / 2)
        + "</link>",
        _joint(BASE_JOINTS[0], "prismatic", "groundplan_world", "groundplan_slide_x", "1 0 0"),
        _joint(BASE_JOINTS[1], "prismatic", "groundplan_slide_x", "groundplan_slide_y", "0 1 0"),
        _joint(BASE_JOINTS[2], "continuous", "groundplan_slide_y", CHASSIS, "0 0 1"),
        f'<joint name="groundplan_mount" type="fixed"><origin xyz="{mount_x} 0 {height}"/>'
        f'<parent link="{CHASSIS}"/><child link="{arm_root}"/></joint>',
    ]
    for i, text in enumerate(links):
        root.insert(i, ElementTree.fromstring(text))
    return write_model(root, name)


def model_of(config: RobotConfig, arm_file: str) -> str:
    """The model file to load: the arm's own, or the arm on its base."""
    if config.spec.base is None or config.chassis is None:
        return arm_file
    x, _, z = config.spec.base.mount
    return mobile_model(arm_file, config.spec.name, config.spec.base.radius, z, x, config.chassis.mass)


def _slider(name: str) -> str:
    return (
        f'<link name="{name}"><inertial><mass value="{SLIDER_MASS}"/>'
        '<inertia ixx="0.1" ixy="0" ixz="0" iyy="0.1" iyz="0" izz="0.1"/></inertial></link>'
    )


def _cylinder(what: str, radius: float, length: float, z: float, rgba: str | None = None) -> str:
    look = f'<material name="c{z:.3f}"><color rgba="{rgba}"/></material>' if rgba else ""
    return (
        f'<{what}><origin xyz="0 0 {z}"/><geometry><cylinder radius="{radius}" length="{length}"/></geometry>'
        f"{look}</{what}>"
    )


def _joint(name: str, kind: str, parent: str, child: str, axis: str) -> str:
    return (
        f'<joint name="{name}" type="{kind}"><parent link="{parent}"/><child link="{child}"/><axis xyz="{axis}"/>'
        f'<limit lower="-{RANGE}" upper="{RANGE}" effort="5000" velocity="10"/></joint>'
    )
