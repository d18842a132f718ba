"""Grounding: the product of what the model says and what the robot can do here decides.

For every proposal: the symbolic walk, repair by search where the steps do not reach the goal, the affordance of
every step in the state it would meet. combined = LM log-score (length-fair) + weight * mean log-affordance, after
SayCan (Ahn et al., 2022), but with the affordance recomputed along the plan and with a check that it gets there.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from envs.goals import Goal
from planner.ground import judgement, questions, ruling
from planner.ground.affordances import AffordanceCache
from planner.ground.calibrated import shipped_calibration
from planner.ground.possible import contradiction
from planner.ground.walk import repair, walk
from planner.plan import Act, Decision, Grounded, Past, Plan, PlanStep, Proposal, Refuse, Request, Scored, ToolCall
from planner.propose.confidence import confidence
from planner.propose.reading import read_words
from planner.propose.sentence import Words
from planner.propose.sureness import Sureness, how_sure, shipped
from planner.propose.thought import Thought
from planner.propose.weights import ConfidenceWeights
from skills.driver import Embodiment
from skills.failure import Blame, Failure, FailureKind
from skills.skill import Affordance, GroundSkill
from skills.symbols import Literal

FLOOR = 1e-3  # an affordance below this counts as this in the logarithm


@dataclass(frozen=True)
class GroundConfig:
    """``affordance``: weight of the log-affordance (0: language only). ``repair``: search may mend plans.
    ``ask``: questions before moving are allowed. ``bans``: rounds of "this step cannot be done, find another way".
    ``failures``: after so many failures in a run a step is not tried again.
    ``fallback`` [nats]: where the best-said goal cannot be done, one this much worse is not done in its stead.
    ``calibrated``: affordances are corrected by what came of them in trials (docs/affordance.md).
    ``ask_below``: an act of which the planner is less sure than this becomes a question (0: as fitted).
    """

    affordance: float = 1.0
    repair: bool = True
    ask: bool = True
    bans: int = 6
    failures: int = 3
    fallback: float = 1.5
    calibrated: bool = False
    ask_below: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.ask_below <= 1.0:
            raise ValueError(f"ask_below: a probability from 0 to 1, not {self.ask_below!r}")


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
    behind: bool = False  # not looked into: it cannot win

    @property
    def combined(self) -> float:
        return self.lm + self.log_affordance

    @property
    def verdict(self) -> str:
        if self.failure is not None:
            return str(self.failure)
        if self.behind:
            return "cannot win"
        if not self.steps:
            return "already so"
        return "repaired" if self.repaired else "reaches the goal"


class DefaultGrounder:
    """LM score times affordance, checked symbolically, repaired by search."""

    def __init__(
        self,
        config: GroundConfig | None = None,
        read: Callable[[Request], Words] = read_words,
        think: Callable[[Request], Thought] | None = None,
        tools: Callable[[Request], tuple[ToolCall, ...]] | None = None,
        sureness: Sureness | None = None,
    ) -> None:
        """``read``: how a request's words are read; a proposer's own reading knows what its model said of kinds.
        ``think``: what a model that was trained for the questions answered; ``tools``: the helpers that were called.
        ``sureness``: how sure to be where the model's answers do not decide, by default as fitted and shipped."""
        self.config = config or GroundConfig()
        self.read = read
        self.think = think
        self.tools = tools
        self.sureness = shipped() if sureness is None else sureness

    def ground(self, request: Request, proposals: list[Proposal], body: Embodiment) -> Grounded:
        """Judge all proposals and decide: act on the best feasible one, ask, or refuse with the reason."""
        words = self.read(request)
        notes = questions.spelling_notes(words.mentions)
        thought = self.think(request) if self.think is not None else None
        asked = thought is not None and thought.answers is not None
        rule = ruling.before(request, words, proposals, self.config.ask)
        judged = []
        if proposals and (asked or not isinstance(rule, Refuse)):
            curves = shipped_calibration() if self.config.calibrated else None
            cache = AffordanceCache(request.observation, body.kinematics, curves)
            judged = self._judged(request, proposals, cache, thought.never if thought is not None else ())
        decision, sure = self._decision(request, words, rule, judged, proposals, thought)
        chosen = decision.plan.proposal if isinstance(decision, Act) else None
        table = [
            Scored(
                j.proposal, j.lm, math.exp(j.log_affordance), j.combined,
                "chosen, " + j.verdict if chosen is not None and j.proposal is proposals[chosen] else j.verdict,
            )
            for j in judged
        ]  # fmt: skip
        return Grounded(decision, tuple(table), notes, sure, self.tools(request) if self.tools is not None else ())

    def _decision(
        self,
        request: Request,
        words: Words,
        rule: Decision | None,
        judged: Sequence[_Judged],
        proposals: Sequence[Proposal],
        thought: Thought | None,
    ) -> tuple[Decision, float | None]:
        """The decision, and the calibrated probability that it is right."""
        best = self._best(judged) if judged else None
        if rule is None and best is not None:
            rule = ruling.after(request, words, best.proposal, self.config.ask)
        act = self._act(best, proposals) if best is not None else questions.refuse_unsayable(request)
        if thought is None:
            return rule or act, None
        if thought.answers is None:
            sure = how_sure(request, thought, rule or act, self.sureness)
            return self._or_ask(request, thought, rule or act, sure, self.sureness.weights), sure
        decision = judgement.weighed(request, thought, rule if thought.rules else None, act, self.config.ask)
        kind = judgement.kind_of(decision)
        advised = thought.advice
        if advised is not None and isinstance(rule, Refuse) and rule.failure.kind is FailureKind.WRONG_TYPE:
            return rule, advised.words  # whoever wants it: the best goal is dangerous, or a thing is not made for it
        sure = confidence(thought, kind, kind == judgement.kind_of(rule)) if advised is None else advised.sure
        fitted = thought.weights.confidence if advised is None else self.sureness.weights
        return self._or_ask(request, thought, decision, sure, fitted), sure

    def _or_ask(
        self,
        request: Request,
        thought: Thought,
        decision: Decision,
        sure: float | None,
        fitted: ConfidenceWeights | None,
    ) -> Decision:
        """The decision, or a question whether the goal is meant where an act is less sure than the threshold."""
        below = self.config.ask_below or (fitted.below if fitted is not None else 0.0)
        settled = request.dialogue or request.past or request.goal is not None or not self.config.ask
        if sure is None or sure >= below or not isinstance(decision, Act) or settled:
            return decision
        return judgement.confirm(thought.candidates) or decision

    def rule(self, request: Request, proposals: Sequence[Proposal]) -> Decision | None:
        """What the rules of the words say: a question, a refusal, or None for "act on the best"."""
        return ruling.rule(request, self.read(request), proposals, self.config.ask)

    def _best(self, judged: Sequence[_Judged]) -> _Judged:
        """The best that can be done, unless something much better said cannot."""
        said_best = max(judged, key=lambda j: j.lm)
        floor = said_best.lm - self.config.fallback
        close = [j for j in judged if j.failure is None and not j.behind and j.lm >= floor]
        return close[0] if close else said_best

    def _judged(
        self, request: Request, proposals: Sequence[Proposal], cache: AffordanceCache, never: Sequence[Literal]
    ) -> list[_Judged]:
        """All proposals, best first. One that could not win even with perfect affordances is not looked into."""
        out: list[_Judged] = []
        bar = -math.inf
        for p in sorted(proposals, key=lambda p: -_lm_score(p, request)):
            score = _lm_score(p, request)
            if score < bar:
                out.append(_Judged(p, request.goal or Goal.of(p.goal), lm=score, behind=True))
                continue
            out.append(self._judge(request, p, cache, never))
            if out[-1].failure is None:
                bar = max(bar, out[-1].combined)
        return sorted(out, key=lambda j: (j.behind, j.failure is not None, -j.combined))

    def _judge(self, request: Request, proposal: Proposal, cache: AffordanceCache, never: Sequence[Literal]) -> _Judged:
        goal = request.goal or Goal.of(proposal.goal)
        base = _Judged(proposal, goal, lm=_lm_score(proposal, request))
        forbidden = worn_out(request.past, self.config.failures)
        said: Sequence[GroundSkill] = proposal.steps
        blocked: Affordance | None = None
        for _ in range(self.config.bans + 1):
            if self.config.repair:
                way = repair(request.library, request.state, said, goal, forbidden, never)
                if way is None:
                    return replace(base, failure=_no_way(goal, request, blocked, forbidden, never))
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

    def _act(self, best: _Judged, proposals: Sequence[Proposal]) -> Decision:
        """The plan of the best proposal, or why it cannot be done."""
        if best.failure is not None:
            return Refuse(best.failure)
        index = next(i for i, p in enumerate(proposals) if p is best.proposal)
        scores = {str(s): x for s, x in zip(best.proposal.steps, best.proposal.step_scores, strict=False)}
        searched = {str(s) for s in best.proposal.steps}
        steps = tuple(
            PlanStep(
                s, scores.get(str(s)), a,
                scores.get(str(s), 0.0) + math.log(max(a.value, FLOOR)),
                "lm" if str(s) in scores else "search" if str(s) in searched else "repair",
            )
            for s, a in zip(best.steps, best.affordances, strict=True)
        )  # fmt: skip
        return Act(Plan(best.goal, steps, best.repaired, index, best.combined))


def worn_out(past: Sequence[Past], failures: int) -> frozenset[str]:
    """Ground skills (as text) that failed ``failures`` times in this run: trying once more is no plan."""
    failed: Counter[str] = Counter()
    for p in past:
        at = None if p.failure is None else p.failure.step if p.failure.step is not None else p.done
        if at is not None and at < len(p.steps):
            failed[p.steps[at]] += 1
    return frozenset(step for step, count in failed.items() if count >= failures)


def _lm_score(p: Proposal, request: Request) -> float:
    """The goal's score; where the goal is given from outside, the steps tell the proposals apart."""
    if request.goal is None:
        return p.goal_score
    return p.goal_score + (sum(p.step_scores) / len(p.step_scores) if p.step_scores else 0.0)


def _mean_log(affordances: Sequence[Affordance]) -> float:
    if not affordances:
        return 0.0
    return sum(math.log(max(a.value, FLOOR)) for a in affordances) / len(affordances)


def _no_way(
    goal: Goal, request: Request, blocked: Affordance | None, forbidden: frozenset[str], never: Sequence[Literal]
) -> Failure:
    ruled_out = [x for x in goal.literals() if x in never]
    if ruled_out:
        detail = f"{', '.join(map(str, ruled_out))}: forbidden by what was said"
        return Failure(FailureKind.GOAL, detail, unmet=tuple(ruled_out), blame=Blame.TASK)
    plain = [x for a in goal.alternatives for x in a if isinstance(x, Literal)]
    against = contradiction(plain, request.state) if len(goal.alternatives) == 1 else ""
    if against:
        return Failure(
            FailureKind.GOAL, f"that cannot be: {against}", unmet=goal.unmet(request.state), blame=Blame.TASK
        )
    if blocked is None and forbidden:
        detail = f"{', '.join(sorted(forbidden))}: failed again and again, and there is no other way"
        return Failure(FailureKind.EFFECT, detail, unmet=goal.unmet(request.state), blame=Blame.SKILL)
    if blocked is not None:
        what = ", ".join(sorted(forbidden))
        return Failure(FailureKind.UNREACHABLE, f"{what}: {blocked.reason or 'cannot be done'}", blame=Blame.AFFORDANCE)
    unmet = goal.unmet(request.state)
    return Failure(FailureKind.GOAL, "no sequence of skills reaches this", unmet=unmet, blame=Blame.TASK)


def _not_reached(broken: int | None, unmet: tuple[Literal, ...], said: Sequence[GroundSkill]) -> Failure:
    if broken is not None:
        return Failure(FailureKind.PRECONDITION, f"{said[broken]} cannot start", broken, unmet, Blame.LM)
    return Failure(FailureKind.GOAL, "the steps end before the goal holds", unmet=unmet, blame=Blame.LM)
