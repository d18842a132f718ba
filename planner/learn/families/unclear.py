"""Requests that must be asked about: two things fit, no target, nothing clear enough, contradictions, nonsense."""

from __future__ import annotations

from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.example import ASK
from planner.learn.families.common import (
    already,
    free_to_move,
    furnished,
    group_target,
    move_clause,
    padded,
    speak,
    target_for,
)  # fmt: skip
from planner.learn.families.registry import Family
from planner.learn.families.senseless import beside, contradictory, nonsense, question, too_many, vague
from planner.learn.groups import any_group, unclear
from planner.learn.nouns import is_plural
from planner.learn.phrases import lines
from planner.learn.room import CONTAINER, MOVABLE, Target
from planner.learn.rooms import Builder, types_of
from planner.learn.sentence import (
    Clause,
    Phrase,
    fill,
    polite,
    put_clause,
    reference,
    tidy,
)
from planner.learn.surroundings import BOWLS, COLOURED, COLOURS, CORNERS, SIDES


def which_one(draw: Draw) -> Draft | None:
    """ "Put the block in the bowl" with several blocks, none of them said to be meant."""
    b = furnished(draw, things=draw.number(0, 4))
    noun = b.free_noun(COLOURED)
    pair = b.twins(noun, draw.some(COLOURS, draw.number(2, 4))) if noun else []
    if len(pair) < 2:
        return None
    target = target_for(draw, b, pair[0], {i.name for i in pair})
    if target is None or any(already(b, i.name, target) for i in pair):
        return None
    room = b.room()
    lead = draw.one(("the", "the", "the", "that", "my", "this"))
    clause = move_clause(draw, room, Phrase(f"{lead} {noun}"), target)
    answer = draw.one(pair)
    return Draft(
        room, speak(draw, [clause]), {}, {i.name: target for i in pair}, 1, decision=ASK,
        reply=(f"the {answer.colour} one", (answer.name,)),
    )  # fmt: skip


def which_of_kind(draw: Draw) -> Draft | None:
    """ "Bring me the drink" with several drinks."""
    b = Builder(draw, needs_person=draw.chance(0.7))
    for _ in range(draw.number(1, 2)):
        b.container()
    group = any_group(draw, b, 2, 4)
    if group is None or group.category is None or group.category[0] != "kinds" or is_plural(group.one) or group.mass:
        return None
    if unclear(draw, b, group.category, group.members):
        return None
    target: Target | None = ("at", b.person) if b.person else None
    containers = [i for i in b.items.values() if i.of(CONTAINER) and i.name not in group.members]
    if target is None or draw.chance(0.5):
        target = ("in", draw.one(containers).name) if containers else target
    if target is None or any(already(b, n, target) for n in group.members):
        return None
    room = b.room()
    clause = move_clause(draw, room, Phrase(f"{draw.one(('the', 'the', 'that', 'my'))} {group.one}"), target)
    answer = draw.one(group.members)
    return Draft(
        room, speak(draw, [clause]), {}, dict.fromkeys(group.members, target), 1, decision=ASK,
        categories=(group.category,), reply=(f"the {answer}", (answer,)),
    )  # fmt: skip


def which_target(draw: Draw) -> Draft | None:
    """ "Put the apple in the bowl" with two bowls."""
    b = furnished(draw, containers=1)
    bowl = b.free_noun(n for n in BOWLS if CONTAINER in types_of(f"red {n}"))
    pair = b.twins(bowl, draw.some(COLOURS, draw.number(2, 3))) if bowl else []
    movable = [
        i for i in free_to_move(b) if i not in pair and not any(already(b, i.name, ("in", p.name)) for p in pair)
    ]
    if len(pair) < 2 or not movable:
        return None
    item = draw.one(movable)
    room = b.room()
    target: Target = ("in", draw.one(pair).name)
    clause = put_clause(
        draw, room, reference(draw, room, item), target, draw.one(("plain", "plain", "whole", "terse")), x=f"the {bowl}"
    )
    return Draft(
        room,
        speak(draw, [clause]),
        {item.name: target},
        decision=ASK,
        reply=(f"the {room[target[1]].colour} one", (item.name,)),
    )


NOWHERE = lines("""
    move {o}
    put {o} away from here
    move {o} somewhere else
    {o} should not be here
    put {o} down somewhere nice
    relocate {o}
    place {o}
    put {o} over there
    put {o} there
    {o} needs to go
    {o} {goes} somewhere else
    put {o} on
    put {o} in
    shift {o} a bit
    do something with {o}
    what about {o}
    take care of {o}
    deal with {o}
    {o}
    {o}, please
    put {o} with the others
    put {o} next to it
""")


def no_target(draw: Draw) -> Draft | None:
    """ "Move the cup": where to?"""
    b = furnished(draw)
    movable = free_to_move(b)
    if not movable:
        return None
    item = draw.one(movable)
    room = b.room()
    text = fill(draw, room, draw.say("nowhere", NOWHERE), reference(draw, room, item))
    mood = (
        "plain" if text.split()[0] in ("move", "put", "relocate", "place", "shift", "do", "take", "deal") else "whole"
    )
    return Draft(room, padded(draw, tidy(polite(draw, Clause(text, mood)), draw)), decision=ASK)


def which_place(draw: Draw) -> Draft | None:
    """ "In the corner", "on the side": of several."""
    b = furnished(draw, "tabletop")
    movable = free_to_move(b)
    if not movable:
        return None
    item = draw.one(movable)
    room = b.room()
    word, places = draw.one((("corner", CORNERS), ("corner", CORNERS), ("side", SIDES), ("edge", SIDES)))
    x = draw.one(
        (f"the {word}", f"a {word} of the table", f"one of the {word}s", f"the {word} of the table", f"a {word}")
    )
    mood = draw.one(("plain", "plain", "whole"))
    clause = put_clause(draw, room, reference(draw, room, item), ("at", places[0]), mood, x=x)
    return Draft(room, speak(draw, [clause]), decision=ASK)


OPEN_NUMBER = lines("""
    a few of the {many}
    some of the {many}
    several {many}
    a few {many}
    many of the {many}
    most of the {many}
    a handful of {many}
    not too many {many}
    enough {many}
    some {many}
    a number of {many}
    a bunch of {many}
""")


def open_number(draw: Draw) -> Draft | None:
    """ "A few of the blocks": how many?"""
    b = Builder(draw)
    b.container()
    group = any_group(draw, b, 3, 5)
    if group is None or group.mass or not group.countable or draw.view.split == "long":
        return None
    if group.category and unclear(draw, b, group.category, group.members):
        return None
    containers = [i for i in b.items.values() if i.of(CONTAINER) and i.name not in group.members]
    target: Target = ("in", draw.one(containers).name) if containers else ("at", draw.one(b.places))
    if any(already(b, n, target) for n in group.members):
        return None
    room = b.room()
    said = draw.say("open number", OPEN_NUMBER).replace("{many}", group.many)
    return Draft(
        room, speak(draw, [move_clause(draw, room, Phrase(said, True), target)]), {}, dict.fromkeys(group.members,
        target), 2,
        decision=ASK, categories=(group.category,) if group.category else (),
    )  # fmt: skip


def no_antecedent(draw: Draw) -> Draft | None:
    """ "Put it in the basket" with nothing said before that "it" could be."""
    b = furnished(draw)
    if sum(i.of(MOVABLE) for i in b.items.values()) < 3:
        return None
    target = group_target(draw, b)
    if target is None:
        return None
    room = b.room()
    it = draw.one(
        (
            "it",
            "it",
            "that one",
            "this one",
            "that",
            "this",
            "them",
            "the other one",
            "one of them",
            "the usual one",
            "the right one",
            "my favourite one",
            "the thing",
        )
    )
    clause = put_clause(draw, room, Phrase(it, it == "them"), target, "plain")
    return Draft(room, speak(draw, [clause]), decision=ASK)


FAMILIES = (
    Family("which place", which_place, 0.6),
    Family("open number", open_number, 0.6, category=True),
    Family("no antecedent", no_antecedent, 0.7),
    Family("which one", which_one, 1.8),
    Family("which of a kind", which_of_kind, 2.0, category=True),
    Family("which target", which_target, 1.3),
    Family("no target", no_target, 0.8),
    Family("vague", vague, 0.7),
    Family("contradictory", contradictory, 1.1),
    Family("beside", beside, 0.7),
    Family("nonsense", nonsense, 0.5),
    Family("too many", too_many, 0.7, category=True),
    Family("question", question, 0.8),
)
