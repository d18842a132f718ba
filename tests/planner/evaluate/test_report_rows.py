from __future__ import annotations

import json

from planner.evaluate.measures import MEASURES
from planner.evaluate.report_rows import detail_of, goal_text, row_of
from stored import like


def test_a_success(real_lines):
    row = row_of(real_lines.right)
    assert (row.outcome, row.status, row.success, row.cause) == ("success", "reached", True, None)
    assert row.key == ("small", "one", 0)
    assert row.cost["steps"] == 2


def test_a_false_success_has_its_first_cause(real_lines):
    row = row_of(real_lines.wrong)
    assert row.outcome == "false success"
    assert row.success is False
    assert row.cause == {k: real_lines.wrong["failure"][k] for k in ("kind", "blame", "detail")}


def test_thinking_only_is_judged_by_the_plan(real_lines):
    row = row_of(real_lines.asked)
    assert row.measures["execution_success"] is None
    assert row.success is bool(real_lines.asked["measures"]["plan_success"])


def test_an_error_of_the_program_is_its_own_outcome(real_lines):
    error = {"type": "ValueError", "room": "planner", "where": "planner/x.py:3", "detail": "no"}
    line = like(real_lines.wrong, error=error)
    assert row_of(line).outcome == "error"
    assert detail_of(line)["error"] == "planner/x.py:3"


def test_a_run_outside_of_an_evaluation_has_the_judges_word_alone(real_lines):
    kept = {k: v for k, v in real_lines.wrong.items() if k not in ("measures", "mode", "expect", "plan", "failure")}
    row = row_of(kept)
    assert row.outcome == "false success"
    assert {m for m, v in row.measures.items() if v is not None} == {"execution_success", "false_success", "collateral"}
    assert set(row.measures) == set(MEASURES)
    unjudged = {k: v for k, v in kept.items() if k != "judge"}
    assert row_of(unjudged).success is None


def test_the_story_holds_scores_evidence_and_no_joints(real_lines):
    story = detail_of(real_lines.right)
    attempt = story["attempts"][0]
    assert attempt["proposals"][0]["steps"] == ["pick(red block)", "place_in(red block, blue bowl)"]
    assert {"lm", "affordance", "combined", "verdict"} <= set(attempt["proposals"][0])
    assert attempt["decision"]["act"][0]["affordance"]["value"] > 0
    assert attempt["steps"][0]["evidence"] == [["holding(red block)", True]]
    assert story["judge"] is True
    assert story["true_goal"] == "in(red block, blue bowl)"
    text = json.dumps(story)
    assert len(text) < len(json.dumps(real_lines.right)) / 2
    assert "gripper_width" not in text


def test_failed_steps_keep_their_lines(real_lines):
    line = like(real_lines.right)
    failure = {"kind": "EFFECT", "detail": "it slipped", "step": 0, "unmet": ["holding(red block)"], "blame": "SKILL"}
    line["attempts"][0]["steps"][0]["failure"] = failure
    assert detail_of(line)["attempts"][0]["steps"][0]["failure"] == failure


def test_a_record_that_ends_inside_of_a_step_is_told(real_lines):
    line = like(real_lines.right)
    last = line["attempts"][0]["steps"][1]
    line["attempts"][0]["steps"][1] = {k: last[k] for k in ("index", "step", "affordance")}
    step = detail_of(line)["attempts"][0]["steps"][1]
    assert step["open"]
    assert "evidence" not in step


def test_goals_in_words():
    assert goal_text(None) is None
    assert goal_text({"any": [["at(a, b)", "not on(a, c)"]]}) == "at(a, b) and not on(a, c)"
    counted = {"any": [[{"at_least": {"n": 2, "of": ["in(a, c)", "in(b, c)"]}}], ["on(a, b)"]]}
    assert goal_text(counted) == "(at least 2 of [in(a, c), in(b, c)]) or (on(a, b))"
