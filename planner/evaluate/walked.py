"""Plans and tasks judged symbolically: would it reach the true goal if every skill worked? Could anything?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from envs.goals import Goal
from planner.ground.search import search
from skills.library import SkillLibrary
from skills.skill import GroundSkill
from skills.state import State
from skills.symbols import Literal

EXPANDED = 1500  # states: enough for every task of ours that can be done, a second or two for one that cannot


def walk_plan(
    state: State, steps: Sequence[GroundSkill], goal: Goal | None, forbidden: Sequence[Literal]
) -> dict[str, Any]:
    """The whole plan applied to ``state``, as plain data.

    ``reached``: every step could start, nothing forbidden held on the way, the goal holds at the end. ``broken``: the
    first step that could not start; ``unmet``: its preconditions, or what the goal lacks; ``forbidden``: what held
    of that. ``goal`` None: there is nothing to reach.
    """
    out: dict[str, Any] = {"steps": [str(s) for s in steps], "reached": False, "broken": None, "unmet": []}
    broken_rules: list[str] = []
    for i, step in enumerate(steps):
        unmet = state.unmet(step.operator.preconditions)
        if unmet:
            return out | {"broken": i, "unmet": [str(x) for x in unmet], "forbidden": broken_rules}
        state = state.apply(step.operator)
        broken_rules += [str(x) for x in forbidden if state.holds(x) and str(x) not in broken_rules]
    missing = goal.unmet(state) if goal is not None else ()
    reached = goal is not None and not missing and not broken_rules
    return out | {"reached": reached, "unmet": [str(x) for x in missing], "forbidden": broken_rules}


def solvable(library: SkillLibrary, start: State, goal: Goal, forbidden: Sequence[Literal]) -> bool:
    """Whether a search of `EXPANDED` states finds any sequence of skills that reaches the goal."""
    return search(library, start, goal, never=forbidden, max_expanded=EXPANDED) is not None
