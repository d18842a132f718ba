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
        scaling: empty, ``{"rope_type": "linear", "factor": f}``, Llama 3's wavelength-dependent scaling, "yarn" (keys
            as in Hugging Face configurations; also scales cosine and sine), or "factors": one divisor per pair.
    """

    def __init__(self, width: int, base: float, scaling: Mapping[str, Any], dtype: torch.dtype) -> None:
        self._dtype = dtype
        rates = 1.0 / (base ** (torch.arange(0, width, 2, dtype=torch.int64).float() / width))
        if scaling.get("rope_type") == "linear":
            rates = rates / float(scaling["factor"])
        elif scaling.get("rope_type") == "llama3":
            rates = _llama3(rates, scaling)
        elif scaling.get("rope_type") == "factors":
            rates = rates / torch.tensor(scaling["factors"], dtype=torch.float32)
        self._gain = 1.0
        if scaling.get("rope_type") == "yarn":
            rates, self._gain = _yarn(rates, base, scaling)
        self._rates = rates
        self._cos = self._sin = torch.empty(0, 1, width, dtype=dtype)

    def turns(self, positions: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Cosine and signed sine, each (n, 1, width), of the angles at ``positions`` (n,)."""
        longest = int(positions.max()) + 1
        if longest > self._cos.shape[0]:
            size = max(256, 1 << (longest - 1).bit_length())
            angles = torch.outer(torch.arange(size, dtype=torch.float32), self._rates)
            cos, sin = angles.cos() * self._gain, angles.sin() * self._gain
            self._cos = torch.cat((cos, cos), -1).to(self._dtype)[:, None]
            self._sin = torch.cat((-sin, sin), -1).to(self._dtype)[:, None]
        return self._cos[positions], self._sin[positions]

    @staticmethod
    def apply(x: torch.Tensor, turns: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        """Turn ``x`` of shape (n, heads, width)."""
        cos, sin = turns
        return torch.addcmul(x * cos, torch.roll(x, x.shape[-1] // 2, -1), sin)


def _llama3(rates: torch.Tensor, scaling: Mapping[str, Any]) -> torch.Tensor:
    """Slow rotations are slowed by ``factor``, fast ones kept, those between blended (Llama 3.1)."""
    factor, old = float(scaling["factor"]), float(scaling["original_max_position_embeddings"])
    low, high = float(scaling["low_freq_factor"]), float(scaling["high_freq_factor"])
    wavelength = 2 * math.pi / rates
    blend = ((old / wavelength - low) / (high - low)).clamp(0, 1)
    return rates * (blend + (1 - blend) / factor)


def _yarn(rates: torch.Tensor, base: float, scaling: Mapping[str, Any]) -> tuple[torch.Tensor, float]:
    """Rates and the factor of cosine and sine of YaRN (Peng et al. 2023).

    Pairs that turn more than ``beta_fast`` times within the original context keep their rate, those that turn less
    than ``beta_slow`` times are slowed by ``factor``, and between the two the pair's number decides linearly.
    """
    factor, old = float(scaling["factor"]), float(scaling["original_max_position_embeddings"])
    pairs = len(rates)

    def pair_that_turns(times: float) -> float:
        return pairs * math.log(old / (times * 2 * math.pi)) / math.log(base)

    low = pair_that_turns(float(scaling.get("beta_fast") or 32.0))
    high = pair_that_turns(float(scaling.get("beta_slow") or 1.0))
    if scaling.get("truncate", True):
        low, high = float(math.floor(low)), float(math.ceil(high))
    low, high = max(low, 0.0), min(high, 2.0 * pairs - 1)
    slowed = ((torch.arange(pairs).float() - low) / max(high - low, 1e-3)).clamp(0, 1)
    return rates * (1 - slowed) + rates / factor * slowed, _yarn_gain(factor, scaling)


def _yarn_gain(factor: float, scaling: Mapping[str, Any]) -> float:
    """What cosine and sine are multiplied by: given, or from the factor (the paper's 0.1 ln s + 1)."""

    def gain(weight: float) -> float:
        return 1.0 if factor <= 1 else 0.1 * weight * math.log(factor) + 1.0

    given, top, below = (scaling.get(k) for k in ("attention_factor", "mscale", "mscale_all_dim"))
    if given is not None:
        return float(given)
    return gain(float(top)) / gain(float(below)) if top and below else gain(1.0)
