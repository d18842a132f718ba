"""``groundplan train --probe``: what things are, read from the model's hidden states."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from planner.cli import exits, options


def train_probe(args: argparse.Namespace, command: str) -> int:
    """Train it, write it with its scores on things that it never met."""
    out = options.out_folder(args.out or Path("runs") / f"train-probe-s{args.seed}")
    import torch
    from rich.progress import track

    from planner.identity import code_identity
    from planner.learn.knowledge import load_knowledge
    from planner.learn.probing import Choices, Probing, save
    from planner.lm.engine import load_language_model

    if args.threads is not None:
        torch.set_num_threads(args.threads)
    console = options.console_of(args)

    def said(items: Sequence[str], what: str) -> Iterable[str]:
        if not args.quiet and not console.is_terminal:
            console.print(what, markup=False)
        return track(items, what, console=console, transient=True, disable=args.quiet or not sys.stderr.isatty())

    began = time.process_time()
    knowledge = load_knowledge()
    lm = load_language_model(None if args.model == "default" else args.model, progress=not args.quiet)
    choices = Choices(seed=args.seed)
    probe, scores = Probing(knowledge, lm, choices, said).run()
    facts = {
        "command": command,
        "choices": asdict(choices),
        "model": lm.name,
        "data": knowledge.digest,
        "code": code_identity(),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor_seconds": round(time.process_time() - began),
        "categories": len(probe.column),
        "mixes": {k: asdict(m) for k, m in probe.mixes.items()},
        "scores": scores,
    }
    save(probe, facts, out)
    if args.json:
        print(json.dumps(facts))
    else:
        _show(console, out, scores)
    return exits.REACHED


def _show(console: Any, out: Path, scores: dict[str, Any]) -> None:
    from rich.table import Table

    table = Table("things never met, judged by", "area under curve", "likeliest belongs", "exactly the right ones")
    for way, s in scores.items():
        whole = f"{s['whole']}/{s['n']} [{100 * s['low']:.0f}, {100 * s['high']:.0f}] %"
        table.add_row(way, f"{s['area']:.3f}", f"{s['first']}/{s['n']}", whole)
    console.print(table)
    console.print(f"written to {out}/probe.safetensors and probe.json", markup=False)
