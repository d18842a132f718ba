"""Things that are named one by one: moved, brought, held, thrown away, put down, exchanged, stacked."""

from __future__ import annotations

import itertools

from planner.learn import grammar as g
from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.families.common import (
    already,
    free_to_move,
    furnished,
    listed,
    move_clause,
    padded,
    speak,
    target_for,
    trash_of,
)  # fmt: skip
from planner.learn.families.registry import Family
from planner.learn.phrases import lines
from planner.learn.room import CONTAINER, HAND, SUPPORT, Target
from planner.learn.sentence import (
    Clause,
    Phrase,
    fill,
    join,
    place_name,
    polite,
    put_clause,
    reference,
    static_place,
    target_phrase,
    tidy,
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


SWAP = lines("""
    swap {a} and {b}
    swap {a} with {b}
    exchange {a} and {b}
    exchange {a} for {b}
    switch {a} and {b}
    switch the places of {a} and {b}
    let {a} and {b} change places
    {a} and {b} should trade places
    interchange {a} and {b}
    put {a} where {b} is and {b} where {a} is
    make {a} and {b} swap positions
    trade the positions of {a} and {b}
    {a} should be where {b} is, and the other way round
""")


def swap(draw: Draw) -> Draft | None:
    """Two things, each where the other is now."""
    b = furnished(draw)
    pool = [i for i in free_to_move(b) if i.at is not None and not i.of(CONTAINER)]
    two = draw.some(pool, 2)
    if len(two) < 2 or two[0].at == two[1].at or two[0].at is None or two[1].at is None:
        return None
    one, other = two
    if {one.at[0], other.at[0]} & {"on"} or one.at[1] in (other.name, b.person) or other.at[1] in (one.name, b.person):
        return None
    if already(b, one.name, other.at) or already(b, other.name, one.at):
        return None
    room = b.room()
    text = draw.say("swap", SWAP)
    text = text.replace("{a}", reference(draw, room, one).text).replace("{b}", reference(draw, room, other).text)
    mood = "plain" if not text.startswith(("the", "my", "that", "our")) else "whole"
    return Draft(room, speak(draw, [Clause(text, mood)]), {one.name: other.at, other.name: one.at})


TOWER = lines("""
    stack {list}
    stack {list} on top of each other
    build a tower of {list}
    pile {list} up
    make a stack out of {list}
    build a tower with {list}
    pile up {list}
    make a tower from {list}
    stack up {list}
    create a stack of {list}
""")
BOTTOM_UP = lines("""
    , {first} at the bottom
    , starting with {first}
    , with {first} at the bottom
    , from bottom to top
    , {last} on top
    , in this order from the bottom
    _so that {last} is on top
""")


def tower(draw: Draw) -> Draft | None:
    """ "Stack the red block on the green one, then the blue one on top." """
    b = furnished(draw, things=draw.number(0, 4))
    pool = [i for i in free_to_move(b) if i.of(SUPPORT) and not i.of(CONTAINER)]
    if len(pool) < 2:
        return None
    chain = [i.name for i in draw.some(pool, draw.one((2, 2, 3, 3, 4)))]
    if any(b.items[x].at is None for x in chain):
        return None
    yes: dict[str, Target] = {a: ("on", below) for below, a in itertools.pairwise(chain)}
    room = b.room()
    names = [reference(draw, room, room[n]).text for n in chain]
    if len(chain) > 2 and draw.chance(0.5):
        listing = ", ".join(names[:-1]) + f" and {names[-1]}"
        end = draw.say("bottom up", BOTTOM_UP).replace("{first}", names[0]).replace("{last}", names[-1])
        return Draft(
            room,
            padded(draw, tidy(polite(draw, Clause(draw.say("tower", TOWER).replace("{list}", listing) + end)), draw)),
            yes,
            order=tuple(yes),
        )
    clauses = [
        put_clause(draw, room, Phrase(names[k + 1]), ("on", chain[k]), "plain", x=names[k])
        for k in range(len(chain) - 1)
    ]
    if len(clauses) > 1 and draw.chance(0.4):
        clauses[1:] = [Clause(fill(draw, room, "put {o} on top of that", Phrase(n))) for n in names[2:]]
    return Draft(room, speak(draw, clauses, ordered=len(clauses) > 1), yes, order=tuple(yes) if len(yes) > 1 else None)


def unstack(draw: Draw) -> Draft | None:
    """ "Take the red block off the blue one and put it on the table." """
    b = furnished(draw, things=draw.number(1, 4))
    pool = [i for i in free_to_move(b) if i.of(SUPPORT) and not i.of(CONTAINER)]
    if len(pool) < 2:
        return None
    top, below = draw.some(pool, 2)
    b.move(top.name, ("on", below.name))
    target = target_for(draw, b, b.items[top.name], {below.name}, hand=0.1)
    if target is None:
        return None
    room = b.room()
    o, x = reference(draw, room, top), reference(draw, room, below).text
    if target == HAND:
        text = draw.one(
            (
                f"take {o.text} off {x}",
                f"lift {o.text} off {x}",
                f"pick up {o.text} from {x}",
                f"remove {o.text} from {x} and hold it",
            )
        )
    elif target == ("at", room.person):
        text = draw.one((f"take {o.text} off {x} and bring it to me", f"bring me {o.text} that is on {x}"))
    else:
        text = fill(
            draw,
            room,
            draw.one(
                (
                    f"take {{o}} off {x} and put {{it}} {{t}}",
                    f"unstack {{o}} from {x} and put {{it}} {{t}}",
                    f"remove {{o}} from {x}, {{it}} {{goes}} {{t}}",
                    f"move what is on {x} {{m}}",
                    f"get {{o}} off {x} and {{m}}",
                )
            ),
            o,
            target,
        )
    return Draft(room, speak(draw, [Clause(text)]), {top.name: target})


FIX = lines("""
    . No wait, {x}
    . No, {x}
    , no wait, {x}
    . Actually, {x}
    , or rather {x}
    . Sorry, I meant {x}
    , I mean {x}
    . Hmm, no, {x} instead
    . Wait, not {old}, {x}
    . Forget that, {x}
    , sorry, {x}
    . Scratch that, {x}
    . Oh no, I meant {x}
    . On second thought {x}
    , no, make that {x}
    . Correction: {x}
    . My mistake, {x}
    , ehm, {x} rather
    . Changed my mind, {x}
""")


def corrected(draw: Draw) -> Draft | None:
    """ "Put the apple, no wait, the pear in the bowl." The last word counts."""
    b = furnished(draw)
    movable = free_to_move(b)
    if len(movable) < 2:
        return None
    wrong, right = draw.some(movable, 2)
    target = target_for(draw, b, right, {wrong.name})
    if target is None or already(b, wrong.name, target):
        return None
    room = b.room()
    if draw.chance(0.6):
        old, new = reference(draw, room, wrong), reference(draw, room, right)
        text = speak_short(draw, move_clause(draw, room, old, target, "plain"))
        text += draw.say("fix", FIX).replace("{x}", new.text).replace("{old}", old.text)
    else:
        other = target_for(draw, b, right, {wrong.name, target[1]})
        if other is None or HAND in (other, target) or room.person in (other[1], target[1]):
            return None
        text = speak_short(draw, move_clause(draw, room, reference(draw, room, right), other, "plain"))
        x = fill(draw, room, "{t}", Phrase(""), target)
        text += draw.say("fix", FIX).replace("{x}", x).replace("{old}", target_phrase(draw, room, other))
    return Draft(room, padded(draw, tidy(text, draw)), {right.name: target})


def speak_short(draw: Draw, clause: Clause) -> str:
    """A clause without an end mark."""
    text = tidy(polite(draw, clause))
    return text.rstrip(".?!")


PRONOUN = lines("""
    take {o} and put {it} {t}
    see {o}? put {it} {t}
    there is {o} {s0}. {it2} should go {t}
    grab {o}. {it2} {belongs} {s}
    look at {o}. Please put {it} {t}
    you know {o}? move {it} {m}
    find {o}. When you have {it}, put {it} {t}
    about {o}: move {it} {m}
    do you see {o}? I want {it} {s}
    {o} {is} in my way. Put {it} {t}
    I don't like {o} {s0}. Move {it} {m}
    I no longer need {o}. Put {it} {t}
    what {is} {o} doing {s0}? Put {it} {t}
    somebody left {o} {s0}. Put {it} {t}
    {o} {is} {s0}, right? Put {it} {t}
""")


def pronouns(draw: Draw) -> Draft | None:
    """A sentence names the thing, another says what to do with it; or "the former", "the latter"."""
    b = furnished(draw)
    movable = free_to_move(b)
    if not movable:
        return None
    item = draw.one(movable)
    target = target_for(draw, b, item, hand=0.0)
    if target is None or target == ("at", b.person) or item.at is None:
        return None
    room = b.room()
    if len(movable) > 1 and draw.chance(0.35):
        other = draw.one([i for i in movable if i.name != item.name])
        if other.name == target[1]:
            return None
        first, second = draw.shuffled([item, other])
        word = "former" if item is first else "latter"
        lead = f"{draw.one(('I see', 'here are', 'there are', 'you have', 'we have', 'look at', 'consider'))} {listed(draw, room, [first.name, second.name]).text}"
        rest = fill(
            draw,
            room,
            draw.one(("put {o} {t}", "move {o} {m}", "{o} {goes} {t}", "only {o} {goes} {t}", "place {o} {t}")),
            Phrase(draw.one((f"the {word}", f"the {'first' if item is first else 'second'} one"))),
            target,
        )
        return Draft(room, padded(draw, tidy(f"{lead}. {rest}", draw)), {item.name: target})
    o = reference(draw, room, room[item.name])
    s0 = f"{item.at[0]} the {item.at[1]}" if item.at[0] != "at" else static_place(room, item.at[1])
    text = draw.say("pronoun", PRONOUN).replace("{s0}", s0).replace("{it2}", "they" if o.plural else "it")
    text = fill(draw, room, text, o, target)
    return Draft(room, padded(draw, tidy(text, draw)), {item.name: target})


def spelled_order(draw: Draw) -> Draft | None:
    """Named targets with a listed sequence: "in this order: the cup, the pen, the apple, into the box"."""
    b = furnished(draw, things=draw.number(3, 7))
    target = None
    containers = [i for i in b.items.values() if i.of(CONTAINER)]
    if containers and draw.chance(0.7):
        target = ("in", draw.one(containers).name)
    elif b.places:
        target = ("at", draw.one([p for p in b.places if p != b.person] or list(b.places)))
    movable = [
        i for i in free_to_move(b) if target is not None and i.name != target[1] and not already(b, i.name, target)
    ]
    if target is None or len(movable) < 2 or target == ("at", b.person):
        return None
    names = [i.name for i in draw.some(movable, draw.number(2, min(4, len(movable))))]
    room = b.room()
    said = [reference(draw, room, room[n]).text for n in names]
    t = fill(draw, room, "{t}", Phrase(""), target)
    how = draw.number(0, 4)
    backwards = False
    if how == 0:
        text = f"put these {t} in this order: {', '.join(said)}"
    elif how == 1:
        text = f"put {said[0]} {t}, then {', then '.join(said[1:])}"
    elif how == 2:
        text = f"{said[0]} {draw.one(('goes', 'should go'))} {t} first, {'; after that '.join(said[1:])}"
    elif how == 3:
        text = f"put {', '.join(said[:-1])} and {said[-1]} {t}, one after the other in that order"
    else:
        backwards = True
        text = f"put {said[0]} {t}, but before that {' and before that '.join(said[1:])}"
    order = tuple(reversed(names)) if backwards else tuple(names)
    return Draft(
        room,
        padded(draw, tidy(polite(draw, Clause(text, "plain" if text.startswith("put") else "whole")), draw)),
        dict.fromkeys(names, target),
        order=order,
    )


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
