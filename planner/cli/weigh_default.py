"""``groundplan weigh`` without an adapter: how sure the default planner may be, fitted and measured."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.cli import exits, options

if TYPE_CHECKING:
    from planner.learn.sure import Row, Sure
    from planner.propose.sureness import Sureness

CROSS = "cross-validated"
BELOW = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)  # thresholds that are tried


def weigh_default(args: argparse.Namespace, settings: Any, mind: Any, splits: Sequence[str], out: Path) -> int:
    """0: fitted and written to ``out``: confidence.yaml, reliability diagrams, measured.json, and the rows."""
    from planner.identity import code_identity
    from planner.learn.knowledge import load_knowledge
    from planner.learn.sure import by_chance, cross_validated, decided, digest, fit, pairs, threshold
    from planner.propose.sureness import KINDS

    knowledge, code = load_knowledge(), code_identity()
    checks = [s for s in args.check.split(",") if s]
    rows = _rows(args, settings, mind, list(dict.fromkeys((*splits, *checks))), out, knowledge, code)
    fitted_rows = [r for s in splits for r in rows[s]]
    fitted = fit(
        fitted_rows, below=args.below, data=digest(fitted_rows), knowledge=knowledge.digest, commit=_commit(code),
        fitted_on=f"{len(fitted_rows)} requests of {', '.join(splits)}, seed {args.seed}", command=_command(args),
    )  # fmt: skip
    measured: dict[str, dict[str, Any]] = {}
    shown = [(CROSS, fitted_rows, cross_validated(fitted_rows))]
    shown += [(s, rows[s], [decided(r, fitted) for r in rows[s]]) for s in checks]
    from planner.evaluate.calibration import diagram, reliability

    for name, words, done in shown:
        part, sure = [r for r, _ in done], [p for _, p in done]
        found = pairs(part, sure)
        measured[name] = reliability(found) | {"by_chance": by_chance(found), "of": len(part)}
        measured[name]["words alone"] = sum(r.right for r in words)
        measured[name]["kinds"] = {k: _brief(part, sure, k) for k in KINDS}
        measured[name]["thresholds"] = [vars(threshold(part, sure, b)) for b in BELOW]
        (out / f"reliability-{name}.svg").write_text(diagram(measured[name]), encoding="utf-8")
    write(out / "confidence.yaml", fitted)
    (out / "measured.json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    if args.json:
        print(json.dumps({"fitted": fitted.model_dump(), "measured": measured}))
    elif not args.quiet:
        for name, _, _ in shown:
            _show(options.console_of(args), name, measured[name])
    return exits.REACHED


def write(path: Path, fitted: Sureness) -> None:
    """The figures as YAML."""
    import yaml

    head = "# How sure the planner is that a decision is right (planner/propose/sureness.py); by groundplan weigh\n"
    text = yaml.safe_dump(fitted.model_dump(), sort_keys=False, allow_unicode=True, width=120, default_flow_style=False)
    path.write_text(head + text, encoding="utf-8")


def _rows(
    args: argparse.Namespace, settings: Any, mind: Any, names: Sequence[str], out: Path, knowledge: Any,
    code: Mapping[str, Any],
) -> dict[str, list[Row]]:  # fmt: skip
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from planner.learn.row_file import RowFile, RowsError
    from planner.learn.sure import collect, planners
    from planner.propose.adapter import second_model

    second = second_model(mind.lm, settings.model.adapter, settings.model.name)
    head = {
        "adapter": None if second is None else second.digest,
        "seed": args.seed, "knowledge": knowledge.digest, "model": mind.identity.get("sha256"),
        "commit": code["commit"], "changed": code["changed"],
    }  # fmt: skip
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, transient=True, disable=args.quiet or not sys.stderr.isatty()) as bar:
        lines = {s: bar.add_task(f"requests of {s}", total=args.n) for s in names}
        try:
            return collect(
                RowFile(out / "rows.jsonl", head), dict.fromkeys(names, args.n), args.seed, knowledge,
                planners(mind.lm, settings.propose, settings.ground, knowledge, second),
                lambda split, n: bar.update(lines[split], completed=n),
            )  # fmt: skip
        except RowsError as error:
            raise exits.UsageError(str(error)) from error


def _brief(rows: Sequence[Row], sure: Sure, kind: str) -> dict[str, Any]:
    """Number, share right and mean confidence of one kind of decision."""
    from planner.learn.sure import pairs

    mine = [(r, p) for r, p in zip(rows, sure, strict=True) if r.decision == kind]
    found = pairs(*zip(*mine, strict=True)) if mine else []
    n = len(found)
    mean = {"right": sum(r for _, r in found) / n, "confidence": sum(p for p, _ in found) / n} if n else {}
    return {"n": n} | {k: round(v, 4) for k, v in mean.items()}


def _show(console: Any, name: str, found: Mapping[str, Any]) -> None:
    from rich.table import Table

    from planner.evaluate.calibration import table

    if not found["n"]:
        console.print(f"{name}: too few requests; take more with --n", markup=False)
        return
    right = sum(b["right"]["k"] for b in found["bins"])
    console.print(
        f"{name}: {right} of {found['n']} right (words alone: {found['words alone']}); calibration error "
        f"{found['ece']:.3f} (by chance alone {found['by_chance']:.3f}), Brier {found['brier']:.3f}",
        markup=False,
    )
    heads, body = table(found)
    for columns, lines in (
        (heads, body),
        (
            ["asks below", "right", "wrong acts", "acts turned into questions", "of them wrong", "right or offered"],
            [
                [f"{t['below']:g}", *(str(t[k]) for k in ("right", "wrong_acts", "asked", "spared", "solved"))]
                for t in found["thresholds"]
            ],
        ),
    ):
        shown = Table(*columns)
        for row in lines:
            shown.add_row(*row)
        console.print(shown)


def _command(args: argparse.Namespace) -> str:
    check = f" --check {args.check}" if args.check else ""
    below = f" --below {args.below:g}" if args.below else ""
    return f"groundplan weigh --n {args.n} --split {args.split}{check} --seed {args.seed}{below} --out {args.out.name}"


def _commit(code: Mapping[str, Any]) -> str:
    return f"{(code['commit'] or 'unknown')[:12]}{' with changes' if code['changed'] else ''}"
