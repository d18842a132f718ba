"""Position encodings: formulas against their papers, whole models against a naive transformer."""

from __future__ import annotations

import json
import math

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import load_file, save_file  # noqa: E402

from planner.lm.engine import load_language_model  # noqa: E402
from planner.lm.positions import alibi_slopes, relative_bucket  # noqa: E402

TEXT = "pick up the red block, then go to the far counter and wait for 12 apples"


def test_alibi_slopes_as_published():
    assert alibi_slopes(8).tolist() == [2.0**-i for i in range(1, 9)]
    assert alibi_slopes(12)[8:].tolist() == pytest.approx([2.0 ** -(0.5 * (2 * i + 1)) for i in range(4)])


def test_relative_buckets_equal_transformers():
    from transformers.models.t5.modeling_t5 import T5Attention

    distance = torch.arange(0, 400)
    expected = T5Attention._relative_position_bucket(-distance, bidirectional=False, num_buckets=32, max_distance=128)
    assert torch.equal(relative_bucket(distance, 32, 128), expected)


def naive_logits(state, config, ids):
    """A transformer in loops over heads and rows, with the position encoding from its definition."""
    heads, kv = config["num_attention_heads"], config["num_key_value_heads"]
    width = config["hidden_size"] // heads
    kind = config["position_encoding"]

    def norm(x, name):
        return x / (x.pow(2).mean(-1, keepdim=True) + config["rms_norm_eps"]).sqrt() * state[name]

    x = state["model.embed_tokens.weight"][ids]
    if kind == "learned":
        x = x + state["model.position_embeddings.weight"][: len(ids)]
    for layer in range(config["num_hidden_layers"]):
        at = f"model.layers.{layer}."
        h = norm(x, at + "input_layernorm.weight")
        q, k, v = (h @ state[f"{at}self_attn.{n}_proj.weight"].T for n in "qkv")
        rows = []
        for i in range(len(ids)):
            parts = []
            for head in range(heads):
                mine = slice(head * width, (head + 1) * width)
                theirs = slice(head * kv // heads * width, (head * kv // heads + 1) * width)
                scores = k[: i + 1, theirs] @ q[i, mine] / math.sqrt(width)
                for j in range(i + 1):
                    if kind == "alibi":
                        scores[j] -= 2.0 ** (-8 * (head + 1) / heads) * (i - j)
                    elif kind == "t5":
                        bucket = int(relative_bucket(torch.tensor(i - j), 32, 128))
                        scores[j] += state["model.relative_bias.weight"][bucket, head]
                parts.append(scores.softmax(-1) @ v[: i + 1, theirs])
            rows.append(torch.cat(parts))
        x = x + torch.stack(rows) @ state[at + "self_attn.o_proj.weight"].T
        h = norm(x, at + "post_attention_layernorm.weight")
        gate, up = (h @ state[f"{at}mlp.{n}_proj.weight"].T for n in ("gate", "up"))
        x = x + (torch.nn.functional.silu(gate) * up) @ state[at + "mlp.down_proj.weight"].T
    return norm(x, "model.norm.weight") @ state["lm_head.weight"].T


@pytest.mark.parametrize("kind", ["alibi", "t5", "learned", "none"])
def test_a_model_with_another_encoding_equals_the_naive_one(kind, small_folder, tmp_path):
    state = load_file(str(small_folder / "model.safetensors"))
    generator = torch.Generator().manual_seed(2)
    if kind == "learned":
        state["model.position_embeddings.weight"] = torch.randn(1024, 64, generator=generator)
    if kind == "t5":
        state["model.relative_bias.weight"] = torch.randn(32, 4, generator=generator)
    config = {**json.loads((small_folder / "config.json").read_text()), "position_encoding": kind}
    save_file(state, str(tmp_path / "model.safetensors"))
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "tokenizer.json").symlink_to(small_folder / "tokenizer.json")
    model = load_language_model(tmp_path, dtype="float32")
    head = model.tokenizer.encode(TEXT)
    options = [" done\n", " pick up the blue bowl\n", " pick up the red block\n", " go home\n"]
    expected = naive_logits(state, config, head)
    assert float((model.logits(TEXT) - expected).abs().max()) < 1e-3
    for score, option in zip(model.score(TEXT, options), options, strict=True):
        tail = model.tokenizer.encode(option)
        logprobs = naive_logits(state, config, head + tail).log_softmax(-1)
        one = sum(float(logprobs[len(head) - 1 + i, t]) for i, t in enumerate(tail))
        assert score.logprob == pytest.approx(one, abs=1e-3)
    written = model.complete(TEXT, 8)
    tokens = list(head)
    for _ in range(written.tokens):
        tokens.append(int(naive_logits(state, config, tokens)[-1].argmax()))
    assert written.text == model.tokenizer.decode([t for t in tokens[len(head) :] if t not in model.stop_tokens])
