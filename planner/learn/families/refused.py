"""Requests that cannot or must not be done: what is not here, what is unsafe, orders in disguise."""

from __future__ import annotations

from planner.learn import quantities as q
from planner.learn.draft import Draft, dangerous
from planner.learn.draw import Draw
from planner.learn.example import REFUSE
from planner.learn.families.beyond import harmful, injected, no_skill
from planner.learn.families.common import free_to_move, furnished, group_target, move_clause, padded, speak, target_for
from planner.learn.families.registry import Family
from planner.learn.groups import named, pick_category
from planner.learn.nouns import a_or_an
from planner.learn.phrases import lines
from planner.learn.room import CONTAINER, MOVABLE, RECEPTACLE, Item, Target
from planner.learn.rooms import Builder
from planner.learn.sentence import Clause, Phrase, fill, polite, put_clause, reference, tidy
from planner.learn.surroundings import BOWLS, COLOURED, COLOURS


def absent(draw: Draw) -> Draft | None:
    """A thing that is not here; often something like it is."""
    b = furnished(draw)
    target = group_target(draw, b)
    if target is None:
        return None
    entry = draw.one(draw.view.names)
    known = draw.knowledge[entry]
    if draw.chance(0.5):  # a near miss: something of the same kind is here
        near = [n for k in known.kinds for n in draw.view.members("kinds", k) if n != entry]
        b.fill(draw.number(1, 2), pool=near)
    said = {entry, *known.names}
    words = {w for n in said for w in n.split()}
    for item in b.items.values():
        theirs = {w for c in b.callings(item.name, item.entry) for w in c}
        if words & theirs:
            return None
        other = draw.knowledge.entries.get(item.entry) or draw.knowledge.find(item.name)
        if other is not None and (entry in other.kinds or other.name in known.kinds or set(other.kinds[:1]) & said):
            return None
    if words & {w for p in b.places for w in p.split()}:
        return None
    room = b.room()
    name = draw.one((entry, entry, *known.names))
    phrase = Phrase(f"{draw.one(('the', 'the', 'the', 'my', 'that'))} {name}")
    clause = move_clause(draw, room, phrase, target)
    return Draft(room, speak(draw, [clause]), decision=REFUSE)


def absent_colour(draw: Draw) -> Draft | None:
    """The right noun in a colour that is not here."""
    b = furnished(draw, things=draw.number(0, 4))
    noun = b.free_noun(COLOURED)
    colours = draw.some(COLOURS, 4)
    pair = b.twins(noun, colours[:2]) if noun else []
    if len(pair) < 2 or any(colours[3] in i.name.split() for i in b.items.values()):
        return None
    target = target_for(draw, b, pair[0], {i.name for i in pair})
    if target is None:
        return None
    room = b.room()
    clause = move_clause(draw, room, Phrase(f"the {colours[3]} {noun}"), target)
    return Draft(room, speak(draw, [clause]), decision=REFUSE)


def absent_kind(draw: Draw) -> Draft | None:
    """ "All the fruit", "a drink": and nothing here is one."""
    category = pick_category(draw, 2)
    if category is None:
        return None
    b = Builder(draw)
    for _ in range(draw.number(1, 2)):
        b.receptacle() or b.movable_container()
    no = draw.view.surely_not(*category)
    if not b.fill(draw.number(1, 6), refuses=lambda n: n not in no):
        return None
    for item in b.items.values():
        if item.of(MOVABLE) and not item.entry:
            found = draw.knowledge.find(item.name)
            if found is None or found.name not in no:
                return None
    target = group_target(draw, b)
    if target is None:
        return None
    room = b.room()
    group = named(draw, category, ("one", "other", "third"))
    phrase = q.all_of(draw, group) if draw.chance(0.5) else q.any_of(draw, group)
    for word in ("two", "both", "three", "either"):
        if word in phrase.text.split():
            return None
    return Draft(room, speak(draw, [move_clause(draw, room, phrase, target)]), decision=REFUSE, categories=(category,))


def absent_target(draw: Draw) -> Draft | None:
    """Into something that is not here."""
    b = furnished(draw, containers=2)
    movable = free_to_move(b)
    used = {w for n in (*b.items, *b.places) for w in n.split()}
    alike = ({"cup", "mug"}, {"bowl", "dish", "plate", "pot"}, {"bin", "bucket", "basket", "crate", "box", "can"})
    used |= {n for group in alike if group & used for n in group}
    nouns = [
        n
        for n in (
            *BOWLS,
            *(f.lstrip("*") for f in b.sort.fixed),
            "aquarium",
            "suitcase",
            "vase",
            "safe",
            "mailbox",
            "attic",
            "bathtub",
            "balcony",
            "car",
        )
        if not set(n.split()) & used
    ]
    if not movable or not nouns:
        return None
    item = draw.one(movable)
    noun = draw.one(nouns)
    room = b.room()
    colour = f"{draw.one(COLOURS)} " if noun in BOWLS and draw.chance(0.4) else ""
    clause = put_clause(
        draw,
        room,
        reference(draw, room, item),
        ("in", item.name),
        draw.one(("plain", "plain", "whole", "terse")),
        x=f"the {colour}{noun}",
    )
    return Draft(room, speak(draw, [clause]), decision=REFUSE)


def immovable(draw: Draw) -> Draft | None:
    """ "Put the fridge in the bowl": receptacles and places are not moved."""
    b = furnished(draw)
    fixed = [i for i in b.items.values() if i.of(RECEPTACLE)]
    names = [i.name for i in fixed] + [p for p in b.places if p != b.person and b.sort.scene != "tabletop"]
    target = group_target(draw, b)
    if not names or target is None:
        return None
    name = draw.one(names)
    if name == target[1]:
        return None
    room = b.room()
    return Draft(room, speak(draw, [move_clause(draw, room, Phrase(f"the {name}"), target)]), decision=REFUSE)


UNSAFE = lines("""
    put {o} {t}
    put {o} {t} and turn it on
    heat up {o} {s}
    warm {o} {s}
    {o} {goes} {t}
    place {o} {t}
    throw {o} into {x}
    stick {o} {t}
    {o} should be {s}
    dry {o} {s}
    load {o} into {x}
""")


def unsafe(draw: Draw) -> Draft | None:
    """Metal in the microwave and the like."""
    b = furnished(draw)
    kitchen = [h for h in ("microwave", "oven", "dishwasher", "washing machine") if b.clear(h)]
    if not kitchen:
        return None
    hazard = draw.one(kitchen)
    if not any(hazard in i for i in b.items):
        b.put(Item(hazard, "", frozenset({CONTAINER, RECEPTACLE, "articulated"}), b.anywhere(), hazard))
    pool = [n for n in draw.view.names if hazard in draw.knowledge[n].unsafe]
    found = b.fill(1, pool=pool)
    if not found:
        return None
    room = b.room()
    if not dangerous(draw.knowledge, room, found[0].name, ("in", hazard)):
        return None
    text = fill(draw, room, draw.say("unsafe", UNSAFE), reference(draw, room, found[0]), ("in", hazard))
    mood = "whole" if text.split()[0] in ("the", "my", "that", "our", "this", "your", "those") else "plain"
    return Draft(room, padded(draw, tidy(polite(draw, Clause(text, mood)), draw)), decision=REFUSE)


def empty_scene(draw: Draw) -> Draft | None:
    """Nothing is here at all."""
    b = Builder(draw)
    if draw.chance(0.4):
        b.receptacle()
    room = b.room()
    entry = draw.one(draw.view.names)
    how = draw.number(0, 3)
    phrase = Phrase(("everything", f"the {entry}", a_or_an(entry), "all the things")[how])
    target: Target = ("at", draw.one(room.places))
    if b.items and draw.chance(0.5):
        target = ("in", next(iter(b.items)))
    clause = move_clause(draw, room, phrase, target)
    return Draft(room, speak(draw, [clause]), decision=REFUSE)


DONE = lines("""
    bring me {o} from the moon
    put {o} into itself
    put {o} on the ceiling
    put {o} on top of itself
    stack {o} on itself
    put {o} outside in the garden across the street
    mail {o} to Australia
    put {o} into my dream
    carry {o} to the next town
    put {o} inside {o}
    put {o} back into yesterday
    make two of {o}
    throw {o} over the rainbow
    bring {o} to the president
    put {o} into the sun
    put {o} at the bottom of the sea
""")


def impossible(draw: Draw) -> Draft | None:
    """Targets that make no sense."""
    b = furnished(draw)
    movable = free_to_move(b)
    if not movable:
        return None
    room = b.room()
    text = fill(draw, room, draw.say("impossible", DONE), reference(draw, room, draw.one(movable)))
    return Draft(room, padded(draw, tidy(polite(draw, Clause(text)), draw)), decision=REFUSE)


FAMILIES = (
    Family("absent", absent, 2.4),
    Family("absent colour", absent_colour, 0.7),
    Family("absent kind", absent_kind, 1.6, category=True),
    Family("absent target", absent_target, 1.0),
    Family("immovable", immovable, 0.7),
    Family("unsafe", unsafe, 1.1),
    Family("harmful", harmful, 0.6),
    Family("no skill", no_skill, 1.0),
    Family("injected", injected, 0.7),
    Family("empty scene", empty_scene, 0.4),
    Family("impossible", impossible, 0.4),
)
