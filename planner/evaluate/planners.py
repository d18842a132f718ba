"""The planners that can be measured, by name. Each says what it is told and how much its skills do for it.

A planner is a class; anybody's own is named ``module:Class``. One object serves one worker; `players` gives the parts
for one episode. Whoever does not set ``sees_truth`` is never told the task's goal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from envs.goals import Goal
from envs.task import Task
from planner import loop
from planner.budget import Budget
from planner.events import Verdict
from planner.plan import Grounder, Proposer
from planner.session import Mind, open_mind
from planner.settings import Settings
from skills.driver import Embodiment
from skills.library import SkillLibrary, default_library
from skills.resolve import ResolveError, resolve, suggestion

GROUP = "groundplan.planners"
BUILT_IN = {
    "closed-loop": "planner.evaluate.planners:ClosedLoop",
    "words-only": "planner.evaluate.sources:WordsOnly",
    "whole-plan": "planner.evaluate.sources:WholePlan",
    "decomposed": "planner.evaluate.sources:Decomposed",
    "combined": "planner.evaluate.sources:Combined",
    "lm-affordance-open-loop": "planner.evaluate.saycan:LMAffordanceOpenLoop",
    "lm-only": "planner.evaluate.baselines:LMOnly",
    "affordance-only": "planner.evaluate.baselines:AffordanceOnly",
    "random-feasible": "planner.evaluate.baselines:RandomFeasible",
    "symbolic-oracle": "planner.evaluate.oracle:SymbolicOracle",
}
SKILLS = "pick, place_in, place_on, place_at, go_home: each finds its own grasp, spot and collision-free path"

Run = Callable[[str, loop.Parts, Goal | None, Budget | None], Verdict]


@dataclass(frozen=True)
class Truth:
    """What only an oracle is told: what is expected of it, and the goal that the judge will look at."""

    expect: str
    goal: Goal | None
    forbidden: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Episode:
    """One episode as a planner may know it. ``rng``: the same numbers for the same task and seed; ``truth``: None
    for everybody but oracles."""

    body: Embodiment
    rng: np.random.Generator
    truth: Truth | None = None


@dataclass(frozen=True)
class Players:
    """Who proposes, who decides, and which loop carries it out. ``goal``: given from outside, for oracles only."""

    proposer: Proposer
    grounder: Grounder
    run: Run = loop.run
    goal: Goal | None = None


class Planner(Protocol):
    """What an evaluation needs of a planner's class."""

    about: str  # one line: how it decides
    feedback: str  # one line: what it looks at while it works, and which of that is oracle knowledge
    skills: str  # how high its skills are
    uses_model: bool
    sees_truth: bool
    open_loop: bool  # for the record, and so that a replay carries the steps out in the same way

    def __init__(self, tools: Tools) -> None: ...

    def head(self) -> str:
        """The beginning that all its prompts share, warmed up once; "" without a language model."""

    def players(self, episode: Episode) -> Players:
        """The parts for one episode."""


@dataclass
class Tools:
    """What planners are built from; the language model is loaded when first asked for."""

    settings: Settings
    open: Callable[[Settings], Mind] = field(default=open_mind)

    @cached_property
    def mind(self) -> Mind:
        """The language model with its proposer and grounder, as ``groundplan run`` uses them."""
        return self.open(self.settings)

    @cached_property
    def library(self) -> SkillLibrary:
        """The robot's skills."""
        return default_library(plugins=True)


def find_planner(name: str) -> Any:
    """A planner's class by name, entry point or ``module:Class``; raises ResolveError naming the choices."""
    if name in BUILT_IN:
        return resolve(BUILT_IN[name], GROUP, type)
    if ":" not in name:
        from skills.resolve import available

        others = available(GROUP)
        if name not in others:
            known = [*BUILT_IN, *sorted(others)]
            raise ResolveError(
                f"no planner {name!r}{suggestion(name, known)}; known: {', '.join(known)}; or write module:Class"
            )
    found = resolve(name, GROUP, type)
    lacks = [a for a in ("about", "feedback", "skills", "uses_model", "players") if not hasattr(found, a)]
    if lacks:
        raise ResolveError(f"planner {name!r} lacks {', '.join(lacks)}; see planner.evaluate.planners.Planner")
    return found


def statement(planner: Any) -> dict[str, Any]:
    """What the report says about a planner."""
    return {
        "about": planner.about,
        "feedback": planner.feedback,
        "skills": planner.skills,
        "sees_truth": bool(getattr(planner, "sees_truth", False)),
        "open_loop": bool(getattr(planner, "open_loop", False)),
    }


def task_rng(task: Task, seed: int, stream: int) -> np.random.Generator:
    """Random numbers that depend on suite, task, seed and purpose alone."""
    import hashlib

    mark = hashlib.sha256(f"{task.suite}\0{task.id}".encode()).digest()[:8]
    return np.random.default_rng([seed, stream, int.from_bytes(mark, "little")])


class ClosedLoop:
    """Ours: the parts and the loop of ``groundplan run``."""

    about = "the language model says goals and steps, affordances along the plan and a symbolic check choose or mend"
    feedback = "poses of all things before and after every step (stated perception), effects measured, replans"
    skills = SKILLS
    uses_model, sees_truth, open_loop = True, False, False

    def __init__(self, tools: Tools) -> None:
        self._mind = tools.mind

    def head(self) -> str:
        from planner.propose import prompt

        return prompt.head()

    def players(self, episode: Episode) -> Players:
        return Players(self._mind.proposer, self._mind.grounder)
