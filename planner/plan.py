"""The values that travel through one attempt: request -> proposals -> decision.

Kept free of torch and of any model so that the loop, the episode file and the tests can import it cheaply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from envs.goals import Goal
from skills.driver import Embodiment
from skills.failure import Failure
from skills.library import SkillLibrary
from skills.skill import Affordance, GroundSkill
from skills.state import State
from skills.symbols import GroundAtom, Literal
from skills.types import Observation


@dataclass(frozen=True)
class Past:
    """One earlier attempt, as the next proposal may read it."""

    steps: tuple[str, ...]  # what was tried, in words of the operators
    done: int  # how many of them were verified
    failure: Failure | None


@dataclass(frozen=True)
class Move:
    """A thing that an earlier instruction moved: the fact about where it was, and where it was put.

    Facts are direct ones (``in``, ``on``, ``at`` the smallest place, ``holding``); None where it was not seen.
    """

    thing: str
    before: GroundAtom | None
    after: GroundAtom | None


@dataclass(frozen=True)
class Done:
    """An earlier instruction of the same conversation. ``ended``: the verdict in a word ("reached", "refused" ...)."""

    instruction: str
    moved: tuple[Move, ...] = ()
    ended: str = "reached"


@dataclass(frozen=True)
class Context:
    """What is known besides the instruction. ``notes``: lines of a note or a manual, which can neither order nor
    permit a step by themselves; ``history``: earlier instructions, oldest first; ``aliases``: (other name, place)."""

    notes: tuple[str, ...] = ()
    history: tuple[Done, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()


NO_CONTEXT = Context()


@dataclass(frozen=True)
class Request:
    """Everything that a proposer and the grounding may use. ``goal``: given from outside, else None.

    ``dialogue``: (question, answer) pairs so far in this episode; ``context``: what came before and what is noted.
    """

    instruction: str
    observation: Observation
    state: State
    library: SkillLibrary
    past: tuple[Past, ...] = ()
    dialogue: tuple[tuple[str, str], ...] = ()
    goal: Goal | None = None
    context: Context = NO_CONTEXT


@dataclass(frozen=True)
class Proposal:
    """One candidate. Log-probabilities are natural logs; ``*_tokens`` make them length-fair."""

    goal: tuple[Literal, ...]
    steps: tuple[GroundSkill, ...]
    goal_score: float = 0.0  # length-fair log-probability of the goal, calibrated where the proposer does so
    step_scores: tuple[float, ...] = ()  # one per step, length-fair
    source: str = "lm"
    parts: Mapping[str, float] = field(default_factory=dict)  # what the goal's score is made of, by name


class Proposer(Protocol):
    """Says candidates for a request; the best first."""

    @property
    def name(self) -> str:
        """For reports."""

    def propose(self, request: Request, k: int) -> list[Proposal]:
        """At most ``k`` distinct proposals. May be empty: then nothing sayable fits."""


@dataclass(frozen=True)
class PlanStep:
    """One step that will be executed, with the scores that chose it."""

    skill: GroundSkill
    lm_score: float | None  # None: the model did not say it
    affordance: Affordance
    combined: float
    source: str  # "lm" or "repair" or "search"


@dataclass(frozen=True)
class Plan:
    """Steps that reach the goal in the symbolic walk from the present state."""

    goal: Goal
    steps: tuple[PlanStep, ...]
    repaired: bool  # search had to add, drop or reorder steps
    proposal: int | None  # index of the proposal it came from
    score: float


@dataclass(frozen=True)
class Act:
    """Carry this plan out."""

    plan: Plan


@dataclass(frozen=True)
class Ask:
    """Ask the person before moving. ``options``: possible answers, if they can be listed."""

    question: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refuse:
    """Do not act; ``failure`` says why."""

    failure: Failure


Decision = Act | Ask | Refuse


@dataclass(frozen=True)
class Scored:
    """One row of the table a person sees: a proposal and how grounding judged it."""

    proposal: Proposal
    lm_score: float
    affordance: float
    combined: float
    verdict: str  # "chosen", "reaches the goal", "repaired", "precondition of step 2 ...", ...


@dataclass(frozen=True)
class ToolCall:
    """A deterministic helper that was called: its name, what it was given, what it said (plain data)."""

    name: str
    arguments: Mapping[str, Any]
    result: Any


@dataclass(frozen=True)
class Grounded:
    """The decision and how it came about. ``confidence``: the calibrated probability that the decision is right,
    None where nothing was fitted; ``tools``: the helpers that were called on the way."""

    decision: Decision
    table: tuple[Scored, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)  # e.g. words that were corrected
    confidence: float | None = None
    tools: tuple[ToolCall, ...] = ()


class Grounder(Protocol):
    """Turns proposals into a decision."""

    def ground(self, request: Request, proposals: list[Proposal], body: Embodiment) -> Grounded:
        """Judge the proposals against the present state and the robot's affordances."""
