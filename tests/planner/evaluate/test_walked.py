from __future__ import annotations

import pytest

from envs.goals import Goal
from planner.evaluate.walked import solvable, walk_plan
from propose_scene import request_for
from skills.symbols import parse_literal

REQUEST = request_for("put the red block in the blue bowl")
GOAL = Goal.of([parse_literal("in(red block, blue bowl)")])
RIGHT = ("pick(red block)", "place_in(red block, blue bowl)")


def walk(*steps, goal=GOAL, forbidden=()):
    ground = [REQUEST.library.parse(s, REQUEST.state) for s in steps]
    return walk_plan(REQUEST.state, ground, goal, [parse_literal(x) for x in forbidden])


def test_a_plan_that_reaches_the_goal():
    assert walk(*RIGHT)["reached"]


def test_what_comes_after_the_goal_counts_too():
    assert not walk(*RIGHT, "pick(red block)")["reached"]


def test_a_step_that_cannot_start_is_named():
    found = walk("place_in(red block, blue bowl)")
    assert (found["reached"], found["broken"]) == (False, 0)
    assert found["unmet"] == ["holding(red block)"]


def test_what_is_missing_is_named():
    assert walk("pick(red block)")["unmet"] == ["in(red block, blue bowl)"]


def test_something_forbidden_on_the_way_spoils_it():
    found = walk(
        "pick(green block)", "place_in(green block, blue bowl)", *RIGHT, forbidden=["in(green block, blue bowl)"]
    )
    assert found["unmet"] == []
    assert found["forbidden"] == ["in(green block, blue bowl)"]
    assert not found["reached"]


def test_without_a_goal_nothing_is_reached():
    assert not walk(*RIGHT, goal=None)["reached"]


@pytest.mark.parametrize(
    ("goal", "forbidden", "possible"),
    [
        ("in(red block, blue bowl)", (), True),
        ("on(blue bowl, red block)", ("holding(blue bowl)",), False),
        ("in(red block, green block)", (), False),
    ],
)
def test_whether_anything_could_reach_it(goal, forbidden, possible):
    wanted = Goal.of([parse_literal(goal)])
    never = [parse_literal(x) for x in forbidden]
    assert solvable(REQUEST.library, REQUEST.state, wanted, never) is possible
