"""The model file (URDF) of a robot: found, checked, completed, and written where the physics can load it.

`arm_file` is the arm with its hand, from its foot on; `sim.mobile.model_of` puts a base under it. What is wrong with a
file is said here, before the physics sees it: that prints a line and carries on, or says only that it cannot load.
"""

from __future__ import annotations

import difflib
import functools
import importlib.metadata
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from pathlib import Path

from sim.finger_boxes import box_fingers
from sim.grippers import gripper_parts
from sim.robots import RobotConfig, RobotConfigError

SCHEME = "package://"
# what a package is called in model files: the distribution that brings it, and the folder within the distribution
PACKAGES = {"example-robot-data": ("example-robot-data", "cmeel.prefix/share/example-robot-data")}
EXTRA = "pip install 'groundplan[robots]'"
KEPT = ("link", "joint", "material")  # what of a file describes the robot itself
NOTHING = '<inertial><mass value="0"/><inertia ixx="0" ixy="0" ixz="0" iyy="0" iyz="0" izz="0"/></inertial>'
SHOWN = 6  # names listed in an error


def library_folder() -> Path:
    """The physics library's data folder."""
    import pybullet_data

    return Path(pybullet_data.getDataPath())


def package_folder(package: str) -> Path | None:
    """Where the files of a ``package://`` lie, None when the package is not installed or not known."""
    if package not in PACKAGES:
        return None
    distribution, inside = PACKAGES[package]
    try:
        folder = Path(str(importlib.metadata.distribution(distribution).locate_file(inside)))
    except importlib.metadata.PackageNotFoundError:
        return None
    return folder if folder.is_dir() else None


def source_file(config: RobotConfig) -> Path:
    """The file that ``urdf:`` names; raises RobotConfigError with the remedy when it is not there.

    ``package://NAME/...``: of an installed package; else a path beside the robot file, or in the physics library's
    data.
    """
    who, text = f"robot {config.source!r}", config.urdf
    if text.startswith(SCHEME):
        package, _, inside = text[len(SCHEME) :].partition("/")
        if package not in PACKAGES:
            raise RobotConfigError(f"{who}: no package {package!r} is known; known: {', '.join(PACKAGES)}")
        folder = package_folder(package)
        if folder is None:
            raise RobotConfigError(f"{who} needs the package {PACKAGES[package][0]}: {EXTRA}")
        tried = [folder / inside]
    else:
        tried = [library_folder() / text] if config.folder is None else [config.folder / text, library_folder() / text]
    for path in tried:
        if path.is_file():
            return path
    raise RobotConfigError(f"{who}: no model file {text!r}; looked for {' and '.join(map(str, tried))}")


def arm_file(config: RobotConfig) -> str:
    """Path of the model of the arm with its hand; raises RobotConfigError when robot file and model disagree."""
    return _arm_file(config)


@functools.cache
def _arm_file(config: RobotConfig) -> str:
    source = source_file(config)
    root = read_model(source, config.source)
    missing = missing_meshes(root, source)
    if missing:
        raise RobotConfigError(
            f"robot {config.source!r}: {len(missing)} mesh file(s) that {source.name} names are not there: "
            f"{listed(missing)}; put them there, or correct the filename in the model"
        )
    if config.gripper is None and not config.finger_boxes and library_folder() in source.parents:
        check_names(root, config)
        return str(source)  # as it is: made for this physics
    if config.gripper is not None:
        check_link(root, config.gripper.flange, "gripper: flange", config)
        root.extend(gripper_parts(config.gripper))
    check_names(root, config)
    if config.finger_boxes:
        box_fingers(root, config.finger_joints, config.finger_boxes)
    for element in [e for e in root if e.tag not in KEPT]:
        root.remove(element)
    for link in root.findall("link"):
        if link.find("inertial") is None:  # the physics would give it a kilogram
            link.append(ElementTree.fromstring(NOTHING))
    for mesh in root.iter("mesh"):
        mesh.set("filename", str(find_mesh(mesh.get("filename", ""), source)))
    return write_model(root, config.spec.name)


def read_model(path: Path, source: str) -> ElementTree.Element:
    """The model file's root element; raises RobotConfigError for what is no model."""
    try:
        root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    except (ElementTree.ParseError, UnicodeDecodeError, OSError) as error:
        raise RobotConfigError(f"robot {source!r}: {path.name} cannot be read as a model (URDF): {error}") from error
    if root.tag != "robot" or root.find("link") is None:
        raise RobotConfigError(f"robot {source!r}: {path.name} is no model (URDF): it holds <{root.tag}>, no <robot>")
    return root


@functools.cache
def model_folder() -> tempfile.TemporaryDirectory[str]:
    """A place for model files of this process; removed when it ends."""
    return tempfile.TemporaryDirectory(prefix="groundplan-models-")


def write_model(root: ElementTree.Element, name: str) -> str:
    """Write a model of this process; returns its path."""
    folder = Path(model_folder().name)
    path = folder / f"{''.join(c if c.isalnum() else '_' for c in name)}_{len(list(folder.iterdir()))}.urdf"
    path.write_text(ElementTree.tostring(root, encoding="unicode"), encoding="utf-8")
    return str(path)


def find_mesh(filename: str, model: Path) -> Path:
    """Where a mesh that a model file names lies, or would lie if it were there."""
    inside = filename.removeprefix("file://")
    if not inside.startswith(SCHEME):
        return model.parent / inside
    inside = inside[len(SCHEME) :]
    package, _, rest = inside.partition("/")
    folder = package_folder(package)
    if folder is not None:
        return folder / rest
    for parent in model.parents[:4]:  # as packages lie beside each other
        if (parent / inside).is_file():
            return parent / inside
    return model.parent / inside


def missing_meshes(root: ElementTree.Element, model: Path) -> list[str]:
    """The mesh files that a model names and that are not there."""
    names = dict.fromkeys(m.get("filename", "") for m in root.iter("mesh"))
    return [n for n in names if not find_mesh(n, model).is_file()]


def moving_joints(root: ElementTree.Element) -> list[str]:
    """Names of the joints of a model that can move."""
    return [str(j.get("name")) for j in root.findall("joint") if j.get("type") != "fixed"]


def check_names(root: ElementTree.Element, config: RobotConfig) -> None:
    """Every joint and link that the robot file names must be in its model; raises RobotConfigError with the choices."""
    moving = moving_joints(root)
    for key, names in (("joint_names", config.spec.joint_names), ("finger_joints", config.finger_joints)):
        for name in names:
            if name not in moving:
                raise RobotConfigError(
                    f"robot {config.source!r}: {key}: its model has no moving joint {name!r}{_near(name, moving)}; "
                    f"it has {listed(moving, 20)}"
                )
    check_link(root, config.tool_link, "tool_link", config)
    check_link(root, config.hand_link, "hand_link", config)
    for camera in config.cameras:
        if camera.link != "groundplan_chassis":
            check_link(root, camera.link, f"cameras: {camera.name}: link", config)


def check_link(root: ElementTree.Element, name: str, key: str, config: RobotConfig) -> None:
    """Raises RobotConfigError with the choices when a model has no such link."""
    links = [str(x.get("name")) for x in root.findall("link")]
    if name not in links:
        raise RobotConfigError(
            f"robot {config.source!r}: {key}: its model has no link {name!r}{_near(name, links)}; "
            f"it has {listed(links, 20)}"
        )


def _near(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), 1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def listed(names: Iterable[str], most: int = SHOWN) -> str:
    """The first names, and how many more there are."""
    all_names = list(names)
    more = f" and {len(all_names) - most} more" if len(all_names) > most else ""
    return ", ".join(all_names[:most]) + more
