"""One evaluation from beginning to end: check everything, carry out what is missing, put in order, sum up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from envs.task import Task
from planner.evaluate.folder import SUMMARY, EvaluateError, Folder, write_json
from planner.evaluate.planners import find_planner, statement
from planner.evaluate.pool import Backend
from planner.evaluate.summary import summarise
from planner.evaluate.trials import Trial, all_trials
from planner.evaluate.worker import Job, settled
from planner.settings import Settings, as_dict

MOST_TRIALS = 1_000_000
PACKAGES = ("planner", "envs", "sim", "skills", "configs")


@dataclass(frozen=True)
class Plan:
    """What is to be evaluated. ``seeds``: which; ``think_only``: nothing moves; ``code``: identity of what runs."""

    planners: tuple[str, ...]
    tasks: tuple[Task, ...]
    seeds: tuple[int, ...]
    settings: Settings
    think_only: bool = False
    code: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.planners:
            raise EvaluateError("name at least one planner with --planner")
        twice = sorted({p for p in self.planners if self.planners.count(p) > 1})
        if twice:
            raise EvaluateError(f"planner {twice[0]!r} is named twice")
        if not self.tasks:
            raise EvaluateError("no task is left to evaluate; loosen --ids, --families, --tags or --limit")
        if not self.seeds:
            raise EvaluateError("seeds: 1 or more")
        count = len(self.planners) * len(self.tasks) * len(self.seeds)
        if count > MOST_TRIALS:
            raise EvaluateError(f"{count} episodes; at most {MOST_TRIALS} in one folder: use --limit or fewer seeds")

    @property
    def trials(self) -> list[Trial]:
        """The work list."""
        return all_trials(self.planners, self.tasks, self.seeds)

    @property
    def job(self) -> Job:
        """What the workers are told."""
        return Job(self.settings, self.think_only, self.code)

    def config(self) -> dict[str, Any]:
        """Everything that decides the results, as plain data; how many workers ran is not among it."""
        data = [(t.suite, t.to_data()) for t in self.tasks]
        text = json.dumps(data, sort_keys=True, ensure_ascii=False).encode()
        suites: dict[str, int] = {}
        for task in self.tasks:
            suites[task.suite] = suites.get(task.suite, 0) + 1
        return {
            "planners": list(self.planners),
            "files": list(self.files),
            "suites": suites,
            "tasks": {"n": len(self.tasks), "sha256": hashlib.sha256(text).hexdigest()},
            "seeds": list(self.seeds),
            "plan_only": self.think_only,
            "settings": as_dict(self.settings),
            "perception": {t.scene: settled(self.settings, t).stage.perception for t in self.tasks},
        }


@dataclass(frozen=True)
class Progress:
    """How far it is. ``line``: the episode that just ended, None at the beginning."""

    done: int
    total: int
    line: Mapping[str, Any] | None


@dataclass(frozen=True)
class Evaluated:
    """``summary``: as in summary.json; ``complete``: every episode is there; ``fresh``: how many ran just now."""

    summary: Mapping[str, Any]
    complete: bool
    fresh: int


def evaluate(
    plan: Plan, out: Path, backend: Backend, tell: Callable[[Progress], None] = lambda progress: None
) -> Evaluated:
    """Carry out what is missing in ``out`` and write the summary.

    An interrupt ends it early and well: what is finished is stored and summed up, KeyboardInterrupt comes through.
    Raises EvaluateError before anything runs when the folder belongs to another evaluation, ResolveError for an
    unknown planner.
    """
    statements = {name: statement(find_planner(name)) for name in plan.planners}
    folder = Folder(out)
    folder.open({"code": dict(plan.code), "config": plan.config()})
    trials = plan.trials
    missing = [t for t in trials if t.key not in folder.done]
    fresh = 0
    tell(Progress(len(trials) - len(missing), len(trials), None))
    try:
        with closing(_closable(backend.results(missing, plan.job))) as results:
            for line in results:
                folder.add(line)
                fresh += 1
                tell(Progress(len(folder.done), len(trials), line))
    finally:
        summary = _sum_up(plan, folder, trials, statements)
    return Evaluated(summary, len(folder.done) == len(trials), fresh)


def _closable(results: Iterator[dict[str, Any]]) -> Any:
    return results


def _sum_up(plan: Plan, folder: Folder, trials: Sequence[Trial], statements: Mapping[str, Any]) -> dict[str, Any]:
    folder.put_in_order([t.key for t in trials])
    head = {
        "complete": len(folder.done) == len(trials),
        "episodes": {"stored": len(folder.done), "wanted": len(trials)},
        "commit": plan.code.get("commit"),
        "code": dict(plan.code),
        "config": plan.config(),
    }
    summary = summarise(stored(folder), statements, head)
    write_json(folder.path / SUMMARY, summary)
    return summary


def stored(folder: Folder) -> Iterator[dict[str, Any]]:
    """The stored lines, one at a time."""
    if folder.episodes.exists():
        with folder.episodes.open("rb") as stream:
            for line in stream:
                yield json.loads(line)


def code_of_this() -> dict[str, Any]:
    """The code's identity with a digest over its files, since a commit says nothing about what was changed after it."""
    from planner.identity import code_identity

    root = Path(__file__).resolve().parents[2]
    total = hashlib.sha256()
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.suffix in (".py", ".yaml") and path.is_file():
                total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return code_identity() | {"sha256": total.hexdigest()}
