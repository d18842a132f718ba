"""What politeness, indirection and typing slips cost: the same generated requests in every tone, pair by pair.

``python -m planner.learn.paired --n 200 --split dev,unseen --seed 3 --out runs/paired`` thinks about each request in
all tones, by symbols alone, and prints a table of paired differences (McNemar's exact test, Bonett and Price's
interval) and examples of what a tone spoils. What is killed goes on where it stopped.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from planner.evaluate.statistics import difference_interval, paired, rate
from planner.learn.examples import in_tones
from planner.learn.knowledge import Knowledge
from planner.learn.row_file import RowFile
from planner.learn.sure import Planner, decided, judge, planners
from planner.learn.tones import PLAIN, TONES
from planner.propose.adapter import second_model
from planner.propose.sureness import shipped
from skills.library import default_library

SHOWN = 12  # examples of what a tone spoils

Rows = list[dict[str, Any]]


def measure(
    file: RowFile, split: str, n: int, seed: int, knowledge: Knowledge, planner: Planner, tell: Callable[[int], None]
) -> Rows:
    """``n`` requests of the split in every tone; ``tell``: called with how many there are."""
    rows = [r for r in file.rows if r["split"] == split][:n]
    library = default_library()
    for found in islice(in_tones(knowledge, split, seed, skip=len(rows)), n - len(rows)):
        judged = {t: decided(judge(e, *planner, library), shipped())[0] for t, e in found.items()}
        tags = found[PLAIN].tags
        row = {
            "split": split, "family": tags.family, "index": tags.index, "truth": found[PLAIN].decision,
            "said": {t: e.setting.request for t, e in found.items()},
            "right": {t: j.right for t, j in judged.items()},
            "decision": {t: j.decision for t, j in judged.items()},
        }  # fmt: skip
        file.add(row)
        rows.append(row)
        tell(len(rows))
    return rows


def compared(rows: Rows, tone: str) -> dict[str, Any]:
    """The tone against plain: rate, pairs, the difference with its interval."""
    found = paired([(r["right"][PLAIN], r["right"][tone]) for r in rows])
    low, high = difference_interval(found)
    return found.to_json() | {
        "right": rate([r["right"][tone] for r in rows]), "low": round(low, 4), "high": round(high, 4),
    }  # fmt: skip


def table(found: Mapping[str, Rows]) -> str:
    """Markdown: one line for each split and tone."""
    lines = [
        "| requests | tone | right | lost | won | difference, points | p |",
        "|---|---|---|---|---|---|---|",
    ]
    for split, rows in found.items():
        for tone in TONES:
            c = compared(rows, tone)
            r = c["right"]
            share = f"{100 * r['rate']:.0f} % [{100 * r['low']:.0f}, {100 * r['high']:.0f}] ({r['k']}/{r['n']})"
            differs = f"{100 * c['difference']:+.1f} [{100 * c['low']:+.1f}, {100 * c['high']:+.1f}]"
            rest = "| | | |" if tone == PLAIN else f"{c['only_a']} | {c['only_b']} | {differs} | {c['p']:.2g} |"
            lines.append(f"| {split} | {tone} | {share} | {rest}")
    return "\n".join(lines)


def spoiled(rows: Rows, tone: str) -> Rows:
    """Requests that are right when plain and wrong in the tone."""
    return [r for r in rows if r["right"][PLAIN] and not r["right"][tone]]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="planner.learn.paired", description="what tones of a request cost")
    parser.add_argument("--n", type=int, default=200, help="requests of each split (default: 200)")
    parser.add_argument("--split", default="dev", metavar="A,B", help="which requests (default: dev)")
    parser.add_argument("--seed", type=int, default=3, help="seed of the requests (default: 3)")
    parser.add_argument("--out", type=Path, default=Path("runs/paired"), help="where the rows are kept")
    args = parser.parse_args(argv)

    from rich.progress import Progress

    from planner import session
    from planner.identity import code_identity
    from planner.learn.knowledge import load_knowledge
    from planner.settings import Settings

    settings, knowledge, code = Settings(), load_knowledge(), code_identity()
    head = {
        "seed": args.seed, "knowledge": knowledge.digest, "commit": code["commit"], "changed": code["changed"],
    }  # fmt: skip
    lm, model = session.open_mind(settings).lm, settings.model
    second = second_model(lm, model.adapter, model.name)
    head["adapter"] = None if second is None else second.digest
    file = RowFile(args.out / "rows.jsonl", head)
    open_planner = planners(lm, settings.propose, settings.ground, knowledge, second)
    found: dict[str, Rows] = {}
    with Progress(transient=True, disable=not sys.stderr.isatty()) as bar:
        for split in args.split.split(","):
            line = bar.add_task(f"requests of {split}", total=args.n)
            told: Callable[[int], None] = lambda n, line=line: bar.update(line, completed=n)  # type: ignore[misc]  # noqa: E731
            found[split] = measure(file, split, args.n, args.seed, knowledge, open_planner(split), told)
    print(table(found))
    for split, rows in found.items():
        for tone in TONES[1:]:
            for r in spoiled(rows, tone)[:SHOWN]:
                said = f"{r['decision'][tone]} instead of {r['truth']}"
                print(f"\n{split}, {tone}, {r['family']}: {said}\n  {r['said'][PLAIN]}\n  {r['said'][tone]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
