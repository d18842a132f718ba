"""Reliability: how often is a decision right that the planner is so sure of? Bins, calibration error, a diagram.

The expected calibration error is the mean over all decisions of |share right - mean confidence| of their bin (Naeini et
al. 2015, ten bins of equal width). With few decisions it is biased upwards: bins of five still differ by chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from planner.evaluate.statistics import DIGITS, rate

BINS = 10
SIDE, EDGE = 320, 40  # [px] of the diagram and its margin

Pair = tuple[float, bool]


def pairs_of(lines: Iterable[Mapping[str, Any]]) -> list[Pair]:
    """(confidence of the first decision, whether the plan was right) of every line that says how sure it was."""
    out = []
    for line in lines:
        attempts = line.get("attempts") or [{}]
        sure, right = attempts[0].get("confidence"), line["measures"].get("plan_success")
        if sure is not None and right is not None:
            out.append((float(sure), bool(right)))
    return out


def reliability(pairs: Sequence[Pair], bins: int = BINS) -> dict[str, Any]:
    """``bins``: those with decisions in them, each with bounds, mean confidence and the share that was right (with a
    95 % interval); ``ece``: expected calibration error; ``brier``: mean squared error; None where there is nothing."""
    if not pairs:
        return {"n": 0, "ece": None, "brier": None, "bins": []}
    rows, ece = [], 0.0
    for i in range(bins):
        low, high = i / bins, (i + 1) / bins
        inside = [(p, r) for p, r in pairs if low <= p < high or (i == bins - 1 and p == 1.0)]
        if not inside:
            continue
        sure = sum(p for p, _ in inside) / len(inside)
        right = rate([r for _, r in inside])
        ece += len(inside) / len(pairs) * abs(right["k"] / right["n"] - sure)
        rows.append({"low": low, "high": high, "confidence": round(sure, DIGITS), "right": right})
    brier = sum((p - r) ** 2 for p, r in pairs) / len(pairs)
    return {"n": len(pairs), "ece": round(ece, DIGITS), "brier": round(brier, DIGITS), "bins": rows}


def table(found: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """(column heads, one row per bin) for people."""
    body = []
    for b in found["bins"]:
        r = b["right"]
        share = f"{100 * r['rate']:.0f} % [{100 * r['low']:.0f}, {100 * r['high']:.0f}]"
        body.append([f"{b['low']:.1f} to {b['high']:.1f}", str(r["n"]), f"{100 * b['confidence']:.0f} %", share])
    return ["confidence", "n", "mean", "right"], body


def diagram(found: Mapping[str, Any]) -> str:
    """The reliability diagram as SVG: a dot for each bin with its interval, the line of perfect calibration."""
    span = SIDE - 2 * EDGE

    def x(p: float) -> float:
        return round(EDGE + span * p, 1)

    def y(p: float) -> float:
        return round(SIDE - EDGE - span * p, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" font-family="sans-serif" font-size="11">',
        f'<rect x="{EDGE}" y="{EDGE}" width="{span}" height="{span}" fill="none" stroke="#888"/>',
        f'<path d="M{x(0)} {y(0)}L{x(1)} {y(1)}" stroke="#888" stroke-dasharray="4 3"/>',
    ]
    for b in found["bins"]:
        r, at = b["right"], x(b["confidence"])
        parts.append(f'<path d="M{at} {y(r["low"])}L{at} {y(r["high"])}" stroke="#3b6ea5"/>')
        parts.append(
            f'<circle cx="{at}" cy="{y(r["rate"])}" r="{2 + min(6.0, r["n"] ** 0.5 / 2):.1f}" fill="#3b6ea5"/>'
        )
    for p in (0.0, 0.5, 1.0):
        parts.append(f'<text x="{x(p)}" y="{SIDE - EDGE + 16}" text-anchor="middle">{p:g}</text>')
        parts.append(f'<text x="{EDGE - 6}" y="{y(p) + 4}" text-anchor="end">{p:g}</text>')
    parts.append(f'<text x="{SIDE / 2}" y="{SIDE - 8}" text-anchor="middle">how sure</text>')
    parts.append(f'<text x="{SIDE / 2}" y="{EDGE - 14}" text-anchor="middle">share right, n = {found["n"]}</text>')
    return "\n".join([*parts, "</svg>\n"])
