"""Ground truth of a simulated world: for judges, tests and the oracle perception; a planner never sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.arm import LEFT, RIGHT, ROBOT
from skills.types import Pose, Vec3

ROLLS = 0.02  # [m/s] grains that creep slower are at rest
Pair = tuple[str, str]  # in alphabetical order


@dataclass(frozen=True)
class Truth:
    """One moment. ``tick``: physics steps since the start. Poses and velocities of things in the world frame:
    ``poses`` (centre of the bounding box), ``velocities`` [m/s], ``spins`` [rad/s]. ``contacts``: summed normal
    force [N] of every touching pair; the hand's parts are called "gripper left finger", "gripper right finger"
    and "robot". Contacts of fixtures with the robot's own base are left out. ``loose_speed`` [m/s]: of the
    fastest grain of loose stuff."""

    tick: int
    poses: Mapping[str, Pose]
    velocities: Mapping[str, Vec3]
    spins: Mapping[str, Vec3]
    contacts: Mapping[Pair, float]
    gripper_width: float
    q: tuple[float, ...]
    dq: tuple[float, ...]
    pose_world_tool: Pose
    loose_speed: float = 0.0

    def force(self, a: str, b: str) -> float:
        """Normal force [N] between two named parts; 0.0 when they do not touch."""
        return self.contacts.get((a, b) if a <= b else (b, a), 0.0)

    def touching(self, name: str) -> dict[str, float]:
        """Everything that touches ``name``, with the normal force [N]."""
        return {b if a == name else a: f for (a, b), f in self.contacts.items() if name in (a, b)}

    def held(self) -> str | None:
        """The thing that both fingers press on; None when there is none."""
        left, right = self.touching(LEFT), self.touching(RIGHT)
        both = [n for n in left if n in right and n in self.poses and min(left[n], right[n]) > 0.0]
        return max(both, key=lambda n: (left[n] + right[n], n)) if both else None

    def supports(self, name: str) -> tuple[str, ...]:
        """What touches ``name``, except the robot, sorted."""
        return tuple(sorted(n for n in self.touching(name) if n not in (LEFT, RIGHT, ROBOT)))

    def still(self, speed: float = 0.005, spin: float = 0.1) -> bool:
        """Whether no thing moves faster than ``speed`` [m/s] or turns faster than ``spin`` [rad/s]."""
        slow = all(x * x + y * y + z * z < speed * speed for x, y, z in self.velocities.values())
        slow = slow and self.loose_speed < max(speed, ROLLS)
        return slow and all(x * x + y * y + z * z < spin * spin for x, y, z in self.spins.values())
