"""Sentences that begin although nothing says so: "bring the cups don't touch the vase".

Only where an order begins that cannot go on from the words before. Used by `planner.propose.wording`.
"""

from __future__ import annotations

import re

_GOES_ON = frozenset(
    {"and", "but", "so", "please", "you", "to", "then", "or", "i", "we", "they", "that", "which", "who", "just", "also",
     "should", "must", "can", "could", "would", "will", "shall", "may", "might"}
)  # fmt: skip  # words behind which an order belongs to what was said before
_THE = r"(?:the|my|our|your|that|this|these|those|any|anything)"
_BEGINS = re.compile(
    r"(?P<before>[a-z]+) (?="
    rf"leave {_THE} [^.;,!?]+? (?:where (?:it is|they are)|alone|there)\b"
    rf"|keep {_THE} [^.;,!?]+? (?:out of|away from) (?:it|them|there)\b"
    rf"|(?:don't|dont|do not|never) (?:touch|move|take|disturb|use|bring|put) {_THE}\b"
    r"|please (?:bring|get|fetch|hand|pass|give) (?:me|us) something(?: for (?:it|that))?[.!]?\s*$)",
    re.IGNORECASE,
)


def stopped(text: str) -> str:
    """The text with a stop in front of such orders."""
    return _BEGINS.sub(lambda m: m[0] if m["before"].lower() in _GOES_ON else f"{m['before']}. ", text)
