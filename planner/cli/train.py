"""``groundplan train``: fine-tune the model on generated examples, or train a small one from scratch."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cli import exits, options

if TYPE_CHECKING:
    from planner.learn.setup import Choices
    from planner.learn.train import Progress, Schedule

_HELP = "fine-tune the model on generated examples (an adapter by default), or train a small one from scratch"


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("train", help=_HELP)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--full", action="store_true", help="train all weights, not an adapter")
    kind.add_argument("--scratch", metavar="SHAPE", nargs="?", const="", help=(
        "a small random model: width=256,layers=6,heads=4,kv_heads=2,position=rotary,window=0"))  # fmt: skip
    kind.add_argument("--probe", action="store_true", help="a small network that reads from the model's states what "
                      "a thing is (about 10 minutes on one core; --seed, --model, --out, --threads)")  # fmt: skip
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder of the run (default: runs/train-KIND-sSEED)")
    parser.add_argument("--resume", action="store_true", help="go on from the newest checkpoint in --out")
    parser.add_argument("--model", default="default", metavar="MODEL", help="what is fine-tuned (default: default)")
    parser.add_argument("--start", type=Path, metavar="DIR", help="go on training an adapter of the same rank")
    parser.add_argument("--rank", type=int, default=16, help="width of the adapter (default: 16)")
    parser.add_argument(
        "--alpha", type=float, metavar="A", help="the update counts alpha / rank (default: twice the rank)"
    )
    parser.add_argument("--first-layer", type=int, default=0, metavar="N", help="leave the layers below N as they are")
    parser.add_argument("--steps", type=int, default=400, metavar="N", help="updates in all (default: 400)")
    parser.add_argument(
        "--batches", type=int, default=2, metavar="N", help="batches of 2,000 tokens per step (default: 2)"
    )
    parser.add_argument("--rate", type=float, metavar="R", help="highest learning rate (default: 1e-3, full 1e-4)")
    contrast = "weight of the loss among a question's options beside the plain one (default: 0.5)"
    parser.add_argument("--contrast", type=float, default=0.5, metavar="C", help=contrast)
    parser.add_argument(
        "--questions", default="", metavar="LIST", help="train on these kinds alone, such as meant,where,plan"
    )
    parser.add_argument("--dtype", default="auto", help="bfloat16, float32 or auto (default)")
    parser.add_argument("--device", default="auto", help="cpu, cuda or auto (default)")
    parser.add_argument("--threads", type=int, metavar="N", help="processor threads (default: all)")
    parser.add_argument("--seed", type=int, default=1, help="seed of data and weights (default: 1)")
    parser.add_argument(
        "--save-every", type=float, default=3.0, metavar="MIN", help="minutes between checkpoints (default: 3)"
    )
    parser.add_argument(
        "--score-every", type=int, default=100, metavar="N", help="steps between held-out scores (default: 100)"
    )
    parser.add_argument(
        "--held-out", type=int, default=40, metavar="N", help="examples per split scored on the way (default: 40)"
    )
    parser.add_argument(
        "--final", type=int, default=200, metavar="N", help="examples per split scored at the end (default: 200)"
    )
    parser.add_argument(
        "--patience", type=int, default=0, metavar="N", help="stop after N scorings without a better one"
    )
    parser.add_argument(
        "--time-limit", type=float, metavar="MIN", help="stop after so many minutes (the run can be resumed)"
    )
    options.add_output(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """0: trained, or stopped by the time limit with a checkpoint."""
    if args.probe:
        from planner.cli.train_probe import train_probe

        return train_probe(args, _command(sys.argv[1:]))
    choices = _choices(args)
    out = options.out_folder(args.out or Path("runs") / f"train-{choices.kind}-s{args.seed}")
    if args.threads is not None:
        import torch

        torch.set_num_threads(args.threads)
    from planner.learn.curves import draw
    from planner.learn.setup import FINAL_SEED, HELD_OUT, Run

    console = options.console_of(args)
    command = _command(sys.argv[1:])
    listener = _listener(console, args.quiet)
    run = Run(choices, out, command, listener=listener)
    if args.resume:
        found = run.trainer.resume()
        where = f"step {run.trainer.progress.step}" if found else "the beginning: no checkpoint yet"
        console.print(f"going on from {where}", markup=False)
    elif (out / "checkpoints").is_dir() and any((out / "checkpoints").iterdir()):
        raise exits.UsageError(f"{out} holds a run already; add --resume, or choose another --out")
    with listener:
        progress = run.trainer.run()
    final = None
    if args.final:
        console.print(f"scoring {args.final} examples of each split", markup=False)
        final = {"seed": FINAL_SEED, "examples": args.final, "splits": run.trainer.score(
            {s: run.feed.coded(s, FINAL_SEED, args.final) for s in HELD_OUT})}  # fmt: skip
    run.export("last", progress, final)
    draw(out / "training.svg", progress)
    facts = run.facts(progress, final)
    if args.json:
        print(json.dumps(facts))
    else:
        _show(console, out, progress, final)
    return exits.REACHED


def _command(words: Sequence[str]) -> str:
    """What was typed, without where it was written to: that changes nothing."""
    kept, skip = [], False
    for word in words:
        if not skip and word != "--out" and not word.startswith("--out="):
            kept.append(word)
        skip = not skip and word == "--out"
    return "groundplan " + shlex.join(kept)


def _choices(args: argparse.Namespace) -> Choices:
    from planner.learn.batches import KINDS
    from planner.learn.scratch import Shape
    from planner.learn.setup import Choices

    kind = "full" if args.full else "adapter" if args.scratch is None else "scratch"
    asked = tuple(q.strip() for q in args.questions.split(",") if q.strip())
    for question in asked:
        if question not in KINDS:
            raise exits.UsageError(f"--questions: {question!r} is none of {', '.join(KINDS)}")
    for name, low in (("steps", 1), ("batches", 1), ("held_out", 0), ("final", 0), ("score_every", 0), ("patience", 0)):
        if getattr(args, name) < low:
            raise exits.UsageError(f"--{name.replace('_', '-')} takes {low} or more, not {getattr(args, name)}")
    return Choices(
        kind=kind,
        model=args.model,
        rank=args.rank,
        start=None if args.start is None else str(args.start),
        alpha=2.0 * args.rank if args.alpha is None else args.alpha,
        first_layer=args.first_layer,
        dtype=args.dtype,
        device=args.device,
        seed=args.seed,
        per_step=args.batches,
        held_out=args.held_out,
        questions=asked,
        shape=_shape(args.scratch) if kind == "scratch" else Shape(),
        schedule=_schedule(args, kind),
    )


def _schedule(args: argparse.Namespace, kind: str) -> Schedule:
    from planner.learn.train import Schedule

    usual = {"adapter": 1e-3, "full": 1e-4, "scratch": 1e-3}[kind]
    return Schedule(
        steps=args.steps,
        rate=usual if args.rate is None else args.rate,
        decay=0.0 if kind == "adapter" else 0.01,
        contrast=args.contrast,
        save_every=60 * args.save_every,
        score_every=args.score_every,
        patience=args.patience,
        time_limit=float("inf") if args.time_limit is None else 60 * args.time_limit,
    )


def _shape(text: str) -> Any:
    from planner.learn.scratch import Shape
    from planner.settings import SettingsError, overlay

    pairs = dict(p.partition("=")[::2] for p in text.split(",") if p)
    try:
        values = {k.strip(): int(v) if v.strip().isdigit() else v.strip() for k, v in pairs.items()}
        return overlay(Shape(), values, where="--scratch")
    except SettingsError as error:
        raise exits.UsageError(str(error)) from None


def _listener(console: Any, quiet: bool) -> Any:
    """A bar on a terminal, a line now and then elsewhere."""
    from planner.learn.train import Listener

    class Shown(Listener):
        def __init__(self) -> None:
            self._bar: Any = None
            self._said = time.monotonic()
            self._first: tuple[int, float] | None = None

        def __enter__(self) -> Shown:
            if console.is_terminal and not quiet:
                from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
                from rich.progress import Progress as Bar

                columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
                self._bar = Bar(*columns, console=console)
                self._task = self._bar.add_task("", total=None)
                self._bar.start()
            return self

        def __exit__(self, *_: object) -> None:
            if self._bar is not None:
                self._bar.stop()

        def stepped(self, progress: Progress, schedule: Schedule) -> None:
            step, loss, chosen, speed = progress.losses[-1]
            if self._first is None:
                self._first = (step - 1, time.monotonic() - 1.0)
            pace = (time.monotonic() - self._first[1]) / max(1, step - self._first[0])
            text = f"loss {loss:.3f}, among options {chosen:.3f}, {speed:,.0f} tokens/s"
            if self._bar is not None:
                self._bar.update(self._task, completed=step, total=schedule.steps, description=text)
            elif not quiet and time.monotonic() - self._said > 30:
                self._said = time.monotonic()
                left = pace * (schedule.steps - step) / 60
                console.print(f"step {step}/{schedule.steps}, {text}, {left:.0f} min left", markup=False)

        def scored(self, progress: Progress, split: str, scores: Any) -> None:
            if not quiet:
                console.print(f"step {progress.step} {split}: {_line(scores.to_json())}", markup=False)

    return Shown()


def _line(scores: dict[str, Any]) -> str:
    from planner.learn.scores import QUESTIONS

    shares = [f"{k} {scores[k]['share']:.0%}" for k in ("all", "set", *QUESTIONS) if k in scores]
    return f"{', '.join(shares)}; calibration error {scores['calibration_error']:.3f}"


def _show(console: Any, out: Path, progress: Progress, final: dict[str, Any] | None) -> None:
    done = f"{progress.step} steps, {progress.tokens:,} tokens, {progress.examples:,} examples"
    console.print(f"{progress.ended}: {done}, {progress.seconds / 60:.1f} min", markup=False)
    for split, scores in (final or {"splits": {}})["splits"].items():
        console.print(f"{split} (n = {scores['all']['n']}): {_line(scores)}", markup=False)
    console.print(f"weights in {out / 'last'}, curves in {out / 'training.svg'}", markup=False)
