"""A robot arm in a physics client: joints by name, motors with feed-forward, a geared two-finger gripper."""

from __future__ import annotations

from collections.abc import Sequence

from sim.client import Client
from sim.mobile import BASE_JOINTS, CHASSIS, model_of
from sim.model_files import arm_file
from sim.robots import RobotConfig, RobotConfigError
from skills.base import Stand
from skills.types import Pose

ROBOT = "robot"
LEFT, RIGHT = "gripper left finger", "gripper right finger"
BASE_GAIN = 0.3
GEAR_FORCE = 100.0  # [N] what the coupling between the fingers may transmit
TOUCHING = (1, -1)  # group and mask of links that meet everything (the default of PyBullet)


class Arm:
    """The robot's body. ``q`` (D,) [rad] in the order of ``spec.joint_names``; widths between the pads [m].

    Motors keep their last targets, so a command is sent only when it changes. ``thinking``: for collision
    checks alone, without the finger gearing.
    """

    def __init__(self, client: Client, config: RobotConfig, base: Pose, thinking: bool = False) -> None:
        self.client, self.config, self.spec = client, config, config.spec
        # slides count from the world's origin
        on_floor = Pose((0.0, 0.0, base.position[2])) if config.chassis else base
        flags = client.URDF_USE_SELF_COLLISION | client.URDF_USE_SELF_COLLISION_EXCLUDE_PARENT if thinking else 0
        flags |= client.URDF_USE_IMPLICIT_CYLINDER  # else a cylinder becomes a mesh whose points cannot be asked for
        try:
            body = client.loadURDF(
                model_of(config, arm_file(config)),
                basePosition=on_floor.position,
                baseOrientation=on_floor.orientation,
                useFixedBase=True,
                flags=flags,
            )
        except client.error as error:
            raise RobotConfigError(
                f"robot {config.source!r}: the physics cannot load {config.urdf}: {error}"
            ) from error
        self.body: int = client.register(ROBOT, body)
        joints: dict[str, int] = {}
        links: dict[str, int] = {}
        for i in range(client.getNumJoints(self.body)):
            info = client.getJointInfo(self.body, i)
            joints[info[1].decode()] = i
            links[info[12].decode()] = i
        self.joints = [joints[n] for n in self.spec.joint_names]
        self.fingers = [joints[n] for n in config.finger_joints]
        self.tool, self.hand = links[config.tool_link], links[config.hand_link]
        self.base_joints = [joints[n] for n in BASE_JOINTS] if config.chassis else []
        self.chassis = links[CHASSIS] if config.chassis else -1
        self._stands: tuple[float, ...] | None = None
        self._forces = list(config.effort)
        self._gains = [config.position_gain] * len(self.joints)
        self._damping = [config.velocity_gain] * len(self.joints)
        self._sent: tuple[float, ...] | None = None
        self._grip: tuple[float, float] | None = None
        self._share = 1.0
        self._thinking = thinking
        self._anchored = False
        if not thinking:
            self._couple()
        if self.base_joints:
            self.reset_base((base.position[0], base.position[1], base.yaw))
        self.reset(self.spec.home, self.spec.gripper_range[1])

    @property
    def moving(self) -> list[int]:
        """Every joint that can move: the base's, the arm's, the fingers'."""
        return [*self.base_joints, *self.joints, *self.fingers]

    def _couple(self) -> None:
        """The gearing of the real hand: the fingers mirror each other. It holds no object."""
        c = self.client
        gear = c.createConstraint(
            self.body, self.fingers[0], self.body, self.fingers[1], c.JOINT_GEAR, [1, 0, 0], [0, 0, 0], [0, 0, 0]
        )
        c.changeConstraint(gear, gearRatio=-1, erp=0.1, maxForce=GEAR_FORCE)
        for link in self.fingers:
            c.changeDynamics(self.body, link, lateralFriction=1.0, spinningFriction=0.1)
        self._anchor(True)

    def _anchor(self, on: bool) -> None:
        """Points of contact of the fingers stay where they are while they stick: what is held does not creep. On
        fingers that open they must go: points that were once touched would hold on to what is let go."""
        self._anchored = on
        for link in self.fingers:
            self.client.changeDynamics(self.body, link, frictionAnchor=int(on))
            if not on:  # the points of now go too, by a new entry in the broad phase: else they stay until they slide
                self.client.setCollisionFilterGroupMask(self.body, link, *TOUCHING)

    def reset(self, q: Sequence[float], width: float) -> None:
        """Put joints and fingers somewhere at rest (only when a world is built)."""
        for joint, value in zip(self.joints, q, strict=True):
            self.client.resetJointState(self.body, joint, float(value), 0.0)
        for joint in self.fingers:
            self.client.resetJointState(self.body, joint, width / 2, 0.0)
        self._sent = self._grip = None
        self.command(q, [0.0] * len(self.joints))
        self.grip(width, self.spec.gripper_force[0])

    def reset_base(self, stand: Stand) -> None:
        """Put the base somewhere at rest (only when a world is built)."""
        for joint, value in zip(self.base_joints, stand, strict=True):
            self.client.resetJointState(self.body, joint, float(value), 0.0)
        self._stands = None
        self.drive(stand, (0.0, 0.0, 0.0))

    def drive(self, stand: Sequence[float], velocity: Sequence[float]) -> None:
        """Motor targets of the base: pose (x, y, yaw) and the velocity that leads there."""
        key = (*stand, *velocity)
        if key == self._stands:
            return
        self._stands = key
        assert self.config.chassis is not None
        c = self.client
        c.setJointMotorControlArray(
            self.body,
            self.base_joints,
            c.POSITION_CONTROL,
            targetPositions=list(stand),
            targetVelocities=list(velocity),
            forces=list(self.config.chassis.effort),
            positionGains=[BASE_GAIN] * 3,
            velocityGains=[1.0] * 3,
        )

    def base_state(self) -> tuple[Stand, Stand] | None:
        """(pose, velocity) of the base as measured, None for an arm that stands still."""
        if not self.base_joints:
            return None
        x, y, yaw = self.client.getJointStates(self.body, self.base_joints)
        return (x[0], y[0], yaw[0]), (x[1], y[1], yaw[1])

    @property
    def base_targets(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """The last commanded (pose, velocity) of the base."""
        assert self._stands is not None
        return self._stands[:3], self._stands[3:]

    def command(self, q: Sequence[float], dq: Sequence[float]) -> None:
        """Motor targets: positions and the velocities that lead there (feed-forward)."""
        key = (*q, *dq)
        if key == self._sent:
            return
        self._sent = key
        c = self.client
        c.setJointMotorControlArray(
            self.body,
            self.joints,
            c.POSITION_CONTROL,
            targetPositions=q,
            targetVelocities=dq,
            forces=self._forces,
            positionGains=self._gains,
            velocityGains=self._damping,
        )

    def grip(self, width: float, force: float) -> None:
        """Finger motor targets: ``width`` between the pads, at most ``force`` [N] per finger."""
        if (width, force) == self._grip:
            return
        opens = self._grip is not None and width > self._grip[0]
        if not self._thinking and opens == self._anchored:
            self._anchor(not opens)
        self._grip = (width, force)
        self._send_grip()

    def weaken(self, share: float) -> None:
        """A fault: the fingers press with this share of the commanded force only; 1.0 ends it."""
        self._share = share
        if self._grip is not None:
            self._send_grip()

    def _send_grip(self) -> None:
        assert self._grip is not None
        width, force = self._grip[0], self._grip[1] * self._share
        c = self.client
        c.setJointMotorControlArray(
            self.body,
            self.fingers,
            c.POSITION_CONTROL,
            targetPositions=[width / 2, width / 2],
            targetVelocities=[0.0, 0.0],
            forces=[force, force],
            positionGains=[0.3, 0.3],
            velocityGains=[1.0, 1.0],
        )

    @property
    def commanded(self) -> tuple[float, ...]:
        """The last commanded joint positions (D,)."""
        assert self._sent is not None
        return self._sent[: len(self.joints)]

    @property
    def targets(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """The last commanded (q, dq)."""
        assert self._sent is not None
        n = len(self.joints)
        return self._sent[:n], self._sent[n:]

    @property
    def gripping(self) -> tuple[float, float]:
        """The last commanded (width [m], force [N]) of the fingers."""
        assert self._grip is not None
        return self._grip

    def state(self) -> tuple[tuple[float, ...], tuple[float, ...], float, float]:
        """(q, dq, width [m], finger speed [m/s]) as measured."""
        rows = self.client.getJointStates(self.body, self.joints + self.fingers)
        n = len(self.joints)
        q, dq = tuple(r[0] for r in rows[:n]), tuple(r[1] for r in rows[:n])
        return q, dq, rows[n][0] + rows[n + 1][0], rows[n][1] + rows[n + 1][1]

    def pose_world_tool(self) -> Pose:
        """Where the point between the pads is, measured."""
        row = self.client.getLinkState(self.body, self.tool, computeForwardKinematics=1)
        return Pose.of(row[4], row[5])

    def part(self, link: int) -> str:
        """What a link is called in contacts."""
        if link == self.fingers[0]:
            return LEFT
        return RIGHT if link == self.fingers[1] else ROBOT
