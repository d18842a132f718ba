"""What a second opinion is worth on generated requests, and the two regressions that choose between both.

For every request both ways of thinking are tried and judged; which of the two is likelier right is fitted on those
where the words alone leave the planner unsure, since only there the model is asked (`planner.ground.second`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.ground.second import SecondOpinion, compared, may_follow
from planner.learn.asked import is_right
from planner.learn.example import ACT, Example
from planner.plan import Decision, Request
from planner.propose.thought import Thought
from planner.propose.weights import ConfidenceWeights, SecondWeights, logistic

BELOW = 0.8  # the words being surer than this, nobody else is asked
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
    fits = [is_right(request, c.literals, meant) for c in thought.candidates[:4]]
    right = kind == example.decision and (kind != ACT or any(fits[:1]))
    free = not both.same and may_follow(request, both)
    return {"told": dict(both.told), "right": bool(right), "open": free, "kind": kind, "offered": any(fits)}


@dataclass(frozen=True)
class Outcome:
    """What the planner would do after both: how sure of it, whether it is right, and which was followed."""

    sure: float
    right: bool
    decision: str
    followed: bool


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


def outcome(row: Any, sure: float, weights: SecondWeights | None) -> Outcome:
    """What is done about a row whose words are this sure."""
    if weights is None or row.answered is None or sure >= weights.below:
        return Outcome(sure, row.right, row.decision, False)
    said = row.answered
    by_words, by_answers = logistic(weights.words, said["told"]), logistic(weights.answers, said["told"])
    if said["open"] and weights.follow(by_words, by_answers):
        return Outcome(by_answers, said["right"], said["kind"], True)
    return Outcome(by_words, row.right, row.decision, False)
