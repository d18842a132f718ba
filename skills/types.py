"""Plain data that every room shares: poses, shapes, observations, trajectories, robot descriptions.

Conventions: SI units, radians, the world frame with z up, quaternions x-y-z-w. A name such as
``pose_world_tool`` reads "the tool's pose, seen from the world".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skills.base import BaseSpec, Stand
from skills.loose import Grains, Patch
from skills.mechanisms import Mechanism, Niche
from skills.region import Region as Region

Array = NDArray[np.float64]
Vec3 = tuple[float, float, float]
Quat = tuple[float, float, float, float]


@dataclass(frozen=True)
class Pose:
    """A rigid transform: position [m] and unit quaternion (x, y, z, w)."""

    position: Vec3 = (0.0, 0.0, 0.0)
    orientation: Quat = (0.0, 0.0, 0.0, 1.0)

    @staticmethod
    def of(position: Sequence[float] | Array, orientation: Sequence[float] | Array = (0, 0, 0, 1)) -> Pose:
        """Build from any sequences; the quaternion is normalised."""
        qx, qy, qz, qw = (float(v) for v in orientation)
        norm = math.sqrt(qx * qx + qy * qy + qz * qz + qw * qw)
        if not math.isfinite(norm) or norm < 1e-9:
            raise ValueError(f"not a rotation: quaternion {tuple(orientation)}")
        x, y, z = (float(v) for v in position)
        return Pose((x, y, z), (qx / norm, qy / norm, qz / norm, qw / norm))

    @staticmethod
    def from_yaw(position: Sequence[float] | Array, yaw: float) -> Pose:
        """Upright pose turned by ``yaw`` [rad] about the vertical."""
        return Pose.of(position, (0.0, 0.0, math.sin(yaw / 2), math.cos(yaw / 2)))

    @staticmethod
    def from_matrix(matrix: Array) -> Pose:
        """From a (4, 4) homogeneous matrix (Shepperd's method for the quaternion)."""
        m = np.asarray(matrix, float)
        r = m[:3, :3]
        diag = np.array([r[0, 0], r[1, 1], r[2, 2], np.trace(r)])
        i = int(np.argmax(diag))
        q = np.empty(4)
        if i == 3:
            q[:] = (r[2, 1] - r[1, 2], r[0, 2] - r[2, 0], r[1, 0] - r[0, 1], 1 + diag[3])
        else:
            j, k = (i + 1) % 3, (i + 2) % 3
            q[i] = 1 + r[i, i] - r[j, j] - r[k, k]
            q[j] = r[j, i] + r[i, j]
            q[k] = r[k, i] + r[i, k]
            q[3] = r[k, j] - r[j, k]
        return Pose.of(m[:3, 3], q)

    def rotation(self) -> Array:
        """The (3, 3) rotation matrix."""
        x, y, z, w = self.orientation
        return np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
            ]
        )

    def matrix(self) -> Array:
        """The (4, 4) homogeneous matrix."""
        m = np.eye(4)
        m[:3, :3] = self.rotation()
        m[:3, 3] = self.position
        return m

    def __matmul__(self, other: Pose) -> Pose:
        """Composition: ``pose_a_b @ pose_b_c == pose_a_c``."""
        ax, ay, az, aw = self.orientation
        bx, by, bz, bw = other.orientation
        q = (
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
            aw * bw - ax * bx - ay * by - az * bz,
        )
        px, py, pz = other.position  # turned by plain numbers: a pose at a time, numpy would take ten times as long
        tx, ty, tz = 2 * (ay * pz - az * py), 2 * (az * px - ax * pz), 2 * (ax * py - ay * px)
        x, y, z = self.position
        moved = (
            x + px + aw * tx + ay * tz - az * ty,
            y + py + aw * ty + az * tx - ax * tz,
            z + pz + aw * tz + ax * ty - ay * tx,
        )
        return Pose.of(moved, q)

    def inverse(self) -> Pose:
        """``pose_a_b.inverse() == pose_b_a``."""
        x, y, z, w = self.orientation
        back = Pose((0.0, 0.0, 0.0), (-x, -y, -z, w))
        px, py, pz = (float(v) for v in -back.apply(self.position))
        return Pose((px, py, pz), (-x, -y, -z, w))

    def apply(self, point: Sequence[float] | Array) -> Array:
        """Transform one point (3,) or many (N, 3)."""
        moved: Array = np.asarray(point, float) @ self.rotation().T + np.asarray(self.position)
        return moved

    @property
    def yaw(self) -> float:
        """Heading of the x axis in the horizontal plane [rad]."""
        x, y, z, w = self.orientation
        return math.atan2(2 * (x * y + z * w), 1 - 2 * (y * y + z * z))

    @property
    def tilt(self) -> float:
        """Angle between this frame's z axis and the vertical [rad], in [0, pi]."""
        x, y, _, _ = self.orientation
        return math.acos(max(-1.0, min(1.0, 1 - 2 * (x * x + y * y))))

    def moved(self, dx: float = 0.0, dy: float = 0.0, dz: float = 0.0) -> Pose:
        """Shifted in the parent frame by metres; the orientation stays."""
        x, y, z = self.position
        return replace(self, position=(x + dx, y + dy, z + dz))


class Form(str, Enum):
    """The geometric families that grasps and predicates understand."""

    BOX = "box"
    CYLINDER = "cylinder"
    SPHERE = "sphere"
    BOWL = "bowl"  # round, open at the top
    BIN = "bin"  # rectangular, open at the top


@dataclass(frozen=True)
class Shape:
    """A body's form. ``size``: full extents in the body frame [m]; the frame sits in the centre of the box
    that ``size`` spans. Cylinders, bowls stand along z. ``wall``: thickness of a hollow form [m]."""

    form: Form
    size: Vec3
    wall: float = 0.0

    def __post_init__(self) -> None:
        if not all(math.isfinite(s) and s > 0 for s in self.size):
            raise ValueError(f"sizes must be positive metres, got {self.size}")
        if self.hollow and not 0 < self.wall < min(self.size) / 2:
            raise ValueError(f"a {self.form.value} needs a wall between 0 and half its size, got {self.wall}")

    @property
    def hollow(self) -> bool:
        """Open at the top: things can lie in it."""
        return self.form in (Form.BOWL, Form.BIN)


@dataclass(frozen=True)
class ObjectState:
    """One thing as it is now (or was last seen). ``pose_world``: centre of its bounding box."""

    name: str
    kind: str  # "block", "bowl", "can", "apple", "receptacle", ...
    shape: Shape
    pose_world: Pose
    mass: float = 0.1  # [kg], an estimate on a real robot
    movable: bool = True
    colour: str | None = None
    soft: bool = False  # grasp gently
    seen_tick: int = 0  # control tick of the last sighting
    error: float = 0.0  # [m] to be expected of what it was seen by; 0: perception does not say
    joint: Mechanism | None = None  # of drawers, doors, lids, buttons, lamps: how it moves and where it is now
    grains: Grains | None = None  # of loose stuff: where its grains are
    patch: Patch | None = None  # of a spill: what of it is wiped up
    wipes: bool = False  # a sponge, a cloth: spills can be wiped up with it
    niche: Niche | None = None  # of a cabinet: where things can stand in it, behind its door

    @property
    def solid(self) -> bool:
        """A body of its own, that a hand or another thing can meet."""
        return self.grains is None and self.patch is None

    @property
    def container(self) -> bool:
        """Things can be put in it."""
        return self.shape.hollow or self.niche is not None

    def extents(self) -> Array:
        """(3,) full extents of the axis-aligned world box around the thing [m]."""
        r = np.abs(self.pose_world.rotation())
        if self.shape.form is Form.SPHERE:
            return np.asarray(self.shape.size, float)
        if self.shape.form in (Form.CYLINDER, Form.BOWL):  # a disc's shadow, not its square's
            radius, height = self.shape.size[0] / 2, self.shape.size[2]
            axis = self.pose_world.rotation()[:, 2]
            return 2 * radius * np.sqrt(np.clip(1 - axis**2, 0, 1)) + height * np.abs(axis)
        return np.asarray(r @ np.asarray(self.shape.size, float))

    @property
    def bottom_z(self) -> float:
        """Lowest world height [m]."""
        return float(self.pose_world.position[2] - self.extents()[2] / 2)

    @property
    def top_z(self) -> float:
        """Highest world height [m]."""
        return float(self.pose_world.position[2] + self.extents()[2] / 2)

    @property
    def upright(self) -> bool:
        """Its own z axis within 15 degrees of the vertical (a sphere always is)."""
        return self.shape.form is Form.SPHERE or self.pose_world.tilt < math.radians(15)


class Mode(str, Enum):
    """What a robot says of itself."""

    IDLE = "idle"
    MOVING = "moving"
    STOPPED = "stopped"  # by stop(); recover() leads back to idle
    PROTECTIVE = "protective"  # a limit or a collision stopped it
    EMERGENCY = "emergency"  # a person pressed the button
    DISCONNECTED = "disconnected"


@dataclass(frozen=True)
class RobotState:
    """One reading. ``tick``: control periods since connect; ``stamp``: the driver's clock [s]."""

    tick: int
    stamp: float
    q: tuple[float, ...]  # joint positions [rad or m]
    dq: tuple[float, ...]  # joint velocities
    gripper_width: float  # between the pads [m]
    holding: bool | None  # by width and stall; None: the driver cannot tell
    mode: Mode
    effort: float | None = None  # contact force felt at the tool [N], None: not measured
    base: Stand | None = None  # pose of a base that drives: x, y [m], yaw [rad] in the world
    base_velocity: Stand | None = None


@dataclass(frozen=True)
class RobotSpec:
    """What `describe()` promises, before any connection.

    Joint arrays have one entry per joint, in the order of ``joint_names``. ``pad``: finger pad
    width and height [m]; ``finger_depth``: from pad centre up to the palm [m].
    """

    name: str
    joint_names: tuple[str, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    max_velocity: tuple[float, ...]
    max_acceleration: tuple[float, ...]
    home: tuple[float, ...]
    gripper_range: tuple[float, float] = (0.0, 0.08)
    gripper_force: tuple[float, float] = (5.0, 70.0)  # [N]
    gripper_speed: float = 0.1  # [m/s]
    pad: tuple[float, float] = (0.02, 0.02)
    finger_depth: float = 0.045
    payload: float = 3.0  # [kg]
    rate: float = 60.0  # control ticks per second
    simulated: bool = False
    capabilities: frozenset[str] = frozenset()  # "recover", "effort", "base", ...
    workspace: tuple[Vec3, Vec3] | None = None  # box for the tool point, seen from the arm's foot [m]
    base: BaseSpec | None = None  # of a robot that drives

    def __post_init__(self) -> None:
        n = len(self.joint_names)
        for key in ("joint_names", "lower", "upper", "max_velocity", "max_acceleration", "home", "gripper_range"):
            object.__setattr__(self, key, tuple(getattr(self, key)))  # lists are as good
        for key in ("lower", "upper", "max_velocity", "max_acceleration", "home"):
            if len(getattr(self, key)) != n:
                raise ValueError(f"{self.name}: {key} has {len(getattr(self, key))} entries for {n} joints")


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A timed joint path. ``times`` (N,) [s] from 0, rising; ``positions``, ``velocities`` (N, D)."""

    joint_names: tuple[str, ...]
    times: Array
    positions: Array
    velocities: Array

    def __post_init__(self) -> None:
        n, d = len(self.times), len(self.joint_names)
        if n < 1 or self.positions.shape != (n, d) or self.velocities.shape != (n, d):
            raise ValueError(
                f"trajectory shapes disagree: times {self.times.shape}, positions {self.positions.shape}, "
                f"velocities {self.velocities.shape}, {d} joints"
            )

    @property
    def duration(self) -> float:
        """Seconds from the first to the last point."""
        return float(self.times[-1] - self.times[0])

    def sample(self, t: float) -> tuple[Array, Array]:
        """(q, dq) at time ``t`` [s], cubic Hermite between points, held beyond the ends."""
        if t >= self.times[-1]:
            return self.positions[-1].copy(), np.zeros(len(self.joint_names))
        if t <= self.times[0]:
            return self.positions[0].copy(), self.velocities[0].copy()
        i = int(np.searchsorted(self.times, t, side="right")) - 1
        h = float(self.times[i + 1] - self.times[i])
        s = (t - float(self.times[i])) / h
        p0, p1 = self.positions[i], self.positions[i + 1]
        v0, v1 = self.velocities[i] * h, self.velocities[i + 1] * h
        q = (2 * s**3 - 3 * s**2 + 1) * p0 + (s**3 - 2 * s**2 + s) * v0 + (3 * s**2 - 2 * s**3) * p1
        q += (s**3 - s**2) * v1
        dq = ((6 * s**2 - 6 * s) * (p0 - p1) + (3 * s**2 - 4 * s + 1) * v0 + (3 * s**2 - 2 * s) * v1) / h
        return q, dq


@dataclass(frozen=True)
class Observation:
    """What the planner may know at one moment: the robot's own reading and what perception reports. ``unseen``: things
    that may be around and whose place is not known; their poses mean nothing. ``blur``: how far the tool went while
    things were being perceived [m]: where that is not 0, tool and things are not of the same moment."""

    robot: RobotState
    pose_world_tool: Pose
    objects: Mapping[str, ObjectState]
    regions: Mapping[str, Region]
    robot_at: str | None = None  # the place a mobile robot stands at
    visited: frozenset[str] = frozenset()  # places stood at after the start
    stations: tuple[str, ...] = ()  # places that a mobile robot can stand at
    extra: Mapping[str, Any] = field(default_factory=dict)
    unseen: Mapping[str, ObjectState] = field(default_factory=dict)
    blur: float = 0.0

    @property
    def tick(self) -> int:
        """Control tick of this observation."""
        return self.robot.tick
