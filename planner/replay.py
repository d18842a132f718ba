"""Replay: carry an episode's decisions out again, without any language model, and compare bit by bit.

The same loop runs with the recorded proposals, decisions and answers, on a body made from the same task, seed
and settings. After every step and every measurement of the goal the running digest of robot and objects must be
the recorded one; the first that is not tells where the two runs part.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from envs.goals import Goal
from planner import loop
from planner.budget import Budget
from planner.episode import EpisodeRecorder
from planner.episode_file import EpisodeError
from planner.events import Event, GoalChecked, Listener, StepDone, Verdict, tell
from planner.plan import Act, Ask, Decision, Grounded, Plan, PlanStep, Proposal, Refuse, Scored
from planner.propose.scripted import ScriptedGrounder, ScriptedProposer
from skills.driver import Embodiment
from skills.failure import Blame, Failure, FailureKind
from skills.library import SkillLibrary
from skills.skill import Affordance, GroundSkill
from skills.symbols import parse_literal

RUNNING = ("running", "interrupted", "error")  # such a record may end in the middle of a step


@dataclass(frozen=True)
class Divergence:
    """Where the replay left the record. ``step``: counted from 0 over all attempts; None: outside of the steps."""

    step: int | None
    what: str

    def __str__(self) -> str:
        return self.what if self.step is None else f"step {self.step + 1} of the run: {self.what}"


@dataclass(frozen=True)
class Replay:
    """What came of it. ``steps``: how many were compared; ``episode``: the new record."""

    divergence: Divergence | None
    steps: int
    episode: Mapping[str, Any]

    @property
    def equal(self) -> bool:
        """Every bit that was compared was the same."""
        return self.divergence is None


class _Over(Exception):
    """Everything recorded has been replayed."""


def replay(
    episode: Mapping[str, Any], body: Embodiment, library: SkillLibrary, budget: Budget, events: Listener
) -> Replay:
    """Run the episode again on a connected body in its first state.

    Raises EpisodeError when the record names a skill that the library does not have, or lacks a part.
    """
    if episode.get("mode") == "plan":
        raise EpisodeError("nothing moved in this episode (evaluated with --plan-only); there is nothing to replay")
    try:
        script = _Script(episode, library)
    except (KeyError, TypeError, ValueError) as e:
        raise EpisodeError(f"the episode cannot be replayed: {e}") from e
    recorder = EpisodeRecorder({})
    watch = _Watch(episode, recorder)
    parts = loop.Parts(
        body=body,
        proposer=ScriptedProposer(*script.turns),
        grounder=ScriptedGrounder(script.decisions),
        library=library,
        events=tell(recorder, watch, events),
        ask=script.answer,
    )
    run = loop.run
    if episode.get("open_loop"):  # a baseline's: the same steps without looking
        from planner.evaluate import openloop

        run = openloop.run
    with suppress(_Over):
        run(str(episode["instruction"]), parts, script.goal, budget)
    return Replay(watch.divergence, watch.steps, recorder.episode)


class _Script:
    """The recorded proposals, decisions and answers as values."""

    def __init__(self, episode: Mapping[str, Any], library: SkillLibrary) -> None:
        self._library = library
        attempts = episode["attempts"]
        self.goal = None if episode["goal"] is None else Goal.from_json(episode["goal"])
        self.turns = [[self._proposal(p) for p in a["proposals"]] for a in attempts if a["fresh"]]
        self.decisions = [self._grounded(a) for a in attempts]
        self._answers = [d["answer"] for d in episode["dialogue"]]

    def answer(self, question: str, options: tuple[str, ...]) -> str | None:
        """What the person said then."""
        return self._answers.pop(0) if self._answers else None

    def _grounded(self, attempt: Mapping[str, Any]) -> Grounded:
        table = tuple(
            Scored(self._proposal(p), _score(p["lm"]), _score(p["affordance"]), _score(p["combined"]), p["verdict"])
            for p in attempt["proposals"]
        )
        return Grounded(self._decision(attempt["decision"]), table, attempt["notes"])

    def _step(self, text: str) -> GroundSkill:
        step = self._library.parse(text)
        if isinstance(step, Failure):
            raise ValueError(str(step))
        return step

    def _proposal(self, data: Mapping[str, Any]) -> Proposal:
        return Proposal(
            tuple(parse_literal(x) for x in data["goal"]),
            tuple(self._step(s) for s in data["steps"]),
            _score(data["goal_score"]),
            tuple(_score(s) for s in data["step_scores"]),
            data["source"],
        )

    def _decision(self, data: Mapping[str, Any]) -> Decision:
        if "ask" in data:
            return Ask(data["ask"]["question"], tuple(data["ask"]["options"]))
        if "refuse" in data:
            return Refuse(_failure(data["refuse"]))
        act = data["act"]
        steps = tuple(
            PlanStep(
                self._step(s["step"]),
                s["lm"],
                Affordance(**s["affordance"]),
                _score(s["combined"]),
                s["source"],
            )
            for s in act["steps"]
        )
        return Act(Plan(Goal.from_json(act["goal"]), steps, act["repaired"], act["proposal"], _score(act["score"])))


def _score(value: float | None) -> float:
    return float("-inf") if value is None else value


def _failure(data: Mapping[str, Any]) -> Failure:
    unmet = tuple(parse_literal(x) for x in data["unmet"])
    blame = None if data["blame"] is None else Blame(data["blame"])
    return Failure(FailureKind(data["kind"]), data["detail"], data["step"], unmet, blame)


class _Watch:
    """Compares the growing new record with the old one, event by event; it listens after the recorder."""

    def __init__(self, old: Mapping[str, Any], new: EpisodeRecorder) -> None:
        self._old, self._new = old, new
        self._steps = [s for a in old["attempts"] for s in a["steps"] if "digest" in s]
        self._checks = len(old["goal_checks"])
        self._open = old["verdict"]["status"] in RUNNING
        self.steps = 0
        self.checks = 0
        self.divergence: Divergence | None = None

    def __call__(self, event: Event) -> None:
        if isinstance(event, StepDone):
            self._step_done(event)
        elif isinstance(event, GoalChecked):
            self.checks += 1
        elif isinstance(event, Verdict) and self.divergence is None:
            self._ended(event)
        if self._open and self.steps >= len(self._steps) and self.checks >= self._checks:
            self._compare_digest()
            raise _Over

    def _step_done(self, event: StepDone) -> None:
        number, self.steps = self.steps, self.steps + 1
        if self.divergence is not None:
            return
        if number >= len(self._steps):
            self.divergence = Divergence(number, f"{event.step.skill} is not in the record")
            return
        old, new = self._steps[number], self._new.episode["attempts"][-1]["steps"][-1]
        if old["step"] != new["step"]:
            self.divergence = Divergence(number, f"{new['step']} ran, the record says {old['step']}")
        elif old["digest"] != new["digest"]:
            self.divergence = Divergence(number, f"{new['step']} ended otherwise: {_difference(old, new)}")

    def _ended(self, event: Verdict) -> None:
        then, now = self._old["verdict"]["status"], event.status.value
        if self.steps < len(self._steps):
            left = self._steps[self.steps]["step"]
            self.divergence = Divergence(self.steps, f"{left} is in the record and did not run")
        elif then != now:
            self.divergence = Divergence(None, f"the run ended as {now!r}, the record says {then!r}")
        else:
            self._compare_digest()

    def _compare_digest(self) -> None:
        if self.divergence is None and self._new.episode["digest"] != self._old["digest"]:
            self.divergence = Divergence(None, "robot or objects differ at the last measurement of the goal")


def _difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """The largest differences between two recorded moments, in words."""
    a, b = old["after"], new["after"]
    said = []
    if a["tick"] != b["tick"]:
        said.append(f"at tick {b['tick']} instead of {a['tick']}")
    q_a, q_b = np.asarray(a["q"]), np.asarray(b["q"])
    joints = float(np.abs(q_a - q_b).max()) if len(q_a) == len(q_b) and len(q_a) else 0.0
    if joints:
        said.append(f"joints up to {joints:.1e} rad away")
    odd = sorted(set(a["objects"]) ^ set(b["objects"]))
    if odd:
        said.append(f"only one run has {', '.join(odd)}")
    moved = {
        n: float(np.linalg.norm(np.subtract(a["objects"][n][:3], b["objects"][n][:3])))
        for n in a["objects"].keys() & b["objects"].keys()
        if a["objects"][n] != b["objects"][n]
    }
    for name, metres in sorted(moved.items(), key=lambda item: -item[1])[:3]:
        said.append(f"{name} {metres * 1000:.3g} mm away")
    if len(moved) > 3:
        said.append(f"{len(moved) - 3} more objects")
    return "; ".join(said) or "speeds or an earlier moment differ"
