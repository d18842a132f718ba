from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from planner.lm import bench, bench_process  # noqa: E402
from planner.lm.bench_reference import Reference  # noqa: E402


def test_the_reference_does_the_same_work(small_model):
    """Ratios mean nothing unless both sides compute the same numbers."""
    theirs = Reference(small_model)
    ids = small_model.tokenizer.encode("task: tidy up.\nstep 1:")
    options = [" pick up the red block\n", " done\n", " go to the table\n", " x"]
    coded = [small_model.tokenizer.encode(o) for o in options]
    ours = [s.logprob for s in small_model.score("task: tidy up.\nstep 1:", options)]
    for _ in range(2):
        assert theirs.score_batch(ids, coded) == pytest.approx(ours, abs=1e-3)
    assert [theirs.score_one(ids, c) for c in coded] == pytest.approx(ours, abs=1e-3)
    for _ in range(2):
        text = small_model.tokenizer.decode(theirs.decode(ids, 6))
        assert text.startswith(small_model.complete("task: tidy up.\nstep 1:", 6).text)


def test_questions_have_as_many_different_options_as_asked():
    for count in (1, 53, 551, 5000):
        _, options = bench.question(count)
        assert len(set(options)) == count


def test_measurements_fill_the_table(small_model):
    row = bench.measure_options(small_model, Reference(small_model), 5, 1)
    assert row["options"] == 5
    assert row["largest_difference"] < 1e-3
    assert row["theirs_one_by_one_measured_on"] == 5
    writing = bench.measure_writing(small_model, None, 4, 1)
    result = {"machine": {}, "model": {}, "writing": writing, "process": {"start_up_s": 1.0}, "scoring": [row]}
    text = bench.table(result)
    assert "ratio_batch" in text
    assert "decode_tokens_s" in text


def test_work_is_done_in_turns_after_a_warm_up():
    done = []
    seconds = bench.in_turns({"a": lambda: done.append("a"), "b": lambda: done.append("b")}, 2)
    assert done == ["a", "b"] * 3
    assert all(t >= 0 for t in seconds.values())


@pytest.mark.slow
@pytest.mark.weights
def test_a_process_of_its_own_is_measured():
    first, usual = bench_process.start_up(1)
    assert min(first, usual) > 0.1
    assert 100 < bench_process.peak_memory("bfloat16") < 4000
