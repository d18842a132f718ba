"""What can be said: every goal and every step that the library's skills can bring about on what is here.

A goal is said as the outcome of ground skills ("put the red block in the blue bowl"), once for one thing or
once for a group that the instruction speaks of ("put all the blocks in the blue bowl", `planner.propose.sets` and
`planner.propose.towers`). A new skill in the library is sayable at once, since everything comes from its operator's
types, effects and phrase.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from planner.propose.mention import Mention
from skills.library import SkillLibrary
from skills.skill import GroundSkill
from skills.state import State
from skills.symbols import RELATIONS, GroundAtom, Literal, Operator


class Kind(str, Enum):
    """How an option arranges what it is about."""

    SINGLE = "single"
    TO_ONE = "to one"  # a group to one target
    MATCHING = "matching"  # each to the target of its colour
    MISMATCHING = "mismatching"  # none to the target of its colour
    EACH = "each"  # one to each target
    PILE = "pile"
    APART = "apart"  # each by itself
    AWAY = "away"  # off or out of where they are, wherever they go
    REVERSED = "reversed"  # a tower upside down
    SWAPPED = "swapped"
    TOGETHER = "together"  # next to each other
    RESTORED = "restored"  # where it was before


@dataclass(frozen=True)
class GoalOption:
    """One sayable part of a goal.

    ``text``: the words. ``literals``: what must hold then. ``movers``: the things it is about; ``target``: where
    they go, "" when nowhere or to several, then ``targets`` has them. ``group``: the mention that was expanded, None
    for a single thing. ``operator``: of a single ground skill.
    """

    text: str
    literals: tuple[Literal, ...]
    movers: tuple[str, ...]
    target: str = ""
    group: Mention | None = None
    kind: Kind = Kind.SINGLE
    targets: tuple[str, ...] = ()
    operator: Operator | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that it names."""
        return (*self.movers, *((self.target,) if self.target else ()), *self.targets)

    @property
    def predicate(self) -> str:
        """Of its first literal."""
        return self.literals[0].atom.predicate


def single_options(library: SkillLibrary, state: State) -> list[GoalOption]:
    """One option for each well-typed ground skill that adds something; of dear skills only where no plain one says the
    same (what is pushed somewhere is there, as what is put there). What goes near something: `near.near_options`."""
    plain = {a.predicate for s in library.values() if not s.operator.dear for a in s.operator.add} | set(RELATIONS)
    said = [s.name for s in library.values() if not s.operator.dear or not _predicates(s.operator) <= plain]
    return [single(g, state) for g in library.subset(said).ground(state) if g.operator.add]


def _predicates(op: Operator) -> set[str]:
    return {a.predicate for a in op.add}


def leaving(literals: tuple[Literal, ...], state: State) -> tuple[Literal, ...]:
    """With what must no longer hold where the outcome is already true of what carries the thing: "put the block at
    the left side" of a block that lies in a bowl there means beside the bowl."""
    out = list(literals)
    for x in literals:
        if x.atom.predicate == "at" and x.atom not in state.base and state.holds(x):
            carried = (a for a in state.base if a.predicate in ("on", "in") and a.args[0] == x.atom.args[0])
            out += [Literal(a, False) for a in sorted(carried, key=str)]
    return tuple(out)


def single(ground: GroundSkill, state: State) -> GoalOption:
    """What one ground skill brings about, in its words."""
    op = ground.operator
    literals = leaving(tuple(Literal(a) for a in op.add), state)
    told = {n for x in literals for n in x.atom.args}
    target = next((n for n in ground.args[1:] if n in told), "")  # a tool or a vessel is no part of the outcome
    return GoalOption(op.say, literals, ground.args[:1], target, operator=ground.skill.operator)


def step_options(library: SkillLibrary, state: State, focus: frozenset[str]) -> list[GroundSkill]:
    """Applicable plain steps in ``state`` whose first argument is in ``focus`` (goal things and what blocks them)."""
    plain = library.subset(n for n, s in library.items() if not s.operator.dear)
    return [g for g in plain.applicable(state) if not g.args or g.args[0] in focus]


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
