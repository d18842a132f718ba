from __future__ import annotations

from planner.evaluate.blame import first_cause
from planner.evaluate.summary import summarise
from planner.evaluate.table import by_suite, markdown, rows, said, turned
from trials import line

LINES = [line(), line(task="two", judge={"success": False}), line(planner="other", suite="large")]
SUMMARY = summarise(
    [x | {"failure": first_cause(x)} for x in LINES], {"closed-loop": {}, "other": {}}, {"config": {"plan_only": False}}
)


def test_a_rate_for_a_person():
    assert said({"k": 0, "n": 0, "rate": None, "low": None, "high": None}) == "-"
    assert said({"k": 17, "n": 20, "rate": 0.85, "low": 0.6396, "high": 0.9476}) == "85 % (64-95) 17/20"


def test_one_row_per_planner_and_no_column_that_applies_nowhere():
    heads, body = rows(SUMMARY)
    assert heads[:5] == ["planner", "n", "plan", "execution", "false success"]
    assert "asked first" not in heads
    assert [row[0] for row in body] == ["closed-loop", "other"]
    assert body[0][3].endswith(" 1/2")


def test_a_suite_shows_the_planners_that_ran_it():
    assert [row[0] for row in rows(SUMMARY, "large")[1]] == ["other"]


def test_suites_below_one_another_with_the_total_last():
    heads, body = by_suite(SUMMARY)
    assert heads == ["execution success", "closed-loop", "other"]
    assert [row[0] for row in body] == ["small", "large", "all"]
    assert body[0][2] == "-"


def test_turning_keeps_every_cell():
    heads, body = rows(SUMMARY)
    turned_heads, turned_body = turned(heads, body)
    assert turned_heads == ["planner", "closed-loop", "other"]
    assert turned(turned_heads, turned_body) == (heads, body)


def test_markdown_has_a_line_per_row():
    assert markdown(["a", "b"], [["1", "2"]]) == "| a | b |\n|---|---|\n| 1 | 2 |\n"
