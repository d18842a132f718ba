from __future__ import annotations

import subprocess
import sys

import pytest

from envs.goals import AtLeast, Goal, GoalError, parse_goal
from skills.state import State, Thing
from skills.symbols import atom, lit

A, B, C = lit("in", "a", "bin"), lit("in", "b", "bin"), lit("in", "c", "bin")


def facts(*true):
    return lambda x: (x.atom in {t.atom for t in true}) == x.positive


def test_holds_and_unmet_with_a_function_and_with_a_state():
    goal = Goal.of([A, ~lit("on", "a", "b")])
    assert goal.holds(facts(A))
    assert goal.unmet(facts()) == (A,)
    assert goal.unmet(facts(lit("on", "a", "b"))) == (A, ~lit("on", "a", "b"))
    things = {n: Thing(n, frozenset(t)) for n, t in (("a", {"thing"}), ("bin", {"thing", "container"}))}
    state = State(frozenset({atom("in", "a", "bin")}), things, {})
    assert goal.holds(state)
    assert goal.unmet(state) == ()
    with pytest.raises(TypeError, match="holds"):
        goal.holds(3)


def test_the_closest_alternative_speaks():
    goal = Goal(((A, B, C), (AtLeast(2, (A, B, C)), lit("hand_empty"))))
    assert not goal.holds(facts(A))
    assert goal.unmet(facts(A)) == (B, C)  # two missing in both; the first one speaks
    assert goal.unmet(facts(A, lit("hand_empty"))) == (B, C)  # one of these is enough
    assert goal.holds(facts(A, C, lit("hand_empty")))
    assert goal.unmet(facts(A, B)) == (C,)


def test_round_trip_names_and_text():
    data = {
        "any": [["at(red block, left side)", "not on(a, b)"], [{"at_least": {"n": 2, "of": ["in(a, b)", "in(c, b)"]}}]]
    }
    goal = parse_goal(data)
    assert goal.to_json() == data
    assert Goal.from_json(goal.to_json()) == goal
    assert goal.names() == ("red block", "left side", "a", "b", "c")
    assert str(goal) == "(at(red block, left side) and not on(a, b)) or (at least 2 of [in(a, b), in(c, b)])"
    assert str(Goal.of([A])) == "in(a, bin)"
    assert goal.map(lambda x: ~x).alternatives[0][1] == lit("on", "a", "b")


@pytest.mark.parametrize(
    ("data", "message", "path"),
    [
        (None, "key 'any'", ()),
        ({"all": []}, "unknown key 'all'", ("all",)),
        ({}, "'any' is missing", ()),
        ({"any": []}, "at least one alternative", ()),
        ({"any": [[]]}, "always hold", ("any", 0)),
        ({"any": "in(a, b)"}, "list of alternatives", ("any",)),
        ({"any": ["in(a, b)"]}, r"write \['in\(a, b\)'\]", ("any", 0)),
        ({"any": [["in(a", "b)"]]}, "quotes", ("any", 0, 0)),
        ({"any": [["inside(a, b)"]]}, "unknown predicate 'inside'", ("any", 0, 0)),
        ({"any": [["in(a)"]]}, "takes 2 argument", ("any", 0, 0)),
        ({"any": [[True]]}, "expected a literal", ("any", 0, 0)),
        ({"any": [["in(a, b)", "not in(a, b)"]]}, "contradicts itself", ("any", 0)),
        ({"any": [[{"at_least": {"n": 3, "of": ["in(a, b)"]}}]]}, "from 1 to 1", ("any", 0, 0, "at_least")),
        ({"any": [[{"at_least": {"n": True, "of": ["in(a, b)"]}}]]}, "whole number", ("any", 0, 0, "at_least")),
        ({"any": [[{"at_least": {"n": 1}}]]}, "check of", ("any", 0, 0, "at_least")),
        ({"any": [[{"at_least": {"n": 1, "of": ["on(a, b)"] * 2}}]]}, "count twice", ("any", 0, 0, "at_least")),
        ({"any": [[{"at_most": {}}]]}, "at_least", ("any", 0, 0)),
        ({"any": [["clear(a)"]] * 201}, "201 alternatives", ()),
    ],
)
def test_what_is_wrong_is_said_with_its_path(data, message, path):
    with pytest.raises(GoalError, match=message) as err:
        parse_goal(data)
    assert err.value.path == path


def test_importing_goals_is_light():
    heavy = ("pydantic", "yaml", "gymnasium", "pybullet", "torch")
    code = f"import sys, envs.goals; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
