"""GGUF files of every family, written with the package ``gguf`` from tiny random models of transformers.

The writer here follows the format's own conversion: Llama and SmolLM3 have paired query and key rows, Gemma's norms
are stored as the factor itself, tied heads are left out.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")
gguf = pytest.importorskip("gguf")

from planner.lm.engine import load_language_model  # noqa: E402
from planner.lm.errors import ModelError  # noqa: E402

pytestmark = pytest.mark.peer

TEXT = "pick up the red block and put it in the blue bowl. bring me 12 apples from the far counter!" * 2
COMMON = {
    "vocab_size": 400,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 6,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 512,
    "initializer_range": 0.2,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 0,
    "tie_word_embeddings": False,
}
LLAMA3 = {"low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64, "factor": 8.0}
YARN = {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 4.0, "original_max_position_embeddings": 64}
LINEAR = {"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0}
CASES = {
    "llama": ("Llama", {"attention_bias": True}),
    "llama tied": ("Llama", {"tie_word_embeddings": True, "num_key_value_heads": 1}),
    "llama 3 rates": ("Llama", {"rope_parameters": {"rope_type": "llama3", "rope_theta": 10000.0, **LLAMA3}}),
    "llama yarn": ("Llama", {"rope_parameters": YARN}),
    "llama linear": ("Llama", {"rope_parameters": LINEAR}),
    "qwen2": ("Qwen2", {}),
    "qwen2 tied yarn": ("Qwen2", {"tie_word_embeddings": True, "rope_parameters": YARN}),
    "qwen3": ("Qwen3", {"head_dim": 32}),
    "smollm3": ("SmolLM3", {"tie_word_embeddings": True}),
    "gemma3": (
        "Gemma3",
        {"head_dim": 32, "sliding_window": 16, "query_pre_attn_scalar": 32, "tie_word_embeddings": True},
    ),
}
PARTS = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}
GEMMA_PARTS = {
    "post_attention_layernorm": "post_attention_norm",
    "pre_feedforward_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
}
OUTER = {"embed_tokens": "token_embd", "norm": "output_norm", "lm_head": "output"}


def random_model(case: str):
    import transformers

    family, change = CASES[case]
    suffix = "Config" if family != "Gemma3" else "TextConfig"
    config = getattr(transformers, family + suffix)(**{**COMMON, **change})
    torch.manual_seed(1)
    model = getattr(transformers, family + "ForCausalLM")(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" in name or name.endswith("bias"):
                parameter.add_(torch.randn_like(parameter) * 0.2)
    return family, model


def stored(family: str, config, name: str, array: np.ndarray) -> tuple[str, np.ndarray]:
    """Name and content in the file of a tensor of transformers."""
    name = name.removeprefix("model.")
    part, kind = name.rsplit(".", 1)
    if family == "Gemma3" and "norm" in part:
        array = array + 1.0
    if part in OUTER:
        return f"{OUTER[part]}.{kind}", array
    _, layer, part = part.split(".", 2)
    if family in ("Llama", "SmolLM3") and part in ("self_attn.q_proj", "self_attn.k_proj"):
        heads = config.num_attention_heads if "q_proj" in part else config.num_key_value_heads
        array = array.reshape(heads, 2, -1, *array.shape[1:]).swapaxes(1, 2).reshape(array.shape)
    names = {**PARTS, **(GEMMA_PARTS if family == "Gemma3" else {})}
    return f"blk.{layer}.{names[part]}.{kind}", array


def write(path, family: str, model, tokenizer, rates: np.ndarray | None = None) -> None:
    config = model.config
    writer = gguf.GGUFWriter(str(path), family.lower())
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_dimension_count(model.model.layers[0].self_attn.head_dim)
    parameters = config.rope_parameters
    parameters = parameters.get("full_attention", parameters)
    writer.add_rope_freq_base(parameters["rope_theta"])
    if parameters["rope_type"] in ("yarn", "linear"):
        writer.add_rope_scaling_type(gguf.RopeScalingType(parameters["rope_type"]))
        writer.add_rope_scaling_factor(parameters["factor"])
        if "original_max_position_embeddings" in parameters:
            writer.add_rope_scaling_orig_ctx_len(parameters["original_max_position_embeddings"])
    if family in ("Qwen3", "Gemma3"):
        writer.add_key_length(config.head_dim)
        writer.add_value_length(config.head_dim)
    if family == "Gemma3":
        writer.add_sliding_window(config.sliding_window)
    whole = json.loads(tokenizer)
    vocab = sorted(whole["model"]["vocab"], key=whole["model"]["vocab"].get)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(vocab)
    writer.add_token_types([3 if t.startswith("<|") else 1 for t in vocab])
    writer.add_token_merges([m if isinstance(m, str) else " ".join(m) for m in whole["model"]["merges"]])
    writer.add_eos_token_id(0)
    writer.add_bos_token_id(1)
    for name, tensor in model.state_dict().items():
        if config.tie_word_embeddings and name == "lm_head.weight":
            continue
        key, array = stored(family, config, name, tensor.numpy().astype(np.float32))
        writer.add_tensor(key, np.ascontiguousarray(array))
    if rates is not None:
        writer.add_tensor("rope_freqs.weight", rates.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@pytest.fixture(scope="module")
def tokenizer(small_folder) -> str:
    return (small_folder / "tokenizer.json").read_text()


def llama3_divisors(model) -> np.ndarray:
    """What the format's conversion puts into the file: plain rates over scaled ones."""
    plain = 1.0 / (10000.0 ** (torch.arange(0, 16, 2).float() / 16))
    return (plain / model.model.rotary_emb.inv_freq).numpy()


@pytest.mark.parametrize("case", CASES)
def test_logits_equal_transformers(case, tokenizer, tmp_path, monkeypatch):
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path))
    family, hf = random_model(case)
    path = tmp_path / "model.gguf"
    write(path, family, hf, tokenizer, llama3_divisors(hf) if case == "llama 3 rates" else None)
    for _ in range(2):  # from the file, and from its prepared form
        ours = load_language_model(path, dtype="float32")
        ids = torch.tensor([ours.tokenizer.encode(TEXT)])
        with torch.inference_mode():
            expected = hf(ids).logits[0]
        assert float((ours.logits(TEXT) - expected).abs().max()) < 1e-3
    assert ours.config.tied == hf.config.tie_word_embeddings
    if "yarn" in case:
        assert ours.context == 512


def test_yarn_stretches_the_context(tokenizer, tmp_path, monkeypatch):
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path))
    family, hf = random_model("llama yarn")
    hf.config.max_position_embeddings = 64
    write(tmp_path / "model.gguf", family, hf, tokenizer)
    assert load_language_model(tmp_path / "model.gguf", dtype="float32").context == 256


def test_rates_that_do_not_fit_are_an_error(tokenizer, tmp_path, monkeypatch):
    monkeypatch.setenv("GROUNDPLAN_HOME", str(tmp_path))
    family, hf = random_model("llama")
    for i, rates in enumerate((np.ones(3), np.zeros(8), np.full(8, np.nan))):
        write(tmp_path / f"{i}.gguf", family, hf, tokenizer, rates)
        with pytest.raises(ModelError, match=r"rope_freqs\.weight' does not fit"):
            load_language_model(tmp_path / f"{i}.gguf", dtype="float32")
