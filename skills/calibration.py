"""From a score to a probability: what an affordance said, corrected by what came of it in trials.

A curve per skill, rising, as points (score, share that succeeded), straight in between: isotonic regression (Zadrozny
and Elkan, 2002). A hard no stays a hard no. Evaluated here, fitted in `planner.evaluate.affordance`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from skills.skill import Affordance


class CalibrationError(ValueError):
    """Curves that cannot be used; the message names the skill and what is wrong."""


@dataclass(frozen=True)
class Calibration:
    """Curves by skill name: points (score, probability), both within [0, 1] and rising. Other skills are left as they
    are."""

    curves: Mapping[str, tuple[tuple[float, float], ...]]

    def __post_init__(self) -> None:
        for skill, points in self.curves.items():
            a = np.asarray(points, float)
            if a.ndim != 2 or a.shape[1] != 2 or len(a) < 1:
                raise CalibrationError(f"{skill}: a curve is a list of [score, probability], got {points!r}")
            if not np.isfinite(a).all() or a.min() < 0 or a.max() > 1:
                raise CalibrationError(f"{skill}: scores and probabilities lie in [0, 1]")
            if (np.diff(a[:, 0]) <= 0).any() or (np.diff(a[:, 1]) < 0).any():
                raise CalibrationError(f"{skill}: the points must rise")

    @staticmethod
    def from_data(data: object) -> Calibration:
        """From plain data, ``{skill: [[score, probability], ...]}``; raises CalibrationError."""
        if not isinstance(data, Mapping):
            raise CalibrationError(f"curves are a mapping of skills to lists of points, got {type(data).__name__}")
        curves = {}
        for skill, points in data.items():
            try:
                curves[str(skill)] = tuple((float(x), float(y)) for x, y in points)
            except (TypeError, ValueError):
                raise CalibrationError(f"{skill}: a curve is a list of [score, probability], got {points!r}") from None
        return Calibration(curves)

    def probability(self, skill: str, score: float) -> float:
        """How often ``skill`` succeeds where its affordance says ``score``."""
        points = self.curves.get(skill)
        if points is None or score <= 0.0:
            return score
        xs, ys = zip(*points, strict=True)
        return float(np.interp(score, xs, ys))

    def apply(self, skill: str, affordance: Affordance) -> Affordance:
        """The affordance with its value corrected; the factors keep what was said before, as "analytic"."""
        value = self.probability(skill, affordance.value)
        if value == affordance.value:
            return affordance
        return replace(affordance, value=value, factors={**affordance.factors, "analytic": affordance.value})


def isotonic(scores: Sequence[float], won: Sequence[bool], least: int = 25) -> list[tuple[float, float]]:
    """The rising curve that fits best (pool adjacent violators), as points. ``least``: trials of a step, so that a
    few lucky ones make no point of their own. Raises CalibrationError without trials."""
    x, y = np.asarray(scores, float), np.asarray(won, float)
    if not len(x):
        raise CalibrationError("no trials to fit a curve to")
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    steps: list[list[float]] = []  # sum of x, sum of y, trials
    start = 0
    while start < len(x):
        end = min(len(x), start + least)
        while end < len(x) and x[end] == x[end - 1]:
            end += 1  # equal scores belong together
        if len(x) - end < least // 2:
            end = len(x)
        steps.append([float(x[start:end].sum()), float(y[start:end].sum()), float(end - start)])
        start = end
    pooled: list[list[float]] = []
    for step in steps:
        pooled.append(step)
        while len(pooled) > 1 and pooled[-2][1] * pooled[-1][2] > pooled[-1][1] * pooled[-2][2]:
            last = pooled.pop()
            pooled[-1] = [a + b for a, b in zip(pooled[-1], last, strict=True)]
    points = [(sx / n, (sy + 1) / (n + 2)) for sx, sy, n in pooled]  # one won, one lost beforehand: never quite sure
    out: list[tuple[float, float]] = []
    for px, py in points:
        if out and py < out[-1][1]:
            py = out[-1][1]
        if not out or px > out[-1][0] + 1e-9:
            out.append((round(px, 4), round(py, 4)))
    return out
