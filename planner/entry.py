"""Where to enter a plan: the furthest step from which its rest still reaches the goal.

This is the idea of triangle tables (Fikes, Hart & Nilsson, "Learning and executing generalized robot plans",
1972), computed directly: the rest of the plan is applied to what is seen now.
"""

from __future__ import annotations

from collections.abc import Sequence

from envs.goals import Goal
from planner.plan import PlanStep
from skills.state import State


def furthest_entry(state: State, steps: Sequence[PlanStep], goal: Goal) -> int | None:
    """The last index from which the rest of the steps, applied to ``state``, is possible and reaches the goal.

    ``len(steps)`` when the goal already holds; None when no suffix gets there.
    """
    for i in range(len(steps), -1, -1):
        here: State | None = state
        for step in steps[i:]:
            operator = step.skill.operator
            if here is None or here.unmet(operator.preconditions):
                here = None
                break
            here = here.apply(operator)
        if here is not None and goal.holds(here):
            return i
    return None
