from __future__ import annotations

import json

from planner.evaluate.blame import first_cause
from planner.evaluate.summary import summarise
from trials import GOAL, line

UNTRUE = {"success": False, "holds": {GOAL[0]: False}}


def stored(**changes):
    made = line(**changes)
    return made | {"failure": first_cause(made)}


LINES = [
    stored(),
    stored(task="two", judge=UNTRUE),
    stored(task="three", family="stacks", failures=[{"attempt": 0, "step": 0, "kind": "EFFECT", "blame": "SKILL"}]),
    stored(planner="other", judge=UNTRUE, plan={"reached": False, "unmet": GOAL}),
    stored(planner="other", task="two"),
    stored(planner="other", suite="large", worker_died=True, judge=None),
]
STATEMENTS = {"closed-loop": {"about": "ours"}, "other": {"about": "theirs"}}


def test_rates_causes_and_costs_per_planner_suite_and_family():
    found = summarise(LINES, STATEMENTS, {"commit": "c0ffee", "config": {}})
    ours = found["planners"]["closed-loop"]
    assert ours["statement"] == {"about": "ours"}
    small = ours["suites"]["small"]
    assert small["n"] == 3
    assert (small["execution_success"]["k"], small["execution_success"]["n"]) == (2, 3)
    assert small["false_success"]["k"] == 1
    assert small["asked_before_moving"]["n"] == 0
    assert small["failures"] == {"GOAL": 1}
    assert small["step_failures"] == {"EFFECT": 1}
    assert small["blame"] == {"SKILL": 1}
    assert small["cost"]["thinking_s"] == 1.0
    assert small["cost"]["tokens"] == 7
    assert {f: b["n"] for f, b in small["families"].items()} == {"bowls": 2, "stacks": 1}
    assert found["planners"]["other"]["all"]["worker_died"] == 1
    assert found["planners"]["other"]["suites"]["large"]["failures"] == {"DIED": 1}
    assert found["commit"] == "c0ffee"
    json.dumps(found, allow_nan=False)


def test_planners_are_compared_on_the_episodes_that_both_have():
    found = summarise(LINES, STATEMENTS, {})["comparisons"]
    row = next(r for r in found if r["suite"] == "small" and r["measure"] == "execution_success")
    assert {k: row[k] for k in ("a", "b", "n", "both", "only_a", "only_b", "p")} == {
        "a": "closed-loop", "b": "other", "n": 2, "both": 0, "only_a": 1, "only_b": 1, "p": 1.0,
    }  # fmt: skip
    assert {r["suite"] for r in found} == {"small", None}


def test_a_planner_without_episodes_is_there_with_n_0():
    assert summarise([], {"closed-loop": {}}, {})["planners"]["closed-loop"]["all"]["n"] == 0
