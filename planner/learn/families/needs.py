"""What people say when they need something and name no thing: thirst, spills, things to be done."""

from __future__ import annotations

from dataclasses import replace

from planner.learn import quantities as q
from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.families.common import already, load, padded, trash_of
from planner.learn.families.registry import Family
from planner.learn.families.sayings import SAYINGS, TO_DO
from planner.learn.groups import knowledge_group, named, needs_object, pick_category, unclear
from planner.learn.nouns import a_or_an
from planner.learn.phrases import lines
from planner.learn.room import HAND, Target
from planner.learn.rooms import Builder
from planner.learn.sentence import Clause, polite, tidy

ASKS = lines("""
    . Can you help me?
    . Can you bring me something for that?
    . Could you get me something?
    . Please bring me something
    . Bring me something that helps
    . What can you do for me? Bring it over
    . Could you help?
    , can you get me something for it?
    , could you bring me something?
    . Please help me out
    . Get me something, please
    . Do you have anything for me?
    . I need your help
    . Would you bring me what I need?
    . Find something suitable and bring it to me
    . Please hand me something against it
    . Please do something about it
""")


def _scene(draw: Draw, category: tuple[str, str]) -> Draft | None:
    b = Builder(draw, needs_person=draw.chance(0.85))
    for _ in range(draw.number(0, 2)):
        b.container()
    group = knowledge_group(draw, b, 1, draw.one((1, 1, 2, 3)), category, others=5)
    if group is None:
        return None
    load(draw, b)
    if unclear(draw, b, category, group.members):
        return None
    target: Target = ("at", b.person) if b.person else HAND
    if any(already(b, n, target) for n in group.members):
        return None
    room = b.room()
    goes = dict.fromkeys(group.members, target)
    one = len(goes) == 1
    return Draft(room, "?", goes if one else {}, {} if one else goes, None if one else 1, categories=(category,))


def to_be_done(draw: Draw) -> Draft | None:
    """ "I need to hang a picture." """
    category = pick_category(draw, 1, ("uses",))
    draft = _scene(draw, category) if category is not None else None
    if category is None or draft is None:
        return None
    use = (
        category[1]
        .replace("one's", "my")
        .replace("your", "my")
        .replace("oneself", "myself")
        .replace("yourself", "myself")
    )
    text = draw.say("to do", TO_DO).replace("{u}", use)
    if needs_object(use) and "thing to {u}" not in draw.wordings[-1]:
        text = f"{draw.one(('i need', 'bring me', 'get me', 'i want', 'fetch me'))} something to {use}"
    return replace(draft, request=padded(draw, tidy(polite(draw, Clause(text, "whole")), draw)))


def sayings(draw: Draw) -> Draft | None:
    """ "I'm thirsty." """
    open_ones = [u for u in SAYINGS if draw.view.allows("uses", u) and draw.view.members("uses", u)]
    if not open_ones:
        return None
    use = draw.one(open_ones)
    draft = _scene(draw, ("uses", use))
    if draft is None:
        return None
    text = draw.say(f"saying {use}", SAYINGS[use])
    if draw.chance(0.65):
        text = text.rstrip("?") + draw.say("help", ASKS)
    return replace(draft, request=padded(draw, tidy(text, draw)))


SPOILED = lines("""
    i've finished my {x}. Please throw {it} away
    the {x} {is} empty. Could you throw {it} away and bring me {y}?
    i spilled my {x}. Throw {it} away and bring me {y}
    my {x} fell on the floor, throw {it} out and get me {y} instead
    i don't want the {x} any more, throw {it} away and bring me {y}
    the {x} {is} no good. Get rid of {it} and fetch me {y}
    please replace my {x}: {it} goes in the rubbish and i get {y}
""")


def replaced(draw: Draw) -> Draft | None:
    """Something is thrown away and something of a kind brought instead."""
    category = pick_category(draw, 2, ("kinds", "uses", "properties"))
    if category is None:
        return None
    b = Builder(draw, needs_person=True)
    for _ in range(draw.number(0, 1)):
        b.receptacle()
    trash = trash_of(b)
    if trash is None:
        return None
    group = knowledge_group(draw, b, 1, draw.one((1, 2, 3)), category, others=3)
    if group is None:
        return None
    rest = [i for i in b.items.values() if i.of("movable") and i.name not in group.members]
    person: Target = ("at", b.person)
    if not rest or any(already(b, n, person) for n in group.members):
        return None
    gone = draw.one(rest)
    if already(b, gone.name, trash) or trash[1] == gone.name:
        return None
    text = draw.say("spoiled", SPOILED)
    room = b.room()
    text = text.replace("{x}", gone.name).replace("{it}", "it").replace("{is}", "is")
    needs_other = "{y}" in text
    text = text.replace("{y}", q.any_of(draw, group).text)
    goes = dict.fromkeys(group.members, person) if needs_other else {}
    one = len(goes) == 1
    yes: dict[str, Target] = {gone.name: trash} | (goes if one else {})
    either = {} if one or not needs_other else goes
    return Draft(
        room,
        padded(draw, tidy(text, draw)),
        yes,
        either,
        1 if either else None,
        categories=(category,) if needs_other else (),
    )


CRAVE = lines("""
    i feel like {y}
    i'm in the mood for {y}
    i'm craving {y}
    i could go for {y}
    i'd love {y} right now
    nothing would be better now than {y}
    what about {y}? bring it to me
    i'd kill for {y}
    {y} would be lovely
    {y} would be nice
    {y}, please
    {y} would do me good
    you know what i want? {y}
    my guest would like {y}
    could we have {y}?
    is there {y} anywhere?
    do we have {y}? i'd like one
    i wouldn't say no to {y}
    i'll have {y}
""")


def craving(draw: Draw) -> Draft | None:
    """ "I'm in the mood for something salty." """
    category = pick_category(draw, 1, ("kinds", "properties"))
    draft = _scene(draw, category) if category is not None else None
    if category is None or draft is None:
        return None
    group = named(draw, category, tuple(draft.yes or draft.either))
    y = q.any_of(draw, group).text.rstrip(",")
    if draw.chance(0.25) and category[0] == "kinds" and group.countable:
        y = a_or_an(group.one)
    text = draw.say("crave", CRAVE).replace("{y}", y)
    return replace(draft, request=padded(draw, tidy(polite(draw, Clause(text, "whole")), draw)))


FAMILIES = (
    Family("to be done", to_be_done, 3.5, category=True),
    Family("sayings", sayings, 3.0, category=True),
    Family("craving", craving, 2.5, category=True),
    Family("replaced", replaced, 0.8, category=True),
)
