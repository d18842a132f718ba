"""Where things belong, when the words leave it to the robot: "put everything where it belongs", "into its place".

The knowledge names the homes of things; one that is here is taken, the most particular first. What has no home here
stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.propose.lookup import Lookup
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.spelling import Token
from planner.propose.uses import stems
from skills.state import State
from skills.symbols import GroundAtom, Literal

PHRASES = (
    " where it belongs ", " where they belong ", " where each belongs ", " where everything belongs ",
    " in its place ", " in their places ", " in its proper place ", " in their proper places ", " into its place ",
    " in the right place ", " in the right places ", " into the right places ", " to its home ", " to their homes ",
    " in its home ", " in their homes ", " normally kept ", " usually kept ", " normally goes ", " usually goes ",
    " normally go ", " usually go ", " where it goes ", " where they go ", " back where it belongs ",
    " back where they belong ", " to its place ", " to their places ",
)  # fmt: skip
TIDY = (" tidy up ", " put everything away ", " put it all away ", " put away everything ", " put all of this away ")


def homes(
    toks: Sequence[Token], mentions: Sequence[Mention], state: State, lookup: Lookup | None
) -> tuple[GroundAtom, ...]:
    """For each thing that is meant and not at home: where it belongs here. Empty when the words do not ask for it."""
    said = f" {' '.join(t.text for t in toks)} "
    asked = any(p in said for p in PHRASES)
    tidy = any(p in said for p in TIDY) and not any(m.role is Role.TARGET and m.names for m in mentions)
    if lookup is None or not (asked or tidy):
        return ()
    movable = state.of_type("movable")
    named = [n for m in mentions if m.role is Role.MOVER and not m.excluded for n in m.names if n in movable]
    out = {n for m in mentions if m.excluded for n in m.names}
    containers = state.of_type("container")
    whole = not named or any(m.quantity is Quantity.ALL and m.text in ("everything", "things") for m in mentions)
    things = [n for n in (movable if whole else dict.fromkeys(named)) if n not in out]
    places = (*containers, *state.of_type("place"))
    facts = ((n, home_of(n, places, lookup)) for n in things)
    found = [GroundAtom("in" if h in containers else "at", (n, h)) for n, h in facts if h and h != n]
    moved = {a.args[0] for a in found}
    found = [a for a in found if a.args[1] not in moved]
    return tuple(a for a in found if not state.holds(Literal(a)))


def home_of(name: str, places: Sequence[str], lookup: Lookup) -> str:
    """The place or container that is a home of the thing, "" when none is. A home fits a place whose name holds all its
    words ("fridge": "kitchen fridge"); the thing's best home comes first."""
    entry = lookup.find(name)
    if entry is None:
        return ""
    for home in entry.homes:
        wanted = stems(home.split())
        fits = [p for p in places if wanted and wanted <= stems(p.lower().split()) and p != name]
        if fits:
            return min(fits, key=lambda p: (len(p.split()), p))
    return ""


def unsafe_pairs(state: State, lookup: Lookup | None) -> frozenset[tuple[str, str]]:
    """(thing, container) where what is written down says that the thing must not come into such a container."""
    if lookup is None:
        return frozenset()
    found = set()
    for c in state.of_type("container"):
        called = " ".join(c.lower().split())
        for n in state.of_type("movable"):
            entry = lookup.find(n) if n != c else None
            if entry is not None and any(h in called for h in entry.unsafe):
                found.add((n, c))
    return frozenset(found)
