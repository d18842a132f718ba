"""The symbolic words: atoms, literals, predicates' signatures, operators (STRIPS with typed parameters).

A literal is written ``in(red block, blue bowl)`` or ``not on(a, b)``. Any noun phrase is a legal object
name, so arguments may hold spaces; they may not hold commas or brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ANY = "*"  # in a delete effect: whatever stands here


class SymbolError(ValueError):
    """A literal, predicate or operator that cannot be read; the message names the choices."""


@dataclass(frozen=True, order=True)
class GroundAtom:
    """One fact, such as ``in(red block, blue bowl)``."""

    predicate: str
    args: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.predicate}({', '.join(self.args)})"


@dataclass(frozen=True, order=True)
class Literal:
    """An atom or its negation."""

    atom: GroundAtom
    positive: bool = True

    def __str__(self) -> str:
        return str(self.atom) if self.positive else f"not {self.atom}"

    def __invert__(self) -> Literal:
        return Literal(self.atom, not self.positive)


@dataclass(frozen=True)
class Predicate:
    """A relation's signature. ``types``: what each argument must be; ``say``: how a person puts it."""

    name: str
    types: tuple[str, ...]
    say: str
    meaning: str


PREDICATES: Mapping[str, Predicate] = {
    p.name: p
    for p in (
        Predicate("at", ("thing", "place"), "{0} is at {1}", "rests on or in the place, or on something that does"),
        Predicate("on", ("thing", "thing"), "{0} is on {1}", "rests directly on it"),
        Predicate(
            "in", ("thing", "container"), "{0} is in {1}", "lies in it; of loose stuff: four fifths of its grains"
        ),
        Predicate("beside", ("thing", "thing"), "{0} is next to {1}", "stands on the same surface, at most 10 cm away"),
        Predicate("left_of", ("thing", "thing"), "{0} is left of {1}", "near it, to the left for who stands before"),
        Predicate("right_of", ("thing", "thing"), "{0} is right of {1}", "near it, to the right"),
        Predicate("in_front_of", ("thing", "thing"), "{0} is in front of {1}", "near it, nearer to who stands before"),
        Predicate("behind", ("thing", "thing"), "{0} is behind {1}", "near it, farther from who stands before"),
        Predicate("holding", ("thing",), "the robot holds {0}", "the gripper holds it"),
        Predicate("hand_empty", (), "the hand is empty", "the gripper holds nothing"),
        Predicate("clear", ("thing",), "{0} is clear", "nothing rests on it or in it"),
        Predicate("upright", ("thing",), "{0} stands upright", "its own axis is vertical"),
        Predicate("open", ("articulated",), "{0} is open", "opened by more than half"),
        Predicate("closed", ("articulated",), "{0} is closed", "shut within its tolerance"),
        Predicate("accessible", ("thing",), "{0} can be got at", "is no closed container and lies in none"),
        Predicate("pressed", ("button",), "{0} is pressed", "has latched in"),
        Predicate("lit", ("lamp",), "{0} is lit", "shines"),
        Predicate("clean", ("spill",), "{0} is wiped up", "nine tenths of it are wiped off"),
        Predicate("switches", ("button", "lamp"), "{0} switches {1}", "is wired to it"),
        Predicate("known", ("thing",), "it is known where {0} is", "is seen or remembered"),
        Predicate("in_reach", ("thing",), "{0} is in reach", "the robot stands at its place, or does not drive at all"),
        Predicate("robot_at", ("place",), "the robot is at {0}", "stands there"),
        Predicate("visited", ("place",), "the robot has been at {0}", "stood there after the start"),
        Predicate("home", (), "the arm is at home", "arm in its rest posture"),
    )
}

RELATIONS = ("beside", "left_of", "right_of", "in_front_of", "behind")  # between things that stand near each other

_CALL = re.compile(r"^\s*(not\s+)?([A-Za-z_]\w*)\s*\(([^()]*)\)\s*$")


def atom(predicate: str, *args: str) -> GroundAtom:
    """Short constructor."""
    return GroundAtom(predicate, tuple(args))


def lit(predicate: str, *args: str) -> Literal:
    """A positive literal; ``~lit(...)`` is its negation."""
    return Literal(GroundAtom(predicate, tuple(args)))


def parse_literal(text: str, predicates: Mapping[str, Predicate] = PREDICATES) -> Literal:
    """Read ``[not ]name(arg, ...)``; raises SymbolError naming the predicate, its arity or the choices."""
    match = _CALL.match(text) if isinstance(text, str) else None
    if match is None:
        raise SymbolError(f"not a literal: {text!r}; write name(arg, ...) or not name(arg, ...)")
    negated, name, inside = match.groups()
    if name not in predicates:
        raise SymbolError(f"unknown predicate {name!r} in {text!r}; known: {', '.join(sorted(predicates))}")
    args = tuple(" ".join(a.split()) for a in inside.split(",")) if inside.strip() else ()
    if any(not a for a in args):
        raise SymbolError(f"empty argument in {text!r}")
    want = predicates[name].types
    if len(args) != len(want):
        raise SymbolError(f"{name} takes {len(want)} argument(s) ({', '.join(want) or 'none'}), got {text!r}")
    return Literal(GroundAtom(name, args), not negated)


@dataclass(frozen=True)
class Parameter:
    """A typed variable of an operator."""

    name: str
    type: str


@dataclass(frozen=True)
class Operator:
    """What a skill needs and changes. Literals use parameter names as arguments.

    ``invariants`` must stay true all the way through; ``delete`` may use ``"*"`` for "whatever".
    ``say`` is the step as a person would order it: ``"put {obj} in {container}"``. ``cost``: in plain steps; dear ones
    (above 1) are planned with only where plain ones do not get there, or where one of ``verbs`` was said.
    """

    name: str
    parameters: tuple[Parameter, ...]
    preconditions: tuple[Literal, ...] = ()
    invariants: tuple[Literal, ...] = ()
    add: tuple[GroundAtom, ...] = ()
    delete: tuple[GroundAtom, ...] = ()
    say: str = ""
    cost: float = 1.0
    verbs: frozenset[str] = frozenset()  # words that ask for just this

    def __post_init__(self) -> None:
        if not self.cost >= 1.0:
            raise SymbolError(f"operator {self.name}: a step costs at least 1, not {self.cost}")
        known = {p.name for p in self.parameters} | {ANY}
        atoms = [x.atom for x in (*self.preconditions, *self.invariants)] + [*self.add, *self.delete]
        for a in atoms:
            if a.predicate not in PREDICATES:
                raise SymbolError(f"operator {self.name}: unknown predicate {a.predicate!r}")
            for arg in a.args:
                if arg not in known:
                    raise SymbolError(f"operator {self.name}: {arg!r} in {a} is no parameter ({sorted(known)})")

    def bind(self, args: tuple[str, ...]) -> GroundOperator:
        """Put objects in the parameters' places; raises SymbolError on a wrong count."""
        if len(args) != len(self.parameters):
            names = ", ".join(p.name for p in self.parameters)
            raise SymbolError(f"{self.name} takes ({names}), got {len(args)} argument(s)")
        table = {p.name: a for p, a in zip(self.parameters, args, strict=True)}

        def put(a: GroundAtom) -> GroundAtom:
            return GroundAtom(a.predicate, tuple(table.get(x, x) for x in a.args))

        def puts(ls: Iterable[Literal]) -> tuple[Literal, ...]:
            return tuple(Literal(put(x.atom), x.positive) for x in ls)

        return GroundOperator(
            self.name,
            args,
            puts(self.preconditions),
            puts(self.invariants),
            tuple(map(put, self.add)),
            tuple(map(put, self.delete)),
            self.say.format(**table) if self.say else "",
            self.cost,
        )

    @property
    def dear(self) -> bool:
        """Dearer than a plain step."""
        return self.cost > 1.0


@dataclass(frozen=True)
class GroundOperator:
    """An operator with objects in its parameters' places."""

    name: str
    args: tuple[str, ...]
    preconditions: tuple[Literal, ...]
    invariants: tuple[Literal, ...]
    add: tuple[GroundAtom, ...]
    delete: tuple[GroundAtom, ...]
    say: str
    cost: float = 1.0

    @property
    def effects(self) -> tuple[Literal, ...]:
        """What must be observed afterwards: the added atoms, and ground deleted ones as negations."""
        gone = tuple(Literal(a, False) for a in self.delete if ANY not in a.args and a not in self.add)
        return tuple(Literal(a) for a in self.add) + gone

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.args)})"
