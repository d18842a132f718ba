"""Groups: all of a kind, a use, a property, a colour; without some; so many of them; any one; each where it belongs."""

from __future__ import annotations

from planner.learn import grammar as g
from planner.learn import quantities as q
from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.families.common import (
    already,
    crowd,
    free_to_move,
    group_target,
    listed,
    load,
    move_clause,
    padded,
    speak,
)  # fmt: skip
from planner.learn.families.registry import Family
from planner.learn.families.wholes import (
    CLAIM,
    _excepting,
    everything,
    home_of,
    movers,
    what_is_there,
    where_it_belongs,
)
from planner.learn.groups import Group, any_group, blurred, knowledge_group, unclear
from planner.learn.phrases import lines
from planner.learn.room import HAND, Item
from planner.learn.rooms import Builder
from planner.learn.sentence import Clause, Phrase, fill, put_clause, tidy


def scene(draw: Draw, low: int, high: int, person: bool = False) -> tuple[Builder, Group] | None:
    """A room with a group and containers; what may or may not belong is not there."""
    b = Builder(draw, needs_person=person)
    for _ in range(draw.number(1, 3)):
        b.container()
    if draw.view.split == "long":
        low, high = 9, 12
    group = any_group(draw, b, low, high)
    if group is None:
        return None
    load(draw, b)
    if unclear(draw, b, group.category, group.members) if group.category is not None else blurred(draw, b, group):
        return None
    return b, group


def everything_of(draw: Draw) -> Draft | None:
    """ "Put all the fruit in the basket." """
    made = scene(draw, draw.one((1, 2, 2, 2)), draw.one((3, 4, 5, 6)))
    if made is None:
        return None
    b, group = made
    target = group_target(draw, b, group.members)
    if target is None:
        return None
    room = b.room()
    yes = dict.fromkeys(movers(b, group.members, target), target)
    clause = move_clause(draw, room, q.all_of(draw, group), target)
    return Draft(room, speak(draw, [clause]), yes, categories=_turn(group))


def _turn(*groups: Group) -> tuple[tuple[str, str], ...]:
    return tuple(x.category for x in groups if x.category is not None)


def without_some(draw: Draw) -> Draft | None:
    """ "Put all the fruit except the apple in the basket." """
    made = scene(draw, 2, draw.number(3, 6))
    if made is None:
        return None
    b, group = made
    target = group_target(draw, b, group.members)
    if target is None or (target == ("at", b.person) and draw.chance(0.5)):
        return None
    kept = draw.some(list(group.members), 2 if len(group.members) > 3 and draw.chance(0.3) else 1)
    yes = {n: target for n in movers(b, group.members, target) if n not in kept}
    if not yes or any(already(b, n, target) for n in kept):
        return None
    room = b.room()
    out = listed(draw, room, kept, draw.one(("and", "and", "or")))
    whole = q.all_of(draw, group)
    text = _excepting(draw, room, whole, out, target)
    return Draft(room, padded(draw, tidy(text, draw)), yes, categories=_turn(group))


def so_many(draw: Draw) -> Draft | None:
    """ "Two of the drinks", "half of the blocks", "all but one"."""
    made = scene(draw, 3, draw.number(3, 6))
    if made is None or draw.view.split == "long":
        return None
    b, group = made
    said = q.some_of(draw, group)
    target = group_target(draw, b, group.members)
    if said is None or target is None or any(already(b, n, target) for n in group.members):
        return None
    phrase, count = said
    room = b.room()
    clause = move_clause(draw, room, phrase, target)
    return Draft(room, speak(draw, [clause]), {}, dict.fromkeys(group.members, target), count, categories=_turn(group))


def any_one(draw: Draw) -> Draft | None:
    """ "A drink", "something salty", "either of the red blocks": one of them will do."""
    made = scene(draw, 1, draw.number(1, 5), person=draw.chance(0.6))
    if made is None or draw.view.split == "long":
        return None
    b, group = made
    target = group_target(draw, b, group.members)
    if b.person and draw.chance(0.6):
        target = ("at", b.person)
    elif draw.chance(0.1):
        target = HAND
    if target is None or any(already(b, n, target) for n in group.members):
        return None
    room = b.room()
    phrase = q.any_of(draw, group)
    clause = put_clause(draw, room, phrase, target)
    text = speak(draw, [clause])
    if target == HAND and "for me" in text:
        return None
    if len(group.members) == 1:
        return Draft(room, text, {group.members[0]: target}, categories=_turn(group))
    return Draft(room, text, {}, dict.fromkeys(group.members, target), 1, categories=_turn(group))


NARROW_NOT = lines("""
    _that is not {x}
    _that isn't {x}
    _other than {x}
    , but not {x}
    , just not {x}
    _except {x}
    , anything but {x}
    _which is not {x}
    , only no {y}
    , and please not {x}
""")


def any_but(draw: Draw) -> Draft | None:
    """ "A fruit that is not the apple." """
    made = scene(draw, 2, draw.number(2, 5), person=draw.chance(0.7))
    if made is None or draw.view.split == "long":
        return None
    b, group = made
    target = ("at", b.person) if b.person else group_target(draw, b, group.members)
    if target is None or any(already(b, n, target) for n in group.members):
        return None
    out = draw.one(group.members)
    rest = [n for n in group.members if n != out]
    room = b.room()
    name = draw.one((f"the {out}", f"the {out}", out))
    not_it = draw.say("narrow not", NARROW_NOT).replace("{x}", name).replace("{y}", out)
    phrase = q.any_of(draw, group)
    clause = put_clause(draw, room, Phrase(phrase.text.rstrip(",") + not_it, it="it"), target, "plain")
    text = speak(draw, [clause])
    if len(rest) == 1:
        return Draft(room, text, {rest[0]: target}, categories=_turn(group))
    return Draft(room, text, {}, dict.fromkeys(rest, target), 1, categories=_turn(group))


def two_sorts(draw: Draw) -> Draft | None:
    """ "The fruit goes in the bowl and the tools in the box." """
    b = Builder(draw)
    for _ in range(draw.number(2, 3)):
        b.container()
    one = any_group(draw, b, 1, 3)
    two = knowledge_group(draw, b, 1, 3, others=1)
    if one is None or two is None or one.category == two.category or set(one.members) & set(two.members):
        return None
    for group in (one, two):
        if group.category is not None and unclear(draw, b, group.category, group.members):
            return None
    if one.category is None and blurred(draw, b, one):
        return None
    members = (*one.members, *two.members)
    first = group_target(draw, b, members)
    second = group_target(draw, b, members)
    if first is None or second is None or first == second:
        return None
    room = b.room()
    yes = dict.fromkeys(movers(b, one.members, first), first) | dict.fromkeys(movers(b, two.members, second), second)
    if not yes:
        return None
    if (
        len(two.members) > 1 and draw.chance(0.35) and not any(already(b, n, second) for n in two.members)
    ):  # and one of the others
        clauses = [
            move_clause(draw, room, q.all_of(draw, one), first),
            move_clause(draw, room, q.any_of(draw, two), second),
        ]
        yes = {n: t for n, t in yes.items() if n not in two.members}
        either = dict.fromkeys(two.members, second)
        return Draft(room, speak(draw, draw.shuffled(clauses)), yes, either, 1, categories=_turn(one, two))
    if draw.chance(0.3) and b.person not in (first[1], second[1]):
        short = fill(draw, room, "{o} {t}", q.all_of(draw, two), second)
        clause = move_clause(draw, room, q.all_of(draw, one), first, draw.one(("plain", "whole")))
        return Draft(
            room, speak(draw, [Clause(f"{clause.text} and {short}", clause.mood)]), yes, categories=_turn(one, two)
        )
    clauses = [
        move_clause(draw, room, q.all_of(draw, one), first),
        move_clause(draw, room, q.all_of(draw, two), second),
    ]
    return Draft(room, speak(draw, clauses), yes, categories=_turn(one, two))


def union(draw: Draw) -> Draft | None:
    """ "The fruit and the drinks", "the fruit and the red block", to one target."""
    b = Builder(draw)
    for _ in range(draw.number(1, 2)):
        b.container()
    one = any_group(draw, b, 1, 3)
    two = knowledge_group(draw, b, 1, 3, others=2) if draw.chance(0.6) else None
    if one is None:
        return None
    extra: list[Item] = []
    if two is None:
        extra = [i for i in free_to_move(b) if i.name not in one.members][:1]
        if not extra:
            return None
    elif two.category == one.category or (two.category and unclear(draw, b, two.category, two.members)):
        return None
    if one.category and unclear(draw, b, one.category, one.members):
        return None
    if one.category is None and blurred(draw, b, one):
        return None
    members = (*one.members, *(two.members if two else ()), *(i.name for i in extra))
    target = group_target(draw, b, members)
    if target is None:
        return None
    room = b.room()
    parts = [q.all_of(draw, one).text, q.all_of(draw, two).text if two else f"the {extra[0].name}"]
    parts = draw.shuffled([p.rstrip(",") for p in parts])
    phrase = Phrase(draw.one((" and ", " and ", " as well as ", " plus ", " and also ")).join(parts), True)
    yes = dict.fromkeys(movers(b, members, target), target)
    return Draft(
        room,
        speak(draw, [move_clause(draw, room, phrase, target)]),
        yes,
        categories=_turn(*(x for x in (one, two) if x)),
    )


FAMILIES = (
    Family("all of a kind", everything_of, 8.0, category=True),
    Family("all but", without_some, 7.5, category=True),
    Family("so many", so_many, 4.5, category=True),
    Family("any one", any_one, 6.0, category=True),
    Family("any but", any_but, 2.5, category=True),
    Family("two sorts", two_sorts, 4.0, category=True),
    Family("union", union, 1.5, category=True),
    Family("everything", everything, 2.5),
    Family("what is there", what_is_there, 2.5),
    Family("where it belongs", where_it_belongs, 2.0),
    Family("what belongs there", home_of, 1.2),
)
__all__ = ["CLAIM", "FAMILIES", "crowd", "g"]
