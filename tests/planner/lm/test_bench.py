from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from planner.lm import bench, bench_process, bench_report, bench_writing  # noqa: E402
from planner.lm.bench_reference import Reference  # noqa: E402
from planner.lm.bench_watch import Watch  # noqa: E402


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
    peers = bench.peers_of(small_model)
    assert list(peers) == ["float32", "bfloat16"]
    row = bench.measure_options(small_model, peers, 5, 1)
    assert row["options"] == 5
    assert row["largest_difference_float32"] < 1e-3 < row["largest_difference_bfloat16"]
    assert row["one_by_one_measured_on"] == 1
    slow = {"theirs_float32_batch_s": 1.0, "theirs_bfloat16_batch_s": 9.0}
    assert list(bench._not_much_slower(peers, slow)) == ["float32"]
    for name in ("batch", "one_by_one", "top5_batch"):
        assert row[f"ratio_{name}"] == min(row[f"ratio_{name}_float32"], row[f"ratio_{name}_bfloat16"])
    writing = bench_writing.measure_writing(small_model, {"float32": peers["float32"]}, 4, 1)
    for name in ("prefill", "decode_plan", "as_used_plan", "decode_answer", "as_used_answer"):
        assert writing[f"ratio_{name}"] == writing[f"ratio_{name}_float32"] > 0
    assert writing["same_text_plan"] is writing["same_text_answer"] is True
    assert writing["drafter"] == "lookup"
    assert small_model.guess == 6
    result = {"machine": {}, "model": {}, "writing": writing, "process": {"start_up_s": 1.0}, "scoring": [row]}
    text = bench_report.table(result)
    assert "ratio_batch_float32" in text
    assert "as_used_plan_tokens_s" in text


def test_a_picture_is_drawn_of_whatever_parts_there_are(tmp_path):
    pytest.importorskip("matplotlib")
    row = {"options": 5, "theirs_float32_batch_s": 1.0, "theirs_float32_one_by_one_s": 9.0}
    full = {
        "peers": ["float32", "bfloat16"],
        "scoring": [row],
        "by_options": [{"options": 5, "ours_all_s": 0.1, "ours_top5_s": 0.1}],
        "by_prompt": [{"tokens": 9, "ours_all_s": 0.1}],
    }
    for i, result in enumerate((full, {"peers": []})):
        bench_report.plot(result, tmp_path / f"{i}.png")
        assert (tmp_path / f"{i}.png").stat().st_size > 1000


def test_work_is_done_in_turns_after_a_warm_up():
    done = []
    seconds = Watch().in_turns({"a": lambda: done.append("a"), "b": lambda: done.append("b")}, 2)
    assert done == ["a", "b"] * 3
    assert all(t >= 0 for t in seconds.values())


def test_a_slow_work_is_not_repeated():
    clock = iter(range(1000))
    done = []
    works = {
        "slow": lambda: [next(clock) for _ in range(40)] and done.append("slow"),
        "fast": lambda: done.append("fast"),
    }
    seconds = Watch(lambda: next(clock), most=30.0).in_turns(works, 2)
    assert done == ["slow", "fast", "fast", "fast"]
    assert seconds == {"slow": 41, "fast": 1}


@pytest.mark.slow
@pytest.mark.weights
def test_a_process_of_its_own_is_measured():
    for processor in (False, True):
        found = bench_process.start_up(1, processor)
        assert 0.1 < found["import_torch_s"] < found["start_up_s"]
    assert 100 < bench_process.peak_memory("bfloat16") < 4000
