from __future__ import annotations

import pytest

from planner.evaluate.folder import EvaluateError
from planner.evaluate.pool import Processes
from planner.evaluate.trials import Trial
from planner.lm.errors import ModelError
from trials import job, task


@pytest.mark.slow
def test_workers_that_cannot_even_begin_stop_the_evaluation(monkeypatch):
    monkeypatch.setattr("planner.evaluate.pool._serve", _dies)
    trials = [Trial("symbolic-oracle", task(), seed) for seed in range(9)]
    results = Processes(1).results(trials, job(True))
    assert next(results)["worker_died"]
    with pytest.raises(EvaluateError, match="3 workers in a row died"):
        list(results)


def _dies(*args):
    raise SystemExit(3)


@pytest.mark.slow
def test_a_missing_model_ends_it_with_the_models_own_words(tmp_path):
    trials = [Trial("lm-only", task(), 0)]
    with pytest.raises(ModelError, match="none"):
        list(Processes(1).results(trials, job(True, f"model.name={tmp_path}/none.gguf")))
