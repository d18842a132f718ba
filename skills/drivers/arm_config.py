"""The part of a configuration that describes an arm of any make: its joints, limits and fingers."""

from __future__ import annotations

from dataclasses import dataclass

from skills.driver_config import ConfigError
from skills.types import RobotSpec

RATE = 60.0  # control ticks per second, what budgets count

Corner = tuple[float, float, float]


@dataclass(frozen=True)
class ArmConfig:
    """``joint_names`` in the planner's order; ``lower``, ``upper``, ``home`` [rad]; ``max_velocity`` [rad/s];
    ``max_acceleration`` [rad/s^2]; ``gripper_range`` [m] between the pads; ``gripper_speed`` [m/s]; ``gripper_force``
    [N]; ``finger_depth`` [m] from the pads' centre to the palm; ``payload`` [kg]; ``workspace``: two corners of the box
    for the tool, seen from the foot [m]."""

    joint_names: tuple[str, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    max_velocity: tuple[float, ...]
    max_acceleration: tuple[float, ...]
    home: tuple[float, ...]
    gripper_range: tuple[float, float] = (0.0, 0.08)
    gripper_speed: float = 0.1
    gripper_force: tuple[float, float] = (5.0, 70.0)
    finger_depth: float = 0.042
    payload: float = 1.0
    workspace: tuple[Corner, Corner] | None = None

    def __post_init__(self) -> None:
        n = len(self.joint_names)
        for key in ("lower", "upper", "max_velocity", "max_acceleration", "home"):
            if len(getattr(self, key)) != n:
                raise ConfigError(f"{key}: {len(getattr(self, key))} values for {n} joints")
        for name, low, high in zip(self.joint_names, self.lower, self.upper, strict=True):
            if not low < high:
                raise ConfigError(f"joint {name}: lower {low} is not below upper {high}")
            if high - low > 30:
                raise ConfigError(f"joint {name}: {low}..{high} cannot be radians; degrees?")

    def spec(self, name: str, simulated: bool, *capabilities: str) -> RobotSpec:
        """What a driver with this arm promises."""
        return RobotSpec(
            name=name,
            joint_names=self.joint_names,
            lower=self.lower,
            upper=self.upper,
            max_velocity=self.max_velocity,
            max_acceleration=self.max_acceleration,
            home=self.home,
            gripper_range=self.gripper_range,
            gripper_speed=self.gripper_speed,
            gripper_force=self.gripper_force,
            finger_depth=self.finger_depth,
            payload=self.payload,
            workspace=self.workspace,
            rate=RATE,
            simulated=simulated,
            capabilities=frozenset(capabilities),
        )
