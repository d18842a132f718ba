"""Small models from scratch, one choice changed at a time, trained alike: ``make ablation``.

Every model sees the same examples in the same order, is scored at the same steps on the same held-out examples, and
is stopped after the same number of steps (or by the time limit, which the table then says). Finished runs are kept:
called again, only what is missing is run.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from planner.learn.feed import Source, Text, knowledge_source
from planner.learn.scratch import Shape
from planner.learn.setup import Choices, Run
from planner.learn.train import Listener, Progress, Schedule

MIDDLE = Shape(width=192, layers=6, heads=6, kv_heads=2)
GRID: tuple[tuple[str, str, Shape], ...] = (
    ("size", "small", Shape(width=96, layers=4, heads=6, kv_heads=2)),
    ("size", "middle", MIDDLE),
    ("size", "large", Shape(width=288, layers=8, heads=6, kv_heads=2)),
    ("positions", "t5", replace(MIDDLE, position="t5")),
    ("positions", "alibi", replace(MIDDLE, position="alibi")),
    ("positions", "learned", replace(MIDDLE, position="learned")),
    ("positions", "none", replace(MIDDLE, position="none")),
    ("key heads", "6 of 6", replace(MIDDLE, kv_heads=6)),
    ("key heads", "1 of 6", replace(MIDDLE, kv_heads=1)),
    ("window", "32", replace(MIDDLE, window=32)),
    ("window", "128", replace(MIDDLE, window=128)),
)
MEASURES = (
    ("all", "every answer right"),
    ("set", "exactly the right things"),
    ("meant", "each thing rightly meant or not"),
    ("where", "where a thing goes"),
    ("composed", "every answer, of examples with a plan"),
    ("plan", "whole plan written right, same examples"),
)


def remembered(source: Source) -> Source:
    """The same source, making every portion once for all runs of this process."""
    kept: dict[tuple[str, int, int], list[Text]] = {}

    def cached(split: str, seed: int, count: int) -> list[Text]:
        key = (split, seed, count)
        if key not in kept:
            kept[key] = source(*key)
        return kept[key]

    return cached


def run_grid(
    out: Path,
    source: Source,
    knowledge: str,
    schedule: Schedule,
    held_out: int,
    grid: Sequence[tuple[str, str, Shape]] = GRID,
    said: Callable[[str], None] = print,
) -> list[dict[str, Any]]:
    """Train what is not yet there and return all rows, in the order of the grid."""
    source = remembered(source)
    rows = []
    for number, (axis, name, shape) in enumerate(grid, 1):
        path = out / f"{axis}-{name}.json".replace(" ", "-")
        if path.is_file():
            rows.append(json.loads(path.read_text(encoding="utf-8")))
            continue
        said(f"run {number} of {len(grid)}: {axis} {name}")
        choices = Choices(kind="scratch", shape=shape, schedule=schedule, per_step=1, held_out=held_out)
        run = Run(choices, out / path.stem, "make ablation", source, knowledge, listener=_Says(said))
        progress = run.trainer.run()
        if not progress.scores or progress.scores[-1][0] != progress.step:  # stopped between two scorings
            progress.scores.append((progress.step, run.trainer.score(run.trainer.splits)))
        row = {
            "axis": axis,
            "name": name,
            "shape": asdict(shape),
            "parameters": sum(p.numel() for p in run.weights.trained().values()),
            "embedding": run.base.tensors["embed"].numel(),
            "steps": progress.step,
            "asked_steps": schedule.steps,
            "tokens": progress.tokens,
            "examples": progress.examples,
            "seconds": round(progress.seconds, 1),
            "data": run.data,
            "seed": choices.seed,
            "curve": [[_tokens_at(progress, step), scores] for step, scores in progress.scores],
        }
        path.write_text(json.dumps(row), encoding="utf-8")
        rows.append(row)
    return rows


def _tokens_at(progress: Progress, step: int) -> int:
    return round(progress.tokens * step / max(1, progress.step))


class _Says(Listener):
    def __init__(self, said: Callable[[str], None]) -> None:
        self._said = said

    def scored(self, progress: Progress, split: str, scores: Any) -> None:
        share = scores.to_json()["all"]["share"]
        speed = progress.tokens / max(1e-9, progress.seconds)
        self._said(f"  step {progress.step}, {split}: {share:.0%} all right, {speed:,.0f} tokens/s")


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Markdown: nats, then one table per measure; a line per model, shares of each split with n, Wilson intervals."""
    splits = list(rows[0]["curve"][-1][1]) if rows and rows[0]["curve"] else []
    out = ["### Nats per question at the end (less is better; also where no answer is right yet)", "", *_head(splits)]
    for row in rows:
        last = row["curve"][-1][1] if row["curve"] else {}
        cells = [f"{last[s]['nats_per_question']:.3f}" if s in last else "-" for s in splits]
        out.append(f"| {_model(row)} | {' | '.join(cells)} |")
    out.append("")
    for measure, title in MEASURES:
        out += [f"### {title[0].upper()}{title[1:]}", "", *_head(splits)]
        for row in rows:
            last = row["curve"][-1][1] if row["curve"] else {}
            cells = [_cell(last.get(s, {}).get(measure)) for s in splits]
            out.append(f"| {_model(row)} | {' | '.join(cells)} |")
        out.append("")
    return "\n".join(out)


def _head(splits: Sequence[str]) -> list[str]:
    columns = ("model", "parameters", "tokens", *(s.replace("_", " ") for s in splits))
    return [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]


def _model(row: Mapping[str, Any]) -> str:
    stopped = "" if row["steps"] == row["asked_steps"] else f" (stopped at step {row['steps']})"
    return f"{row['axis']}: {row['name']}{stopped} | {row['parameters'] / 1e6:.1f} M | {row['tokens'] / 1e6:.2f} M"


def scaling(rows: Sequence[Mapping[str, Any]], measure: str = "all") -> str:
    """Markdown: the share of one measure, mean over the splits, against training tokens and model size."""
    sizes = [r for r in rows if r["axis"] == "size" and r["curve"]]
    if not sizes:
        return ""
    points = max(len(r["curve"]) for r in sizes)
    out = ["| model | parameters | " + " | ".join(f"scoring {i + 1}" for i in range(points)) + " |"]
    out.append("|---|---|" + "---|" * points)
    for row in sizes:
        cells = []
        for tokens, scores in row["curve"]:
            right = sum(s.get(measure, {}).get("right", 0) for s in scores.values())
            asked = sum(s.get(measure, {}).get("n", 0) for s in scores.values())
            nats = sum(s["nats_per_question"] for s in scores.values()) / len(scores)
            cells.append(f"{tokens / 1e6:.2f} M tokens: {_share(right, asked)}, {nats:.3f} nats")
        cells += ["-"] * (points - len(cells))
        out.append(f"| {row['name']} | {row['parameters'] / 1e6:.1f} M | {' | '.join(cells)} |")
    return "\n".join(out)


def pace(rows: Sequence[Mapping[str, Any]]) -> str:
    """Markdown: nats per question, mean over the splits, of every model at each scoring: equal training where all got
    that far, whatever the time limit cut off later."""
    points = max((len(r["curve"]) for r in rows), default=0)
    out = ["| model | " + " | ".join(f"scoring {i + 1}" for i in range(points)) + " |", "|---" * (points + 1) + "|"]
    for row in rows:
        each = [(t, sum(s["nats_per_question"] for s in scores.values()) / len(scores)) for t, scores in row["curve"]]
        cells = [f"{nats:.3f} ({tokens / 1e6:.2f} M tokens)" for tokens, nats in each]
        out.append(f"| {row['axis']}: {row['name']} | {' | '.join(cells + ['-'] * (points - len(cells)))} |")
    return "\n".join(out)


def _share(right: int, asked: int) -> str:
    from planner.evaluate.statistics import wilson

    if not asked:
        return "-"
    low, high = wilson(right, asked)
    return f"{right}/{asked} = {100 * right / asked:.0f} % ({100 * low:.0f} to {100 * high:.0f})"


def _cell(cell: Mapping[str, Any] | None) -> str:
    return "-" if cell is None else _share(cell["right"], cell["n"])


def page(rows: Sequence[Mapping[str, Any]], facts: str) -> str:
    """The text between the markers of ``docs/ablation.md``."""
    parts = [
        facts,
        "",
        "## Size and training tokens",
        "",
        "Every answer of an example right, all splits together; nats per question.",
        "",
    ]
    parts += [scaling(rows), "", "## One choice at a time", "", "### Nats per question at equal training", ""]
    parts += ["Mean over the splits.", ""]
    parts += [pace(rows), "", table(rows)]
    return "\n".join(parts)


BEGIN, END = "<!-- ablation: begin (written by make ablation) -->", "<!-- ablation: end -->"


def into_page(path: Path, text: str) -> None:
    """Put the results between the markers of the page."""
    whole = path.read_text(encoding="utf-8")
    head, rest = whole.split(BEGIN)
    path.write_text(f"{head}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}", encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the grid and write the page."""
    parser = argparse.ArgumentParser(prog="planner.learn.ablation", description="train the grid of small models")
    parser.add_argument("--out", type=Path, default=Path("runs/ablation"), help="where runs are kept")
    parser.add_argument("--page", type=Path, help="docs/ablation.md; without it the tables are printed")
    parser.add_argument("--steps", type=int, default=600, help="updates of every run (default: 600)")
    parser.add_argument("--minutes", type=float, default=2.0, help="time limit of every run (default: 2)")
    parser.add_argument("--held-out", type=int, default=100, help="examples per split (default: 100)")
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate (default: 2e-3)")
    parser.add_argument("--threads", type=int, help="processor threads (default: all)")
    parser.add_argument("--only", default="", help="these axes alone, such as size,positions")
    args = parser.parse_args(argv)
    import torch

    from planner.learn.knowledge import load_knowledge

    if args.threads:
        torch.set_num_threads(args.threads)
    schedule = Schedule(
        steps=args.steps, rate=args.rate, decay=0.01, time_limit=60 * args.minutes, save_every=1e9,
        score_every=max(1, args.steps // 4),
    )  # fmt: skip
    axes = [a.strip() for a in args.only.split(",") if a.strip()]
    grid = [g for g in GRID if not axes or g[0] in axes]
    args.out.mkdir(parents=True, exist_ok=True)
    knowledge = load_knowledge()
    rows = run_grid(args.out, knowledge_source(knowledge), knowledge.digest, schedule, args.held_out, grid, _flushed)
    facts = (
        f"{args.steps} steps of one batch, learning rate {args.rate:g}, {args.held_out} held-out examples per split, "
        f"at most {args.minutes:g} minutes a run, data {rows[0]['data'][:12]}, seed {rows[0]['seed']}."
    )
    text = page(rows, facts)
    if args.page is None:
        print(text)
    else:
        into_page(args.page, text)
    return 0


def _flushed(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
