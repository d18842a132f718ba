"""Who takes part in a run: body, proposer, grounder, skills, listener, the person, and what carries steps out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from planner.events import Listener
from planner.plan import Context, Grounder, Proposer
from skills.driver import Embodiment
from skills.executor import StepReport, execute
from skills.library import SkillLibrary
from skills.predicates import symbolic_state
from skills.skill import GroundSkill
from skills.state import State
from skills.types import Observation

Answer = Callable[[str, tuple[str, ...]], str | None]
Usage = Callable[[], Mapping[str, float]]


class Execute(Protocol):
    """What carries one step out, such as `skills.executor.execute`."""

    def __call__(self, step: GroundSkill, body: Embodiment, *, step_index: int | None = None) -> StepReport:
        """Run it; every trouble of the robot becomes a failure in the report."""


def nobody(question: str, options: tuple[str, ...]) -> str | None:
    """The `Answer` of an empty room."""
    return None


@dataclass(frozen=True)
class Parts:
    """Who does what. ``clock`` [s] and ``usage`` (the model's counters in this run) are for the record only;
    ``context``: what is known besides the instruction."""

    body: Embodiment
    proposer: Proposer
    grounder: Grounder
    library: SkillLibrary
    events: Listener
    ask: Answer = nobody
    execute: Execute = execute
    sense: Callable[[Observation], State] = symbolic_state
    clock: Callable[[], float] = time.perf_counter
    usage: Usage = dict
    context: Context = field(default_factory=Context)
