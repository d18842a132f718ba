"""Small models from nothing: their shape, their first weights, and a vocabulary cut to what the data says.

For the ablation page: what positions, heads, windows, depth and width do at equal training. They share the loop with
the fine-tuning of the default model, and are written in the same folder format that the engine loads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from planner.lm.config import POSITIONS, ModelConfig
from planner.lm.errors import ModelError


@dataclass(frozen=True)
class Shape:
    """What can be chosen. ``window``: the last so many tokens only, on every second layer; 0: everything is seen."""

    width: int = 256
    layers: int = 6
    heads: int = 4
    kv_heads: int = 2
    position: str = "rotary"
    window: int = 0

    def __post_init__(self) -> None:
        for key in ("width", "layers", "heads", "kv_heads"):
            if getattr(self, key) < 1:
                raise ModelError(f"scratch.{key} is {getattr(self, key)}; it takes 1 or more")
        if self.width % (2 * self.heads):
            raise ModelError(f"scratch: width {self.width} is no even multiple of {self.heads} heads")
        if self.position not in POSITIONS:
            raise ModelError(f"unknown position encoding {self.position!r}; known: {', '.join(POSITIONS)}")

    def config(self, vocab: int, context: int = 2048) -> ModelConfig:
        """The engine's configuration of such a model."""
        return ModelConfig(
            family="llama",
            vocab=vocab,
            dim=self.width,
            layers=self.layers,
            heads=self.heads,
            kv_heads=self.kv_heads,
            head_dim=self.width // self.heads,
            ffn=-(-self.width * 8 // 3 // 32) * 32,
            context=context,
            position=self.position,
            window=self.window or None,
            window_layers=tuple(range(0, self.layers, 2)) if self.window else (),
            eos=(0,),
            name="scratch",
        )


def first_weights(config: ModelConfig, generator: torch.Generator, spread: float = 0.02) -> dict[str, torch.Tensor]:
    """Canonical float32 tensors: normal with standard deviation ``spread``, products into the residual stream smaller
    by sqrt(2 * layers) (Radford et al. 2019), norms one, biases of positions zero."""
    c = config
    q, kv = c.heads * c.head_dim, c.kv_heads * c.head_dim

    def drawn(*shape: int, scale: float = 1.0) -> torch.Tensor:
        return torch.randn(*shape, generator=generator) * (spread * scale)

    into = (2 * c.layers) ** -0.5
    out = {"embed": drawn(c.vocab, c.dim), "norm": torch.ones(c.dim)}
    if not c.tied:
        out["head"] = drawn(c.vocab, c.dim)
    if c.position == "learned":
        out["positions"] = drawn(c.context, c.dim)
    if c.position == "t5":
        out["relative_bias"] = torch.zeros(c.relative_buckets, c.heads)
    for i in range(c.layers):
        at = f"layers.{i}."
        out |= {
            at + "qkv": drawn(q + 2 * kv, c.dim),
            at + "o": drawn(c.dim, q, scale=into),
            at + "gate_up": drawn(2 * c.ffn, c.dim),
            at + "down": drawn(c.dim, c.ffn, scale=into),
            at + "norm_attn": torch.ones(c.dim),
            at + "norm_ffn": torch.ones(c.dim),
        }
        if c.qk_norm:
            out |= {at + "q_norm": torch.ones(c.head_dim), at + "k_norm": torch.ones(c.head_dim)}
        if c.post_norms:
            out |= {at + "norm_attn_out": torch.ones(c.dim), at + "norm_ffn_out": torch.ones(c.dim)}
    return out


def cut_vocabulary(tokenizer_json: str, used: Iterable[int]) -> str:
    """The tokenizer with the tokens in ``used``, those they are merged from, and all single bytes; renumbered.

    Text that it has never seen is still spelled, in shorter pieces.

    Raises ModelError for a tokenizer that is no byte-pair encoding.
    """
    whole: dict[str, Any] = json.loads(tokenizer_json)
    model = whole["model"]
    if model.get("type") != "BPE":
        raise ModelError(f"only byte-pair vocabularies can be cut, not {model.get('type')}; leave --cut out")
    vocab: Mapping[str, int] = model["vocab"]
    merges: Sequence[Any] = model["merges"]
    pairs = [tuple(m.split(" ", 1)) if isinstance(m, str) else tuple(m) for m in merges]
    made = {a + b: (a, b) for a, b in reversed(pairs)}  # the first merge that makes a token counts
    names = {i: t for t, i in vocab.items()}
    special = [t["content"] for t in whole.get("added_tokens", [])]
    keep = set(special) | {t for t in vocab if len(t) == 1}
    wanted = [names[i] for i in used if i in names]
    while wanted:
        token = wanted.pop()
        if token not in keep:
            keep.add(token)
            wanted += made.get(token, ())
    order = sorted((t for t in keep if t in vocab), key=lambda t: vocab[t])
    numbers = {t: i for i, t in enumerate(order)}
    model["vocab"] = numbers
    model["merges"] = [list(p) for p in pairs if p[0] in numbers and p[1] in numbers and p[0] + p[1] in numbers]
    for token in whole.get("added_tokens", []):
        token["id"] = numbers[token["content"]]
    return json.dumps(whole)
