"""Where things belong, when the words leave it to the robot: "put everything where it belongs", "into its place".

The knowledge names the homes of things; one that is here is taken, the most particular first. What has no home here
stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from planner.propose import vocabulary as v
from planner.propose.lookup import Lookup
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.spelling import Token
from planner.propose.uses import stems
from skills.state import State
from skills.symbols import GroundAtom, Literal

NOTHING: Mapping[str, GroundAtom] = MappingProxyType({})
_PHRASES = re.compile(
    r"\b(?:where (?:one|you|people|anyone|we|i) would (?:look for|expect|keep|find) (?:it|them|each)"
    r"|where (?:it|they|each|each one|everything|each thing|these|those)(?: all)? (?:belongs?|goes?|lives?)"
    r"|(?:in|into|to) (?:its|their|the)(?: own)?(?: proper| right| usual| correct| rightful)? (?:places?|homes?|spots?)"
    r"|(?:normally|usually) (?:kept|goes?|stored|found))\b(?! (?:where|of|for(?! (?:me|us)\b)|next|beside|near))"
)
_TIDY = re.compile(
    r"\b(?:(?:tidy|clean|clear|straighten)(?: everything| things| it all| all of this| this)? up"
    r"|tidy(?: everything| this| it all)?"
    r"|put (?:(?:everything|it all|all (?:of )?this|these(?: things)?|things) away|away (?:everything|these things))"
    r"|(?:organi[sz]e|sort(?: out)?|put in order|tidy) "
    r"(?:everything|all of (?:this|these)|(?:(?:these|those|the|my|all(?: the)?) )?(?:things|objects|items|stuff)))\b"
    r"(?! (?:in|on|into|onto|to|by|at|from|with|inside)\b(?! (?:here|order)))"
)


_AWAY = re.compile(
    r"\b(?:put|pack|tidy|stow|store|file|clear|lock|sort)(?: up)? (?:\S+ ){0,12}?away\b"
    r"|\b(?:sort|tidy up) (?:the|my|our|these|all)\b"
)  # these, named


_NOTES = re.compile(
    r"\b(?:(?:my|the|your|our|these|those|house) (?:notes?|rules?|instructions?|list|manual)"
    r"(?: say| tell| speak| mention| want)?)\b"
)


def homes(
    toks: Sequence[Token],
    mentions: Sequence[Mention],
    state: State,
    lookup: Lookup | None,
    noted: Mapping[str, GroundAtom] = NOTHING,
) -> tuple[GroundAtom, ...]:
    """For each thing that is meant and not at home: where it belongs here. Empty when the words do not ask for it.
    ``noted``: where things belong by the notes; where these speak of anything here, they alone count."""
    said = " ".join(t.text for t in toks)
    asked = bool(_PHRASES.search(said))
    tidy = bool(_TIDY.search(said)) and not any(m.role is Role.TARGET and m.names for m in mentions)
    free = not any(m.role is Role.TARGET and m.names for m in mentions)
    ruled = bool(noted) and bool(_NOTES.search(said)) and free
    away = free and bool(_AWAY.search(said))
    if lookup is None or not (asked or tidy or ruled or away):
        return ()
    movable = state.of_type("movable")
    meant = [m for m in mentions if m.role is Role.MOVER and not m.excluded]
    named = [n for m in meant for n in (m.names or _of_kind(m, movable, lookup)) if n in movable]
    out = {n for m in mentions if m.excluded for n in m.names}
    containers = state.of_type("container")
    whole = not named or any(m.quantity is Quantity.ALL and m.text in ("everything", "things") for m in mentions)
    things = [n for n in (movable if whole else dict.fromkeys(named)) if n not in out]
    places = (*containers, *state.of_type("place"))
    if noted:
        return tuple(a for n, a in noted.items() if n in things and not state.holds(Literal(a)))
    facts = [(n, home_of(n, places, lookup)) for n in things]
    if away and not (asked or tidy or ruled) and (not named or not all(h for _, h in facts)):
        return ()  # "put the apple and the saw away", and the saw has no home here: that is a question
    found = [GroundAtom("in" if h in containers else "at", (n, h)) for n, h in facts if h and h != n]
    where = {n for m in mentions if m.role is Role.TARGET and not m.excluded for n in m.names}
    if asked and where:  # "what is normally kept in the drawer goes there"
        found = [a for a in found if a.args[1] in where]
    moved = {a.args[0] for a in found}
    found = [a for a in found if a.args[1] not in moved]
    return tuple(a for a in found if not state.holds(Literal(a)))


def _of_kind(m: Mention, movable: Sequence[str], lookup: Lookup) -> list[str]:
    """ "The tools": the things here of which it is written that they are of the kind."""
    return [n for n, odds in lookup.odds(m.kind, movable).items() if odds > 0] if m.kind else []


def home_of(name: str, places: Sequence[str], lookup: Lookup) -> str:
    """The place or container that is a home of the thing, "" when none is: one that is called after it ("pen holder"),
    one that is written down, the thing's best home first, or one called after its kind. A home fits a place whose name
    holds all its words ("fridge": "kitchen fridge")."""
    entry = lookup.find(name)
    called = _called([name.split()[-1]], places, name)
    if called or entry is None:
        return min(called, default="")
    written = ""
    for home in entry.homes:
        wanted = stems(home.split())
        fits = [p for p in places if wanted and wanted <= stems(p.lower().split()) and p != name]
        if fits:
            written = min(fits, key=lambda p: (len(p.split()), p))
            break
    if written and written.split()[-1] not in OPEN:
        return written
    return min(_called(entry.kinds, places, name), default=written)


def _called(after: Iterable[str], places: Sequence[str], name: str) -> list[str]:
    """Places that are called after something: "pen holder", "sports bag" after "sports equipment"."""
    wanted = {stems(x.split()) - GENERIC for x in after} - {frozenset()}
    return [p for p in places if p != name and stems(p.lower().split()[:-1]) in wanted]


OPEN = v.SURFACES | {"counter", "countertop"}  # rather a home in a container, where there is one
GENERIC = stems(
    ["equipment", "item", "supply", "product", "thing", "gear", "utensil", "accessory", "stuff", "object", "article"]
)
BURNING = frozenset({"lit", "burning", "flaming", "ignited"})
FIRE = frozenset({"fire", "fireplace", "campfire", "bonfire", "flame"})


def unsafe_pairs(state: State, lookup: Lookup | None) -> frozenset[tuple[str, str]]:
    """(thing, container) where what is written down says that the thing must not come into such a container; and
    (thing, thing) of which one burns and the other must not come near a flame."""
    if lookup is None:
        return frozenset()
    found = _fires(state, lookup)
    for c in state.of_type("container"):
        called = " ".join(c.lower().split())
        for n in state.of_type("movable"):
            if n != c and any(h in called for h in _dangers(n, lookup)):
                found.add((n, c))
    return frozenset(found)


def _fires(state: State, lookup: Lookup) -> set[tuple[str, str]]:
    """What burns, and what stands in flames, with everything here that an open flame sets alight."""
    flames = [n for n in state.things if set(n.lower().split()) & (BURNING | FIRE)]
    others = [n for n in state.of_type("movable") if n not in flames and "open flame" in _dangers(n, lookup)]
    return {pair for f in flames for n in others for pair in ((f, n), (n, f))}


def _dangers(name: str, lookup: Lookup) -> tuple[str, ...]:
    """Where a thing is not safe; a metal one is not where others of its noun are not, either ("metal fork": fork)."""
    entry = lookup.find(name)
    noun = lookup.find(name.split()[-1]) if entry is not None and "metal" in entry.materials else None
    return (*(entry.unsafe if entry is not None else ()), *(noun.unsafe if noun is not None else ()))
