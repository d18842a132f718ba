"""A made-up surrounding with its things, as the planner would see it: names, places, what carries what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from planner.propose import form
from skills.state import State, Thing
from skills.symbols import GroundAtom

HAND = (form.IN_HAND, "")
Target = tuple[str, str]  # predicate and what it is brought to; `HAND` for keeping hold of it
MOVABLE, CONTAINER, SUPPORT, ARTICULATED, RECEPTACLE = "movable", "container", "support", "articulated", "receptacle"


@dataclass(frozen=True)
class Item:
    """One thing. ``entry``: what the knowledge calls it ("" when unknown), ``types``: as in `skills.state.Thing`;
    ``at``: (predicate, carrier) or None when it is in the hand; ``colour``, ``extra``: words of the name that say
    which one of its kind it is; ``noun``: the rest of the name."""

    name: str
    entry: str = ""
    types: frozenset[str] = frozenset({MOVABLE, SUPPORT})
    at: Target | None = None
    noun: str = ""
    colour: str = ""
    extra: str = ""

    def of(self, kind: str) -> bool:
        """Whether it has the type."""
        return kind in self.types


@dataclass(frozen=True)
class Room:
    """``kind``: what sort of surrounding; ``person``: the place where the person is, "" when there is none;
    ``scene``: the shipped scene that it is like, "" when there is none; ``said``: whether it is told where
    things are ("all" or "none")."""

    kind: str
    places: tuple[str, ...]
    items: tuple[Item, ...]
    person: str = ""
    scene: str = ""
    said: str = "all"
    robot_at: str = ""
    within: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)

    @cached_property
    def by_name(self) -> dict[str, Item]:
        """Items by name."""
        return {i.name: i for i in self.items}

    def __getitem__(self, name: str) -> Item:
        return self.by_name[name]

    @property
    def held(self) -> str:
        """What is in the hand, "" for nothing."""
        return next((i.name for i in self.items if i.at is None), "")

    @property
    def movable(self) -> tuple[str, ...]:
        """Names of what can be moved."""
        return tuple(i.name for i in self.items if i.of(MOVABLE))

    def carried(self, name: str) -> tuple[str, ...]:
        """What rests directly on or in a thing."""
        return tuple(i.name for i in self.items if i.at is not None and i.at[1] == name)

    def place_of(self, name: str) -> str:
        """The place in which a thing is in the end, "" in the hand."""
        at = self[name].at
        while at is not None and at[1] in self.by_name:
            at = self[at[1]].at
        return at[1] if at is not None else ""

    def told(self, item: Item) -> str:
        """Where it is, as the setting says it."""
        if item.at is None or self.said == "none":
            return ""
        return form.outcome(*item.at).strip()

    def things(self) -> tuple[tuple[str, str], ...]:
        """The things of the setting."""
        return tuple((i.name, self.told(i)) for i in self.items if i.at is not None)

    def targets(self, name: str) -> tuple[Target, ...]:
        """Everything that a thing can be brought to, in a fixed order."""
        found: list[Target] = [("at", p) for p in self.places]
        for i in self.items:
            if i.name == name:
                continue
            if i.of(CONTAINER):
                found.append(("in", i.name))
            elif i.of(SUPPORT):
                found.append(("on", i.name))
        return (*found, HAND)

    def there(self, name: str, target: Target) -> bool:
        """Whether a thing is at the target already, directly or through what carries it."""
        at = self[name].at
        if at == target:
            return True
        if at is None or target[0] != "at":
            return at is None and target == HAND
        place = self.place_of(name)
        return place == target[1] or target[1] in self.within.get(place, ())

    def state(self) -> State:
        """As the symbolic planner sees it; what opens and closes stands open."""
        base: set[GroundAtom] = set()
        for i in self.items:
            base.add(GroundAtom("holding", (i.name,)) if i.at is None else GroundAtom(i.at[0], (i.name, i.at[1])))
        base |= {GroundAtom("open", (i.name,)) for i in self.items if i.of(ARTICULATED)}
        if self.robot_at:
            base.add(GroundAtom("robot_at", (self.robot_at,)))
        things = {i.name: Thing(i.name, i.types - {RECEPTACLE} | {"thing"}) for i in self.items}
        place = frozenset({"place", "station"}) if self.robot_at else frozenset({"place"})
        things |= {p: Thing(p, place) for p in self.places}
        return State(frozenset(base), things, self.within)


def unique(names: Iterable[str]) -> bool:
    """Whether no name occurs twice."""
    listed = list(names)
    return len(set(listed)) == len(listed)
