"""What training leaves behind: an adapter in PEFT's folder format, or a whole model in Hugging Face's."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from planner.learn.network import AdapterWeights, parts_of
from planner.lm.config import ModelConfig
from planner.lm.errors import ModelError

FACTS = "training.json"


def write_adapter(folder: Path, weights: AdapterWeights, base: str, facts: Mapping[str, Any]) -> None:
    """``adapter_config.json``, ``adapter_model.safetensors`` (bfloat16) and ``training.json``; each file appears
    complete or not at all.

    Args:
        base: name of the model that the adapter belongs to.
        facts: how it was made, for ``training.json``.
    """
    from safetensors.torch import save

    tensors: dict[str, torch.Tensor] = {}
    r = weights.rank
    trained = weights.trained()
    for name in [n[:-2] for n in trained if n.endswith(".a")]:
        _, layer, product = name.split(".")
        a, b = trained[name + ".a"].detach().cpu(), trained[name + ".b"].detach().cpu()
        for i, (part, at, rows) in enumerate(weights.parts[product]):
            key = f"base_model.model.model.layers.{layer}.{part}."
            tensors[key + "lora_A.weight"] = a[i * r : i * r + r].to(torch.bfloat16).contiguous()
            tensors[key + "lora_B.weight"] = b[at : at + rows].to(torch.bfloat16).contiguous()
    targets = sorted({key.split(".")[6] for key in tensors})
    config = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": base,
        "r": r,
        "lora_alpha": weights.alpha,
        "lora_dropout": 0.0,
        "bias": "none",
        "target_modules": targets,
        "inference_mode": True,
    }
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / "adapter_model.safetensors", save(tensors, {"format": "pt"}))
    _put(folder / "adapter_config.json", _json(config))
    _put(folder / FACTS, _json(facts))


@torch.no_grad()
def read_start(folder: Path, weights: AdapterWeights) -> dict[str, Any]:
    """Put the adapter in ``folder`` into ``weights``; what its ``training.json`` says.

    Raises ModelError when there is none or its shapes differ.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        tensors = load_file(str(folder / "adapter_model.safetensors"))
        config = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
        facts: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelError(f"{folder} holds no adapter to go on from ({error})") from None
    if (config.get("r"), config.get("lora_alpha")) != (weights.rank, weights.alpha):
        raise ModelError(
            f"the adapter in {folder} has rank {config.get('r')} and alpha {config.get('lora_alpha')}; choose the same "
            "with --rank and --alpha"
        )
    r = weights.rank
    trained = weights.trained()
    for name in [n[:-2] for n in trained if n.endswith(".a")]:
        _, layer, product = name.split(".")
        for i, (part, at, rows) in enumerate(weights.parts[product]):
            key = f"base_model.model.model.layers.{layer}.{part}."
            try:
                trained[name + ".a"][i * r : i * r + r] = tensors[key + "lora_A.weight"].float()
                trained[name + ".b"][at : at + rows] = tensors[key + "lora_B.weight"].float()
            except (KeyError, RuntimeError) as error:
                raise ModelError(f"the adapter in {folder} does not fit this model ({error})") from None
    weights.refresh()
    return facts


def write_model(
    folder: Path,
    config: ModelConfig,
    tensors: Mapping[str, torch.Tensor],
    tokenizer_json: str,
    facts: Mapping[str, Any],
    dtype: torch.dtype = torch.bfloat16,
) -> None:
    """``config.json``, ``model.safetensors``, ``tokenizer.json`` and ``training.json`` of a Llama-like model."""
    from safetensors.torch import save

    c = config
    out = {"model.embed_tokens.weight": tensors["embed"], "model.norm.weight": tensors["norm"]}
    for ours, theirs in (
        ("head", "lm_head"),
        ("positions", "model.position_embeddings"),
        ("relative_bias", "model.relative_bias"),
    ):
        if ours in tensors:
            out[theirs + ".weight"] = tensors[ours]
    for i in range(c.layers):
        at = f"layers.{i}."
        for product, parts in parts_of(c).items():
            for part, first, rows in parts:
                out[f"model.{at}{part}.weight"] = tensors[at + product][first : first + rows]
        out[f"model.{at}input_layernorm.weight"] = tensors[at + "norm_attn"]
        out[f"model.{at}post_attention_layernorm.weight"] = tensors[at + "norm_ffn"]
    raw = {
        "model_type": "llama",
        "vocab_size": c.vocab,
        "hidden_size": c.dim,
        "num_hidden_layers": c.layers,
        "num_attention_heads": c.heads,
        "num_key_value_heads": c.kv_heads,
        "head_dim": c.head_dim,
        "intermediate_size": c.ffn,
        "max_position_embeddings": c.context,
        "rms_norm_eps": c.norm_eps,
        "tie_word_embeddings": c.tied,
        "hidden_act": c.activation,
        "rope_theta": c.theta,
        "position_encoding": c.position,
        "relative_attention_num_buckets": c.relative_buckets,
        "relative_attention_max_distance": c.relative_distance,
        "sliding_window": c.window,
        "layer_types": ["sliding_attention" if i in c.window_layers else "full_attention" for i in range(c.layers)],
        "bos_token_id": c.bos,
        "eos_token_id": list(c.eos),
    }
    folder.mkdir(parents=True, exist_ok=True)
    plain = {n: t.detach().cpu().to(dtype).contiguous() for n, t in out.items()}
    _put(folder / "model.safetensors", save(plain, {"format": "pt"}))
    _put(folder / "config.json", _json(raw))
    _put(folder / "tokenizer.json", tokenizer_json.encode())
    _put(folder / FACTS, _json(facts))


def _json(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, indent=1, ensure_ascii=False) + "\n").encode()


def _put(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_bytes(content)
    os.replace(part, path)
