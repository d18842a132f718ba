from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from planner.lm.bench_questions import question
from planner.lm.errors import ModelError

PREFIX = "bring me the sponge from the far counter.\nstep 1:"
OPTIONS = [
    f" {verb} the {colour} {thing}\n"
    for verb in ("pick up", "put down", "go to", "stack", "throw away")
    for colour in ("red", "green", "blue", "yellow", "far")
    for thing in ("block", "bowl", "block on the red one", "pepsi can", "counter")
] + [" done\n", " pick", " pick up\n"]


@pytest.fixture(autouse=True, params=[0, 10_000], ids=["search", "all at once"])
def way(request, monkeypatch):
    monkeypatch.setattr("planner.lm.local.LocalModel.ALL_AT_ONCE", request.param)
    return request.param


@pytest.mark.parametrize("k", [1, 5, 40, 1000])
@pytest.mark.parametrize("per_token", [True, False])
@pytest.mark.parametrize("with_bonus", [False, True])
def test_the_best_k_are_those_of_the_full_scores(small_model, k, per_token, with_bonus):
    scores = small_model.score(PREFIX, OPTIONS)
    bonus = np.random.default_rng(0).normal(size=len(OPTIONS)).tolist() if with_bonus else None
    values = [s.per_token if per_token else s.logprob for s in scores]
    if bonus:
        values = [v + b for v, b in zip(values, bonus, strict=True)]
    expected = sorted(range(len(OPTIONS)), key=lambda i: -values[i])[:k]
    found = small_model.best(PREFIX, OPTIONS, k, per_token=per_token, bonus=bonus)
    assert [i for i, _ in found] == expected
    for i, score in found:
        assert score.logprob == pytest.approx(scores[i].logprob, abs=1e-3)
        assert score.tokens == scores[i].tokens


def test_pruning_computes_less_and_leaves_the_cache_right(small_model, way):
    small_model.forget()
    small_model.score(PREFIX, ["x"])
    before = small_model.usage
    full = small_model.score(PREFIX, OPTIONS)
    middle = small_model.usage
    small_model.best(PREFIX, OPTIONS, 1, per_token=False)
    after = small_model.usage
    if way == 0:
        assert (after - middle).computed_tokens < (middle - before).computed_tokens
    again = small_model.score(PREFIX, OPTIONS)
    assert max(abs(a.logprob - b.logprob) for a, b in zip(full, again, strict=True)) < 1e-3


def test_nothing_asked_nothing_found_and_empty_options_are_refused(small_model):
    assert small_model.best(PREFIX, [], 3) == []
    assert small_model.best(PREFIX, OPTIONS, 0) == []
    with pytest.raises(ModelError, match="empty"):
        small_model.best(PREFIX, ["a", ""], 1)


def test_the_end_of_the_prompt_and_forced_tokens_are_one_pass(small_model, way):
    """Options that all begin alike, behind a prompt of which the last words are new."""
    options = [
        f" then put the {colour} {thing}\n" for colour in ("red", "blue", "far") for thing in ("block", "can", "bowl")
    ]
    for i in range(3):
        small_model.score(PREFIX, ["x"])
        prompt = PREFIX + f" go to table {i}.\nstep 2:"
        found = small_model.best(prompt, options, 4)
        scores = small_model.score(prompt, options)
        expected = sorted(range(len(options)), key=lambda i: -scores[i].per_token)[:4]
        assert [i for i, _ in found] == expected
        for i, score in found:
            assert score.logprob == pytest.approx(scores[i].logprob, abs=1e-3)
        assert small_model.complete(prompt, 3).text == fresh(small_model, prompt)


def fresh(model, prompt: str) -> str:
    model.forget()
    return model.complete(prompt, 3).text


@pytest.mark.slow
@pytest.mark.weights
def test_most_of_many_options_are_left_out_in_the_second_step(default_model, way):
    """The best five of 551 on default weights: exact, and less than half of the work of a first step."""
    if way:
        pytest.skip("a search is what is tested")
    prefix, options = question(551)
    default_model.forget()
    start = default_model.usage
    default_model.best(prefix, options, 5)
    first = default_model.usage
    step = prefix + options[0] + " 2."
    found = default_model.best(step, options, 5)
    second = default_model.usage
    scores = default_model.score(step, options)
    last = default_model.usage
    assert [i for i, _ in found] == sorted(range(551), key=lambda i: -scores[i].per_token)[:5]
    cold, warm, everything = (u.computed_tokens for u in (first - start, second - first, last - second))
    assert warm <= 0.5 * cold
    assert warm <= 0.4 * everything
