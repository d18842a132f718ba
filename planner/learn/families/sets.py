"""All of a kind, a use, a property: to one target."""

from __future__ import annotations

from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.families import Family
from planner.learn.nouns import plural
from planner.learn.rooms import Builder
from planner.learn.sentence import Phrase, polite, put_clause, tidy


def whole_kind(draw: Draw) -> Draft | None:
    """ "Put all the fruits in the box." """
    kinds = draw.view.categories("kinds", 3)
    if not kinds:
        return None
    kind = draw.one(kinds)
    b = Builder(draw)
    target = b.container()
    no = draw.view.surely_not("kinds", kind)
    members = b.fill(draw.number(1, 5), pool=draw.view.members("kinds", kind))
    b.fill(draw.number(1, 6), refuses=lambda n: n not in no)
    if target is None or not members:
        return None
    room = b.room()
    yes = {m.name: ("in", target.name) for m in members if m.name != target.name}
    clause = put_clause(draw, room, Phrase(f"all the {plural(kind)}", True), ("in", target.name))
    return Draft(room, tidy(polite(draw, clause), draw), yes, categories=(("kinds", kind),))


FAMILIES = (Family("kinds", whole_kind, 5.0, category=True),)
