"""The proposer for a model that was trained for the small questions: words, answers and plans, weighed together.

Candidate goals come from the reading of the words (`planner.propose.proposer`) and from the answers
(`planner.propose.decompose`); each candidate is scored by both, whoever proposed it. Two passes over the prompt: what
is meant and whether to act; then where things go. Steps come from symbolic search, in the order that the words force.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from planner.ground.possible import contradiction
from planner.lm.api import LanguageModel
from planner.plan import Proposal, Request, ToolCall
from planner.propose import form
from planner.propose.answers import Answers, ask_order, ask_what, ask_where
from planner.propose.asking import Target
from planner.propose.belief import believed
from planner.propose.decompose import Composed, compose, goal_logprob
from planner.propose.evidence import goal_evidence
from planner.propose.grammar import GoalOption, Kind, single_options
from planner.propose.hints import hints
from planner.propose.kinds import MEMBER, Judge, resolve_kinds
from planner.propose.likeness import HERE
from planner.propose.lookup import KNOWN, Lookup
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.needs import is_need, needs
from planner.propose.proposer import LMProposer, ProposeConfig
from planner.propose.reading import read_words
from planner.propose.rules import forbidden, noted_bans
from planner.propose.sentence import Words
from planner.propose.sets import group_options
from planner.propose.slips import without_slips
from planner.propose.stepping import said_order, steps_to
from planner.propose.thought import Candidate, Likely, Thought
from planner.propose.tools import Toolbox
from planner.propose.weights import Weights, load_weights
from planner.propose.whole import whole_plans
from skills.skill import GroundSkill
from skills.state import State
from skills.symbols import Literal

WORD_GOALS = 12  # candidates from the words
ASKED_GOALS = 12  # and from the answers
NAMED = 10  # things of one phrase that are asked about whatever the model thinks of them
NEAR = 1.5  # [nats] steps are searched for goals at most this far behind the best
SAME = 1e-3  # [nats] the same question twice: rounding is no difference
SURE = 0.6  # an order this likely is followed
NO_WORDS = -9.0  # [nats] evidence of a goal where nothing of it can be said


def knows_form(lm: LanguageModel) -> bool:
    """Whether the model carries an adapter that was trained on this version of the questions."""
    return getattr(lm, "form", None) == form.VERSION


class CombinedProposer(LMProposer):
    """See the module. ``mode`` of the settings: "words", "whole", "asked" or "combined"."""

    def __init__(
        self,
        lm: LanguageModel,
        config: ProposeConfig | None = None,
        aliases: Sequence[tuple[str, str]] = (),
        lookup: Lookup | None = None,
        weights: Weights | None = None,
    ) -> None:
        super().__init__(lm, config, aliases, lookup)
        self.weights = weights or load_weights()
        self._thought: tuple[Request, Thought, Toolbox] | None = None

    @property
    def mode(self) -> str:
        """Which sources count."""
        if self.config.mode != "auto":
            return self.config.mode
        return "combined" if self.weights.trusted and knows_form(self.lm) else "words"

    def warm_up(self) -> None:
        """What is shared between requests: the first words of the form, or of the lists of sorts."""
        prompt = HERE if self.mode == "words" else form.shared_part(form.Setting((), (), ""))
        self.lm.score(prompt, [form.ACT])

    def read(self, request: Request) -> Words:
        """The reading that the thought rests on."""
        return self.think(request).words

    def tools(self, request: Request) -> tuple[ToolCall, ...]:
        """The helpers that were called for the request."""
        self.think(request)
        return self._thought[2].calls if self._thought is not None else ()

    def think(self, request: Request) -> Thought:
        """Read, ask, compose, weigh; the last thought is kept."""
        if self._thought is None or self._thought[0] is not request:
            tools = Toolbox()
            self._thought = (request, self._think(request, tools), tools)
        return self._thought[1]

    def propose(self, request: Request, k: int) -> list[Proposal]:
        """The ``k`` best goals with steps; best first."""
        thought, tools = self.think(request), self._thought[2] if self._thought else Toolbox()
        if request.goal is not None:
            goals = [tuple(c for c in a if isinstance(c, Literal)) for a in request.goal.alternatives[:k]]
            return [self._proposal(request, thought, Candidate("", g, frozenset({"task"})), tools) for g in goals]
        if self.mode == "whole":
            return whole_plans(self.lm, request, k, self._hints(request, tools))
        floor = max((c.total for c in thought.candidates), default=0.0) - max(self.config.gap, NEAR)
        return [self._proposal(request, thought, c, tools, c.total >= floor) for c in thought.candidates[:k]]

    def _proposal(
        self, request: Request, thought: Thought, c: Candidate, tools: Toolbox, search: bool = True
    ) -> Proposal:
        steps: tuple[GroundSkill, ...] = ()
        if search:  # a goal far behind hardly wins: should it, grounding finds its steps
            order = self._order(request, thought, c)
            asked = frozenset(
                n for n, s in request.library.items() if s.operator.dear and thought.words.ask_for(s.operator)
            )
            found = steps_to(request, c.literals, order, thought.never, asked)
            steps = found or ()
            said = None if found is None else [str(s) for s in steps]
            tools.note("search", said, goal=[str(x) for x in c.literals], order=list(order))
        return Proposal(c.literals, steps, c.total, (), "+".join(sorted(c.sources)), parts=c.parts)

    # --- one thought ---

    def _think(self, request: Request, tools: Toolbox) -> Thought:
        asks = self.mode in ("asked", "combined")
        answers = ask_what(self.lm, request, self._hints(request, tools)) if asks and request.goal is None else None
        helped = self.config.mode == "auto"  # the model settles kinds that are not written down, whatever else decides
        plain = without_slips(request, self.lookup, tools)
        words = read_words(plain, self.aliases, self.lookup, open_kinds=asks or helped)
        likely: list[Likely] = []
        judge: Judge = functools.partial(self._likely, request.state, likely) if helped else _silent
        if answers is not None:
            movers, targets = _spoken(words)
            answers = ask_where(self.lm, request, answers, movers, targets)
            judge = _judge(words, answers)
        words = resolve_kinds(self.lm, words, request.state, self.lookup, tools, judge)
        never = forbidden(request, words, noted_bans(request, self.lookup, self.aliases))
        weights = self.weights
        if request.goal is not None or self.mode == "whole":
            return Thought(words, answers, (), never, weights)
        found = sorted(self._candidates(request, words, answers), key=lambda c: -c.total)
        banned = set(never)
        can_be = [c for c in found if not contradiction(c.literals, request.state) and not banned & set(c.literals)]
        here = request.state.of_type("movable")
        unwritten = frozenset(n for n in here if self.lookup is None or self.lookup.find(n) is None)
        return Thought(
            words, answers, tuple(can_be or found), never, weights, self.mode != "asked", tuple(likely), unwritten
        )

    def _hints(self, request: Request, tools: Toolbox) -> tuple[form.Known, ...]:
        """What the look-up says of the request's phrases."""
        state = request.state
        targets = state.of_type("container"), state.of_type("place")
        found = hints(self.lookup, request.instruction, state.of_type("movable"), *targets)
        for k in found:
            tools.note("told", {"are": list(k.members), "open": list(k.open)}, phrase=k.phrase)
        return found

    def _likely(
        self, state: State, told: list[Likely], mentions: Sequence[Mention], names: Sequence[str]
    ) -> list[list[float]]:
        """Membership of what is not written down, by what the model finds likely (`planner.propose.likeness`); a thing
        that fits several phrases belongs to the likeliest. ``told`` gains what was found."""
        others = [n for n in state.of_type("movable") if n not in names]
        plain = [m.kind for m in mentions if not is_need(m.kind)]
        like = iter(believed(self.lm, plain, names, others, self.lookup if self.config.probe else None))
        rows = [self._needed(m.kind, names) if is_need(m.kind) else next(like) for m in mentions]
        best = [max(column, default=0.0) for column in zip(*rows, strict=True)]
        told += [_found(n, mentions, column) for n, column in zip(names, zip(*rows, strict=True), strict=True)]
        free = [m.quantity is Quantity.ANY for m in mentions]  # one thing that will do is chosen later
        return [
            [(x if x >= top - SAME or any_one else -KNOWN) + MEMBER for x, top in zip(row, best, strict=True)]
            for row, any_one in zip(rows, free, strict=True)
        ]

    def _needed(self, kind: str, names: Sequence[str]) -> list[float]:
        found = {n: self.lookup.find(n) for n in names} if self.lookup is not None else {}
        uses = {n: e.uses for n, e in found.items() if e is not None}
        return needs(self.lm, kind, names, uses)

    def _candidates(self, request: Request, words: Words, answers: Answers | None) -> list[Candidate]:
        found: dict[frozenset[Literal], Candidate] = {}
        if self.mode != "asked":
            options = self.options(request, words)
            drafts = self.drafts(words, options, {o.text: 0.0 for o in options}, WORD_GOALS)
            for d in drafts:
                found[frozenset(d.literals)] = Candidate(d.text, d.literals, frozenset({"words"}), words=d.total)
        if answers is not None:
            for c in compose(request, answers, ASKED_GOALS):
                key = frozenset(c.literals)
                old = found.get(key)
                if old is not None:
                    found[key] = replace(old, sources=old.sources | {"asked"})
                    continue
                said = _as_options(request, words, c)
                evidence = self.config.words * goal_evidence(words, said) if said else NO_WORDS
                text = " and ".join(o.text for o in said)
                found[key] = Candidate(text, c.literals, frozenset({"asked"}), words=evidence)
        return [self._weighed(request, answers, c) for c in found.values()]

    def _weighed(self, request: Request, answers: Answers | None, c: Candidate) -> Candidate:
        asked = 0.0 if answers is None else goal_logprob(request, answers, c.literals)
        c = replace(c, asked=asked)
        w = self.weights.goal
        if self.mode == "asked":
            return replace(c, total=asked)
        if answers is None:
            return replace(c, total=c.words)
        return replace(c, total=sum(getattr(w, k) * x for k, x in c.parts.items()))

    def _answerer(self) -> LanguageModel:
        """Who answers the small questions."""
        return self.lm

    def _order(self, request: Request, thought: Thought, c: Candidate) -> tuple[str, ...]:
        """The order in which the words want the goal's things moved, as far as they force one."""
        answers = thought.answers
        if answers is None or not answers.first:
            return said_order(thought.words, c.literals)
        best = max(answers.first, key=lambda n: answers.first[n])
        movers = list(dict.fromkeys(x.atom.args[0] for x in c.literals if x.positive and x.atom.args))
        if not best or answers.first[best] < SURE or best not in movers or c is not thought.candidates[0]:
            return ()
        things = [n for n in answers.certain if n in movers]
        return ask_order(self._answerer(), request, things, best, answers.known) if len(things) > 2 else (best,)


def _found(name: str, mentions: Sequence[Mention], odds: Sequence[float]) -> Likely:
    top = max(range(len(odds)), key=lambda i: odds[i])
    rest = max((x for i, x in enumerate(odds) if i != top), default=-KNOWN)
    return Likely(name, mentions[top].kind, odds[top], odds[top] - max(0.0, rest) if odds[top] > 0 else -odds[top])


def _spoken(words: Words) -> tuple[set[str], frozenset[str]]:
    """(things of phrases that mean few, targets that are named): both are always asked about."""
    movers = {
        n
        for m in words.wanted
        if m.role is Role.MOVER and not m.place and len(m.names) <= NAMED
        for n in m.names
    }  # fmt: skip
    return movers, frozenset(n for m in words.mentions for n in m.names)


def _judge(words: Words, answers: Answers) -> Judge:
    """Membership of what is not written down, by the answers: a thing belongs to the phrase when it is meant and goes
    where the phrase's things go; to an exception when it is not meant."""

    def judge(mentions: Sequence[Mention], names: Sequence[str]) -> list[list[float]]:
        return [[_member(words, answers, m, n) for n in names] for m in mentions]

    return judge


def _silent(mentions: Sequence[Mention], names: Sequence[str]) -> list[list[float]]:
    return [[0.0] * len(names) for _ in mentions]


def _member(words: Words, answers: Answers, m: Mention, name: str) -> float:
    p = answers.likely(name)
    if m.excluded:
        return _logit(1.0 - p)
    index = next((i for i, x in enumerate(words.mentions) if x.span == m.span), -1)
    targets = {t for k in words.links.get(index, ()) for t in words.mentions[k].names}
    goes: Mapping[Target, float] = answers.goes.get(name, {})
    if targets and goes:
        p *= sum(q for t, q in goes.items() if t[1] in targets)
    return _logit(p) + MEMBER  # as likely as not is the border


def _logit(p: float) -> float:
    p = min(max(p, 1e-4), 1 - 1e-4)
    return math.log(p / (1 - p))


def _as_options(request: Request, words: Words, c: Composed) -> list[GoalOption]:
    """The goal in sayable parts: groups that the words speak of where they fit, single things for the rest."""
    left = dict(c.moves)
    out: list[GoalOption] = []
    groups = [o for o in group_options(request.library, request.state, words) if o.kind is Kind.TO_ONE]
    for o in sorted(groups, key=lambda o: -len(o.movers)):
        same = all(left.get(n) == (o.predicate, o.target) for n in o.movers)
        if same:
            out.append(o)
            for n in o.movers:
                del left[n]
    for o in single_options(request.library, request.state):
        if o.movers and left.get(o.movers[0]) == (o.predicate, o.target) and len(o.movers) == 1:
            out.append(o)
            del left[o.movers[0]]
        elif o.text in c.deeds:
            out.append(o)
    return out if not left else []
