"""One, two, three things that are named, each with where it goes."""

from __future__ import annotations

from collections.abc import Collection

from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.families import Family
from planner.learn.room import CONTAINER, HAND, MOVABLE, SUPPORT, Item, Target
from planner.learn.rooms import Builder
from planner.learn.sentence import Clause, join, polite, put_clause, reference, tidy
from planner.learn.surroundings import COLOURED, COLOURS


def furnished(draw: Draw, kind: str = "", things: int | None = None) -> Builder:
    """A room with things, containers and coloured things in it."""
    b = Builder(draw, kind)
    n = draw.number(1, 7) if things is None else things
    b.fill(n)
    if draw.chance(0.5):
        noun = b.free_noun(COLOURED)
        if noun:
            b.twins(noun, draw.some(COLOURS, draw.number(2, 4)))
    for _ in range(draw.number(1, 3)):
        b.container()
    if draw.chance(0.06):
        b.fill(draw.number(10, 28))
    return b


def target_for(draw: Draw, b: Builder, item: Item, taken: Collection[str] = ()) -> Target | None:
    """Somewhere else for a thing."""
    free = [i for i in b.items.values() if i.name != item.name and i.name not in taken]
    containers = [("in", i.name) for i in free if i.of(CONTAINER)]
    supports = [("on", i.name) for i in free if i.of(SUPPORT) and not i.of(CONTAINER)]
    places = [("at", p) for p in b.places]
    pools = [p for p, w in ((containers, 5), (supports, 2), (places, 4)) for _ in range(w) if p]
    if draw.chance(0.06):
        return HAND
    if b.person and draw.chance(0.2):
        return ("at", b.person)
    target = draw.one(draw.one(pools)) if pools else None
    return None if target == item.at else target


def direct(draw: Draw) -> Draft | None:
    """ "Put the apple in the bowl and bring me the cup." """
    b = furnished(draw)
    movable = [i for i in b.items.values() if i.of(MOVABLE)]
    count = min(draw.one((1, 1, 1, 2, 2, 3)), len(movable))
    if not count:
        return None
    yes: dict[str, Target] = {}
    taken: set[str] = set()
    for item in draw.some(movable, count):
        if item.name in taken:
            continue
        target = target_for(draw, b, item, {*yes, *taken})
        if target is None or (target == HAND and HAND in yes.values()):
            return None
        yes[item.name] = target
        taken |= {target[1]} if target[0] == "on" else set()
    room = b.room()
    ordered = len(yes) > 1 and draw.chance(0.4)
    clauses: list[Clause] = []
    for name, target in yes.items():
        mood = "plain" if ordered else ""
        clauses.append(put_clause(draw, room, reference(draw, room, room[name]), target, mood))
    text = tidy(polite(draw, join(draw, clauses, ordered)), draw)
    return Draft(room, text, yes, order=tuple(yes) if ordered else None)


FAMILIES = (Family("direct", direct, 10.0),)
