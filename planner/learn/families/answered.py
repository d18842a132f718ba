"""Requests in which a question has been asked and answered."""

from __future__ import annotations

from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.families.common import (
    already,
    free_to_move,
    furnished,
    move_clause,
    speak,
    target_for,
)  # fmt: skip
from planner.learn.phrases import lines
from planner.learn.sentence import Clause, Phrase, fill, polite, reference, target_phrase, tidy

WHICH = lines("""
    Which one do you mean?
    Which {n} do you mean?
    Which {n}?
    Do you mean the {a} or the {b}?
    There are several: {a}, {b}. Which one?
    The {a} or the {b}?
""")


REPLY = lines("""
    the {a}
    the {a}, please
    {a}
    i mean the {a}
    the {a} one
    take the {a}
    not the {b}
    the {a} of course
    not the {b}, the other one
""")


def answered(draw: Draw) -> Draft | None:
    """The request was unclear, the robot asked, the person answered."""
    b = furnished(draw, things=draw.number(0, 4))
    noun = b.free_noun(
        ("cup", "mug", "marker", "block", "ball", "towel", "bottle", "pen", "candle", "book", "cube", "plate", "box")
    )
    if not noun:
        return None
    pair = b.twins(noun, draw.some(("red", "green", "blue", "yellow", "black", "white", "grey", "pink", "orange"), 2))
    if len(pair) < 2:
        return None
    right, wrong = draw.shuffled(pair)
    target = target_for(draw, b, right, {wrong.name})
    if target is None or already(b, wrong.name, target):
        return None
    room = b.room()
    text = speak(draw, [move_clause(draw, room, Phrase(f"the {noun}"), target)])
    first, second = sorted((right.name, wrong.name))
    question = draw.say("which", WHICH).replace("{n}", noun).replace("{a}", first).replace("{b}", second)
    reply = draw.say("reply", REPLY)
    if " one" in reply and "{a} one" in reply:
        reply = reply.replace("{a}", right.colour)
    reply = reply.replace("{a}", right.name).replace("{b}", wrong.name)
    return Draft(room, text, {right.name: target}, asked=((question, reply),))


WHERE_TO = lines("""
    Where should the {o} go?
    Where do you want the {o}?
    Where shall I put the {o}?
    Where to?
""")


def answered_where(draw: Draw) -> Draft | None:
    """The target was missing, the person gave it when asked."""
    b = furnished(draw)
    movable = free_to_move(b)
    if not movable:
        return None
    item = draw.one(movable)
    target = target_for(draw, b, item, hand=0.0)
    if target is None:
        return None
    room = b.room()
    o = reference(draw, room, item)
    text = polite(
        draw,
        Clause(
            fill(
                draw,
                room,
                draw.one(
                    (
                        "move {o}",
                        "put {o} somewhere else",
                        "put {o} away",
                        "{o} should not be here",
                        "take {o} away",
                        "relocate {o}",
                        "get {o} out of the way",
                    )
                ),
                o,
            )
        ),
    )
    question = draw.say("where to", WHERE_TO).replace("{o}", item.name)
    x = target_phrase(draw, room, target)
    reply = draw.one(
        (
            fill(draw, room, "{t}", Phrase(""), target, x),
            x,
            f"{fill(draw, room, '{t}', Phrase(''), target, x)}, please",
            x.removeprefix("the "),
        )
    )
    if target == ("at", room.person):
        reply = draw.one(("to me", "bring it to me", "give it to me", "here, to me"))
    return Draft(room, tidy(text, draw), {item.name: target}, asked=((question, reply),))
