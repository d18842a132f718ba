"""What was said and done before, standing rules, earlier failures, questions that were answered."""

from __future__ import annotations

from planner.learn import grammar as g
from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.families.answered import answered, answered_where
from planner.learn.families.common import (
    already,
    free_to_move,
    furnished,
    group_target,
    listed,
    padded,
    target_for,
)  # fmt: skip
from planner.learn.families.registry import Family
from planner.learn.families.standing_rules import preference, rules_forbid, rules_say
from planner.learn.phrases import lines
from planner.learn.room import HAND, MOVABLE, Room, Target
from planner.learn.sentence import Clause, Phrase, fill, polite, put_clause, reference, tidy
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


FAILED = (
    "the grasp of the {x} slipped", "the {x} was out of reach", "the {x} fell down", "pick up the {x}: not holding it",
    "no way to the {x}",
)  # fmt: skip


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
        history.append(f"failed: {draw.one(FAILED).replace('{x}', name)}")
    if not history:
        return None
    draft.history = tuple(history)
    return draft


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
