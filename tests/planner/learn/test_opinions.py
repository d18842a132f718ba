"""Choosing between words and answers: fitted on requests of which the words are unsure, and better than either."""

from __future__ import annotations

import numpy as np
import pytest

from planner.learn.opinions import BELOW, FEWEST, fit_second
from planner.learn.sure import Row, cross_validated, decided, fit, regression
from planner.propose.sureness import Sureness
from planner.propose.weights import ConfidenceWeights, SecondWeights


def rows(n: int = 900, seed: int = 5) -> list[Row]:
    """The words are right where little is left unread, the answers where their scores are far apart."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(n):
        unread, ahead = float(rng.integers(0, 4)), float(rng.uniform(0, 4))
        right = bool(rng.random() < 1 / (1 + np.exp(1.5 * unread - 2.0)))
        theirs = bool(rng.random() < 1 / (1 + np.exp(3.0 - 1.5 * ahead)))
        told = {"unread": unread, "second: ahead": ahead}
        answered = {"told": told, "right": theirs, "open": i % 10 != 0, "kind": "act", "offered": theirs}
        made.append(Row("dev", "x", i, "act", "act", right, right, {"unread": unread}, answered))
    return made


def test_who_chooses_by_what_both_say_is_right_more_often_than_either():
    made = rows()
    done = [r for r, _ in cross_validated(made)]
    words, answers = sum(r.right for r in made), sum(r.answered["right"] for r in made)
    assert sum(r.right for r in done) > max(words, answers) + 30


def outcome(row: Row, sure: float, weights: SecondWeights) -> tuple[Row, float | None]:
    """What is done about a row whose words are this sure."""
    plain = ConfidenceWeights(bias=float(np.log(sure / (1 - sure))))
    return decided(row, Sureness(weights=plain, second=weights))


def test_what_may_not_be_followed_is_not():
    weights = SecondWeights(answers=ConfidenceWeights(bias=3.0))
    row = rows(1)[0]
    assert not row.answered["open"]
    row.answered["kind"] = "refuse"
    assert outcome(row, 0.1, weights)[0] == row
    row.answered["open"] = True
    found, _ = outcome(row, 0.1, weights)
    assert (found.decision, found.right) == ("refuse", row.answered["right"])


def test_where_the_words_are_sure_they_stand():
    row = rows(2)[1]
    assert row.answered["open"]
    found, sure = outcome(row, BELOW, SecondWeights(answers=ConfidenceWeights(bias=9.0)))
    assert found == row
    assert sure == pytest.approx(BELOW)


def test_a_margin_makes_the_words_stand_longer():
    row = rows(2)[1]
    near = {"words": ConfidenceWeights(bias=0.0), "answers": ConfidenceWeights(bias=1.0)}
    row.answered["kind"] = "refuse"
    assert outcome(row, 0.1, SecondWeights(**near))[0].decision == "refuse"
    assert outcome(row, 0.1, SecondWeights(margin=0.3, **near))[0] == row


def test_too_few_unsure_requests_are_not_fitted():
    assert fit_second(rows(FEWEST - 1), lambda r: 0.0, regression) is None
    assert fit_second(rows(200), lambda r: 0.9, regression) is None


def test_rows_without_answers_are_decided_by_the_words():
    fitted = fit(rows())
    assert fitted.second is not None
    plain = Row("dev", "x", 0, "act", "act", True, True, {"unread": 3.0})
    assert decided(plain, fitted)[0] == plain
