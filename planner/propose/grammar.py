"""What can be said: every goal and every step that the library's skills can bring about on what is here.

A goal is said as the outcome of ground skills ("put the red block in the blue bowl"), once for one thing or
once for a group that the instruction speaks of ("put all the blocks in the blue bowl"). A new skill in the library
is sayable at once, since everything comes from its operator's types, effects and phrase.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.propose import vocabulary as v
from planner.propose.words import Mention, Quantity, tokens_of
from skills.library import SkillLibrary
from skills.skill import GroundSkill
from skills.state import State
from skills.symbols import GroundAtom, Literal, Operator


@dataclass(frozen=True)
class GoalOption:
    """One sayable part of a goal.

    ``text``: the words. ``literals``: what must hold then. ``movers``: the things it is about; ``target``: where
    they go, "" when nowhere. ``group``: the mention that was expanded, None for a single thing.
    """

    text: str
    literals: tuple[Literal, ...]
    movers: tuple[str, ...]
    target: str = ""
    group: Mention | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that it names."""
        return (*self.movers, self.target) if self.target else self.movers


@dataclass(frozen=True)
class Group:
    """Several things that the instruction means together, exceptions taken out."""

    mention: Mention
    names: tuple[str, ...]
    count: int | None  # only so many of them


def groups(mentions: Sequence[Mention], state: State) -> list[Group]:
    """The groups that plural or counted mentions stand for; two single things joined are no group."""
    excluded = {n for m in mentions if m.excluded for n in m.names}
    movable = set(state.of_type("movable"))
    out = []
    for m in mentions:
        if m.excluded or m.place or m.quantity not in (Quantity.ALL, Quantity.SOME):
            continue
        names = tuple(n for n in m.names if n in movable and n not in excluded)
        if len(names) >= 2 or (names and excluded):
            out.append(Group(m, names, m.count if m.quantity is Quantity.SOME else None))
    return out


def single_options(library: SkillLibrary, state: State) -> list[GoalOption]:
    """One option for each well-typed ground skill that adds something."""
    return [_single(g) for g in library.ground(state) if g.operator.add]


def _single(ground: GroundSkill) -> GoalOption:
    op = ground.operator
    literals = tuple(Literal(a) for a in op.add)
    return GoalOption(op.say, literals, ground.args[:1], ground.args[1] if len(ground.args) > 1 else "")


def group_options(library: SkillLibrary, state: State, found: Iterable[Group]) -> list[GoalOption]:
    """Goals over a group: all to one target, each to the target of its own colour, or one pile."""
    out: list[GoalOption] = []
    for group in found:
        phrase = _phrase(group)
        for skill in library.values():
            op = skill.operator
            if len(op.parameters) != 2 or op.parameters[0].type != "movable" or not op.add:
                continue
            targets = state.of_type(op.parameters[1].type)
            out += _to_one_target(op, group, phrase, targets)
            if op.add[0].predicate == "on":
                out += _pile(op, group, phrase, targets)
            out += _matching(op, group, phrase, targets)
    return out


def _phrase(group: Group) -> str:
    said = group.mention.text
    if said in ("everything", "stuff"):
        return "everything"
    return f"all the {said}" if group.count is None else f"{group.count} {said}"


def _effects(op: Operator, mover: str, target: str) -> tuple[Literal, ...]:
    return tuple(Literal(a) for a in op.bind((mover, target)).add)


def _chosen(group: Group, target: str) -> tuple[str, ...]:
    members = tuple(n for n in group.names if n != target)
    return members if group.count is None else members[: group.count]


def _to_one_target(op: Operator, group: Group, phrase: str, targets: Sequence[str]) -> list[GoalOption]:
    if op.add[0].predicate == "on":  # many things on one support: a pile, see below
        return []
    out = []
    for target in targets:
        members = _chosen(group, target)
        if "container" in op.parameters[1].name:  # "everything in the bowl" does not mean the bowls
            members = tuple(n for n in members if n not in targets) or members
        if members:
            literals = tuple(x for n in members for x in _effects(op, n, target))
            text = _say(op, phrase, f"the {target}")
            out.append(GoalOption(text, literals, members, target, group.mention))
    return out


def _pile(op: Operator, group: Group, phrase: str, targets: Sequence[str]) -> list[GoalOption]:
    """A tower of the group, in each order of its bottom piece (the rest by name)."""
    stackable = [n for n in _chosen(group, "") if n in targets]
    if len(stackable) < 2:
        return []
    literals = tuple(x for a, b in itertools.pairwise(reversed(stackable)) for x in _effects(op, a, b))
    return [GoalOption(f"stack {phrase}", literals, tuple(stackable), "", group.mention)]


def _colours(name: str) -> frozenset[str]:
    return frozenset(v.COLOUR_ALIASES.get(t.text, t.text) for t in tokens_of(name)) & v.COLOURS


def _matching(op: Operator, group: Group, phrase: str, targets: Sequence[str]) -> list[GoalOption]:
    """Each member to the target that shares its colour word, where exactly one does."""
    pairs = []
    for n in _chosen(group, ""):
        fits = [t for t in targets if t != n and _colours(n) and _colours(n) == _colours(t) and t not in group.names]
        if len(fits) == 1:
            pairs.append((n, fits[0]))
    if len(pairs) < 2:
        return []
    literals = tuple(x for n, t in pairs for x in _effects(op, n, t))
    kind = op.parameters[1].name
    text = _say(op, phrase, f"the {kind} of the same colour")
    return [GoalOption(text, literals, tuple(n for n, _ in pairs), "", group.mention)]


def _say(op: Operator, mover: str, target: str) -> str:
    first, second = (p.name for p in op.parameters)
    return op.say.replace("the {" + first + "}", mover).replace("the {" + second + "}", target)


def step_options(library: SkillLibrary, state: State, focus: frozenset[str]) -> list[GroundSkill]:
    """Applicable steps in ``state`` whose first argument is in ``focus`` (goal things and what blocks them)."""
    return [g for g in library.applicable(state) if not g.args or g.args[0] in focus]


def focus_of(literals: Iterable[Literal], state: State) -> frozenset[str]:
    """The things a plan for these literals may have to touch: those named, what lies on them, what is held."""
    names = {n for x in literals for n in x.atom.args}
    facts: frozenset[GroundAtom] = state.base
    grown = True
    while grown:
        above = {a.args[0] for a in facts if a.predicate in ("on", "in") and a.args[1] in names}
        grown = not above <= names
        names |= above
    return frozenset(names | {a.args[0] for a in facts if a.predicate == "holding"})
