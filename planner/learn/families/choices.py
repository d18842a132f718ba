"""Named alternatives, one instead of another, and conditions on what is here."""

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
    speak,
    target_for,
)
from planner.learn.families.registry import Family
from planner.learn.phrases import lines
from planner.learn.room import HAND, Target
from planner.learn.sentence import Clause, Phrase, fill, polite, reference, tidy

INSTEAD = lines("""
    {old} can stay, {act}
    not {old}, {act}
    don't take {old}, {act}
    instead of {old}, {act}
    leave {old} where {itn} {is} and {act}
    {act}, not {old}
    {act}, but not {old}
    {act} instead of {old}
    {act} rather than {old}
    i don't need {old}, so {act}
    forget about {old}, {act}
    {act} and leave {old} alone
    without touching {old}, {act}
    {act}, and keep your hands off {old}
    {old} is not what i want. {act}
    i know {old} is closer, but {act}
    {act} (not {old})
""")
IF_HERE = lines("""
    if there is {a}, {act}
    if you see {a}, {act}
    if you can find {a}, {act}
    should there be {a}, {act}
    provided there is {a}, {act}
    {act} if there is any
    in case there's {a}, {act}
    {act}, if you can find it
""")
ELSE = lines("""
    , otherwise {x}
    , if not {x}
    . Otherwise {x}
    . If not, {x}
    , or else {x}
    . If there is none, {x}
    , failing that {x}
""")


def either_or(draw: Draw) -> Draft | None:
    """ "Bring me the apple or the pear." """
    b = furnished(draw)
    movable = free_to_move(b)
    names = [i.name for i in draw.some(movable, draw.one((2, 2, 3)))]
    if len(names) < 2:
        return None
    target = target_for(draw, b, b.items[names[0]], names)
    if target is None or any(already(b, n, target) for n in names) or target[0] == "on":
        return None
    room = b.room()
    said = listed(draw, room, names, "or")
    text = draw.one(("{o}", "{o}", "either {o}", "{o}, whichever,", "{o}, i don't mind which,")).replace(
        "{o}", said.text
    )
    goes = dict.fromkeys(names, target)
    text = speak(draw, [move_clause(draw, room, Phrase(text, it="it"), target)])
    return None if target == HAND and "for me" in text else Draft(room, text, {}, goes, 1)


def instead(draw: Draw) -> Draft | None:
    """ "Not the apple, bring me the pear." """
    b = furnished(draw)
    movable = free_to_move(b)
    if len(movable) < 2:
        return None
    old, new = draw.some(movable, 2)
    twins = [i for i in movable if i.noun == new.noun and i.name != new.name]
    old = draw.one(twins) if twins else old
    target = target_for(draw, b, new, {old.name})
    if target is None or already(b, old.name, target):
        return None
    room = b.room()
    out = reference(draw, room, old)
    act = move_clause(draw, room, reference(draw, room, new), target, "plain").text
    text = fill(draw, room, draw.say("instead", INSTEAD).replace("{old}", out.text), out).replace("{act}", act)
    mood = "plain" if text.startswith(act) else "whole"
    said = padded(draw, tidy(polite(draw, Clause(text, mood)), draw))
    return None if target == HAND and "for me" in said else Draft(room, said, {new.name: target})


def conditional(draw: Draw) -> Draft | None:
    """ "If there is a lemon, put it in the bowl, otherwise the pear." """
    b = furnished(draw)
    movable = [i for i in free_to_move(b) if not i.colour and not i.extra and i.entry]
    if len(movable) < 2:
        return None
    one, other = draw.some(movable, 2)
    target = target_for(draw, b, one, {other.name}, hand=0.0)
    if target is None or already(b, other.name, target) or target[0] == "on":
        return None
    room = b.room()
    here = draw.chance(0.6)
    name = one.name
    if not here:  # the first is not here: the second it is
        name = draw.one(draw.view.names)
        known = draw.knowledge[name]
        words = {w for n in (name, *known.names) for w in n.split()}
        if any(words & {w for c in b.callings(i.name, i.entry) for w in c} for i in b.items.values()):
            return None
        kinds = {k for i in b.items.values() if i.entry for k in (*draw.knowledge[i.entry].kinds, i.entry)}
        if name in kinds or {i.entry for i in b.items.values()} & set(known.kinds):
            return None
    act = move_clause(draw, room, Phrase("it"), target, "plain").text
    template = draw.say("if here", IF_HERE)
    if "{a}" not in template:
        act = move_clause(draw, room, Phrase(f"the {name}"), target, "plain").text
    text = template.replace("{a}", _article(name)).replace("{act}", act)
    wanted: str | None = one.name if here else None
    if draw.chance(0.6) or not here:
        text += draw.say("else", ELSE).replace("{x}", reference(draw, room, other).text)
        wanted = wanted or other.name
    assert wanted is not None
    goes: Target = target
    return Draft(room, padded(draw, tidy(text, draw)), {wanted: goes})


def _article(name: str) -> str:
    from planner.learn.nouns import a_or_an, is_mass, is_plural

    return f"some {name}" if is_plural(name) or is_mass(name) else a_or_an(name)


FAMILIES = (
    Family("either or", either_or, 1.4),
    Family("instead", instead, 1.4),
    Family("conditional", conditional, 1.0),
)
