"""What was made of one request: the goals that may be meant, what spoke for each, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, field

from planner.propose.answers import Answers
from planner.propose.sentence import Words
from planner.propose.weights import Weights
from skills.symbols import Literal


@dataclass(frozen=True)
class Candidate:
    """A goal that may be meant. ``words``, ``asked``, ``plan`` [nats]: what each source says of it; ``sources``: who
    proposed it; ``total``: weighed together."""

    text: str
    literals: tuple[Literal, ...]
    sources: frozenset[str]
    words: float = 0.0
    asked: float = 0.0
    plan: float = 0.0
    total: float = 0.0

    @property
    def parts(self) -> dict[str, float]:
        """The features of its score, by the weights' names."""
        both = float({"words", "asked"} <= self.sources)
        return {"words": self.words, "asked": self.asked, "plan": self.plan, "both": both}


@dataclass(frozen=True)
class Likely:
    """A thing of which the model's likelihood decided whether it is meant. ``phrase``: the one that fits it best;
    ``odds`` [nats]: for it; ``distance`` [nats]: to the next phrase or to "none of them", never negative."""

    thing: str
    phrase: str
    odds: float
    distance: float


@dataclass(frozen=True)
class Advice:
    """What a second opinion came to (`planner.ground.second`). ``followed``: the answers are, and not the words;
    ``sure``: how likely what is followed is right; ``words`` and ``answers``: how likely each is."""

    followed: bool
    sure: float
    words: float
    answers: float


@dataclass(frozen=True)
class Thought:
    """Everything that was made of one request. ``answers``: None where the model was not asked, or not followed;
    ``likely``: what its likelihoods decided; ``unwritten``: movable things here of which nothing is written down;
    ``advice``: where a second opinion was asked for."""

    words: Words
    answers: Answers | None
    candidates: tuple[Candidate, ...]
    never: tuple[Literal, ...] = ()
    weights: Weights = field(default_factory=Weights)
    rules: bool = True  # whether what the rules of the words say of asking and refusing counts
    likely: tuple[Likely, ...] = ()
    unwritten: frozenset[str] = frozenset()
    advice: Advice | None = None
