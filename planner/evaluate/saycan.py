"""SayCan as its public notebook does it: every option scored by words times affordance, the best one appended, again.

The options are whole pick-and-place moves; affordances are computed once, for the first picture; nothing is checked
while planning or while acting; "done" has a fixed affordance of 0.2 and ends the plan, as do five moves. One thing
differs, to the baseline's favour: the logarithm of the product is taken per token, since the plain product would
always stop at once ("done" is the shortest option). (Ahn et al., Do As I Can, Not As I Say, 2022.)
"""

from __future__ import annotations

import math

from planner.evaluate import openloop
from planner.evaluate.baselines import TakeBest
from planner.evaluate.planners import SKILLS, Episode, Players, Tools
from planner.ground.affordances import AffordanceCache
from planner.lm.api import LanguageModel
from planner.plan import Proposal, Request
from skills.driver import Embodiment
from skills.skill import GroundSkill

DONE_AFFORDANCE = 0.2
MOST_MOVES = 5
DONE = " done.\n"

_EXAMPLES = (
    ("grey bowl, pear, pink block", "the pear goes in the bowl", "pick up the pear, put the pear in the grey bowl"),
    (
        "cup, grey block, pink block",
        "set the pink block on the grey one",
        "pick up the pink block, put the pink block on the grey block",
    ),
    ("spoon, orange, grey bowl", "shift the spoon to the far edge", "pick up the spoon, put the spoon at the far edge"),
    ("fork, pink bowl", "the fork goes in the bowl", "pick up the fork, put the fork in the pink bowl"),
    (
        "brown block, pen, brown bowl, pink block",
        "every block into the bowl",
        "pick up the brown block, put the brown block in the brown bowl, "
        "pick up the pink block, put the pink block in the brown bowl",
    ),
)


def head() -> str:
    """The few-shot beginning: objects, request, moves."""
    rows = (f"Objects: {o}\nRequest: {r}\nPlan: {p}, done.\n\n" for o, r, p in _EXAMPLES)
    return "A robot hand works at a table.\n\n" + "".join(rows)


class LMAffordanceOpenLoop:
    """See the module."""

    about = "greedy over whole moves by language model times affordance, computed once; nothing is checked"
    feedback = "poses of all things once, before it begins (stated perception); none while it acts"
    skills = SKILLS
    uses_model, sees_truth, open_loop = True, False, True

    def __init__(self, tools: Tools) -> None:
        assert tools.mind.lm is not None
        self._lm: LanguageModel = tools.mind.lm

    def head(self) -> str:
        return head()

    def players(self, episode: Episode) -> Players:
        return Players(_Greedy(self._lm, episode.body), TakeBest(), openloop.run)


class _Greedy:
    def __init__(self, lm: LanguageModel, body: Embodiment) -> None:
        self._lm, self._body = lm, body

    @property
    def name(self) -> str:
        return f"saycan:{self._lm.name}"

    def propose(self, request: Request, k: int) -> list[Proposal]:
        """One plan, move by move."""
        moves = self._moves(request)
        said = [f" {', '.join(s.operator.say for s in steps)}," for steps, _ in moves]
        prefix = f"{head()}Objects: {', '.join(sorted(request.observation.objects))}\n"
        prefix += f"Request: {' '.join(request.instruction.split())}\nPlan:"
        steps, scores, total = list[GroundSkill](), list[float](), 0.0
        for _ in range(MOST_MOVES):
            rows = self._lm.score(prefix, [*said, DONE])
            affordances = [*(a for _, a in moves), DONE_AFFORDANCE]
            values = [(r.logprob + math.log(a)) / max(1, r.tokens) for r, a in zip(rows, affordances, strict=True)]
            best = max(range(len(values)), key=lambda i: (values[i], -i))
            total += values[best]
            if best == len(moves):
                break
            steps += moves[best][0]
            scores += [rows[best].per_token] * len(moves[best][0])
            prefix += said[best]
        return [Proposal((), tuple(steps), total, tuple(scores), "lm")]

    def _moves(self, request: Request) -> list[tuple[tuple[GroundSkill, ...], float]]:
        """Every pick with a place behind it, or what is held put somewhere, as far as it can be done at the start."""
        cache = AffordanceCache(request.observation, self._body.kinematics)
        out: list[tuple[tuple[GroundSkill, ...], float]] = []
        for first in (g for g in request.library.applicable(request.state) if g.args):
            affordance = cache.along([first])[0].value
            if affordance == 0.0:
                continue
            taken = {a.args for a in first.operator.add if a.predicate == "holding"}
            out += [] if taken else [((first,), affordance)]
            after = request.state.apply(first.operator)
            for second in request.library.applicable(after) if taken else ():
                if second.args[:1] in taken:
                    value = affordance * cache.along([first, second])[1].value
                    out += [((first, second), value)] if value > 0.0 else []
        return out
