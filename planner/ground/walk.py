"""The symbolic walk: would these steps reach the goal if every skill worked? And repair when they would not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from envs.goals import Goal
from planner.ground.search import search
from skills.library import SkillLibrary
from skills.skill import GroundSkill
from skills.state import State
from skills.symbols import Literal

AWAY = 0.5  # extra cost of a step that the model did not say
ASKED = 0.1  # what a step costs in all whose skill was asked for
CLUTTER = 0.4  # extra cost of leaving a thing on or in another where no goal asks for it


@dataclass(frozen=True)
class Walk:
    """``reached``: the goal holds after ``used`` steps. ``broken``: the first step whose preconditions fail."""

    reached: bool
    used: int
    broken: int | None = None
    unmet: tuple[Literal, ...] = ()


def walk(state: State, steps: Sequence[GroundSkill], goal: Goal) -> Walk:
    """Carry the steps out symbolically; stops as soon as the goal holds."""
    if goal.holds(state):
        return Walk(True, 0)
    for i, step in enumerate(steps):
        op = step.operator
        unmet = state.unmet(op.preconditions)
        if unmet:
            return Walk(False, i, i, unmet)
        state = state.apply(op)
        if goal.holds(state):
            return Walk(True, i + 1)
    return Walk(False, len(steps), None, goal.unmet(state))


@dataclass(frozen=True)
class Repaired:
    """Steps that reach the goal. ``changed``: search had to differ from what was said; ``expanded``: its cost."""

    steps: tuple[GroundSkill, ...]
    changed: bool
    expanded: int = 0


def repair(
    library: SkillLibrary,
    state: State,
    said: Sequence[GroundSkill],
    goal: Goal,
    forbidden: frozenset[str] = frozenset(),
    never: Sequence[Literal] = (),
    asked: frozenset[str] = frozenset(),
) -> Repaired | None:
    """The said steps if they reach the goal, else steps found by search that follow them where it costs nothing.

    ``forbidden``: ground skills (as text) that cannot be done here; ``asked``: names of skills that were asked for by
    their verb ("push it there"): their steps are cheap. None: no way was found within the budget.
    """
    direct = walk(state, said, goal)
    kept = direct.reached and not any(str(s) in forbidden for s in said[: direct.used])
    if kept and not (never and _meets(state, said[: direct.used], never)):
        return Repaired(tuple(said[: direct.used]), False)
    spoken = {str(s) for s in said}
    wanted = {x.atom for x in goal.literals()}

    def extra(step: GroundSkill) -> float:
        if step.skill.name in asked:
            just_so = any(a in wanted for a in step.operator.add)
            return ASKED - step.skill.operator.cost + (0.0 if just_so else CLUTTER)
        cost = 0.0 if str(step) in spoken else AWAY
        for a in step.skill.operator.bind(step.args).add:
            if a in wanted or a.predicate not in ("on", "in", "at"):
                continue
            enclosed = a.predicate == "at" and bool(state.within.get(a.args[1]))
            cost += CLUTTER if a.predicate != "at" or enclosed else 0.0
        return cost

    found = search(library, state, goal, forbidden=forbidden, never=never, prefer=extra, asked=asked)
    if found is None:
        return None
    return Repaired(found.steps, tuple(found.steps) != tuple(said), found.expanded)


def _meets(state: State, steps: Sequence[GroundSkill], never: Sequence[Literal]) -> bool:
    """Whether something forbidden holds after one of the steps."""
    for step in steps:
        state = state.apply(step.operator)
        if any(state.holds(x) for x in never):
            return True
    return False
