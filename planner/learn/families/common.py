"""What many families need: a furnished room, somewhere to bring things, the whole request with small talk."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from planner.learn import grammar as g
from planner.learn.draw import Draw
from planner.learn.room import CONTAINER, HAND, MOVABLE, SUPPORT, Item, Room, Target
from planner.learn.rooms import Builder
from planner.learn.sentence import Clause, Phrase, fill, join, polite, put_clause, reference, tidy
from planner.learn.surroundings import COLOURED, COLOURS

TALK_BEFORE, TALK_AFTER = 0.12, 0.09


def furnished(
    draw: Draw, kind: str = "", things: int | None = None, person: bool = False, containers: int = 3
) -> Builder:
    """A room with things, containers and coloured things in it; now and then very full."""
    b = Builder(draw, kind, needs_person=person)
    b.fill(draw.number(1, 7) if things is None else things)
    if b.sort.scene == "tabletop" and draw.chance(0.35):
        for noun in ("block", "bowl"):
            if b.free_noun((noun,)):
                b.twins(noun, draw.some(COLOURS[:10], draw.number(1, 4)))
    elif draw.chance(0.4):
        noun = b.free_noun(COLOURED)
        if noun:
            b.twins(noun, draw.some(COLOURS, draw.number(2, 4)))
    for _ in range(draw.number(1, containers)):
        b.container()
    crowd(draw, b)
    load(draw, b)
    return b


def crowd(draw: Draw, b: Builder) -> None:
    """Now and then up to forty things."""
    if draw.chance(0.04):
        b.fill(draw.number(10, 28))


def load(draw: Draw, b: Builder, keep: Collection[str] = ()) -> None:
    """Some things lie in containers or on other things from the start."""
    if not draw.chance(0.35):
        return
    movable = [i for i in b.items.values() if i.of(MOVABLE) and i.name not in keep and not i.of(CONTAINER)]
    for item in draw.some(movable, draw.number(1, 2)):
        loaded = {i.at[1] for i in b.items.values() if i.at is not None}
        if item.name in loaded:
            continue
        carriers = [i for i in b.items.values() if i.of(CONTAINER) and i.name != item.name and i.name not in keep]
        flat = [
            i for i in b.items.values()
            if i.of(SUPPORT) and not i.of(CONTAINER) and i.name != item.name and i.name not in loaded and i.name not
            in keep
            and i.at is not None and i.at[1] not in b.items
        ]  # fmt: skip
        if carriers and draw.chance(0.75):
            b.move(item.name, ("in", draw.one(carriers).name))
        elif flat:
            b.move(item.name, ("on", draw.one(flat).name))


def free_to_move(b: Builder) -> list[Item]:
    """Movable things that carry nothing."""
    loaded = {i.at[1] for i in b.items.values() if i.at is not None}
    return [i for i in b.items.values() if i.of(MOVABLE) and i.name not in loaded]


def already(b: Builder, name: str, target: Target) -> bool:
    """Whether a thing is there at the start."""
    item = b.items[name]
    if item.at == target:
        return True
    if target[0] != "at" or item.at is None:
        return False
    at = item.at
    while at is not None and at[1] in b.items:
        at = b.items[at[1]].at
    return at is not None and (at[1] == target[1] or target[1] in b.within.get(at[1], ()))


def target_for(draw: Draw, b: Builder, item: Item, taken: Collection[str] = (), hand: float = 0.06) -> Target | None:
    """Somewhere else for a thing."""
    free = [i for i in b.items.values() if i.name != item.name and i.name not in taken]
    loaded = {i.at[1] for i in b.items.values() if i.at is not None}
    containers = [("in", i.name) for i in free if i.of(CONTAINER)]
    supports = [("on", i.name) for i in free if i.of(SUPPORT) and not i.of(CONTAINER) and i.name not in loaded]
    places = [("at", p) for p in b.places if p != b.person]
    pools = [p for p, w in ((containers, 5), (supports, 1), (places, 4)) for _ in range(w) if p]
    if draw.chance(hand):
        return HAND
    if b.person and draw.chance(0.2):
        target: Target = ("at", b.person)
    elif not pools:
        return None
    else:
        target = draw.one(draw.one(pools))
    return None if already(b, item.name, target) else target


def group_target(draw: Draw, b: Builder, avoid: Collection[str] = ()) -> Target | None:
    """Somewhere for several things."""
    containers = [("in", i.name) for i in b.items.values() if i.of(CONTAINER) and i.name not in avoid]
    places = [("at", p) for p in b.places if p != b.person]
    if b.person and draw.chance(0.25):
        return ("at", b.person)
    pool = containers if containers and draw.chance(0.65) else places
    return draw.one(pool) if pool else None


def trash_of(b: Builder) -> Target | None:
    """Where rubbish goes: a place or a container."""
    words = ("trash", "garbage", "waste", "rubbish", "scrap")
    for p in b.places:
        if any(w in p.split() for w in words):
            return ("at", p)
    for i in b.items.values():
        if i.of(CONTAINER) and any(w in i.name.split() for w in words):
            return ("in", i.name)
    return None


def move_clause(draw: Draw, room: Room, o: Phrase, target: Target, mood: str = "") -> Clause:
    """Bring it there; to a place for rubbish also "throw it away"."""
    words = ("trash", "garbage", "waste", "rubbish", "scrap")
    if any(w in target[1].split() for w in words) and draw.chance(0.5):
        return Clause(fill(draw, room, draw.say("throw", g.THROW), o), "plain")
    return put_clause(draw, room, o, target, mood)


def speak(draw: Draw, clauses: Sequence[Clause], ordered: bool = False) -> str:
    """The whole request: clauses joined, asked politely or not, perhaps with small talk."""
    return padded(draw, tidy(polite(draw, join(draw, clauses, ordered)), draw))


def padded(draw: Draw, text: str) -> str:
    """Perhaps with small talk before or after."""
    if draw.tone:
        return text
    if draw.chance(TALK_BEFORE):
        text = f"{draw.say('talk before', g.BEFORE_TALK)} {text}"
    if draw.chance(TALK_AFTER):
        text = f"{text if text[-1] in '.!?' else text + '.'} {draw.say('talk after', g.AFTER_TALK)}"
    return text


def listed(draw: Draw, room: Room, names: Sequence[str], joint: str = "and") -> Phrase:
    """ "the apple, the cup and the pen"."""
    phrases = [reference(draw, room, room[n]) for n in names]
    if len(phrases) == 1:
        return phrases[0]
    texts = [p.text for p in phrases]
    if draw.chance(0.25):  # "the apple and pear"
        texts = (
            [t if i == 0 else t.removeprefix("the ") for i, t in enumerate(texts)]
            if texts[0].startswith("the ")
            else texts
        )
    comma = draw.one((", ", ", ", " and "))
    last = f" {joint} " if draw.chance(0.85) else f", {joint} "
    return Phrase(comma.join(texts[:-1]) + last + texts[-1], joint == "and")
