"""int4 weight-only: groups of 32 weights with a scale and an offset each, for writing token by token.

Half the memory of int8 for the matrices of the layers; the embedding and the head are those of int8. One token at a
time is faster than int8, because less is read; many rows at once are slower, because the kernel unpacks the weights
again for every block of rows. So it suits writing, and int8 or bfloat16 suit scoring. ``docs/engine.md`` has the
figures and the error against float32.

The packed form is that of torch's kernel and differs between processors and versions of torch: ``packing`` names it,
and prepared files carry the name.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch

from planner.lm.linear import quantised

GROUP = 32  # wider groups were five times as wrong on default weights, whose own blocks have 32
_ROWS = 16  # the kernel wants a multiple of this many rows


class Int4:
    """A weight (out, in), packed, with scale and offset (in / 32, out, 2) bfloat16, and an optional bias (out).

    A weight is (q - 8) * scale + offset with q from 0 to 15.
    """

    __slots__ = ("bias", "scale", "weight")

    def __init__(self, weight: torch.Tensor, scale: torch.Tensor, bias: torch.Tensor | None = None) -> None:
        # the kernel reads whole vectors: mapped tensors must lie on a 64-byte border
        self.weight, self.scale = (t if t.data_ptr() % 64 == 0 else t.clone() for t in (weight, scale))
        self.bias = bias

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = torch.ops.aten._weight_int4pack_mm_for_cpu(x, self.weight, GROUP, self.scale)
        return out if self.bias is None else out + self.bias

    def rows(self, index: torch.Tensor) -> torch.Tensor:
        """Rows ``index`` of the weight, float32 (k, in), exact in bfloat16: the product with unit vectors."""
        unit = torch.eye(self.scale.shape[0] * GROUP, dtype=self.scale.dtype)
        whole: torch.Tensor = torch.ops.aten._weight_int4pack_mm_for_cpu(unit, self.weight, GROUP, self.scale)
        return whole[:, index].T.float()


def packing() -> str:
    """Which packed form this processor and this torch use; part of the name of prepared files."""
    capability = str(torch.backends.cpu.get_cpu_capability()).lower()
    return f"{capability}-torch{torch.__version__.split('+')[0]}"


def quantised4(tensors: Iterator[tuple[str, torch.Tensor]], tied: bool) -> Iterator[tuple[str, torch.Tensor]]:
    """Canonical tensors with the matrices of the layers as int4; embedding, head and odd shapes as ``quantised``."""
    for name, tensor in tensors:
        fits = tensor.dim() == 2 and tensor.shape[0] % _ROWS == 0 and tensor.shape[1] % GROUP == 0
        if name.startswith("layers.") and fits:
            weight, scale = pack(tensor)
            yield name, weight
            yield name + ".scale", scale
        else:
            yield from quantised(iter([(name, tensor)]), tied)


def pack(tensor: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Packed weight (uint8) and scale with offset of a float matrix: each group's range in fifteen equal steps."""
    rows, columns = tensor.shape
    groups = tensor.float().view(rows, columns // GROUP, GROUP)
    low, high = groups.amin(-1), groups.amax(-1)
    scale = ((high - low) / 15).clamp(min=1e-8).bfloat16()
    offset = (low + 8 * scale.float()).bfloat16()
    steps = (groups - offset.float()[..., None]) / scale.float()[..., None]
    numbers = (steps.round() + 8).clamp(0, 15).to(torch.int32).view(rows, columns)
    packed: torch.Tensor = torch.ops.aten._convert_weight_to_int4pack_for_cpu(numbers, 1)
    return packed, torch.stack((scale, offset), -1).transpose(0, 1).contiguous()
