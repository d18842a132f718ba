"""Patterns of trouble on the twin: does a run notice by measuring, plan again, and reach the goal by the judge's word?

``python -m planner.twin_patterns --n 5 --out FILE`` carries out random pick-and-place tasks under each pattern of
`PATTERNS`. The planner is the search for the given goal, as in `planner.twin_trials`.
"""

from __future__ import annotations

import argparse
import functools
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from planner.evaluate.statistics import rate
from planner.twin_trials import Rows, carry_out

KINDS = ("in", "stack")
CALM = {"latency": 0.02, "jitter": 0.01}


@dataclass(frozen=True)
class Pattern:
    """``link``: of the robot and the way to it (`sim.twin_faults.LinkFaults`); ``around``: what happens to the things
    (`sim.faults`); ``noticed``: a run that met it must have planned again or recovered. (What slips while it is being
    picked is taken again by the skill itself; hence the late slip.)"""

    link: Mapping[str, Any] = field(default_factory=dict)
    around: tuple[Mapping[str, Any], ...] = ()
    noticed: bool = False


PATTERNS: dict[str, Pattern] = {
    "slow link": Pattern({"latency": 0.15, "jitter": 0.05}),
    "lost messages": Pattern({"drop": 0.25}),
    "protective stop": Pattern({"events": [{"kind": "protective", "at": 150}]}, noticed=True),
    "emergency stop, released": Pattern({"events": [{"kind": "emergency", "at": 150, "ticks": 90}]}, noticed=True),
    "perception takes 2 s": Pattern({"look": 2.0}),
    "somebody moves a thing": Pattern(around=({"kind": "move", "when": "carrying", "at": 10, "size": 0.12},)),
    "the fingers lose the thing": Pattern(
        around=({"kind": "slip", "when": "carrying", "at": 70, "ticks": 120},), noticed=True
    ),
}


def trials(name: str, n: int, seed: int, timeout: float, rows: Rows, say: Callable[[str], None]) -> dict[str, Any]:
    """``n`` tasks under one pattern; the numbers."""
    from envs.generate import generate

    pattern, found = PATTERNS[name], []
    options = {"timeout": timeout, "pace": 3.0, "faults": {**CALM, **pattern.link}}
    for i, task in enumerate(generate(n, seed, KINDS, clutter=(2, 4))):
        row = rows.get(f"{name} {seed + i}", functools.partial(carry_out, task, seed + i, options, pattern.around))
        if row is None:
            break
        found.append(row)
        say(f"{name} {i + 1}/{n}: {row['why'] or 'ok'}, {row['replans']} new plans, {row['recoveries']} recoveries")
    return {
        "seeds": f"{seed}..{seed + len(found) - 1}",
        "commits": sorted({r["commit"] for r in found}),
        "execution_success": rate([r["judged"] for r in found]),
        "false_success": rate([r["reached"] and not r["judged"] for r in found]),
        "met": sum(bool(r["happened"]) for r in found) if pattern.around else len(found),
        "planned_again_or_recovered": sum(bool(r["replans"] or r["recoveries"]) for r in found),
        "failed": [{k: r[k] for k in ("trial", "task", "why")} for r in found if not r["judged"]],
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Run the trials; 0 when there was no false success."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--only", choices=sorted(PATTERNS), action="append", help="one pattern (default: all)")
    parser.add_argument("--n", type=int, default=5, help="tasks under each pattern (default: 5)")
    parser.add_argument("--seed", type=int, default=43_000, help="first seed (default: 43000)")
    parser.add_argument("--timeout", type=float, default=1.0, help="of the driver [s] (default: 1)")
    parser.add_argument("--rows", type=Path, help="a line per trial; what is in there already is not tried again")
    parser.add_argument("--minutes", type=float, default=math.inf, help="no new trial after so long; see --rows")
    parser.add_argument("--out", type=Path, help="where the numbers go, as JSON")
    args = parser.parse_args(argv)
    rows = Rows(args.rows, args.minutes)
    result = {
        name: trials(name, args.n, args.seed, args.timeout, rows, lambda line: print(line, flush=True))
        for name in args.only or PATTERNS
    }
    text = json.dumps({"timeout_s": args.timeout, "patterns": result}, indent=1)
    print(text)
    if args.out is not None:
        args.out.write_text(text + "\n", encoding="utf-8")
    return int(any(r["false_success"]["k"] for r in result.values()))


if __name__ == "__main__":
    raise SystemExit(main())
