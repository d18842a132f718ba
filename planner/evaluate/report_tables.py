"""The numbers of a report, counted from the episodes' own lines: rates with intervals, blame, cost, pairs.

Counters grow line by line and hold no episode, so that ten thousand of them cost no memory to speak of.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import Any

from planner.evaluate.measures import MEASURES
from planner.evaluate.report_rows import COSTS, Row
from planner.evaluate.statistics import Paired, paired, rate

OURS = "closed-loop"  # the arm that others are compared with, where it took part


class Tally:
    """k of n for every measure, and what a mean needs."""

    def __init__(self) -> None:
        self.n = 0
        self._true: Counter[str] = Counter()
        self._known: Counter[str] = Counter()
        self._cost: Counter[str] = Counter()
        self.causes: Counter[tuple[str, str]] = Counter()  # (blame, kind) of failed episodes
        self.outcomes: Counter[str] = Counter()

    def add(self, row: Row) -> None:
        """Count one episode."""
        self.n += 1
        self.outcomes[row.outcome] += 1
        for name, value in row.measures.items():
            if value is not None:
                self._known[name] += 1
                self._true[name] += bool(value)
        for name, value in row.cost.items():
            self._cost[name] += value
        if row.cause is not None:
            self.causes[row.cause["blame"], row.cause["kind"]] += 1

    def rate(self, measure: str) -> dict[str, Any]:
        """k, n, rate and interval of a measure; n 0 where it never applied."""
        return rate_of(self._true[measure], self._known[measure])

    def mean(self, cost: str) -> float:
        """Per episode."""
        return self._cost[cost] / self.n if self.n else 0.0

    @property
    def blame(self) -> Counter[str]:
        """Failed episodes by blame."""
        found: Counter[str] = Counter()
        for (blame, _), count in self.causes.items():
            found[blame] += count
        return found


@lru_cache(maxsize=4096)
def rate_of(k: int, n: int) -> dict[str, Any]:
    """`planner.evaluate.statistics.rate` of a count; not to be changed by the caller."""
    return rate([True] * k + [False] * (n - k))


@dataclass(frozen=True)
class Comparison:
    """Two planners on the same starts of one suite."""

    suite: str
    a: str
    b: str
    pairs: Paired

    @property
    def rate_a(self) -> dict[str, Any]:
        """Of the pairs."""
        return rate_of(self.pairs.both + self.pairs.only_a, self.pairs.n)

    @property
    def rate_b(self) -> dict[str, Any]:
        """Of the pairs."""
        return rate_of(self.pairs.both + self.pairs.only_b, self.pairs.n)


@dataclass
class Tables:
    """All counters. Planners, suites and families keep the order in which they first came."""

    arms: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))  # suite, planner
    families: dict[tuple[str, str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))
    planners: list[str] = field(default_factory=list)
    suites: list[str] = field(default_factory=list)
    _success: dict[str, dict[tuple[str, str, int], bool | None]] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Count one episode."""
        for name, seen in ((row.planner, self.planners), (row.suite, self.suites)):
            if name not in seen:
                seen.append(name)
        self.arms[row.suite, row.planner].add(row)
        self.families[row.suite, row.family, row.planner].add(row)
        self._success.setdefault(row.planner, {})[row.key] = row.success

    def of(self, suite: str) -> list[str]:
        """The planners that ran a suite, in order."""
        return [p for p in self.planners if (suite, p) in self.arms]

    def families_of(self, suite: str) -> list[str]:
        """Its families, in order."""
        return list(dict.fromkeys(f for s, f, _ in self.families if s == suite))

    def headline(self, suite: str) -> str:
        """The measure that says most about a suite: execution where anything was carried out, else the plan."""
        ran = any(self.arms[suite, p].rate("execution_success")["n"] for p in self.of(suite))
        return "execution_success" if ran else "plan_success"

    def measures(self, suite: str) -> list[str]:
        """Those that apply to some episode of a suite."""
        return [m for m in MEASURES if any(self.arms[suite, p].rate(m)["n"] for p in self.of(suite))]

    def comparisons(self) -> list[Comparison]:
        """Every pair of planners on the starts that both had, per suite; ours first."""
        order = sorted(self.planners, key=lambda p: (p != OURS, self.planners.index(p)))
        found = []
        for suite in self.suites:
            for a, b in combinations([p for p in order if (suite, p) in self.arms], 2):
                pairs = paired(list(self._pairs(suite, a, b)))
                if pairs.n:
                    found.append(Comparison(suite, a, b, pairs))
        return found

    def _pairs(self, suite: str, a: str, b: str) -> Iterable[tuple[bool | None, bool | None]]:
        mine, others = self._success[a], self._success[b]
        return ((done, others[key]) for key, done in mine.items() if key[0] == suite and key in others)

    def costs(self, suite: str) -> list[tuple[str, Mapping[str, float]]]:
        """(planner, mean cost per episode)."""
        return [(p, {c: self.arms[suite, p].mean(c) for c in COSTS}) for p in self.of(suite)]
