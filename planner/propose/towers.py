"""Goals about towers: build one in a given order, several, take one apart, turn it over; and changing places."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from planner.propose.cues import Cues
from planner.propose.grammar import GoalOption, Kind
from planner.propose.mention import Role
from planner.propose.reading import piles_of
from planner.propose.sentence import Words
from planner.propose.sets import Group, effects, groups
from planner.propose.spelling import colours_of
from skills.library import SkillLibrary
from skills.state import State
from skills.symbols import GroundAtom, Literal, Operator

LONGEST = 8  # things in one tower
HUES = ("red", "orange", "yellow", "green", "cyan", "teal", "blue", "indigo", "purple", "violet")  # of the rainbow


def tower_options(library: SkillLibrary, state: State, words: Words) -> list[GoalOption]:
    """What the words may mean about towers; nothing where they do not speak of any."""
    out: list[GoalOption] = []
    ops = [s.operator for s in library.values() if len(s.operator.parameters) == 2 and s.operator.add]
    on = next((o for o in ops if o.add[0].predicate == "on"), None)
    if on is not None:
        for group in _to_pile(words, state):
            out += _piles(on, ops, group, state, words)
        pile = _target_pile(words, state)
        loose = next((m for m in words.wanted if m.role is Role.MOVER and len(m.names) == 1), None)
        if pile and loose is not None and not out and loose.names[0] in state.of_type("movable"):
            literals = effects(on, loose.names[0], pile[-1])
            text = f"put the {loose.names[0]} on top of the stack"
            out.append(GoalOption(text, literals, loose.names, "", loose, Kind.PILE, pile))
    out += _reversed(state, words.cues)
    out += _apart(state, words)
    out += _swapped(state, words)
    return out


def _to_pile(words: Words, state: State) -> list[Group]:
    """Groups to pile up: those spoken of, and the things that are given a place in the tower one by one."""
    whole = groups(words, state)
    found = [g for g in whole if not g.mention.pile and g.mention.role is Role.MOVER]
    single = [m for i, m in enumerate(words.mentions) if m in words.wanted and not words.links.get(i)]
    single = [m for m in single if m.role is Role.MOVER and m.one and len(m.names) == 1 and not m.place]
    names = tuple(dict.fromkeys(n for m in single for n in m.names))
    known = any(set(names) <= set(g.names) for g in found)
    if words.cues.tower and not known and len(names) >= 2 and set(names) <= set(state.of_type("movable")):
        found.append(Group(single[0], names, None))
    return found


def _piles(on: Operator, ops: Sequence[Operator], group: Group, state: State, words: Words) -> list[GoalOption]:
    supports = set(state.of_type("support"))
    where = [m for m in words.mentions if m.role is Role.TARGET and not m.excluded and len(m.names) == 1]
    base = next((m.names[0] for m in where if m.names[0] in supports and not m.pile), "")
    parts = max(1, words.cues.piles)
    many = group.names[: group.count * parts] if group.count and parts > 1 else group.chosen(base)
    told = [n for i in words.cues.order for n in words.mentions[i].names if words.mentions[i].one and n in group.names]
    if group.count and parts == 1 and told:  # "three blocks: red on top, ...": these among them
        many = (*told, *(n for n in many if n not in told))[: group.count]
    members = [n for n in many if n in supports and n != base]
    pile = _target_pile(words, state)
    if pile:
        members = [n for n in members if n not in pile]
        base = pile[-1]
    if len(members) < (1 if base else 2) or len(members) > LONGEST:
        return []
    ordered = _ordered(members, words, state)
    if parts > 1 and len(ordered) >= 2 * parts:
        size = len(ordered) // parts
        towers = [ordered[k * size : (k + 1) * size] for k in range(parts)]
    else:
        towers = [([base] if base else []) + ordered]
    literals = tuple(x for t in towers for a, b in itertools.pairwise(t) for x in effects(on, b, a))
    targets = (base,) if base else ()
    text = f"stack {group.phrase}" + (f" on the {base}" if base else "")
    out = [GoalOption(text, literals, tuple(ordered), "", group.mention, Kind.PILE, targets)]
    for m in where:  # "... in the corner"
        op = next((o for o in ops if m.names[0] in state.of_type(o.parameters[1].type) and o is not on), None)
        if op is not None and not base and parts == 1:
            foot = effects(op, ordered[0], m.names[0])
            there = f"{text} at the {m.names[0]}"
            out.append(
                GoalOption(there, (*literals, *foot), tuple(ordered), "", group.mention, Kind.PILE, m.names)
            )  # fmt: skip
    return out


def _target_pile(words: Words, state: State) -> tuple[str, ...]:
    """The tower that things are to be added to, if that is what was said."""
    said = [m for m in words.mentions if m.pile and m.role is Role.TARGET and m.before in ("to", "on", "onto", "atop")]
    piles = piles_of(state)
    return piles[0] if said and len(piles) == 1 else ()


def _ordered(members: Sequence[str], words: Words, state: State) -> list[str]:
    """From the bottom up: as the words order them, the rest in between as it comes."""
    rank: dict[str, float] = {}
    place = {"low": -10.0, "middle": 0.0, "high": 10.0}
    for i, said in words.cues.order.items():
        m = words.mentions[i]
        fits = [n for n in m.names if n in members]
        if fits and m.one:
            rank[fits[0]] = place.get(said, float(said) - 5.0 if said.isdigit() else 0.0)
    if words.cues.rainbow:
        way = 1.0 if words.cues.rainbow == "up" else -1.0
        rank = {n: way * (min((HUES.index(c) for c in colours_of(n) if c in HUES), default=len(HUES))) for n in members}
    return sorted(members, key=lambda n: (rank.get(n, 0.0), members.index(n)))


def _reversed(state: State, cues: Cues) -> list[GoalOption]:
    if not cues.reverse:
        return []
    out = []
    for pile in piles_of(state):
        literals = tuple(Literal(GroundAtom("on", (a, b))) for a, b in itertools.pairwise(pile))
        top = pile[-1]
        out.append(GoalOption(f"turn the stack with the {top} on top over", literals, pile, "", None, Kind.REVERSED))
    return out


def _apart(state: State, words: Words) -> list[GoalOption]:
    """Each thing of a tower with nothing on it."""
    if not words.cues.apart:
        return []
    out = []
    for pile in piles_of(state):
        members = tuple(n for n in pile if n not in words.excluded)
        literals = tuple(Literal(GroundAtom("clear", (n,))) for n in members)
        if not literals:
            continue
        out.append(GoalOption(f"take the stack on the {pile[0]} apart", literals, members, "", None, Kind.APART))
    if not out:
        return []
    whole = tuple(x for o in out for x in o.literals)
    movers = tuple(n for o in out for n in o.movers)
    return out if len(out) == 1 else [GoalOption("take the stacks apart", whole, movers, "", None, Kind.APART)]


def _swapped(state: State, words: Words) -> list[GoalOption]:
    """Two things, each where the other is now."""
    if not words.cues.swap:
        return []
    out = []
    movers = [m for m in words.mentions if m.role in (Role.MOVER, Role.TARGET) and m.names and not m.excluded]
    pairs = [(a, b) for m in movers if m.group and len(m.names) == 2 for a, b in [m.names]]
    single = [m for m in movers if len(m.names) == 1 and not m.place]
    if not pairs:
        pairs = [(a.names[0], b.names[0]) for a, b in itertools.pairwise(single)]
    if len(pairs) == 1 and not _movable(pairs[0], state):
        pairs = []
    for a, b in pairs:
        contents = _contents(a, b, state)
        literals = contents or _exchanged(a, b, state)
        if literals:
            text = f"swap the {a} and the {b}"
            mention = next((m for m in movers if {a, b} <= set(m.names)), None)
            names = tuple(dict.fromkeys(x.atom.args[0] for x in literals))
            others = (*(a, b), *(x.atom.args[-1] for x in literals))
            out.append(GoalOption(text, literals, names, "", mention, Kind.SWAPPED, _rest(others, names)))
    return out


def _movable(pair: tuple[str, str], state: State) -> bool:
    """Whether the two can change places, or what is in them can."""
    inside = any(x.predicate == "in" and x.args[1] in pair for x in state.base)
    return inside or set(pair) <= set(state.of_type("movable"))


def _rest(names: Sequence[str], movers: Sequence[str]) -> tuple[str, ...]:
    return tuple(n for n in names if n not in movers)


def _exchanged(a: str, b: str, state: State) -> tuple[Literal, ...]:
    """The facts about where the two are, with their names exchanged."""
    other = {a: b, b: a}
    facts = [x for x in state.base if x.predicate in ("on", "in", "at") and {a, b} & set(x.args)]
    nested = {p for x in facts if x.predicate == "at" for p in state.within.get(x.args[1], ())}
    facts = [x for x in facts if not (x.predicate == "at" and x.args[1] in nested)]
    new = [GroundAtom(x.predicate, tuple(other.get(n, n) for n in x.args)) for x in sorted(facts, key=str)]
    return tuple(Literal(x) for x in new)


def _contents(a: str, b: str, state: State) -> tuple[Literal, ...]:
    """What lies in two containers, exchanged; empty when they are no containers with something in them."""
    other = {a: b, b: a}
    facts = [x for x in sorted(state.base, key=str) if x.predicate == "in" and x.args[1] in other]
    if {x.args[1] for x in facts} != {a, b}:
        return ()
    return tuple(Literal(GroundAtom("in", (x.args[0], other[x.args[1]]))) for x in facts)
