"""One worker: builds planners once, carries one trial after the other out, gives each one's line.

Whatever goes wrong inside a trial becomes a line too, marked with where it went wrong; only a person's interrupt and
errors that would hit every trial alike (no model) come through.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from envs import stage
from envs.goals import Goal
from envs.task import Task
from planner import loop
from planner.episode import EpisodeRecorder
from planner.evaluate import measures as m
from planner.evaluate.blame import first_cause
from planner.evaluate.planners import Episode, Tools, Truth, find_planner, statement, task_rng
from planner.evaluate.trials import PLANNER_STREAM, Trial
from planner.evaluate.walked import solvable, walk_plan
from planner.evaluate.warm import WarmHeads
from planner.evaluate.witness import PlanChosen, Witness
from planner.events import tell
from planner.plan import Context
from planner.session import Mind, with_aliases
from planner.settings import Settings, as_dict
from planner.workplace import SIMULATOR, Workplace, open_workplace
from skills.state import State

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("planner", "envs", "sim", "skills")
NOTHING: dict[str, Any] = {"plan": None, "solvable": None, "misperceived": [], "error": None, "worker_died": False}


@dataclass(frozen=True)
class Job:
    """What every worker is told: settings, whether to think only, and the code's identity for the record."""

    settings: Settings
    think_only: bool
    code: Mapping[str, Any]


class Worker:
    """See the module. ``tools``: other parts than the default ones, for tests."""

    def __init__(self, job: Job, tools: Tools | None = None) -> None:
        self.job = job
        self.tools = tools or Tools(job.settings)
        self._planners: dict[str, Any] = {}
        self._warm: WarmHeads | None = None
        self._solvable: dict[tuple[str, str, int], bool] = {}

    def run(self, trial: Trial) -> dict[str, Any]:
        """The trial's line. Raises KeyboardInterrupt, and what the making of a planner raises (ModelError)."""
        began = time.perf_counter()
        started = datetime.now(timezone.utc).isoformat(timespec="milliseconds")
        planner = self._planner(trial.planner)
        recorder = EpisodeRecorder(header(trial, self.job) | statement_of(planner), None, started)
        extra = dict(NOTHING)
        try:
            with open_workplace(trial.task, trial.seed, self.job.settings) as place:
                self._carry_out(trial, planner, place, recorder, extra)
        except Exception as error:
            extra["error"] = _error(error)
        recorder.add_wall("total_s", round(time.perf_counter() - began, 4))
        return finished(recorder.episode, extra)

    def _planner(self, name: str) -> Any:
        if name not in self._planners:
            self._planners[name] = find_planner(name)(self.tools)
        planner = self._planners[name]
        if planner.uses_model:
            self._warm = self._warm or WarmHeads(self.tools.mind.lm)
            self._warm.reset(planner.head())
        return planner

    def _mind(self, planner: Any) -> Mind | None:
        return self.tools.mind if planner.uses_model else None

    def _carry_out(
        self, trial: Trial, planner: Any, place: Workplace, recorder: EpisodeRecorder, extra: dict[str, Any]
    ) -> None:
        mind = self._mind(planner)
        recorder.episode |= {"robot": place.robot, "perception": place.body.perception.name}
        recorder.episode["model"] = dict(mind.identity) if mind is not None else {"name": None}
        truth = Truth(trial.task.expect, trial.goal, trial.task.forbidden) if planner.sees_truth else None
        rng = task_rng(trial.task, trial.seed, PLANNER_STREAM)
        players = planner.players(Episode(place.body, rng, truth))
        witness = Witness(place.stage, self.job.think_only)
        intent = trial.intent
        parts = loop.Parts(
            body=place.body,
            proposer=players.proposer,
            grounder=players.grounder,
            library=self.tools.library,
            events=tell(recorder, witness),
            ask=(lambda question, options: intent.reply) if intent is not None else loop.nobody,
            usage=mind.meter() if mind is not None else dict,
            context=with_aliases(Context(), trial.task),
        )
        try:
            players.run(trial.task.instruction, parts, players.goal, self.job.settings.budget)
        except PlanChosen:
            recorder.episode["verdict"] = _planned()
        if place.stage is not None and not self.job.think_only:
            judged = place.stage.judge.verdict(trial.goal)
            recorder.add("judge", {"goal_of": "intent" if intent is not None else "task", **judged.to_json()})
        extra["misperceived"] = witness.misperceived
        if witness.plan is not None and witness.state is not None:
            steps = [s.skill for s in witness.plan.steps]
            extra["plan"] = walk_plan(witness.state, steps, trial.goal, trial.task.forbidden)
        reached = extra["plan"] is not None and extra["plan"]["reached"]
        if not reached and trial.goal is not None and witness.first is not None:
            extra["solvable"] = self._can_be_solved(trial, trial.goal, witness.first)

    def _can_be_solved(self, trial: Trial, goal: Goal, start: State) -> bool:
        key = trial.key[1:]
        if key not in self._solvable:
            self._solvable[key] = solvable(self.tools.library, start, goal, trial.task.forbidden)
        return self._solvable[key]


def header(trial: Trial, job: Job) -> dict[str, Any]:
    """Everything that is known before a trial begins, and that its replay needs."""
    task, intent, goal = trial.task, trial.intent, trial.goal
    settings = settled(job.settings, task)
    return {
        "planner": trial.planner,
        "suite": task.suite,
        "task": task.id,
        "family": task.family,
        "scene": task.scene,
        "seed": trial.seed,
        "expect": task.expect,
        "mode": m.PLAN if job.think_only else m.RUN,
        "instruction": task.instruction,
        "goal": None,
        "task_data": task.to_data(),
        "settings": as_dict(settings),
        "code": dict(job.code),
        "model": {"name": None},
        "driver": SIMULATOR,
        "robot": None,
        "perception": settings.stage.perception,
        "intent": None if intent is None else {"reply": intent.reply, "goal": intent.goal.to_json()},
        "true_goal": None if goal is None else goal.to_json(),
    }


def settled(settings: Settings, task: Task) -> Settings:
    """The settings as they go into the record of one task: with the perception by its own name, never "auto"."""
    try:
        return replace(settings, stage=stage.settled(task, settings.stage))
    except ValueError:  # a robot that the scene cannot have: the trial will say so
        return settings


def statement_of(planner: Any) -> dict[str, Any]:
    """The part of a planner's statement that a replay needs."""
    return {"open_loop": statement(planner)["open_loop"]}


def died(trial: Trial, job: Job) -> dict[str, Any]:
    """The line of a trial whose worker died."""
    episode = EpisodeRecorder(header(trial, job) | statement_of(find_planner(trial.planner)), None, "").episode
    return finished(episode, NOTHING | {"worker_died": True})


def finished(episode: dict[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """The episode with its measures, its first cause of failure and its cost; all that a clock said comes last."""
    wall = episode.pop("wall")
    line = {**episode, **extra, "wall": wall}
    if not m.ran(line):
        why = line["error"]["detail"] if line["error"] else "the worker died"
        line["verdict"] = _planned() | {"status": "error", "reason": why}
    costs = {k: v for k, v in m.cost_of(line).items() if k not in ("thinking_s", "acting_s")}
    line["cost"] = line["cost"] | costs
    line["measures"] = m.measure(line)
    line["failure"] = first_cause(line)
    line["failures"] = [
        {"attempt": i, "step": s["index"], "kind": s["failure"]["kind"], "blame": s["failure"]["blame"]}
        for i, a in enumerate(line["attempts"])
        for s in a["steps"]
        if s.get("failure")
    ]
    line["wall"] = line.pop("wall")
    return line


def _planned() -> dict[str, Any]:
    reason = "a plan was chosen; nothing was to move"
    return {"status": m.PLANNED, "reason": reason, "goal": None, "unmet": [], "failure": None, "question": None}


def _error(error: BaseException) -> dict[str, Any]:
    """Where the program itself went wrong: the innermost of our rooms, and the line."""
    room, where = "envs", ""
    for frame in traceback.extract_tb(error.__traceback__):
        with suppress(ValueError):
            path = Path(frame.filename).resolve().relative_to(ROOT)
            if path.parts[0] in ROOMS:
                room, where = path.parts[0], f"{path.as_posix()}:{frame.lineno}"
    kind = type(error).__name__
    base = next((c.__name__ for c in type(error).__mro__ if c.__name__ == "DriverError"), kind)
    return {"type": base, "room": room, "where": where, "detail": " ".join(str(error).split()) or kind}


def with_one_thread(settings: Settings) -> Settings:
    """The settings of an evaluation: one thread per worker unless said otherwise, and the same numbers for any count
    of workers; no video."""
    model = settings.model if settings.model.threads is not None else replace(settings.model, threads=1)
    return replace(settings, model=model, video=replace(settings.video, enabled=False))
