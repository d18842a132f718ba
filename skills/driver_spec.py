"""Whether what a driver says of itself and of its state makes sense, in words for whoever wrote it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from skills.driver import DriverError
from skills.types import Mode, RobotSpec, RobotState

FARTHEST = 6.5 * math.pi  # [rad or m] no joint has wider limits, unless they are degrees
WIDEST = 1.0  # [m] no gripper opens wider, unless it is millimetres
BEYOND = 0.02  # [m] a measured width may lie outside of the promised range


def spec_faults(spec: RobotSpec) -> list[str]:
    """Everything that cannot be right about a spec; empty when all is well."""
    found = []
    if not isinstance(spec.name, str) or not spec.name.strip():
        found.append("it has no name")
    if not spec.joint_names:
        return [*found, "it has no joints"]
    if len(set(spec.joint_names)) != len(spec.joint_names):
        found.append(f"joint names repeat: {', '.join(spec.joint_names)}")
    for i, name in enumerate(spec.joint_names):
        found += _joint(name, *(values[i] for values in (spec.lower, spec.home, spec.upper, spec.max_velocity,
                                                         spec.max_acceleration)))  # fmt: skip
    low, high = spec.gripper_range
    if not (_finite((low, high)) and 0 <= low < high):
        found.append(f"gripper range {low}..{high} m: 0 or more, rising")
    elif high > WIDEST:
        found.append(f"gripper range {low}..{high} m: metres are wanted")
    if not (_finite((spec.gripper_speed,)) and spec.gripper_speed > 0):
        found.append(f"gripper speed {spec.gripper_speed} m/s: above 0")
    if not (_finite(spec.gripper_force) and 0 <= spec.gripper_force[0] <= spec.gripper_force[1]):
        found.append(f"gripper force {spec.gripper_force} N: 0 or more, rising")
    if not (_finite((spec.rate,)) and 1 <= spec.rate <= 2000):
        found.append(f"rate {spec.rate} control ticks per second: 1 to 2000")
    if not (_finite((spec.payload,)) and spec.payload > 0):
        found.append(f"payload {spec.payload} kg: above 0")
    return found


def _joint(name: str, low: float, home: float, high: float, speed: float, gain: float) -> list[str]:
    if not _finite((low, home, high, speed, gain)):
        return [f"joint {name}: limits, home, velocity and acceleration have to be finite numbers"]
    if not low < high:
        return [f"joint {name}: lower {low} is not below upper {high}"]
    found = []
    if not low <= home <= high:
        found.append(f"joint {name}: home {home} is outside {low}..{high}")
    if max(-low, high) > FARTHEST:
        found.append(f"joint {name}: limits {low}..{high}: radians and metres are wanted")
    if speed <= 0 or gain <= 0:
        found.append(f"joint {name}: velocity limit {speed} and acceleration limit {gain} have to be above 0")
    return found


def sound_state(spec: RobotSpec, state: RobotState) -> RobotState:
    """The state with plain numbers; raises DriverError for one that a robot of this spec cannot have."""
    n = len(spec.joint_names)
    for what, values in (("positions", state.q), ("velocities", state.dq)):
        if len(values) != n:
            raise DriverError(f"{spec.name} reports {len(values)} joint {what}, it described {n} joints")
    if not isinstance(state.mode, Mode):
        raise DriverError(
            f"{spec.name} reports the mode {state.mode!r}, which is none of {', '.join(m.value for m in Mode)}"
        )
    if not _finite((*state.q, *state.dq, state.gripper_width, state.stamp)):
        raise DriverError(
            f"{spec.name} reports numbers that are not finite: q={state.q}, dq={state.dq}, "
            f"width={state.gripper_width}, stamp={state.stamp}"
        )
    if not spec.gripper_range[0] - BEYOND <= state.gripper_width <= spec.gripper_range[1] + BEYOND:
        raise DriverError(
            f"{spec.name} reports a gripper width of {state.gripper_width:g} m, it described "
            f"{spec.gripper_range[0]:g}..{spec.gripper_range[1]:g} m"
        )
    if spec.base is not None and (state.base is None or not _finite(state.base)):
        raise DriverError(f"{spec.name} drives, but reports no place of its base (x, y, yaw): {state.base}")
    if isinstance(state.q, tuple) and isinstance(state.dq, tuple):
        return state
    return replace(state, q=tuple(map(float, state.q)), dq=tuple(map(float, state.dq)))


def _finite(values: Iterable[float]) -> bool:
    try:
        return all(math.isfinite(v) for v in values)
    except TypeError:
        return False
