"""Rotary position encoding (Su et al. 2021), in the half-split layout of Llama checkpoints."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import torch


class Rotary:
    """Turns pairs (x_i, x_{i + width/2}) by ``position * base^(-2i/width)``.

    Angles are computed in float32 and tabulated; the table grows with the longest position seen.

    Args:
        scaling: empty, ``{"rope_type": "linear", "factor": f}``, or Llama 3's wavelength-dependent scaling.
    """

    def __init__(self, width: int, base: float, scaling: Mapping[str, Any], dtype: torch.dtype) -> None:
        self._dtype = dtype
        rates = 1.0 / (base ** (torch.arange(0, width, 2, dtype=torch.int64).float() / width))
        if scaling.get("rope_type") == "linear":
            rates = rates / float(scaling["factor"])
        elif scaling.get("rope_type") == "llama3":
            rates = _llama3(rates, scaling)
        self._rates = rates
        self._cos = self._sin = torch.empty(0, 1, width, dtype=dtype)

    def turns(self, positions: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Cosine and signed sine, each (n, 1, width), of the angles at ``positions`` (n,)."""
        longest = int(positions.max()) + 1
        if longest > self._cos.shape[0]:
            size = max(256, 1 << (longest - 1).bit_length())
            angles = torch.outer(torch.arange(size, dtype=torch.float32), self._rates)
            cos, sin = angles.cos(), angles.sin()
            self._cos = torch.cat((cos, cos), -1).to(self._dtype)[:, None]
            self._sin = torch.cat((-sin, sin), -1).to(self._dtype)[:, None]
        return self._cos[positions], self._sin[positions]

    @staticmethod
    def apply(x: torch.Tensor, turns: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        """Turn ``x`` of shape (n, heads, width)."""
        cos, sin = turns
        half = x.shape[-1] // 2
        swapped = torch.cat((x[..., half:], x[..., :half]), -1)
        return torch.addcmul(x * cos, swapped, sin)


def _llama3(rates: torch.Tensor, scaling: Mapping[str, Any]) -> torch.Tensor:
    """Slow rotations are slowed by ``factor``, fast ones kept, those between blended (Llama 3.1)."""
    factor, old = float(scaling["factor"]), float(scaling["original_max_position_embeddings"])
    low, high = float(scaling["low_freq_factor"]), float(scaling["high_freq_factor"])
    wavelength = 2 * math.pi / rates
    blend = ((old / wavelength - low) / (high - low)).clamp(0, 1)
    return rates * (blend + (1 - blend) / factor)
