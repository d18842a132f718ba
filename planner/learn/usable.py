"""Which uses ask for an object and which stand alone."""

from __future__ import annotations

_TAKES = frozenset(
    [
        "drink",
        "eat",
        "wear",
        "read",
        "cuddle",
        "throw",
        "stack",
        "bounce",
        "ride",
        "give",
        "have",
        "put",
        "pack",
        "snack",
        "take",
        "serve",
        "share",
        "spread",
        "sprinkle",
        "dunk",
        "sip",
        "fry",
        "grill",
        "roast",
        "boil",
        "steam",
        "compost",
        "recycle",
        "collect",
        "mash",
        "toast",
        "carry",
        "keep",
        "play",
        "write",
        "draw",
        "listen",
        "sit",
        "sleep",
        "lean",
        "work",
        "build",
        "tie",
        "spin",
        "roll",
        "stretch",
        "return",
        "heat",
        "cook",
        "bake",
        "hand",
        "reward",
    ]
)


_OPEN = frozenset(
    [
        "in",
        "on",
        "at",
        "with",
        "for",
        "to",
        "from",
        "over",
        "after",
        "before",
        "around",
        "under",
        "as",
        "into",
        "during",
        "outdoors",
        "outside",
    ]
)


def needs_object(use: str) -> bool:
    """Whether the thing itself is what is drunk, worn, written with: "something to write with", not "to write with"."""
    first, *rest = use.split()
    return (rest[-1:] and rest[-1] in _OPEN) or (first in _TAKES and (not rest or rest[0] in _OPEN))
