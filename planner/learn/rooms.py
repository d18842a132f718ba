"""Makes rooms: draws a surrounding, puts things into it, names them so that every name is clear."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from planner.learn import surroundings as s
from planner.learn.draw import Draw
from planner.learn.room import ARTICULATED, CONTAINER, MOVABLE, RECEPTACLE, Item, Room, Target
from skills.types import Pose

_WITHIN: dict[str, frozenset[str]] = {r: frozenset({"table"}) for r in s.REGIONS}
for _corner in s.CORNERS:
    _WITHIN[_corner] = frozenset({"table", *(f"{w} side" for w in _corner.split()[:2])})
Refuses = Callable[[str], bool]
_WEIGHTS = tuple(x.weight for x in s.SURROUNDINGS)


@lru_cache(maxsize=20_000)
def types_of(name: str) -> frozenset[str]:
    """The symbolic types that the simulator's body for the name has."""
    from sim.objects import make_body  # the table of nouns
    from skills import predicates

    return predicates.types_of(make_body(name).state(Pose((0.0, 0.0, 0.0)))) | {MOVABLE}


class Builder:
    """A room in the making."""

    def __init__(self, draw: Draw, kind: str = "", needs_person: bool = False) -> None:
        self.draw = draw
        found = [x for x in s.SURROUNDINGS if not kind or x.kind == kind]
        if needs_person:
            found = [x for x in found if x.person]
        weights = [x.weight for x in found]
        total = sum(weights)
        self.sort = found[int(draw.rng.choice(len(found), p=[w / total for w in weights]))]
        sort = self.sort
        extra = draw.some(sort.more, draw.number(2, 6)) if sort.more else []
        self.person = ""
        places = [*sort.places, *extra]
        if sort.person and (needs_person or sort.scene or draw.chance(0.8)):
            self.person = sort.person[0] if sort.scene or draw.chance(0.7) else draw.one(sort.person)
            if self.person not in places:
                places.append(self.person)
        self.places = tuple(sorted(places) if draw.chance(0.6) else draw.shuffled(places))
        self._place_words = [set(p.split()) for p in places]
        self.within = _WITHIN if sort.scene == "tabletop" else {}
        self.items: dict[str, Item] = {}
        self.said = draw.one(
            ("all", "all", "all", "carried", "none") if sort.scene == "tabletop" else ("all", "all", "all", "none")
        )

    # --- names ---
    def clear(self, name: str, entry: str = "") -> bool:
        """Whether the name, and the other names of its entry, are told apart from everything that is here."""
        if name in self.items or name in self.places:
            return False
        mine = self.callings(name, entry)
        for i in self.items.values():
            if entry and i.entry == entry:
                return False
            for other in self.callings(i.name, i.entry):
                for m in mine:
                    if m <= other or other <= m:
                        return False
        words = set(name.split())
        return not any(p <= words for p in self._place_words)

    def callings(self, name: str, entry: str) -> tuple[frozenset[str], ...]:
        """The word sets of the names that a thing goes by."""
        return (frozenset(name.split()), *self.draw.view.callings(entry))

    # --- things ---
    def put(self, item: Item) -> Item:
        """Add an item as it is."""
        self.items[item.name] = item
        return item

    def anywhere(self) -> Target:
        """A place where things lie."""
        choices = [p for p in self.places if p != self.person and "trash" not in p]
        if self.sort.scene == "tabletop":
            choices = list(s.REGIONS)
        return ("at", self.draw.one(choices))

    def thing(self, entry: str, plain: bool = False) -> Item | None:
        """A thing of the knowledge under one of its names; None when its name would not be clear here."""
        draw, known = self.draw, self.draw.knowledge[entry]
        noun = draw.one(known.names) if known.names and draw.chance(0.15) else entry
        colour = extra = ""
        if not plain and draw.chance(0.12) and not set(noun.split()) & set(s.COLOURS):
            if draw.chance(0.7):
                colour = draw.one(s.COLOURS)
            else:
                extra = draw.one(s.SIZES)
        name = " ".join(w for w in (extra, colour, noun) if w)
        if not self.clear(name, entry):
            return None
        return self.put(Item(name, entry, types_of(name), self.anywhere(), noun, colour, extra))

    def fill(self, count: int, refuses: Refuses = lambda entry: False, pool: Iterable[str] = ()) -> list[Item]:
        """Up to ``count`` things of the knowledge, out of ``pool`` or of what is typical here, except refused ones."""
        draw = self.draw
        names = list(pool) or (self._typical() if draw.chance(0.5) else draw.view.names)
        found: list[Item] = []
        for _ in range(4 * count):
            if len(found) >= count or not names:
                break
            entry = draw.one(names)
            if not refuses(entry) and (item := self.thing(entry)) is not None:
                found.append(item)
        return found

    def _typical(self) -> tuple[str, ...]:
        found = self.draw.view.at_home(self.sort.homes) if self.sort.homes else ()
        return found if len(found) >= 20 else self.draw.view.names

    def twins(self, noun: str, colours: Iterable[str], entry: str = "") -> list[Item]:
        """Several of a kind in different colours (or sizes)."""
        made = []
        for colour in colours:
            name = f"{colour} {noun}"
            if name not in self.items and name not in self.places:
                made.append(self.put(Item(name, entry, types_of(name), self.anywhere(), noun, colour)))
        return made

    def free_noun(self, nouns: Iterable[str]) -> str:
        """A noun out of some that no name here has."""
        used = {w for i in self.items.values() for w in i.name.split()} | {w for p in self.places for w in p.split()}
        free = [n for n in nouns if not set(n.split()) & used]
        return self.draw.one(free) if free else ""

    def movable_container(self) -> Item | None:
        """A bowl, tray, box ... with a colour of its own."""
        noun = self.free_noun(n for n in s.BOWLS if CONTAINER in types_of(f"red {n}"))
        if not noun:
            return None
        plain = self.draw.chance(0.3)
        made = f"{self.draw.one(s.COLOURS)} {noun}" if not plain else noun
        colour = "" if plain else made.split()[0]
        return self.put(Item(made, "", types_of(made), self.anywhere(), noun, colour)) if self.clear(made) else None

    def receptacle(self, opens: bool | None = None) -> Item | None:
        """A container that is never moved. ``opens``: only such as open and close, or only such as do not."""
        found = [f for f in self.sort.fixed if opens is None or f.startswith("*") == opens]
        free = [f for f in found if self.clear(f.lstrip("*"))]
        if not free:
            return None
        chosen = self.draw.one(free)
        types = {CONTAINER, RECEPTACLE} | ({ARTICULATED} if chosen.startswith("*") else set())
        name = chosen.lstrip("*")
        return self.put(Item(name, "", frozenset(types), self.anywhere(), name))

    def container(self) -> Item | None:
        """Anything that takes things."""
        if self.sort.fixed and self.draw.chance(0.6):
            return self.receptacle() or self.movable_container()
        return self.movable_container()

    def move(self, name: str, at: Target | None) -> None:
        """Let a thing be somewhere else at the start; None: in the hand."""
        self.items[name] = replace(self.items[name], at=at)

    def room(self) -> Room:
        """The room, its things in random order."""
        found = list(self.items.values())
        items = tuple(sorted(found, key=lambda i: i.name) if self.draw.chance(0.6) else self.draw.shuffled(found))
        at = self.person if self.sort.scene == "kitchen" else ""
        return Room(self.sort.kind, self.places, items, self.person, self.sort.scene, self.said, at, self.within)
