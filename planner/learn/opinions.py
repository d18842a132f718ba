"""What a second opinion is worth on generated requests, and the two regressions that choose between both.

For every request both ways of thinking are tried and judged; which of the two is likelier right is fitted on those
where the words alone leave the planner unsure, since only there the model is asked (`planner.ground.second`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from planner.ground.second import SecondOpinion, compared, may_follow
from planner.learn.asked import is_right
from planner.learn.example import ACT, Example
from planner.plan import Decision, Request
from planner.propose.thought import Thought
from planner.propose.weights import ConfidenceWeights, SecondWeights

BELOW = 0.8  # the words being surer than this, nobody else is asked
OFFERED = 4  # goals in a question
FEWEST = 60  # unsure requests below which nothing is fitted

Regression = Callable[[Sequence[Mapping[str, float]], Sequence[bool]], ConfidenceWeights]


def heard(
    request: Request, example: Example, proposer: SecondOpinion, words: Thought, rule: Decision | None, meant: Any
) -> dict[str, Any]:
    """What the answers come to, beside the words: ``told`` (features), ``right`` (whether theirs is), ``open``
    (whether they may be followed at all), ``kind`` of their decision, ``offered``: what is meant is among their goals.
    """
    thought = proposer.answered(request, words)
    assert thought.answers is not None
    both, kind = compared(request, words, rule, thought), thought.answers.chosen
    right, offered = rightness(request, example, thought, kind, meant)
    free = may_follow(request, both)
    return {"told": dict(both.told), "right": right, "open": free, "kind": kind, "offered": offered}


def rightness(request: Request, example: Example, thought: Thought, kind: str, meant: Any) -> tuple[bool, bool]:
    """(whether deciding so is what was meant, whether what is meant is among the first goals)."""
    fits = [is_right(request, c.literals, meant) for c in thought.candidates[:OFFERED]]
    return kind == example.decision and (kind != ACT or any(fits[:1])), any(fits)


def fit_second(
    rows: Sequence[Any], plain: Callable[[Any], float | None], regression: Regression
) -> SecondWeights | None:
    """Both regressions on the rows (`planner.learn.sure.Row`) of which the words are unsure; ``plain``: how sure they
    are of a row. None where too few are."""
    unsure = [r for r in rows if r.answered is not None and (plain(r) or 0.0) < BELOW]
    if len(unsure) < FEWEST:
        return None
    told = [r.answered["told"] for r in unsure]
    words, answers = (
        regression(told, [r.right for r in unsure]),
        regression(told, [r.answered["right"] for r in unsure]),
    )
    return SecondWeights(below=BELOW, words=words, answers=answers)
