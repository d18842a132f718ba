"""The summary as a table: for the terminal, and as Markdown for a README."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

RUN_COLUMNS = (
    ("plan", "plan_success"),
    ("execution", "execution_success"),
    ("false success", "false_success"),
    ("asked first", "asked_before_moving"),
    ("asked and solved", "asked_and_solved"),
    ("over-asked", "over_asking"),
    ("refused rightly", "refused"),
    ("collateral", "collateral"),
)
COSTS = (("thinking s", "thinking_s", 2), ("tokens", "tokens", 0))


def rows(summary: Mapping[str, Any], suite: str | None = None) -> tuple[list[str], list[list[str]]]:
    """(column heads, one row per planner); ``suite`` None: over all suites. Columns that apply nowhere are left out."""
    found = {name: _block(data, suite) for name, data in summary["planners"].items()}
    blocks = {name: block for name, block in found.items() if block is not None}
    columns = [(head, key) for head, key in RUN_COLUMNS if any(b[key]["n"] for b in blocks.values())]
    heads = ["planner", "n", *(head for head, _ in columns), *(head for head, _, _ in COSTS)]
    out = []
    for name, block in blocks.items():
        costs = [f"{block['cost'][key]:.{digits}f}" for _, key, digits in COSTS]
        out.append([name, str(block["n"]), *(said(block[key]) for _, key in columns), *costs])
    return heads, out


def by_suite(summary: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """(column heads, one row per suite): the success of every planner, execution where it ran, else plan."""
    planners = summary["planners"]
    key = "plan_success" if summary["config"]["plan_only"] else "execution_success"
    suites = dict.fromkeys(s for data in planners.values() for s in data["suites"])
    body = []
    for suite in [*suites, None]:
        blocks = [_block(data, suite) for data in planners.values()]
        body.append([suite or "all", *("-" if b is None else said(b[key]) for b in blocks)])
    return [key.replace("_", " "), *planners], body


def turned(heads: Sequence[str], body: Sequence[Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """The same table with rows and columns exchanged: many measures fit a screen better below one another."""
    return [heads[0], *(row[0] for row in body)], [
        [head, *(row[i] for row in body)] for i, head in enumerate(heads) if i
    ]


def _block(planner: Mapping[str, Any], suite: str | None) -> Mapping[str, Any] | None:
    block: Mapping[str, Any] | None = planner["all"] if suite is None else planner["suites"].get(suite)
    return block


def said(rate: Mapping[str, Any]) -> str:
    """A rate for a person: percent, interval, k of n; a dash where nothing applies."""
    if not rate["n"]:
        return "-"
    low, high = 100 * rate["low"], 100 * rate["high"]
    return f"{100 * rate['rate']:.0f} % ({low:.0f}-{high:.0f}) {rate['k']}/{rate['n']}"


def markdown(heads: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in body]) + "\n"
