"""The episode: everything that happened in one run, as one JSON line that can be explained and replayed.

A line holds the task in full, the resolved settings, the code's and the model's identity, every observation's
facts, every proposal with its scores, every decision, every step with what was expected and what was measured,
and a running digest of robot and objects. The same task, seed and settings give the same bytes, except for the
one key ``wall``, which holds all that a clock said.
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from planner.episode_file import FORMAT, write_episode
from planner.events import (
    Asked,
    Decided,
    Event,
    GoalChecked,
    Observed,
    Proposed,
    Recovered,
    Replanned,
    Started,
    StepDone,
    StepSkipped,
    StepStarted,
    Verdict,
)
from planner.plan import Act, Ask, Decision, PlanStep, Proposal, Scored
from skills.failure import Failure
from skills.skill import Affordance
from skills.state import State
from skills.symbols import Literal
from skills.types import Observation


class Digest:
    """A running SHA-256 over robot and object states: equal only if every bit of every state was equal."""

    def __init__(self) -> None:
        self.value = hashlib.sha256(FORMAT.encode()).hexdigest()

    def take(self, observation: Observation) -> str:
        """Fold one observation in; returns the new value (64 hex digits)."""
        robot = observation.robot
        parts = [bytes.fromhex(self.value), struct.pack("<q", robot.tick)]
        parts.append(np.asarray([*robot.q, *robot.dq, robot.gripper_width], "<f8").tobytes())
        for name in sorted(observation.objects):
            pose = observation.objects[name].pose_world
            parts += [name.encode(), b"\0", np.asarray([*pose.position, *pose.orientation], "<f8").tobytes()]
        self.value = hashlib.sha256(b"".join(parts)).hexdigest()
        return self.value


class EpisodeRecorder:
    """Listens to the loop's events and keeps the episode; with a ``path`` it is on disk after every event that counts.

    ``header``: plain data that is known before (task, seed, settings, code, model ...). The file is replaced
    atomically, so that an interrupted run leaves the whole episode so far and never half a line.
    """

    def __init__(self, header: Mapping[str, Any], path: Path | None = None, started: str = "") -> None:
        self.path = path
        self._digest = Digest()
        self._wall: dict[str, Any] = {"started": started, "thinking_s": 0.0, "acting_s": 0.0}
        self.episode: dict[str, Any] = {"format": FORMAT, **header}
        self.episode |= {"attempts": [], "dialogue": [], "goal_checks": [], "recoveries": []}
        self.episode |= {"verdict": {"status": "running"}, "cost": _no_cost(), "digest": self._digest.value}
        self.episode["wall"] = self._wall

    def __call__(self, event: Event) -> None:
        """Take one event."""
        keep = True
        if isinstance(event, Started):
            self.episode["instruction"] = event.instruction
            self.episode["goal"] = None if event.goal is None else event.goal.to_json()
        elif isinstance(event, Observed):
            self._seen = _seen(event.observation, event.state)
            keep = False
        elif isinstance(event, Proposed):
            self._proposed(event)
            keep = False
        elif isinstance(event, Decided):
            self._decided(event)
        elif isinstance(event, StepStarted):
            self._attempt["steps"].append(_started(event))
            keep = False
        elif isinstance(event, StepDone):
            self._done(event)
        elif isinstance(event, GoalChecked):
            self._checked(event)
        else:
            self._rest(event)
        if keep and self.path is not None:
            write_episode(self.path, self.episode)

    def add(self, key: str, value: Any) -> None:
        """Put something in that comes after the verdict, such as the judge's word or the paths of pictures."""
        self.episode[key] = plain(value)
        if self.path is not None:
            write_episode(self.path, self.episode)

    def add_wall(self, key: str, value: Any) -> None:
        """Put in something that a clock said, or that may differ between equal runs."""
        self._wall[key] = plain(value)

    @property
    def _attempt(self) -> dict[str, Any]:
        attempt: dict[str, Any] = self.episode["attempts"][-1]
        return attempt

    def _proposed(self, event: Proposed) -> None:
        cost = self.episode["cost"]
        cost["proposer_calls"] += 1
        for name, value in event.usage.items():
            # what a cache saved depends on earlier runs of the process, seconds on the machine
            book = self._wall if name in ("seconds", "computed_tokens") else cost
            book[f"lm_{name}"] = plain(value)
        self._wall["thinking_s"] = round(self._wall["thinking_s"] + event.seconds, 4)

    def _decided(self, event: Decided) -> None:
        self._wall["thinking_s"] = round(self._wall["thinking_s"] + event.seconds, 4)
        grounded = event.grounded
        table = [_row(r) for r in grounded.table]
        self.episode["attempts"].append(
            {
                "seen": self._seen,
                "fresh": event.fresh,
                "proposals": table,
                "notes": dict(grounded.notes),
                "confidence": plain(grounded.confidence),
                "tools": [
                    {"name": t.name, "arguments": plain(t.arguments), "result": plain(t.result)} for t in grounded.tools
                ],
                "decision": decision_data(grounded.decision),
                "steps": [],
                "skipped": [],
                "failure": None,
            }
        )

    def _done(self, event: StepDone) -> None:
        self._wall["acting_s"] = round(self._wall["acting_s"] + event.seconds, 4)
        self.episode["cost"]["steps"] += 1
        entry = self._attempt["steps"][-1]
        entry["ticks"] = event.report.ticks
        entry["evidence"] = [
            {"expected": str(x), "measured": event.report.measured.get(x)} for x in event.report.expected
        ]
        entry["failure"] = failure_data(event.failure)
        entry["after"] = _seen(event.observation, event.state)
        entry["digest"] = self.episode["digest"] = self._digest.take(event.observation)

    def _checked(self, event: GoalChecked) -> None:
        self.episode["digest"] = self._digest.take(event.observation)
        check = {"goal": event.goal.to_json(), "unmet": [str(x) for x in event.unmet], "settled": event.settled}
        self.episode["goal_checks"].append(check | {"tick": event.observation.tick})

    def _rest(self, event: Event) -> None:
        cost = self.episode["cost"]
        if isinstance(event, Asked):
            cost["questions"] += 1
            said = {"question": event.question, "options": list(event.options), "answer": event.answer}
            self.episode["dialogue"].append(said)
        elif isinstance(event, StepSkipped):
            self._attempt["skipped"].append({"index": event.index, "step": str(event.step.skill)})
        elif isinstance(event, Replanned):
            cost["replans"] += 1
            self._attempt["failure"] = failure_data(event.failure) or {"detail": event.reason}
        elif isinstance(event, Recovered):
            self.episode["recoveries"].append(event.detail)
        elif isinstance(event, Verdict):
            cost["ticks"] = event.ticks
            self.episode["verdict"] = {
                "status": event.status.value,
                "reason": event.reason,
                "goal": None if event.goal is None else event.goal.to_json(),
                "unmet": [str(x) for x in event.unmet],
                "failure": failure_data(event.failure),
                "question": event.question,
            }


def _no_cost() -> dict[str, float]:
    return {"proposer_calls": 0, "replans": 0, "questions": 0, "steps": 0, "ticks": 0}


def _seen(observation: Observation, state: State) -> dict[str, Any]:
    """One moment: facts, joints and poses (position [m], quaternion x-y-z-w), exact to the bit."""
    robot = observation.robot
    return {
        "tick": observation.tick,
        "atoms": sorted(map(str, state.base)),
        "q": list(robot.q),
        "gripper_width": robot.gripper_width,
        "objects": {
            name: [*o.pose_world.position, *o.pose_world.orientation] for name, o in sorted(observation.objects.items())
        },
    }


def _started(event: StepStarted) -> dict[str, Any]:
    return {"index": event.index, "step": str(event.step.skill), "affordance": _affordance(event.affordance)}


def _affordance(a: Affordance) -> dict[str, Any]:
    return {"value": a.value, "factors": plain(dict(a.factors)), "reason": a.reason}


def _row(row: Scored) -> dict[str, Any]:
    scores = {"lm": plain(row.lm_score), "affordance": plain(row.affordance), "combined": plain(row.combined)}
    return _proposal(row.proposal) | scores | {"verdict": row.verdict}


def _proposal(p: Proposal) -> dict[str, Any]:
    return {
        "source": p.source,
        "goal": [str(x) for x in p.goal],
        "goal_score": plain(p.goal_score),
        "steps": [str(s) for s in p.steps],
        "step_scores": plain(list(p.step_scores)),
        "parts": plain(dict(p.parts)),
    }


def decision_data(decision: Decision) -> dict[str, Any]:
    """A decision as plain data; `planner.replay` reads it back."""
    if isinstance(decision, Act):
        plan = decision.plan
        return {
            "act": {
                "goal": plan.goal.to_json(),
                "steps": [_plan_step(s) for s in plan.steps],
                "repaired": plan.repaired,
                "proposal": plan.proposal,
                "score": plain(plan.score),
            }
        }
    if isinstance(decision, Ask):
        return {"ask": {"question": decision.question, "options": list(decision.options)}}
    return {"refuse": failure_data(decision.failure)}


def _plan_step(step: PlanStep) -> dict[str, Any]:
    return {
        "step": str(step.skill),
        "lm": plain(step.lm_score),
        "affordance": _affordance(step.affordance),
        "combined": plain(step.combined),
        "source": step.source,
    }


def failure_data(failure: Failure | None) -> dict[str, Any] | None:
    """A failure as plain data, None for None."""
    if failure is None:
        return None
    return {
        "kind": failure.kind.value,
        "detail": failure.detail,
        "step": failure.step,
        "unmet": [str(x) for x in failure.unmet],
        "blame": None if failure.blame is None else failure.blame.value,
    }


def plain(value: Any) -> Any:
    """Plain JSON data: numbers that are not finite become None, paths and literals text, tuples lists."""
    if isinstance(value, (bool, int, str)) or value is None:
        return value
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, (np.integer, np.bool_)):
        return value.item()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(v) for v in value]
    if isinstance(value, (Path, Literal)):
        return str(value)
    raise TypeError(f"not plain data: {value!r}")
