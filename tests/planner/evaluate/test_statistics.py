from __future__ import annotations

import math

import pytest

from planner.evaluate.statistics import Paired, mcnemar, paired, rate, wilson


def wilson_by_hand(k: int, n: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """The formula of Wilson (1927)."""
    p = k / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


@pytest.mark.parametrize(("k", "n"), [(0, 1), (1, 1), (17, 20), (251, 303), (0, 50), (50, 50)])
def test_intervals_are_wilsons(k, n):
    assert wilson(k, n) == pytest.approx(wilson_by_hand(k, n), abs=1e-9)


def test_a_rate_counts_only_where_the_measure_applies():
    found = rate([True, None, False, True, None])
    assert (found["k"], found["n"], found["rate"]) == (2, 3, pytest.approx(2 / 3, abs=1e-6))
    assert found["low"] < found["rate"] < found["high"]


def test_a_rate_that_never_applies_has_n_0():
    assert rate([None, None]) == {"k": 0, "n": 0, "rate": None, "low": None, "high": None}


@pytest.mark.parametrize(("a", "b", "p"), [(0, 0, 1.0), (5, 5, 1.0), (0, 5, 2 / 32), (1, 9, 2 * 11 / 1024)])
def test_mcnemar_is_the_exact_binomial_test_of_the_pairs_that_differ(a, b, p):
    assert mcnemar(a, b) == pytest.approx(p)


def test_pairs_where_one_side_does_not_apply_are_left_out():
    found = paired([(True, True), (True, False), (False, True), (False, True), (None, True), (False, False)])
    assert found == Paired(5, 1, 1, 2)
    assert found.difference == pytest.approx(1 / 5)
