"""Steps to a goal by symbolic search, thing by thing where the words force an order."""

from __future__ import annotations

from collections.abc import Sequence

from envs.goals import Goal
from planner.ground.walk import repair
from planner.plan import Request
from skills.skill import GroundSkill
from skills.symbols import Literal


def steps_to(
    request: Request,
    goal: Sequence[Literal],
    order: Sequence[str] = (),
    never: Sequence[Literal] = (),
    asked: frozenset[str] = frozenset(),
) -> tuple[GroundSkill, ...] | None:
    """Steps after which ``goal`` holds; None when none were found. ``order``: whose part of the goal is reached first,
    second ...; given up where it leads nowhere. ``never``: literals that may hold in no state on the way; ``asked``:
    skills that are asked for by their verb."""
    if not goal:
        return None
    if order:
        found = _in_order(request, goal, order, never, asked)
        if found is not None:
            return found
    way = repair(request.library, request.state, (), Goal.of(tuple(goal)), frozenset(), never, asked)
    return None if way is None else way.steps


def _in_order(
    request: Request, goal: Sequence[Literal], order: Sequence[str], never: Sequence[Literal], asked: frozenset[str]
) -> tuple[GroundSkill, ...] | None:
    state, steps = request.state, list[GroundSkill]()
    stages = [tuple(x for x in goal if x.atom.args[:1] == (name,)) for name in order]
    reached: list[Literal] = []
    for stage in (*stages, tuple(goal)):
        reached += [x for x in stage if x not in reached]
        if not reached:
            continue
        way = repair(request.library, state, (), Goal.of(tuple(reached)), frozenset(), never, asked)
        if way is None:
            return None
        for s in way.steps:
            state = state.apply(s.operator)
        steps += way.steps
    return tuple(steps)
