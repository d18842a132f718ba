"""Grounding: the product of what the model says and what the robot can do here decides.

For every proposal: the symbolic walk, repair by search where the steps do not reach the goal, the affordance of
every step in the state it would meet. combined = LM log-score (length-fair) + weight * mean log-affordance, after
SayCan (Ahn et al., 2022), but with the affordance recomputed along the plan and with a check that it gets there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from envs.goals import Goal
from planner.ground import questions
from planner.ground.affordances import AffordanceCache
from planner.ground.walk import repair, walk
from planner.plan import Act, Ask, Decision, Grounded, Plan, PlanStep, Proposal, Refuse, Request, Scored
from planner.propose.evidence import Words
from planner.propose.proposer import read_words
from skills.driver import Embodiment
from skills.failure import Blame, Failure, FailureKind
from skills.skill import Affordance, GroundSkill
from skills.symbols import Literal

FLOOR = 1e-3  # an affordance below this counts as this in the logarithm


@dataclass(frozen=True)
class GroundConfig:
    """``affordance``: weight of the log-affordance (0: language only). ``repair``: search may mend plans.
    ``ask``: questions before moving are allowed. ``bans``: rounds of "this step cannot be done, find another way".
    """

    affordance: float = 1.0
    repair: bool = True
    ask: bool = True
    bans: int = 6


@dataclass(frozen=True)
class _Judged:
    proposal: Proposal
    goal: Goal
    steps: tuple[GroundSkill, ...] = ()
    affordances: tuple[Affordance, ...] = ()
    repaired: bool = False
    failure: Failure | None = None
    lm: float = 0.0
    log_affordance: float = 0.0
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def combined(self) -> float:
        return self.lm + self.log_affordance

    @property
    def verdict(self) -> str:
        if self.failure is not None:
            return str(self.failure)
        if not self.steps:
            return "already so"
        return "repaired" if self.repaired else "reaches the goal"


class DefaultGrounder:
    """LM score times affordance, checked symbolically, repaired by search."""

    def __init__(self, config: GroundConfig | None = None, aliases: Sequence[tuple[str, str]] = ()) -> None:
        self.config = config or GroundConfig()
        self.aliases = tuple(aliases)

    def ground(self, request: Request, proposals: list[Proposal], body: Embodiment) -> Grounded:
        """Judge all proposals and decide: act on the best feasible one, ask, or refuse with the reason."""
        words = read_words(request, self.aliases)
        notes = _notes(words)
        early = self._before(request, words, proposals)
        cache = AffordanceCache(request.observation, body.kinematics)
        judged = [self._judge(request, p, cache) for p in proposals] if not isinstance(early, Refuse) else []
        judged.sort(key=lambda j: (j.failure is not None, -j.combined))
        decision = early or self._decide(request, words, judged, proposals)
        chosen = decision.plan.proposal if isinstance(decision, Act) else None
        table = [
            Scored(
                j.proposal, j.lm, math.exp(j.log_affordance), j.combined,
                "chosen, " + j.verdict if chosen is not None and j.proposal is proposals[chosen] else j.verdict,
            )
            for j in judged
        ]  # fmt: skip
        return Grounded(decision, tuple(table), notes)

    def _before(self, request: Request, words: Words, proposals: Sequence[Proposal]) -> Decision | None:
        """What can be decided without looking at any plan."""
        if request.goal is None:
            missing = questions.missing_thing(request, words)
            if missing is not None:
                return missing
            if self.config.ask:
                unnamed = questions.nothing_named(request, words)
                if unnamed is not None:
                    return unnamed
        if not proposals:
            return questions.refuse_unsayable(request)
        return None

    def _judge(self, request: Request, proposal: Proposal, cache: AffordanceCache) -> _Judged:
        goal = request.goal or Goal.of(proposal.goal)
        base = _Judged(proposal, goal, lm=_lm_score(proposal))
        forbidden: frozenset[str] = frozenset()
        said: Sequence[GroundSkill] = proposal.steps
        blocked: Affordance | None = None
        for _ in range(self.config.bans + 1):
            if self.config.repair:
                way = repair(request.library, request.state, said, goal, forbidden)
                if way is None:
                    return replace(base, failure=_no_way(goal, request, blocked, forbidden))
                steps, changed = way.steps, tuple(way.steps) != tuple(proposal.steps[: len(way.steps)])
            else:
                trial = walk(request.state, said, goal)
                steps, changed = tuple(said[: trial.used]), False
                if not trial.reached:
                    return replace(base, steps=steps, failure=_not_reached(trial.broken, trial.unmet, said))
            affordances = cache.along(steps)
            stuck = next((i for i, a in enumerate(affordances) if a.value == 0.0), None)
            if stuck is None or not self.config.repair or self.config.affordance == 0:
                break
            blocked = affordances[stuck]
            forbidden |= {str(steps[stuck])}
        log_affordance = self.config.affordance * _mean_log(affordances)
        failure = None
        if stuck is not None and self.config.affordance > 0:
            reason = affordances[stuck].reason or "no affordance"
            failure = Failure(FailureKind.UNREACHABLE, f"{steps[stuck]}: {reason}", step=stuck, blame=Blame.AFFORDANCE)
        return replace(
            base, steps=steps, affordances=tuple(affordances), repaired=changed, failure=failure,
            log_affordance=log_affordance,
        )  # fmt: skip

    def _decide(
        self, request: Request, words: Words, judged: Sequence[_Judged], proposals: Sequence[Proposal]
    ) -> Decision:
        feasible = [j for j in judged if j.failure is None]
        best = judged[0]
        said_best = max(judged, key=lambda j: j.lm)
        if request.goal is None and self.config.ask:
            question: Ask | None = questions.unclear_thing(request, words, best.proposal)
            question = question or questions.unclear_destination(request, words, best.proposal)
            if question is not None:
                return question
        if not feasible:
            assert said_best.failure is not None
            return Refuse(said_best.failure)
        index = next(i for i, p in enumerate(proposals) if p is best.proposal)
        scores = {str(s): x for s, x in zip(best.proposal.steps, best.proposal.step_scores, strict=False)}
        steps = tuple(
            PlanStep(
                s, scores.get(str(s)), a,
                scores.get(str(s), 0.0) + math.log(max(a.value, FLOOR)),
                "lm" if str(s) in scores else "repair",
            )
            for s, a in zip(best.steps, best.affordances, strict=True)
        )  # fmt: skip
        return Act(Plan(best.goal, steps, best.repaired, index, best.combined))


def _lm_score(p: Proposal) -> float:
    steps = sum(p.step_scores) / len(p.step_scores) if p.step_scores else 0.0
    return p.goal_score + steps


def _mean_log(affordances: Sequence[Affordance]) -> float:
    if not affordances:
        return 0.0
    return sum(math.log(max(a.value, FLOOR)) for a in affordances) / len(affordances)


def _no_way(goal: Goal, request: Request, blocked: Affordance | None, forbidden: frozenset[str]) -> Failure:
    if blocked is not None:
        what = ", ".join(sorted(forbidden))
        return Failure(FailureKind.UNREACHABLE, f"{what}: {blocked.reason or 'cannot be done'}", blame=Blame.AFFORDANCE)
    unmet = goal.unmet(request.state)
    return Failure(FailureKind.GOAL, "no sequence of skills reaches this", unmet=unmet, blame=Blame.TASK)


def _not_reached(broken: int | None, unmet: tuple[Literal, ...], said: Sequence[GroundSkill]) -> Failure:
    if broken is not None:
        return Failure(FailureKind.PRECONDITION, f"{said[broken]} cannot start", broken, unmet, Blame.LM)
    return Failure(FailureKind.GOAL, "the steps end before the goal holds", unmet=unmet, blame=Blame.LM)


def _notes(words: Words) -> dict[str, str]:
    fixed = {m.text: m.corrected for m in words.mentions if m.corrected}
    return {f"spelling of {said!r}": f"read as {meant!r}" for said, meant in fixed.items()}
