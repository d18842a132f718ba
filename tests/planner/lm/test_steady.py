from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from planner.lm.bench_draft import texts  # noqa: E402
from planner.lm.bench_questions import question  # noqa: E402
from planner.lm.draft import Lookup  # noqa: E402
from planner.lm.engine import load_language_model  # noqa: E402
from planner.lm.generate import SpeculationCount, generate  # noqa: E402
from planner.lm.sequence import Sequence  # noqa: E402
from planner.lm.steady import steady_width  # noqa: E402

PROMPTS = (
    "pick up the red block. put it in the blue bowl. pick up the green block. put it in the blue bowl. pick",
    "go to the table; go to the table; go",
    "it's 12 o'clock: don't",
)


@pytest.fixture(scope="module")
def rounding_model(small_folder):
    return load_language_model(small_folder, dtype="bfloat16")


def written(model, prompt: str, guess: int, width: int, temperature: float, drafter=None):
    count = SpeculationCount()
    with torch.inference_mode():
        sequence = Sequence(model.transformer, model.context)
        sequence.least = width
        sequence.extend(model.encode_prompt(prompt))
        draft = drafter or Lookup().begin(sequence)
        text = generate(sequence, model.tokenizer, 40, set(), (), temperature, 3, guess, count, draft)
        return text, list(sequence.tokens), count


@pytest.mark.parametrize("temperature", [0.0, 0.8])
def test_text_in_bfloat16_is_the_same_to_the_last_bit_with_and_without_guesses(rounding_model, temperature):
    width = steady_width(rounding_model.transformer)
    assert width in (1, 2, 4, 8)
    for prompt in PROMPTS:
        plain, tokens, _ = written(rounding_model, prompt, 0, width, temperature)

        def half_right(so_far, most, tokens=tokens):
            at = len(so_far)
            return [t if (at + i) % 3 else (t + 1) % 400 for i, t in enumerate(tokens[at : at + most])]

        for guess in (1, 3, 6):
            fast, _, count = written(rounding_model, prompt, guess, width, temperature, half_right)
            assert fast == plain  # the sum of the log-probabilities, too
            assert count.accepted > 0


@pytest.mark.parametrize("before", [9, 60, 119, 125, 250])
def test_what_a_token_computes_does_not_depend_on_its_neighbours(rounding_model, before):
    width = steady_width(rounding_model.transformer)
    ids = [(7 * i * i + 11 * i + 3) % 400 for i in range(before + 8)]
    with torch.inference_mode():
        together, alone = (Sequence(rounding_model.transformer, 1024) for _ in range(2))
        together.extend(ids[:before])
        alone.copy_from(together, before)
        together.least = alone.least = width
        count = 1 + (5 if together.room is None else min(5, together.room))
        states = together.peek(ids[before : before + count])
        logits = together.logits(states)
        for i, token in enumerate(ids[before : before + count]):
            state = alone.peek([token])
            alone.keep([token], state)
            assert torch.equal(state, states[i : i + 1])
            assert torch.equal(alone.logits(state), logits[i : i + 1])


def test_guesses_stop_where_the_span_grows(rounding_model):
    sequence = Sequence(rounding_model.transformer, 1024)
    assert sequence.room is None
    sequence.least = 4
    for held, room in ((0, 7), (117, 3), (120, 0), (121, 7)):
        sequence.tokens = [1] * held
        assert sequence.room == room


def test_a_text_does_not_depend_on_what_was_cached(small_folder):
    model = load_language_model(small_folder, dtype="bfloat16")
    model.stop_tokens = set()
    first = model.complete(PROMPTS[0], 20)
    assert model.complete(PROMPTS[0], 20) == first
    model.score(PROMPTS[0], [" a"])
    model.guess = 0
    assert model.complete(PROMPTS[0], 20) == first


def test_float32_is_left_alone_and_complete_pads_by_what_was_tried(small_model, rounding_model):
    assert steady_width(small_model.transformer) == 1
    rounding_model.complete("go to", 3)
    assert rounding_model._kept.sequences[-1].least == steady_width(rounding_model.transformer)


@pytest.mark.slow
@pytest.mark.weights
def test_texts_of_default_weights_are_the_same_to_the_last_bit():
    model = load_language_model(dtype="bfloat16")
    model.stop_tokens = set()
    kinds = texts(model, question(1, examples=2)[0])
    for prompt in (kinds["plan"], kinds["answer"]):
        model.guess = 6
        fast = model.complete(prompt, 16)  # reads the prompt; the others find it in the cache
        assert model.complete(prompt, 16) == fast  # the log-probability, too
        model.guess = 0
        assert model.complete(prompt, 16) == fast
