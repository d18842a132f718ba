"""Robot descriptions read from ``configs/robots/*.yaml`` into typed models."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from sim.finger_boxes import FingerBox, parse_finger_boxes
from sim.grippers import FINGERS, HAND, TOOL, ParallelGripper, parse_gripper
from sim.mounts import CameraMount, parse_mounts
from skills.base import BaseSpec
from skills.types import RobotSpec, Vec3


class RobotConfigError(ValueError):
    """An unknown robot or a robot file that cannot be used; the message names the choices."""


@dataclass(frozen=True)
class Chassis:
    """The body of a base that drives: an upright cylinder up to the arm's foot. ``mass`` [kg]; ``effort``: motor force
    limits along x, along y [N], turning [N m]."""

    mass: float
    effort: tuple[float, float, float]


@dataclass(frozen=True)
class RobotConfig:
    """A simulated robot: what it promises (`spec`) and how its model is driven.

    ``effort``: motor force limits [N m]; ``finger_joints``: left, right; gains as the position motors take them;
    ``chassis``: of a robot that drives; ``cameras``: depth cameras that it carries; ``gripper``: put on an arm whose
    model has none; ``finger_boxes``: touched instead of the meshes of its fingers; ``foot``: where an arm
    that stands still is bolted down, seen from where a scene puts robots [m]; ``source``: the name or file it was read
    from; ``folder``: of the file that names the model.
    """

    spec: RobotSpec
    urdf: str
    tool_link: str
    hand_link: str
    finger_joints: tuple[str, str]
    effort: tuple[float, ...]
    position_gain: float
    velocity_gain: float
    chassis: Chassis | None = None
    cameras: tuple[CameraMount, ...] = ()
    gripper: ParallelGripper | None = None
    finger_boxes: tuple[FingerBox, ...] = ()
    foot: Vec3 = (0.0, 0.0, 0.0)
    source: str = ""
    folder: Path | None = None


_OWN = ("urdf", "tool_link", "hand_link", "finger_joints", "effort", "position_gain", "velocity_gain")
_SPEC = tuple(f.name for f in fields(RobotSpec) if f.name not in ("simulated", "base"))
_BASE = ("base_velocity", "base_acceleration", "base_mount", "base_radius", "base_mass", "base_effort")
_REACH = "base_reach"  # may be left out
_EYES, _GRIPPER, _FOOT, _BOXES = "cameras", "gripper", "foot", "finger_boxes"
LIKE = "like"  # the robot whose values hold where a file says nothing


def robot_names() -> tuple[str, ...]:
    """Names of all robots that have a description."""
    folder = resources.files("configs").joinpath("robots")
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".yaml")))


def load_robot(name: str) -> RobotConfig:
    """A robot by its shipped name or by the path of its file; raises RobotConfigError listing what exists."""
    path = _path(name)
    return _load(path, name, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=64)
def _load(path: Path, name: str, _changed_ns: int) -> RobotConfig:
    row, folder = _row(path, name), path.parent
    if isinstance(row, Mapping) and LIKE in row:
        like = _path(str(row[LIKE]))
        other = _row(like, str(row[LIKE]))
        folder = folder if "urdf" in row else like.parent  # a model lies beside the file that names it
        if not isinstance(other, Mapping) or LIKE in other:
            raise RobotConfigError(f"robot {name!r} is like {row[LIKE]!r}, which is like another one: one step only")
        row = {**other, **{k: v for k, v in row.items() if k != LIKE}}
    return parse_robot(row, name, folder)


def _path(name: str) -> Path:
    """The file of a robot."""
    if name in robot_names():
        return Path(str(resources.files("configs").joinpath("robots", f"{name}.yaml")))
    path = Path(name)
    if path.suffix in (".yaml", ".yml") and path.is_file():
        return path.resolve()
    near = difflib.get_close_matches(name, robot_names(), 1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    raise RobotConfigError(f"no robot {name!r}{hint}; known: {', '.join(robot_names())}; or the path of a robot file")


def _row(path: Path, name: str) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise RobotConfigError(f"robot {name!r} is not YAML: {' '.join(str(error).split())}") from error


def parse_robot(row: Any, source: str, folder: Path | None = None) -> RobotConfig:
    """A robot from a mapping; unknown and missing keys are errors that name ``source`` and the key."""
    if not isinstance(row, Mapping):
        raise RobotConfigError(f"robot {source!r}: expected a mapping of keys, got {type(row).__name__}")
    known = {*_OWN, *_SPEC, *_BASE, _REACH, _EYES, _GRIPPER, _FOOT, _BOXES}
    for key in row:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, 1)
            remedy = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(known))}"
            raise RobotConfigError(f"robot {source!r}: unknown key {key!r}; {remedy}")
    gripper, row = _hand(row, source)
    needed = {*_OWN, "name", "joint_names", "lower", "upper", "max_velocity", "max_acceleration", "home"}
    missing = sorted(needed - set(row))
    if missing:
        raise RobotConfigError(f"robot {source!r}: missing key(s) {', '.join(missing)}")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    _check_numbers(values, source)
    values["capabilities"] = frozenset(values.get("capabilities", ()))
    if values.get("workspace") is not None:
        values["workspace"] = tuple(tuple(float(x) for x in corner) for corner in values["workspace"])
    base, chassis = _driving(values, source)
    try:
        spec = RobotSpec(**{k: values[k] for k in _SPEC if k in values}, simulated=True, base=base)
    except (TypeError, ValueError) as error:
        raise RobotConfigError(f"robot {source!r}: {error}") from error
    if len(values["effort"]) != len(spec.joint_names) or len(values["finger_joints"]) != 2:
        raise RobotConfigError(f"robot {source!r}: one effort per joint and two finger joints are needed")
    try:
        cameras = parse_mounts(row.get(_EYES, {}))
        boxes = parse_finger_boxes(row[_BOXES]) if row.get(_BOXES) and gripper is None else ()
    except ValueError as error:
        raise RobotConfigError(f"robot {source!r}: {error}") from error
    own = {k: values[k] for k in _OWN}
    foot = values.get(_FOOT, (0.0, 0.0, 0.0))
    return RobotConfig(
        spec, **own, chassis=chassis, cameras=cameras, gripper=gripper, finger_boxes=boxes, foot=foot, source=source,
        folder=folder,
    )  # fmt: skip


def _hand(row: Mapping[str, Any], source: str) -> tuple[ParallelGripper | None, Mapping[str, Any]]:
    """The gripper to be put on, and the row with what follows from it."""
    if row.get(_GRIPPER) is None:
        return None, row
    try:
        gripper = parse_gripper(row[_GRIPPER])
    except ValueError as error:
        raise RobotConfigError(f"robot {source!r}: {error}") from error
    said = [k for k in ("tool_link", "hand_link", "finger_joints") if k in row]
    if said:
        raise RobotConfigError(
            f"robot {source!r}: {said[0]} and {_GRIPPER} exclude each other: the gripper brings its own"
        )
    brings = {
        "tool_link": TOOL,
        "hand_link": HAND,
        "finger_joints": list(FINGERS),
        "gripper_range": [0.0, gripper.stroke],
        "finger_depth": gripper.finger_depth,
        "pad": [gripper.finger[0], gripper.finger[0]],
    }
    return gripper, {**brings, **row}


def _check_numbers(values: Mapping[str, Any], source: str) -> None:
    """Lists of numbers must hold numbers, and every lower limit lie below its upper one, home in between."""
    numbers = ("lower", "upper", "max_velocity", "max_acceleration", "home", "effort", "gripper_range", _FOOT)
    for key in (k for k in numbers if k in values):
        row = values[key]
        if not isinstance(row, tuple) or not all(isinstance(x, int | float) and x == x for x in row):
            raise RobotConfigError(f"robot {source!r}: {key} is a list of numbers, not {row!r}")
    if len(values.get(_FOOT, (0, 0, 0))) != 3:
        raise RobotConfigError(f"robot {source!r}: {_FOOT} needs three numbers")
    names, lower, upper, home = (values[k] for k in ("joint_names", "lower", "upper", "home"))
    if len(names) == len(lower) == len(upper) == len(home):
        for name, low, high, rest in zip(names, lower, upper, home, strict=True):
            if not low < high:
                raise RobotConfigError(f"robot {source!r}: {name}: lower limit {low} is not below upper limit {high}")
            if not low <= rest <= high:
                raise RobotConfigError(f"robot {source!r}: {name}: home {rest} lies outside its limits [{low}, {high}]")


def _driving(values: Mapping[str, Any], source: str) -> tuple[BaseSpec | None, Chassis | None]:
    """The base of a robot that drives: all of its keys or none."""
    said = [k for k in _BASE if k in values]
    if not said:
        return None, None
    missing = [k for k in _BASE if k not in values]
    if missing:
        raise RobotConfigError(f"robot {source!r}: a base that drives also needs {', '.join(missing)}")
    threes = ("base_velocity", "base_acceleration", "base_mount", "base_effort", _REACH)
    wrong = [k for k in threes if k in values and len(values[k]) != 3]
    if wrong:
        raise RobotConfigError(f"robot {source!r}: {wrong[0]} needs three numbers")
    try:
        base = BaseSpec(
            values["base_velocity"], values["base_acceleration"], float(values["base_radius"]), values["base_mount"],
            **({"reach": values[_REACH]} if _REACH in values else {}),
        )  # fmt: skip
    except (TypeError, ValueError) as error:
        raise RobotConfigError(f"robot {source!r}: {error}") from error
    return base, Chassis(float(values["base_mass"]), values["base_effort"])
