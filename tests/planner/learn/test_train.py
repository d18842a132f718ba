"""The loop: it learns, it stops when told, and a killed run ends in the same bytes as one that was left alone."""

from __future__ import annotations

import itertools
import json
import math
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from planner.learn import checkpoint  # noqa: E402
from planner.learn.feed import Feed, Position  # noqa: E402
from planner.learn.network import AdapterWeights, Network, OwnWeights  # noqa: E402
from planner.learn.train import Listener, Progress, Schedule, Trainer  # noqa: E402

SCHEDULE = Schedule(steps=12, rate=3e-3, save_every=0, score_every=0)


def _source(texts):
    """An endless stream from a few examples: the seed turns their order and cuts questions away."""

    def source(split, seed, count):
        turned = [texts[(seed + i) % len(texts)] for i in range(count)]
        return [(prefix, questions[(seed + i) % 3 :]) for i, (prefix, questions) in enumerate(turned)]

    return source


def _trainer(small, texts, own=False, folder=None, schedule=SCHEDULE, splits=None, listener=None, **choices):
    model = small(layers=2, **choices)
    generator = torch.Generator().manual_seed(0)
    weights = (
        OwnWeights(model.tensors, torch.float32)
        if own
        else AdapterWeights(model.config, model.tensors, torch.float32, 4, 8.0, generator)
    )
    feed = Feed(_source(texts), model.tokenizer.encode_many, 3, per_step=2, portion=7, lengths=(256, 512), size=512)
    return Trainer(Network(model.config, weights), feed, schedule, splits, folder, None, listener)


def _bytes(trainer):
    return {n: p.detach().clone() for n, p in trainer.network.weights.trained().items()}


@pytest.mark.parametrize("own", [True, False])
def test_the_loss_falls(own, small, texts):
    schedule = replace(SCHEDULE, steps=25)
    trainer = _trainer(small, texts, own, schedule=schedule)
    progress = trainer.run()
    assert progress.step == 25
    assert progress.ended == "all steps done"
    assert progress.examples > 25
    first, last = (sum(r[1] for r in rows) / 3 for rows in (progress.losses[:3], progress.losses[-3:]))
    assert last < 0.7 * first


def test_the_rate_rises_and_falls():
    schedule = Schedule(steps=100, rate=1.0, warmup=0.1, floor=0.1)
    rates = [schedule.rate_at(i) for i in range(100)]
    assert rates[0] == pytest.approx(0.1)
    assert rates[9] == pytest.approx(1.0)
    assert all(a >= b for a, b in itertools.pairwise(rates[9:]))
    assert 0.1 < rates[-1] < 0.11
    assert schedule.rate_at(500) == pytest.approx(0.1)


def test_scores_are_taken_on_the_way_and_no_better_ones_end_the_run(small, texts):
    schedule = replace(SCHEDULE, steps=50, rate=0.0, score_every=2, patience=2)
    trainer = _trainer(small, texts, schedule=schedule)
    trainer.splits = {"dev": trainer.feed.coded("dev", 0, 3)}
    progress = trainer.run()
    assert [step for step, _ in progress.scores] == [2, 4, 6]
    assert progress.best[0] == 2
    assert progress.ended == "no better score in 2 scorings"
    cell = progress.scores[0][1]["dev"]["meant"]
    assert cell["n"] == sum(b.kind == "meant" for e in trainer.splits["dev"] for b in e.branches)
    assert cell["low"] <= cell["share"] <= cell["high"]


def test_a_time_limit_ends_the_run_with_a_checkpoint_to_go_on_from(small, texts, tmp_path):
    trainer = _trainer(small, texts, folder=tmp_path, schedule=replace(SCHEDULE, time_limit=0.0))
    assert trainer.run().ended == "time limit"
    assert trainer.progress.step == 1
    again = _trainer(small, texts, folder=tmp_path)
    assert again.resume()
    assert again.run().step == 12
    whole = _trainer(small, texts)
    whole.run()
    ours, theirs = _bytes(again), _bytes(whole)
    assert all(torch.equal(ours[n], theirs[n]) for n in ours)


def test_a_loss_that_is_not_finite_ends_the_run_with_a_reason(small, texts):
    trainer = _trainer(small, texts, own=True)
    trainer.network.weights.trained()["norm"].data.fill_(math.nan)
    assert "lower the learning rate" in trainer.run().ended


KILLED = """
import json, os, signal, sys
from pathlib import Path
import torch
torch.set_num_threads(1)
sys.path[:0] = json.loads(sys.argv[1])
import conftest as c
import test_train as t
from planner.lm.tokenizer import TextTokenizer
from planner.learn.scratch import Shape, first_weights

class Killer(t.Listener):
    def stepped(self, progress, schedule):
        if progress.step == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)

class Model:
    pass

def small(**choices):
    model = Model()
    model.tokenizer = TextTokenizer.from_json(Path(sys.argv[4]).read_text())
    model.config = Shape(width=32, layers=2, heads=2, kv_heads=1).config(model.tokenizer.vocab_size, 512)
    model.tensors = first_weights(model.config, torch.Generator().manual_seed(0), 0.3)
    return model

trainer = t._trainer(small, c.examples(), sys.argv[5] == "own", Path(sys.argv[2]), listener=Killer())
trainer.resume()
trainer.run()
"""


@pytest.mark.peer
@pytest.mark.parametrize("own", ["own", "adapter"])
def test_a_killed_run_ends_in_the_same_bytes(own, small_tokenizer_json, tmp_path):
    here = json.dumps([str(Path(__file__).parent), str(Path(__file__).parents[3])])
    (tmp_path / "tokenizer.json").write_text(small_tokenizer_json)
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}

    def run(folder, kill_at):
        command = [sys.executable, "-c", KILLED, here, str(folder), str(kill_at), str(tmp_path / "tokenizer.json"), own]
        return subprocess.run(command, env=environment, timeout=120, capture_output=True, text=True)

    left_alone = run(tmp_path / "a", -1)
    assert left_alone.returncode == 0, left_alone.stderr
    for kill_at in (5, 9):
        assert run(tmp_path / "b", kill_at).returncode == -signal.SIGKILL
    assert run(tmp_path / "b", -1).returncode == 0
    one, two = (sorted((tmp_path / f).glob("*/state.safetensors")) for f in "ab")
    assert len(one) == len(two) == 1
    assert one[0].read_bytes() == two[0].read_bytes()


def test_steps_do_not_depend_on_where_one_begins(small, texts):
    feed = _trainer(small, texts).feed
    walk = feed.steps(Position())
    seen = [next(walk) for _ in range(6)]
    for (start, _), (position, group) in itertools.pairwise(seen):
        again = next(feed.steps(start))
        assert again[0] == position
        assert [b.trees.tokens.tolist() for b in again[1]] == [b.trees.tokens.tolist() for b in group]
    walk.close()


def test_a_checkpoint_of_other_weights_is_refused(small, texts, tmp_path):
    trainer = _trainer(small, texts, folder=tmp_path, schedule=replace(SCHEDULE, steps=1))
    trainer.run()
    with pytest.raises(checkpoint.CheckpointError, match="other weights"):
        _trainer(small, texts, own=True, folder=tmp_path).resume()


def test_a_damaged_checkpoint_is_passed_over_or_named(tmp_path):
    checkpoint.save(tmp_path, 1, {"x": torch.ones(2)}, {"n": 1})
    (tmp_path / "checkpoint-0000002").mkdir()
    loaded = checkpoint.load(tmp_path)
    assert loaded is not None
    assert loaded[1] == {"n": 1}
    (tmp_path / "checkpoint-0000001" / "state.json").write_text("{")
    with pytest.raises(checkpoint.CheckpointError, match="train again"):
        checkpoint.load(tmp_path)
    assert checkpoint.load(tmp_path / "empty") is None


def test_progress_is_plain_data_and_back():
    progress = Progress(step=3, position=Position(1, 2), losses=[(1, 0.5, 0.2, 10.0)], scores=[(2, {"dev": {}})])
    assert Progress.from_json(json.loads(json.dumps(progress.to_json()))) == progress
    assert isinstance(Listener(), Listener)
