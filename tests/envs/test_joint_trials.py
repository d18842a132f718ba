"""Skills beyond pick and place in physics: a few kitchens each; ``make skills`` runs a hundred and writes the table."""

from __future__ import annotations

import pytest

from envs.trial_kinds import TRIALS
from envs.trials import Result, run_trial, summary


@pytest.mark.parametrize(
    "kind",
    [
        "open a drawer",
        "open a lidded box",
        "press a button",
        "put into an open drawer",
        "hand over",
        "turn upright",
        "wipe up a spill",
    ],
)
def test_effects_come_true(kind):
    """Claimed by the skill's own measurement and confirmed by the judge."""
    result = run_trial(kind, 0)
    assert result.claimed, result.why
    assert result.ok, result.why


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(TRIALS))
def test_effects_come_true_in_many_kitchens(kind):
    results = [run_trial(kind, seed) for seed in range(12)]
    assert summary(results)["false"] == 0
    assert summary(results)["ok"] >= 9, [(r.seed, r.why) for r in results if not r.ok]


def test_the_summary_counts_false_successes():
    def result(seed, ok, claimed, failure=""):
        return Result("press a button", seed, "press(button)", ok, claimed, "", failure, 0.1 * seed, 10)

    counts = summary([result(1, True, True), result(2, False, True, "FALSE"), result(3, False, False, "EFFECT")])
    assert (counts["n"], counts["ok"], counts["false"]) == (3, 1, 1)
    assert counts["failures"] == {"EFFECT": 1, "FALSE": 1}
    assert counts["cpu_s"] == pytest.approx(0.2)
    assert counts["seeds"] == [1, 3]
