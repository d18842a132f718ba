"""A skill: an operator (what it needs and changes), an affordance (can it be done here?) and a controller.

A controller is a generator of commands. It does not decide whether it succeeded: predicates do, from a
fresh observation. It runs on any robot, since it speaks to `Kinematics` and yields `Command`s only.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field

from skills.driver import GripperResult, Kinematics, MotionResult
from skills.failure import Failure
from skills.symbols import GroundOperator, Operator
from skills.types import Observation, Trajectory


@dataclass(frozen=True, eq=False)
class Follow:
    """Run a joint trajectory. ``until_contact``: end (well) when the tool feels a contact."""

    trajectory: Trajectory
    why: str
    until_contact: bool = False


@dataclass(frozen=True)
class Grip:
    """Move the fingers: width [m], force [N]."""

    width: float
    force: float
    why: str


@dataclass(frozen=True)
class Settle:
    """Let things come to rest: wait until nothing moves, at most ``ticks`` control ticks."""

    ticks: int
    why: str = "let things settle"


@dataclass(frozen=True, eq=False)
class Drive:
    """Run a timed path of the base (over `skills.base.AXES`), the arm at rest."""

    path: Trajectory
    why: str


@dataclass(frozen=True)
class Look:
    """Look in every direction, standing still for ``ticks`` control ticks."""

    ticks: int
    why: str = "look around"


Command = Follow | Grip | Settle | Drive | Look


@dataclass(frozen=True, eq=False)
class Outcome:
    """What came of the last command, with an observation made right after it."""

    observation: Observation
    motion: MotionResult | None = None
    grip: GripperResult | None = None


# A controller yields commands, receives outcomes, and returns None or the failure that ended it early.
Controller = Generator[Command, Outcome, Failure | None]


@dataclass(frozen=True)
class Affordance:
    """How well a ground skill can be done now. ``value`` in [0, 1]; ``factors`` explain it by name."""

    value: float
    factors: dict[str, float] = field(default_factory=dict)
    reason: str = ""  # why it is low, one line

    def __post_init__(self) -> None:
        if not 0.0 <= self.value <= 1.0:
            raise ValueError(f"an affordance lies in [0, 1], got {self.value}")


@dataclass(frozen=True)
class Skill:
    """Something the robot can do. ``max_ticks``: the controller's budget in control ticks."""

    operator: Operator
    affordance: Callable[[Observation, Kinematics, tuple[str, ...]], Affordance]
    controller: Callable[[Observation, Kinematics, tuple[str, ...]], Controller]
    max_ticks: int = 3000

    @property
    def name(self) -> str:
        """The operator's name."""
        return self.operator.name


@dataclass(frozen=True)
class GroundSkill:
    """A skill with objects in its parameters' places: one step of a plan."""

    skill: Skill
    args: tuple[str, ...]

    @property
    def operator(self) -> GroundOperator:
        """The ground operator."""
        return self.skill.operator.bind(self.args)

    def __str__(self) -> str:
        return f"{self.skill.name}({', '.join(self.args)})"
