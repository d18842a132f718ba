"""Goals over a group: all to one target, each to the target of its own colour, one to each target."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from planner.propose.grammar import GoalOption, Kind, leaving
from planner.propose.lying import related
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.referents import noun
from planner.propose.sentence import Words
from planner.propose.spelling import colours_of, singular
from skills.library import SkillLibrary
from skills.state import State
from skills.symbols import Literal, Operator


@dataclass(frozen=True)
class Group:
    """Several things that the instruction means together, exceptions taken out."""

    mention: Mention
    names: tuple[str, ...]
    count: int | None  # only so many of them

    @property
    def phrase(self) -> str:
        """How it is said."""
        said = self.mention.text
        if said in ("everything", "stuff", "everything else"):
            return "everything"
        plain = said.removeprefix("the ")
        return f"all the {plain}" if self.count is None else f"{self.count} {plain}"

    def chosen(self, without: str = "") -> tuple[str, ...]:
        """Those that are meant; of a counted group the first ones."""
        members = tuple(n for n in self.names if n != without)
        return members if self.count is None else members[: self.count]


def groups(words: Words, state: State) -> list[Group]:
    """The groups that plural or counted mentions stand for; two single things joined are no group."""
    excluded = words.excluded
    movable = set(state.of_type("movable"))
    out = []
    for m in words.mentions:
        if m.excluded or m.place or not m.group or m.role not in (Role.MOVER, Role.TARGET):
            continue
        names = tuple(n for n in m.names if n in movable and n not in excluded)
        if len(names) >= 2 or (names and excluded):
            out.append(Group(m, names, m.count if m.quantity is Quantity.SOME else None))
    return out


def group_options(library: SkillLibrary, state: State, words: Words) -> list[GoalOption]:
    """Goals over the groups of an instruction: together, by colour, one to each."""
    out: list[GoalOption] = []
    for skill in library.values():
        op = skill.operator
        if len(op.parameters) != 2 or op.parameters[0].type != "movable" or not op.add or op.dear:
            continue
        targets = state.of_type(op.parameters[1].type)
        for group in groups(words, state):
            if group.mention.role is Role.MOVER:
                out += to_one_target(op, group, targets, state)
                out += _by_colour(op, group, targets, words)
        out += one_to_each(op, words, state, targets)
    return out + _away(words, state)


def effects(op: Operator, mover: str, target: str) -> tuple[Literal, ...]:
    """What holds once the operator has brought ``mover`` to ``target``."""
    return tuple(Literal(a) for a in op.bind((mover, target)).add)


def say(op: Operator, mover: str, target: str) -> str:
    """The operator's phrase with other words for its arguments."""
    first, second = (p.name for p in op.parameters)
    return op.say.replace("the {" + first + "}", mover).replace("the {" + second + "}", target)


def _away(words: Words, state: State) -> list[GoalOption]:
    """ "Take the shoes off the rug" without a word of where they go: they are no longer there, whatever else. So is one
    thing when something else is moved besides."""
    out = []
    for i, m in enumerate(words.mentions):
        group = next((g for g in groups(words, state) if g.mention is m), None)
        one = group is None and m.one and len(m.names) == 1 and not m.excluded and any(words.links.values())
        if (group is None and not one) or m.role is not Role.MOVER or words.links.get(i):
            continue  # what alone is taken out is taken in hand; with more to do it is put down somewhere
        later = list(itertools.takewhile(lambda x: x.role is not Role.MOVER or x.excluded, words.mentions[i + 1 :]))
        source = next((x for x in later if x.role is Role.SOURCE and x.names), None)
        if source is None:
            continue
        names = m.names if group is None else group.names
        members = [n for n in names if any(related(n, s, state) for s in source.names)]
        members = members if group is None or group.count is None else members[: group.count]
        there = [a for n in members for a in sorted(state.atoms, key=str) if a.args[:1] == (n,)]
        gone = tuple(Literal(a, False) for a in there if len(a.args) == 2 and a.args[1] in source.names)
        if gone:
            said = f"the {m.text}" if group is None else group.phrase
            text = f"take {said} {source.before or 'from'} the {source.text}"
            out.append(GoalOption(text, gone, tuple(members), "", None if group is None else m, Kind.AWAY))
    return out


def to_one_target(op: Operator, group: Group, targets: Sequence[str], state: State) -> list[GoalOption]:
    """A group brought to each of some targets by one operator."""
    if op.add[0].predicate == "on":  # many things on one support: a pile
        return []
    out = []
    for target in targets:
        members = group.chosen(target)
        alike = tuple(n for n in members if noun(n) != noun(target) or n not in targets)
        members = alike or members  # "everything in the bowl" does not mean the other bowls
        if members:
            literals = leaving(tuple(x for n in members for x in effects(op, n, target)), state)
            text = say(op, group.phrase, f"the {target}")
            out.append(GoalOption(text, literals, members, target, group.mention, Kind.TO_ONE))
    return out


def _by_colour(op: Operator, group: Group, targets: Sequence[str], words: Words) -> list[GoalOption]:
    """Each member to the target that shares its colour word, where exactly one does; or to one that does not."""
    kind = op.parameters[1].name
    allowed = {n for m in words.mentions if m.role is Role.TARGET and not m.place for n in m.names}
    places = [t for t in targets if t not in group.names and (not allowed or t in allowed)]
    pairs, free = [], list(places)
    others = []
    for n in group.chosen():
        fits = [t for t in places if t != n and colours_of(n) and colours_of(n) == colours_of(t)]
        if len(fits) == 1:
            pairs.append((n, fits[0]))
        unlike = [t for t in free if colours_of(t) != colours_of(n) and colours_of(t)]
        if unlike and colours_of(n):
            others.append((n, unlike[0]))
            free.remove(unlike[0])
    out = []
    if len(pairs) >= 2 or (pairs and words.cues.matching):
        text = say(op, group.phrase, f"the {kind} of the same colour")
        out.append(_paired(op, pairs, text, group.mention, Kind.MATCHING))
    if words.cues.mismatching and len(others) == len(group.chosen()):
        text = say(op, group.phrase, f"a {kind} of another colour")
        out.append(_paired(op, others, text, group.mention, Kind.MISMATCHING))
    return out


def one_to_each(op: Operator, words: Words, state: State, targets: Sequence[str]) -> list[GoalOption]:
    """One thing to each of several targets, in the order of their names: "a block in each bowl"."""
    movable = set(state.of_type("movable"))
    out = []
    for where in words.mentions:
        wide = where.group or where.quantity is Quantity.ANY
        if where.role is not Role.TARGET or where.excluded or not wide or len(where.names) < 2:
            continue
        for m in words.mentions:
            spread = where.each or (m.each and where.quantity is Quantity.ANY) or words.cues.distribute
            if m.role is not Role.MOVER or m.excluded or not spread:
                continue
            at = [t for t in where.names if t in targets and t not in words.excluded]
            movers = [n for n in m.names if n in movable and n not in words.excluded and n not in at]
            full = m.each or m.quantity is Quantity.ALL
            too_few = where.each and len(movers) < len(at)
            if len(at) < 2 or len(movers) < 2 or (full and len(movers) > len(at)) or too_few:
                continue
            pairs = list(zip(movers, at, strict=False))
            text = say(op, f"one {_one(m)}", f"each {_one(where)}")
            out.append(_paired(op, pairs, text, m, Kind.EACH))
    return out


def _paired(op: Operator, pairs: Sequence[tuple[str, str]], text: str, mention: Mention, kind: Kind) -> GoalOption:
    literals = tuple(x for n, t in pairs for x in effects(op, n, t))
    targets = tuple(dict.fromkeys(t for _, t in pairs))
    return GoalOption(text, literals, tuple(n for n, _ in pairs), "", mention, kind, targets)


def _one(m: Mention) -> str:
    return " ".join(singular(w) for w in m.text.split()) or "thing"
