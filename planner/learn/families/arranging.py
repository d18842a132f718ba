"""Things that change places, go on top of each other, or come down."""

from __future__ import annotations

import itertools

from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.families.common import (
    already,
    free_to_move,
    furnished,
    padded,
    speak,
    target_for,
)  # fmt: skip
from planner.learn.phrases import lines
from planner.learn.room import CONTAINER, HAND, SUPPORT, Target
from planner.learn.sentence import (
    Clause,
    Phrase,
    fill,
    polite,
    put_clause,
    reference,
    tidy,
)  # fmt: skip

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
