"""What is done besides moving things: opening, closing, going somewhere; alone and together with moves."""

from __future__ import annotations

from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.families.common import already, free_to_move, furnished, move_clause, padded, speak, target_for
from planner.learn.families.registry import Family
from planner.learn.phrases import lines
from planner.learn.room import ARTICULATED, HAND
from planner.learn.sentence import Clause, join, place_name, polite, reference, tidy

OPEN = lines("""
    open {x}
    open up {x}
    pull {x} open
    {x} should be open
    leave {x} open
    get {x} open
    could you get {x} open
    make sure {x} is open
    slide {x} open
    i need {x} open
    i want {x} open
    have {x} opened
    {x} must be opened
""")
CLOSE = lines("""
    close {x}
    shut {x}
    push {x} shut
    {x} should be closed
    {x} must be shut
    make sure {x} is closed
    make sure {x} is shut
    don't leave {x} open
    close up {x}
    get {x} closed
    i want {x} closed
    slide {x} shut
    why is {x} open? close it
""")
GO = lines("""
    go to {x}
    go over to {x}
    drive to {x}
    move to {x}
    come to {x}
    head to {x}
    head over to {x}
    walk to {x}
    make your way to {x}
    wait at {x}
    stand by {x}
    get yourself to {x}
    roll over to {x}
    travel to {x}
    position yourself at {x}
    take yourself to {x}
    be at {x}
    i want you at {x}
    i need you at {x}
    proceed to {x}
""")
COME = lines("""
    come here
    come to me
    come over here
    come over
    get over here
    come back to me
    i want you here
    drive to me
    come closer
    i need you here
""")


def _said(draw: Draw, pool: str, options: tuple[str, ...], x: str) -> Clause:
    text = draw.say(pool, options).replace("{x}", x)
    whole = text.startswith(("i ", "could ", "why ", "the ", x))
    return Clause(text, "whole" if whole else "plain")


def opening(draw: Draw) -> Draft | None:
    """ "Open the top drawer." """
    b = furnished(draw, things=draw.number(0, 5))
    b.receptacle(opens=True)
    doors = [i for i in b.items.values() if i.of(ARTICULATED)]
    if not doors:
        return None
    door = draw.one(doors)
    verb = draw.one(("open", "close"))
    room = b.room()
    clause = _said(draw, verb, OPEN if verb == "open" else CLOSE, f"the {door.name}")
    deeds = [f"{verb} the {door.name}"]
    clauses = [clause]
    others = [i for i in doors if i.name != door.name]
    if others and draw.chance(0.3):
        other = draw.one(others)
        verb2 = draw.one(("open", "close"))
        clauses.append(_said(draw, verb2, OPEN if verb2 == "open" else CLOSE, f"the {other.name}"))
        deeds.append(f"{verb2} the {other.name}")
    return Draft(room, speak(draw, clauses), deeds=tuple(deeds))


def going(draw: Draw) -> Draft | None:
    """ "Go to the counter." """
    b = furnished(draw, things=draw.number(0, 5))
    if not b.person:
        return None
    place = draw.one(b.places)
    room = b.room()
    if place == b.person:
        text = draw.say("come", COME)
        clause = Clause(text, "whole" if text.startswith("i ") else "plain")
    else:
        clause = _said(draw, "go", GO, place_name(draw, room, place))
    return Draft(room, speak(draw, [clause]), deeds=(f"go to the {place}",))


def open_and_move(draw: Draw) -> Draft | None:
    """ "Open the drawer, put the spoon in and close it again." """
    b = furnished(draw)
    b.receptacle(opens=True)
    doors = [i for i in b.items.values() if i.of(ARTICULATED)]
    movable = free_to_move(b)
    if not doors or not movable:
        return None
    door, item = draw.one(doors), draw.one(movable)
    room = b.room()
    x, o = f"the {door.name}", reference(draw, room, item).text
    target = ("in", door.name)
    deeds: tuple[str, ...]
    how = draw.number(0, 3)
    if how < 3:
        if already(b, item.name, target):
            return None
        text = draw.one(
            (
                f"open {x}, put {o} in and close it again",
                f"open {x}, put {o} inside, then shut it",
                f"put {o} in {x} and close it",
                f"put {o} in {x} and shut {x}",
                f"open {x} and put {o} into it",
                f"open {x} and place {o} inside",
                f"after opening {x}, put {o} in it",
                f"put {o} into {x}, but open it first",
            )
        )
        ends_closed = "close" in text or "shut" in text
        deeds = (f"close {x}",) if ends_closed else (f"open {x}",)
        yes = {item.name: target}
    else:
        away = target_for(draw, b, item, {door.name}, hand=0.0)
        if away is None:
            return None
        verb = draw.one(("open", "close"))
        clauses = [
            move_clause(draw, room, reference(draw, room, item), away, "plain"),
            _said(draw, verb, OPEN if verb == "open" else CLOSE, x),
        ]
        clauses = draw.shuffled(clauses)
        text = join(draw, clauses, draw.chance(0.5)).text
        deeds = (f"{verb} {x}",)
        yes = {item.name: away}
    mood = "plain" if text.split()[0] in ("open", "put", "close") else "whole"
    return Draft(room, padded(draw, tidy(polite(draw, Clause(text, mood)), draw)), yes, deeds=deeds)


def move_and_go(draw: Draw) -> Draft | None:
    """ "Put the cup on the table, then go to the counter." """
    b = furnished(draw)
    movable = free_to_move(b)
    if not movable or not b.person:
        return None
    item = draw.one(movable)
    target = target_for(draw, b, item, hand=0.0)
    place = draw.one(b.places)
    if target is None or target == HAND or place == target[1]:
        return None
    room = b.room()
    first = move_clause(draw, room, reference(draw, room, item), target, "plain")
    then = Clause(draw.say("come", COME)) if place == b.person else _said(draw, "go", GO, place_name(draw, room, place))
    if then.text.startswith("i "):
        return None
    return Draft(room, speak(draw, [first, then], ordered=True), {item.name: target}, deeds=(f"go to the {place}",))


FAMILIES = (
    Family("opening", opening, 1.8),
    Family("going", going, 1.2),
    Family("open and move", open_and_move, 1.3),
    Family("move and go", move_and_go, 0.9),
)
