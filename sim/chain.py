"""A serial arm's geometry in numpy: forward kinematics and Jacobians for many joint vectors at once.

The chain is read from the robot's model file, so it agrees with the physics to about 1e-7 m; it costs no physics
call and, other than the physics' own forward kinematics, it is smooth enough to differentiate.
"""

from __future__ import annotations

import functools
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass

import numpy as np

from sim.model_files import arm_file
from sim.robots import RobotConfig, RobotConfigError
from sim.urdf import numbers, origin_matrix
from skills.base import Stand
from skills.types import Array, Pose, RobotSpec


@dataclass(eq=False)
class Chain:
    """``origins`` (D, 4, 4): from one joint's moved frame to the next joint's rest frame; frames are turned so that
    every joint turns about their z axis, whatever its axis in the model file. ``base`` (4, 4): the world pose of the
    foot, set anew when the robot drives; ``tail`` (4, 4): from the last joint to the tool."""

    base: Array
    origins: Array
    tail: Array

    @property
    def size(self) -> int:
        """Number of joints D."""
        return len(self.origins)

    @functools.cached_property
    def numbers(self) -> tuple[list[list[list[float]]], list[list[float]]]:
        """``origins`` and ``tail`` as plain numbers, their upper three rows."""
        return self.origins[:, :3].tolist(), self.tail[:3].tolist()

    def frames(self, q: Array) -> Array:
        """World frames of all joints and the tool, (N, D + 1, 4, 4), for joint positions (N, D) [rad]."""
        q = np.atleast_2d(np.asarray(q, float))
        n, d = q.shape
        cos, sin = np.cos(q)[..., None], np.sin(q)[..., None]
        o = self.origins
        local = np.empty((n, d, 4, 4))
        local[..., 0] = cos * o[..., 0] + sin * o[..., 1]
        local[..., 1] = cos * o[..., 1] - sin * o[..., 0]
        local[..., 2:] = o[..., 2:]
        out = np.empty((n, d + 1, 4, 4))
        current = self.base @ local[:, 0]
        out[:, 0] = current
        for i in range(1, d):
            current = current @ local[:, i]
            out[:, i] = current
        out[:, d] = current @ self.tail
        return out

    def tool(self, q: Array) -> Array:
        """World frames of the tool, (N, 4, 4)."""
        return self.frames(q)[:, -1]

    def local_tool(self, q: Array) -> Array:
        """(4, 4) the tool seen from the foot, of one joint vector (D,)."""
        return np.asarray(np.linalg.inv(self.base) @ self.tool(q)[0])

    def pose(self, q: Array) -> Pose:
        """pose_world_tool of one joint vector (D,)."""
        return Pose.from_matrix(self.tool(q)[0])

    @staticmethod
    def jacobian(frames: Array) -> Array:
        """Geometric Jacobian (N, 6, D) from `frames`: linear rows first, world frame."""
        axes = frames[:, :-1, :3, 2]
        arms = frames[:, -1:, :3, 3] - frames[:, :-1, :3, 3]
        out = np.empty((len(frames), 6, axes.shape[1]))
        for i, j, k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):  # the cross product, spelled out: numpy's own is slow here
            out[:, i] = axes[..., j] * arms[..., k] - axes[..., k] * arms[..., j]
        out[:, 3:] = axes.transpose(0, 2, 1)
        return out


def read_chain(config: RobotConfig, base: Pose) -> Chain:
    """The chain of a robot from its foot (at ``base``) to its tool; raises RobotConfigError when a joint does not turn
    or does not lead to the tool."""
    root = ElementTree.parse(arm_file(config)).getroot()
    joints = {j.find("child").get("link"): j for j in root.iter("joint") if j.find("child") is not None}  # type: ignore[union-attr]
    path = []
    link: str | None = config.tool_link
    while link in joints:
        joint = joints[link]
        path.append(joint)
        parent = joint.find("parent")
        link = parent.get("link") if parent is not None else None
    path.reverse()
    names: list[str] = []
    origins: list[Array] = []
    pending = np.eye(4)
    for joint in path:
        name = str(joint.get("name"))
        pending = pending @ origin_matrix(joint)
        if name in config.spec.joint_names:
            if joint.get("type") not in ("revolute", "continuous"):
                raise RobotConfigError(
                    f"robot {config.source!r}: joint {name} is {joint.get('type')}; only joints that turn are supported"
                )
            turned = _onto_z(joint)
            names.append(name)
            origins.append(pending @ turned)
            pending = turned.T
    if tuple(names) != config.spec.joint_names:
        wanted = ", ".join(config.spec.joint_names)
        raise RobotConfigError(
            f"robot {config.source!r}: joint_names must be those between foot and {config.tool_link}, in that order: "
            f"{', '.join(names) or 'none'} are, not {wanted}"
        )
    return Chain(base.matrix(), np.stack(origins), pending)


def _onto_z(joint: ElementTree.Element) -> Array:
    """(4, 4) a pure rotation that takes z to the joint's axis."""
    element = joint.find("axis")
    axis = np.array([1.0, 0.0, 0.0] if element is None else numbers(element.get("xyz")))
    axis = axis / np.linalg.norm(axis)
    m = np.eye(4)
    if axis[2] > 1 - 1e-12:
        return m
    side = np.array([1.0, 0.0, 0.0]) if abs(axis[0]) < 0.9 else np.array([0.0, 1.0, 0.0])
    x = side - axis * (side @ axis)
    x /= np.linalg.norm(x)
    m[:3, 0], m[:3, 1], m[:3, 2] = x, np.cross(axis, x), axis
    return m


def base_matrices(stands: Array) -> Array:
    """(N, 4, 4) world poses of a base at (N, 3) x, y [m], yaw [rad]."""
    cos, sin = np.cos(stands[:, 2]), np.sin(stands[:, 2])
    out = np.tile(np.eye(4), (len(stands), 1, 1))
    out[:, 0, 0], out[:, 0, 1], out[:, 1, 0], out[:, 1, 1] = cos, -sin, sin, cos
    out[:, :2, 3] = stands[:, :2]
    return out


def mount_matrix(spec: RobotSpec, stand: Stand) -> Array:
    """(4, 4) world pose of the arm's foot on a base that drives."""
    assert spec.base is not None
    foot = np.eye(4)
    foot[:3, 3] = spec.base.mount
    return np.asarray(base_matrices(np.array([stand], float))[0] @ foot)
