"""Low-rank adapters in the folder format of PEFT: read, checked, merged in or applied at run time."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import torch

from planner.lm.checkpoint import Source
from planner.lm.config import ModelConfig
from planner.lm.errors import ModelError
from planner.lm.linear import Adapted, merged
from planner.lm.model import Transformer

_KEY = re.compile(r"base_model\.model\.(?:model\.)?layers\.(\d+)\.(?:self_attn|mlp)\.(\w+)_proj\.lora_([AB])\.weight")
Update = tuple[int, torch.Tensor, torch.Tensor]


def read_adapter(folder: Path, config: ModelConfig, dtype: torch.dtype) -> dict[tuple[int, str], list[Update]]:
    """Updates by (layer, product): where in the fused product, A (r, in), scaled B (out, r).

    Raises:
        ModelError: no adapter there, another kind of adapter, or shapes that do not fit the model.
    """
    from safetensors import SafetensorError, safe_open

    try:
        raw = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
        rank, alpha = int(raw["r"]), float(raw["lora_alpha"])
        kind = raw.get("peft_type", "LORA")
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise ModelError(
            f"{folder} holds no readable adapter_config.json ({error!r}); name a PEFT adapter folder"
        ) from None
    if kind != "LORA" or raw.get("use_dora") or raw.get("modules_to_save") or raw.get("rank_pattern"):
        raise ModelError(
            f"the adapter in {folder} is of a kind that is not known (type {kind}, dora, rank patterns or whole "
            "saved modules); known: plain LoRA of attention and feed-forward projections"
        )
    if rank < 1:
        raise ModelError(f"the adapter in {folder} has rank {rank}; train it again")
    scale = alpha / (rank**0.5 if raw.get("use_rslora") else rank)
    path = folder / "adapter_model.safetensors"
    try:
        with safe_open(str(path), framework="pt") as handle:
            tensors = {key: handle.get_tensor(key).float() for key in handle.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise ModelError(f"cannot read {path} ({error}); save the adapter as safetensors") from None
    pairs: dict[tuple[int, str], dict[str, torch.Tensor]] = {}
    for key, tensor in tensors.items():
        match = _KEY.fullmatch(key)
        if match is None:
            raise ModelError(f"{path}: unknown tensor {key!r}; known: layers.N.self_attn/mlp.*_proj.lora_A/B")
        pairs.setdefault((int(match[1]), match[2]), {})[match[3]] = tensor
    places = _places(config)
    updates: dict[tuple[int, str], list[Update]] = {}
    for (layer, part), pair in sorted(pairs.items()):
        if layer >= config.layers or part not in places or set(pair) != {"A", "B"}:
            raise ModelError(f"{path}: layer {layer} {part}_proj does not fit this model; use its own adapter")
        product, first, rows, columns = places[part]
        a, b = pair["A"], pair["B"] * scale
        if a.dim() != 2 or b.dim() != 2 or a.shape[1] != columns or b.shape[0] != rows or a.shape[0] != b.shape[1]:
            raise ModelError(
                f"{path}: layer {layer} {part}_proj has shapes {tuple(b.shape)} x {tuple(a.shape)}, the model "
                f"needs ({rows}, r) x (r, {columns}); use an adapter trained for this model"
            )
        if not bool(torch.isfinite(a).all() and torch.isfinite(b).all()):
            raise ModelError(f"{path}: layer {layer} {part}_proj holds NaN or infinity; train it again")
        updates.setdefault((layer, product), []).append((first, a.to(dtype), b.to(dtype)))
    return updates


def adapter_digest(folder: Path) -> str:
    """SHA-256 of what an adapter does: its numbers and its configuration. Raises ModelError when it has none."""
    total = hashlib.sha256()
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        try:
            total.update((folder / name).read_bytes())
        except OSError as error:
            raise ModelError(
                f"{folder} holds no readable {name} ({error.strerror or error}); name a PEFT adapter folder"
            ) from None
    return total.hexdigest()


def trained_form(folder: Path) -> int | None:
    """The version of the planner's questions that an adapter was trained on (``training.json``); None if unsaid."""
    try:
        form = json.loads((folder / "training.json").read_text(encoding="utf-8")).get("form")
    except (OSError, ValueError, AttributeError):
        return None
    return form if isinstance(form, int) else None


class AdaptedSource:
    """A checkpoint with an adapter added into its tensors, in float32: whatever they become is rounded once."""

    def __init__(self, base: Source, folder: Path) -> None:
        self._base = base
        self.config, self.label = base.config, f"{base.label}+{folder.name}"
        self._updates: dict[str, Update] = {}
        places = {(product, at): part for part, (product, at, _, _) in _places(base.config).items()}
        for (layer, product), updates in read_adapter(folder, base.config, torch.float32).items():
            for update in updates:
                part = places[product, update[0]]
                room = "mlp" if part in ("gate", "up", "down") else "self_attn"
                self._updates[f"layers.{layer}.{room}.{part}_proj.weight"] = update

    def has(self, name: str) -> bool:
        """See `Source`."""
        return self._base.has(name)

    def get(self, name: str) -> torch.Tensor:
        """See `Source`."""
        tensor = self._base.get(name)
        if name not in self._updates:
            return tensor
        _, a, b = self._updates[name]
        return torch.addmm(tensor.float(), b, a)

    def tokenizer_json(self) -> str:
        """See `Source`."""
        return self._base.tokenizer_json()


def _places(c: ModelConfig) -> dict[str, tuple[str, int, int, int]]:
    """Projection -> (fused product, first row in it, rows, columns)."""
    q, kv = c.heads * c.head_dim, c.kv_heads * c.head_dim
    return {
        "q": ("qkv", 0, q, c.dim),
        "k": ("qkv", q, kv, c.dim),
        "v": ("qkv", q + kv, kv, c.dim),
        "o": ("o", 0, c.dim, q),
        "gate": ("gate_up", 0, c.ffn, c.dim),
        "up": ("gate_up", c.ffn, c.ffn, c.dim),
        "down": ("down", 0, c.dim, c.ffn),
    }


def attach(model: Transformer, folder: Path, merge: bool) -> None:
    """Put the adapter in ``folder`` onto ``model``, in place.

    Args:
        merge: add it into copies of the weights (fast afterwards, memory of its own) instead of computing the
            low-rank products at run time (a few per cent slower, weights stay shared).
    """
    updates = read_adapter(folder, model.config, model.dtype)
    for (layer, product), parts in updates.items():
        base = getattr(model.layers[layer], product)
        try:
            adapted = merged(base, parts) if merge else Adapted(base, parts)
        except TypeError as error:
            raise ModelError(f"{error}; attach the adapter with merge=False") from None
        setattr(model.layers[layer], product, adapted)
