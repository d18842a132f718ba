"""``groundplan weigh``: how sure the planner may be; with an adapter also how words and answers are weighed."""

from __future__ import annotations

import argparse
import json
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cli import exits, options

if TYPE_CHECKING:
    from planner.learn.weighing import Row
    from planner.propose.weights import Weights

_HELP = (
    "fit how sure the planner may be (with an adapter, also how words and answers are weighed) on generated requests"
)


def add_to(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("weigh", help=_HELP)
    parser.add_argument("--n", type=int, default=300, metavar="N", help="requests of each split (default: 300)")
    parser.add_argument("--split", default="dev", metavar="A,B", help="what is fitted on (default: dev)")
    parser.add_argument("--check", default="", metavar="A,B", help="splits on which the fit is measured")
    parser.add_argument("--seed", type=int, default=1, help="seed of the requests (default: 1)")
    parser.add_argument("--trust", action="store_true", help="let the model's answers decide by default")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the figures go")
    parser.add_argument(
        "--below", type=float, default=0.0, metavar="P", help="an act less sure than this asks (default: 0, none)"
    )
    options.add_settings(parser)
    options.add_output(parser)
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """0: fitted and written."""
    from planner.evaluate.calibration import diagram, reliability, table
    from planner.learn.splits import SPLITS

    splits = [s for s in args.split.split(",") if s]
    checks = [s for s in args.check.split(",") if s]
    for name in (*splits, *checks):
        if name not in SPLITS:
            raise exits.UsageError(f"no split {name!r}; splits: {', '.join(SPLITS)}")
    if args.n < 20 or args.seed < 0:
        raise exits.UsageError("--n takes 20 requests or more, --seed a number from 0")
    if not 0 <= args.below < 1:
        raise exits.UsageError("--below takes a probability from 0 up to 1, such as 0.3")
    settings = options.settings_of(args)
    out = options.out_folder(args.out)

    from planner import session
    from planner.propose.combined import knows_form

    mind = session.open_mind(settings)
    if not knows_form(mind.lm):
        from planner.cli.weigh_default import weigh_default

        return weigh_default(args, settings, mind, splits, out)

    from rich.table import Table

    from planner.learn.weighing import cross_validated, decided, fit, judged

    rows, measured = _collected(args, settings, mind, splits, checks)
    weights = fit(rows, f"{len(rows)} requests of {', '.join(splits)}, seed {args.seed}")
    weights = weights.model_copy(update={"trusted": args.trust})
    found = {"cross-validated": (cross_validated(rows), rows)}
    found |= {name: (judged(part, weights), part) for name, part in measured.items()}
    _write(out / "combine.yaml", weights)
    console = options.console_of(args)
    said: dict[str, Any] = {"weights": weights.model_dump(), "measured": {}}
    for name, (pairs, part) in found.items():
        reliable = reliability(pairs)
        right = sum(r for _, r in pairs)
        said["measured"][name] = {"n": len(pairs), "right": right, "reliability": reliable}
        (out / f"reliability-{name}.svg").write_text(diagram(reliable), encoding="utf-8")
        if not args.quiet and not args.json:
            alone = {k: sum(decided(r, w)[1] for r in part) for k, w in _alone(weights).items()}
            head = (
                f"{name}: {right} of {len(pairs)} right; words alone {alone['words']}, answers alone {alone['asked']}"
            )
            console.print(f"{head}; calibration error {reliable['ece']:.3f}", markup=False)
            heads, body = table(reliable)
            shown = Table(*heads)
            for row in body:
                shown.add_row(*row)
            console.print(shown)
    if args.json:
        print(json.dumps(said))
    return exits.REACHED


def _alone(weights: Weights) -> dict[str, Weights]:
    """The same with one source of goals each."""
    from planner.propose.weights import GoalWeights

    words, asked = GoalWeights(words=1.0, asked=0.0, both=0.0), GoalWeights(words=0.0, asked=1.0, both=0.0)
    return {"words": weights.model_copy(update={"goal": words}), "asked": weights.model_copy(update={"goal": asked})}


def _collected(
    args: argparse.Namespace, settings: Any, mind: Any, splits: list[str], checks: list[str]
) -> tuple[list[Row], dict[str, list[Row]]]:
    """Everything that the fits need, thought about once."""
    import sys
    from dataclasses import replace

    from rich.progress import Progress

    from planner.learn.examples import load_knowledge, stream
    from planner.learn.weighing import collect
    from planner.propose.choose import open_grounder, open_proposer

    config = replace(settings.propose, knowledge="train" if settings.propose.knowledge == "all" else "none")
    proposer: Any = open_proposer(mind.lm, config, mode="combined")
    grounder = open_grounder(proposer, settings.ground)
    knowledge = load_knowledge()
    parts: dict[str, list[Row]] = {}
    with Progress(transient=True, disable=args.quiet or not sys.stderr.isatty()) as bar:
        for name in dict.fromkeys((*splits, *checks)):
            line = bar.add_task(f"requests of {name}", total=args.n)
            examples = islice(stream(knowledge, name, args.seed), args.n)
            parts[name] = collect(examples, proposer, grounder, lambda line=line: bar.advance(line))
    return [r for name in splits for r in parts[name]], {name: parts[name] for name in checks}


def _write(path: Path, weights: Weights) -> None:
    import yaml

    text = yaml.safe_dump(weights.model_dump(exclude_none=True), sort_keys=False, allow_unicode=True)
    head = "# How word evidence and the model's answers are weighed, and how sure the planner is; by groundplan weigh\n"
    path.write_text(head + text, encoding="utf-8")
