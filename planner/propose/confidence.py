"""How sure: features of a thought from which a fitted logistic regression says whether its decision is right."""

from __future__ import annotations

import math

from planner.propose import form
from planner.propose.thought import Thought
from planner.propose.weights import logistic

MOST = 8.0  # [nats] a margin wider than this says no more
ALONE = 4.0  # [nats] margin of an only candidate


def features(thought: Thought, decision: str, agreed: bool) -> dict[str, float]:
    """``decision``: "act", "ask" or "refuse"; ``agreed``: whether the rules of the words say the same.

    ``said``: log-probability that the model gives the decision; ``entropy`` [nats]: of what is meant; the rest only
    where it is acted: ``margin`` to the second candidate, ``asked`` and ``words`` of the first, ``both``: words and
    answers proposed it, ``things``: log of how many things it moves.
    """
    out = {"agreed": float(agreed), "acts": float(decision == form.ACT.strip())}
    answers = thought.answers
    if answers is not None:
        said = answers.decision[[d.strip() for d in form.DECISIONS].index(decision)]
        out |= {"said": math.log(max(said, 1e-4)), "entropy": answers.entropy()}
    if decision == form.ACT.strip() and thought.candidates:
        first = thought.candidates[0]
        second = thought.candidates[1].total if len(thought.candidates) > 1 else first.total - ALONE
        out["margin"] = min(MOST, first.total - second)
        out["asked"] = max(-3 * MOST, first.asked)
        out["words"] = max(-3 * MOST, first.words)
        out["both"] = first.parts["both"]
        out["things"] = math.log(1 + len({x.atom.args[:1] for x in first.literals}))
    return out


def confidence(thought: Thought, decision: str, agreed: bool) -> float | None:
    """Probability that the decision is right; None where nothing was fitted."""
    fitted = thought.weights.confidence
    return None if fitted is None or thought.answers is None else logistic(fitted, features(thought, decision, agreed))
