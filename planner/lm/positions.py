"""Position encodings that act as a bias on attention scores: ALiBi and T5's relative buckets.

Rotary encoding turns queries and keys instead (``planner.lm.rotary``); learned encoding adds a vector to the
token's (``Transformer.forward``); "none" does nothing, and causal attention alone tells the order.
"""

from __future__ import annotations

import math

import torch


def alibi_slopes(heads: int) -> torch.Tensor:
    """(heads,) slopes of Press et al. 2022: 2^(-8/n), 2^(-16/n), ... for n heads.

    For a number that is no power of two the published way: those of the power below, then every second one of
    the power above.
    """

    def powers(count: int) -> list[float]:
        return [2.0 ** (-8.0 * (i + 1) / count) for i in range(count)]

    below = 2 ** int(math.log2(heads))
    slopes = powers(below)
    if below < heads:
        slopes += powers(2 * below)[0::2][: heads - below]
    return torch.tensor(slopes)


def alibi_bias(slopes: torch.Tensor, rows: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
    """(heads, rows, keys) bias: minus slope times distance, from the places of rows and keys."""
    distance = (rows[:, None] - keys[None]).clamp(min=0).float()
    return -slopes[:, None, None] * distance[None]


def relative_bucket(distance: torch.Tensor, buckets: int, longest: int) -> torch.Tensor:
    """Bucket of each distance >= 0 looking back (Raffel et al. 2020, the one-directional form).

    The first half of the buckets are exact distances, the rest grow logarithmically up to ``longest``.
    """
    exact = buckets // 2
    distance = distance.clamp(min=0)
    ratio = torch.log(distance.clamp(min=1).float() / exact) / math.log(longest / exact)
    far = (exact + (ratio * (buckets - exact)).to(torch.int64)).clamp(max=buckets - 1)
    return torch.where(distance < exact, distance, far)


def relative_bias(table: torch.Tensor, rows: torch.Tensor, keys: torch.Tensor, longest: int) -> torch.Tensor:
    """(heads, rows, keys) bias read from ``table`` (buckets, heads) by the distance of the places."""
    bucket = relative_bucket(rows[:, None] - keys[None], table.shape[0], longest)
    return table[bucket].permute(2, 0, 1).float()
