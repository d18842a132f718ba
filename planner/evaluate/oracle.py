"""The upper bound: told the true goal and what is expected, plans by search, runs the same loop and skills."""

from __future__ import annotations

from planner.evaluate.planners import SKILLS, Episode, Players, Tools, Truth
from planner.ground.affordances import AffordanceCache
from planner.ground.search import search
from planner.plan import Act, Ask, Decision, Grounded, Plan, PlanStep, Proposal, Refuse, Request, Scored
from skills.driver import Embodiment
from skills.failure import Blame, Failure, FailureKind
from skills.skill import Affordance

DOUBTFUL = 0.15  # a step with a smaller affordance is done only when there is no other way
BANS = 8  # rounds of "this step cannot be done here, find another way"


class SymbolicOracle:
    """See the module."""

    about = "search over operators for the true goal; asks and refuses exactly where the task says so"
    feedback = "the task's own goal, forbidden literals and expectation (oracle), else as closed-loop"
    skills = SKILLS
    uses_model, sees_truth, open_loop = False, True, False

    def __init__(self, tools: Tools) -> None:
        pass

    def head(self) -> str:
        return ""

    def players(self, episode: Episode) -> Players:
        assert episode.truth is not None
        goal = None if episode.truth.expect == "ask" else episode.truth.goal
        return Players(_Silent(), _Search(episode.truth), goal=goal)


class _Silent:
    """Proposes nothing: the search needs no words."""

    name = "search"

    def propose(self, request: Request, k: int) -> list[Proposal]:
        return []


class _Search:
    """Decides from the truth alone."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth

    def ground(self, request: Request, proposals: list[Proposal], body: Embodiment) -> Grounded:
        return self._decide(request, body)

    def _decide(self, request: Request, body: Embodiment) -> Grounded:
        truth = self._truth
        if truth.expect == "refuse":
            return Grounded(Refuse(Failure(FailureKind.UNPARSABLE, "the task says: to be refused", blame=Blame.TASK)))
        if truth.expect == "ask" and not request.dialogue:
            return Grounded(Ask("What exactly do you mean?"))
        if truth.goal is None:
            return Grounded(Refuse(Failure(FailureKind.UNPARSABLE, "the task names no goal", blame=Blame.TASK)))
        cache = AffordanceCache(request.observation, body.kinematics)
        banned: frozenset[str] = frozenset()
        blocked: Affordance | None = None
        second: tuple[float, Grounded] | None = None  # the best plan with a step that would hardly succeed
        for _ in range(BANS + 1):
            found = search(request.library, request.state, truth.goal, forbidden=banned, never=truth.forbidden)
            if found is None:
                break
            affordances = cache.along(found.steps)
            stuck = next((i for i, a in enumerate(affordances) if a.value == 0.0), None)
            possible = stuck is None
            stuck = next((i for i, a in enumerate(affordances) if a.value < DOUBTFUL), None) if possible else stuck
            if possible:
                steps = tuple(
                    PlanStep(s, None, a, a.value, "search") for s, a in zip(found.steps, affordances, strict=True)
                )
                row = Scored(Proposal((), found.steps, source="search"), 0.0, 1.0, 0.0, "chosen, reaches the goal")
                decision: Decision = Act(Plan(truth.goal, steps, False, 0, 0.0))
                if stuck is None:
                    return Grounded(decision, (row,))
                worst = min(a.value for a in affordances)
                if second is None or worst > second[0]:
                    second = worst, Grounded(decision, (row,))
            else:
                blocked = affordances[stuck]
            banned |= {str(found.steps[stuck])}
        if second is not None:
            return second[1]
        if blocked is not None:
            detail = f"{', '.join(sorted(banned))}: {blocked.reason or 'cannot be done'}"
            return Grounded(Refuse(Failure(FailureKind.UNREACHABLE, detail, blame=Blame.AFFORDANCE)))
        unmet = truth.goal.unmet(request.state)
        failure = Failure(FailureKind.GOAL, "no sequence of skills reaches this", unmet=unmet, blame=Blame.TASK)
        return Grounded(Refuse(failure))
