from __future__ import annotations

import json

import pytest

from planner.lm.config import ModelConfig, from_gguf, from_hf
from planner.lm.errors import ModelError

RAW = {
    "model_type": "llama",
    "vocab_size": 100,
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 96,
    "eos_token_id": [1, 2],
}


def test_plain_data_and_back():
    config = from_hf({**RAW, "rope_scaling": {"type": "linear", "factor": 2.0}})
    assert (config.group, config.eos, config.head_dim) == (2, (1, 2), 16)
    assert dict(config.rope_scaling)["factor"] == 2.0
    assert ModelConfig.from_json(json.loads(json.dumps(config.to_json()))) == config


def test_defaults_follow_the_families():
    gemma = from_hf({**RAW, "model_type": "gemma3", "text_config": {**RAW, "model_type": "gemma3_text"}})
    assert (gemma.family, gemma.tied, gemma.post_norms, gemma.qk_norm) == ("gemma3", True, True, True)
    assert from_hf({**RAW, "model_type": "qwen3"}).qk_norm


def test_gguf_keys():
    meta = {
        "general.architecture": "llama",
        "llama.embedding_length": 64,
        "llama.attention.head_count": 4,
        "llama.attention.head_count_kv": 2,
        "llama.block_count": 2,
        "llama.feed_forward_length": 96,
        "llama.context_length": 128,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "tokenizer.ggml.eos_token_id": 3,
    }
    config = from_gguf(meta, {"token_embd.weight": (100, 64)})
    assert (config.vocab, config.context, config.tied, config.eos) == (100, 128, True, (3,))
    for key in list(meta)[:-1]:
        broken = {k: v for k, v in meta.items() if k != key}
        if key == "llama.attention.head_count_kv":
            assert from_gguf(broken, {"token_embd.weight": (100, 64)}).kv_heads == 4
            continue
        with pytest.raises(ModelError):
            from_gguf(broken, {"token_embd.weight": (100, 64)})


@pytest.mark.parametrize("value", ["many", None, -3, 2**40, [1]])
@pytest.mark.parametrize("key", ["hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size"])
def test_nonsense_is_one_clear_error(key, value):
    with pytest.raises(ModelError):
        from_hf({**RAW, key: value})


def test_unknown_position_encoding_names_the_choices():
    with pytest.raises(ModelError, match="rotary"):
        from_hf({**RAW, "position_encoding": "astrology"})
