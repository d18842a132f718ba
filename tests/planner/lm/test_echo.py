from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch")

from planner.lm.echo import common_beginning  # noqa: E402
from planner.lm.engine import load_language_model  # noqa: E402

HEAD = "task: put the red block in the blue bowl, then the green one on the table.\nstep 1:"
CALLS = [
    [HEAD + o for o in (" pick up the red block\n", " pick up the blue bowl\n", " done\n")],
    [HEAD + o for o in (" go to the table\n", " done\n")],
    [HEAD],
    [HEAD + " pick up the red block\nstep 2:" + o for o in (" put it down\n", " done\n")],
    ["task: bring me the sponge", "another beginning", HEAD[:30], HEAD],
    ["x", "x", HEAD],
    [HEAD + " done\n"] * 2,
]


def slow(hf, ids: list[int]) -> list[float]:
    """Transformers over the whole text."""
    with torch.inference_mode():
        logprobs = hf(torch.tensor([ids])).logits[0].log_softmax(-1)
    return [float(logprobs[i, t]) for i, t in enumerate(ids[1:])]


def test_whatever_was_asked_before_every_token_has_the_plain_log_probability(small_folder, small_hf):
    """In any order of calls, and with other work on the same cache between them."""
    model = load_language_model(small_folder, dtype="float32")
    for calls in (CALLS, CALLS[::-1], CALLS):
        for prompts in calls:
            for prompt, tokens in zip(prompts, model.prompt_logprobs(prompts), strict=True):
                assert math.isnan(tokens[0].logprob)
                assert "".join(t.text for t in tokens) == prompt
                expected = slow(small_hf, model.tokenizer.encode(prompt))
                assert [t.logprob for t in tokens[1:]] == pytest.approx(expected, abs=1e-3)
        model.score(HEAD, [" done\n", " go\n"])
        model.complete(HEAD, 3)


def test_what_a_call_shares_with_the_one_before_is_not_computed_again(small_folder):
    model = load_language_model(small_folder, dtype="float32")
    model.prompt_logprobs(CALLS[0])
    first = model.usage.computed_tokens
    model.prompt_logprobs(CALLS[1])
    assert model.usage.computed_tokens - first < 12 < len(model.tokenizer.encode(HEAD)) <= first


def test_long_beginnings_are_scored_in_parts(small_folder, small_hf):
    model = load_language_model(small_folder, dtype="float32")
    prompt = HEAD * 12
    ids = model.tokenizer.encode(prompt)
    assert 300 < len(ids) < 1024
    tokens = model.prompt_logprobs([prompt, prompt + " done\n"])[0]
    assert [t.logprob for t in tokens[1:]] == pytest.approx(slow(small_hf, ids), abs=1e-3)


def test_common_beginnings():
    assert common_beginning([[1, 2, 3], [1, 2], [1, 2, 4]]) == [1, 2]
    assert common_beginning([[1, 2], [3]]) == []
    assert common_beginning([[5]]) == [5]
