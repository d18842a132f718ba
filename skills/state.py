"""Symbolic states: base facts plus what follows from them, and the result of applying an operator.

Base facts are direct relations (``on``, ``in``, ``at`` of what stands on the surface itself, ``holding``,
``robot_at``, ``open``, ``closed`` ...). Derived: ``clear``, ``hand_empty``, ``accessible``, ``lit``, ``at`` through
whatever carries a thing, ``at`` of every region that encloses a region, and ``in_reach`` of what is where the robot
stands. Keeping derived facts out of the operators keeps the operators short and cannot contradict itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from skills.symbols import ANY, RELATIONS, GroundAtom, GroundOperator, Literal


@dataclass(frozen=True)
class Thing:
    """A symbolic object: its name and every type it has."""

    name: str
    types: frozenset[str]


@dataclass(frozen=True)
class State:
    """One symbolic state. ``within``: for each place, the larger places that enclose it; ``twins``: pairs of names for
    one moving part (a cabinet and its door), both ways: opening the one opens the other; ``unseen``: things that may be
    around and whose place is not known; ``relations``: what is near what (`symbols.RELATIONS`), kept apart since every
    step changes many of them unasked. What is found (``known`` of an unseen thing) counts as within reach until the
    robot drives on."""

    base: frozenset[GroundAtom]
    things: Mapping[str, Thing]
    within: Mapping[str, frozenset[str]]
    twins: Mapping[str, str] = field(default_factory=dict)
    unseen: frozenset[str] = frozenset()
    relations: frozenset[GroundAtom] = frozenset()

    def __hash__(self) -> int:
        return hash(self.base)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, State) and self.base == other.base and self.relations == other.relations

    @cached_property
    def atoms(self) -> frozenset[GroundAtom]:
        """Every fact that holds, base and derived."""
        facts = set(self.base | self.relations)
        carried: dict[str, list[str]] = {}
        loaded: set[str] = set()
        for a in self.base:
            if a.predicate in ("on", "in"):
                carried.setdefault(a.args[1], []).append(a.args[0])
                if not self._loose(a.args[0]):
                    loaded.add(a.args[1])
                if a.predicate == "in":  # what lies in a container also rests on it; a lid on a bowl is not in it
                    facts.add(GroundAtom("on", a.args))
        for a in self._expected_near():
            carried.setdefault(a.args[1], []).append(a.args[0])
        for a in [a for a in self.base if a.predicate == "at"]:
            places = {a.args[1], *self.within.get(a.args[1], ())}
            todo, seen = [a.args[0]], {a.args[0]}
            while todo:
                name = todo.pop()
                facts.update(GroundAtom("at", (name, p)) for p in places)
                fresh = [c for c in carried.get(name, ()) if c not in seen]
                seen.update(fresh)
                todo.extend(fresh)
        for name, thing in self.things.items():
            if "thing" in thing.types:
                if name not in loaded:
                    facts.add(GroundAtom("clear", (name,)))
                if name not in self.unseen:
                    facts.add(GroundAtom("known", (name,)))
        if not any(a.predicate == "holding" for a in self.base):
            facts.add(GroundAtom("hand_empty"))
        facts.update(GroundAtom("in_reach", (name,)) for name in self._reached(facts))
        shut = self._shut_away(carried)
        free = (n for n, t in self.things.items() if "thing" in t.types and n not in shut)
        facts.update(GroundAtom("accessible", (n,)) for n in free)
        for a in self.base:
            if a.predicate == "switches" and GroundAtom("pressed", a.args[:1]) in self.base:
                facts.add(GroundAtom("lit", a.args[1:]))
        return frozenset(facts)

    def _expected_near(self) -> list[GroundAtom]:
        """Relations of what is thought to have been put near something: it is at the same places."""
        known = {a.args[0] for a in self.base if a.predicate in ("at", "on", "in", "holding")}
        return [a for a in self.relations if a.args[0] not in known]

    def _loose(self, name: str) -> bool:
        """Whether a thing is loose stuff: a cup with rice in it can be picked up as it is."""
        return name in self.things and "stuff" in self.things[name].types

    def stations_of(self, name: str) -> tuple[str, ...]:
        """The places that a robot which drives must stand at to have a thing or a place in reach, sorted."""
        stations = {n for n, thing in self.things.items() if "station" in thing.types}
        around = {a.args[1] for a in self.atoms if a.predicate == "at" and a.args[0] == name}
        return tuple(sorted(stations & {name, *self.within.get(name, ()), *around}))

    def _reached(self, facts: set[GroundAtom]) -> Iterable[str]:
        """Everything known, for a robot that does not drive; else what is at the place where it stands, and the place.
        What was found is where the robot went for it, until it drives elsewhere."""
        located = {a.args[0] for a in self.base if a.predicate in ("at", "in", "on")} if self.unseen else set()
        found = {n for n in self.unseen - located if GroundAtom("known", (n,)) in self.base}
        if not any("station" in thing.types for thing in self.things.values()):
            return set(self.things) - (self.unseen - located - found)
        here = {a.args[0] for a in self.base if a.predicate == "robot_at"}
        places = here | {p for p, outer in self.within.items() if outer & here}
        there = {a.args[0] for a in facts if a.predicate == "at" and a.args[1] in here}
        return places | there | (set() if here else found)

    def _shut_away(self, carried: Mapping[str, list[str]]) -> set[str]:
        """Closed containers and everything in or on what lies in them."""
        shut = {
            n
            for n, t in self.things.items()
            if "articulated" in t.types and "container" in t.types and GroundAtom("open", (n,)) not in self.base
        }
        todo = list(shut)
        while todo:
            inner = [n for n in carried.get(todo.pop(), ()) if n not in shut]
            shut.update(inner)
            todo.extend(inner)
        return shut

    def shut_around(self, name: str) -> tuple[str, ...]:
        """The closed containers that keep a thing from being got at: itself, or what it lies in."""
        found, todo, seen = [], [name], {name}
        while todo:
            one = todo.pop()
            types = self.things[one].types if one in self.things else frozenset()
            if {"articulated", "container"} <= types and GroundAtom("open", (one,)) not in self.base:
                found.append(one)
            outer = {a.args[1] for a in self.base if a.predicate in ("in", "on") and a.args[0] == one} - seen
            seen |= outer
            todo.extend(sorted(outer))
        return tuple(found)

    def holds(self, literal: Literal) -> bool:
        """Whether the literal is true here (closed world)."""
        return (literal.atom in self.atoms) == literal.positive

    def unmet(self, literals: Iterable[Literal]) -> tuple[Literal, ...]:
        """Those of the literals that are false here."""
        return tuple(x for x in literals if not self.holds(x))

    def apply(self, op: GroundOperator) -> State:
        """The state after the operator; preconditions are the caller's business."""
        add, delete = op.add, op.delete
        if self.twins:
            add, delete = self._both(add), self._both(delete)
        gone = {a for a in self.base if any(_matches(d, a) for d in delete)}
        moved = {a.args[0] for a in add if a.predicate in ("holding", "at", "in", "on")}
        near = {a for a in self.relations if not moved & set(a.args)} | {a for a in add if a.predicate in RELATIONS}
        base = (self.base - gone) | {a for a in add if a.predicate not in RELATIONS}
        return State(base, self.things, self.within, self.twins, self.unseen, frozenset(near))

    def _both(self, atoms: tuple[GroundAtom, ...]) -> tuple[GroundAtom, ...]:
        """Facts about one name of a moving part, and the same about its other name."""
        more = [a for a in atoms if a.predicate in ("open", "closed") and a.args[0] in self.twins]
        return atoms + tuple(GroundAtom(a.predicate, (self.twins[a.args[0]],)) for a in more)

    def of_type(self, type_name: str) -> tuple[str, ...]:
        """Names of all things of a type, sorted."""
        return tuple(sorted(n for n, t in self.things.items() if type_name in t.types))


def _matches(pattern: GroundAtom, fact: GroundAtom) -> bool:
    return pattern.predicate == fact.predicate and all(
        p in (ANY, a) for p, a in zip(pattern.args, fact.args, strict=True)
    )
