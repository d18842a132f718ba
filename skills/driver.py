"""The contract between the planner and a robot: small enough that UR, Franka, xArm, LeRobot and ROS all fit.

Four interfaces. `RobotDriver`: one robot, real or simulated. `Kinematics`: its geometry, thinking only, never
moving anything. `Perception`: what lies around. `Embodiment` ties them together; it is all that a loop sees.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import ClassVar, Protocol, cast, runtime_checkable

from skills.base import Stand, Whereabouts
from skills.boxes import Box
from skills.types import Array, Mode, ObjectState, Observation, Pose, Region, RobotSpec, RobotState, Trajectory


class DriverError(RuntimeError):
    """The robot or its link failed: not connected, limit refused, protective stop, lost link."""


class LinkLost(DriverError):
    """The robot no longer answers. Nothing more is sent to it until `RobotDriver.connect` opened the link again."""


class ConsentError(DriverError):
    """A robot that is not simulated was told to move without a person's explicit consent."""


class MotionCode(str, Enum):
    """How a motion ended."""

    OK = "ok"
    CANCELLED = "cancelled"
    PATH_TOLERANCE = "path_tolerance"
    GOAL_TOLERANCE = "goal_tolerance"
    LIMIT = "limit"
    PROTECTIVE_STOP = "protective_stop"
    LOST_LINK = "lost_link"


@dataclass(frozen=True)
class MotionResult:
    """The end of a motion. ``detail``: one line for a person."""

    code: MotionCode
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Ended where it should."""
        return self.code is MotionCode.OK


@dataclass(frozen=True)
class GripperResult:
    """Measured after a gripper command. ``width`` [m]; ``stalled``: something stopped the fingers."""

    width: float
    stalled: bool
    reached: bool


class Motion(ABC):
    """Handle of a running trajectory."""

    @abstractmethod
    def done(self) -> bool:
        """Whether it has ended, for whatever reason. Never blocks."""

    @abstractmethod
    def cancel(self) -> None:
        """End it early and hold still; harmless when it has ended."""

    @abstractmethod
    def result(self) -> MotionResult:
        """How it ended; raises DriverError while it runs."""


class RobotDriver(ABC):
    """One robot, real or simulated. SI units, radians, world frame.

    `stop` and `close` work in any state, twice, from any thread, with half the robot gone. Every other
    method raises DriverError when the robot is not connected, and LinkLost within 0.5 s when it stops answering.

    ``Config``: a frozen dataclass whose one value is the constructor's only argument, None for a driver without a
    configuration; `skills.driver_config.make_driver` reads it strictly from plain data.
    """

    Config: ClassVar[type | None] = None

    @abstractmethod
    def describe(self) -> RobotSpec:
        """Names, limits, rate, capabilities; works before `connect`."""

    @abstractmethod
    def connect(self) -> None:
        """Open the link; moves nothing."""

    @abstractmethod
    def close(self) -> None:
        """Stop, release the link."""

    @abstractmethod
    def read_state(self) -> RobotState:
        """The newest reading."""

    @abstractmethod
    def follow(self, trajectory: Trajectory) -> Motion:
        """Start a timed joint trajectory [rad, s]; returns at once."""

    def drive(self, path: Trajectory) -> Motion:
        """Start a timed path of a base that drives, over `skills.base.AXES` in the world; returns at once.

        A capability: robots with "base" in their spec's capabilities have it, all others refuse."""
        raise DriverError(f"{self.describe().name} has no base that drives")

    @abstractmethod
    def gripper(self, width: float, speed: float, force: float) -> GripperResult:
        """Move the fingers to ``width`` [m] at ``speed`` [m/s], pressing with at most ``force`` [N]; blocks."""

    @abstractmethod
    def wait(self, ticks: int = 1) -> None:
        """Let control periods pass: a real robot sleeps until then, a simulation steps its physics."""

    @abstractmethod
    def stop(self) -> None:
        """Hold still at once; the mode becomes STOPPED until `recover`."""

    @abstractmethod
    def recover(self) -> None:
        """Leave STOPPED or PROTECTIVE for IDLE; raises DriverError when a person must act first."""


@runtime_checkable
class Provokable(Protocol):
    """A driver whose robot can be put into a protective or emergency stop on purpose, by tests: simulated ones, and
    those with a simulated peer."""

    def enter(self, mode: Mode) -> None:
        """Do what a limit switch (PROTECTIVE) or a person's button (EMERGENCY) does; IDLE releases the button."""


@runtime_checkable
class Severable(Protocol):
    """A driver whose link can be cut on purpose, by tests."""

    def sever(self) -> None:
        """Do what a pulled cable does: nothing arrives any more, in either direction; says nothing to anybody."""


class NoMotion(str, Enum):
    """Why no motion was found; kept apart because the remedies differ."""

    IK_NONE = "no joint solution reaches the pose"
    LINE_NONE = "no straight line reaches the pose"
    PULL_NONE = "no continuous way follows the part on its joint"
    COLLISION = "the target itself is in collision"
    PATH_NONE = "no collision-free path was found"


@dataclass(frozen=True)
class MotionFailure:
    """A motion that was not found. ``obstacle``: what is in the way, if one thing is."""

    reason: NoMotion
    detail: str = ""
    obstacle: str | None = None


@dataclass(frozen=True)
class Held:
    """A thing in the gripper. ``pose_tool_object``: its centre seen from the tool."""

    name: str
    pose_tool_object: Pose


class Kinematics(Protocol):
    """A robot's geometry for thinking: never moves the robot.

    The tool frame sits between the finger pads; its z axis points out of the hand (down in a top grasp),
    the fingers close along its y axis. ``ignore`` names objects whose contact is wanted. All results are
    deterministic for equal inputs.
    """

    spec: RobotSpec

    @property
    def mount(self) -> Pose:
        """pose_world_foot: where the arm stands now; the workspace box is seen from here."""

    def sync(self, observation: Observation) -> None:
        """Take over the objects' poses for collision checks; clears what was held; fingers count as fully open."""

    def spread(self, width: float) -> None:
        """Think of fingers that are open by ``width`` [m], until the next `sync`: narrow places, such as the inside
        of a bowl, have no room for fully open ones."""

    def forward(self, q: Sequence[float] | Array) -> Pose:
        """pose_world_tool of joint positions ``q`` (D,)."""

    def solutions(self, pose_world_tool: Pose, near: Sequence[float] | Array, limit: int = 4) -> list[Array]:
        """Joint solutions (D,) within limits, nearest to ``near`` first; empty when none was found."""

    def obstacle(
        self, q: Sequence[float] | Array, held: Held | None = None, ignore: frozenset[str] = frozenset()
    ) -> str | None:
        """The name of something the robot (or what it holds) would touch at ``q``; None when free."""

    def transit(
        self,
        q_from: Sequence[float] | Array,
        q_to: Sequence[float] | Array,
        held: Held | None = None,
        ignore: frozenset[str] = frozenset(),
    ) -> Trajectory | MotionFailure:
        """A collision-free timed joint path."""

    def line(
        self,
        q_from: Sequence[float] | Array,
        pose_world_tool: Pose,
        speed: float,
        held: Held | None = None,
        ignore: frozenset[str] = frozenset(),
    ) -> Trajectory | MotionFailure:
        """A straight tool motion at ``speed`` [m/s], checked for collisions."""

    def through(
        self,
        q_from: Sequence[float] | Array,
        poses_world_tool: Sequence[Pose],
        speed: float,
        held: Held | None = None,
        ignore: frozenset[str] = frozenset(),
    ) -> Trajectory | MotionFailure:
        """One tool motion at ``speed`` [m/s] through the poses, straight in between: the arc of a door in small
        steps."""


class MobileKinematics(Kinematics, Protocol):
    """The geometry of an arm on a base that drives. `Kinematics.sync` takes over where the base stands, too."""

    def stand(self, base: Stand) -> None:
        """Think of the base standing here, until the next `sync`."""

    def standable(self, stands: Sequence[Stand], q: Sequence[float] | Array, held: Held | None = None) -> list[bool]:
        """Whether the robot, its arm at ``q``, could stand at each place without touching anything."""

    def route(
        self, start: Stand, goal: Stand, q: Sequence[float] | Array, held: Held | None = None
    ) -> Trajectory | MotionFailure:
        """A collision-free timed base path over `skills.base.AXES`, the arm resting at ``q`` all the way."""


@runtime_checkable
class Avoiding(Protocol):
    """Kinematics that plan around boxes; a guard can only refuse to enter them."""

    def avoid(self, boxes: Mapping[str, Box]) -> None:
        """Keep the whole arm, and what it holds, out of named boxes in the world, from now on."""


def mobile(kinematics: Kinematics) -> MobileKinematics | None:
    """The same kinematics if its robot drives, else None."""
    return None if kinematics.spec.base is None else cast(MobileKinematics, kinematics)


class Perception(Protocol):
    """Where a robot's knowledge of the things around it comes from."""

    name: str  # "oracle", "camera", ...: stated with every reported number

    def objects(self) -> Mapping[str, ObjectState]:
        """Everything known now, by name. May be noisy, late or incomplete."""


@runtime_checkable
class FeelingPerception(Perception, Protocol):
    """A perception that also wants the robot's own reading: where its hand is (and what it carries: a camera, a
    thing), and when a new picture is worth its time."""

    def feel(self, state: RobotState, pose_world_tool: Pose) -> None:
        """Called with every reading, before `objects`."""


@runtime_checkable
class SearchingPerception(FeelingPerception, Protocol):
    """A perception that knows what may be around, seen or not, and that can look when it is told to."""

    def unseen(self) -> Mapping[str, ObjectState]:
        """What may be around and is not known now, by name; poses mean nothing."""

    def look(self, state: RobotState, pose_world_tool: Pose, around: bool = False) -> None:
        """Look now; ``around``: in every direction that the cameras can take."""


@dataclass(frozen=True)
class Embodiment:
    """A robot in its surroundings: everything that the loop and the skills may touch. ``whereabouts``: knows the places
    that a robot that drives can stand at, and remembers where it was."""

    driver: RobotDriver
    kinematics: Kinematics
    perception: Perception
    regions: Mapping[str, Region]
    whereabouts: Whereabouts = field(default_factory=Whereabouts)

    def look_around(self) -> None:
        """Look in every direction, where perception can be told to; raises DriverError when the robot is silent."""
        if isinstance(self.perception, SearchingPerception):
            state = self.driver.read_state()
            driving = mobile(self.kinematics)
            if driving is not None and state.base is not None:
                driving.stand(state.base)
            self.perception.look(state, self.kinematics.forward(state.q), around=True)

    def observe(self) -> Observation:
        """A fresh observation, with the reading after perceiving, which may take long; raises DriverError."""
        state = self.driver.read_state()
        here, visited = None, frozenset[str]()
        driving = mobile(self.kinematics)
        if driving is not None and state.base is not None:
            driving.stand(state.base)
            here, visited = self.whereabouts.note(state.tick, state.base, state.base_velocity, self.regions)
        pose = self.kinematics.forward(state.q)
        if isinstance(self.perception, FeelingPerception):
            self.perception.feel(state, pose)
        unseen = dict(self.perception.unseen()) if isinstance(self.perception, SearchingPerception) else {}
        objects, blur = dict(self.perception.objects()), 0.0
        after = self.driver.read_state()
        if after.tick != state.tick and driving is None:
            before, state, pose = pose, after, self.kinematics.forward(after.q)
            blur = math.dist(before.position, pose.position)
        return Observation(
            state,
            pose,
            objects,
            dict(self.regions),
            robot_at=here,
            visited=visited,
            stations=self.whereabouts.stations,
            extra={"home": self.kinematics.spec.home},
            unseen=unseen,
            blur=blur,
        )
