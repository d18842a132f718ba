"""Damaged and hostile folders: configurations, safetensors headers, adapters. A model, or one ``ModelError``."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from planner.lm.checkpoint import open_source  # noqa: E402
from planner.lm.config import ModelConfig, from_hf  # noqa: E402
from planner.lm.errors import ModelError  # noqa: E402
from planner.lm.lora import read_adapter  # noqa: E402
from planner.lm.store import read_direct  # noqa: E402

CONFIG = {
    "model_type": "llama",
    "vocab_size": 12,
    "hidden_size": 8,
    "intermediate_size": 8,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "max_position_embeddings": 64,
    "rope_parameters": {"rope_type": "yarn", "factor": 2.0, "rope_theta": 10000.0},
    "eos_token_id": [1],
    "sliding_window": None,
}
EXTRA = ("layer_types", "rope_scaling", "text_config", "head_dim", "no_rope_layers", "query_pre_attn_scalar")
EXTRA += ("rms_norm_eps", "bos_token_id", "use_sliding_window", "tie_word_embeddings", "hidden_act", "rope_theta")
FAMILIES = ("llama", "mistral", "smollm3", "qwen2", "qwen3", "gemma3_text", "gemma3", "mamba")
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.sampled_from(["", "x", "yarn", "linear", "llama3", "sliding_attention", "1e999", "9" * 5000]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["rope_type", "type", "factor", "full_attention", "rope_theta", "truncate", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def configurations(draw) -> dict:
    raw = {**CONFIG, "model_type": draw(st.sampled_from(FAMILIES))}
    for _ in range(draw(st.integers(1, 4))):
        key = draw(st.sampled_from([*CONFIG, *EXTRA]))
        if draw(st.integers(0, 4)) == 0:
            raw.pop(key, None)
        else:
            raw[key] = draw(JSON)
    return raw


def survive_config(raw: dict) -> None:
    try:
        config = from_hf(raw)
    except ModelError:
        return
    assert ModelConfig.from_json(json.loads(json.dumps(config.to_json()))).heads == config.heads


@pytest.mark.parametrize(
    "change",
    [
        {"rope_parameters": [1]},
        {"rope_scaling": "yarn"},
        {"rope_parameters": {"full_attention": 3}},
        {"hidden_size": float("inf")},
        {"rms_norm_eps": "x"},
        {"eos_token_id": "x"},
        {"model_type": "gemma3_text", "query_pre_attn_scalar": -1.0},
        {"rope_parameters": None, "rope_theta": float("nan")},
        {"text_config": 5, "model_type": "gemma3"},
    ],
)
def test_these_values_are_errors(change):
    with pytest.raises(ModelError):
        from_hf({**CONFIG, **change})


@QUICK
@given(raw=configurations())
def test_any_configuration_is_one_or_an_error(raw):
    survive_config(raw)


@pytest.mark.slow
@LONG
@given(raw=configurations())
def test_thousands_of_configurations(raw):
    survive_config(raw)


def tensors() -> dict:
    shapes = {"model.embed_tokens": (12, 8), "lm_head": (12, 8), "model.norm": (8,)}
    layer = {"q_proj": (8, 8), "k_proj": (4, 8), "v_proj": (4, 8), "o_proj": (8, 8)}
    at = "model.layers.0."
    shapes |= {f"{at}self_attn.{k}": v for k, v in layer.items()}
    shapes |= {f"{at}mlp.{k}_proj": (8, 8) for k in ("gate", "up", "down")}
    shapes |= {f"{at}{k}_layernorm": (8,) for k in ("input", "post_attention")}
    return {f"{name}.weight": torch.ones(shape) for name, shape in shapes.items()}


def file_bytes(tmp_path_factory, content: dict) -> bytes:
    from safetensors.torch import save_file

    path = tmp_path_factory.mktemp("good") / "x.safetensors"
    save_file(content, str(path))
    return path.read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A good folder of a model with one layer of width eight, and the bytes of its weights."""
    made = tmp_path_factory.mktemp("model")
    (made / "config.json").write_text(json.dumps(CONFIG))
    (made / "tokenizer.json").write_text("{}")
    raw = file_bytes(tmp_path_factory, tensors())
    (made / "model.safetensors").write_bytes(raw)
    assert len(read_direct(open_source(made), "float32")[1]) == 9
    return made, raw


@pytest.fixture(scope="module")
def adapter(tmp_path_factory):
    made = tmp_path_factory.mktemp("adapter")
    at = "base_model.model.model.layers.0.self_attn.q_proj.lora_"
    raw = file_bytes(tmp_path_factory, {at + "A.weight": torch.ones(2, 8), at + "B.weight": torch.ones(8, 2)})
    (made / "adapter_model.safetensors").write_bytes(raw)
    (made / "adapter_config.json").write_text('{"peft_type": "LORA", "r": 2, "lora_alpha": 4}')
    assert len(read_adapter(made, from_hf(CONFIG), torch.float32)) == 1
    return made, raw


@st.composite
def damaged(draw, raw: bytes) -> bytes:
    """The header's length, some of its characters or numbers, or the data: changed, cut or filled."""
    out = bytearray(raw)
    header = int.from_bytes(raw[:8], "little")
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(("set", "length", "cut", "insert", "word", "data")))
        at = draw(st.integers(8, min(len(out), 8 + header) - 1)) if len(out) > 9 else 0
        if kind == "set" and out:
            out[at] = draw(st.integers(32, 126))
        elif kind == "length":
            out[:8] = struct.pack("<Q", draw(st.integers(0, 2**64 - 1) | st.integers(0, len(raw))))
        elif kind == "cut":
            del out[at : at + draw(st.integers(1, 64))]
        elif kind == "insert":
            out[at:at] = draw(st.binary(max_size=16))
        elif kind == "word":
            old, new = draw(
                st.sampled_from(
                    [(b"F32", b"I64"), (b"F32", b"F64"), (b"F32", b"F16"), (b"F32", b"U8"), (b"F32", b"BOOL"),
                     (b"[8,8]", b"[4,16]"), (b"[8,8]", b"[64]"), (b"weight", b"weights"), (b"layers.0", b"layers.9"),
                     (b"256", b"99999999999999999999"), (b"q_proj", b"k_proj"), (b":", b":[[[["), (b"0", b"-1")]
                )
            )  # fmt: skip
            out = bytearray(bytes(out).replace(old, new, draw(st.sampled_from((1, -1)))))
        else:
            out[-4:] = draw(st.sampled_from((b"\x00\x00\x80\x7f", b"\x00\x00\xc0\x7f", b"")))  # infinity, NaN, cut
    return bytes(out)


def survive_folder(made, raw: bytes) -> None:
    target = made / "model.safetensors"
    target.unlink()  # tensors of the case before may still map the old file
    target.write_bytes(raw)
    try:
        config, found, _ = read_direct(open_source(made), "float32")
    except ModelError:
        return
    assert all(bool(torch.isfinite(t).all()) for t in found.values())
    assert found["embed"].shape == (config.vocab, config.dim)


@QUICK
@given(data=st.data())
def test_a_damaged_safetensors_file_is_read_or_an_error(folder, data):
    survive_folder(folder[0], data.draw(damaged(folder[1])))


@pytest.mark.slow
@LONG
@given(data=st.data())
def test_thousands_of_damaged_safetensors_files(folder, data):
    survive_folder(folder[0], data.draw(damaged(folder[1])))


ADAPTER_KEYS = ("peft_type", "r", "lora_alpha", "use_rslora", "use_dora", "modules_to_save", "rank_pattern", "x")


def survive_adapter(made, raw: bytes, config: str) -> None:
    target = made / "adapter_model.safetensors"
    target.unlink()
    target.write_bytes(raw)
    (made / "adapter_config.json").write_text(config)
    try:
        updates = read_adapter(made, from_hf(CONFIG), torch.float32)
    except ModelError:
        return
    for parts in updates.values():
        assert all(bool(torch.isfinite(b @ a).all()) for _, a, b in parts)


def adapter_config(draw) -> str:
    raw = {"peft_type": "LORA", "r": 2, "lora_alpha": 4}
    for _ in range(draw(st.integers(0, 3))):
        raw[draw(st.sampled_from(ADAPTER_KEYS))] = draw(JSON)
    written = json.dumps(raw)
    return draw(st.sampled_from((written, written, written, "[1]", "", "[" * 2_000, '"r"', written[:-4])))


@QUICK
@given(data=st.data())
def test_a_damaged_adapter_is_read_or_an_error(adapter, data):
    raw = data.draw(st.one_of(st.just(adapter[1]), damaged(adapter[1])))
    survive_adapter(adapter[0], raw, data.draw(st.composite(adapter_config)()))


@pytest.mark.slow
@LONG
@given(data=st.data())
def test_thousands_of_damaged_adapters(adapter, data):
    raw = data.draw(st.one_of(st.just(adapter[1]), damaged(adapter[1])))
    survive_adapter(adapter[0], raw, data.draw(st.composite(adapter_config)()))
