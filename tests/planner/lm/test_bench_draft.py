from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from planner.lm import bench_draft  # noqa: E402


def test_every_drafter_writes_the_same_on_every_kind_of_text(small_model):
    before = small_model.guess, small_model.drafter, small_model.stop_tokens, small_model.speculation
    rows = bench_draft.measure(small_model, "task: pick up the red block.\n 1.", 8, 1, small_model)
    assert (small_model.guess, small_model.drafter, small_model.stop_tokens, small_model.speculation) == before
    assert {r["text"] for r in rows} == {"plan", "list", "answer", "story"}
    assert all(r["same_text"] and r["tokens_s"] > 0 for r in rows)
    plain = [r for r in rows if r["drafter"] == "none"]
    assert [r["accept_rate"] for r in plain] == [None] * 4
    assert [r["speed_up"] for r in plain] == [1.0] * 4
    itself = [r for r in rows if r["drafter"].startswith("model:")]
    assert all(r["accept_rate"] in (None, 1.0) for r in itself)
    assert len(bench_draft.lines(rows)) == len(rows)
