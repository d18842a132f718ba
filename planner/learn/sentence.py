"""Puts phrases together: who is meant, where to, in which mood, with which politeness."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from planner.learn import grammar as g
from planner.learn.draw import Draw
from planner.learn.nouns import HOLLOWS, SURFACES, gerund, is_plural
from planner.learn.room import HAND, Item, Room, Target
from planner.learn.tones import toned

_AGREE = {
    "goes": ("goes", "go"), "belongs": ("belongs", "belong"), "is": ("is", "are"), "needs": ("needs", "need"),
    "ends": ("ends", "end"), "gets": ("gets", "get"), "has": ("has", "have"), "isnt": ("isn't", "aren't"),
    "it": ("it", "them"), "itn": ("it", "they"), "stays": ("stays", "stay"), "was": ("was", "were"),
}  # fmt: skip


@dataclass(frozen=True)
class Phrase:
    """What things are called in a request. ``it``: overrides the pronoun that agrees with ``plural``."""

    text: str
    plural: bool = False
    it: str = ""


@dataclass(frozen=True)
class Clause:
    """``mood``: "plain" begins with a verb and may follow "could you"; "whole" is a sentence; "terse" a note."""

    text: str
    mood: str = "plain"


def preposition(draw: Draw, room: Room, target: Target, style: str) -> str:
    """In front of a target; ``style``: "s" where it is, "m" the way there, "t" either."""
    predicate, name = target
    last = name.split()[-1]
    if predicate != "at":
        rows = _IN if predicate == "in" else _ON
    elif last in ("corner", "middle"):
        rows = _CORNER
    elif last == "side":
        rows = _SIDE
    elif last in HOLLOWS:
        rows = _HOLLOW
    else:
        rows = _SURFACE if last in SURFACES else _ELSEWHERE
    return draw.one(rows[style])


_IN = {"s": ("in", "in", "inside"), "m": ("into", "into", "in", "to"), "t": ("in", "in", "into", "inside")}
_ON = {"s": ("on", "on", "on top of"), "m": ("onto", "on", "on top of"), "t": ("on", "on", "onto", "on top of")}
_CORNER = {"s": ("in", "in", "at"), "m": ("to", "into"), "t": ("in", "in", "into", "at")}
_SIDE = {"s": ("on", "at"), "m": ("to", "onto", "over to"), "t": ("on", "at", "to")}
_HOLLOW = {"s": ("in",), "m": ("to", "into"), "t": ("in", "in", "into")}
_SURFACE = {"s": ("on", "on", "on", "at"), "m": ("to", "onto", "over to"), "t": ("on", "on", "onto")}
_ELSEWHERE = {"s": ("at", "at", "by"), "m": ("to", "over to"), "t": ("at", "at", "by")}


_REGION_WORDS = {
    "top": ("top", "top", "upper", "back"), "bottom": ("bottom", "bottom", "lower", "front"),
    "left": ("left", "left", "left-hand"), "right": ("right", "right", "right-hand"),
    "middle": ("middle", "middle", "centre", "center"), "side": ("side", "side", "edge"),
}  # fmt: skip


def place_name(draw: Draw, room: Room, name: str) -> str:
    """A place as people say it, with its article."""
    if name == room.person:
        return "me"
    words = name.split()
    if room.kind == "tabletop" and words[-1] in ("corner", "side", "middle"):
        if draw.chance(0.35):
            words = [draw.one(_REGION_WORDS.get(w, (w,))) for w in words]
        text = " ".join(words)
        return f"the {text}" + (" of the table" if draw.chance(0.25) else "")
    if words[-1] in ("a", "b", "c", "one", "two"):
        return " ".join(words)
    return f"the {name}"


def target_phrase(draw: Draw, room: Room, target: Target) -> str:
    """The target alone."""
    predicate, name = target
    if predicate == "at":
        return place_name(draw, room, name)
    item = room[name]
    if item.colour and draw.chance(0.08) and sum(i.noun == item.noun for i in room.items) > 1:
        return f"the {item.noun} that is {item.colour}"
    noun_only = item.colour and not any(
        i is not item and set(item.noun.split()) & set(i.name.split()) for i in room.items
    )
    if noun_only and draw.chance(0.35):
        return f"the {item.noun}"
    return f"the {name}"


def fill(draw: Draw, room: Room, template: str, o: Phrase, target: Target | None = None, x: str = "") -> str:
    """A template with its slots filled. ``x``: how the target is called, drawn when empty."""
    text = template
    if target is not None and target != HAND:
        x = x or target_phrase(draw, room, target)
        for style in "tsm":
            slot = "{" + style + "}"
            if slot in text:
                text = text.replace(slot, f"{preposition(draw, room, target, style)} {x}")
        text = text.replace("{x}", x)
    for slot, (one, many) in _AGREE.items():
        if "{" + slot + "}" in text:
            word = many if o.plural else one
            text = text.replace("{" + slot + "}", o.it if slot == "it" and o.it else word)
    return text.replace("{o}", o.text)


def put_clause(draw: Draw, room: Room, o: Phrase, target: Target, mood: str = "", x: str = "") -> Clause:
    """Bring ``o`` to the target. ``mood``: of the clause, drawn when empty."""
    mood = mood or draw.one(("plain",) * 7 + ("whole",) * 2 + ("terse",))
    if target == HAND:
        return Clause(fill(draw, room, draw.say("hold", g.HOLD), o), "plain")
    if target == ("at", room.person) and room.person:
        if draw.chance(0.12 if room.person in ("user", "person") else 0.5):
            return Clause(fill(draw, room, draw.say("give to", g.GIVE_TO), o, target, f"the {room.person}"), "plain")
        if mood == "whole" and not x:
            return Clause(fill(draw, room, draw.say("want", g.WANT), o), "whole")
        return Clause(fill(draw, room, draw.say("bring", g.BRING), o), "plain")
    if mood == "terse":
        return Clause(fill(draw, room, draw.say("terse", g.TERSE), o, target, x), "terse")
    if mood == "whole":
        return Clause(fill(draw, room, draw.say("state", g.STATE), o, target, x), "whole")
    pool, options = "put", g.PUT
    if target[0] == "in" and draw.chance(0.3):
        pool, options = "put in", g.PUT_IN
    elif target[0] == "on" and draw.chance(0.3):
        pool, options = "put on", g.PUT_ON
    return Clause(fill(draw, room, draw.say(pool, options), o, target, x), "plain")


_OPINIONS = ("i think", "i believe", "as far as i can tell", "i guess", "you know,", "remember:")


def polite(draw: Draw, clause: Clause) -> str:
    """A clause as a request: asked, ordered or stated, perhaps with an address and a close."""
    if draw.tone:
        return toned(draw, clause)
    text = clause.text
    question = text.endswith("?")
    if clause.mood == "plain":
        how = draw.rng.random()
        if how < 0.45:
            text = f"{draw.say('ask', g.ASK)} {text}"
        elif how < 0.52:
            lead = draw.say("gerund", g.GERUND)
            verb, _, rest = text.partition(" ")
            text = f"{lead} {gerund(verb)} {rest}"
            text = text.replace(" and put ", " and putting ").replace(" and place ", " and placing ")
    elif clause.mood == "whole" and draw.chance(0.15) and not question:
        text = (
            f"{draw.one(('i think', 'i believe', 'as far as i can tell', 'i guess', 'you know,', 'remember:'))} {text}"
        )
    if draw.chance(0.18):
        text = f"{draw.say('call', g.CALL)} {text}"
    if draw.chance(0.22) and not question and "." not in text:
        close = draw.say("close", g.CLOSE)
        text += close if close.startswith(",") else " " + close
    return text


def join(draw: Draw, clauses: Sequence[Clause], ordered: bool) -> Clause:
    """Several clauses as one; ``ordered``: with words that force their order, as they stand."""
    if len(clauses) == 1:
        return clauses[0]
    if len(clauses) == 2 and ordered and all(c.mood == "plain" for c in clauses) and draw.chance(0.25):
        a, b = clauses
        return Clause(draw.say("first b", g.FIRST_B).replace("{a}", a.text).replace("{b}", b.text), "whole")
    text = clauses[0].text
    mood = clauses[0].mood
    if ordered and draw.chance(0.5):
        text, mood = draw.say("first", g.FIRST).replace("{a}", text), "whole" if mood == "plain" else mood
    for i, c in enumerate(clauses[1:], 2):
        pool, options = ("then", g.THEN) if ordered else ("and", g.AND)
        if ordered and i == len(clauses) and i > 2 and draw.chance(0.5):
            pool, options = "last", g.LAST
        joint = draw.say(pool, options)
        text += (joint if joint[0] in ",.;" else " " + joint).replace("{b}", c.text)
    return Clause(text, mood)


_FIRST_PERSON = re.compile(r"\bi\b(?=[ ',.]|$)")
_START = re.compile(r"(^|[.!?]\s+)([a-z])")
_ASKING = re.compile(
    r"^(?:[a-z ]+[,:] )?(?:could|can|would|will|may|might|do|does|is|are|how|what|why|where|any|mind|have|don't you) ",
    re.IGNORECASE,
)


def tidy(text: str, draw: Draw | None = None) -> str:
    """Capitals, full stop or question mark, single spaces."""
    text = " ".join(text.split()).replace(" ,", ",")
    text = _FIRST_PERSON.sub("I", text)
    text = _START.sub(lambda m: m.group(1) + m.group(2).upper(), text)
    if text and text[-1] not in ".!?":
        asking = bool(_ASKING.match(text.rsplit(". ", 1)[-1]))
        mark = "?" if asking else "."
        if draw is not None and not draw.tone and draw.chance(0.12):
            mark = draw.one(("", "!", mark))
        text += mark
    return text


def reference(draw: Draw, room: Room, item: Item, bare: bool = False) -> Phrase:
    """How a single thing is called, so that it is clear which one is meant."""
    name = item.name
    others = [i for i in room.items if i.name != name]
    many = is_plural(name)
    roll = draw.rng.random()
    known = draw.knowledge.entries.get(item.entry)
    twins = [i for i in others if i.noun == item.noun or set(item.noun.split()) & set(i.name.split())]
    text = name
    if roll < 0.10 and known is not None and known.names and not item.colour and not item.extra:
        text = draw.one(known.names)
        many = is_plural(text)
    elif roll < 0.22 and (item.colour or item.extra) and not twins:
        text = item.noun
    elif roll < 0.28 and " " in name and not any(name.split()[-1] in i.name.split() for i in others):
        text = name.split()[-1]
        if text in ("mix", "set", "one", "up", "out", "holder") or known is None:
            text = name
    elif roll < 0.33 and item.at is not None and room.said == "all":
        where = f"{item.at[0]} the {item.at[1]}" if item.at[0] != "at" else static_place(room, item.at[1])
        text = f"{name} {draw.one(('', '', 'that is ', 'lying ', 'which is '))}{where}".replace("  ", " ")
    if bare:
        return Phrase(text, many)
    lead = (
        draw.one(("the",) * 10 + ("my", "that", "our", "this", "your"))
        if not many
        else draw.one(("the",) * 8 + ("my", "those"))
    )
    return Phrase(f"{lead} {text}", many)


def static_place(room: Room, name: str) -> str:
    """ "on the counter", "in the top left corner", "with me"."""
    if name == room.person:
        return "here with me"
    last = name.split()[-1]
    article = "" if last in ("a", "b", "c", "one", "two") else "the "
    word = "on" if last in SURFACES or last == "side" else "in" if last in HOLLOWS else "at"
    return f"{word} {article}{name}"
