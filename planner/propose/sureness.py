"""How sure the planner is when the model's answers do not decide: features of one thought, and the fitted probability.

What can be seen of a thought without knowing the answer: whether every word was read, whether phrases were settled by
what is written down or by a likelihood and how close that was, how far the next goal is behind, what kind of question
or refusal it is. A logistic regression on these (`planner.learn.sure`, ``groundplan weigh``) says how likely the
decision is the right one. A few features mean something else to each kind of decision and count once more for it; a
regression for each kind fitted as well on what it had seen and worse on what was new.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from envs.strict import Strict, read_yaml
from planner.plan import Ask, Decision, Refuse, Request
from planner.propose import vocabulary as v
from planner.propose.mention import Quantity, Role
from planner.propose.sentence import Words
from planner.propose.spelling import singular, tokens_of
from planner.propose.thought import Candidate, Thought
from planner.propose.weights import ConfidenceWeights, SecondWeights, logistic
from skills.failure import Failure, FailureKind

FILE = "confidence.yaml"
KINDS = ("act", "ask", "refuse")
MOST = 6.0  # [nats] a margin wider than this says no more
ALONE = 4.0  # [nats] margin of an only candidate
OWN = ("unwritten", "unread", "margin", "evidence")  # features that count by themselves for each kind of decision
NEAR = 1.0  # [nats] candidates this close to the best are rivals
ARRANGED = ("tower", "matching", "mismatching", "apart", "reverse", "swap", "distribute")
CANNOT = frozenset({*map(FailureKind, ("UNREACHABLE", "EFFECT", "COLLISION", "PRECONDITION", "GOAL"))})


class Sureness(Strict):
    """What was fitted. ``weights``: of the features; ``second``: of a second opinion (`planner.ground.second`); the
    rest says where the figures are from (``data``: SHA-256 of the rows fitted, ``knowledge``: of the knowledge)."""

    weights: ConfidenceWeights | None = None
    second: SecondWeights | None = None
    fitted_on: str = ""
    command: str = ""
    data: str = ""
    knowledge: str = ""
    commit: str = ""


@dataclass(frozen=True)
class Seen:
    """What a thought is judged by."""

    request: Request
    thought: Thought
    decision: Decision | None  # None: the rules of the words have nothing against acting

    @property
    def words(self) -> Words:
        return self.thought.words

    @property
    def kind(self) -> str:
        """ "act", "ask" or "refuse". What is refused because it cannot be carried out is as sure as its goal."""
        if isinstance(self.decision, Ask):
            return "ask"
        return "refuse" if isinstance(self.decision, Refuse) and not _cannot_be_done(self.decision.failure) else "act"


def features(seen: Seen) -> dict[str, float]:
    """All features by name; those that are not there are 0."""
    found = _reading(seen) | _scene(seen) | _written(seen) | _likelihoods(seen.thought) | _candidates(seen)
    if isinstance(seen.decision, Ask):
        found |= _question(seen, seen.decision)
    elif seen.kind == "refuse" and isinstance(seen.decision, Refuse):
        found |= _reason(seen.words, seen.decision.failure)
    return {k: round(float(x), 4) for k, x in found.items() if x}


def how_sure(request: Request, thought: Thought, decision: Decision | None, fitted: Sureness) -> float | None:
    """Probability that the decision is right; None where nothing was fitted for it, or the goal was given."""
    if thought.advice is not None:
        return thought.advice.sure
    seen = Seen(request, thought, decision)
    nothing = seen.kind == "act" and not thought.candidates  # whole plans: their goals were not thought about here
    if fitted.weights is None or request.goal is not None or not thought.rules or nothing:
        return None
    return logistic(fitted.weights, by_kind(seen.kind, features(seen)))


def by_kind(kind: str, found: Mapping[str, float]) -> dict[str, float]:
    """The features with what counts for this kind of decision alone."""
    own = {f"{kind}: {k}": found[k] for k in OWN if k in found}
    return {**found, f"is {kind}": 1.0, **own}


def load(path: Path) -> Sureness:
    """The figures of a file; raises FileError."""
    return read_yaml(path).read(Sureness)


@lru_cache(maxsize=1)
def shipped() -> Sureness:
    """Those that come with the program; empty where there are none."""
    path = Path(str(resources.files("configs"))) / FILE
    return load(path) if path.is_file() else Sureness()


def _cannot_be_done(failure: Failure) -> bool:
    """Whether a refusal speaks of the way to the goal and not of the request."""
    return failure.kind in CANNOT


def _unread(words: Words) -> list[str]:
    """Words of no closed class and of no phrase."""
    phrases = {t.text for m in words.mentions for t in tokens_of(m.text)}
    return [w for w in words.said if not (w in v.KNOWN or singular(w) in v.KNOWN or w in phrases)]


def _reading(seen: Seen) -> dict[str, float]:
    words, text = seen.words, seen.request.instruction
    unread, wanted = _unread(words), words.wanted
    kinds = [m for m in words.mentions if m.kind]
    movers = [m for m in wanted if m.role is Role.MOVER and not m.place]
    settled = {i for i in words.links if words.links[i]}
    return {
        "unread": math.log1p(len(unread)),
        "share unread": len(unread) / max(1, len(words.said)),
        "length": math.log1p(len(words.said)),
        "marks": math.log1p(sum(text.count(c) for c in ",.;:!?")),
        "phrases": math.log1p(len(wanted)),
        "open": math.log1p(words.open_phrases),
        "mended": math.log1p(sum(bool(m.corrected) for m in words.mentions)),
        "kinds": math.log1p(len(kinds)),
        "empty kinds": float(any(not m.names for m in kinds)),
        "missing": float(any(m.missing for m in words.mentions)),
        "excluded": float(any(m.excluded for m in words.mentions)),
        "pronoun": float(any(m.pronoun for m in words.mentions)),
        "counted": float(any(m.quantity is Quantity.SOME for m in wanted)),
        "either": float(any(m.quantity is Quantity.ANY for m in wanted)),
        "sets": float(any(m.group and len(m.names) > 1 for m in movers)),
        "other": float(any(m.other for m in words.mentions)),
        "unlinked": float(any(i not in settled for i, m in enumerate(words.mentions) if m in movers)),
        "no verb": float(not words.verbs),
        "deeds": float(bool(words.deeds)),
        "context": float(bool(seen.request.context.notes or seen.request.context.history)),
        "answered": float(bool(seen.request.dialogue)),
    }


def _scene(seen: Seen) -> dict[str, float]:
    """How much is here, and how much of it could be meant."""
    state, words = seen.request.state, seen.words
    vague = [m for m in words.wanted if m.quantity is Quantity.THE and len(m.names) > 1 and not m.told]
    return {
        "here": math.log1p(len(state.of_type("movable"))),
        "targets": math.log1p(len(state.of_type("place")) + len(state.of_type("container"))),
        "several fit": math.log1p(len(vague)),
        "arranged": float(any(getattr(words.cues, c) for c in ARRANGED)),
    }


def _written(seen: Seen) -> dict[str, float]:
    """How much of what is here, and of what is spoken of, nobody wrote down."""
    words, unwritten = seen.words, seen.thought.unwritten
    here = seen.request.state.of_type("movable")
    share = len(unwritten) / len(here) if here else 0.0
    wanted = words.wanted
    named = {n for m in wanted for n in m.names}
    sets = any(m.group and len(m.names) > 1 for m in wanted)
    return {
        "unwritten": share,
        "unwritten meant": len(named & unwritten) / len(named) if named else 0.0,
        "unwritten sets": share * sets,
        "unwritten kinds": share * math.log1p(sum(bool(m.kind) for m in words.mentions)),
        "inexact": math.log1p(sum(not m.exact and not m.kind and not m.pronoun for m in wanted)),
    }


def _likelihoods(thought: Thought) -> dict[str, float]:
    """Of what the model was asked because it is not written down: how much, and how close it was."""
    near = [x.distance for x in thought.likely]
    if not near:
        return {}
    doubt = sum(math.log1p(math.exp(-d)) for d in near)
    return {"judged": math.log1p(len(near)), "doubt": min(MOST, doubt), "closest": math.exp(-min(near))}


def _candidates(seen: Seen) -> dict[str, float]:
    found = seen.thought.candidates
    if not found:
        return {"no goal": 1.0}
    first, state = found[0], seen.request.state
    second = found[1].total if len(found) > 1 else first.total - ALONE
    spoken = {n for m in seen.words.mentions for n in m.names}
    return {
        "margin": min(MOST, first.total - second),
        "evidence": max(-MOST, first.words),
        "rivals": math.log(sum(first.total - c.total < NEAR for c in found)),
        "things": math.log1p(len(_moved(first))),
        "in hand": float(any(x.atom.predicate == "holding" for x in first.literals)),
        "on top": float(any(x.atom.predicate == "on" for x in first.literals)),
        "so already": float(all(state.holds(x) for x in first.literals)),
        "unspoken": float(any(n not in spoken for x in first.literals for n in x.atom.args)),
    }


def _moved(candidate: Candidate) -> set[str]:
    return {x.atom.args[0] for x in candidate.literals if x.atom.args}


def _question(seen: Seen, ask: Ask) -> dict[str, float]:
    words = seen.words
    places = {*seen.request.state.of_type("place"), *seen.request.state.of_type("container")}
    return {
        "asks which": float(any(set(ask.options) == set(m.names) for m in words.wanted) and len(ask.options) > 1),
        "asks where": float(bool(ask.options) and set(ask.options) <= places),
        "asks what": float(not ask.options),
        "dangling": float(bool(words.dangling)),
        "how many": float(any(m.quantity is Quantity.VAGUE for m in words.wanted)),
    }


def _reason(words: Words, failure: Failure) -> dict[str, float]:
    absent: Sequence[str] = next((m.text.split() for m in words.mentions if m.missing and not m.names), ())
    found: Mapping[str, float] = {
        f"refuses: {failure.kind.value.lower().replace('_', ' ')}": 1.0,
        "absent words": math.log1p(len(absent)),
    }
    return dict(found)
