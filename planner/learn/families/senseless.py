"""Requests that contradict themselves, ask for too many, mean nothing or ask a question."""

from __future__ import annotations

from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.example import ASK
from planner.learn.families.common import (
    already,
    free_to_move,
    furnished,
    move_clause,
    padded,
    speak,
    target_for,
)  # fmt: skip
from planner.learn.groups import any_group, unclear
from planner.learn.phrases import lines
from planner.learn.room import CONTAINER, MOVABLE, Target
from planner.learn.rooms import Builder
from planner.learn.sentence import (
    Clause,
    Phrase,
    fill,
    polite,
    reference,
    static_place,
    tidy,
)

VAGUE = lines("""
    do something
    do it
    go
    move it
    put it there
    bring it
    help
    help me
    can you help me
    i need you
    you know what to do
    the usual, please
    make it nice
    make it better
    rearrange things
    do the thing
    put that over there
    bring me that thing
    give me that
    not that one
    the other one
    that one
    this
    there
    take it away
    i want it
    fix this
    change something
    surprise me
    do your best
    one of these
    bring one
    put them together
    start
    continue
    i need something
    bring me something
    get me the best one
    bring me my favourite
    the nice one
    put some of the things away
    move a few things
    a little to the left
    bring me a couple of things
    put the right ones in the right place
    you decide
    whatever
    hmm
    well
    maybe later
    it's not right
    that's wrong
    i don't like how this looks
    something is missing here
""")


def vague(draw: Draw) -> Draft | None:
    """ "Put it there", with nothing that says what or where."""
    b = furnished(draw)
    if sum(i.of(MOVABLE) for i in b.items.values()) < 2:
        return None
    return Draft(
        b.room(), padded(draw, tidy(polite(draw, Clause(draw.say("vague", VAGUE), "whole")), draw)), decision=ASK
    )


CLASH = lines("""
    put {o} {t} and put {it} {u} at the same time
    put {o} {t} and also {u}
    {o} should be {s} and {v}
    put {o} {t}, and leave {it} where {itn} {is}
    move {o} {m} but don't move {it}
    put {o} {t} without touching {it}
    {o} {goes} {t}. No, {itn} must stay where {itn} {is}. And {itn} {goes} {t}
    don't put {o} {t}, put {it} {t}
    i want {o} {s}, but {itn} must not be {s}
    make sure {o} {is} {s} and {v} at once
    put {o} {t}, never put {it} {t}
    keep {o} where {itn} {is} and bring {it} {m}
""")


def contradictory(draw: Draw) -> Draft | None:
    """The same thing in two places, or moved and not moved."""
    b = furnished(draw)
    movable = free_to_move(b)
    if not movable:
        return None
    item = draw.one(movable)
    one = target_for(draw, b, item, hand=0.0)
    two = target_for(draw, b, item, hand=0.0)
    if one is None or two is None or one == two or b.person in (one[1], two[1]) or item.at == two:
        return None
    if one[1] in b.within.get(two[1], ()) or two[1] in b.within.get(one[1], ()):
        return None
    room = b.room()
    text = draw.say("clash", CLASH)
    for slot, style in (("{u}", "{t}"), ("{v}", "{s}")):
        if slot in text:
            text = text.replace(slot, fill(draw, room, style, Phrase(""), two))
    text = fill(draw, room, text, reference(draw, room, item), one)
    mood = "plain" if text.split()[0] in ("put", "move", "make", "keep") else "whole"
    return Draft(room, padded(draw, tidy(polite(draw, Clause(text, mood)), draw)), decision=ASK)


NEAR = lines("""
    put {o} between {x} and {y}
    put {o} under {x}
    put {o} underneath {x}
    put {o} around {x}
    slide {o} beneath {x}
    place {o} below {x}
    hang {o} above {x}
    {o} {belongs} under {x}
    {o} should be between {x} and {y}
    lean {o} against {x}
""")


def beside(draw: Draw) -> Draft | None:
    """ "Under", "between", "around": nothing that these skills bring about."""
    b = furnished(draw)
    movable = free_to_move(b)
    if len(movable) < 3:
        return None
    o, x, y = draw.some(movable, 3)
    room = b.room()
    text = draw.say("near", NEAR).replace("{x}", f"the {x.name}").replace("{y}", f"the {y.name}")
    text = fill(draw, room, text, reference(draw, room, o))
    mood = "whole" if text.startswith(("the ", "my ", "that ", "our ", "this ", "your ", "those ")) else "plain"
    return Draft(room, padded(draw, tidy(polite(draw, Clause(text, mood)), draw)), decision=ASK)


_SOUNDS = lines("""
    ba
    blor
    fi
    gru
    ka
    lo
    mip
    nor
    pla
    qui
    sna
    tro
    ul
    vex
    wob
    zi
    dra
    fle
""")


def nonsense(draw: Draw) -> Draft | None:
    """Words that mean nothing, or the right words in no order."""
    b = furnished(draw)
    room = b.room()
    how = draw.number(0, 3)
    if how == 0:
        words = ["".join(draw.some(_SOUNDS, draw.number(1, 3))) for _ in range(draw.number(1, 6))]
        text = " ".join(words)
    elif how == 1:
        names = draw.some([w for i in room.items for w in i.name.split()] or ["thing"], 3)
        text = " ".join(draw.shuffled([*names, "of", "very", "because", "yesterday", "seven", "perhaps"]))
    elif how == 2:
        keys = "asdfghjklqwertyuiop"
        text = "".join(draw.one(keys) for _ in range(draw.number(4, 16)))
    else:
        text = draw.one(
            (
                "...",
                "???",
                "!!",
                "ok",
                "123",
                "yes",
                "no",
                "0",
                "lol",
                "test",
                "aha",
                "x",
                "hmm hmm",
                "la la la",
                "1 2 3",
                "ehm",
                "a b c",
                "-",
                "yes no yes",
                "foo bar",
            )
        )
    return Draft(room, text, decision=ASK, rough=False)


HOW_MANY_TOO = lines("""
    {n} of the {many}
    {n} {many}
    exactly {n} {many}
    {n} of these {many}
""")


def too_many(draw: Draw) -> Draft | None:
    """ "Five of the drinks" with three drinks there."""
    b = Builder(draw)
    b.container()
    group = any_group(draw, b, 1, 3)
    if group is None or group.mass or not group.countable:
        return None
    if group.category and unclear(draw, b, group.category, group.members):
        return None
    containers = [i for i in b.items.values() if i.of(CONTAINER) and i.name not in group.members]
    target: Target = ("in", draw.one(containers).name) if containers else ("at", draw.one(b.places))
    if any(already(b, n, target) for n in group.members):
        return None
    n = draw.number(len(group.members) + 1, len(group.members) + 4)
    if n < 2:
        return None
    word = draw.one((str(n), ("one", "two", "three", "four", "five", "six", "seven")[n - 1]))
    room = b.room()
    said = draw.say("how many too", HOW_MANY_TOO).replace("{n}", word).replace("{many}", group.many)
    clause = move_clause(draw, room, Phrase(said, True), target)
    yes = dict.fromkeys(group.members, target)
    return Draft(room, speak(draw, [clause]), yes, decision=ASK, categories=(group.category,) if group.category else ())


MISSPOKEN = lines("""
    is {o} {s0} or {s}?
    where is {o}?
    what is {s0}?
    what do you see?
    what's {s0} right now?
    how many things are {s0}?
    is there anything {s0}?
    which things do you see?
    are you done?
    what are you doing?
    why did you do that?
    is {o} still there?
    have you seen {o}?
    what is {o} made of?
    whose {o} is that?
    do you like {o}?
    is {o} heavy?
    can you reach {o}?
    what colour is {o}?
    what can you do?
    what are you able to do?
    what are your skills?
    who are you?
    what's your name?
    how does this work?
    who built you?
    can you hear me?
    what do you think of {o}?
    tell me about {o}
    how much does {o} cost?
    should i throw {o} away?
    do you know what {o} is?
    what would you do with {o}?
    are there any fresh ones?
    what shall we do?
""")


def question(draw: Draw) -> Draft | None:
    """A question, not a task: nothing is to be done before the person is talked to."""
    b = furnished(draw)
    movable = free_to_move(b)
    if not movable:
        return None
    item = draw.one(movable)
    room = b.room()
    text = draw.say("question", MISSPOKEN)
    if "{s0}" in text:
        place = item.at[1] if item.at is not None else room.places[0]
        text = text.replace("{s0}", f"in the {place}" if place in room.by_name else static_place(room, place))
    target = target_for(draw, b, item, hand=0.0) or ("at", room.places[0])
    o = Phrase(item.name) if "whose" in text else reference(draw, room, item)
    text = fill(draw, room, text, o, target)
    return Draft(room, padded(draw, tidy(text)), decision=ASK)
