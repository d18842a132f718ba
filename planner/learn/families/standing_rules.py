"""Standing rules and likings that come with a request as notes."""

from __future__ import annotations

from planner.learn import quantities as q
from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.families.common import (
    already,
    group_target,
    move_clause,
    padded,
    speak,
)  # fmt: skip
from planner.learn.groups import any_group, knowledge_group, pick_category, unclear
from planner.learn.nouns import plural
from planner.learn.phrases import lines
from planner.learn.room import CONTAINER, MOVABLE, Target
from planner.learn.rooms import Builder
from planner.learn.sentence import Clause, Phrase, fill, polite, tidy

RULES = lines("""
    {g} must never go {t}
    {g} never go {t}
    never put {g} {t}
    no {g} {t}
    {g} have no business {s}
    keep {g} away from {x}
    nothing that is one of the {g} goes {t}
    house rule: {g} do not go {t}
    i don't want {g} {s}
""")


ALWAYS = lines("""
    {g} always go {t}
    {g} belong {s}
    all {g} are kept {s}
    the place for {g} is {s}
    house rule: {g} go {t}
    whenever you tidy up, {g} go {t}
    we keep {g} {s}
""")


TIDY = lines("""
    tidy up
    put things away
    tidy up, please, you know the rules
    put everything where the rules say
    please tidy up as i told you
    clean up here according to my notes
    sort this out the way we agreed
    put away what my notes speak of
    everything goes where it's kept
    do as it says in the notes
""")


def rules_forbid(draw: Draw) -> Draft | None:
    """A note keeps some things out of a target: everything else goes there."""
    if draw.view.split == "long":
        return None
    b = Builder(draw)
    for _ in range(2):
        b.container()
    group = knowledge_group(draw, b, 1, 2, pick_category(draw, 2, ("kinds", "properties", "materials")), others=5)
    if group is None or group.category is None:
        return None
    target = group_target(draw, b, group.members)
    if target is None or target == ("at", b.person):
        return None
    movable = [i.name for i in b.items.values() if i.of(MOVABLE)]
    if any(b.items[n].at is not None and b.items[n].at[0] != "at" for n in movable):  # type: ignore[index]
        return None
    if any(already(b, n, target) for n in group.members):
        return None
    yes = {n: target for n in movable if n not in group.members and n != target[1] and not already(b, n, target)}
    yes = {n: t for n, t in yes.items() if not b.items[n].of(CONTAINER)}
    room = b.room()
    if not yes or len(yes) + len(group.members) + (target[1] in movable) < len(movable):
        return None
    note = draw.say("rule", RULES).replace("{g}", plural(group.many) if False else group.many)
    note = tidy(fill(draw, room, note, Phrase(""), target))
    whole = Phrase(draw.one(("everything", "all of it", "it all", "all the things", "the things")))
    text = speak(draw, [move_clause(draw, room, whole, target)])
    notes = _notes(draw, note)
    return Draft(room, text, yes, notes=notes, categories=(group.category,))


def _notes(draw: Draw, *said: str) -> tuple[str, ...]:
    """With other lines that change nothing here."""
    idle = ("I get home at six.", "The robot's name is Rob.", "Be quiet after ten in the evening.",
    "Our cat is called Mimi.",
            "Breakfast is at eight.", "I am left-handed.", "Charge the battery at night.",
            "The guest room is upstairs.",
            "Please speak slowly.", "Walk around the carpet.", "Call me Alex.",
            "I work from home on Fridays.")  # fmt: skip
    rows = [*said, *draw.some(idle, draw.one((0, 0, 1, 1, 2)))]
    return tuple(draw.shuffled(rows))


def rules_say(draw: Draw) -> Draft | None:
    """Notes say where sorts of things go; the request only says to tidy up."""
    b = Builder(draw)
    for _ in range(draw.number(2, 3)):
        b.container()
    one = knowledge_group(draw, b, 1, 3, pick_category(draw, 2, ("kinds", "properties", "materials")), others=2)
    two = (
        knowledge_group(draw, b, 1, 3, pick_category(draw, 2, ("kinds", "properties")), others=1)
        if draw.chance(0.6)
        else None
    )
    if one is None or one.category is None:
        return None
    groups = [x for x in (one, two) if x is not None and x.category is not None]
    for group in groups:
        if group.category is not None and unclear(draw, b, group.category, group.members):
            return None
    if len({x.category for x in groups}) < len(groups):
        return None
    members = [n for x in groups for n in x.members]
    yes: dict[str, Target] = {}
    notes = []
    room_targets = set()
    picked = []
    for group in groups:
        target = group_target(draw, b, members)
        if target is None or target in room_targets or target == ("at", b.person):
            return None
        room_targets.add(target)
        picked.append((group, target))
    room = b.room()
    for group, target in picked:
        yes |= {n: target for n in group.members if not already(b, n, target)}
        text = draw.say("always", ALWAYS).replace("{g}", group.many)
        notes.append(tidy(fill(draw, room, text, Phrase(""), target)))
    request = padded(draw, tidy(polite(draw, Clause(draw.say("tidy", TIDY))), draw))
    return Draft(
        room, request, yes, notes=_notes(draw, *notes), categories=tuple(x.category for x, _ in picked if x.category)
    )


LIKES = lines("""
    I hate {g}.
    I don't like {g}.
    I can't stand {g}.
    I never want {g}.
    I'm allergic to {g}.
    I avoid {g}.
    Don't give me {g}, ever.
    {g}? Not for me.
    My doctor forbids me {g}.
""")


PREFER = lines("""
    I love {x}.
    My favourite is the {x}.
    If there is a choice, I take the {x}.
    I always prefer the {x}.
    The {x} is mine, I like it best.
    I like the {x} better than anything else.
""")


ANY_WAY = lines("""
    bring me {y}
    get me {y}
    i'd like {y}
    could you bring me {y}
    i want {y}
    fetch me {y}
    can i have {y}?
    give me {y}
    {y}, please
""")


def preference(draw: Draw) -> Draft | None:
    """A note says what the person likes or not; the request leaves the choice."""
    b = Builder(draw, needs_person=True)
    for _ in range(draw.number(0, 2)):
        b.container()
    group = any_group(draw, b, 2, 4)
    if group is None or draw.view.split == "long":
        return None
    if group.category is not None and unclear(draw, b, group.category, group.members):
        return None
    target: Target = ("at", b.person)
    if any(already(b, n, target) for n in group.members):
        return None
    members = list(group.members)
    categories = [group.category] if group.category else []
    if draw.chance(0.45):
        liked = draw.one(members)
        note = draw.say("prefer", PREFER).replace("{x}", liked)
        left = [liked]
    else:
        left, note = _disliked(draw, b, members, categories)
        if not left:
            return None
    room = b.room()
    y = q.any_of(draw, group)
    text = draw.say("any way", ANY_WAY).replace("{y}", y.text.rstrip(","))
    notes = _notes(draw, tidy(note))
    goes = dict.fromkeys(left, target)
    said = padded(draw, tidy(text, draw))
    if len(left) == 1:
        return Draft(room, said, goes, notes=notes, categories=tuple(categories))
    return Draft(room, said, {}, goes, 1, notes=notes, categories=tuple(categories))


def _disliked(draw: Draw, b: Builder, members: list[str], categories: list[tuple[str, str]]) -> tuple[list[str], str]:
    """What is left when some are out, by their name or by a property or kind of theirs."""
    if draw.chance(0.4):
        out = draw.one(members)
        names = [draw.one((out, f"the {out}"))]
        gone = [out]
    else:
        entry = b.items[draw.one(members)].entry
        if not entry:
            return [], ""
        fields = [("kinds", k) for k in draw.knowledge[entry].kinds] + [
            ("properties", p) for p in draw.knowledge[entry].properties
        ]
        fields = [f for f in fields if draw.view.allows(*f) and f not in categories]
        if not fields:
            return [], ""
        category = draw.one(fields)
        no = draw.view.surely_not(*category)
        inside = draw.view.members(*category)
        sure = [n for n in members if b.items[n].entry in inside or b.items[n].entry in no]
        gone = [n for n in members if b.items[n].entry in inside]
        if len(sure) < len(members) or len(gone) == len(members):
            return [], ""
        word = category[1]
        names = [plural(word) if category[0] == "kinds" else f"{word} things"]
        categories.append(category)
    note = draw.say("likes", LIKES).replace("{g}", names[0])
    return [n for n in members if n not in gone], note
