"""Checkpoints in, one canonical set of tensors out.

A *source* answers float tensors by Hugging Face name, whatever the file is. ``canonical`` fuses them into
what the transformer computes with: one matrix for queries, keys and values, one for gate and up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import torch

from planner.lm.config import ModelConfig, from_gguf, from_hf
from planner.lm.errors import ModelError
from planner.lm.gguf_file import GGUFFile
from planner.lm.tokenizer import tokenizer_json_from_folder, tokenizer_json_from_gguf

_GGUF_NAMES = {
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
}


class Source(Protocol):
    """A checkpoint on disk."""

    config: ModelConfig
    label: str

    def has(self, name: str) -> bool:
        """Is there a tensor of this Hugging Face name (without the leading ``model.``)?"""

    def get(self, name: str) -> torch.Tensor:
        """The tensor, any float type. Raises ``ModelError`` if it is missing."""

    def tokenizer_json(self) -> str:
        """Text of the tokenizer."""


class GGUFSource:
    """Tensors of a GGUF file under Hugging Face names."""

    def __init__(self, path: Path) -> None:
        self._file = GGUFFile(path)
        self.label = path.name
        shapes = {n: e.shape for n, e in self._file.tensors.items()}
        if "token_embd.weight" not in shapes:
            raise ModelError(f"{path.name}: no tensor 'token_embd.weight'; fetch the file again")
        self.config = from_gguf(self._file.meta, shapes)
        if "rope_freqs.weight" in shapes:
            self.config = self._with_rates(self.config)

    def _with_rates(self, config: ModelConfig) -> ModelConfig:
        """Llama 3's scaling comes as a tensor: a divisor for every pair's rate of rotation."""
        factors = self._file.array("rope_freqs.weight")
        fits = factors.shape == (config.head_dim // 2,) and bool(((factors > 0) & (factors < 1e9)).all())
        if not fits or config.rope_scaling:
            raise ModelError(f"{self.label}: 'rope_freqs.weight' does not fit; fetch the file again")
        scaling = (("factors", tuple(map(float, factors))), ("rope_type", "factors"))
        return replace(config, rope_scaling=scaling)

    def _name(self, name: str) -> str:
        if not name.startswith("layers."):
            return {"embed_tokens.weight": "token_embd.weight", "norm.weight": "output_norm.weight"}.get(
                name, "output.weight"
            )
        _, layer, rest = name.split(".", 2)
        part, kind = rest.rsplit(".", 1)
        post = self.config.post_norms
        names = {
            **_GGUF_NAMES,
            "post_attention_layernorm": "post_attention_norm" if post else "ffn_norm",
            "pre_feedforward_layernorm": "ffn_norm",
            "post_feedforward_layernorm": "post_ffw_norm",
        }
        return f"blk.{layer}.{names[part]}.{kind}"

    def has(self, name: str) -> bool:
        return self._name(name) in self._file.tensors

    def get(self, name: str) -> torch.Tensor:
        array = self._file.array(self._name(name))
        if not array.flags.writeable:
            array = array.copy()
        tensor = torch.from_numpy(array)
        # Llama files keep query and key rows paired (x0, x1 of a rotation side by side); ours are halves
        if self.config.family in ("llama", "smollm3") and re.search(r"[qk]_proj\.(weight|bias)$", name):
            heads = self.config.heads if "q_proj" in name else self.config.kv_heads
            if tensor.shape[0] % (2 * heads):
                raise ModelError(f"{self.label}: tensor {name} has {tensor.shape[0]} rows; fetch the file again")
            tensor = tensor.view(heads, -1, 2, *tensor.shape[1:]).transpose(1, 2).reshape(tensor.shape)
        return tensor

    def tokenizer_json(self) -> str:
        return tokenizer_json_from_gguf(self._file.meta)


class FolderSource:
    """A Hugging Face folder: ``config.json``, ``*.safetensors`` (mapped), ``tokenizer.json``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.label = folder.name
        try:
            raw = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ModelError(f"{folder} has no config.json; name a folder in Hugging Face format") from None
        except (OSError, ValueError, RecursionError) as error:
            raise ModelError(f"cannot read {folder / 'config.json'}: {error}") from None
        if not isinstance(raw, dict):
            raise ModelError(f"{folder / 'config.json'} is not a mapping; fetch the model again")
        self.config = from_hf(raw)
        self._files = self._open()

    def _open(self) -> dict[str, Any]:
        from safetensors import SafetensorError, safe_open

        paths = sorted(self.folder.glob("*.safetensors"))
        if not paths:
            pickles = sorted(p.name for p in self.folder.glob("*.bin")) + sorted(
                p.name for p in self.folder.glob("*.pt*")
            )
            hint = f" ({', '.join(pickles)} would have to be unpickled, which is never done)" if pickles else ""
            raise ModelError(f"{self.folder} has no *.safetensors{hint}; export the model as safetensors")
        files: dict[str, Any] = {}
        for path in paths:
            try:
                handle: Any = safe_open(str(path), framework="pt")
            except (SafetensorError, OSError) as error:
                raise ModelError(f"{path} is broken ({error}); fetch it again") from None
            files.update((key, handle) for key in handle.keys())  # noqa: SIM118
        return files

    def _key(self, name: str) -> str | None:
        for prefix in ("model.", "", "language_model.model.", "model.language_model."):
            if prefix + name in self._files:
                return prefix + name
        return None

    def has(self, name: str) -> bool:
        return self._key(name) is not None

    def get(self, name: str) -> torch.Tensor:
        key = self._key(name)
        if key is None:
            raise ModelError(f"{self.label}: no tensor {name!r}; fetch the model again")
        tensor: torch.Tensor = self._files[key].get_tensor(key)
        # Gemma multiplies by 1 + weight; the files of other families (and GGUF) store the factor itself
        return tensor.float() + 1.0 if self.config.family == "gemma3" and "norm" in name else tensor

    def tokenizer_json(self) -> str:
        return tokenizer_json_from_folder(self.folder)


def open_source(path: Path) -> Source:
    """A GGUF file or a Hugging Face folder."""
    return FolderSource(path) if path.is_dir() else GGUFSource(path)


def canonical(source: Source, dtype: torch.dtype) -> Iterator[tuple[str, torch.Tensor]]:
    """The fused tensors one after the other, in ``dtype``, checked for shape and for NaN or infinity."""
    c = source.config
    q, kv = c.heads * c.head_dim, c.kv_heads * c.head_dim

    def emit(name: str, parts: list[str], shape: tuple[int, ...]) -> tuple[str, torch.Tensor]:
        tensors = [source.get(p) for p in parts]
        try:
            tensor = torch.cat([t.to(torch.float32) for t in tensors]) if len(tensors) > 1 else tensors[0]
        except RuntimeError as error:
            raise ModelError(f"{source.label}: {', '.join(parts)} do not fit ({error})") from None
        if tuple(tensor.shape) != shape:
            raise ModelError(
                f"{source.label}: {', '.join(parts)} have shape {tuple(tensor.shape)}, the configuration "
                f"says {shape}; fetch the model again"
            )
        tensor = tensor.to(dtype)
        if not bool(torch.isfinite(tensor.sum(dtype=torch.float32))) and not bool(torch.isfinite(tensor).all()):
            raise ModelError(f"{source.label}: {', '.join(parts)} hold NaN or infinity; fetch the model again")
        return name, tensor.contiguous()

    yield emit("embed", ["embed_tokens.weight"], (c.vocab, c.dim))
    yield emit("norm", ["norm.weight"], (c.dim,))
    if not c.tied:
        yield emit("head", ["lm_head.weight"], (c.vocab, c.dim))
    if c.position == "learned":
        yield emit("positions", ["position_embeddings.weight"], (c.context, c.dim))
    if c.position == "t5":
        yield emit("relative_bias", ["relative_bias.weight"], (c.relative_buckets, c.heads))
    for i in range(c.layers):
        at, to = f"layers.{i}.", f"layers.{i}."
        qkv = [f"{at}self_attn.{p}_proj" for p in "qkv"]
        yield emit(to + "qkv", [p + ".weight" for p in qkv], (q + 2 * kv, c.dim))
        if source.has(qkv[0] + ".bias"):
            yield emit(to + "qkv_bias", [p + ".bias" for p in qkv], (q + 2 * kv,))
        yield emit(to + "o", [at + "self_attn.o_proj.weight"], (c.dim, q))
        if source.has(at + "self_attn.o_proj.bias"):
            yield emit(to + "o_bias", [at + "self_attn.o_proj.bias"], (c.dim,))
        if c.qk_norm:
            yield emit(to + "q_norm", [at + "self_attn.q_norm.weight"], (c.head_dim,))
            yield emit(to + "k_norm", [at + "self_attn.k_norm.weight"], (c.head_dim,))
        mlp = at + "mlp."
        yield emit(to + "gate_up", [mlp + "gate_proj.weight", mlp + "up_proj.weight"], (2 * c.ffn, c.dim))
        yield emit(to + "down", [mlp + "down_proj.weight"], (c.dim, c.ffn))
        yield emit(to + "norm_attn", [at + "input_layernorm.weight"], (c.dim,))
        if c.post_norms:
            yield emit(to + "norm_attn_out", [at + "post_attention_layernorm.weight"], (c.dim,))
            yield emit(to + "norm_ffn", [at + "pre_feedforward_layernorm.weight"], (c.dim,))
            yield emit(to + "norm_ffn_out", [at + "post_feedforward_layernorm.weight"], (c.dim,))
        else:
            yield emit(to + "norm_ffn", [at + "post_attention_layernorm.weight"], (c.dim,))
