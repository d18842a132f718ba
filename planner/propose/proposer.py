"""The language model proposes: first what should hold (goal), then how to get there (steps).

Nothing unsayable is said: goals are chosen among the sayable options of the grammar, steps among the steps that
apply in the symbolic state reached so far. All options of a decision are scored in one pass over their trie.

Scores. A goal's score adds two log-scores: the model's, calibrated by what it would say to an empty request
(domain-conditional PMI, Holtzman et al. 2021, with a weight below one), and the evidence of the words
(`planner.propose.evidence`). A step's score is its log-probability per token.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.lm.api import LanguageModel
from planner.plan import Proposal, Request
from planner.propose import prompt
from planner.propose.evidence import Words, goal_evidence, left_out, option_evidence
from planner.propose.grammar import (
    GoalOption,
    focus_of,
    group_options,
    groups,
    single_options,
    step_options,
)
from planner.propose.words import Mention, Spotter
from skills.skill import GroundSkill
from skills.state import State
from skills.symbols import Literal

PART_END = ".\n"


@dataclass(frozen=True)
class ProposeConfig:
    """``prior``: weight of the calibration; ``words``: weight of the word evidence (0 switches it off);
    ``margin`` [nats]: options whose word evidence is this much worse than the best are not put to the model;
    ``parts``: the most parts of one goal; ``steps_per_literal``: bounds the length of a plan."""

    prior: float = 0.7
    words: float = 1.0
    margin: float = 6.0
    max_options: int = 160
    parts: int = 6
    steps_per_literal: int = 2


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
        """What must hold, each once."""
        return tuple(dict.fromkeys(x for o in self.options for x in o.literals))


def read_words(request: Request, aliases: Sequence[tuple[str, str]] = ()) -> Words:
    """The mentions in the instruction and in the answers given so far."""
    places = tuple(request.state.of_type("place"))
    spotter = Spotter(tuple(sorted(request.observation.objects)), places, tuple(aliases))
    mentions = list(spotter.spot(request.instruction))
    for _, answer in request.dialogue:
        mentions = _settle(mentions, [m for m in spotter.spot(answer) if m.names])
    return Words(tuple(mentions), sum(1 for m in mentions if not m.names))


def _settle(mentions: list[Mention], answers: list[Mention]) -> list[Mention]:
    """Replace the phrases that the answer decides; an answer about something new is one more mention."""
    out = list(mentions)
    for answer in answers:
        fits = [i for i, m in enumerate(out) if (set(answer.names) < set(m.names)) or not m.names]
        if fits:
            i = fits[0]
            out[i] = replace(
                out[i],
                text=answer.text,
                names=answer.names,
                quantity=answer.quantity,
                exact=answer.exact,
                place=answer.place,
            )
        elif not any(set(answer.names) <= set(m.names) for m in out):
            out.append(answer)
    return out


class LMProposer:
    """Proposals of a language model under the library's grammar."""

    def __init__(
        self,
        lm: LanguageModel,
        config: ProposeConfig | None = None,
        aliases: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.lm = lm
        self.config = config or ProposeConfig()
        self.aliases = tuple(aliases)

    @property
    def name(self) -> str:
        """For reports."""
        return f"lm:{self.lm.name}"

    def warm_up(self) -> None:
        """Compute the fixed head of the prompt once, ahead of the first request."""
        self.lm.score(prompt.head(), [" put"])

    def propose(self, request: Request, k: int) -> list[Proposal]:
        """The ``k`` best distinct goals, each with the model's steps; best first."""
        if request.goal is not None:
            goals = [tuple(c for c in alt if isinstance(c, Literal)) for alt in request.goal.alternatives[:k]]
            drafts = [(self._said(request, g), g, 0.0, "task") for g in goals]
        else:
            drafts = [(d.text, d.literals, d.total, "lm") for d in self.goals(request, k)]
        plans = self._steps(request, [(text, goal) for text, goal, _, _ in drafts])
        return [
            Proposal(goal, steps, score, scores, source)
            for (_, goal, score, source), (steps, scores) in zip(drafts, plans, strict=True)
        ]

    # --- goals ---

    def goals(self, request: Request, k: int) -> list[Draft]:
        """The ``k`` best goals with distinct literals."""
        words = read_words(request, self.aliases)
        options = single_options(request.library, request.state)
        options += group_options(request.library, request.state, groups(words.mentions, request.state))
        options = self._shortlist(words, [o for o in options if not set(o.movers) & words.excluded])
        if not options:
            return []
        beams = self._extend(request, words, [Draft((), (), 0.0)], options)[: max(k, 3)]
        finished: list[Draft] = []
        for _ in range(self.config.parts - 1):
            open_ends = [d for d in beams if left_out(words, d.options)]
            finished += beams
            if not open_ends:
                break
            beams = self._extend(request, words, open_ends, options)[: max(k, 3)]
            if not beams:
                break
        finished += beams
        best: dict[frozenset[Literal], Draft] = {}
        for d in sorted(finished, key=lambda d: -d.total):
            best.setdefault(frozenset(d.literals), d)
        return list(best.values())[:k]

    def _shortlist(self, words: Words, options: list[GoalOption]) -> list[GoalOption]:
        """Drop what the words speak clearly against: each option costs the model time."""
        if self.config.words == 0 or not options:
            return options[: self.config.max_options]
        scored = sorted(((option_evidence(words, o), i) for i, o in enumerate(options)), key=lambda s: (-s[0], s[1]))
        floor = scored[0][0] - self.config.margin
        return [options[i] for s, i in scored if s >= floor][: self.config.max_options]

    def _extend(self, request: Request, words: Words, drafts: list[Draft], options: list[GoalOption]) -> list[Draft]:
        """Every draft with one more part; scored with the request and with the empty request in one pass."""
        shared, asked, null = prompt.goal_prefix(request)
        branches: list[tuple[str, list[str]]] = []
        plans: list[tuple[Draft, list[GoalOption]]] = []
        for d in drafts:
            used = {n for o in d.options for n in o.movers}
            missing = left_out(words, d.options)
            fits = [o for o in options if not used & set(o.movers) and _one_hand([*d.options, o])]
            if d.options:  # only what accounts for something still left out
                fits = [o for o in fits if len(left_out(words, [*d.options, o])) < len(missing)]
            if not fits:
                continue
            said = f" {d.text} and" if d.options else ""
            texts = [f" {o.text}{PART_END}" for o in fits]
            branches += [(asked + said, texts), (null + said, texts)]
            plans.append((d, fits))
        if not branches:
            return []
        scores = self.lm.score_many(shared, branches)
        out = []
        for i, (d, fits) in enumerate(plans):
            for option, with_request, without in zip(fits, scores[2 * i], scores[2 * i + 1], strict=True):
                lm = with_request.logprob - self.config.prior * without.logprob
                parts = (*d.lm_parts, lm)
                chosen = (*d.options, option)
                evidence = self.config.words * goal_evidence(words, chosen)
                out.append(Draft(chosen, parts, sum(parts) / len(parts) + evidence))
        return sorted(out, key=lambda d: -d.total)

    def _said(self, request: Request, goal: Sequence[Literal]) -> str:
        """Words for literals that came from outside, in the grammar's phrases where they are sayable."""
        phrases = {o.literals: o.text for o in single_options(request.library, request.state)}
        return " and ".join(phrases.get((x,), str(x)) for x in goal)

    # --- steps ---

    def _steps(
        self, request: Request, goals: Sequence[tuple[str, tuple[Literal, ...]]]
    ) -> list[tuple[tuple[GroundSkill, ...], tuple[float, ...]]]:
        """The model's plan for each goal: greedy over whole steps, every goal advanced in the same pass.

        Only steps that apply in the predicted state can be said; the plan ends when the model says so, when
        the goal holds in the predicted state, or at its length bound.
        """
        walks = [_Walk(request, text, literals, self.config.steps_per_literal) for text, literals in goals]
        shared = prompt.head() + prompt.scene_lines(request)
        while True:
            live = [w for w in walks if w.open]
            if not live:
                break
            menus = [w.menu() for w in live]
            texts = [[f" {g.operator.say}," for g in menu] + [" done.\n"] for menu in menus]
            scores = self.lm.score_many(shared, [(w.tail, t) for w, t in zip(live, texts, strict=True)])
            for w, menu, row in zip(live, menus, scores, strict=True):
                best = max(range(len(row)), key=lambda i: (row[i].per_token, -i))
                if best == len(menu):
                    w.open = False
                else:
                    w.take(menu[best], row[best].per_token)
        return [(tuple(w.steps), tuple(w.scores)) for w in walks]


def _one_hand(options: Sequence[GoalOption]) -> bool:
    """Whether at most one thing is to be held in the end: goals are measured with one gripper."""
    return sum(x.atom.predicate == "holding" for o in options for x in o.literals) <= 1


class _Walk:
    """One plan being said, with the symbolic state it leads to."""

    def __init__(self, request: Request, goal_text: str, goal: tuple[Literal, ...], steps_per_literal: int) -> None:
        self.library, self.goal, self.state = request.library, goal, request.state
        self.tail = prompt.plan_tail(request, goal_text)
        self.steps: list[GroundSkill] = []
        self.scores: list[float] = []
        self.limit = steps_per_literal * len(goal) + 2
        self.seen: set[State] = {self.state}
        self.open = bool(goal) and bool(self.state.unmet(goal))

    def menu(self) -> list[GroundSkill]:
        """Steps sayable now; one that leads back to a state already seen is no progress."""
        options = step_options(self.library, self.state, focus_of(self.goal, self.state))
        return [g for g in options if self.state.apply(g.operator) not in self.seen]

    def take(self, step: GroundSkill, score: float) -> None:
        """Append a step and move the predicted state on."""
        self.steps.append(step)
        self.scores.append(score)
        self.state = self.state.apply(step.operator)
        self.seen.add(self.state)
        self.tail += f" {step.operator.say},"
        self.open = bool(self.state.unmet(self.goal)) and len(self.steps) < self.limit
