from __future__ import annotations

import pytest

from planner.evaluate.report_rows import row_of
from planner.evaluate.report_tables import Tables, rate_of
from planner.evaluate.statistics import rate
from planner.evaluate.summary import summarise
from stored import like


@pytest.fixture
def tables(arms):
    found = Tables()
    for line in arms:
        found.add(row_of(line))
    return found


def test_the_numbers_are_those_of_the_summary(tables, arms):
    summary = summarise(arms, {}, {})
    for planner in ("good", "poor"):
        theirs = summary["planners"][planner]["suites"]["small"]
        mine = tables.arms["small", planner]
        for measure in ("plan_success", "execution_success", "false_success", "over_asking", "collateral", "refused"):
            assert mine.rate(measure) == theirs[measure]
        assert dict(mine.blame) == theirs["blame"]
        assert mine.mean("thinking_s") == pytest.approx(theirs["cost"]["thinking_s"], abs=1e-4)
        assert (
            tables.families["small", "bowls", planner].rate("execution_success")
            == (theirs["families"]["bowls"]["execution_success"])
        )


def test_counts_give_the_same_rate_as_values():
    assert rate_of(2, 3) == rate([True, False, True])
    assert rate_of(0, 0)["n"] == 0


def test_planners_are_paired_on_equal_starts_only(tables, real_lines):
    tables.add(row_of(like(real_lines.right, planner="good", seed=9)))
    (pair,) = tables.comparisons()
    assert (pair.suite, pair.a, pair.b, pair.pairs.n) == ("small", "good", "poor", 3)
    assert (pair.pairs.only_a, pair.pairs.only_b) == (1, 0)
    assert pair.rate_a["k"] == 3
    assert pair.rate_b["k"] == 2


def test_ours_comes_first_in_comparisons(tables, arms):
    for line in arms[:2]:
        tables.add(row_of(like(line, planner="closed-loop")))
    assert [(c.a, c.b) for c in tables.comparisons()][:2] == [("closed-loop", "good"), ("closed-loop", "poor")]


def test_a_suite_of_plans_is_headed_by_the_plans(real_lines):
    tables = Tables()
    tables.add(row_of(real_lines.asked))
    assert tables.headline("small") == "plan_success"
    assert "execution_success" not in tables.measures("small")
    assert "asked_before_moving" in tables.measures("small")
