"""What must never be: pairs that the instruction or a note forbids, as literals that the search keeps clear of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.plan import Request
from planner.propose.lookup import Lookup
from planner.propose.reading import read, spotter_for
from planner.propose.sentence import Words
from planner.propose.spelling import colours_of
from skills.symbols import GroundAtom, Literal


def forbidden(request: Request, words: Words, noted: Iterable[tuple[str, str]] = ()) -> tuple[Literal, ...]:
    """Literals that may hold in no state on the way; what holds already is not forbidden, else nothing could move."""
    said = words.banned
    if words.cues.mismatching:  # "no block in a bowl of its own colour" forbids the pairs of one colour
        said = frozenset((a, b) for a, b in said if colours_of(a) & colours_of(b))
    pairs = {*said, *noted}
    found = [Literal(GroundAtom(p, pair)) for pair in sorted(pairs) for p in ("in", "on", "at")]
    return tuple(x for x in found if not request.state.holds(x))


def noted_bans(
    request: Request, lookup: Lookup | None, aliases: Sequence[tuple[str, str]] = ()
) -> frozenset[tuple[str, str]]:
    """Pairs (thing, target) that the notes forbid: "no glass in the drawer", "knives must not go in the sink".

    Notes only ever forbid: whatever else they say is for the model to read and orders nothing.
    """
    out: set[tuple[str, str]] = set()
    spotter = spotter_for(request, aliases)
    for note in request.context.notes:
        words = read(note, spotter, request.state, request.library, lookup)
        out |= words.banned
    return frozenset(out)
