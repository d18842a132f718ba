"""Goals that contradict themselves, seen without any search: one thing in two places, two on one support, circles."""

from __future__ import annotations

from collections.abc import Iterable

from skills.state import State
from skills.symbols import GroundAtom, Literal

CARRIED = ("in", "on")


def contradiction(literals: Iterable[Literal], state: State) -> str:
    """Why these can never hold together, in words; "" when nothing speaks against it at first sight."""
    facts = [x.atom for x in literals if x.positive]
    held = [a.args[0] for a in facts if a.predicate == "holding"]
    if len(set(held)) > 1:
        return f"one hand cannot hold {' and '.join(sorted(set(held)))}"
    carriers: dict[str, str] = {}
    on: dict[str, str] = {}
    containers = set(state.of_type("container"))
    for a in facts:
        if a.predicate not in CARRIED:
            continue
        thing, carrier = a.args
        if carriers.setdefault(thing, carrier) != carrier:
            return f"the {thing} cannot be with the {carriers[thing]} and with the {carrier}"
        if a.predicate == "on" and carrier not in containers and on.setdefault(carrier, thing) != thing:
            return f"the {on[carrier]} and the {thing} do not both fit on the {carrier}"
    for name in held:
        if name in carriers:
            return f"what is held lies nowhere: the {name}"
        if name in carriers.values():
            return f"the {name} cannot be held with something on it"
    return _circle(carriers) or _two_places(facts, carriers, state)


def _circle(carriers: dict[str, str]) -> str:
    for start in carriers:
        seen, here = {start}, carriers[start]
        while here in carriers and here not in seen:
            seen.add(here)
            here = carriers[here]
        if here == start:
            return f"the {start} cannot rest on itself"
    return ""


def _two_places(facts: list[GroundAtom], carriers: dict[str, str], state: State) -> str:
    """Places overlap (a corner is part of its sides), so only places without a common inner one exclude each other."""
    inner: dict[str, set[str]] = {}
    for place in state.of_type("place"):
        for outer in (place, *state.within.get(place, ())):
            inner.setdefault(outer, set()).add(place)
    at: dict[str, list[str]] = {}
    for a in facts:
        if a.predicate == "at":
            at.setdefault(a.args[0], []).append(a.args[1])
        if a.predicate == "holding" and a.args[0] in at:
            return f"what is held lies nowhere: the {a.args[0]}"
    for thing, places in at.items():
        common = set.intersection(*(inner.get(p, {p}) for p in places))
        if not common:
            return f"the {thing} cannot be at the {' and at the '.join(dict.fromkeys(places))}"
    return ""
