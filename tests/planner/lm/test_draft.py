"""Drafters change the number of passes and never the text."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")

from planner.lm.draft import (  # noqa: E402
    DraftModel,
    EarlyLayers,
    FirstOf,
    Lookup,
    Pace,
    choose_drafter,
    first_layers,
    lookup,
)
from planner.lm.engine import load_language_model  # noqa: E402
from planner.lm.errors import ModelError  # noqa: E402
from planner.lm.generate import SpeculationCount, generate  # noqa: E402
from planner.lm.linear import Dense  # noqa: E402
from planner.lm.sequence import Sequence  # noqa: E402
from planner.lm.tokenizer import TextTokenizer  # noqa: E402

PROMPT = "pick up the red block. put it in the blue bowl. pick up the green block. put it in the blue bowl. pick"


@pytest.fixture(scope="module")
def calm(small_folder):
    """The small random model with a last layer that changes little: its early layers guess well, not always."""
    model = load_language_model(small_folder, dtype="float32")
    last = model.transformer.layers[-1]
    last.o, last.down = Dense(last.o.weight * 0.05), Dense(last.down.weight * 0.05)
    return model


@pytest.fixture(scope="module")
def noisy(small_folder, calm):
    """The same with other noise in its weights: a smaller model would agree with the big one as often."""
    model = load_language_model(small_folder, dtype="float32")
    generator = torch.Generator().manual_seed(3)
    model.transformer.layers = [copy.copy(layer) for layer in calm.transformer.layers]
    for layer in model.transformer.layers:
        noise = torch.randn(layer.down.weight.shape, generator=generator)
        layer.down = Dense(layer.down.weight + 0.03 * noise)
    return model


def drafter_of(kind: str, calm, noisy):
    made = {
        "early": EarlyLayers(2, least=0.0),
        "model": DraftModel(noisy.transformer, noisy.tokenizer, calm.tokenizer, "noisy", least=0.0),
        "lookup": Lookup(),
    }
    return made.get(kind) or FirstOf((Lookup(), made["model"]))


def written(model, drafter, temperature=0.0, seed=0, tokens=60, guess=4):
    count = SpeculationCount()
    with torch.inference_mode():
        sequence = Sequence(model.transformer, model.context)
        sequence.extend(model.tokenizer.encode(PROMPT))
        draft = drafter.begin(sequence) if drafter else None
        generate(sequence, model.tokenizer, tokens, set(), (), temperature, seed, guess if draft else 0, count, draft)
        fresh = Sequence(model.transformer, model.context)
        hidden = fresh.extend(list(sequence.tokens))
        assert float((hidden - sequence.hidden).abs().max()) < 1e-3  # drafting left the cache right
    return sequence.tokens, count


KINDS = ["early", "model", "lookup", "both"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("guess", [1, 5])
def test_greedy_text_is_the_same_token_for_token(calm, noisy, kind, guess):
    plain, passes = written(calm, None)
    fast, count = written(calm, drafter_of(kind, calm, noisy), guess=guess)
    assert fast == plain
    if kind != "lookup":
        assert 0 < count.accepted < count.guessed
        assert count.passes < passes.passes


@pytest.mark.parametrize("kind", KINDS)
def test_sampled_text_is_the_same_for_the_same_seed(calm, noisy, kind):
    accepted = 0
    for seed in range(4):
        plain, _ = written(calm, None, 0.8, seed, 30)
        fast, count = written(calm, drafter_of(kind, calm, noisy), 0.8, seed, 30)
        assert fast == plain
        accepted += count.accepted
    assert accepted or kind == "lookup"


@pytest.mark.parametrize("kind", ["early", "model"])
def test_samples_follow_the_model_distribution(calm, noisy, kind):
    """Chi-square over many seeds of the token behind the likeliest first one, drafted each time."""
    from scipy.stats import chi2

    heat, ids = 0.5, calm.tokenizer.encode(PROMPT)
    drafter = drafter_of(kind, calm, noisy)
    with torch.inference_mode():
        sequence = Sequence(calm.transformer, calm.context)
        first = torch.softmax(calm.transformer.logits(sequence.extend(ids))[0] / heat, -1)
        likely = int(first.argmax())
        after = torch.softmax(calm.transformer.logits(sequence.extend([likely]))[0] / heat, -1)
        counts, accepted = torch.zeros_like(after), 0
        for seed in range(300):
            del sequence.tokens[len(ids) - 1 :]
            sequence.extend(ids[-1:])
            count = SpeculationCount()
            draft = drafter.begin(sequence)
            generate(sequence, calm.tokenizer, 3, set(), (), heat, seed, 1, count, draft)
            accepted += count.accepted
            if sequence.tokens[len(ids)] == likely:
                counts[sequence.tokens[len(ids) + 1]] += 1
    draws = float(counts.sum())
    assert draws > 30
    assert accepted > 20
    top = after.topk(6).indices
    expected = torch.cat((after[top], (1 - after[top].sum()).clamp(min=1e-9).view(1))) * draws
    observed = torch.cat((counts[top], (draws - counts[top].sum()).view(1)))
    keep = expected > 3
    statistic = float(((observed - expected) ** 2 / expected)[keep].sum())
    assert statistic < chi2.ppf(0.999, max(1, int(keep.sum()) - 1))


def test_early_layers_guess_what_a_cut_model_would_write(calm):
    shallow = first_layers(calm.transformer, 2)
    ids = calm.tokenizer.encode(PROMPT)
    with torch.inference_mode():
        alone = Sequence(shallow, calm.context)
        expected = []
        hidden = alone.extend(ids)
        for _ in range(4):
            expected.append(int(shallow.logits(hidden)[0].argmax()))
            hidden = alone.extend(expected[-1:])
        sequence = Sequence(calm.transformer, calm.context)
        sequence.extend(ids[:-1])
        assert EarlyLayers(2, least=0.0).begin(sequence)(ids, 4) == expected
        assert EarlyLayers(2, least=1.1).begin(sequence)(ids, 4) == []
        assert sequence.tokens == ids[:-1]


def test_a_draft_model_follows_the_text_whatever_happens_to_it(calm, noisy):
    drafter = drafter_of("model", calm, noisy)
    with torch.inference_mode():
        sequence = Sequence(calm.transformer, calm.context)
        draft = drafter.begin(sequence)
        ids = calm.tokenizer.encode(PROMPT)
        other = [*ids[:9], 300, *ids[9:12]]
        fresh = drafter_of("model", calm, noisy).begin(sequence)
        for tokens in (ids, other, ids[:5], ids, ids):
            assert draft(tokens, 3) == drafter_of("model", calm, noisy).begin(sequence)(tokens, 3) == fresh(tokens, 3)
        assert draft([1] * 1024, 3) == []  # beyond its context it keeps quiet
        assert len(draft([1] * 1022, 5)) == 2


def test_a_model_writes_the_same_with_every_drafter(small_folder, small_model):
    plain = small_model.complete(PROMPT, 40)
    for kind in ("none", "lookup", "early", "early:1", "model", "auto"):
        model = load_language_model(small_folder, dtype="float32", draft=kind, draft_model=small_folder)
        assert model.complete(PROMPT, 40).text == plain.text
        if kind == "model":
            assert model.speculation.accepted == model.speculation.guessed > 0
        if kind == "none":
            assert model.speculation.guessed == 0


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("martian", "unknown drafter 'martian'; known: auto"),
        ("early:", "unknown drafter"),
        ("early:x", "unknown drafter"),
        ("early:0", "choose 1 to 2"),
        ("early:3", "choose 1 to 2"),
        ("model", "--draft-model"),
    ],
)
def test_what_cannot_draft_is_said(small_model, kind, message):
    with pytest.raises(ModelError, match=message):
        choose_drafter(kind, small_model)


def test_a_model_of_another_tokenizer_is_refused(small_model):
    from tokenizers import Tokenizer, models

    other = TextTokenizer(Tokenizer(models.BPE(vocab={c: i for i, c in enumerate("abc")}, merges=[])))
    assert not other.agrees_with(small_model.tokenizer)
    with pytest.raises(ModelError, match="another tokenizer"):
        DraftModel(small_model.transformer, other, small_model.tokenizer, "x")


def test_tokens_that_the_target_does_not_have_are_not_guessed(small_model):
    """Vocabularies of one family are padded to different sizes."""
    drafter = DraftModel(small_model.transformer, small_model.tokenizer, small_model.tokenizer, "x", least=0.0)
    ids = small_model.tokenizer.encode(PROMPT)
    with torch.inference_mode():
        sequence = Sequence(small_model.transformer, small_model.context)
        guess = drafter.begin(sequence)(ids, 3)
        assert len(guess) == 3
        narrow = copy.copy(small_model.transformer)
        narrow.config = replace(narrow.config, vocab=max(guess))
        sequence.model = narrow
        assert drafter.begin(sequence)(ids, 3) == []


def test_pace_follows_what_was_right():
    pace = Pace(6)
    sizes = []
    for accepted in (0, 0, 1, 2, 4, 6):
        pace.saw(pace.now, min(accepted, pace.now))
        sizes.append(pace.now)
    assert sizes == [1, 1, 2, 4, 6, 6]
    pace.saw(0, 0)
    assert pace.now == 6


def test_lookup_finds_the_latest_and_longest_match():
    assert lookup([1, 2, 3, 4, 1, 2, 3, 5, 1, 2, 3], 2) == [5, 1]
    assert lookup([7, 1, 2, 9, 8, 2, 6, 1, 2], 3) == [9, 8, 2]
    assert lookup([1, 2, 3], 4) == []
    assert lookup([1, 1, 1, 1], 4) == [1]
    assert lookup([], 4) == lookup([1], 4) == lookup([1, 2, 1, 2], 0) == []
