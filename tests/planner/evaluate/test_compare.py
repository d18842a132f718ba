from __future__ import annotations

import json

import pytest

from planner.evaluate.compare import compare
from planner.evaluate.folder import EvaluateError


def store(folder, outcomes, planner="ours", suite="s", measure="plan_success"):
    """One line per outcome; the task's number is its place."""
    folder.mkdir(exist_ok=True)
    with (folder / "episodes.jsonl").open("a") as stream:
        for i, value in enumerate(outcomes):
            line = {"planner": planner, "suite": suite, "task": f"t{i}", "seed": 0, "measures": {measure: value}}
            stream.write(json.dumps(line) + "\n")
    return folder


@pytest.fixture
def folders(tmp_path):
    def make(a, b, **more):
        return store(tmp_path / "a", a, **more), store(tmp_path / "b", b, **more)

    return make


def only(found, suite="s"):
    return next(r for r in found.rows if r.suite == suite)


def test_pairs_are_counted_and_what_was_lost_is_named(folders):
    row = only(compare(*folders([True, True, False, False], [True, False, True, False])))
    assert (row.paired.n, row.paired.both, row.paired.only_a, row.paired.only_b) == (4, 1, 1, 1)
    assert row.lost == ("s/t1 seed 0",)
    assert not row.worse(0.05, strict=False)
    assert row.worse(0.05, strict=True)


def test_worse_means_more_lost_than_chance_would(folders):
    row = only(compare(*folders([True] * 20, [False] * 8 + [True] * 12)))
    assert row.worse(0.05, strict=False)
    assert row.paired.p == pytest.approx(2 / 2**8)


def test_better_is_never_worse(folders):
    row = only(compare(*folders([False] * 9, [True] * 9)))
    assert not row.worse(0.05, strict=False)
    assert not row.worse(0.05, strict=True)


def test_more_false_success_is_worse(folders):
    row = only(compare(*folders([False] * 8, [True] * 8, measure="false_success")))
    assert row.worse(0.05, strict=False)
    assert len(row.lost) == 8


def test_episodes_of_one_folder_only_are_left_out_and_said(folders):
    found = compare(*folders([True] * 3, [True] * 5))
    assert only(found).paired.n == 3
    assert "2 episodes" in found.notes[0]


def test_two_planners_of_other_names_can_be_compared(tmp_path):
    a, b = store(tmp_path / "a", [True], planner="x"), store(tmp_path / "b", [False], planner="y")
    assert only(compare(a, b)).planner == "x / y"
    store(b, [True], planner="z")
    with pytest.raises(EvaluateError, match="no planner is in both"):
        compare(a, b)
    assert only(compare(a, b, ["x", "z"])).paired.both == 1
    with pytest.raises(EvaluateError, match="has no planner 'q'; it has: y, z"):
        compare(a, b, ["x", "q"])


def test_two_planners_of_one_folder(tmp_path):
    a = store(store(tmp_path / "a", [True, False], planner="x"), [True, True], planner="y")
    assert only(compare(a, a, ["x", "y"])).paired.only_b == 1


def test_nothing_in_common_is_an_error(tmp_path):
    a, b = store(tmp_path / "a", [True], suite="s"), store(tmp_path / "b", [True], suite="other")
    with pytest.raises(EvaluateError, match="no task and seed in common"):
        compare(a, b)


def test_a_folder_without_episodes_is_an_error_with_a_remedy(tmp_path):
    with pytest.raises(EvaluateError, match="name the --out of an evaluation"):
        compare(tmp_path, tmp_path)
    (tmp_path / "episodes.jsonl").write_text("[]\n")
    with pytest.raises(EvaluateError, match=":1: not an episode"):
        compare(tmp_path, tmp_path)
