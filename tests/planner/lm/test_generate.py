from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from planner.lm.generate import SpeculationCount, choose, generate  # noqa: E402
from planner.lm.sequence import Sequence  # noqa: E402

PROMPT = "pick up the red block. put it in the blue bowl. pick up the green block. put it in the blue bowl. pick"


def half_right(answer: list[int]):
    """A drafter that knows the answer and spoils every third token of it."""

    def draft(tokens, most: int) -> list[int]:
        at = len(tokens)
        return [t if (at + i) % 3 else (t + 1) % 400 for i, t in enumerate(answer[at : at + most])]

    return draft


def written(model, guess, temperature=0.0, seed=0, tokens=60, stop=(), drafter=None):
    count = SpeculationCount()
    with torch.inference_mode():
        sequence = Sequence(model.transformer, model.context)
        sequence.extend(model.tokenizer.encode(PROMPT))
        out = generate(sequence, model.tokenizer, tokens, set(), stop, temperature, seed, guess, count, drafter)
        cached = list(sequence.tokens)
        fresh = Sequence(model.transformer, model.context)
        hidden = fresh.extend(cached)
        assert float((hidden - sequence.hidden).abs().max()) < 1e-3  # the cache is right for what follows
    return out, count


def answer_of(model, temperature=0.0, seed=0, tokens=60) -> list[int]:
    """All tokens of the plain run, prompt included."""
    with torch.inference_mode():
        sequence = Sequence(model.transformer, model.context)
        sequence.extend(model.tokenizer.encode(PROMPT))
        generate(sequence, model.tokenizer, tokens, set(), (), temperature, seed)
        return list(sequence.tokens)


@pytest.mark.parametrize("guess", [1, 3, 8])
def test_speculative_greedy_text_is_the_same_token_for_token(small_model, guess):
    plain, _ = written(small_model, 0)
    fast, count = written(small_model, guess, drafter=half_right(answer_of(small_model)))
    assert (fast.text, fast.tokens) == (plain.text, plain.tokens)
    assert fast.logprob == pytest.approx(plain.logprob, abs=1e-2)
    assert 0 < count.accepted < count.guessed
    assert count.passes < plain.tokens - 1
    own, _ = written(small_model, guess)
    assert own.text == plain.text


def test_speculative_sampled_text_is_the_same_for_the_same_seed(small_model):
    for seed in range(6):
        plain, _ = written(small_model, 0, 0.7, seed, 30)
        drafter = half_right(answer_of(small_model, 0.7, seed, 30))
        fast, count = written(small_model, 4, 0.7, seed, 30, drafter=drafter)
        assert fast.text == plain.text
        assert count.accepted


def test_speculative_samples_follow_the_model_distribution(small_model):
    """Chi-square of the second written token over many seeds, with a drafter that always guesses it."""
    from scipy.stats import chi2

    ids = small_model.tokenizer.encode(PROMPT)
    with torch.inference_mode():
        sequence = Sequence(small_model.transformer, small_model.context)
        first = torch.softmax(small_model.transformer.logits(sequence.extend(ids))[0] / 0.4, -1)
        likely = int(first.argmax())
        after = torch.softmax(small_model.transformer.logits(sequence.extend([likely]))[0] / 0.4, -1)
        guess = int(after.argmax())
        draws, counts = 0, torch.zeros_like(after)
        for seed in range(500):
            del sequence.tokens[len(ids) :]
            del sequence.tokens[-1:]
            sequence.extend(ids[-1:])
            count = SpeculationCount()
            generate(sequence, small_model.tokenizer, 3, set(), (), 0.4, seed, 1, count, lambda tokens, most: [guess])
            written_after = sequence.tokens[len(ids) :]
            if written_after[0] == likely:
                draws += 1
                counts[written_after[1]] += 1
    assert draws > 100
    top = after.topk(6).indices
    expected = torch.cat((after[top], (1 - after[top].sum()).clamp(min=1e-9).view(1))) * draws
    observed = torch.cat((counts[top], (draws - counts[top].sum()).view(1)))
    keep = expected > 3
    statistic = float(((observed - expected) ** 2 / expected)[keep].sum())
    assert statistic < chi2.ppf(0.999, max(1, int(keep.sum()) - 1))


def test_stop_text_ends_both_alike(small_model):
    text = written(small_model, 0)[0].text
    mark = text[10:12]
    plain, fast = written(small_model, 0, stop=[mark])[0], written(small_model, 5, stop=[mark])[0]
    assert plain == fast or (plain.text, plain.tokens) == (fast.text, fast.tokens)
    assert plain.text == text[: text.index(mark)]


def test_sampling_follows_the_model_distribution(small_model):
    """Chi-square of the token choice over the likeliest tokens."""
    from scipy.stats import chi2

    model = small_model.transformer
    ids = small_model.tokenizer.encode(PROMPT)
    with torch.inference_mode():
        sequence = Sequence(model, small_model.context)
        sequence.extend(ids)
        logits = model.logits(sequence.hidden)[0]
        probabilities = torch.softmax(logits / 1.5, -1)
        generator = torch.Generator().manual_seed(5)
        draws = 4000
        counts = torch.zeros_like(probabilities)
        normaliser = torch.logsumexp(logits, -1)
        for _ in range(draws):
            counts[choose(model, sequence.hidden[0], logits, normaliser, 1.5, generator)[0]] += 1
    top = probabilities.topk(12).indices
    expected = torch.cat((probabilities[top], (1 - probabilities[top].sum()).view(1))) * draws
    observed = torch.cat((counts[top], (draws - counts[top].sum()).view(1)))
    statistic = float(((observed - expected) ** 2 / expected).sum())
    assert statistic < chi2.ppf(0.999, len(expected) - 1)
