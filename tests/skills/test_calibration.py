"""Curves from scores to probabilities: read strictly, rising, honest at their ends, hard noes left alone."""

from __future__ import annotations

import numpy as np
import pytest

from skills.calibration import Calibration, CalibrationError, isotonic
from skills.skill import Affordance

CURVES = Calibration.from_data({"pick": [[0.1, 0.2], [0.5, 0.8], [0.9, 0.9]]})


def test_between_points_the_curve_is_straight_and_beyond_them_level():
    assert CURVES.probability("pick", 0.3) == pytest.approx(0.5)
    assert CURVES.probability("pick", 0.05) == pytest.approx(0.2)
    assert CURVES.probability("pick", 1.0) == pytest.approx(0.9)


def test_hard_noes_and_other_skills_stay_as_they_are():
    no = Affordance(0.0, {"fits": 0.0}, "too thick")
    assert CURVES.apply("pick", no) is no
    other = Affordance(0.4, {"way": 0.4}, "narrow")
    assert CURVES.apply("go_to", other) is other


def test_what_was_said_before_is_kept_as_a_factor():
    said = CURVES.apply("pick", Affordance(0.3, {"free": 0.3}, "crowded"))
    assert said.value == pytest.approx(0.5)
    assert said.factors == {"free": 0.3, "analytic": 0.3}
    assert said.reason == "crowded"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ([], "mapping"),
        ({"pick": []}, "pick: a curve is a list"),
        ({"pick": [[0.1, 0.5], [0.2, 0.4]]}, "must rise"),
        ({"pick": [[0.1, 1.2]]}, r"\[0, 1\]"),
        ({"pick": [["a", 1]]}, "pick: a curve is a list"),
        ({"pick": 3}, "pick: a curve is a list"),
    ],
)
def test_curves_that_make_no_sense_are_said(data, says):
    with pytest.raises(CalibrationError, match=says):
        Calibration.from_data(data)


def test_the_fitted_curve_rises_and_finds_the_truth():
    rng = np.random.default_rng(0)
    scores = rng.uniform(0.05, 1.0, 4000)
    truth = 0.3 + 0.6 * scores**2
    points = isotonic(list(scores), list(rng.random(4000) < truth))
    curve = Calibration({"pick": tuple(points)})
    assert (np.diff([y for _, y in points]) >= 0).all()
    errors = [abs(curve.probability("pick", s) - (0.3 + 0.6 * s**2)) for s in np.linspace(0.1, 0.95, 20)]
    assert np.mean(errors) < 0.03


def test_equal_scores_make_one_point_and_never_a_certainty():
    assert isotonic([1.0] * 98, [True] * 98) == [(1.0, 0.99)]
    with pytest.raises(CalibrationError, match="no trials"):
        isotonic([], [])
