"""Steps to a goal by symbolic search, thing by thing where the words force an order."""

from __future__ import annotations

from collections.abc import Sequence

from envs.goals import Goal
from planner.ground.walk import repair
from planner.plan import Request
from planner.propose.mention import Role
from planner.propose.sentence import Words
from skills.skill import GroundSkill
from skills.symbols import Literal

SEQUENCE = frozenset({"first", "then", "next", "finally", "afterwards", "afterward", "lastly", "secondly", "later"})


def steps_to(
    request: Request,
    goal: Sequence[Literal],
    order: Sequence[str] = (),
    never: Sequence[Literal] = (),
    asked: frozenset[str] = frozenset(),
) -> tuple[GroundSkill, ...] | None:
    """Steps after which ``goal`` holds; None when none were found. ``order``: whose part of the goal is reached first,
    second ...; given up where it leads nowhere or needs more handling than any other order. ``never``: literals that
    may hold in no state on the way; ``asked``: skills that are asked for by their verb."""
    if not goal:
        return None
    found = _in_order(request, goal, order, never, asked) if order else None
    way = repair(request.library, request.state, (), Goal.of(tuple(goal)), frozenset(), never, asked)
    if found is not None and (way is None or _handled(found) <= _handled(way.steps)):
        return found
    return None if way is None else way.steps


def said_order(words: Words, goal: Sequence[Literal]) -> tuple[str, ...]:
    """The things of a goal in the order in which they are spoken of, where the words say that there is one ("first ...,
    then ..."); else none."""
    movers = {x.atom.args[0] for x in goal if x.positive and x.atom.args}
    if len(movers) < 2 or not SEQUENCE & words.said or words.cues.tower:
        return ()
    spoken = (m for m in words.mentions if m.role is Role.MOVER and not m.excluded)
    return tuple(dict.fromkeys(n for m in spoken for n in m.names if n in movers))


def _handled(steps: Sequence[GroundSkill]) -> int:
    """Steps in which things are handled; ways between places do not count."""
    return sum(s.operator.name != "go_to" for s in steps)


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
