"""Goals composed from the answers to the small questions, and any goal's log-probability under them.

Given the request the answers are taken as independent: a goal says of every movable thing whether it is moved and
where to, and of every deed whether it is done. "either" things count as moved or not moved alike; how many of them
are moved is an answer of its own.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from planner.plan import Request
from planner.propose.answers import Answers
from planner.propose.asking import HAND, Target, deeds_of
from planner.propose.grammar import leaving
from skills.library import SkillLibrary
from skills.state import State
from skills.symbols import GroundAtom, Literal

FLOOR = math.log(0.004)  # no single answer rules a goal out
UNASKED = math.log(0.05)  # of a target that was not among the options
FLIPS = 5  # answers that are taken the other way, one at a time
BRANCHES = 3  # other choices among the "either" things


@dataclass(frozen=True)
class Composed:
    """A goal from the answers. ``moves``: where each thing goes; ``deeds``: words of what else is done."""

    moves: Mapping[str, Target]
    deeds: tuple[str, ...]
    literals: tuple[Literal, ...]
    logprob: float


def _log(p: float) -> float:
    return max(FLOOR, math.log(p)) if p > 0.0 else FLOOR


def compose(request: Request, answers: Answers, k: int) -> list[Composed]:
    """The ``k`` likeliest goals of the answers, best first; empty when nothing is to be done."""
    deeds = tuple(d for d, p in answers.deeds.items() if p > 0.5)
    best = _chosen(answers)
    variants = [best, *_flipped(answers, best), *_counted(answers), *_redirected(answers, best)]
    found: dict[frozenset[Literal], Composed] = {}
    for moves in variants:
        for said in (deeds, ()) if moves and deeds else (deeds,):
            literals = _literals(request, moves, said)
            if any(not request.state.holds(x) for x in literals) and _possible(moves):
                score = goal_logprob(request, answers, literals)
                found.setdefault(frozenset(literals), Composed(moves, said, literals, score))
    return sorted(found.values(), key=lambda c: -c.logprob)[:k]


def _best_target(answers: Answers, thing: str) -> Target | None:
    options = answers.goes.get(thing, {})
    return max(options, key=lambda t: options[t], default=None)


def _chosen(answers: Answers) -> dict[str, Target]:
    """What the likeliest answers say."""
    return _with(answers, answers.certain, _number(answers))


def _number(answers: Answers) -> int:
    """How many of the "either" things; all of them for "all"."""
    if not answers.either:
        return 0
    best = max(range(len(answers.count)), key=lambda i: answers.count[i])
    return len(answers.either) if best == 0 else best


def _with(answers: Answers, certain: Iterable[str], number: int) -> dict[str, Target]:
    ranked = sorted(answers.either, key=lambda n: -answers.likely(n))[:number]
    chosen = {*certain, *ranked}
    return {n: t for n in answers.meant if n in chosen and (t := _best_target(answers, n)) is not None}


def _flipped(answers: Answers, best: Mapping[str, Target]) -> list[dict[str, Target]]:
    """The same with one unsure thing taken in or left out."""
    out = []
    unsure = sorted(answers.goes, key=lambda n: abs(answers.likely(n) - 0.5))
    for n in unsure[:FLIPS]:
        moves = dict(best)
        target = _best_target(answers, n)
        if n in moves:
            del moves[n]
        elif target is not None:
            moves[n] = target
        if moves:
            out.append(moves)
    return out


def _counted(answers: Answers) -> list[dict[str, Target]]:
    """Other numbers of the "either" things, and other ones of them."""
    out = []
    number = _number(answers)
    for n in {1, 2, len(answers.either)} - {number}:
        if 0 < n <= len(answers.either):
            out.append(_with(answers, answers.certain, n))
    if 0 < number < len(answers.either):
        for chosen in itertools.islice(itertools.combinations(answers.either, number), BRANCHES + 1):
            out.append(_with(answers, (*answers.certain, *chosen), 0))
    return out


def _redirected(answers: Answers, best: Mapping[str, Target]) -> list[dict[str, Target]]:
    """The same with the things of one target brought to their second best."""
    out = []
    for target in dict.fromkeys(best.values()):
        group = [n for n in best if best[n] == target]
        rest: dict[Target, float] = {}
        for n in group:
            for t, p in answers.goes[n].items():
                if t != target:
                    rest[t] = rest.get(t, 0.0) + p
        if rest:
            second = max(rest, key=lambda t: rest[t])
            out.append({n: second if n in group else t for n, t in best.items() if n != second[1]})
    return out


def _possible(moves: Mapping[str, Target]) -> bool:
    """One thing in the hand, one thing on each support, nothing above itself."""
    if sum(t == HAND for t in moves.values()) > 1:
        return False
    on = [t[1] for t in moves.values() if t[0] == "on"]
    if len(on) != len(set(on)):
        return False
    for start in moves:
        seen, here = {start}, moves[start][1]
        while here in moves:
            if here in seen:
                return False
            seen.add(here)
            here = moves[here][1]
    return True


def _literals(request: Request, moves: Mapping[str, Target], deeds: Sequence[str]) -> tuple[Literal, ...]:
    out: list[Literal] = []
    for n, t in moves.items():
        effects = effects_of(request.library, n, t)
        out += leaving(effects, request.state) if effects else ()
    done = {d.say: d.step for d in deeds_of(request)} if deeds else {}
    for d in deeds:
        out += [Literal(a) for a in done[d].operator.add if a.predicate not in ("visited",)]
    return tuple(dict.fromkeys(out))


def effects_of(library: SkillLibrary, thing: str, target: Target) -> tuple[Literal, ...]:
    """What a skill of the library makes true that brings the thing there; empty when none can."""
    predicate, where = target
    for skill in library.values():
        op = skill.operator
        if not op.add or op.add[0].predicate != predicate or not op.parameters or op.parameters[0].type != "movable":
            continue
        if len(op.parameters) == (1 if target == HAND else 2):
            return tuple(Literal(a) for a in op.bind((thing,) if target == HAND else (thing, where)).add)
    return ()


def moves_of(literals: Iterable[Literal], state: State) -> dict[str, Target]:
    """Where a goal wants the movable things, one place each: the first that it names."""
    movable = set(state.of_type("movable"))
    out: dict[str, Target] = {}
    for x in literals:
        a = x.atom
        if x.positive and a.args and a.args[0] in movable and a.predicate in ("in", "on", "at", HAND[0]):
            out.setdefault(a.args[0], HAND if a.predicate == HAND[0] else (a.predicate, a.args[1]))
    return out


def goal_logprob(request: Request, answers: Answers, literals: Sequence[Literal]) -> float:
    """Log-probability [nats] that exactly this is asked for, under the answers; each answer bounded from below."""
    state = request.state
    moves = moves_of(literals, state)
    freed = _freed(literals, state)
    total = 0.0
    for n, (yes, either, no) in answers.meant.items():
        here = _here(state, answers, n)
        if n in moves and not _at(state, n, moves[n]):
            total += _log(yes + either)
            total += _log(answers.goes[n].get(moves[n], 0.0)) if n in answers.goes else UNASKED
        elif n in moves:  # to be where it is already: so meant, or not meant at all
            total += _log(no + (yes + either) * here)
        elif n in freed:
            total += _log(yes + either)
        else:
            total += _log(no + either + yes * here)
    either_ones = answers.either
    if either_ones:
        k = sum(n in moves for n in either_ones)
        p = answers.count[k] if 0 < k < len(answers.count) else 0.0
        total += _log(p + (answers.count[0] if k == len(either_ones) else 0.0))
    return total + _deeds_logprob(request, answers, literals)


def _at(state: State, thing: str, target: Target) -> bool:
    args = (thing,) if target == HAND else (thing, target[1])
    return state.holds(Literal(GroundAtom(target[0], args)))


def _here(state: State, answers: Answers, thing: str) -> float:
    """Probability that the thing, if it is meant, goes where it is already."""
    return sum(p for t, p in answers.goes.get(thing, {}).items() if _at(state, thing, t))


def _freed(literals: Iterable[Literal], state: State) -> set[str]:
    """Things that lie on or in what is to be clear, or that are to leave where they are."""
    out: set[str] = set()
    for x in literals:
        a = x.atom
        if x.positive and a.predicate == "clear":
            out |= {b.args[0] for b in state.base if b.predicate in ("on", "in") and b.args[1] == a.args[0]}
        elif not x.positive and a.predicate in ("on", "in", "at"):
            out.add(a.args[0])
    return out


def _deeds_logprob(request: Request, answers: Answers, literals: Sequence[Literal]) -> float:
    if not answers.deeds:
        return 0.0
    wanted = set(literals)
    total = 0.0
    for d in deeds_of(request):
        p = answers.deeds.get(d.say, 0.0)
        done = any(Literal(a) in wanted for a in d.step.operator.add)
        total += _log(p if done else 1.0 - p)
    return total
