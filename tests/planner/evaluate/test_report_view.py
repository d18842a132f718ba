from __future__ import annotations

import pytest

from planner.evaluate.measures import MEASURES
from planner.evaluate.report_rows import row_of
from planner.evaluate.report_tables import Tables
from planner.evaluate.report_view import MEASURE_WORDS, _blame, _comparison, _lead, _over_all, percent, rate_view
from planner.evaluate.statistics import rate
from stored import like


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "–"), (0.0, "0 %"), (1.0, "100 %"), (0.004, "0.4 %"), (0.996, "99.6 %"), (0.6667, "67 %")],
)
def test_percent(value, said):
    assert percent(value) == said


def test_a_rate_never_comes_without_its_interval_and_count():
    shown = rate_view(rate([True, True, False]))
    assert (shown["text"], shown["interval"], shown["of"]) == ("67 %", "21–94 %", "2 of 3")
    assert 0 <= shown["low"] < shown["bar"] < shown["high"] <= 100
    assert rate_view(rate([]))["text"] == "–"


def test_every_measure_has_words():
    assert set(MEASURE_WORDS) == set(MEASURES)


def test_bars_of_blame_are_as_long_as_the_share_that_failed(arms):
    tables = Tables()
    for line in [*arms, like(arms[3], seed=7, failure={"kind": "EFFECT", "blame": "SKILL", "detail": "slipped"})]:
        tables.add(row_of(line))
    good, poor = _blame(tables)
    assert (good["failed"], good["parts"]) == (0, [])
    assert (poor["failed"], poor["n"]) == (2, 4)
    assert [(p["who"], p["count"]) for p in poor["parts"]] == [("LM", 1), ("SKILL", 1)]
    assert sum(p["width"] for p in poor["parts"]) == pytest.approx(50, abs=0.01)
    assert poor["parts"][1]["at"] == pytest.approx(poor["parts"][0]["width"])
    assert {k["kind"] for k in poor["kinds"]} == {"GOAL", "EFFECT"}


def test_a_clear_difference_is_marked(real_lines):
    tables = Tables()
    for seed in range(12):
        tables.add(row_of(like(real_lines.right, planner="a", seed=seed)))
        tables.add(row_of(like(real_lines.wrong, planner="b", seed=seed)))
    shown = _comparison(tables.comparisons()[0])
    assert (shown["difference"], shown["p"], shown["unlikely"]) == ("+100", "< 0.001", True)


def test_several_suites_are_also_told_together(real_lines):
    tables = Tables()
    for suite in ("one", "two"):
        for seed, line in enumerate((real_lines.right, real_lines.right, real_lines.wrong)):
            tables.add(row_of(like(line, planner="a", suite=suite, seed=seed)))
        if suite == "one":
            assert _over_all([_lead(tables, s, ()) for s in tables.suites]) == []
    (whole,) = _over_all([_lead(tables, s, ()) for s in tables.suites])
    assert (whole["suite"], whole["planner"], whole["rate"]["of"]) == ("all tasks", "a", "4 of 6")
    tables.add(row_of(like(real_lines.right, planner="b", suite="three", seed=9)))
    assert _over_all([_lead(tables, s, ()) for s in tables.suites]) == []  # not the same planner
