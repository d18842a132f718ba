"""Other model families: tiny random models of transformers, read from their folders."""

from __future__ import annotations

import json

import pytest

torch = pytest.importorskip("torch")

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
    "max_position_embeddings": 512,
    "initializer_range": 0.2,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 0,
}
LLAMA3 = {
    "rope_type": "llama3",
    "rope_theta": 10000.0,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}
YARN = {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 4.0, "original_max_position_embeddings": 64}
CASES = {
    "llama multi-head": ("Llama", {"num_key_value_heads": 4}),
    "llama multi-query": ("Llama", {"num_key_value_heads": 1, "tie_word_embeddings": True}),
    "llama head width": ("Llama", {"num_key_value_heads": 2, "head_dim": 32, "attention_bias": True}),
    "llama 3 scaling": ("Llama", {"num_key_value_heads": 2, "rope_parameters": LLAMA3}),
    "llama linear scaling": (
        "Llama",
        {"rope_parameters": {"rope_type": "linear", "factor": 4.0, "rope_theta": 10000.0}},
    ),
    "llama yarn": ("Llama", {"num_key_value_heads": 2, "rope_parameters": YARN}),
    "llama yarn, other bounds": (
        "Llama",
        {"rope_parameters": {**YARN, "beta_fast": 12, "beta_slow": 2, "attention_factor": 1.3, "truncate": False}},
    ),
    "qwen3 yarn, two weights of the gain": (
        "Qwen3",
        {
            "num_key_value_heads": 2,
            "head_dim": 32,
            "rope_parameters": {**YARN, "factor": 8.0, "mscale": 1.2, "mscale_all_dim": 0.4},
        },
    ),
    "mistral window": ("Mistral", {"num_key_value_heads": 2, "sliding_window": 16}),
    "qwen2": ("Qwen2", {"num_key_value_heads": 2}),
    "qwen2 window": (
        "Qwen2",
        {"num_key_value_heads": 2, "use_sliding_window": True, "sliding_window": 16, "max_window_layers": 3},
    ),
    "qwen3": ("Qwen3", {"num_key_value_heads": 2, "head_dim": 32}),
    "smollm3": ("SmolLM3", {"num_key_value_heads": 2}),
    "gemma3": (
        "Gemma3",
        {"num_key_value_heads": 2, "head_dim": 32, "sliding_window": 16, "query_pre_attn_scalar": 24},
    ),
}


def random_model(case: str):
    import transformers

    family, change = CASES[case]
    suffix = "Config" if family != "Gemma3" else "TextConfig"
    config = getattr(transformers, family + suffix)(**{**COMMON, **change})
    torch.manual_seed(1)
    model = getattr(transformers, family + "ForCausalLM")(config).eval()
    with torch.no_grad():  # norms and biases start as constants: make them matter
        for name, parameter in model.named_parameters():
            if "norm" in name or name.endswith("bias"):
                parameter.add_(torch.randn_like(parameter) * 0.2)
    return model


@pytest.mark.parametrize("case", CASES)
def test_logits_and_greedy_text_equal_transformers(case, save_folder, tmp_path, monkeypatch):
    hf = random_model(case)
    ours = load_language_model(save_folder(tmp_path, hf), dtype="float32")
    ids = torch.tensor([ours.tokenizer.encode(TEXT)])
    with torch.inference_mode():
        expected = hf(ids).logits[0]
    assert float((ours.logits(TEXT) - expected).abs().max()) < 1e-3
    options = [" block\n", " red bowl\n", " blue bowl\n", " blue block on the table\n", " go to the table\n"]
    for score, option in zip(ours.score(TEXT, options), options, strict=True):
        tail = ours.tokenizer.encode(option)
        with torch.inference_mode():
            logprobs = hf(torch.tensor([ids[0].tolist() + tail])).logits[0].log_softmax(-1)
        one = sum(float(logprobs[ids.shape[1] - 1 + i, t]) for i, t in enumerate(tail))
        assert score.logprob == pytest.approx(one, abs=1e-3)
    scores = ours.score(TEXT, options)
    monkeypatch.setattr(type(ours), "ALL_AT_ONCE", 0)
    ranked = sorted(range(len(options)), key=lambda i: -scores[i].per_token)
    assert [i for i, _ in ours.best(TEXT, options, 2)] == ranked[:2]
    written = ours.complete(TEXT, 25)
    with torch.inference_mode():
        text = hf.generate(ids, max_new_tokens=25, do_sample=False, eos_token_id=[0, 1, 2], pad_token_id=0)[0]
    assert written.text == ours.tokenizer.decode(text[ids.shape[1] :].tolist())


def test_window_layers_are_found(save_folder, tmp_path):
    ours = load_language_model(save_folder(tmp_path, random_model("gemma3")), dtype="float32")
    assert ours.config.window == 16
    assert ours.config.window_layers == (0, 1, 2, 3, 4)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"model_type": "mamba"}, "unknown architecture 'mamba'.*llama"),
        ({"hidden_size": None}, "incomplete or malformed"),
        ({"num_attention_heads": 3}, "multiple"),
        ({"num_key_value_heads": 1}, "shape"),
        ({"vocab_size": -1}, "vocab = -1"),
        ({"rope_parameters": {"rope_type": "yarn"}}, "'yarn': factor = None"),
        ({"rope_parameters": {"rope_type": "yarn", "factor": -2.0}}, "factor = -2.0 is no number above 0"),
        ({"rope_parameters": {**YARN, "beta_slow": "x"}}, "beta_slow = 'x'"),
        ({"rope_parameters": {**YARN, "partial_rotary_factor": 0.5}}, "part of the head's width"),
        ({"rope_parameters": {**LLAMA3, "high_freq_factor": 1.0}}, "high_freq_factor must be above"),
        ({"rope_parameters": {"rope_type": "longrope", "factor": 2.0}}, "unknown rotary scaling 'longrope'; known"),
    ],
)
def test_a_bad_configuration_is_one_clear_error(small_folder, tmp_path, change, message):
    raw = {**json.loads((small_folder / "config.json").read_text()), **change}
    (tmp_path / "config.json").write_text(json.dumps(raw))
    for name in ("model.safetensors", "tokenizer.json"):
        (tmp_path / name).symlink_to(small_folder / name)
    with pytest.raises(ModelError, match=message):
        load_language_model(tmp_path, dtype="float32")


def test_nan_weights_missing_tensors_and_broken_files_are_errors(small_folder, tmp_path):
    from safetensors.torch import load_file, save_file

    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).symlink_to(small_folder / name)
    state = load_file(str(small_folder / "model.safetensors"))
    bad = {**state, "model.layers.1.mlp.up_proj.weight": state["model.layers.1.mlp.up_proj.weight"] / 0.0}
    save_file(bad, str(tmp_path / "model.safetensors"))
    with pytest.raises(ModelError, match=r"layers\.1\.mlp.*NaN or infinity"):
        load_language_model(tmp_path, dtype="float32")
    save_file({k: v for k, v in state.items() if "layers.2" not in k}, str(tmp_path / "model.safetensors"))
    with pytest.raises(ModelError, match=r"no tensor 'layers\.2"):
        load_language_model(tmp_path, dtype="float32")
    raw = (small_folder / "model.safetensors").read_bytes()
    (tmp_path / "model.safetensors").write_bytes(raw[: len(raw) // 2])
    with pytest.raises(ModelError, match="fetch it again"):
        load_language_model(tmp_path, dtype="float32")
    (tmp_path / "tokenizer.json").unlink()
    (tmp_path / "model.safetensors").write_bytes(raw)
    with pytest.raises(ModelError, match=r"no tokenizer\.json"):
        load_language_model(tmp_path, dtype="float32")
