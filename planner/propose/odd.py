"""The odd one out: "the object that doesn't belong with the others", told by what the knowledge says of all of them.

Every thing is compared with every other by the kinds that both have; the one that has least in common with the rest is
said by its name, where it stands out clearly. Used by `planner.propose.reading`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.propose.lookup import Lookup

_ODD = re.compile(
    r"\b(?:the|whichever|whatever|any) (?:(?:one|thing|object|item)s? (?:that |which )?"
    r"(?:(?:doesn't|does not|don't) (?:belong|fit|go)(?: in)?(?: together)?(?: with)?(?: the)?"
    r"(?: (?:others?|other ones|other things|rest|group|set))?"
    r"|is (?:different|unlike)(?: from| to)? the (?:others?|rest)|is the odd one out)|odd one(?: out)?|outlier)\b",
    re.IGNORECASE,
)
LEAST = 3  # of two things neither is the odd one
CLEARLY = 0.5  # times what the next has in common with the others


def odd_one(text: str, movable: Sequence[str], lookup: Lookup | None) -> str:
    """The text with such a phrase replaced by the name of the thing; unchanged where none stands out."""
    m = _ODD.search(text)
    if m is None or lookup is None:
        return text
    said = text.lower()
    things = [n for n in movable if n.lower() not in said and n.lower().split()[-1] not in re.findall(r"[a-z]+", said)]
    shared = {n: _in_common(n, things, lookup) for n in things}
    if len(things) < LEAST or None in shared.values():
        return text
    row = sorted((x, n) for n, x in shared.items() if x is not None)
    (least, name), (next_, _) = row[:2]
    return f"{text[: m.start()]}the {name}{text[m.end() :]}" if least < CLEARLY * next_ else text


def _in_common(name: str, things: Sequence[str], lookup: Lookup) -> float | None:
    """Mean share of kinds that it has in common with each of the others; None where nothing is known of it."""
    own = lookup.find(name)
    if own is None:
        return None
    shares = []
    for other in things:
        entry = lookup.find(other)
        if other != name and entry is not None:
            a, b = set(own.kinds), set(entry.kinds)
            shares.append(len(a & b) / max(1, len(a | b)))
    return sum(shares) / len(shares) if shares else None
