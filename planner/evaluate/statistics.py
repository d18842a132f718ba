"""Rates with intervals, and paired comparison. All exact or closed-form; nothing is drawn at random."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

CONFIDENCE = 0.95
DIGITS = 6  # of what is written down


def rate(values: Iterable[bool | None]) -> dict[str, Any]:
    """``k`` of ``n`` with the rate and its 95 % Wilson interval (Wilson 1927); None values do not count.

    With n = 0 rate and interval are None.
    """
    known = [v for v in values if v is not None]
    k, n = sum(known), len(known)
    if n == 0:
        return {"k": 0, "n": 0, "rate": None, "low": None, "high": None}
    low, high = wilson(k, n)
    return {"k": k, "n": n, "rate": round(k / n, DIGITS), "low": round(low, DIGITS), "high": round(high, DIGITS)}


def wilson(k: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of k successes in n trials; raises ValueError when n < 1 or k is outside 0..n."""
    from scipy.stats import binomtest

    interval = binomtest(k, n).proportion_ci(CONFIDENCE, method="wilson")
    return float(interval.low), float(interval.high)


def mcnemar(only_a: int, only_b: int) -> float:
    """Two-sided exact p-value of McNemar's test (1947): of the pairs that differ, is either side favoured?"""
    from scipy.stats import binomtest

    different = only_a + only_b
    return 1.0 if different == 0 else float(binomtest(only_a, different, 0.5).pvalue)


@dataclass(frozen=True)
class Paired:
    """Two arms on the same episodes. ``only_a``: successes of a where b failed; ``only_b``: the reverse."""

    n: int
    both: int
    only_a: int
    only_b: int

    @property
    def difference(self) -> float:
        """Rate of b minus rate of a."""
        return (self.only_b - self.only_a) / self.n if self.n else 0.0

    @property
    def p(self) -> float:
        """Exact McNemar, two-sided."""
        return mcnemar(self.only_a, self.only_b)

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "n": self.n,
            "both": self.both,
            "only_a": self.only_a,
            "only_b": self.only_b,
            "difference": round(self.difference, DIGITS),
            "p": float(f"{self.p:.4g}"),
        }


def paired(pairs: Sequence[tuple[bool | None, bool | None]]) -> Paired:
    """Count the pairs; those where either side does not apply are left out."""
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    both = sum(a and b for a, b in known)
    only_a = sum(a and not b for a, b in known)
    only_b = sum(b and not a for a, b in known)
    return Paired(len(known), both, only_a, only_b)


def difference_interval(found: Paired) -> tuple[float, float]:
    """The 95 % interval of rate b minus rate a (Bonett and Price 2012: Wald's with one more pair on either side)."""
    n = found.n + 2
    a, b = (found.only_a + 1) / n, (found.only_b + 1) / n
    half = 1.959964 * math.sqrt(max(0.0, a + b - (b - a) ** 2) / n)
    return max(-1.0, b - a - half), min(1.0, b - a + half)
