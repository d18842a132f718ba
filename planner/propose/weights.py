"""Weights that join the sources of evidence, fitted on development data and shipped beside the adapter.

``goal``: a goal's score is a weighted sum of word evidence, its log-probability under the small questions, and the
log-probability of its whole plan. ``decision``: what the model answers to "act, ask or refuse" against what the rules
of the words say. ``confidence``: a logistic regression, the probability that the decision is right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path

from pydantic import Field

from envs.strict import Strict, read_yaml
from planner.propose import form

FILE = "models/household/combine.yaml"


class GoalWeights(Strict):
    """Of a candidate goal. ``both``: it is proposed by the words and by the answers."""

    words: float = 0.6
    asked: float = 0.6
    plan: float = 0.0
    both: float = 0.5


class DecisionWeights(Strict):
    """Scores of act, ask, refuse. ``model``: times its log-probability; ``*_rule``: added where a rule says so;
    ``*_clear``: added to that where every word of the request was understood."""

    model: float = 0.7
    ask_rule: float = 2.0
    refuse_rule: float = 2.5
    ask_clear: float = 0.0
    refuse_clear: float = 0.0
    ask: float = -0.5
    refuse: float = -0.5


class ConfidenceWeights(Strict):
    """``by``: coefficient of each feature, by name (`planner.propose.confidence`); ``below``: an act less sure than
    this becomes a question."""

    bias: float = 0.0
    by: dict[str, float] = Field(default_factory=dict)
    below: float = 0.0


class SecondWeights(Strict):
    """Of a second opinion (`planner.ground.second`). ``below``: where the words are less sure than this, the model is
    asked; ``words`` and ``answers``: how likely each is right; the answers are followed when they are right with
    a probability of ``least`` or more, and likelier than the words by more than ``margin``."""

    below: float = 0.8
    least: float = 0.5
    margin: float = 0.2
    words: ConfidenceWeights = ConfidenceWeights()
    answers: ConfidenceWeights = ConfidenceWeights()

    def follow(self, by_words: float, by_answers: float) -> bool:
        """Whether the answers are so much likelier right that they are followed."""
        return by_answers >= self.least and by_answers > by_words + self.margin


class Weights(Strict):
    """Everything that was fitted. ``form``: the version of the questions; ``fitted_on``: where the numbers are from;
    ``trusted``: whether the model's answers have been found good enough to decide by default (`propose.mode: auto`);
    else goals come from the words, and the model is only asked which things belong to kinds that nobody wrote down."""

    form: int = form.VERSION
    fitted_on: str = ""
    trusted: bool = False
    goal: GoalWeights = GoalWeights()
    decision: DecisionWeights = DecisionWeights()
    confidence: ConfidenceWeights | None = None


def load_weights(path: Path | None = None) -> Weights:
    """The weights of a file, by default the shipped ones; the plain defaults where none are shipped."""
    if path is not None:
        return read_yaml(path).read(Weights)
    return _shipped()


@lru_cache(maxsize=1)
def _shipped() -> Weights:
    path = Path(str(resources.files("configs"))) / FILE
    return read_yaml(path).read(Weights) if path.is_file() else Weights()


def logistic(weights: ConfidenceWeights, features: Mapping[str, float]) -> float:
    """Probability of "right"; features that the weights do not name count nothing."""
    z = weights.bias + sum(weights.by.get(k, 0.0) * x for k, x in features.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))
