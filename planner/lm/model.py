"""The transformer: one function from tokens and a key-value cache to hidden states.

Layer by layer as published: RMSNorm (Zhang and Sennrich 2019), rotary positions (Su et al. 2021),
grouped-query attention (Ainslie et al. 2023), SwiGLU or GeGLU feed-forward (Shazeer 2020).

The residual stream is float32 whatever the weights are: it costs nothing measurable and halves bfloat16's
largest error. Query heads that share a key head are laid out as extra query *rows* of that head. So
grouped-query attention needs no copies of keys, whatever the group size, and a mask row is repeated once per
query head of the group.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import torch
import torch.nn.functional as F

from planner.lm.attention import attend
from planner.lm.config import ModelConfig
from planner.lm.half import Half, pack
from planner.lm.int4 import Int4
from planner.lm.kv import KVCache
from planner.lm.linear import Dense, Int8, Linear, Packed
from planner.lm.packing import PackedWeight
from planner.lm.positions import alibi_bias, alibi_slopes, relative_bias
from planner.lm.rotary import Rotary


@dataclass
class Layer:
    """The operations of one block; norms are weights (dim,)."""

    qkv: Linear
    o: Linear
    gate_up: Linear
    down: Linear
    norm_attn: torch.Tensor
    norm_ffn: torch.Tensor
    norm_attn_out: torch.Tensor | None = None
    norm_ffn_out: torch.Tensor | None = None
    q_norm: torch.Tensor | None = None
    k_norm: torch.Tensor | None = None
    windowed: bool = False
    rotary: Rotary | None = None


Ready = PackedWeight | Future[Any]


def _product(tensors: Mapping[str, torch.Tensor], packed: Mapping[str, Ready], name: str) -> Linear:
    bias, ready = tensors.get(name + "_bias"), packed.get(name)
    if isinstance(ready, PackedWeight):
        return Packed(ready, bias, tensors.get(name))
    if ready is not None:
        return Half(ready, bias, tensors.get(name))
    if name + ".scale" in tensors:
        kind = Int8 if tensors[name].dtype == torch.int8 else Int4
        return kind(tensors[name], tensors[name + ".scale"], bias)
    if tensors[name].dtype == torch.float16:
        return Half(pack(tensors[name]), bias, tensors[name])
    return Dense(tensors[name], bias)


def _float(tensor: torch.Tensor | None) -> torch.Tensor | None:
    return None if tensor is None else tensor.float()


class Transformer:
    """A decoder-only transformer over one sequence (or one tree of tokens) at a time.

    Args:
        config: shape and choices.
        tensors: canonical tensors (see ``checkpoint.canonical``), all of one dtype; or matrices in float16 and the
            rest in float32, which is then the type of all activations.
        packed: what ``packing.packed_weights`` or ``half.pack_behind`` made of them; these then need not be among
            ``tensors``.
    """

    def __init__(
        self,
        config: ModelConfig,
        tensors: Mapping[str, torch.Tensor],
        packed: Mapping[str, Ready] = MappingProxyType({}),
    ) -> None:
        self.config = config
        self.embed = tensors["embed"]
        self.norm = tensors["norm"].float()
        self.dtype = torch.float32 if self.embed.dtype == torch.float16 else self.embed.dtype
        self.head = _product({"head": self.embed, **tensors}, packed, "head")
        self.scale = config.head_dim**-0.5 if config.query_scale is None else config.query_scale
        full = local = None
        if config.position == "rotary":
            full = local = Rotary(config.head_dim, config.theta, dict(config.rope_scaling), self.dtype)
            if config.local_theta is not None:
                local = Rotary(config.head_dim, config.local_theta, {}, self.dtype)
        self.places = tensors.get("positions")
        self.relative = tensors.get("relative_bias")
        self.slopes = alibi_slopes(config.heads) if config.position == "alibi" else None
        self.layers = []
        for i in range(config.layers):
            at = f"layers.{i}."
            windowed = i in config.window_layers
            rotary = None if i in config.plain_layers else (local if windowed else full)
            self.layers.append(
                Layer(
                    qkv=_product(tensors, packed, at + "qkv"),
                    o=_product(tensors, packed, at + "o"),
                    gate_up=_product(tensors, packed, at + "gate_up"),
                    down=_product(tensors, packed, at + "down"),
                    norm_attn=tensors[at + "norm_attn"].float(),
                    norm_ffn=tensors[at + "norm_ffn"].float(),
                    norm_attn_out=_float(tensors.get(at + "norm_attn_out")),
                    norm_ffn_out=_float(tensors.get(at + "norm_ffn_out")),
                    q_norm=tensors.get(at + "q_norm"),
                    k_norm=tensors.get(at + "k_norm"),
                    windowed=windowed,
                    rotary=rotary,
                )
            )

    def forward(
        self,
        tokens: torch.Tensor,
        positions: torch.Tensor,
        cache: KVCache,
        start: int,
        mask: torch.Tensor | None,
        window_mask: torch.Tensor | None = None,
        key_places: torch.Tensor | None = None,
        wanted: slice = slice(None),
        depth: int | None = None,
    ) -> torch.Tensor:
        """Run tokens behind ``start`` cached entries; their keys and values go to ``start, start + 1, ...``.

        Args:
            tokens: (n,) token numbers.
            positions: (n,) place of each in its own text (two branches of a tree may share places).
            cache: has room for ``start + n``.
            start: entries of the cache that exist already.
            mask: (n, span), added to attention scores: 0 where row may look, -inf elsewhere; ``span`` is at least
                start + n, and the cache has room for it. None: all start + n entries are seen.
            window_mask: the same for sliding-window layers.
            key_places: (span,) place of every cached entry in its text; needed for score biases only.
            wanted: rows whose hidden states are wanted; the others end in the last layer's keys and values.
            depth: run only so many layers.

        Returns:
            (wanted, dim) hidden states after the last norm; with ``depth`` (n, dim) what that layer hands on.
        """
        c = self.config
        n, end = tokens.shape[0], start + tokens.shape[0]
        span = end if mask is None else mask.shape[1]
        bias = self._bias(positions, key_places)
        masks = [None if m is None else self._grouped(m, bias) for m in (mask, window_mask)]
        turns = {id(r): r.turns(positions) for r in {id(x.rotary): x.rotary for x in self.layers}.values() if r}
        x = F.embedding(tokens, self.embed).float()
        if c.embed_scale != 1.0:
            x = x * float(torch.tensor(c.embed_scale, dtype=self.dtype))
        if self.places is not None:
            x = x + F.embedding(positions.clamp(max=c.context - 1), self.places)
        for i, layer in enumerate(self.layers[:depth]):
            q, k, v = self._heads(layer, self._normed(x, layer.norm_attn), turns)
            keys, values = cache.keys[i], cache.values[i]
            keys[:, start:end] = k.transpose(0, 1)
            values[:, start:end] = v.transpose(0, 1)
            mask = masks[1] if layer.windowed else masks[0]
            if layer is self.layers[-1] and wanted != slice(None):
                q, x = q[wanted], x[wanted]
                mask = None if mask is None else self._rows_of(mask, n, wanted)
            rows = q.shape[0]
            q = q.view(rows, c.kv_heads, c.group, c.head_dim).permute(1, 2, 0, 3)
            q = q.reshape(c.kv_heads, c.group * rows, c.head_dim)
            out = attend(q, keys[:, :span], values[:, :span], mask, self.scale)
            out = out.view(c.kv_heads, c.group, rows, c.head_dim).permute(2, 0, 1, 3).reshape(rows, -1)
            out = layer.o(out)
            if layer.norm_attn_out is not None:
                out = F.rms_norm(out.float(), (c.dim,), layer.norm_attn_out, c.norm_eps)
            x += out
            gate, up = layer.gate_up(self._normed(x, layer.norm_ffn)).chunk(2, dim=-1)
            gate = F.silu(gate) if c.activation == "silu" else F.gelu(gate, approximate="tanh")
            out = layer.down(gate.mul_(up))
            if layer.norm_ffn_out is not None:
                out = F.rms_norm(out.float(), (c.dim,), layer.norm_ffn_out, c.norm_eps)
            x += out
        return x if depth is not None else self._normed(x, self.norm)

    def _normed(self, x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        if x.shape[0] == 1 and self.dtype == torch.float32:  # a third of the calls, which are all that one row costs
            row = x[0]
            size = float(torch.dot(row, row)) / self.config.dim
            return (x * weight).mul_((size + self.config.norm_eps) ** -0.5)
        return F.rms_norm(x, (self.config.dim,), weight, self.config.norm_eps).to(self.dtype)

    def _heads(
        self, layer: Layer, h: torch.Tensor, turns: Mapping[int, tuple[torch.Tensor, torch.Tensor]]
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Queries (n, heads, head_dim), keys and values (n, kv_heads, head_dim) of normed states ``h`` (n, dim)."""
        c = self.config
        qkv = layer.qkv(h).view(h.shape[0], c.heads + 2 * c.kv_heads, c.head_dim)
        qk = qkv[:, : c.heads + c.kv_heads]
        if layer.q_norm is not None and layer.k_norm is not None:
            q = F.rms_norm(qk[:, : c.heads], (c.head_dim,), layer.q_norm, c.norm_eps)
            k = F.rms_norm(qk[:, c.heads :], (c.head_dim,), layer.k_norm, c.norm_eps)
            qk = torch.cat((q, k), 1)
        if layer.rotary is not None:
            qk = layer.rotary.apply(qk, turns[id(layer.rotary)])
        return qk[:, : c.heads], qk[:, c.heads :], qkv[:, c.heads + c.kv_heads :]

    def _rows_of(self, mask: torch.Tensor, n: int, wanted: slice) -> torch.Tensor:
        """The rows ``wanted`` of a mask made by ``_grouped`` for ``n`` rows."""
        part = mask.view(*mask.shape[:-2], -1, n, mask.shape[-1])[..., wanted, :]
        return part.reshape(*mask.shape[:-2], -1, mask.shape[-1])

    def _bias(self, rows: torch.Tensor, keys: torch.Tensor | None) -> torch.Tensor | None:
        """(heads, n, past) position bias of the scores, or None."""
        if keys is None:
            return None
        if self.slopes is not None:
            return alibi_bias(self.slopes, rows, keys)
        if self.relative is not None:
            return relative_bias(self.relative, rows, keys, self.config.relative_distance)
        return None

    def _grouped(self, mask: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        """A mask (n, past) for query heads laid out as rows: (group * n, past), per key head with a bias."""
        if bias is None:
            return mask.repeat(self.config.group, 1)
        rows = self.config.group * mask.shape[0]
        return (bias + mask.float()).reshape(self.config.kv_heads, rows, -1).to(self.dtype)

    def columns(self, hidden: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """Exact float32 logits of ``tokens`` (k,) behind ``hidden`` (dim,) or row by row (k, dim); (k,)."""
        return (self.head.rows(tokens) * hidden.float()).sum(-1)

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        """(n, dim) hidden states to (n, vocab) logits in the model's dtype."""
        return self.head(hidden)
