"""The language model proposes: first what should hold (goal), then how to get there (steps).

Nothing unsayable is said: goals are chosen among the sayable options of the grammar, steps among the steps that
apply in the symbolic state reached so far. All options of a decision are scored in one pass over their trie.

Scores. A goal's score adds two log-scores: the model's, calibrated by what it would say to an empty request
(domain-conditional PMI, Holtzman et al. 2021, with a weight below one: at full weight long options win, without it
short ones do), and the evidence of the words (`planner.propose.evidence`). The parts of a goal are scored
independently given the request, so that a goal of many parts costs no more passes than one of one part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.lm.api import LanguageModel
from planner.plan import Proposal, Request, ToolCall
from planner.propose import prompt
from planner.propose.evidence import goal_evidence, left_out, option_evidence
from planner.propose.grammar import GoalOption, Kind, single_options
from planner.propose.kinds import HEAD, resolve_kinds
from planner.propose.lookup import Lookup
from planner.propose.near import near_options, together_options
from planner.propose.reading import read_words
from planner.propose.recall import restore_options
from planner.propose.sentence import Words
from planner.propose.sets import group_options
from planner.propose.steps import say_steps
from planner.propose.tools import Toolbox
from planner.propose.towers import tower_options
from skills.symbols import Literal

PART_END = ".\n"
MODES = ("auto", "untrained", "words", "whole", "asked", "combined")
KNOWLEDGE = ("all", "train", "none")


@dataclass(frozen=True)
class ProposeConfig:
    """``prior``: weight of the calibration; ``lm``: weight of the model beside the words; ``words``: weight of the
    word evidence (0 switches it off); ``margin`` [nats]: options whose word evidence is this much worse than the best
    are not put to the model, but ``least`` always are; ``parts``: the most parts of one goal; ``steps_per_literal``:
    bounds the length of a plan; ``gap`` [nats]: the model says steps for goals at most this far behind the best.
    ``mode``: where goals come from (auto: the trained way where the model was trained
    for the questions). ``knowledge``: what is looked up: all, train (without what is held out of training) or none.
    ``probe``: whether the model's hidden states are asked what unknown things are (`planner.propose.probe`)."""

    mode: str = "auto"
    knowledge: str = "all"
    probe: bool = True
    prior: float = 0.7
    lm: float = 0.5
    words: float = 1.0
    margin: float = 3.0
    least: int = 8
    max_options: int = 160
    parts: int = 8
    beam: int = 12
    steps_per_literal: int = 2
    gap: float = 1.0

    def __post_init__(self) -> None:
        for key, known in (("mode", MODES), ("knowledge", KNOWLEDGE)):
            if getattr(self, key) not in known:
                raise ValueError(f"{key}: {', '.join(known)}, not {getattr(self, key)!r}")


@dataclass(frozen=True)
class Draft:
    """A goal under construction. ``lm``: mean calibrated log-score of its parts; ``total``: with the words."""

    options: tuple[GoalOption, ...]
    lm_parts: tuple[float, ...]
    total: float

    @property
    def lm(self) -> float:
        """Mean over the parts, so that many parts are not punished for being many."""
        return sum(self.lm_parts) / max(1, len(self.lm_parts))

    @property
    def text(self) -> str:
        """The goal's words."""
        return " and ".join(o.text for o in self.options)

    @property
    def literals(self) -> tuple[Literal, ...]:
        """What must hold, each once; a robot that is to go to several places ends at the last and has been at all."""
        found = tuple(dict.fromkeys(x for o in self.options for x in o.literals))
        stands = [x for x in found if x.atom.predicate == "robot_at" and x.positive]
        return tuple(x for x in found if x not in stands[:-1])


class LMProposer:
    """Proposals of a language model under the library's grammar."""

    def __init__(
        self,
        lm: LanguageModel,
        config: ProposeConfig | None = None,
        aliases: Sequence[tuple[str, str]] = (),
        lookup: Lookup | None = None,
    ) -> None:
        self.lm = lm
        self.config = config or ProposeConfig()
        self.aliases = tuple(aliases)
        self.lookup = lookup
        self._read: tuple[Request, Words, Toolbox] | None = None

    @property
    def name(self) -> str:
        """For reports."""
        return f"lm:{self.lm.name}"

    def warm_up(self) -> None:
        """Compute the fixed head of the prompt once, ahead of the first request."""
        self.lm.score(prompt.head(), [" put"])
        self.lm.score(HEAD, [" a"])

    def propose(self, request: Request, k: int) -> list[Proposal]:
        """The ``k`` best distinct goals, each with the model's steps; best first."""
        if request.goal is not None:
            goals = [tuple(c for c in alt if isinstance(c, Literal)) for alt in request.goal.alternatives[:k]]
            drafts = [(self._said(request, g), g, 0.0, "task") for g in goals]
        else:
            drafts = [(d.text, d.literals, d.total, "lm") for d in self.goals(request, k)]
        floor = max((score for _, _, score, _ in drafts), default=0.0) - self.config.gap
        plans = say_steps(
            self.lm, request, [(text, goal) for text, goal, _, _ in drafts], self.config.steps_per_literal,
            [score >= floor for _, _, score, _ in drafts],
        )  # fmt: skip
        return [
            Proposal(goal, steps, score, scores, source)
            for (_, goal, score, source), (steps, scores) in zip(drafts, plans, strict=True)
        ]

    def read(self, request: Request) -> Words:
        """The instruction's reading; kinds ("the fruit") are settled by the model. The last one is kept."""
        if self._read is None or self._read[0] is not request:
            tools = Toolbox()
            words = read_words(request, self.aliases, self.lookup)
            if self.config.words:
                words = resolve_kinds(self.lm, words, request.state, self.lookup, tools)
            self._read = (request, words, tools)
        return self._read[1]

    def tools(self, request: Request) -> tuple[ToolCall, ...]:
        """The helpers that were called for the request."""
        self.read(request)
        return self._read[2].calls if self._read is not None else ()

    def goals(self, request: Request, k: int) -> list[Draft]:
        """The ``k`` best goals with distinct literals."""
        words = self.read(request)
        options = self.options(request, words)
        if not options:
            return []
        lm = dict(zip([o.text for o in options], self._scores(request, options), strict=True))
        return self.drafts(words, options, lm, k)

    def options(self, request: Request, words: Words) -> list[GoalOption]:
        """The sayable parts of goals that the words do not speak clearly against."""
        options = single_options(request.library, request.state)
        options += group_options(request.library, request.state, words)
        options += near_options(request.library, request.state, words)
        options += together_options(request.library, request.state, words)
        options += tower_options(request.library, request.state, words)
        options += restore_options(words.restored, request.state)
        return self._shortlist(words, [o for o in options if not set(o.movers) & words.excluded])

    def drafts(self, words: Words, options: Sequence[GoalOption], lm: dict[str, float], k: int) -> list[Draft]:
        """The ``k`` best goals of these parts; ``lm``: the model's score of each part, by its words."""
        best: dict[frozenset[Literal], Draft] = {}
        for d in sorted(self._compose(words, options, lm), key=lambda d: -d.total):
            best.setdefault(frozenset(d.literals), d)
        return list(best.values())[:k]

    def _shortlist(self, words: Words, options: list[GoalOption]) -> list[GoalOption]:
        """Drop what the words speak clearly against: each option costs the model time."""
        options = list({o.text: o for o in reversed(options)}.values())[::-1]
        if self.config.words == 0 or not options:
            return options[: self.config.max_options]
        scored = sorted(((option_evidence(words, o), i) for i, o in enumerate(options)), key=lambda s: (-s[0], s[1]))
        floor = scored[0][0] - self.config.margin
        kept = [options[i] for n, (s, i) in enumerate(scored) if s >= floor or n < self.config.least]
        for m in words.wanted:  # whatever was named keeps its best options, so that a goal of parts can speak of it
            mine = [i for _, i in scored if set(options[i].names) & set(m.names) and options[i] not in kept]
            if not any(set(o.movers) & set(m.names) for o in kept):
                kept += [options[i] for i in mine[:4]]
        return kept[: self.config.max_options]

    def _scores(self, request: Request, options: Sequence[GoalOption]) -> list[float]:
        """The model's calibrated log-score of every option: with the request and with an empty one, in one pass."""
        shared, asked, null = prompt.goal_prefix(request)
        texts = [f" {o.text}{PART_END}" for o in options]
        with_request, without = self.lm.score_many(shared, [(asked, texts), (null, texts)])
        return [a.logprob - self.config.prior * b.logprob for a, b in zip(with_request, without, strict=True)]

    def _compose(self, words: Words, options: Sequence[GoalOption], lm: dict[str, float]) -> list[Draft]:
        """Goals of one and more parts: a part is added only to account for something that is still left out."""
        beams = [self._draft(words, (o,), lm) for o in options]
        finished = list(beams)
        for _ in range(self.config.parts - 1):
            longer: dict[frozenset[str], Draft] = {}
            for d in sorted(beams, key=lambda d: -d.total)[: self.config.beam]:
                missing = left_out(words, d.options)
                moved = {n for o in d.options for n in o.movers}
                for o in options if missing else ():
                    chosen = (*d.options, o)
                    if moved & set(o.movers) or not _one_hand(chosen) or (o.kind is Kind.SINGLE and not o.movers):
                        continue
                    if len(left_out(words, chosen)) < len(missing):
                        longer.setdefault(frozenset(x.text for x in chosen), self._draft(words, chosen, lm))
            beams = list(longer.values())
            if not beams:
                break
            finished += beams
        return finished

    def _draft(self, words: Words, chosen: tuple[GoalOption, ...], lm: dict[str, float]) -> Draft:
        parts = tuple(lm[o.text] for o in chosen)
        evidence = self.config.words * goal_evidence(words, chosen) if self.config.words else 0.0
        return Draft(chosen, parts, self.config.lm * sum(parts) / len(parts) + evidence)

    def _said(self, request: Request, goal: Sequence[Literal]) -> str:
        """Words for literals that came from outside, in the grammar's phrases where they are sayable."""
        phrases = {o.literals: o.text for o in single_options(request.library, request.state)}
        return " and ".join(phrases.get((x,), str(x)) for x in goal)


def _one_hand(options: Sequence[GoalOption]) -> bool:
    """Whether at most one thing is to be held in the end: goals are measured with one gripper."""
    return sum(x.atom.predicate == "holding" for o in options for x in o.literals) <= 1
