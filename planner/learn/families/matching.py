"""Things and containers that are told apart by colour: each to its own, none to its own, one to each."""

from __future__ import annotations

from planner.learn.draft import Draft
from planner.learn.draw import Draw
from planner.learn.families.common import already, padded, speak
from planner.learn.families.registry import Family
from planner.learn.nouns import plural
from planner.learn.phrases import lines
from planner.learn.room import Target
from planner.learn.rooms import Builder, types_of
from planner.learn.sentence import Clause, polite, tidy
from planner.learn.surroundings import BOWLS, COLOURED, COLOURS

MATCH = lines("""
    put each {a} in the {b} of the same colour
    put every {a} in the {b} of its colour
    put the {as} in the {bs} with matching colours
    put all the {as} in the {bs} with matching colours
    sort the {as} into the {bs} by colour
    sort the {as} by color into the {bs}
    match the {as} to the {bs} by colour
    match each {a} with its {b}
    each {a} belongs in the {b} of its own colour
    every {a} goes in the matching {b}
    the {as} go in the {bs} that match their colour
    place each {a} in the {b} that has the same color
    distribute the {as} over the {bs} so that the colours match
    put the {as} into the correspondingly coloured {bs}
    put the {as} into their matching {bs}
    bring every {a} to the {b} with the same color
    i want each {a} in the {b} with the same colour
    the colour of the {a} tells you which {b} it goes in
    all {as} should end up in {bs} of their own colour
    group the {as} with the {bs} by colour
    pair up {as} and {bs} of the same colour, {as} inside
    for every {a}, find the {b} of that color and put it there
""")
MISMATCH = lines("""
    put each {a} in a {b} of a different colour
    put the {as} in {bs} of another colour
    put the {as} in {bs} with mismatched colours
    no {a} should be in the {b} of its own colour, so put each in another one
    put every {a} in the {b} that does not match its color
    mix it up: each {a} in a {b} of a different color
    place the {as} so that no {a} is in a {b} of its colour
    each {a} goes in the wrong {b}
""")
PAIRS = lines("""
    the {x} {a} goes in the {y} {b}
    put the {x} {a} in the {y} {b}
    the {x} one goes in the {y} {b}
    {x} {a} into the {y} {b}
""")


def _set(draw: Draw, b: Builder, low: int, high: int) -> tuple[str, str, list[str]] | None:
    noun, bowl = b.free_noun(COLOURED), ""
    if noun:
        bowl = b.free_noun(n for n in BOWLS if "container" in types_of(f"red {n}") and n != noun)
    if not noun or not bowl:
        return None
    colours = draw.some(COLOURS, draw.number(low, high))
    b.twins(noun, colours)
    b.twins(bowl, colours)
    if len(b.items) < 2 * len(colours):
        return None
    return noun, bowl, colours


def _say(draw: Draw, pool: str, options: tuple[str, ...], noun: str, bowl: str) -> str:
    text = draw.say(pool, options)
    return text.replace("{as}", plural(noun)).replace("{bs}", plural(bowl)).replace("{a}", noun).replace("{b}", bowl)


def _mood(text: str) -> str:
    return "whole" if text.split()[0] in ("each", "every", "the", "i", "all", "no", "for", "mix") else "plain"


def matching(draw: Draw) -> Draft | None:
    """Each thing in the container of its colour."""
    b = Builder(draw)
    made = _set(draw, b, 2, 5)
    if made is None:
        return None
    noun, bowl, colours = made
    spare = [c for c in COLOURS if c not in colours]
    if draw.chance(0.3):  # a container without a thing, or a thing without a container
        b.twins(bowl if draw.chance(0.6) else noun, draw.some(spare, 1))
    b.fill(draw.number(0, 4))
    yes: dict[str, Target] = {f"{c} {noun}": ("in", f"{c} {bowl}") for c in colours}
    if draw.chance(0.2):
        inside = f"{draw.one(colours)} {noun}"
        b.move(inside, yes.pop(inside))
    if any(already(b, n, t) for n, t in yes.items()) or not yes:
        return None
    text = _say(draw, "match", MATCH, noun, bowl)
    return Draft(b.room(), speak(draw, [Clause(text, _mood(text))]), yes)


def paired(draw: Draw) -> Draft | None:
    """ "The red block goes in the blue bowl, the green one in the red bowl." """
    b = Builder(draw)
    made = _set(draw, b, 2, 4)
    if made is None:
        return None
    noun, bowl, colours = made
    b.fill(draw.number(0, 4))
    to = draw.shuffled(colours)
    n = draw.number(2, len(colours))
    yes: dict[str, Target] = {}
    parts = []
    for i, (x, y) in enumerate(zip(colours[:n], to[:n], strict=True)):
        yes[f"{x} {noun}"] = ("in", f"{y} {bowl}")
        style = draw.number(0, 2)
        if i == 0:
            parts.append(draw.one((f"put the {x} {noun} in the {y} {bowl}", f"the {x} {noun} goes in the {y} {bowl}")))
        elif style == 0:
            parts.append(f"the {x} one in the {y} {bowl}")
        elif style == 1:
            parts.append(f"the {x} {noun} in the {y} one")
        else:
            parts.append(f"{x} in {y}")
    if draw.chance(0.25) and n > 1:
        nouns = ", ".join(f"the {x} {noun}" for x in colours[: n - 1]) + f" and the {colours[n - 1]} {noun}"
        bowls = ", ".join(f"the {y} {bowl}" for y in to[: n - 1]) + f" and the {to[n - 1]} {bowl}"
        text = f"put {nouns} in {bowls} respectively"
    else:
        text = ", ".join(parts[:-1]) + draw.one((" and ", ", ", ", and ")) + parts[-1]
    return Draft(b.room(), padded(draw, tidy(polite(draw, Clause(text, _mood(text))), draw)), yes)


def mismatched(draw: Draw) -> Draft | None:
    """With two colours "a different colour" leaves one way; with more of them the plan is the planner's."""
    b = Builder(draw)
    made = _set(draw, b, 2, 2)
    if made is None:
        return None
    noun, bowl, (x, y) = made
    b.fill(draw.number(0, 4))
    yes: dict[str, Target] = {f"{x} {noun}": ("in", f"{y} {bowl}"), f"{y} {noun}": ("in", f"{x} {bowl}")}
    text = _say(draw, "mismatch", MISMATCH, noun, bowl)
    return Draft(b.room(), speak(draw, [Clause(text, _mood(text))]), yes)


OPPOSITE = {
    "top left corner": "bottom right corner", "bottom right corner": "top left corner",
    "top right corner": "bottom left corner",
    "bottom left corner": "top right corner", "left side": "right side", "right side": "left side",
    "top side": "bottom side",
    "bottom side": "top side",
}  # fmt: skip
OPPOSITES = lines("""
    move {o} to the opposite {w}
    put {o} on the other side of the table, in the {w} opposite of where it is
    {o} should go to the opposite {w}
    bring {o} to the {w} that is diagonally across from it
    take {o} and put it in the opposite {w}
    slide {o} over to the {w} across from where it lies
""")


def opposite(draw: Draw) -> Draft | None:
    """ "Move the red block to the opposite corner." """
    b = Builder(draw, "tabletop")
    b.said = "all"
    b.fill(draw.number(1, 5))
    noun = b.free_noun(COLOURED)
    if noun:
        b.twins(noun, draw.some(COLOURS, draw.number(1, 3)))
    pool = [i for i in b.items.values() if i.at is not None and i.at[1] in OPPOSITE]
    if not pool:
        return None
    item = draw.one(pool)
    assert item.at is not None
    where = OPPOSITE[item.at[1]]
    text = draw.say("opposite", OPPOSITES).replace("{o}", f"the {item.name}").replace("{w}", where.split()[-1])
    if "diagonally" in text and where.endswith("side"):
        return None
    return Draft(b.room(), speak(draw, [Clause(text, _mood(text))]), {item.name: ("at", where)})


FAMILIES = (
    Family("matching", matching, 1.6),
    Family("paired", paired, 1.0),
    Family("mismatched", mismatched, 0.4),
    Family("opposite", opposite, 0.5),
)
