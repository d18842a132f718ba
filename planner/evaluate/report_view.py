"""From counts to what the page and the Markdown table print: labels, percentages, geometry of bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from planner.evaluate.report_facts import Facts
from planner.evaluate.report_tables import OURS, Comparison, Tables, Tally, rate_of
from skills.failure import Blame

MEASURE_WORDS = {
    "plan_success": ("Plan success", "the plan would reach the goal if every skill worked"),
    "execution_success": ("Execution success", "ground truth at the end, nothing forbidden on the way"),
    "false_success": ("False success", "the planner was content, ground truth is not"),
    "asked_before_moving": ("Asked before moving", "of tasks that must be asked about"),
    "asked_and_solved": ("Asked, then solved", "of those where a person answered"),
    "over_asking": ("Asked without need", "of tasks that are clear"),
    "refused": ("Refused rightly", "of tasks that must be refused"),
    "over_refusing": ("Refused without need", "of tasks that can be done"),
    "collateral": ("Collateral", "moved something that nobody named"),
}
COST_WORDS = {
    "thinking_s": ("Thinking", "s"),
    "acting_s": ("Acting", "s"),
    "tokens": ("Tokens", ""),
    "lm_calls": ("LM calls", ""),
    "steps": ("Steps", ""),
    "replans": ("Replans", ""),
    "questions": ("Questions", ""),
}
BLAMES = [b.value for b in Blame]
BAD = ("false_success", "over_asking", "over_refusing", "collateral")  # lower is better


def view_of(
    tables: Tables,
    facts: Facts,
    outcomes: Counter[str],
    summary: Mapping[str, Any],
    planners: Sequence[Mapping[str, Any]],
    notes: Sequence[str],
) -> dict[str, Any]:
    """Everything that the templates print, as plain data. ``planners``: what each says about itself."""
    told = {p["name"] for p in planners if p["sees_truth"]}
    limits = facts.limits(tables, outcomes)
    wanted = (summary.get("episodes") or {}).get("wanted")
    if wanted and wanted != facts.episodes:
        limits.append(f"The rest of the evaluation: {facts.episodes} of {wanted} episodes are stored so far.")
    pairs = tables.comparisons()
    first = [c for c in pairs if OURS in (c.a, c.b)] or pairs
    leads = [_lead(tables, s, told) for s in tables.suites]
    return {
        "title": _title(tables, facts),
        "lead": [*_over_all(leads), *leads],
        "planners": list(planners),
        "facts": facts.rows(),
        "limits": limits,
        "notes": list(notes),
        "suites": [_suite(tables, s, told) for s in tables.suites],
        "comparisons": list(map(_comparison, first)),
        "more_comparisons": [_comparison(c) for c in pairs if c not in first],
        "blame": _blame(tables),
        "blames": BLAMES,
        "costs": COST_WORDS,
    }


def percent(value: float | None) -> str:
    """A rate in whole percent; tenths where whole ones would hide that something happened."""
    if value is None:
        return "–"
    shown = 100 * value
    if 0 < shown < 1 or 99 < shown < 100:
        return f"{shown:.1f} %"
    return f"{shown:.0f} %"


def rate_view(r: Mapping[str, Any]) -> dict[str, Any]:
    """A rate for reading and drawing; positions run from 0 to 100."""
    if not r["n"]:
        return {"n": 0, "k": 0, "text": "–", "interval": "", "of": "", "bar": 0.0, "low": 0.0, "high": 0.0}
    low, high = 100 * r["low"], 100 * r["high"]
    return {
        "n": r["n"],
        "k": r["k"],
        "text": percent(r["rate"]),
        "interval": f"{low:.0f}–{high:.0f} %",
        "of": f"{r['k']} of {r['n']}",
        "bar": round(100 * r["rate"], 2),
        "low": round(low, 2),
        "high": round(high, 2),
    }


def _title(tables: Tables, facts: Facts) -> str:
    return ", ".join(
        f"{n:,} {word}{'' if n == 1 else 's'}"
        for n, word in ((len(tables.planners), "planner"), (len(tables.suites), "suite"), (facts.episodes, "episode"))
    )


def _lead(tables: Tables, suite: str, told: Collection[str]) -> dict[str, Any]:
    """The one sentence about a suite: ours, or the first planner, and the best of the others that are not ``told``."""
    names = tables.of(suite)
    measure = tables.headline(suite)
    mine = OURS if OURS in names else names[0]
    others = [p for p in names if p != mine and p not in told]
    best = max(others, key=lambda p: tables.arms[suite, p].rate(measure)["rate"] or 0.0, default=None)
    return {
        "suite": suite,
        "planner": mine,
        "does": "solves" if measure == "execution_success" else "plans rightly for",
        "rate": rate_view(tables.arms[suite, mine].rate(measure)),
        "false": rate_view(tables.arms[suite, mine].rate("false_success")),
        "best": best,
        "best_rate": rate_view(tables.arms[suite, best].rate(measure)) if best else None,
    }


def _over_all(leads: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The sentence about all suites together, of those about each, where there are several that are measured alike."""
    alike = len({(x["planner"], x["does"]) for x in leads}) == 1
    if len(leads) < 2 or not alike:
        return []

    def together(key: str) -> dict[str, Any]:
        return rate_view(rate_of(sum(x[key]["k"] for x in leads), sum(x[key]["n"] for x in leads)))

    whole = {
        "suite": "all tasks",
        "rate": together("rate"),
        "false": together("false"),
        "best": None,
        "best_rate": None,
    }
    return [{**leads[0], **whole}]


def _suite(tables: Tables, suite: str, told: Collection[str]) -> dict[str, Any]:
    names, measure = tables.of(suite), tables.headline(suite)
    arms = {p: tables.arms[suite, p] for p in names}
    return {
        "name": suite,
        "planners": names,
        "measure": MEASURE_WORDS[measure],
        "bars": [
            {
                "planner": p,
                "ours": p == OURS or len(names) == 1,
                "told": p in told,
                "rate": rate_view(arms[p].rate(measure)),
                "false": rate_view(arms[p].rate("false_success")),
            }
            for p in names
        ],
        "families": [
            {"name": f, "cells": [_cell(tables, suite, f, p, measure) for p in names]}
            for f in tables.families_of(suite)
        ],
        "measures": [
            {
                "words": MEASURE_WORDS[m],
                "bad": m in BAD,
                "cells": [rate_view(arms[p].rate(m)) for p in names],
            }
            for m in tables.measures(suite)
        ],
        "costs": [(p, {c: _number(v) for c, v in means.items()}, arms[p].n) for p, means in tables.costs(suite)],
    }


def _cell(tables: Tables, suite: str, family: str, planner: str, measure: str) -> dict[str, Any]:
    found = tables.families.get((suite, family, planner))
    return rate_view(found.rate(measure) if found else {"n": 0})


def _number(value: float) -> str:
    """Three digits or so."""
    if value == 0:
        return "0"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _comparison(c: Comparison) -> dict[str, Any]:
    p = c.pairs.p
    return {
        "suite": c.suite,
        "a": c.a,
        "b": c.b,
        "n": c.pairs.n,
        "rate_a": rate_view(c.rate_a),
        "rate_b": rate_view(c.rate_b),
        "only_a": c.pairs.only_a,
        "only_b": c.pairs.only_b,
        "difference": f"{-100 * c.pairs.difference + 0.0:+.0f}".replace("-", "−") if c.pairs.difference else "0",
        "p": "< 0.001" if p < 0.001 else f"{p:.3f}",
        "unlikely": p < 0.05,
    }


def _blame(tables: Tables) -> list[dict[str, Any]]:
    """Per planner, over all suites: failed episodes by blame (a bar as long as the share that failed) and by kind."""
    found = []
    for planner in tables.planners:
        tallies: list[Tally] = [t for (_, p), t in tables.arms.items() if p == planner]
        n = sum(t.n for t in tallies)
        causes: Counter[tuple[str, str]] = sum((t.causes for t in tallies), Counter())
        blame: Counter[str] = Counter()
        for (who, _), count in causes.items():
            blame[who] += count
        order = [b for b in (*BLAMES, *(x for x in blame if x not in BLAMES)) if blame[b]]
        parts, at = [], 0.0
        for who in order:
            width = 100 * blame[who] / n
            parts.append({"who": who, "count": blame[who], "at": round(at, 3), "width": round(width, 3)})
            at += width
        kinds = [
            {"who": who, "kind": kind, "count": count}
            for (who, kind), count in sorted(causes.items(), key=lambda c: (-c[1], c[0]))
        ]
        found.append({"planner": planner, "n": n, "failed": sum(blame.values()), "parts": parts, "kinds": kinds})
    return found
