"""Fitting how sure to be: the fit finds what the rows were made of, and a killed collection goes on."""

from __future__ import annotations

import math

import numpy as np
import pytest

from planner.evaluate.calibration import reliability
from planner.ground.grounder import GroundConfig
from planner.learn.examples import load_knowledge
from planner.learn.row_file import RowFile
from planner.learn.sure import (
    LEAST,
    Row,
    by_chance,
    collect,
    cross_validated,
    digest,
    fit,
    pairs,
    planners,
    sure_of,
    threshold,
)
from planner.lm.api import ScriptedLM
from planner.propose.proposer import ProposeConfig


def rows(n: int = 800, seed: int = 3) -> list[Row]:
    """Acts are the less often right the more was left unread; of the questions half are right whatever is seen."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(n):
        kind = "act" if rng.random() < 0.7 else "ask"
        unread = float(rng.integers(0, 4))
        p = 1 / (1 + math.exp(-(2.0 - 1.5 * unread))) if kind == "act" else 0.5
        right = bool(rng.random() < p)
        truth = kind if right else "act" if kind == "ask" or rng.random() < 0.5 else "ask"
        told = {"unread": unread, "noise": float(rng.normal())}
        made.append(Row("dev", "x", i, kind, truth, right, right or bool(rng.random() < 0.5), told))
    return made


def test_the_fit_finds_what_makes_acts_wrong():
    by = fit(rows(3000)).weights.by
    assert by["unread"] + by["act: unread"] == pytest.approx(-1.5, abs=0.3)
    assert by["unread"] + by["ask: unread"] == pytest.approx(0.0, abs=0.3)
    assert abs(by["noise"]) < 0.15


def test_every_row_is_spoken_of_once_something_is_fitted():
    fitted = fit(rows())
    assert 0 < sure_of(Row("dev", "x", 0, "refuse", "refuse", True, False, {}), fitted) < 1
    assert sure_of(rows(1)[0], fit([])) is None


def test_on_rows_that_were_not_fitted_it_is_calibrated():
    made = rows()
    done = cross_validated(made)
    found = reliability(pairs([r for r, _ in done], [p for _, p in done]))
    assert found["n"] == 800
    assert found["ece"] < 0.06
    assert found["brier"] < 0.2


def test_too_few_rows_are_not_fitted():
    assert fit(rows()[: LEAST - 1]).weights is None


def test_a_feature_that_hardly_any_row_shows_is_left_out():
    made = rows(200)
    made[0].features["once"] = 1.0
    assert "once" not in fit(made).weights.by


def test_the_same_rows_give_the_same_figures():
    assert fit(rows()) == fit(rows())
    assert digest(rows()) == digest(rows()) != digest(rows(seed=4))


def test_chance_alone_leaves_an_error_that_shrinks_with_the_number():
    few, many = [(0.5, True)] * 40, [(0.5, True)] * 4000
    assert by_chance(few) > 0.04 > 0.02 > by_chance(many)
    assert by_chance([]) == 0.0
    assert by_chance([(0.0, False), (1.0, True)]) == 0.0


def test_a_threshold_turns_unsure_acts_into_questions():
    def act(right: bool, truth: str = "act", offered: bool = False) -> Row:
        return Row("dev", "x", 0, "act", truth, right, offered, {})

    made = [act(True), act(False, "ask"), act(False, offered=True), act(False)]
    none, some = threshold(made, [0.9, 0.2, 0.2, 0.2], 0.0), threshold(made, [0.9, 0.2, 0.2, 0.2], 0.5)
    assert (none.right, none.wrong_acts, none.asked) == (1, 3, 0)
    assert (some.right, some.wrong_acts, some.asked, some.spared, some.solved) == (2, 0, 3, 3, 3)


def test_a_collection_goes_on_where_it_stopped(tmp_path):
    knowledge = load_knowledge()
    opened = planners(ScriptedLM(lambda prefix, option: 0.0), ProposeConfig(), GroundConfig(), knowledge)
    told: list[tuple[str, int]] = []

    def run(n: int) -> dict[str, list[Row]]:
        file = RowFile(tmp_path / "rows.jsonl", {"seed": 2})
        return collect(file, {"dev": n, "unseen": 2}, 2, knowledge, opened, lambda *x: told.append(x))

    first, second = run(2), run(3)
    assert [n for s, n in told if s == "dev"] == [0, 1, 2, 2, 3]
    assert [n for s, n in told if s == "unseen"] == [0, 1, 2, 2]
    assert second["dev"][:2] == first["dev"]
    assert second["unseen"] == first["unseen"]
    assert len({r.index for r in second["dev"]}) == 3
