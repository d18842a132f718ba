"""What something is to lie on or in, told by what it is like: "lay the egg on something soft", "in a sturdy thing".

Where exactly one thing here is so by what is written down of it, its name is said instead. Used by
`planner.propose.reading`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.propose import vocabulary as v
from planner.propose.heads import named
from planner.propose.lookup import Lookup

_VERY = r"(?:(?:nice(?:ly)? and|nice|really|very|quite|rather|pretty) )*"
_END = r"(?=\s*(?:$|[.;,!?]|(?:so|and|please|because|where|then|instead|for (?:me|now))\b))"
_BEARER = re.compile(
    r"\b(?P<p>in|into|inside|on|onto|on top of|next to|beside|near) (?:"
    rf"(?:something|anything|some thing|a thing|an object)(?: (?:that|which)(?: is|'s)|that's)? {_VERY}(?P<a>[a-z-]+)"
    rf"|an? {_VERY}(?P<b>[a-z-]+) (?:thing|object|item|surface|base|underlay|support)){_END}",
    re.IGNORECASE,
)


def borne(text: str, objects: Sequence[str], lookup: Lookup | None) -> str:
    """The text with the one thing that is so named in place of "something soft"; ``objects``: movable ones and
    containers that are here."""
    if lookup is None:
        return text

    def name(m: re.Match[str]) -> str:
        adjective = (m["a"] or m["b"]).lower()
        if adjective in v.FUNCTION_WORDS or adjective == "else":
            return m[0]
        moved = named(text[: m.start()], list(objects))
        fits = [n for n in dict.fromkeys(objects) if n not in moved and lookup.is_like(adjective, n)]
        return f"{m['p']} the {fits[0]}" if len(fits) == 1 else m[0]

    return _BEARER.sub(name, text)
