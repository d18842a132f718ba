"""From lines to ``summary.json``: rates with intervals per planner, suite and family, causes, costs, comparisons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from planner.evaluate import measures as m
from planner.evaluate.calibration import Pair, pairs_of, reliability
from planner.evaluate.statistics import paired, rate
from planner.evaluate.trials import Key, key_of

COSTS = ("thinking_s", "acting_s", "tokens", "lm_calls", "replans", "questions", "steps", "ticks")
PAIRED = ("plan_success", "execution_success", "false_success")


@dataclass
class Tally:
    """What is counted of a group of episodes. Small: lines are not kept."""

    n: int = 0
    died: int = 0
    measures: dict[str, list[bool | None]] = field(default_factory=lambda: {name: [] for name in m.MEASURES})
    failures: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    blame: Counter[str] = field(default_factory=Counter)
    costs: dict[str, float] = field(default_factory=lambda: dict.fromkeys(COSTS, 0.0))

    def add(self, line: m.Line) -> None:
        """Count one episode."""
        self.n += 1
        self.died += bool(line.get("worker_died"))
        for name, values in self.measures.items():
            values.append(line["measures"].get(name))
        if line["failure"]:
            self.failures[line["failure"]["kind"]] += 1
            self.blame[line["failure"]["blame"]] += 1
        for failure in line["failures"]:
            self.steps[failure["kind"]] += 1
        for name, value in m.cost_of(line).items():
            self.costs[name] += value

    def to_json(self) -> dict[str, Any]:
        """Plain data. ``failures``: kind of the first cause of each failed episode; ``step_failures``: every step that
        failed, also where the episode was saved; ``cost``: means."""
        rates = {name: rate(values) for name, values in self.measures.items()}
        return {
            "n": self.n,
            **rates,
            "failures": dict(sorted(self.failures.items())),
            "step_failures": dict(sorted(self.steps.items())),
            "blame": dict(sorted(self.blame.items())),
            "worker_died": self.died,
            "cost": {name: round(self.costs[name] / self.n, 4) if self.n else 0.0 for name in COSTS},
        }


def summarise(lines: Iterable[m.Line], statements: Mapping[str, Any], head: Mapping[str, Any]) -> dict[str, Any]:
    """The summary of any number of lines; ``statements``: by planner; ``head``: commit, config and the like."""
    suites: dict[tuple[str, str], Tally] = {}
    families: dict[tuple[str, str, str], Tally] = {}
    whole: dict[str, Tally] = {name: Tally() for name in statements}
    sure: dict[str, list[Pair]] = {name: [] for name in statements}
    outcomes: dict[str, dict[Key, dict[str, bool | None]]] = {name: {} for name in statements}
    for line in lines:
        planner, suite = line["planner"], line["suite"]
        for tally in (
            whole.setdefault(planner, Tally()),
            suites.setdefault((planner, suite), Tally()),
            families.setdefault((planner, suite, line["family"]), Tally()),
        ):
            tally.add(line)
        sure.setdefault(planner, []).extend(pairs_of([line]))
        outcomes.setdefault(planner, {})[key_of(line)] = {name: line["measures"].get(name) for name in PAIRED}
    planners: dict[str, Any] = {}
    for name, total in whole.items():
        mine: dict[str, Any] = {}
        for (planner, suite), tally in suites.items():
            if planner == name:
                inner = {f: t.to_json() for (p, s, f), t in sorted(families.items()) if (p, s) == (planner, suite)}
                mine[suite] = tally.to_json() | {"families": inner}
        planners[name] = {"statement": statements.get(name, {}), "suites": mine, "all": total.to_json()}
        if sure.get(name):
            planners[name]["calibration"] = reliability(sure[name])
    return {"planners": planners, "comparisons": _comparisons(outcomes), **head}


def _comparisons(outcomes: Mapping[str, Mapping[Key, Mapping[str, bool | None]]]) -> list[dict[str, Any]]:
    """Every two planners on the episodes that both have: per suite and over all."""
    out = []
    for a, b in combinations(outcomes, 2):
        by_task = {key[1:]: values for key, values in outcomes[b].items()}
        shared = [(key[1], values, by_task[key[1:]]) for key, values in outcomes[a].items() if key[1:] in by_task]
        for suite in [*dict.fromkeys(s for s, _, _ in shared), None]:
            for name in PAIRED:
                found = paired([(x[name], y[name]) for s, x, y in shared if suite in (None, s)])
                if found.n:
                    out.append({"a": a, "b": b, "suite": suite, "measure": name, **found.to_json()})
    return out
