"""What the loop tells while it works: one small value per thing that happened.

The loop prints nothing and writes nothing. A terminal view, an episode recorder or a test listens to this
stream. ``seconds`` fields are wall-clock and for people only: nothing may depend on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from envs.goals import Goal
from planner.plan import Grounded, PlanStep, Proposal
from skills.executor import StepReport
from skills.failure import Failure
from skills.skill import Affordance
from skills.state import State
from skills.symbols import Literal
from skills.types import Observation


class Status(str, Enum):
    """How a run ended."""

    REACHED = "reached"  # the goal was measured true, twice
    NOT_REACHED = "not reached"  # budgets spent, or no plan left
    ASKED = "asked"  # a question that nobody answered
    REFUSED = "refused"  # nothing was moved, for a reason
    DRIVER = "driver trouble"  # the robot or its link failed
    INTERRUPTED = "interrupted"  # a person stopped it


@dataclass(frozen=True)
class Started:
    """The run begins. ``goal``: given from outside, else None."""

    instruction: str
    goal: Goal | None


@dataclass(frozen=True)
class Observed:
    """What the robot sees before it thinks."""

    observation: Observation
    state: State


@dataclass(frozen=True)
class Proposed:
    """The proposer answered. ``usage``: the language model's counters since the run began, by name."""

    proposals: tuple[Proposal, ...]
    seconds: float
    usage: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Decided:
    """Grounding judged the proposals. ``fresh``: False when earlier proposals were judged again."""

    grounded: Grounded
    seconds: float
    fresh: bool = True


@dataclass(frozen=True)
class Asked:
    """The person was asked. ``answer``: None when nobody answered."""

    question: str
    options: tuple[str, ...]
    answer: str | None


@dataclass(frozen=True)
class StepSkipped:
    """A step of the plan is not needed any more: what it would bring about already holds."""

    index: int
    step: PlanStep


@dataclass(frozen=True)
class StepStarted:
    """A step is about to run. ``affordance``: recomputed from what is seen now."""

    index: int
    step: PlanStep
    affordance: Affordance


@dataclass(frozen=True)
class StepDone:
    """A step ended, well or not. ``failure`` carries the step's index; ``observation`` and ``state``: right after."""

    index: int
    step: PlanStep
    report: StepReport
    failure: Failure | None
    observation: Observation
    state: State
    seconds: float


@dataclass(frozen=True)
class Replanned:
    """The plan is given up or entered at another step. ``failure``: None when the world changed by itself."""

    reason: str
    failure: Failure | None = None


@dataclass(frozen=True)
class GoalChecked:
    """One measurement of the goal. ``settled``: the second one, after a pause."""

    goal: Goal
    unmet: tuple[Literal, ...]
    settled: bool
    observation: Observation
    state: State


@dataclass(frozen=True)
class Recovered:
    """The robot had stopped itself and is ready again."""

    detail: str


@dataclass(frozen=True)
class Verdict:
    """The end. ``failure``: the last one, when the goal was not reached; ``question``: when it was asked."""

    status: Status
    reason: str
    goal: Goal | None
    unmet: tuple[Literal, ...]
    failure: Failure | None
    question: str | None
    ticks: int


Event = (
    Started
    | Observed
    | Proposed
    | Decided
    | Asked
    | StepSkipped
    | StepStarted
    | StepDone
    | Replanned
    | GoalChecked
    | Recovered
    | Verdict
)
Listener = Callable[[Event], None]


def tell(*listeners: Listener) -> Listener:
    """One listener that passes every event on to all of these, in order."""

    def each(event: Event) -> None:
        for listener in listeners:
            listener(event)

    return each
