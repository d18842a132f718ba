from __future__ import annotations

import json

import pytest

from planner.evaluate.report_facts import Facts, planner_notes, read_config
from planner.evaluate.report_rows import row_of
from planner.evaluate.report_tables import Tables
from stored import like

LIMITS = (
    "A real robot",
    "Perception:",
    "Disturbances",
    "one seed only",
    "Asking:",
    "Refusing:",
    "one planner only",
    "Other scenes",
)


def facts_of(lines):
    facts, tables = Facts(), Tables()
    for line in lines:
        facts.add(line)
        tables.add(row_of(line))
    return facts, tables


def limits_of(lines, **outcomes):
    facts, tables = facts_of(lines)
    return " ".join(facts.limits(tables, {k.replace("_", " "): n for k, n in outcomes.items()}))


def test_conditions_are_told(arms):
    facts, _ = facts_of(arms)
    rows = dict(facts.rows())
    assert rows["Episodes"] == "6 over 1 tasks"
    assert rows["Seeds"] == "0 to 2 (3)"
    assert rows["Perception"] == "oracle (poses from the simulator)"
    assert rows["Robot"] == "panda (simulated)"
    assert rows["Scenes"] == "tabletop"
    assert rows["Code"] == "test at c0ffee"
    assert rows["Language model"] == "none"
    assert len(rows["Date"]) == 10


def test_what_was_not_tested_follows_from_the_conditions(real_lines):
    said = limits_of([real_lines.right])
    for part in (
        "A real robot",
        "Perception:",
        "Disturbances",
        "one seed only",
        "Asking:",
        "Refusing:",
        "one planner only",
    ):
        assert part in said
    assert "(n = 1)" in said


def test_what_was_tested_is_not_denied(real_lines):
    other = like(
        real_lines.right, planner="b", seed=1, perception="camera", robot="panda", expect="ask", scene="kitchen"
    )
    other["settings"]["faults"] = [{"kind": "slip"}]
    refuse = like(real_lines.right, expect="refuse", seed=2)
    said = limits_of([real_lines.right, other, refuse])
    for part in (
        "A real robot",
        "Perception:",
        "Disturbances",
        "one seed only",
        "Asking:",
        "Refusing:",
        "one planner only",
    ):
        assert part not in said


def test_doubts_about_the_numbers_are_told(real_lines):
    other = like(real_lines.right, seed=1, code={"version": "1", "commit": "beef", "changed": True})
    third = like(real_lines.right, planner="b")
    said = limits_of([real_lines.right, other, third], error=2, not_judged=1)
    assert "2 versions of the code" in said
    assert "uncommitted changes" in said
    assert "2 episodes ended in an error" in said
    assert "1 episodes were judged by nobody" in said
    assert "numbers of episodes differ on small" in said


@pytest.mark.parametrize(
    ("seeds", "said"), [([3], "3"), ([0, 5], "0, 5"), (range(4), "0 to 3 (4)"), (range(0, 60, 2), "... (30 in all)")]
)
def test_seeds_are_listed_briefly(real_lines, seeds, said):
    facts, _ = facts_of([like(real_lines.right, seed=s) for s in seeds])
    assert dict(facts.rows())["Seeds"].endswith(said)


def test_planners_speak_for_themselves():
    stored = {"planners": {"own": {"statement": {"about": "guesses", "feedback": "none", "skills": "few"}}}}
    own, built_in, unknown = planner_notes(["own", "symbolic-oracle", "gone:Away"], stored)
    assert own == {"name": "own", "about": "guesses", "feedback": "none", "skills": "few", "sees_truth": False}
    assert built_in["about"]
    assert built_in["sees_truth"]
    assert unknown == {"name": "gone:Away", "about": "", "feedback": "", "skills": "", "sees_truth": False}


def test_a_summary_that_is_missing_or_broken_is_no_obstacle(tmp_path):
    assert read_config(tmp_path) == {}
    (tmp_path / "summary.json").write_text("{broken")
    assert read_config(tmp_path) == {}
    (tmp_path / "summary.json").write_text(json.dumps({"commit": "c"}))
    assert read_config(tmp_path) == {"commit": "c"}
