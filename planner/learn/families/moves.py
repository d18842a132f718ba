"""Things that are named one by one: moved, brought, held, thrown away, put down, exchanged, stacked."""

from __future__ import annotations

from planner.learn import grammar as g
from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.families.arranging import swap, tower, unstack
from planner.learn.families.common import (
    already,
    free_to_move,
    furnished,
    listed,
    move_clause,
    speak,
    target_for,
    trash_of,
)  # fmt: skip
from planner.learn.families.registry import Family
from planner.learn.families.spoken import corrected, pronouns, spelled_order
from planner.learn.phrases import lines
from planner.learn.room import CONTAINER, HAND, Target
from planner.learn.sentence import (
    Clause,
    fill,
    join,
    place_name,
    reference,
    target_phrase,
)  # fmt: skip


def direct(draw: Draw) -> Draft | None:
    """ "Put the apple in the bowl and bring me the cup." """
    b = furnished(draw)
    movable = free_to_move(b)
    count = min(draw.one((1, 1, 1, 2, 2, 3, 3, 4)), len(movable))
    long = draw.view.split == "long"
    if long:
        b.fill(10)
        movable = free_to_move(b)
        count = min(draw.number(9, 11), len(movable))
    yes: dict[str, Target] = {}
    taken: set[str] = set()
    for item in draw.some(movable, count):
        if item.name in taken or any(t[1] == item.name for t in yes.values()):
            continue
        target = target_for(draw, b, item, {*yes, *taken})
        if target is None or (target == HAND and HAND in yes.values()):
            continue
        yes[item.name] = target
        if target[0] == "on":
            taken.add(target[1])
    if not yes or (len(yes) < 9 and long):
        return None
    if HAND in yes.values() and len(yes) > 1:  # what is to be held comes last
        held = next(n for n, t in yes.items() if t == HAND)
        yes[held] = yes.pop(held)
    room = b.room()
    ordered = len(yes) > 1 and draw.chance(0.5)
    if not ordered and len(yes) > 1 and draw.chance(0.3):  # several to one place: "the apple and the cup"
        target = next(iter(yes.values()))
        if target != HAND and target[0] != "on" and not any(already(b, n, target) or target[1] == n for n in yes):
            yes = dict.fromkeys(yes, target)
            return Draft(room, speak(draw, [move_clause(draw, room, listed(draw, room, list(yes)), target)]), yes)
    clauses: list[Clause] = []
    last = ""
    for name, target in yes.items():
        mood = "plain" if ordered else ""
        who = reference(draw, room, room[name])
        if last == target[1] and target[0] == "at" and draw.chance(0.4) and target[1] != room.person:
            there = fill(
                draw,
                room,
                draw.one(("put {o} there too", "{o} {goes} there as well", "put {o} there", "do the same with {o}")),
                who,
            )
            clauses.append(Clause(there, "plain"))
        else:
            clauses.append(move_clause(draw, room, who, target, mood))
        last = target[1]
    return Draft(room, speak(draw, clauses, ordered), yes, order=tuple(yes) if ordered else None)


def bring(draw: Draw) -> Draft | None:
    """ "Could you fetch me the sponge?" Without a person to bring things to, they end in the hand."""
    b = furnished(draw)
    movable = [i for i in free_to_move(b) if i.at != ("at", b.person)]
    if not movable:
        return None
    target: Target = ("at", b.person) if b.person else HAND
    names = [i.name for i in draw.some(movable, 1 if target == HAND else draw.one((1, 1, 1, 2, 2, 3)))]
    room = b.room()
    who = listed(draw, room, names)
    if draw.chance(0.3):
        clause = Clause(fill(draw, room, draw.say("want", g.WANT), who), "whole")
    else:
        clause = Clause(fill(draw, room, draw.say("bring", g.BRING), who))
    return Draft(room, speak(draw, [clause]), dict.fromkeys(names, target))


def hold(draw: Draw) -> Draft | None:
    """ "Pick up the red block." """
    b = furnished(draw)
    movable = free_to_move(b) if draw.chance(0.8) else [i for i in b.items.values() if i.of("movable")]
    if not movable:
        return None
    item = draw.one(movable)
    room = b.room()
    clause = Clause(fill(draw, room, draw.say("hold", g.HOLD), reference(draw, room, item)))
    text = speak(draw, [clause])
    if "for me" in text:  # that would be bringing it
        return None
    return Draft(room, text, {item.name: HAND})


PUT_DOWN = lines("""
    put {it} {t}
    put {it} down {s}
    set {it} down {s}
    place {it} {t}
    drop {it} {t}
    let go of {it} {s}
    what you're holding goes {t}
    put what you have in your hand {t}
    release {it} {s}
    lay {it} {s}
    put that {t}
    leave what you're holding {s}
    put the thing in your hand {t}
    {o} {goes} {t}
    put {o} {t}
    put {o} down {s}
""")


def put_down(draw: Draw) -> Draft | None:
    """The hand is full: "put it on the table"."""
    b = furnished(draw)
    movable = [i for i in free_to_move(b) if not i.of(CONTAINER)]
    if not movable:
        return None
    item = draw.one(movable)
    b.move(item.name, None)
    target = target_for(draw, b, b.items[item.name], hand=0.0)
    if target is None:
        return None
    room = b.room()
    if target == ("at", room.person):
        clause = Clause(
            draw.one(
                ("give it to me", "hand it to me", "bring it to me", "give me that", "pass it over", "let me have it")
            )
        )
    else:
        clause = Clause(
            fill(draw, room, draw.say("put down", PUT_DOWN), reference(draw, room, room[item.name]), target)
        )
    return Draft(room, speak(draw, [clause]), {item.name: target})


def throw(draw: Draw) -> Draft | None:
    """ "Get rid of the banana peel." """
    b = furnished(draw, "kitchen" if draw.chance(0.6) else "")
    target = trash_of(b)
    movable = [
        i for i in free_to_move(b) if target is not None and i.name != target[1] and not already(b, i.name, target)
    ]
    if target is None or not movable:
        return None
    names = [i.name for i in draw.some(movable, draw.one((1, 1, 2, 3)))]
    room = b.room()
    clause = Clause(fill(draw, room, draw.say("throw", g.THROW), listed(draw, room, names)))
    return Draft(room, speak(draw, [clause]), dict.fromkeys(names, target))


FROM_TO = lines("""
    move {o} from {a} {m}
    take {o} off {a} and put {it} {t}
    take {o} from {a} {m}
    get {o} from {a} and put {it} {t}
    {o} should go from {a} {m}
    carry {o} from {a} {m}
    remove {o} from {a} and place {it} {t}
    transfer {o} from {a} {m}
    pick up {o} from {a}, then put {it} {t}
    there's {o} at {a}, {it} {goes} {t}
    fetch {o} from {a} and leave {it} {s}
""")


def from_to(draw: Draw) -> Draft | None:
    """ "Take the cup from the shelf to the table." """
    b = furnished(draw)
    movable = free_to_move(b)
    if not movable:
        return None
    item = draw.one(movable)
    target = target_for(draw, b, item, hand=0.0)
    if target is None or item.at is None or target == ("at", b.person):
        return None
    room = b.room()
    source = target_phrase(draw, room, item.at)
    template = draw.say("from to", FROM_TO).replace("{a}", source)
    clause = Clause(fill(draw, room, template, reference(draw, room, room[item.name]), target))
    return Draft(room, speak(draw, [clause]), {item.name: target})


FAMILIES = (
    Family("direct", direct, 10.0),
    Family("bring", bring, 4.0),
    Family("hold", hold, 1.5),
    Family("put down", put_down, 1.2),
    Family("throw", throw, 1.5),
    Family("from to", from_to, 1.5),
    Family("swap", swap, 1.4),
    Family("tower", tower, 2.0),
    Family("unstack", unstack, 1.0),
    Family("corrected", corrected, 1.5),
    Family("pronouns", pronouns, 1.8),
    Family("listed order", spelled_order, 1.8),
)
__all__ = ["FAMILIES", "join", "place_name"]
