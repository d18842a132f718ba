"""The transformer of `planner.lm.model` for training: batches of token trees, and gradients.

Same weights, same order of rounding: a test compares the log-probabilities with the engine's. Two kinds of weights:
`AdapterWeights` (the base frozen, low-rank updates trained) and `OwnWeights` (everything trained).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn.functional as F

from planner.learn.kernels import attend, low_rank, rms_norm, swiglu
from planner.lm.config import ModelConfig
from planner.lm.positions import alibi_bias, alibi_slopes, relative_bias
from planner.lm.rotary import Rotary

PRODUCTS = ("qkv", "o", "gate_up", "down")


def parts_of(config: ModelConfig) -> dict[str, tuple[tuple[str, int, int], ...]]:
    """Fused product -> (projection's name in PEFT's files, first row, rows)."""
    q, kv = config.heads * config.head_dim, config.kv_heads * config.head_dim
    return {
        "qkv": (("self_attn.q_proj", 0, q), ("self_attn.k_proj", q, kv), ("self_attn.v_proj", q + kv, kv)),
        "o": (("self_attn.o_proj", 0, config.dim),),
        "gate_up": (("mlp.gate_proj", 0, config.ffn), ("mlp.up_proj", config.ffn, config.ffn)),
        "down": (("mlp.down_proj", 0, config.dim),),
    }


class Weights(Protocol):
    """What a network computes with."""

    dtype: torch.dtype

    def trained(self) -> dict[str, torch.nn.Parameter]:
        """The parameters by name, in a fixed order."""

    def refresh(self) -> None:
        """Called after every change of the parameters."""

    def get(self, name: str) -> torch.Tensor | None:
        """A canonical tensor that is no product (embedding, norm, ...), or None."""

    def product(self, name: str, x: torch.Tensor) -> torch.Tensor:
        """The product ``name`` ("layers.3.qkv") of ``x`` (..., in)."""


class OwnWeights:
    """All weights trained: float32 parameters, computed with in ``dtype``."""

    def __init__(self, tensors: Mapping[str, torch.Tensor], dtype: torch.dtype) -> None:
        self.dtype = dtype
        self._parameters = {n: torch.nn.Parameter(t.detach().float().clone()) for n, t in tensors.items()}

    def trained(self) -> dict[str, torch.nn.Parameter]:
        """See `Weights`."""
        return self._parameters

    def refresh(self) -> None:
        """Nothing is derived."""

    def get(self, name: str) -> torch.Tensor | None:
        """See `Weights`."""
        return self._parameters.get(name)

    def product(self, name: str, x: torch.Tensor) -> torch.Tensor:
        """See `Weights`."""
        bias = self._parameters.get(name + "_bias")
        return F.linear(x, self._parameters[name].to(x.dtype), None if bias is None else bias.to(x.dtype))


class AdapterWeights:
    """A frozen base with a low-rank update on every product (Hu et al. 2021).

    The base is kept in float32 as well: base + update is rounded once, as it is when the adapter is merged for use, and
    an update smaller than one step of bfloat16 is not lost but rounds some weights up.

    Args:
        tensors: canonical tensors, float32.
        rank: width of each update; alpha: the update is alpha / rank * B A.
        first_layer: layers below it stay as they are, and cost no backward pass.
    """

    def __init__(
        self,
        config: ModelConfig,
        tensors: Mapping[str, torch.Tensor],
        dtype: torch.dtype,
        rank: int,
        alpha: float,
        generator: torch.Generator,
        first_layer: int = 0,
    ) -> None:
        self.dtype, self.rank, self.alpha = dtype, rank, alpha
        self.scale = alpha / rank
        self._base = dict(tensors)
        self._used = {n: t.to(dtype, copy=True) for n, t in tensors.items()}
        self.parts = parts_of(config)
        self._parameters: dict[str, torch.nn.Parameter] = {}
        for i in range(first_layer, config.layers):
            for product in PRODUCTS:
                name = f"layers.{i}.{product}"
                out, width = tensors[name].shape
                count = len(self.parts[product])
                # A as Kaiming-uniform with slope sqrt(5), which is what PEFT starts from; B zero: no change at first
                a = (torch.rand(count * rank, width, generator=generator) * 2 - 1) / width**0.5
                self._parameters[name + ".a"] = torch.nn.Parameter(a.to(tensors[name].device))
                self._parameters[name + ".b"] = torch.nn.Parameter(torch.zeros(out, rank, device=tensors[name].device))

    def trained(self) -> dict[str, torch.nn.Parameter]:
        """See `Weights`."""
        return self._parameters

    @torch.no_grad()
    def refresh(self) -> None:
        """Merge the updates into the weights that are computed with."""
        for name in [n[:-2] for n in self._parameters if n.endswith(".a")]:
            self._used[name].copy_(self._sum(name))

    def _sum(self, name: str) -> torch.Tensor:
        a, b = self._parameters[name + ".a"], self._parameters[name + ".b"]
        base, r = self._base[name], self.rank
        rows = [
            torch.addmm(base[at : at + n], b[at : at + n], a[i * r : i * r + r], alpha=self.scale)
            for i, (_, at, n) in enumerate(self.parts[name.rsplit(".", 1)[1]])
        ]
        return rows[0] if len(rows) == 1 else torch.cat(rows)

    @torch.no_grad()
    def merged(self) -> dict[str, torch.Tensor]:
        """Canonical float32 tensors with the updates in them."""
        return {n: self._sum(n) if n + ".a" in self._parameters else t for n, t in self._base.items()}

    def get(self, name: str) -> torch.Tensor | None:
        """See `Weights`."""
        return self._used.get(name)

    def product(self, name: str, x: torch.Tensor) -> torch.Tensor:
        """See `Weights`."""
        weight, bias = self._used[name], self._used.get(name + "_bias")
        a = self._parameters.get(name + ".a")
        if a is None:
            return F.linear(x, weight, bias)
        rows = [(at, n) for _, at, n in self.parts[name.rsplit(".", 1)[1]]]
        return low_rank(x, weight, a, self._parameters[name + ".b"], bias, rows, self.scale)


@dataclass(frozen=True)
class Trees:
    """A batch of token trees of one length.

    Attributes:
        tokens, places: (b, n) token numbers and their positions in their own texts.
        visible: (b, n, n) bool: row sees column. Every row sees something.
    """

    tokens: torch.Tensor
    places: torch.Tensor
    visible: torch.Tensor


class Network:
    """Hidden states and logits of token trees."""

    def __init__(self, config: ModelConfig, weights: Weights) -> None:
        self.config, self.weights = config, weights
        c = config
        self.scale = c.head_dim**-0.5 if c.query_scale is None else c.query_scale
        self._full = self._local = None
        if c.position == "rotary":
            self._full = self._local = Rotary(c.head_dim, c.theta, dict(c.rope_scaling), weights.dtype)
            if c.local_theta is not None:
                self._local = Rotary(c.head_dim, c.local_theta, {}, weights.dtype)
        self._slopes = alibi_slopes(c.heads) if c.position == "alibi" else None

    def hidden(self, trees: Trees) -> torch.Tensor:
        """(b, n, dim) hidden states after the last norm; differentiable."""
        c, w = self.config, self.weights
        dtype = w.dtype
        embed = w.get("embed")
        assert embed is not None
        x = F.embedding(trees.tokens, embed).float()
        if c.embed_scale != 1.0:
            x = x * float(torch.tensor(c.embed_scale, dtype=dtype))
        table = w.get("positions")
        if table is not None:
            x = x + F.embedding(trees.places.clamp(max=c.context - 1), table)
        mask = self._mask(trees, None)
        window_mask = self._mask(trees, c.window) if c.window_layers else None
        turns = {id(r): self._turns(r, trees.places) for r in (self._full, self._local) if r is not None}
        shape = (c.heads, c.kv_heads, c.head_dim)
        for i in range(c.layers):
            at = f"layers.{i}."
            h = self._norm(x, at + "norm_attn", dtype)
            qkv = w.product(at + "qkv", h)
            if c.qk_norm:
                qkv = self._normed_heads(qkv, at)
            windowed = i in c.window_layers
            rotary = None if i in c.plain_layers else (self._local if windowed else self._full)
            seen = window_mask if windowed and window_mask is not None else mask
            out = attend(qkv, seen, None if rotary is None else turns[id(rotary)], shape, self.scale)
            out = w.product(at + "o", out)
            if c.post_norms:
                out = self._norm(out.float(), at + "norm_attn_out", torch.float32)
            x = x + out
            both = w.product(at + "gate_up", self._norm(x, at + "norm_ffn", dtype))
            if c.activation == "silu":
                out = w.product(at + "down", swiglu(both))
            else:
                gate, up = both.chunk(2, dim=-1)
                out = w.product(at + "down", F.gelu(gate, approximate="tanh") * up)
            if c.post_norms:
                out = self._norm(out.float(), at + "norm_ffn_out", torch.float32)
            x = x + out
        return self._norm(x, "norm", dtype)

    def head(self) -> torch.Tensor:
        """(vocab, dim) matrix of the vocabulary head."""
        found = self.weights.get("embed" if self.config.tied else "head")
        assert found is not None
        return found

    def _norm(self, x: torch.Tensor, name: str, dtype: torch.dtype) -> torch.Tensor:
        weight = self.weights.get(name)
        assert weight is not None
        return rms_norm(x, weight.float(), self.config.norm_eps, dtype)

    def _normed_heads(self, qkv: torch.Tensor, at: str) -> torch.Tensor:
        c = self.config
        qk_width = (c.heads + c.kv_heads) * c.head_dim
        qk = qkv[..., :qk_width].unflatten(-1, (-1, c.head_dim))
        q_norm, k_norm = self.weights.get(at + "q_norm"), self.weights.get(at + "k_norm")
        assert q_norm is not None
        assert k_norm is not None
        q = F.rms_norm(qk[..., : c.heads, :], (c.head_dim,), q_norm.to(qk.dtype), c.norm_eps)
        k = F.rms_norm(qk[..., c.heads :, :], (c.head_dim,), k_norm.to(qk.dtype), c.norm_eps)
        return torch.cat((torch.cat((q, k), -2).flatten(-2), qkv[..., qk_width:]), -1)

    def _turns(self, rotary: Rotary, places: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        cos, sin = rotary.turns(places.cpu().flatten())
        shape = (*places.shape, 1, self.config.head_dim)
        return cos.view(shape).to(places.device), sin.view(shape).to(places.device)

    def _mask(self, trees: Trees, window: int | None) -> torch.Tensor:
        """(b * kv_heads, group * n, n) additive mask with the position bias, if there is one."""
        c = self.config
        b, n = trees.tokens.shape
        visible = trees.visible
        if window is not None:
            near = trees.places[:, :, None] - trees.places[:, None] < window
            visible = visible & (near | torch.eye(n, dtype=torch.bool, device=near.device))
        mask = torch.zeros(visible.shape, device=visible.device).masked_fill_(~visible, float("-inf"))
        mask = mask[:, None].expand(b, c.heads, n, n)
        if c.position in ("alibi", "t5"):
            table = self.weights.get("relative_bias")
            bias = [self._bias(p, table) for p in trees.places]
            mask = mask + torch.stack(bias)
        return mask.reshape(b * c.kv_heads, c.group * n, n).to(self.weights.dtype)

    def _bias(self, places: torch.Tensor, table: torch.Tensor | None) -> torch.Tensor:
        if self._slopes is not None:
            return alibi_bias(self._slopes.to(places.device), places, places)
        assert table is not None
        return relative_bias(table, places, places, self.config.relative_distance)
