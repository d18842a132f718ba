"""Fitting how words and answers are weighed, and how sure the planner is, on generated requests.

Three small convex fits: which candidate goal is meant (softmax over the candidates), act, ask or refuse (softmax over
three), and whether the decision is right (logistic). Requests, candidates and answers are collected once; folds go by
request, so that the calibration error is measured on requests that the fit has not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from planner.ground import judgement
from planner.ground.grounder import DefaultGrounder
from planner.ground.second import proposals_of
from planner.learn.asked import is_right, request_of, wanted
from planner.learn.example import Example
from planner.propose import form
from planner.propose.combined import CombinedProposer
from planner.propose.confidence import features
from planner.propose.weights import ConfidenceWeights, DecisionWeights, GoalWeights, Weights, logistic
from skills.library import default_library

GOAL = ("words", "asked", "both")
DECISIONS = tuple(d.strip() for d in form.DECISIONS)
FOLDS = 5
PENALTY = 0.5  # ridge on every weight, in units of one example
SPLIT_KEY = "split"


@dataclass
class Row:
    """One request as the fits see it. ``goals``: features of each candidate, in `GOAL`'s order; ``right``: which of
    them are meant; ``answers``: log-probabilities of act, ask, refuse; ``rule``: what the words' rules say."""

    example: dict[str, Any]
    truth: str
    goals: list[list[float]]
    right: list[bool]
    answers: list[float]
    rule: str
    thought: Any = field(default=None, repr=False)


def collect(
    examples: Iterable[Example], proposer: CombinedProposer, grounder: DefaultGrounder, tell: Callable[[], None]
) -> list[Row]:
    """Think about every example; ``tell`` is called after each."""
    rows, library = [], default_library()
    for example in examples:
        request = request_of(example, library)
        thought = proposer.think(request)
        assert thought.answers is not None, "the weights are fitted for a model that answers the questions"
        meant = wanted(request, example)
        rule = judgement.kind_of(grounder.rule(request, proposals_of(thought)))
        rows.append(
            Row(
                {"split": example.tags.split, "family": example.tags.family, "index": example.tags.index},
                example.decision,
                [[c.parts[k] for k in GOAL] for c in thought.candidates],
                [is_right(request, c.literals, meant) for c in thought.candidates],
                [float(np.log(max(p, 1e-4))) for p in thought.answers.decision],
                rule,
                thought,
            )
        )
        tell()
    return rows


def fit(rows: Sequence[Row], fitted_on: str = "") -> Weights:
    """All weights from these rows."""
    goal, decision = fit_goal(rows), fit_decision(rows)
    made = Weights(fitted_on=fitted_on, goal=goal, decision=decision)
    return made.model_copy(update={"confidence": fit_confidence(rows, made)})


def fit_goal(rows: Sequence[Row]) -> GoalWeights:
    """Weights, none negative, under which the goal that is meant is likeliest among the candidates."""
    used = [(np.asarray(r.goals), np.asarray(r.right)) for r in rows if any(r.right) and not all(r.right)]

    def loss(w: np.ndarray) -> float:
        total = PENALTY * float(w @ w)
        for x, right in used:
            z = x @ w
            total += float(np.logaddexp.reduce(z) - np.logaddexp.reduce(z[right]))
        return total

    w = _least(loss, np.full(len(GOAL), 0.5), low=0.0)
    return GoalWeights(**{k: round(float(x), 4) for k, x in zip(GOAL, w, strict=True)})


def fit_decision(rows: Sequence[Row]) -> DecisionWeights:
    """Weights under which the right decision is likeliest."""
    truth = np.asarray([DECISIONS.index(r.truth) for r in rows])
    said = np.asarray([r.answers for r in rows])
    ask, refuse = (np.asarray([float(r.rule == k) for r in rows]) for k in ("ask", "refuse"))
    clear = np.asarray([float(r.thought.words.clear) for r in rows])

    def scores(w: np.ndarray) -> np.ndarray:
        z = w[0] * said
        for_ask = (w[1] + w[5] * clear) * ask + w[3]
        z = z + np.stack([np.zeros(len(rows)), for_ask, (w[2] + w[6] * clear) * refuse + w[4]], axis=1)
        return np.asarray(z)

    def loss(w: np.ndarray) -> float:
        z = scores(w)
        right = z[np.arange(len(rows)), truth]
        return float((np.logaddexp.reduce(z, axis=1) - right).sum() + PENALTY * (w @ w))

    w = _least(loss, np.asarray([0.7, 2.0, 2.0, 0.0, 0.0, 0.0, 0.0]))
    keys = ("model", "ask_rule", "refuse_rule", "ask", "refuse", "ask_clear", "refuse_clear")
    return DecisionWeights(**{k: round(float(x), 4) for k, x in zip(keys, w, strict=True)})


def decided(row: Row, weights: Weights) -> tuple[str, bool]:
    """(the decision under the weights, whether it is right: what was meant is done, asked or refused)."""
    w = weights.decision
    z = [w.model * a for a in row.answers]
    clear = row.thought.words.clear
    z[1] += w.ask + (w.ask_rule + w.ask_clear * clear if row.rule == "ask" else 0.0)
    z[2] += w.refuse + (w.refuse_rule + w.refuse_clear * clear if row.rule == "refuse" else 0.0)
    kind = DECISIONS[int(np.argmax(z))]
    if kind != "act":
        return kind, kind == row.truth
    best = int(np.argmax(_totals(row, weights))) if row.goals else -1
    return kind, best >= 0 and row.right[best]


def _totals(row: Row, weights: Weights) -> np.ndarray:
    w = np.asarray([getattr(weights.goal, k) for k in GOAL])
    return np.asarray(row.goals) @ w


def sureness(row: Row, weights: Weights) -> dict[str, float]:
    """The features of confidence, the candidates ranked under the weights."""
    order = np.argsort(-_totals(row, weights)) if row.goals else []
    totals = _totals(row, weights) if row.goals else []
    ranked = tuple(_with_total(row.thought.candidates[int(i)], float(totals[int(i)])) for i in order)
    from dataclasses import replace

    kind, _ = decided(row, weights)
    return features(replace(row.thought, candidates=ranked), kind, kind == row.rule)


def _with_total(candidate: Any, total: float) -> Any:
    from dataclasses import replace

    return replace(candidate, total=total)


def fit_confidence(rows: Sequence[Row], weights: Weights) -> ConfidenceWeights:
    """Logistic regression of "the decision is right" on its features."""
    rows_x = [sureness(r, weights) for r in rows]
    names = sorted({k for x in rows_x for k in x})
    x = np.asarray([[f.get(k, 0.0) for k in names] for f in rows_x])
    y = np.asarray([decided(r, weights)[1] for r in rows], float)

    def loss(w: np.ndarray) -> float:
        z = x @ w[1:] + w[0]
        return float((np.logaddexp(0.0, z) - y * z).sum() + PENALTY * (w[1:] @ w[1:]))

    w = _least(loss, np.zeros(len(names) + 1))
    return ConfidenceWeights(
        bias=round(float(w[0]), 4), by={k: round(float(v), 4) for k, v in zip(names, w[1:], strict=True)}
    )


def cross_validated(rows: Sequence[Row]) -> list[tuple[float, bool]]:
    """(confidence, right) of every row under weights fitted on the other folds."""
    out: list[tuple[float, bool]] = []
    for k in range(FOLDS):
        inside = [r for i, r in enumerate(rows) if i % FOLDS != k]
        outside = [r for i, r in enumerate(rows) if i % FOLDS == k]
        out += judged(outside, fit(inside))
    return out


def judged(rows: Sequence[Row], weights: Weights) -> list[tuple[float, bool]]:
    """(confidence, right) of every row."""
    fitted = weights.confidence or ConfidenceWeights()
    return [(logistic(fitted, sureness(r, weights)), decided(r, weights)[1]) for r in rows]


def _least(loss: Callable[[np.ndarray], float], start: np.ndarray, low: float | None = None) -> np.ndarray:
    from scipy.optimize import minimize

    bounds = None if low is None else [(low, None)] * len(start)
    return np.asarray(minimize(loss, start, method="L-BFGS-B", bounds=bounds).x)
