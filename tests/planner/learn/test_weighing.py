"""The fits: they find what the rows were made of, and say how sure they are."""

from __future__ import annotations

import numpy as np

from planner.evaluate.calibration import reliability
from planner.learn.weighing import Row, cross_validated, decided, fit, fit_decision, fit_goal
from planner.propose.answers import Answers
from planner.propose.sentence import Words
from planner.propose.thought import Candidate, Thought
from skills.symbols import parse_literal

ANSWERS = Answers({"a": (0.8, 0.1, 0.1)}, (0.8, 0.1, 0.1), (1.0,))


def rows(n: int = 300, seed: int = 2) -> list[Row]:
    """The answers are worth three times the words; rules are right about asking in nine of ten cases."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(n):
        goals = [[float(-3 * rng.random()), float(-3 * rng.random()), float(rng.random() < 0.5)] for _ in range(4)]
        z = np.asarray([0.5 * g[0] + 1.5 * g[1] for g in goals])
        p = np.exp(z - z.max())
        best = int(rng.choice(4, p=p / p.sum()))
        asks = bool(rng.random() < 0.3)
        rule = "ask" if asks == bool(rng.random() < 0.9) else "act"
        cands = tuple(
            Candidate("", (parse_literal(f"in(a, {k})"),), frozenset({"words"}), *g[:2]) for k, g in enumerate(goals)
        )
        said = [-0.7, -1.2, -1.6] if not asks else [-1.4, -0.8, -1.6]
        made.append(
            Row(
                {"split": "dev", "family": "x", "index": i}, "ask" if asks else "act", goals,
                [k == best for k in range(4)], said, rule, Thought(Words(()), ANSWERS, cands),
            )
        )  # fmt: skip
    return made


def test_the_better_source_gets_the_greater_weight() -> None:
    w = fit_goal(rows())
    assert 2.0 < w.asked / w.words < 4.5
    assert min(w.words, w.asked, w.both) >= 0.0


def test_a_rule_that_is_mostly_right_counts() -> None:
    made = rows()
    weights = fit(made)
    decision = fit_decision(made)
    assert decision.ask_rule + decision.ask_clear > 1.0  # every word of these requests counts as understood
    right = [decided(r, weights)[0] == r.truth for r in made]
    assert sum(right) / len(right) > 0.85


def test_confidence_on_unseen_folds_is_calibrated() -> None:
    found = reliability(cross_validated(rows()))
    assert found["n"] == 300
    assert found["ece"] < 0.12


def test_the_same_rows_give_the_same_weights() -> None:
    assert fit(rows(), "x") == fit(rows(), "x")
