"""A second opinion: where the words alone leave the planner unsure, the model answers the small questions.

The words are read first: quick, and right in most of what people say. Of each decision the planner knows how likely it
is right (`planner.propose.sureness`). Where that is not much, the default model with the shipped adapter is asked
(`planner.propose.answers`; the weights are shared, the adapter is computed at run time), and a goal, a question or a
refusal is made of its answers. Two logistic regressions on what both say, fitted by ``groundplan weigh``, tell how
likely each of the two is right; the answers are followed where they are likely right and clearly likelier than the
words. What the words refuse because it is dangerous, because it speaks to the program, or because a thing is not made
for it, stays refused whatever the answers say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from planner.ground import judgement, questions, replies, ruling
from planner.lm.api import LanguageModel
from planner.lm.errors import ModelError
from planner.plan import Decision, Proposal, Refuse, Request
from planner.propose.combined import CombinedProposer
from planner.propose.decompose import goal_logprob
from planner.propose.lookup import Lookup
from planner.propose.mention import Role
from planner.propose.proposer import ProposeConfig
from planner.propose.sureness import Seen, Sureness, by_kind, features, shipped
from planner.propose.thought import Advice, Candidate, Thought
from planner.propose.tools import Toolbox
from planner.propose.weights import DecisionWeights, GoalWeights, SecondWeights, Weights, logistic
from skills.failure import FailureKind

Model = Callable[[], LanguageModel]

LEAST = -20.0  # [nats] a goal less likely than this is as unlikely
EVIDENCE = -12.0  # [nats] and one of which the words say less
MOST = 6.0  # [nats] a margin wider than this says no more
ALONE = 4.0  # [nats] margin of an only goal
UNLIKELY = 1e-4
CARRIED = (  # of what is seen of the words alone: with all of it the fit was no better on requests it had not seen
    *("is act", "is ask", "is refuse", "unwritten", "unread", "margin", "evidence", "act: evidence", "act: margin"),
    *("sets", "doubt", "closest", "judged", "open", "unwritten kinds"),
)
AS_ANSWERED = Weights(decision=DecisionWeights(model=1.0, ask_rule=0.0, refuse_rule=0.0, ask=0.0, refuse=0.0))


@dataclass(frozen=True)
class Opinions:
    """Both ways of thinking about one request. ``kind``: what the words would do; ``told``: features for the two
    regressions; ``same``: both come to the same decision and goal."""

    kind: str
    words: Thought
    answers: Thought
    told: Mapping[str, float]
    same: bool


def proposals_of(thought: Thought) -> list[Proposal]:
    """Its goals as the rules of the words look at them: without steps."""
    return [Proposal(c.literals, (), c.total) for c in thought.candidates]


def merged(request: Request, words: Thought, answers: Thought, weights: GoalWeights) -> Thought:
    """``answers`` with the goals of both, each scored by what the words and the answers say of it; what somebody said
    not to move, or not to put there, by its name, is no goal."""
    assert answers.answers is not None
    found = {frozenset(c.literals): c for c in answers.candidates if not _spoken_against(words, c)}
    for c in words.candidates:
        key = frozenset(c.literals)
        if key in found:
            found[key] = replace(found[key], words=c.words, sources=found[key].sources | c.sources)
        else:
            found[key] = replace(c, asked=goal_logprob(request, answers.answers, c.literals))
    scored = [replace(c, total=sum(getattr(weights, k) * x for k, x in c.parts.items())) for c in found.values()]
    return replace(answers, candidates=tuple(sorted(scored, key=lambda c: -c.total)))


def _spoken_against(words: Thought, goal: Candidate) -> bool:
    named = [m for m in words.words.mentions if m.excluded and not m.kind]
    spared = {n for m in named if m.role is not Role.TARGET for n in m.names}
    barred = {n for m in named if m.role is Role.TARGET for n in m.names}
    args = [x.atom.args for x in goal.literals if x.positive]
    return bool(set(words.never) & set(goal.literals)) or any(
        a[:1] and (a[0] in spared or not barred.isdisjoint(a[1:])) for a in args
    )


def compared(request: Request, words: Thought, decision: Decision | None, answers: Thought) -> Opinions:
    """``decision``: what the rules of the words say of ``words``; ``answers``: with the goals of both (`merged`)."""
    assert answers.answers is not None
    kind, said = judgement.kind_of(decision), answers.answers
    chosen, asked = said.chosen, answers.candidates
    ours = words.candidates[0] if words.candidates else None
    theirs = asked[0] if asked else None
    like = ours is not None and theirs is not None and set(ours.literals) == set(theirs.literals)
    same = kind == chosen and (kind != "act" or like)
    of_words = said.decision[judgement.KINDS.index(kind)]
    told = {
        "same": float(same),
        "same kind": float(kind == chosen),
        "said of it": math.log(max(of_words, UNLIKELY)),
        "said": math.log(max(*said.decision, UNLIKELY)),
        "entropy": said.entropy(),
        f"answers {chosen}": 1.0,
        f"{kind}, answers {chosen}": 1.0,
    }
    if kind == "act" and ours is not None:
        told["answered"] = max(LEAST, goal_logprob(request, said, ours.literals))
    if chosen == "act" and theirs is not None:
        told["likely"] = max(LEAST, theirs.asked)
        told["theirs"] = float("asked" in theirs.sources)
        told["both"] = theirs.parts["both"]
        told["evident"] = max(EVIDENCE, theirs.words)
        told["ahead"] = min(MOST, theirs.total - asked[1].total) if len(asked) > 1 else ALONE
        if "answered" in told:
            told["behind"] = told["likely"] - told["answered"]
    seen = by_kind(kind, features(Seen(request, words, decision)))
    own = {k: seen[k] for k in CARRIED if k in seen}
    return Opinions(kind, words, answers, own | {f"second: {k}": round(x, 4) for k, x in told.items() if x}, same)


def advise(told: Mapping[str, float], may_follow: bool, weights: SecondWeights) -> Advice:
    """Which of the two is followed, by what both say; ``may_follow``: whether the answers may be at all."""
    by_words, by_answers = logistic(weights.words, told), logistic(weights.answers, told)
    follow = may_follow and weights.follow(by_words, by_answers)
    return Advice(follow, by_answers if follow else by_words, by_words, by_answers)


def weighed(request: Request, both: Opinions, weights: SecondWeights, may_ask: bool = True) -> Thought:
    """What is followed of the two, with how sure that is; ``may_ask``: whether questions are allowed."""
    advice = advise(both.told, may_follow(request, both, may_ask), weights)
    if not advice.followed:
        return replace(both.words, advice=advice)
    return replace(both.answers, rules=False, weights=AS_ANSWERED, advice=advice)


def may_follow(request: Request, both: Opinions, may_ask: bool = True) -> bool:
    """Whether the answers come to something else than the words: to nothing that is dangerous, to no question where
    none is allowed or one has just been answered."""
    assert both.answers.answers is not None
    if both.same:
        return False
    chosen = both.answers.answers.chosen
    if chosen != "act":
        return chosen != "ask" or (may_ask and not request.dialogue)
    goals = proposals_of(both.answers)
    return bool(goals) and questions.unsafe(request, both.words.words, goals[0]) is None


def settled(request: Request, words: Thought, decision: Decision | None) -> bool:
    """Whether the words refuse for a reason that no answer of a model changes: danger, an order to the program, or a
    thing that is not made for what is asked of it."""
    if not isinstance(decision, Refuse):
        return False
    return decision.failure.kind is FailureKind.WRONG_TYPE or isinstance(replies.reply(request, words.words), Refuse)


class SecondOpinion(CombinedProposer):
    """Reads the words and, where that leaves it unsure, asks the model with the adapter.

    ``model``: opens that model, at the first request that needs it; ``may_ask``: whether questions are allowed;
    ``sureness``: the figures, by default as shipped. Without figures for it, the words alone decide.
    """

    def __init__(
        self,
        lm: LanguageModel,
        config: ProposeConfig,
        model: Model,
        aliases: Sequence[tuple[str, str]] = (),
        lookup: Lookup | None = None,
        may_ask: bool = True,
        sureness: Sureness | None = None,
    ) -> None:
        super().__init__(lm, config, aliases, lookup)
        self.may_ask = may_ask
        self.sureness = shipped() if sureness is None else sureness
        self._model = model
        self._asking: CombinedProposer | None = None

    def _think(self, request: Request, tools: Toolbox) -> Thought:
        words = super()._think(request, tools)
        weights, plain = self.sureness.second, self.sureness.weights
        if weights is None or plain is None or request.goal is not None:
            return words
        decision = ruling.rule(request, words.words, proposals_of(words), self.may_ask)
        sure = logistic(plain, by_kind(judgement.kind_of(decision), features(Seen(request, words, decision))))
        if sure >= weights.below or settled(request, words, decision):
            return words
        try:
            answers = self.answered(request, words, tools)
        except ModelError as error:  # such as a request too long for its form: the words have a decision
            tools.note("second opinion", str(error), unsure=round(sure, 3))
            return words
        thought = weighed(request, compared(request, words, decision, answers), weights, self.may_ask)
        assert thought.advice is not None
        said = {"by words": round(thought.advice.words, 3), "by answers": round(thought.advice.answers, 3)}
        tools.note("second opinion", said | {"followed": thought.advice.followed}, unsure=round(sure, 3))
        return thought

    def first(self, request: Request) -> Thought:
        """What the words alone make of it."""
        return super()._think(request, Toolbox())

    def answered(self, request: Request, words: Thought, tools: Toolbox | None = None) -> Thought:
        """What the model's answers make of it, beside the goals of the words."""
        if self._asking is None:
            config = replace(self.config, mode="asked")
            self._asking = CombinedProposer(self._model(), config, self.aliases, self.lookup)
        lm = self._asking.lm
        forget = getattr(lm, "forget", None)
        if forget is not None:
            forget()  # the last digits depend on what is cached: the same whatever was asked before
        thought = self._asking._think(request, tools or Toolbox())
        return merged(request, words, thought, self.weights.goal)

    def _answerer(self) -> LanguageModel:
        """Who is asked about the order: the one that knows the form."""
        return self.lm if self._asking is None else self._asking.lm

    @property
    def others(self) -> tuple[LanguageModel, ...]:
        """Models besides the first that were opened."""
        return () if self._asking is None else (self._asking.lm,)
