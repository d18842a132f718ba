"""Proposers and grounders that follow a script: for tests, for replay and for plans that a person wrote.

They are honest parts of the loop, not mocks: what they say is carried out, watched and verified like anything
that a language model says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from envs.goals import Goal
from planner.plan import Act, Decision, Grounded, Plan, PlanStep, Proposal, Refuse, Request, Scored
from skills.driver import Embodiment
from skills.failure import Blame, Failure, FailureKind
from skills.skill import Affordance, GroundSkill
from skills.state import State
from skills.symbols import parse_literal

Turn = Sequence[Proposal] | Callable[[Request], Sequence[Proposal]]


def say(request: Request, steps: Sequence[str], goal: Sequence[str] = (), source: str = "script") -> Proposal:
    """A proposal from text: steps such as ``pick(red block)``, goal literals such as ``in(red block, bowl)``.

    Raises ValueError with the library's own words when a step cannot be read.
    """
    ground: list[GroundSkill] = []
    for text in steps:
        step = request.library.parse(text, request.state)
        if isinstance(step, Failure):
            raise ValueError(str(step))
        ground.append(step)
    return Proposal(tuple(parse_literal(x) for x in goal), tuple(ground), source=source)


class ScriptedProposer:
    """Says one prepared turn per call; the last one again and again when the script is over.

    A turn is a list of proposals or a function of the request. An empty script proposes nothing.
    """

    name = "scripted"

    def __init__(self, *turns: Turn) -> None:
        self._turns = turns
        self.requests: list[Request] = []  # what it was asked, for whoever wants to look

    @staticmethod
    def of(steps: Sequence[str], goal: Sequence[str] = ()) -> ScriptedProposer:
        """Always the same one plan, written as text."""
        return ScriptedProposer(lambda request: [say(request, steps, goal)])

    @property
    def usage(self) -> dict[str, int]:
        """How often it was asked."""
        return {"calls": len(self.requests)}

    def propose(self, request: Request, k: int) -> list[Proposal]:
        """The next turn, cut to ``k``."""
        turn = self._turns[min(len(self.requests), len(self._turns) - 1)] if self._turns else ()
        self.requests.append(request)
        return list(turn(request) if callable(turn) else turn)[:k]


class ScriptedGrounder:
    """Hands out prepared decisions one after the other; refuses when there is none left."""

    def __init__(self, decisions: Sequence[Grounded | Decision | Callable[[Request], Decision]]) -> None:
        self._decisions = list(decisions)

    def ground(self, request: Request, proposals: list[Proposal], body: Embodiment) -> Grounded:
        """The next decision, whatever the proposals say."""
        if not self._decisions:
            detail = "the script has no further decision"
            return Grounded(Refuse(Failure(FailureKind.UNPARSABLE, detail, blame=Blame.TASK)))
        turn = self._decisions.pop(0)
        if isinstance(turn, Grounded):
            return turn
        return Grounded(turn(request) if callable(turn) else turn)


class FirstFitGrounder:
    """Takes the first proposal whose steps reach the goal in the symbolic walk; no scores, no repair."""

    def ground(self, request: Request, proposals: list[Proposal], body: Embodiment) -> Grounded:
        """Act on the first that fits; refuse with the first reason when none does."""
        table: list[Scored] = []
        why: Failure | None = None
        chosen: Plan | None = None
        for i, proposal in enumerate(proposals):
            goal = request.goal or (Goal.of(proposal.goal) if proposal.goal else None)
            failure = _walk(request.state, proposal, goal)
            fits = failure is None and chosen is None and goal is not None
            verdict = "chosen" if fits else "fits" if failure is None else str(failure)
            table.append(Scored(proposal, proposal.goal_score, 1.0, proposal.goal_score, verdict))
            why = why or failure
            if fits and goal is not None:
                steps = tuple(PlanStep(s, None, Affordance(1.0), 0.0, proposal.source) for s in proposal.steps)
                chosen = Plan(goal, steps, False, i, 0.0)
        if chosen is not None:
            return Grounded(Act(chosen), tuple(table))
        refusal = why or Failure(FailureKind.UNPARSABLE, "nothing was proposed", blame=Blame.LM)
        return Grounded(Refuse(refusal), tuple(table))


def _walk(state: State, proposal: Proposal, goal: Goal | None) -> Failure | None:
    if goal is None:
        return Failure(FailureKind.UNPARSABLE, "the proposal names no goal", blame=Blame.LM)
    for i, step in enumerate(proposal.steps):
        unmet = state.unmet(step.operator.preconditions)
        if unmet:
            return Failure(FailureKind.PRECONDITION, f"{step} is not possible there", i, unmet, Blame.LM)
        state = state.apply(step.operator)
    if not goal.holds(state):
        return Failure(FailureKind.GOAL, "the steps do not reach the goal", None, goal.unmet(state), Blame.LM)
    return None
