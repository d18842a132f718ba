"""The model's answers to the small questions, all asked behind one shared part, as probabilities.

The first pass asks which things are meant, how many, what is done besides, and whether to act; the second, where the
things go that may be meant, and which comes first. Probabilities are softmax over the options of a question, so that
answers are conditionally independent given the request.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from planner.lm.api import LanguageModel, OptionScore
from planner.plan import Request
from planner.propose import form
from planner.propose.asking import HAND, Target, deeds_of, fewer, setting_of, targets_of

MOST_TARGETS = 24  # of one question about where a thing goes, as in training
MOST_TOKENS_ABOUT = 720  # options of all such questions together; beyond, each gets fewer
LEAST_TARGETS = 10
MAYBE = 0.08  # a thing this likely to be meant is asked where it goes
MOST_ASKED = 14  # things


@dataclass(frozen=True)
class Answers:
    """``meant``: (yes, either, no) of every movable thing; ``decision``: (act, ask, refuse); ``count``: of "all",
    one, two ... of the "either" things; ``deeds``: yes, by the deed's words; ``goes``: for each thing that was asked
    about, its targets; ``first``: which thing the words want moved first, "" for none; ``plans``: log-probability per
    token of whole plans, by their words; ``known``: what the model was told of a look-up."""

    meant: Mapping[str, tuple[float, float, float]]
    decision: tuple[float, float, float]
    count: tuple[float, ...]
    deeds: Mapping[str, float] = field(default_factory=dict)
    goes: Mapping[str, Mapping[Target, float]] = field(default_factory=dict)
    first: Mapping[str, float] = field(default_factory=dict)
    plans: Mapping[str, float] = field(default_factory=dict)
    known: tuple[form.Known, ...] = ()

    def likely(self, thing: str) -> float:
        """Probability that the thing is meant, certainly or as one of several."""
        yes, either, _ = self.meant.get(thing, (0.0, 0.0, 1.0))
        return yes + either

    @property
    def either(self) -> tuple[str, ...]:
        """The things of which some would do."""
        return tuple(n for n, p in self.meant.items() if max(p) == p[1])

    @property
    def certain(self) -> tuple[str, ...]:
        """The things that are certainly meant."""
        return tuple(n for n, p in self.meant.items() if max(p) == p[0] > p[1])

    @property
    def chosen(self) -> str:
        """The likeliest decision: "act", "ask" or "refuse"."""
        best = max(range(3), key=lambda i: self.decision[i])
        return form.DECISIONS[best].strip()

    def entropy(self) -> float:
        """Mean entropy [nats] of the answers about the things: how unsure the model is of what is meant."""
        rows = list(self.meant.values())
        return sum(_entropy(r) for r in rows) / len(rows) if rows else 0.0


def softmax(scores: Sequence[OptionScore]) -> tuple[float, ...]:
    """Probabilities of the options of one question."""
    top = max(s.logprob for s in scores)
    raw = [math.exp(s.logprob - top) for s in scores]
    total = sum(raw)
    return tuple(r / total for r in raw)


def _entropy(p: Iterable[float]) -> float:
    return -sum(x * math.log(x) for x in p if x > 0.0)


def ask_what(lm: LanguageModel, request: Request, known: Sequence[form.Known] = ()) -> Answers:
    """The first pass: things, number, deeds, decision. ``known``: what was looked up; later passes are told too."""
    movable = request.state.of_type("movable")
    deeds = [d.say for d in deeds_of(request)]
    questions = [form.meant(n) for n in movable] + [form.also(d) for d in deeds]
    questions += [form.how_many(), form.decision()]
    rows = [softmax(r) for r in _ask(lm, request, known, questions)]
    meant = {n: (r[0], r[1], r[2]) for n, r in zip(movable, rows, strict=False)}
    said = rows[len(movable) : len(movable) + len(deeds)]
    act, ask, refuse = rows[-1]
    by_deed = {d: r[1] for d, r in zip(deeds, said, strict=True)}
    return Answers(meant, (act, ask, refuse), rows[-2], by_deed, known=tuple(known))


def ask_where(
    lm: LanguageModel,
    request: Request,
    answers: Answers,
    also: Iterable[str] = (),
    spoken: frozenset[str] = frozenset(),
    plans: Sequence[str] = (),
) -> Answers:
    """The second pass: where the things go that may be meant, which comes first, and how likely whole plans are.

    ``also``: things that some reading of the words moves; ``spoken``: targets that the words speak of, never left out;
    ``plans``: by `planner.propose.form.plan_text`.
    """
    extra = set(also)
    asked = [n for n in answers.meant if n in extra or answers.likely(n) >= MAYBE]
    asked = sorted(asked, key=lambda n: -answers.likely(n) - (n in extra))[:MOST_ASKED]
    most = MOST_TARGETS if not asked else max(LEAST_TARGETS, min(MOST_TARGETS, MOST_TOKENS_ABOUT // (5 * len(asked))))
    targets = [fewer(targets_of(n, request.state), most, spoken) for n in asked]
    questions = [form.goes(n, [form.outcome(*t) for t in ts]) for n, ts in zip(asked, targets, strict=True)]
    sure = [n for n in answers.certain if n in asked]
    if len(sure) >= 2:
        questions.append(form.first(sure))
    if plans:
        questions.append(form.Question(form.plan_tail(), tuple(plans)))
    if not questions:
        return answers
    rows = _ask(lm, request, answers.known, questions)
    goes = {n: dict(zip(ts, softmax(r), strict=True)) for n, ts, r in zip(asked, targets, rows, strict=False)}
    first: dict[str, float] = {}
    if len(sure) >= 2:
        first = dict(zip(("", *sure), softmax(rows[len(asked)]), strict=True))
    told = {t: s.per_token for t, s in zip(plans, rows[-1], strict=True)} if plans else {}
    return replace(answers, goes=goes, first=first, plans=told)


def ask_order(
    lm: LanguageModel, request: Request, things: Sequence[str], start: str, known: Sequence[form.Known] = ()
) -> tuple[str, ...]:
    """The order that the words force on ``things``, of which ``start`` comes first; as far as they force one."""
    done = [start]
    while len(left := [t for t in things if t not in done]) >= 2:
        question = form.first(left, done)
        (row,) = _ask(lm, request, known, [question])
        best = max(range(len(row)), key=lambda i: row[i].logprob)
        if best == 0:
            break
        done.append(left[best - 1])
    return tuple(done)


def _ask(
    lm: LanguageModel, request: Request, known: Sequence[form.Known], questions: Sequence[form.Question]
) -> list[list[OptionScore]]:
    return lm.score_many(form.shared_part(setting_of(request, known)), [(q.tail, q.options) for q in questions])


__all__ = ["HAND", "Answers", "Target", "ask_order", "ask_what", "ask_where", "softmax"]
