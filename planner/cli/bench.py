"""``groundplan bench``: measure a part of the program on this machine. ``lm``: the language-model engine."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from planner.cli import exits, options


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("bench", help="measure the engine beside transformers on this machine")
    parser.add_argument("what", choices=("lm",), help="lm: scoring, writing, start-up; figures as ratios")
    parser.add_argument("--quick", action="store_true", help="fewer options and repetitions")
    parser.add_argument("--dtype", default="auto", help="float32, float16, bfloat16, int8, int4 or auto (default)")
    parser.add_argument("--draft-model", metavar="MODEL", help="a smaller model of the same tokenizer to guess with")
    parser.add_argument("--threads", type=int, metavar="N", help="processor threads (default: all)")
    parser.add_argument("--no-reference", action="store_true", help="leave transformers out: no ratios")
    parser.add_argument(
        "--parts", metavar="LIST", help="measure only these: start,memory,writing,guessing,scoring,growth"
    )
    parser.add_argument("--repeats", type=int, metavar="N", help="turns of every work (default: 5, or 2 with --quick)")
    parser.add_argument(
        "--clock", choices=("wall", "processor"), default="wall", help="processor: for a busy machine, with --threads 1"
    )
    parser.add_argument("--plot", type=Path, metavar="FILE", help="a picture: cost against options and prompt")
    options.add_output(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """0: measured and shown."""
    if args.threads is not None and not 1 <= args.threads <= 256:
        raise exits.UsageError(f"--threads takes 1 to 256, not {args.threads}")
    if args.plot is not None:
        options.out_folder(args.plot.parent)
    if args.repeats is not None and not 1 <= args.repeats <= 100:
        raise exits.UsageError(f"--repeats takes 1 to 100, not {args.repeats}")
    from planner.lm import bench, bench_report

    parts = bench.PARTS if args.parts is None else tuple(args.parts.split(","))
    if unknown := [p for p in parts if p not in bench.PARTS]:
        raise exits.UsageError(f"--parts takes {', '.join(bench.PARTS)}, not {', '.join(unknown)}")

    console = options.console_of(args)
    reference = not args.no_reference
    if reference and not bench.has_transformers():
        console.print("transformers is not installed: no ratios (pip install 'groundplan[bench]')", markup=False)
        reference = False
    if args.plot is not None and not bench.has_matplotlib():
        raise exits.UsageError("--plot needs matplotlib: pip install 'groundplan[bench]', or leave --plot out")
    said = (lambda what: None) if args.quiet else (lambda what: console.print(f"measuring {what}", markup=False))
    result = bench.run(
        args.quick, args.dtype, reference, args.threads, said, args.draft_model, parts, args.clock, args.repeats
    )
    if args.json:
        print(json.dumps(result))
    else:
        print(bench_report.table(result))
    if args.plot is not None:
        bench_report.plot(result, args.plot)
        console.print(f"{args.plot}", markup=False)
    return exits.REACHED
