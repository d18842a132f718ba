"""The engine against transformers on the real default weights."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

pytestmark = [pytest.mark.slow, pytest.mark.weights]

TEXTS = [
    "<|im_start|>user\nPut the red block in the blue bowl, then fetch 12 sponges.<|im_end|>\n<|im_start|>assistant\n",
    "Ünïcödé, 東京, naïve café; 3.14159 and 2026-11-23!",
    "\n".join(f"Step {i}: pick up the block number {i}" for i in range(1, 30)),
]


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    pytest.importorskip("accelerate", reason="transformers reads GGUF files with accelerate alone")
    from transformers import AutoModelForCausalLM

    from planner.lm.weights import default_weights

    path = default_weights()
    return AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32).eval()


def test_logits_within_a_thousandth(default_model, reference):
    for text in TEXTS:
        ids = torch.tensor([default_model.tokenizer.encode(text)])
        with torch.inference_mode():
            expected = reference(ids).logits[0]
        assert float((default_model.logits(text) - expected).abs().max()) < 1e-3


def test_the_same_greedy_text_over_200_tokens(default_model, reference):
    from planner.lm.generate import generate
    from planner.lm.sequence import Sequence

    ids = default_model.tokenizer.encode(TEXTS[0])
    with torch.inference_mode():
        expected = reference.generate(
            torch.tensor([ids]), max_new_tokens=200, do_sample=False, pad_token_id=0, eos_token_id=None
        )[0, len(ids) :].tolist()
        sequence = Sequence(default_model.transformer, default_model.context)
        sequence.extend(ids)
        completion = generate(sequence, default_model.tokenizer, 200, set())
    assert completion.tokens == 200
    assert completion.text == default_model.tokenizer.decode(expected)
