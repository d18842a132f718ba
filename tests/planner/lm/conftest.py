"""Small real models for the engine's tests: random weights, a tokenizer trained on the spot."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

TEXT = """pick up the red block and put it in the blue bowl. stack the green block on the yellow one.
bring me the sponge from the far counter, then throw away the pepsi can. go to the table; done!
it's 12 o'clock: don't place 345 apples at the top left corner."""


def small_tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXT.splitlines(), trainer)
    return tokenizer


def write_folder(folder: Path, hf_model: object) -> Path:
    hf_model.save_pretrained(folder)
    small_tokenizer().save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="session")
def save_folder():
    """``save_folder(folder, hf_model) -> folder``: a transformers model as a Hugging Face folder."""
    return write_folder


@pytest.fixture(scope="session")
def small_hf():
    """A random Llama of transformers: 3 layers, 4 query heads, 2 key heads, width 64."""
    torch = pytest.importorskip("torch")
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=400,
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=1024,
        tie_word_embeddings=False,
        initializer_range=0.3,
        eos_token_id=0,
        bos_token_id=1,
    )
    return LlamaForCausalLM(config).eval()


@pytest.fixture(scope="session")
def small_folder(small_hf, tmp_path_factory) -> Path:
    """The same model as a Hugging Face folder."""
    return write_folder(tmp_path_factory.mktemp("small"), small_hf)


@pytest.fixture(scope="session")
def small_model(small_folder):
    """The same model, loaded by the engine in float32."""
    from planner.lm.engine import load_language_model

    return load_language_model(small_folder, dtype="float32")


@pytest.fixture(scope="session")
def small_gguf(small_hf, tmp_path_factory) -> Path:
    """The same model as a GGUF file in F32 (query and key rows paired, as that format has them)."""
    import gguf

    path = tmp_path_factory.mktemp("gguf") / "small.gguf"
    config, state = small_hf.config, small_hf.state_dict()
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(10000.0)
    tokenizer = json.loads(small_tokenizer().to_str())
    vocab = sorted(tokenizer["model"]["vocab"], key=tokenizer["model"]["vocab"].get)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(vocab)
    writer.add_token_types([3 if t.startswith("<|") else 1 for t in vocab])
    writer.add_token_merges([m if isinstance(m, str) else " ".join(m) for m in tokenizer["model"]["merges"]])
    writer.add_eos_token_id(0)
    writer.add_bos_token_id(1)
    names = {
        "self_attn.q_proj": "attn_q",
        "self_attn.k_proj": "attn_k",
        "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output",
        "mlp.gate_proj": "ffn_gate",
        "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down",
        "input_layernorm": "attn_norm",
        "post_attention_layernorm": "ffn_norm",
    }
    for key, tensor in state.items():
        array = tensor.numpy().astype(np.float32)
        if key.startswith("model.layers."):
            _, _, layer, rest = key.split(".", 3)
            part = rest.removesuffix(".weight")
            if part in ("self_attn.q_proj", "self_attn.k_proj"):
                heads = config.num_attention_heads if "q_proj" in part else config.num_key_value_heads
                array = array.reshape(heads, 2, -1, array.shape[1]).swapaxes(1, 2).reshape(array.shape)
            name = f"blk.{layer}.{names[part]}.weight"
        else:
            name = {
                "model.embed_tokens.weight": "token_embd.weight",
                "model.norm.weight": "output_norm.weight",
                "lm_head.weight": "output.weight",
            }[key]
        writer.add_tensor(name, np.ascontiguousarray(array))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture(scope="session")
def default_model():
    """The default weights in float32 (fetched on the first use)."""
    from planner.lm.engine import load_language_model

    return load_language_model(dtype="float32")
