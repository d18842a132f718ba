"""What an evaluation sees of a run beside the planner: its first plan, and where belief and truth part.

The witness listens to the loop's events after the recorder. It asks the judge what is physically so; nothing of
what it learns goes back to the planner, and looking changes nothing in the world.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from planner.evaluate.blame import MISPLACED
from planner.events import Decided, Event, GoalChecked, Observed, StepDone
from planner.plan import Act, Plan
from skills.state import State
from skills.symbols import Literal
from skills.types import Observation

if TYPE_CHECKING:
    from envs.stage import Stage

MOST = 20  # entries kept
_RELATIONS = ("on", "in", "at", "holding")


class PlanChosen(Exception):
    """Raised out of the loop to end an episode in which nothing is to move."""


class Witness:
    """``plan``: the first that was chosen, ``state``: what was believed then. ``misperceived``: plain data, each with
    ``when`` (decision, step N, goal), ``names`` and ``what``. ``stage`` None: there is no truth to compare with."""

    def __init__(self, stage: Stage | None, think_only: bool) -> None:
        self.stage, self.think_only = stage, think_only
        self.first: State | None = None
        self.state: State | None = None
        self.plan: Plan | None = None
        self.misperceived: list[dict[str, Any]] = []
        self._seen: tuple[Observation, State] | None = None
        self._steps = 0
        self._compared = False

    def __call__(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, Observed):
            self._seen = event.observation, event.state
            self.first = self.first or event.state
        elif isinstance(event, Decided):
            self._decided(event)
            if self.plan is not None and self.think_only:
                raise PlanChosen
        elif isinstance(event, StepDone):
            self._steps += 1
            measured = event.report.measured
            beliefs = [(x, bool(measured[x])) for x in event.report.expected if x in measured]
            self._compare(f"step {self._steps}", beliefs)
        elif isinstance(event, GoalChecked):
            self._compare("goal", ((x, x not in event.unmet) for x in _checked(event)))

    def _decided(self, event: Decided) -> None:
        if self._seen is None:
            return
        observation, state = self._seen
        if not self._compared:
            self._compared = True
            self._compare_scene(observation, state)
        if self.plan is None and isinstance(event.grounded.decision, Act):
            self.plan, self.state = event.grounded.decision.plan, state

    def _compare_scene(self, observation: Observation, state: State) -> None:
        """What was believed of the whole scene at the first decision."""
        if self.stage is None:
            return
        truth = self.stage.world.truth()
        for name, pose in truth.poses.items():
            seen = observation.objects.get(name)
            if seen is None:
                self._note("decision", (name,), f"{name} was not seen")
                continue
            off = math.dist(seen.pose_world.position, pose.position)
            if off > MISPLACED:
                self._note("decision", (name,), f"{name} was believed {off * 100:.1f} cm from where it was")
        believed = [a for a in state.base if a.predicate in _RELATIONS and set(a.args) <= set(state.things)]
        self._compare("decision", ((Literal(a), True) for a in sorted(believed, key=str)))

    def _compare(self, when: str, beliefs: Iterable[tuple[Literal, bool]]) -> None:
        if self.stage is None:
            return
        facts = self.stage.judge.facts()
        for literal, believed in beliefs:
            try:
                true = facts.holds(literal)
            except KeyError:  # of a thing that is not there
                continue
            if true != believed:
                said, was = ("so", "not so") if believed else ("not so", "so")
                self._note(when, literal.atom.args, f"{literal} was measured {said} and was {was}")

    def _note(self, when: str, names: Iterable[str], what: str) -> None:
        if len(self.misperceived) < MOST:
            self.misperceived.append({"when": when, "names": list(names), "what": what})


def _checked(event: GoalChecked) -> tuple[Literal, ...]:
    """The literals of which the check says true or false: those of a met goal's first alternative, else the unmet."""
    if event.unmet:
        return event.unmet
    holding = next((a for a in event.goal if all(isinstance(c, Literal) and event.state.holds(c) for c in a)), ())
    return tuple(c for c in holding if isinstance(c, Literal))
