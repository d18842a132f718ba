"""Search finds plans that work in the symbolic world, and says None when there is none."""

from __future__ import annotations

import numpy as np
import pytest

from envs.goals import Goal, parse_goal
from planner.ground.search import search
from planner.ground.walk import repair, walk
from propose_scene import request_for
from skills.library import SkillLibrary
from skills.skill import Affordance, Skill
from skills.symbols import Operator, Parameter, atom, lit, parse_literal

BLOCKS = tuple(f"{c} block" for c in ("red", "green", "blue", "white", "black"))
NAMES = (*BLOCKS, "blue bowl", "red bowl")


def goal(*texts: str) -> Goal:
    return Goal.of(tuple(parse_literal(t) for t in texts))


def after(state, steps):
    for s in steps:
        assert not state.unmet(s.operator.preconditions)
        state = state.apply(s.operator)
    return state


@pytest.mark.parametrize(
    "texts",
    [
        ("in(red block, blue bowl)",),
        ("on(red block, green block)", "on(green block, blue block)", "on(blue block, white block)"),
        ("at(red block, left side)", "at(green block, right side)"),
        ("holding(blue block)",),
        tuple(f"in({b}, blue bowl)" for b in BLOCKS),
        ("at(blue bowl, left side)", "in(red block, blue bowl)"),
    ],
)
def test_plans_reach_their_goal(texts):
    request = request_for("x", NAMES)
    found = search(request.library, request.state, goal(*texts))
    assert found is not None
    assert goal(*texts).holds(after(request.state, found.steps))
    assert len(found.steps) <= 2 * len(texts) + 1


def test_a_blocked_thing_is_cleared_first():
    request = request_for("x", NAMES)
    start = request.state
    for text in ("pick(red block)", "place_on(red block, green block)"):
        start = start.apply(request.library.parse(text, start).operator)
    found = search(request.library, start, goal("in(green block, blue bowl)"))
    assert next(str(s) for s in found.steps) == "pick(red block)"
    assert len(found.steps) == 4


def test_at_least_and_alternatives():
    request = request_for("x", NAMES)
    either = parse_goal(
        {"any": [[{"at_least": {"n": 2, "of": [f"in({b}, blue bowl)" for b in BLOCKS]}}], ["in(fork, blue bowl)"]]}
    )
    found = search(request.library, request.state, either)
    assert found is not None
    assert len(found.steps) == 4


def test_negations():
    request = request_for("x", NAMES)
    start = request.state
    for text in ("pick(red block)", "place_in(red block, red bowl)"):
        start = start.apply(request.library.parse(text, start).operator)
    want = goal("not in(red block, red bowl)", "hand_empty()")
    found = search(request.library, start, want)
    assert want.holds(after(start, found.steps))


def test_no_way_is_none_and_not_forever():
    request = request_for("x", NAMES)
    assert search(request.library, request.state, goal("open(blue bowl)")) is None
    assert (
        search(request.library, request.state, goal("holding(red block)", "holding(green block)"), max_expanded=300)
        is None
    )


def test_forbidden_steps_are_not_used():
    request = request_for("x", NAMES)
    banned = frozenset({"place_in(red block, blue bowl)"})
    assert search(request.library, request.state, goal("in(red block, blue bowl)"), forbidden=banned) is None


def test_never_holds_on_the_way():
    request = request_for("x", NAMES)
    never = (parse_literal("holding(red block)"),)
    assert search(request.library, request.state, goal("in(red block, blue bowl)"), never=never) is None


@pytest.mark.parametrize("seed", range(25))
def test_random_goals_from_random_states_are_reached(seed):
    """States are made by random legal steps, goals read off another such state: always reachable."""
    rng = np.random.default_rng(seed)
    request = request_for("x", NAMES)

    def wander(state, n):
        for _ in range(n):
            steps = request.library.applicable(state)
            state = state.apply(steps[rng.integers(len(steps))].operator)
        return state

    start, end = wander(request.state, 8), wander(request.state, 8)
    facts = sorted(a for a in end.base if a.predicate in ("on", "in", "holding"))[:3]
    want = Goal.of(tuple(parse_literal(str(a)) for a in facts)) if facts else goal("hand_empty()")
    found = search(request.library, start, want)
    assert found is not None
    assert want.holds(after(start, found.steps))


def test_repair_keeps_a_plan_that_works_and_marks_one_that_does_not():
    request = request_for("x", NAMES)
    want = goal("in(red block, blue bowl)")
    good = [request.library.parse(t, request.state) for t in ("pick(red block)", "place_in(red block, blue bowl)")]
    assert not repair(request.library, request.state, good, want).changed
    bad = [request.library.parse(t, request.state) for t in ("place_in(red block, blue bowl)", "pick(green block)")]
    mended = repair(request.library, request.state, bad, want)
    assert mended.changed
    assert want.holds(after(request.state, mended.steps))


def test_the_walk_names_the_first_broken_step():
    request = request_for("x", NAMES)
    steps = [request.library.parse(t, request.state) for t in ("pick(red block)", "pick(green block)")]
    result = walk(request.state, steps, goal("holding(green block)"))
    assert (result.reached, result.broken) == (False, 1)
    assert [str(x) for x in result.unmet] == ["hand_empty()"]


SHOVE = Operator(
    "shove", (Parameter("obj", "movable"), Parameter("region", "place")), (lit("hand_empty"), lit("clear", "obj")),
    add=(atom("at", "obj", "region"),), delete=(atom("at", "obj", "*"),), say="shove the {obj} to the {region}",
    cost=4.0, verbs=frozenset({"shove"}),
)  # fmt: skip


def shoving(request):
    skill = Skill(SHOVE, lambda *_: Affordance(1.0), lambda *_: iter(()))
    plain = (s for s in request.library.values() if not s.operator.dear)
    return SkillLibrary((*plain, skill))


def test_dear_skills_are_for_what_plain_ones_cannot_do():
    """Shoved only where picking is ruled out; the other thing is still carried."""
    request = request_for("x", NAMES)
    library, want = shoving(request), goal("at(red block, middle)", "at(green block, right side)")
    plain = [str(s) for s in search(library, request.state, want).steps]
    assert not any(s.startswith("shove") for s in plain)
    mixed = [str(s) for s in search(library, request.state, want, forbidden=frozenset({"pick(red block)"})).steps]
    assert "shove(red block, middle)" in mixed
    assert {"pick(green block)", "place_at(green block, right side)"} <= set(mixed)


def test_what_was_asked_for_by_its_verb_is_done_that_way():
    request = request_for("x", NAMES)
    want = goal("at(red block, middle)", "at(green block, right side)")
    way = repair(shoving(request), request.state, (), want, asked=frozenset({"shove"}))
    said = {str(s) for s in way.steps}
    assert said == {"shove(red block, middle)", "shove(green block, right side)"}


def test_a_step_costs_at_least_one():
    with pytest.raises(ValueError, match="costs at least 1"):
        Operator("free", (), cost=0.5)


def test_what_was_asked_for_goes_just_there():
    """Not to a corner of the place that was named."""
    request = request_for("x", NAMES)
    want = goal("at(red block, table)", "not at(red block, left side)")
    way = repair(shoving(request), request.state, (), want, asked=frozenset({"shove"}))
    assert [str(s) for s in way.steps] == ["shove(red block, table)"]
