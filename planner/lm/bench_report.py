"""The benchmark's result as lines of text and as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planner.lm import bench_draft


def table(result: dict[str, Any]) -> str:
    """The result as text, one figure per line."""
    lines = []
    for part in ("machine", "process", "model", "writing"):
        lines += [f"{part}.{key:34s} {_shown(value)}" for key, value in result.get(part, {}).items()]
    lines += bench_draft.lines(result.get("guessing", []))
    for row in result.get("scoring", []):
        lines += [f"{row['options']} options: {key:34s} {_shown(value)}" for key, value in row.items()]
    return "\n".join(lines)


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def plot(result: dict[str, Any], path: Path) -> None:
    """Cost against number of options and prompt length, as a picture (package matplotlib)."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.6), layout="constrained")
    axes, beside = figure.subplots(1, 2)
    rows = result.get("by_prompt", [])
    beside.plot([r["tokens"] for r in rows], [r["ours_all_s"] for r in rows], "o-")
    beside.set_ylim(bottom=0)
    beside.set_xlabel("prompt tokens (53 options, prefix warm)")
    beside.set_ylabel("seconds")
    beside.grid(True, alpha=0.3)
    grown = result.get("by_options", [])
    for key, label in (("ours_all_s", "all options, exact"), ("ours_top5_s", "exact best five")):
        axes.loglog([r["options"] for r in grown], [r[key] for r in grown], "o-", label=label)
    measured = result.get("scoring", [])
    for i, peer in enumerate(result.get("peers", [])):
        for work, label, mark in (
            ("batch", "shared prefix, padded batch", "s--"),
            ("one_by_one", "one call per option", "^:"),
        ):
            points = [(r["options"], r[key]) for r in measured if (key := f"theirs_{peer}_{work}_s") in r]
            if points:
                axes.loglog(*zip(*points, strict=True), mark, color=f"C{2 + i}", label=f"transformers {peer}, {label}")
    axes.set_xlabel("options")
    axes.set_ylabel("seconds (prefix warm)")
    axes.grid(True, which="both", alpha=0.3)
    figure.legend(loc="outside lower center", fontsize="small", ncols=3)
    figure.savefig(path)
