"""Trials for tests of the evaluation: small tasks, lines made by hand, and planners that lie, die and crash."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from envs.task import Task
from envs.tasks import task_from_data
from planner import loop
from planner.episode_file import without_wall
from planner.evaluate import measures as m
from planner.evaluate.evaluation import Plan
from planner.evaluate.openloop import run as open_loop
from planner.evaluate.planners import Episode, Players, Tools
from planner.evaluate.worker import Job, with_one_thread
from planner.events import Started, Status, Verdict
from planner.plan import Ask, Refuse
from planner.propose.scripted import FirstFitGrounder, ScriptedGrounder, ScriptedProposer
from planner.settings import Settings, resolve
from skills.failure import Failure, FailureKind

CODE = {"version": "test", "commit": "c0ffee", "changed": False, "sha256": "0"}
OBJECTS = ("red block", "green block", "blue bowl")
GOAL = ["in(red block, blue bowl)"]


def task(name: str = "one", expect: str = "success", goal: Any = GOAL, **more: Any) -> Task:
    """A task on a small table; ``goal``: one alternative."""
    data: dict[str, Any] = {
        "id": name,
        "instruction": more.pop("instruction", "put the red block in the blue bowl"),
        "family": more.pop("family", "bowls"),
        "scene": "tabletop",
        "start": {"objects": more.pop("objects", [{"name": n} for n in OBJECTS])},
        "expect": expect,
    }
    if expect == "success":
        data["goal"] = {"any": [goal]}
    if expect == "ask":
        data["intents"] = more.pop("intents", [{"reply": "the red one", "any": [GOAL]}])
    return task_from_data(data | more, "small")


def settings(*pairs: str) -> Settings:
    """Settings of an evaluation with some changed."""
    return with_one_thread(resolve(Settings(), None, pairs))


def job(think_only: bool = False, *pairs: str) -> Job:
    """What a worker is told."""
    return Job(settings(*pairs), think_only, CODE)


def plan_of(*tasks: Task, planners: tuple[str, ...] = ("symbolic-oracle",), seeds: int = 1, **more: Any) -> Plan:
    """An evaluation of these tasks that only thinks, unless told otherwise."""
    more = {"think_only": True, "code": CODE} | more
    return Plan(planners, tasks or (task(),), tuple(range(seeds)), settings(), **more)


def line(**changes: Any) -> dict[str, Any]:
    """The line of an episode that went well: one pick, one place, the goal measured and judged true.

    Keys change whole values; ``verdict`` and ``judge`` are merged. Measures are computed at the end.
    """
    steps = ["pick(red block)", "place_in(red block, blue bowl)"]
    made: dict[str, Any] = {
        "planner": "closed-loop", "suite": "small", "task": "one", "seed": 0, "family": "bowls",
        "expect": "success", "mode": "run", "intent": None, "true_goal": {"any": [GOAL]},
        "attempts": [attempt(act(*steps), step(0), step(1))], "dialogue": [], "goal_checks": [],
        "verdict": {"status": "reached", "reason": "measured", "failure": None, "question": None},
        "judge": {"success": True, "holds": {GOAL[0]: True}, "forbidden": [], "collateral": [], "moved": ["red block"]},
        "plan": {"steps": steps, "reached": True, "broken": None, "unmet": [], "forbidden": []},
        "cost": {"replans": 0, "questions": 0, "steps": 2, "ticks": 500, "lm_prompt_tokens": 7, "lm_calls": 2},
        "wall": {"thinking_s": 1.0, "acting_s": 2.0}, "solvable": None, "misperceived": [], "error": None,
        "worker_died": False, "failures": [],
    }  # fmt: skip
    for key, value in changes.items():
        merge = key in ("verdict", "judge", "plan", "cost") and isinstance(value, dict)
        made[key] = made[key] | value if merge else value
    made["measures"] = m.measure(made)
    return made


def act(*steps: str) -> dict[str, Any]:
    """A decision to act."""
    return {"act": {"goal": {"any": [GOAL]}, "steps": [{"step": s} for s in steps], "repaired": False}}


def attempt(decision: dict[str, Any], *steps: dict[str, Any], failure: Any = None) -> dict[str, Any]:
    """One attempt as a line holds it."""
    return {"decision": decision, "steps": list(steps), "failure": failure}


def step(index: int, kind: str = "", blame: str | None = None, detail: str = "went wrong") -> dict[str, Any]:
    """One executed step; with a ``kind`` it failed."""
    failure = {"kind": kind, "detail": detail, "step": index, "unmet": [], "blame": blame} if kind else None
    return {"index": index, "failure": failure}


ASKED = {"ask": {"question": "Which?", "options": []}}
REFUSED = {"refuse": {"kind": "UNKNOWN_OBJECT", "detail": "no such thing", "unmet": [], "step": None, "blame": "TASK"}}


def bare(stored: dict[str, Any]) -> dict[str, Any]:
    """A line without what a clock said."""
    return without_wall(stored)


class _Base:
    """A planner that moves the red block into the blue bowl, told by nobody."""

    about, feedback, skills = "follows a script", "none", "as everybody"
    uses_model, sees_truth, open_loop = False, False, False
    steps, goal = ("pick(red block)", "place_in(red block, blue bowl)"), tuple(GOAL)

    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    def head(self) -> str:
        return ""

    def players(self, episode: Episode) -> Players:
        return Players(ScriptedProposer.of(self.steps, self.goal), FirstFitGrounder())


class Scripted(_Base):
    """Does it right."""


class Wrong(_Base):
    """Reaches something else than what was meant, and is content with it."""

    steps, goal = ("pick(green block)", "place_in(green block, blue bowl)"), ("in(green block, blue bowl)",)


class Blind(_Base):
    """The same without feedback: its place step comes before the pick, and it is content all the same."""

    open_loop = True
    steps = ("place_in(red block, blue bowl)", "pick(green block)")

    def players(self, episode: Episode) -> Players:
        from planner.evaluate.baselines import TakeBest

        return Players(ScriptedProposer.of(self.steps, self.goal), TakeBest(), open_loop)


class Liar(_Base):
    """Moves nothing and says that the goal was measured true."""

    def players(self, episode: Episode) -> Players:
        def lie(instruction: str, parts: loop.Parts, goal: Any = None, budget: Any = None) -> Verdict:
            parts.events(Started(instruction, goal))
            verdict = Verdict(Status.REACHED, "the goal was measured true", goal, (), None, None, 0)
            parts.events(verdict)
            return verdict

        return Players(ScriptedProposer(), FirstFitGrounder(), lie)


class Asker(_Base):
    """Asks once, then does what the answer says of the red block; refuses without an answer."""

    def players(self, episode: Episode) -> Players:
        right = super().players(episode)
        first = Ask("Which one?", ("red block", "green block"))

        def second(request: Any) -> Any:
            proposals = right.proposer.propose(request, 1)
            return right.grounder.ground(request, proposals, episode.body).decision

        return Players(right.proposer, ScriptedGrounder([first, second]))


class Refuser(_Base):
    """Never does anything."""

    def players(self, episode: Episode) -> Players:
        why = Refuse(Failure(FailureKind.UNKNOWN_OBJECT, "no object 'x'; present: y"))
        return Players(ScriptedProposer(), ScriptedGrounder([why]))


class Crasher(_Base):
    """A fault of the program."""

    def players(self, episode: Episode) -> Players:
        raise ValueError("a planted\nfault")


class Mortal(Scripted):
    """Its process is killed on tasks that a file named after them forbids, once for every line in it."""

    def players(self, episode: Episode) -> Players:
        if os.environ.get("GROUNDPLAN_TEST_DIES") and int(episode.rng.integers(3)) == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().players(episode)


class Slow(Scripted):
    """Takes its time, so that a test can interrupt it."""

    def players(self, episode: Episode) -> Players:
        time.sleep(0.3)
        return super().players(episode)


def lines_of(folder: Path) -> list[dict[str, Any]]:
    """The stored lines of an evaluation."""
    import json

    return [json.loads(x) for x in (folder / "episodes.jsonl").read_bytes().splitlines()]
