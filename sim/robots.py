"""Robot descriptions read from ``configs/robots/*.yaml`` into typed models."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import resources
from typing import Any

import yaml

from sim.mounts import CameraMount, parse_mounts
from skills.base import BaseSpec
from skills.types import RobotSpec


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
    ``chassis``: of a robot that drives; ``cameras``: depth cameras that it carries.
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


_OWN = ("urdf", "tool_link", "hand_link", "finger_joints", "effort", "position_gain", "velocity_gain")
_SPEC = tuple(f.name for f in fields(RobotSpec) if f.name not in ("simulated", "base"))
_BASE = ("base_velocity", "base_acceleration", "base_mount", "base_radius", "base_mass", "base_effort")
_EYES = "cameras"
LIKE = "like"  # the robot whose values hold where a file says nothing


def robot_names() -> tuple[str, ...]:
    """Names of all robots that have a description."""
    folder = resources.files("configs").joinpath("robots")
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".yaml")))


@functools.cache
def load_robot(name: str) -> RobotConfig:
    """The description of a robot by name; raises RobotConfigError listing what exists."""
    row = _row(name)
    if isinstance(row, Mapping) and LIKE in row:
        other = _row(str(row[LIKE]))
        if LIKE in other:
            raise RobotConfigError(f"robot {name!r} is like {row[LIKE]!r}, which is like another one: one step only")
        row = {**other, **{k: v for k, v in row.items() if k != LIKE}}
    return parse_robot(row, name)


def _row(name: str) -> Any:
    if name not in robot_names():
        raise RobotConfigError(f"no robot {name!r}; known: {', '.join(robot_names())}")
    text = resources.files("configs").joinpath("robots", f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def parse_robot(row: Any, source: str) -> RobotConfig:
    """A robot from a mapping; unknown and missing keys are errors that name ``source`` and the key."""
    if not isinstance(row, Mapping):
        raise RobotConfigError(f"robot {source!r}: expected a mapping of keys, got {type(row).__name__}")
    known = {*_OWN, *_SPEC, *_BASE, _EYES}
    for key in row:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, 1)
            remedy = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(known))}"
            raise RobotConfigError(f"robot {source!r}: unknown key {key!r}; {remedy}")
    needed = {*_OWN, "name", "joint_names", "lower", "upper", "max_velocity", "max_acceleration", "home"}
    missing = sorted(needed - set(row))
    if missing:
        raise RobotConfigError(f"robot {source!r}: missing key(s) {', '.join(missing)}")
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
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
    except ValueError as error:
        raise RobotConfigError(f"robot {source!r}: {error}") from error
    return RobotConfig(spec, **{k: values[k] for k in _OWN}, chassis=chassis, cameras=cameras)


def _driving(values: Mapping[str, Any], source: str) -> tuple[BaseSpec | None, Chassis | None]:
    """The base of a robot that drives: all of its keys or none."""
    said = [k for k in _BASE if k in values]
    if not said:
        return None, None
    missing = [k for k in _BASE if k not in values]
    if missing:
        raise RobotConfigError(f"robot {source!r}: a base that drives also needs {', '.join(missing)}")
    wrong = [k for k in ("base_velocity", "base_acceleration", "base_mount", "base_effort") if len(values[k]) != 3]
    if wrong:
        raise RobotConfigError(f"robot {source!r}: {wrong[0]} needs three numbers")
    try:
        base = BaseSpec(
            values["base_velocity"], values["base_acceleration"], float(values["base_radius"]), values["base_mount"]
        )
    except (TypeError, ValueError) as error:
        raise RobotConfigError(f"robot {source!r}: {error}") from error
    return base, Chassis(float(values["base_mass"]), values["base_effort"])
