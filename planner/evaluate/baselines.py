"""Baselines without grounding, or without words: what is gained over them is what grounding and words are worth.

All of them run open loop (`planner.evaluate.openloop`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from envs.goals import Goal
from planner.evaluate import openloop
from planner.evaluate.planners import SKILLS, Episode, Players, Tools
from planner.ground.affordances import AffordanceCache
from planner.plan import Act, Grounded, Plan, PlanStep, Proposal, Refuse, Request, Scored
from skills.driver import Embodiment
from skills.failure import Blame, Failure, FailureKind
from skills.skill import Affordance, GroundSkill
from skills.state import State
from skills.symbols import Literal

LONGEST = 6  # steps of a random plan
ONE_THING = 2  # steps of the affordance-only plan: one thing picked and put somewhere
UNKNOWN = Affordance(1.0, {}, "not looked at")
_AIMS = ("in", "on", "at", "holding")


class TakeBest:
    """The first proposal as it is: no affordance, no check, no question. Nothing said is nothing done."""

    def ground(self, request: Request, proposals: list[Proposal], body: Embodiment) -> Grounded:
        """Act on the first proposal; refuse when there is none, or when it has no step."""
        if not proposals or not proposals[0].steps:
            why = "nothing was proposed" if not proposals else "no step was said"
            return Grounded(Refuse(Failure(FailureKind.UNPARSABLE, why, blame=Blame.LM)), _table(proposals, None))
        best = proposals[0]
        scores = best.step_scores or (None,) * len(best.steps)
        steps = tuple(
            PlanStep(s, score, UNKNOWN, score or 0.0, best.source) for s, score in zip(best.steps, scores, strict=True)
        )
        goal = Goal.of(best.goal) if best.goal else outcome(request.state, best.steps)
        return Grounded(Act(Plan(goal, steps, False, 0, best.goal_score)), _table(proposals, 0))


def _table(proposals: Sequence[Proposal], chosen: int | None) -> tuple[Scored, ...]:
    return tuple(
        Scored(p, p.goal_score, 1.0, p.goal_score, "chosen" if i == chosen else "not looked at")
        for i, p in enumerate(proposals)
    )


def outcome(state: State, steps: Sequence[GroundSkill]) -> Goal:
    """What the steps would bring about: the nearest to a goal that a planner without goals has."""
    after = state
    for step in steps:
        after = after.apply(step.operator)
    new = sorted((a for a in after.base - state.base if a.predicate in _AIMS), key=str)
    new = new or sorted(steps[-1].operator.add, key=str)
    return Goal.of(Literal(a) for a in new)


class LMOnly:
    """The language model's first plan, carried out blindly."""

    about = "the language model's best plan as said: no affordance, no check, no question, no refusal"
    feedback = "poses of all things once, before it begins (stated perception); none while it acts"
    skills = SKILLS
    uses_model, sees_truth, open_loop = True, False, True

    def __init__(self, tools: Tools) -> None:
        self._mind = tools.mind

    def head(self) -> str:
        from planner.propose import prompt

        return prompt.head()

    def players(self, episode: Episode) -> Players:
        return Players(self._mind.proposer, TakeBest(), openloop.run)


class _Wordless:
    """What planners that read no words have in common."""

    feedback = "poses of all things once, before it begins (stated perception); none while it acts"
    skills = SKILLS
    uses_model, sees_truth, open_loop = False, False, True

    def __init__(self, tools: Tools) -> None:
        pass

    def head(self) -> str:
        return ""


class RandomFeasible(_Wordless):
    """Any steps that can be done: the floor."""

    about = f"steps drawn at random among those that can be done, 1 to {LONGEST} of them; the words are not read"

    def players(self, episode: Episode) -> Players:
        return Players(_Random(episode.body, episode.rng), TakeBest(), openloop.run)


class _Random:
    name = "random"

    def __init__(self, body: Embodiment, rng: np.random.Generator) -> None:
        self._body, self._rng = body, rng

    def propose(self, request: Request, k: int) -> list[Proposal]:
        """One plan: applicable in the predicted state, affordance above zero, stopping is one more option."""
        cache = AffordanceCache(request.observation, self._body.kinematics)
        state, steps = request.state, list[GroundSkill]()
        while len(steps) < LONGEST:
            options = request.library.applicable(state)
            order = [*self._rng.permutation(len(options) + bool(steps))]
            chosen = next(
                (i for i in order if i == len(options) or cache.along([*steps, options[i]])[-1].value > 0), None
            )
            if chosen is None or chosen == len(options):
                break
            steps.append(options[chosen])
            state = state.apply(options[chosen].operator)
        return [Proposal((), tuple(steps), source="random")]


class AffordanceOnly(_Wordless):
    """What is easiest to do: affordance without words."""

    about = f"the {ONE_THING} steps of highest affordance, one after the other; the words are not read"

    def players(self, episode: Episode) -> Players:
        return Players(_Easiest(episode.body, episode.rng), TakeBest(), openloop.run)


class _Easiest:
    name = "affordance"

    def __init__(self, body: Embodiment, rng: np.random.Generator) -> None:
        self._body, self._rng = body, rng

    def propose(self, request: Request, k: int) -> list[Proposal]:
        """Greedy over affordances, ties drawn; going home is never worth a step."""
        cache = AffordanceCache(request.observation, self._body.kinematics)
        state, steps = request.state, list[GroundSkill]()
        for _ in range(ONE_THING):
            options = [g for g in request.library.applicable(state) if g.args]
            values = [cache.along([*steps, g])[-1].value for g in options]
            if not values or max(values) == 0.0:
                break
            best = [g for g, v in zip(options, values, strict=True) if v == max(values)]
            steps.append(best[int(self._rng.integers(len(best)))])
            state = state.apply(steps[-1].operator)
        return [Proposal((), tuple(steps), source="affordance")]
