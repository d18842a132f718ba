"""The work of an evaluation: every planner on every task with every seed, in one fixed order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from envs.goals import Goal
from envs.task import Intent, Task
from planner.evaluate.planners import task_rng

INTENT_STREAM, PLANNER_STREAM = 90_001, 90_002  # keep these draws apart from those of the start

Key = tuple[str, str, str, int]


@dataclass(frozen=True)
class Trial:
    """One planner on one task with one seed."""

    planner: str
    task: Task
    seed: int

    @property
    def key(self) -> Key:
        """What makes it this trial: planner, suite, task, seed."""
        return self.planner, self.task.suite, self.task.id, self.seed

    @property
    def intent(self) -> Intent | None:
        """What the person means, drawn by the seed; None where the task tells no intents. The same for all planners."""
        if not self.task.intents:
            return None
        rng = task_rng(self.task, self.seed, INTENT_STREAM)
        return self.task.intents[int(rng.integers(len(self.task.intents)))]

    @property
    def goal(self) -> Goal | None:
        """The goal that the judge looks at; None on tasks to be refused."""
        intent = self.intent
        return intent.goal if intent is not None else self.task.goal


def all_trials(planners: Sequence[str], tasks: Sequence[Task], seeds: Sequence[int]) -> list[Trial]:
    """Seed by seed, task by task, planners beside one another: an evaluation stopped half way is still paired."""
    return [Trial(p, t, s) for s in seeds for t in tasks for p in planners]


def key_of(line: Mapping[str, Any]) -> Key:
    """The key of a stored line; raises KeyError when it has none."""
    return str(line["planner"]), str(line["suite"]), str(line["task"]), int(line["seed"])
