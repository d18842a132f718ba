"""Skills beyond pick and place in physics: a few kitchens each; ``make skills`` runs a hundred and writes the table."""

from __future__ import annotations

import json

import pytest

from envs import trials
from envs.stage import StageError
from envs.trial_kinds import TRIALS
from envs.trials import Result, main, read_log, run_trial, summary


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
        "take out of an open cabinet",
    ],
)
def test_effects_come_true(kind):
    """Claimed by the skill's own measurement and confirmed by the judge."""
    result = run_trial(kind, 0)
    assert result.claimed, result.why
    assert result.ok, result.why


@pytest.mark.parametrize("seed", [2, pytest.param(8, marks=pytest.mark.slow)])
def test_what_is_held_from_above_is_taken_differently_to_go_behind_a_door(seed):
    result = run_trial("put into an open cabinet", seed)
    assert result.ok, result.why


@pytest.mark.parametrize(
    ("kind", "seed"),
    [
        ("close a drawer", 41),  # the way to where the push begins led through the drawer
        pytest.param("open a cabinet", 49, marks=pytest.mark.slow),  # the elbow met the open door on the way back
        pytest.param("open a lidded box", 42, marks=pytest.mark.slow),  # something else stood where the way begins
        pytest.param("close a cabinet", 24, marks=pytest.mark.slow),  # it was shut before the push had come to its end
        pytest.param("put into an open cabinet", 39, marks=pytest.mark.slow),  # it came out again with the open hand
        ("take out of an open cabinet", 99),  # deep on the table, looking along it
    ],
)
def test_the_hand_gets_to_the_part_and_away_from_where_it_has_come_to(kind, seed):
    result = run_trial(kind, seed)
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


def test_a_log_is_gone_on_with(tmp_path, monkeypatch):
    """Seeds that stand in it are not tried again; a seed without a start is left out; a cut line is tried again."""
    tried = []

    def trial(kind, seed, library=None):
        tried.append(seed)
        if seed == 2:
            raise StageError("no room")
        return Result(kind, seed, "press(button)", seed != 1, seed != 1, "", "" if seed != 1 else "EFFECT", 0.5, 10)

    monkeypatch.setattr(trials, "run_trial", trial)
    log, out = tmp_path / "log.jsonl", tmp_path / "out.json"
    line = ["--kinds", "press a button", "--log", str(log), "--out", str(out)]
    main([*line, "--n", "3"])
    log.write_text(log.read_text(encoding="utf-8") + '{"kind": "press a but', encoding="utf-8")
    main([*line, "--n", "5", "--minutes", "0"])
    assert tried == [0, 1, 2]
    main([*line, "--n", "5"])
    assert tried == [0, 1, 2, 3, 4]
    counts = json.loads(out.read_text(encoding="utf-8"))["press a button"]
    assert (counts["n"], counts["ok"], counts["failures"], counts["seeds"]) == (4, 3, {"EFFECT": 1}, [0, 4])
    assert read_log(log)["press a button", 2][0] is None
    assert len(read_log(log)) == 5
