"""Two evaluations, episode by episode: the same tasks and seeds under two planners, two commits or two settings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.evaluate.folder import EPISODES, EvaluateError
from planner.evaluate.statistics import Paired, paired
from planner.evaluate.summary import PAIRED

BAD = ("false_success",)  # measures of which less is better
Outcomes = dict[tuple[str, str, int], dict[str, bool | None]]


@dataclass(frozen=True)
class Row:
    """One measure on one suite (None: over all). ``lost``: episodes that were good in A and are bad in B."""

    planner: str
    suite: str | None
    measure: str
    paired: Paired
    lost: tuple[str, ...]

    def worse(self, alpha: float, strict: bool) -> bool:
        """B is worse: more lost than won and not by chance; ``strict``: anything lost at all."""
        p = self.paired
        bad = self.measure in BAD
        lost, won = (p.only_b, p.only_a) if bad else (p.only_a, p.only_b)
        return lost > 0 if strict else lost > won and p.p < alpha

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        head = {"planner": self.planner, "suite": self.suite, "measure": self.measure}
        return head | self.paired.to_json() | {"lost": list(self.lost)}


@dataclass(frozen=True)
class Comparison:
    """``notes``: what a person should know before reading the rows."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...]


def compare(a: Path, b: Path, planners: Sequence[str] = ()) -> Comparison:
    """Pair the episodes of two folders. ``planners``: A's, or A's and B's; none: every planner that both have, or the
    only one of each. Raises EvaluateError when there is nothing to pair."""
    ours, theirs = _read(a), _read(b)
    rows: list[Row] = []
    notes: list[str] = []
    for x, y in _pairs(ours, theirs, planners, a, b):
        shared = [key for key in ours[x] if key in theirs[y]]
        if not shared:
            raise EvaluateError(f"{a} ({x}) and {b} ({y}) have no task and seed in common")
        alone = len(ours[x]) + len(theirs[y]) - 2 * len(shared)
        if alone:
            notes.append(f"{alone} episodes of {x} are in one folder only and are left out")
        name = x if x == y else f"{x} / {y}"
        for suite in [*dict.fromkeys(key[0] for key in shared), None]:
            keys = [key for key in shared if suite in (None, key[0])]
            rows += _rows(name, suite, [(key, ours[x][key], theirs[y][key]) for key in keys])
    return Comparison(tuple(rows), tuple(notes))


def _rows(planner: str, suite: str | None, items: Sequence[tuple[Any, dict[str, Any], dict[str, Any]]]) -> list[Row]:
    out = []
    for measure in PAIRED:
        found = paired([(x.get(measure), y.get(measure)) for _, x, y in items])
        if not found.n:
            continue
        good = measure not in BAD
        lost = [
            f"{key[0]}/{key[1]} seed {key[2]}"
            for key, x, y in items
            if None not in (x.get(measure), y.get(measure)) and x[measure] is good and y[measure] is not good
        ]
        out.append(Row(planner, suite, measure, found, tuple(lost)))
    return out


def _pairs(
    ours: dict[str, Outcomes], theirs: dict[str, Outcomes], planners: Sequence[str], a: Path, b: Path
) -> list[tuple[str, str]]:
    if planners:
        first, second = planners[0], planners[-1]
        for name, there, where in ((first, ours, a), (second, theirs, b)):
            if name not in there:
                raise EvaluateError(f"{where} has no planner {name!r}; it has: {', '.join(there)}")
        return [(first, second)]
    both = [(name, name) for name in ours if name in theirs]
    if both:
        return both
    if len(ours) == len(theirs) == 1:
        return [(next(iter(ours)), next(iter(theirs)))]
    raise EvaluateError(
        f"no planner is in both: {a} has {', '.join(ours)}; {b} has {', '.join(theirs)}; choose with --planner A,B"
    )


def _read(folder: Path) -> dict[str, Outcomes]:
    """Outcomes by planner, then by (suite, task, seed)."""
    path = folder / EPISODES if folder.is_dir() else folder
    found: dict[str, Outcomes] = {}
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                if not line.endswith(b"\n"):
                    break
                try:
                    data = json.loads(line)
                    key = (str(data["suite"]), str(data["task"]), int(data["seed"]))
                    measures = {name: data["measures"].get(name) for name in PAIRED}
                except (ValueError, KeyError, TypeError, AttributeError):
                    raise EvaluateError(f"{path}:{number}: not an episode of groundplan evaluate") from None
                found.setdefault(str(data["planner"]), {})[key] = measures
    except OSError as error:
        raise EvaluateError(
            f"cannot read {path}: {error.strerror or error}; name the --out of an evaluation"
        ) from error
    if not found:
        raise EvaluateError(f"{path} holds no episode")
    return found
