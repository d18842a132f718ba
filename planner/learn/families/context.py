"""What was said and done before, standing rules, earlier failures, questions that were answered."""

from __future__ import annotations

from planner.learn import grammar as g
from planner.learn import quantities as q
from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.families.common import (
    already,
    free_to_move,
    furnished,
    group_target,
    listed,
    move_clause,
    padded,
    speak,
    target_for,
)  # fmt: skip
from planner.learn.families.registry import Family
from planner.learn.groups import any_group, knowledge_group, pick_category, unclear
from planner.learn.nouns import plural
from planner.learn.phrases import lines
from planner.learn.room import CONTAINER, HAND, MOVABLE, Room, Target
from planner.learn.rooms import Builder
from planner.learn.sentence import Clause, Phrase, fill, polite, put_clause, reference, target_phrase, tidy
from planner.propose import form

NAMED_BACK = lines("""
    put {o} back
    put {o} back where {itn} {was}
    return {o} to where {itn} came from
    {o} {belongs} back where {itn} {was}
    move {o} back again
    bring {o} back to the old place
    undo that with {o}
    take {o} back
""")
IT_BACK = lines("""
    put it back
    put it back where it was
    move it back
    return it to where it was
    undo that
    undo it
    take that back
    no, put it back
    on second thought, put it back
    that was wrong, undo it
    reverse that
    it should go back to its old place
    restore it
    back to where it was with it
    bring it back to its old place
""")
SAME = lines("""
    same with {o}
    the same with {o}
    do the same with {o}
    now {o} as well
    now {o} too
    and {o} too
    and {o}
    {o} too
    {o} as well
    also {o}
    likewise {o}
    {o} likewise
    and now {o}
    repeat that with {o}
    again, but with {o}
    same thing for {o}
    then do that with {o} also
    next {o}
    {o} {goes} there as well
    {o} {goes} to the same place
    put {o} there too
""")
OTHER = lines("""
    now the other one
    the other one too
    and the other one
    and the other one as well
    no, the other one
    i meant the other one
    do the same with the other one
    the other one as well, please
    now do the other one
    also the other one
""")
LIKE_LAST = lines("""
    do it like last time
    same as last time
    same as before
    as last time
    like before, please
    the usual, like last time
    repeat what you did before
    once more as before
    do that again
    again, please
""")
AGAIN = lines("""
    try again
    try it again
    please try that again
    that didn't work, try again
    once more, please
    give it another try
    don't give up, try again
""")


def _done(room_before: Target | None, name: str, now: Target) -> str:
    """How an earlier move is told."""
    was = form.outcome(*room_before) if room_before is not None else ""
    new = form.outcome(*now)
    return f"the {name} was{was}, now{new}" if was else f"the {name} is now{new}"


def _before(draw: Draw, room: Room, who: str, target: Target) -> str:
    """What was asked for earlier."""
    return tidy(put_clause(draw, room, Phrase(f"the {who}"), target, "plain").text).rstrip(".?")


def put_back(draw: Draw) -> Draft | None:
    """ "Put it back": to where the thing was before the last request."""
    b = furnished(draw)
    movable = free_to_move(b)
    if not movable:
        return None
    item = draw.one(movable)
    old = target_for(draw, b, item, hand=0.0)
    if old is None or item.at is None or old == ("at", b.person) or old[0] == "on":
        return None
    now = item.at
    room = b.room()
    told = f"{_before(draw, room, item.name, now)} ({_done(old, item.name, now)})"
    history = [told]
    others = [i for i in movable if i.name != item.name and i.at is not None]
    if others and draw.chance(0.5):  # something else before, which must not be touched
        other = draw.one(others)
        where = target_for(draw, b, other, hand=0.0)
        if where is not None and other.at is not None:
            history.insert(0, f"{_before(draw, room, other.name, other.at)} ({_done(where, other.name, other.at)})")
            if draw.chance(0.4):  # and now the earlier one is meant, by its name
                text = fill(draw, room, draw.say("named back", NAMED_BACK), reference(draw, room, other))
                if where[0] == "on" or where == ("at", b.person):
                    return None
                return Draft(room, padded(draw, tidy(text, draw)), {other.name: where}, history=tuple(history))
    if draw.chance(0.35):
        text = fill(draw, room, draw.say("named back", NAMED_BACK), reference(draw, room, item))
    else:
        text = draw.say("it back", IT_BACK)
    return Draft(
        room, padded(draw, tidy(polite(draw, Clause(text, "whole")), draw)), {item.name: old}, history=tuple(history)
    )


def same_again(draw: Draw) -> Draft | None:
    """ "Same with the apple", "now the other one"."""
    b = furnished(draw)
    target = group_target(draw, b)
    movable = [i for i in free_to_move(b) if target is not None and i.name != target[1]]
    if target is None or len(movable) < 2:
        return None
    first, second = draw.some(movable, 2)
    if already(b, second.name, target):
        return None
    old = first.at if not already(b, first.name, target) else target_for(draw, b, first, {target[1]}, hand=0.0)
    if old is None or old == target:
        return None
    b.move(first.name, target)
    room = b.room()
    history = (f"{_before(draw, room, first.name, target)} ({_done(old, first.name, target)})",)
    twins = [i for i in movable if i.noun == first.noun and i.name != first.name]
    if len(twins) == 1 and draw.chance(0.6):
        if already(b, twins[0].name, target):
            return None
        text = draw.say("other", OTHER)
        return Draft(room, padded(draw, tidy(text, draw)), {twins[0].name: target}, history=history)
    names = [second.name]
    text = fill(draw, room, draw.say("same", SAME), listed(draw, room, names))
    return Draft(
        room, padded(draw, tidy(polite(draw, Clause(text, "whole")), draw)), {second.name: target}, history=history
    )


def other_one(draw: Draw) -> Draft | None:
    """Two of a kind; one was brought before, now "the other one"."""
    b = furnished(draw, things=draw.number(0, 4))
    noun = b.free_noun(
        ("cup", "mug", "marker", "sock", "book", "block", "ball", "towel", "glove", "bottle", "pen", "candle")
    )
    target = group_target(draw, b)
    if not noun or target is None:
        return None
    colours = draw.some(("red", "green", "blue", "yellow", "black", "white", "grey", "pink"), 2)
    pair = b.twins(noun, colours)
    if len(pair) < 2 or any(already(b, i.name, target) for i in pair) or any(i.name == target[1] for i in pair):
        return None
    first, second = pair
    old = first.at
    b.move(first.name, target)
    room = b.room()
    history = (f"{_before(draw, room, first.name, target)} ({_done(old, first.name, target)})",)
    text = draw.say("other", OTHER)
    if draw.chance(0.3):
        text = text.replace("the other one", f"the other {noun}")
    return Draft(room, padded(draw, tidy(text, draw)), {second.name: target}, history=history)


def like_last_time(draw: Draw) -> Draft | None:
    """The earlier request once more: the things are somewhere else again."""
    b = furnished(draw)
    movable = free_to_move(b)
    if not movable:
        return None
    item = draw.one(movable)
    target = target_for(draw, b, item, hand=0.0)
    if target is None:
        return None
    room = b.room()
    said = _before(draw, room, item.name, target)
    if draw.chance(0.5):
        detail = draw.one(
            (
                "the grasp slipped",
                "it fell out of the hand",
                "out of reach",
                "the way was blocked",
                "it was not there any more",
                "the hand was not empty",
            )
        )
        history: tuple[str, ...] = (
            f"{said} (not done: {draw.one(('not reached', 'failed', 'stopped'))})",
            f"failed: {detail}",
        )
        text = draw.say("again", AGAIN)
    else:
        history = (f"{said} ({_done(item.at, item.name, target)})",)
        text = draw.say("like last", LIKE_LAST)
    return Draft(room, padded(draw, tidy(text, draw)), {item.name: target}, history=history)


def idle_history(draw: Draw) -> Draft | None:
    """A plain request after other ones that have nothing to do with it, and after failures."""
    from planner.learn.families.moves import bring, direct

    draft = draw.one((direct, direct, bring))(draw)
    if draft is None or draft.room.kind == "":
        return None
    room = draft.room
    rest = [i for i in room.items if i.of(MOVABLE) and i.name not in draft.yes and i.at is not None]
    history: list[str] = []
    for item in draw.some(rest, draw.number(0, 2)):
        assert item.at is not None
        old = ("at", draw.one(room.places))
        if old != item.at:
            history.append(f"{_before(draw, room, item.name, item.at)} ({_done(old, item.name, item.at)})")
    if draw.chance(0.4) and draft.yes:
        name = draw.one(list(draft.yes))
        history.append(
            f"failed: {draw.one(('the grasp of the {x} slipped', 'the {x} was out of reach', 'the {x} fell down', 'pick up the {x}: not holding it', 'no way to the {x}')).replace('{x}', name)}"
        )
    if not history:
        return None
    draft.history = tuple(history)
    return draft


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
    idle = ("I get home at six.", "The robot's name is Rob.", "Be quiet after ten in the evening.", "Our cat is called Mimi.",
            "Breakfast is at eight.", "I am left-handed.", "Charge the battery at night.", "The guest room is upstairs.",
            "Please speak slowly.", "Walk around the carpet.", "Call me Alex.", "I work from home on Fridays.")  # fmt: skip
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


FAMILIES = (
    Family("put back", put_back, 1.8),
    Family("same again", same_again, 1.5),
    Family("other one", other_one, 0.8),
    Family("like last time", like_last_time, 0.9),
    Family("idle history", idle_history, 1.5),
    Family("rules forbid", rules_forbid, 0.9, category=True),
    Family("rules say", rules_say, 1.3, category=True),
    Family("preference", preference, 1.5, category=True),
    Family("answered", answered, 1.5),
    Family("answered where", answered_where, 1.0),
)
__all__ = ["FAMILIES", "HAND", "g"]
