"""Requests that correct themselves, speak in pronouns or spell out an order."""

from __future__ import annotations

from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.families.common import (
    already,
    free_to_move,
    furnished,
    listed,
    move_clause,
    padded,
    target_for,
)  # fmt: skip
from planner.learn.phrases import lines
from planner.learn.room import CONTAINER, HAND
from planner.learn.sentence import (
    Clause,
    Phrase,
    fill,
    polite,
    reference,
    static_place,
    target_phrase,
    tidy,
)  # fmt: skip

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
        opening = draw.one(("I see", "here are", "there are", "you have", "we have", "look at", "consider"))
        lead = f"{opening} {listed(draw, room, [first.name, second.name]).text}"
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
