"""Reliability: bins, error, and what counts as a decision's confidence."""

from __future__ import annotations

import numpy as np
import pytest

from planner.evaluate.calibration import diagram, pairs_of, reliability, table


def test_a_calibrated_planner_has_hardly_any_error() -> None:
    rng = np.random.default_rng(3)
    sure = rng.random(20_000)
    found = reliability([(float(p), bool(rng.random() < p)) for p in sure])
    assert found["ece"] < 0.02
    assert found["n"] == 20_000
    assert len(found["bins"]) == 10


def test_one_that_is_too_sure_has_the_difference_as_error() -> None:
    found = reliability([(0.95, i % 2 == 0) for i in range(100)])
    assert found["ece"] == pytest.approx(0.45)
    assert found["brier"] == pytest.approx((0.05**2 + 0.95**2) / 2)


def test_whole_confidence_falls_into_the_last_bin() -> None:
    (only,) = reliability([(1.0, True)])["bins"]
    assert only["low"] == 0.9
    assert reliability([])["ece"] is None


def test_only_lines_that_say_how_sure_count() -> None:
    line = {"measures": {"plan_success": True}, "attempts": [{"confidence": 0.7}, {"confidence": 0.1}]}
    assert pairs_of([line, {"measures": {"plan_success": False}, "attempts": [{"confidence": None}]}]) == [(0.7, True)]
    assert pairs_of([{"measures": {"plan_success": None}, "attempts": []}]) == []


def test_for_people_a_table_and_a_picture() -> None:
    found = reliability([(0.95, True), (0.92, True), (0.15, False)])
    heads, body = table(found)
    assert heads[0] == "confidence"
    assert [row[1] for row in body] == ["1", "2"]
    assert diagram(found).count("<circle") == 2
