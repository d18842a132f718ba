"""Everything that is somewhere, and things that go where they belong."""

from __future__ import annotations

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
)  # fmt: skip
from planner.learn.groups import Group, knowledge_group, pick_category, unclear
from planner.learn.nouns import plural
from planner.learn.phrases import lines
from planner.learn.room import CONTAINER, MOVABLE, RECEPTACLE, Item, Room, Target
from planner.learn.rooms import Builder
from planner.learn.sentence import Clause, Phrase, fill, polite, static_place, target_phrase, tidy


def movers(b: Builder, names: tuple[str, ...] | list[str], target: Target) -> list[str]:
    """Those that are not there already."""
    return [n for n in names if not already(b, n, target) and n != target[1]]


def _excepting(draw: Draw, room: Room, whole: Phrase, out: Phrase, target: Target) -> str:
    """A request for the whole without some."""
    if draw.chance(0.6):
        joint = draw.say("except", q.EXCEPT)
        if "isn't" in joint and (out.plural or whole.plural or not out.text.startswith("the ")):
            joint = " except {x}"
        whole = Phrase(whole.text.rstrip(",") + joint.replace("{x}", out.text), whole.plural)
        return polite(draw, move_clause(draw, room, whole, target))
    base = polite(draw, move_clause(draw, room, whole, target, "plain")).rstrip("?.! ")
    return base + fill(draw, room, draw.say("keep", q.KEEP), out).replace("{x}", out.text)


EVERYTHING = lines("""
    everything
    everything
    all of it
    it all
    all the things
    all things
    all the stuff
    every object
    all objects
    every item
    the lot
    every single thing
    all items
    everything here
    all that is here
    every single object
    everything you see
    whatever you can find
    each object
    all of this
""")


def everything(draw: Draw) -> Draft | None:
    """ "Put everything in the box", perhaps but some things."""
    b = furnished(draw, things=draw.number(1, 6), containers=2)
    if draw.view.split == "long":
        b.fill(6)
    target = group_target(draw, b)
    if target is None:
        return None
    loose = [i.name for i in b.items.values() if i.of(MOVABLE)]
    kept: list[str] = []
    if draw.chance(0.4) and len(loose) > 2:
        kept = draw.some([n for n in loose if n != target[1]], 1 if draw.chance(0.75) else 2)
    yes = {n: target for n in movers(b, loose, target) if n not in kept}
    if any(i.at is not None and i.at[1] in yes for i in b.items.values()):  # things in or on what is moved: unclear
        return None
    if any(already(b, n, target) for n in kept):
        return None
    room = b.room()
    whole = Phrase(draw.say("everything", EVERYTHING))
    whole = Phrase(
        whole.text, whole.text.startswith("all the things") or whole.text in ("all things", "all objects", "all items")
    )
    if kept:
        out = listed(draw, room, kept)
        text = _excepting(draw, room, whole, out, target)
        return Draft(room, padded(draw, tidy(text, draw)), yes)
    return Draft(room, speak(draw, [move_clause(draw, room, whole, target)]), yes)


HERE = lines("""
    everything {s}
    all the things {s}
    whatever is {s}
    what's {s}
    everything that is {s}
    all that's {s}
    the things {s}
    the stuff {s}
    all objects {s}
    anything {s}
    everything you find {s}
    all the stuff that's {s}
    what lies {s}
""")


CLEAR = lines("""
    clear {x}
    clear off {x}
    empty {x}
    clean off {x}
    take everything off {x}
    tidy up {x}
    free {x}
    get {x} clear
    remove everything from {x}
    make room {s}
    clear everything from {x}
    unload {x}
""")


def what_is_there(draw: Draw) -> Draft | None:
    """ "Move what's on the table to the counter": by where things are now."""
    b = furnished(draw, things=draw.number(2, 7))
    b.said = "all"
    containers = [i for i in b.items.values() if i.of(CONTAINER)]
    if containers and draw.chance(0.5):
        box = draw.one(containers)
        for item in draw.some([i for i in free_to_move(b) if not i.of(CONTAINER)], draw.number(1, 3)):
            b.move(item.name, ("in", box.name))
        source: Target = ("in", box.name)
    else:
        used = sorted({i.at[1] for i in b.items.values() if i.at is not None and i.at[0] == "at"})
        source = ("at", draw.one(used))
    members = [i.name for i in b.items.values() if i.of(MOVABLE) and i.at is not None and already(b, i.name, source)]
    target = group_target(draw, b, (*members, source[1]))
    if target is None or target == source or not members or already(b, members[0], target):
        return None
    if source[0] == "at" and (target[0] == "in" and already(b, target[1], source)):
        return None
    if any(i.at is not None and i.at[1] in members for i in b.items.values()):
        return None
    room = b.room()
    yes = dict.fromkeys(movers(b, members, target), target)
    x = target_phrase(draw, room, source)
    where = static_place(room, source[1]) if source[0] == "at" else f"in {x}"
    kept: list[str] = []
    if len(yes) > 1 and draw.chance(0.2):
        kept = [draw.one(list(yes))]
        del yes[kept[0]]
    if draw.chance(0.3) and target != ("at", room.person) and not kept:
        lead = draw.say("clear", CLEAR).replace("{x}", x).replace("{s}", where)
        rest = fill(
            draw,
            room,
            draw.one(
                (", put {o} {t}", " and put {o} {t}", ", {o} should go {t}", ": {o} {goes} {t}", " and move {o} {m}")
            ),
            Phrase(draw.one(("everything", "it all", "the things", "all of it"))),
            target,
        )
        return Draft(room, speak(draw, [Clause(lead + rest)]), yes)
    whole = Phrase(draw.say("here", HERE).replace("{s}", where))
    if kept:
        text = _excepting(draw, room, whole, listed(draw, room, kept), target)
        return Draft(room, padded(draw, tidy(text, draw)), yes)
    return Draft(room, speak(draw, [move_clause(draw, room, whole, target)]), yes)


AWAY = lines("""
    put everything where it belongs
    put everything in its place
    tidy up
    put things away where they belong
    put away everything
    bring order in here
    everything should be where it belongs
    sort everything into its proper place
    clean up here
    put it all away
    return everything to where it's normally kept
    put each thing where it belongs
    stow everything where it goes
    put all of this away properly
    everything to its place
    organise these things
    put every item where one would look for it
    make sure each thing is where it belongs
""")


AWAY_GROUP = lines("""
    put {o} away
    put {o} where {itn} {belongs}
    put away {o}
    store {o} where {itn} {belongs}
    tidy away {o}
    {o} should go where {itn} {belongs}
    bring {o} to where {itn} {is} normally kept
    sort {o} into the right places
    stow {o} away where {itn} {belongs}
""")


def where_it_belongs(draw: Draw) -> Draft | None:
    """ "Put the groceries away": each thing into the one present container that is its home."""
    if draw.view.new_categories:
        return None
    homes = [
        h
        for h in draw.view.categories("homes", 6)
        if h not in ("table", "counter", "floor", "bag", "box", "wall", "car", "garden")
    ]
    homes = [h for h in homes if h.split()[0] not in ("under", "on", "in")]
    if len(homes) < 3:
        return None
    b = Builder(draw)
    chosen: list[str] = []
    for home in draw.some(homes, draw.number(1, 4)):
        if b.clear(home) and not any(set(home.split()) & set(c.split()) for c in chosen):
            b.put(Item(home, "", frozenset({CONTAINER, RECEPTACLE}), b.anywhere(), home))
            chosen.append(home)
    yes: dict[str, Target] = {}
    for home in chosen:
        pool = [n for n in draw.view.members("homes", home) if len(set(draw.knowledge[n].homes) & set(chosen)) == 1]
        pool = [n for n in pool if home in draw.knowledge[n].homes[:2]]
        if pool:
            for item in b.fill(draw.number(1, 3), pool=pool):
                yes[item.name] = ("in", home)
    if not 1 <= len(yes) <= 8 or not chosen:
        return None
    group = ""
    if draw.chance(0.5):  # some more that the words do not speak of
        kinds = {k for n in yes for k in draw.knowledge[b.items[n].entry].kinds}
        common = sorted(
            k
            for k in kinds
            if draw.view.allows("kinds", k) and all(k in draw.knowledge[b.items[n].entry].kinds for n in yes)
        )
        if common:
            group = draw.one(common)
            no = draw.view.surely_not("kinds", group)
            b.fill(draw.number(1, 3), refuses=lambda n: n not in no)
            if unclear(draw, b, ("kinds", group), list(yes)):
                return None
    room = b.room()
    if group:
        named = Group(group, plural(group), tuple(yes), countable=False)
        text = fill(draw, room, draw.say("away group", AWAY_GROUP), q.all_of(draw, named))
        return Draft(
            room,
            speak(
                draw,
                [Clause(text, "plain" if not text.startswith(("all", "the", "every", "any", "what")) else "whole")],
            ),
            yes,
            categories=(("kinds", group),),
        )
    if any(i.of(MOVABLE) and i.name not in yes for i in b.items.values()):
        return None
    text = draw.say("away", AWAY)
    return Draft(room, speak(draw, [Clause(text, "whole" if text.startswith("everything") else "plain")]), yes)


CLAIM = (
    "{o} {belongs} {s}", "that's where {o} {belongs}: {s}", "put what belongs there {t}",
)  # fmt: skip


FILL_HOME = lines("""
    put what belongs {s} {t}
    whatever belongs {s} should go there
    put everything that belongs {s} where it belongs
    everything that is normally kept {s} goes there
    what belongs {s} goes there
    move the things that belong {s} there
    everything that should be {s} must go there
    fill {x} with what belongs there
    put into {x} whatever should be kept there
""")


def home_of(draw: Draw) -> Draft | None:
    """ "Whatever belongs in the fridge should go there." """
    if draw.view.new_categories:
        return None
    category = pick_category(draw, 3, ("homes",))
    if category is None or category[1] in ("table", "counter", "floor", "box", "bag"):
        return None
    home = category[1]
    b = Builder(draw)
    if not b.clear(home):
        return None
    b.put(Item(home, "", frozenset({CONTAINER, RECEPTACLE}), b.anywhere(), home))
    group = knowledge_group(draw, b, 1, 4, category)
    if group is None:
        return None
    room = b.room()
    target: Target = ("in", home)
    text = draw.say("fill home", FILL_HOME).replace("{x}", f"the {home}")
    text = fill(draw, room, text, Phrase("it"), target, x=f"the {home}")
    mood = "plain" if text.split()[0] in ("put", "move", "fill") else "whole"
    return Draft(room, speak(draw, [Clause(text, mood)]), dict.fromkeys(group.members, target))
