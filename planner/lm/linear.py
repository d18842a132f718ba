"""The matrix products of the transformer: plain, int8 weight-only, and with a low-rank adapter on top."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Protocol

import torch
import torch.nn.functional as F

if TYPE_CHECKING:
    from planner.lm.packing import PackedWeight

_FEW = 3  # rows that the bfloat16 product is fast enough for on every processor
_SLAB = 4096  # rows of an int8 weight expanded at a time: stays in the processor's cache


@cache
def fast_bfloat16() -> bool:
    """Does this processor multiply bfloat16 matrices in hardware?"""
    checks = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(bool(getattr(torch.cpu, name, lambda: False)()) for name in checks)


def product(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """``x @ weight.T`` in the type of ``x``: (n, in), (out, in) of any type -> (n, out).

    A processor that does not multiply bfloat16 in hardware is several times as fast in float32, with the weight
    expanded a slab at a time; so it multiplies more than a few rows in float32 and rounds the result.
    """
    if x.dtype != torch.bfloat16 or fast_bfloat16() or (x.shape[0] <= _FEW and weight.dtype == x.dtype):
        return F.linear(x, weight.to(x.dtype))
    wide = x.float()
    parts = [F.linear(wide, w.float()).to(x.dtype) for w in torch.split(weight, _SLAB)]
    return parts[0] if len(parts) == 1 else torch.cat(parts, -1)


class Linear(Protocol):
    """(n, in) to (n, out)."""

    def __call__(self, x: torch.Tensor) -> torch.Tensor: ...

    def rows(self, index: torch.Tensor) -> torch.Tensor:
        """Rows ``index`` of the weight, float32 (k, in)."""


class Dense:
    """A weight (out, in) and an optional bias (out)."""

    __slots__ = ("bias", "weight")

    def __init__(self, weight: torch.Tensor, bias: torch.Tensor | None = None) -> None:
        self.weight, self.bias = weight, bias

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        if x.dtype == torch.bfloat16 and not fast_bfloat16():
            out = product(x, self.weight)
            return out if self.bias is None else out + self.bias
        return F.linear(x, self.weight, self.bias)

    def rows(self, index: torch.Tensor) -> torch.Tensor:
        return self.weight[index].float()


class Packed(Dense):
    """A weight in the processor's own layout (``packing.py``), bfloat16 or float32, and an optional bias (out).

    Args:
        packed: the weight.
        bias: added to the product.
        plain: the same weight as it was; kept only if it costs nothing (it is mapped) or its rows are looked up.
    """

    __slots__ = ("_multiply", "_packed", "_plain")

    def __init__(
        self, packed: PackedWeight, bias: torch.Tensor | None = None, plain: torch.Tensor | None = None
    ) -> None:
        self._packed, self.bias, self._plain = packed, bias, plain
        self._multiply = torch.ops.mkldnn._linear_pointwise.default

    @property
    def weight(self) -> torch.Tensor:  # type: ignore[override]
        """The plain weight (out, in)."""
        return self._packed.tensor.to_dense() if self._plain is None else self._plain

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self._multiply(x, self._packed.tensor, self.bias, "none", [], "")
        return out


class Int8:
    """A weight (out, in) as int8 with one scale per row: half the memory traffic of bfloat16.

    A few rows of input go through the int8 kernel; many are faster with the weight expanded slab by slab.
    """

    __slots__ = ("bias", "scale", "weight")

    FEW = 16

    def __init__(self, weight: torch.Tensor, scale: torch.Tensor, bias: torch.Tensor | None = None) -> None:
        # the kernel reads whole vectors: a mapped weight that does not lie on a 64-byte border crashes it
        self.weight = weight if weight.data_ptr() % 64 == 0 else weight.clone()
        self.scale, self.bias = scale, bias

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        if x.shape[0] <= self.FEW and x.dtype == torch.bfloat16:
            out = torch._weight_int8pack_mm(x, self.weight, self.scale)
        else:
            slabs = zip(torch.split(self.weight, _SLAB), torch.split(self.scale, _SLAB), strict=True)
            parts = [product(x, w) * s for w, s in slabs]
            out = parts[0] if len(parts) == 1 else torch.cat(parts, -1)
        return out if self.bias is None else out + self.bias

    def rows(self, index: torch.Tensor) -> torch.Tensor:
        return self.weight[index].float() * self.scale[index].float()[:, None]


class Adapted:
    """A product with low-rank updates (Hu et al. 2021) added to slices of its output.

    Each update is (first output row, A (r, in), B (rows, r)); the scale is folded into B.
    """

    __slots__ = ("base", "updates")

    def __init__(self, base: Linear, updates: list[tuple[int, torch.Tensor, torch.Tensor]]) -> None:
        self.base, self.updates = base, updates

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        out = self.base(x)
        for first, a, b in self.updates:
            out[:, first : first + b.shape[0]] += F.linear(F.linear(x, a), b)
        return out

    def rows(self, index: torch.Tensor) -> torch.Tensor:
        rows = self.base.rows(index)
        for first, a, b in self.updates:
            inside = (index >= first) & (index < first + b.shape[0])
            rows[inside] += b[index[inside] - first].float() @ a.float()
        return rows


def merged(base: Linear, updates: list[tuple[int, torch.Tensor, torch.Tensor]]) -> Dense:
    """``base`` with the updates added into a copy of its weight (rounded once, from float32)."""
    if not isinstance(base, Dense):
        raise TypeError(f"only plain weights can take an adapter in, not {type(base).__name__}")
    weight = base.weight.to(torch.float32, copy=True)
    for first, a, b in updates:
        weight[first : first + b.shape[0]] += b.float() @ a.float()
    if isinstance(base, Packed):
        from planner.lm.packing import pack

        return Packed(pack(weight.to(base.weight.dtype)), base.bias)
    from planner.lm.half import Half, halved
    from planner.lm.half import pack as pack_half

    if isinstance(base, Half):
        ((_, rounded),) = halved(iter([("", weight)]))
        if rounded.dtype == torch.float16:
            return Half(pack_half(rounded), base.bias)
        return Dense(weight, base.bias)
    return Dense(weight.to(base.weight.dtype), base.bias)


def quantised(tensors: Iterator[tuple[str, torch.Tensor]], tied: bool) -> Iterator[tuple[str, torch.Tensor]]:
    """Canonical tensors with every matrix but the embedding as int8 and a ``.scale`` beside it.

    With tied embeddings the head gets an int8 copy of its own; the embedding stays as it is, because only a
    few of its rows are ever touched. Symmetric, rounding to nearest, one scale per output row.
    """
    for name, tensor in tensors:
        if name == "embed":
            yield name, tensor
            if tied:
                yield from _int8("head", tensor)
        elif tensor.dim() == 2:
            yield from _int8(name, tensor)
        else:
            yield name, tensor


def _int8(name: str, tensor: torch.Tensor) -> Iterator[tuple[str, torch.Tensor]]:
    weight = tensor.float()
    scale = (weight.abs().amax(1) / 127).clamp(min=1e-12).to(tensor.dtype)
    yield name, (weight / scale.float()[:, None]).round().clamp(-127, 127).to(torch.int8)
    yield name + ".scale", scale
