"""Small random models for the tests of training, and a few examples as the form writes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from planner.propose import form

SETTING = form.Setting(
    things=(("red block", "at the far counter"), ("blue bowl", ""), ("sponge", "in the blue bowl"), ("pepsi can", "")),
    places=("table", "far counter"),
    request="put the red block and the sponge in the bowl",
)


def examples() -> list[tuple[str, list[tuple[form.Question, int]]]]:
    """(shared part, questions with the right answers): two requests of the same scene, and another scene."""
    found = []
    for number, request in enumerate((SETTING.request, "throw away the can", "go to the table")):
        setting = replace(SETTING, request=request, places=SETTING.places[: 2 - number // 2])
        things = [n for n, _ in setting.things]
        questions = [(form.meant(t), (i + number) % 3) for i, t in enumerate(things)]
        questions += [(form.decision(), number), (form.how_many(), number)]
        outcomes = [form.outcome("in", "blue bowl"), form.outcome("at", "table"), form.outcome(form.IN_HAND, "")]
        questions += [(form.goes("red block", outcomes), number), (form.first(things[:3], ("pepsi can",)), number)]
        questions += [(form.also("go to the table"), number // 2)]
        questions += [(form.Question(form.plan_tail(), (form.plan_text(["pick up the sponge", "go home"]),)), 0)]
        found.append((form.shared_part(setting), questions))
    return found


@dataclass
class Small:
    """A random model: its configuration, canonical tensors, tokenizer, and the engine on the same weights."""

    config: Any
    tensors: dict[str, Any]
    tokenizer: Any
    engine: Any


@pytest.fixture(scope="session")
def texts():
    return examples()


@pytest.fixture(scope="session")
def small_tokenizer_json():
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([p for p, _ in examples()], trainer)
    return tokenizer.to_str()


@pytest.fixture
def small(small_tokenizer_json):
    """``small(position="t5", ...) -> Small``: another model for every choice of configuration keys."""
    torch = pytest.importorskip("torch")

    def make(**choices):
        from planner.learn.scratch import Shape, first_weights
        from planner.lm.local import LocalModel
        from planner.lm.model import Transformer
        from planner.lm.tokenizer import TextTokenizer

        tokenizer = TextTokenizer.from_json(small_tokenizer_json)
        base = Shape(width=64, layers=3, heads=4, kv_heads=2).config(tokenizer.vocab_size, 512)
        config = replace(base, **choices)
        generator = torch.Generator().manual_seed(0)
        tensors = first_weights(config, generator, 0.3)
        if "relative_bias" in tensors:
            tensors["relative_bias"].normal_(generator=generator)
        engine = LocalModel(config, Transformer(config, tensors), tokenizer, "small")
        return Small(config, tensors, tokenizer, engine)

    return make
