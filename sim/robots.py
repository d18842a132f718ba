"""Robot descriptions read from ``configs/robots/*.yaml`` into typed models."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import resources
from typing import Any

import yaml

from skills.types import RobotSpec


class RobotConfigError(ValueError):
    """An unknown robot or a robot file that cannot be used; the message names the choices."""


@dataclass(frozen=True)
class RobotConfig:
    """A simulated robot: what it promises (`spec`) and how its model is driven.

    ``effort``: motor force limits [N m]; ``finger_joints``: left, right; gains as the position motors take them.
    """

    spec: RobotSpec
    urdf: str
    tool_link: str
    hand_link: str
    finger_joints: tuple[str, str]
    effort: tuple[float, ...]
    position_gain: float
    velocity_gain: float


_OWN = ("urdf", "tool_link", "hand_link", "finger_joints", "effort", "position_gain", "velocity_gain")
_SPEC = tuple(f.name for f in fields(RobotSpec) if f.name != "simulated")


def robot_names() -> tuple[str, ...]:
    """Names of all robots that have a description."""
    folder = resources.files("configs").joinpath("robots")
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".yaml")))


@functools.cache
def load_robot(name: str) -> RobotConfig:
    """The description of a robot by name; raises RobotConfigError listing what exists."""
    if name not in robot_names():
        raise RobotConfigError(f"no robot {name!r}; known: {', '.join(robot_names())}")
    text = resources.files("configs").joinpath("robots", f"{name}.yaml").read_text(encoding="utf-8")
    return parse_robot(yaml.safe_load(text), name)


def parse_robot(row: Any, source: str) -> RobotConfig:
    """A robot from a mapping; unknown and missing keys are errors that name ``source`` and the key."""
    if not isinstance(row, Mapping):
        raise RobotConfigError(f"robot {source!r}: expected a mapping of keys, got {type(row).__name__}")
    known = set(_OWN) | set(_SPEC)
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
    try:
        spec = RobotSpec(**{k: values[k] for k in _SPEC if k in values}, simulated=True)
    except (TypeError, ValueError) as error:
        raise RobotConfigError(f"robot {source!r}: {error}") from error
    if len(values["effort"]) != len(spec.joint_names) or len(values["finger_joints"]) != 2:
        raise RobotConfigError(f"robot {source!r}: one effort per joint and two finger joints are needed")
    return RobotConfig(spec, **{k: values[k] for k in _OWN})
