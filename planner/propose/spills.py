"""Something was spilled and is to be cleaned up: what is wanted is something to wipe with, or that it is wiped.

"I spilled my coke. Clean it up": not the can is meant but what came out of it. Where a spill itself is here, it is
said by its name. Only closed patterns of English. Used by `planner.propose.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_SPILLED = re.compile(
    r"[^.!?;]*\b(?:spill(?:ed|s|t)?|spilt|knocked over|tipped over|splashed|dripped|upset)\b[^.!?;,]*[.!?;,]*\s*"
    r"(?:and |so )?",
    re.IGNORECASE,
)
_CLEAN = re.compile(
    r"\b(?:(?:help|assist) (?:me|us) )?(?:to |with )?(?:clean|cleaning|wipe|wiping|mop|mopping|soak|dry)(?: up| off)?"
    r" (?:it|this|that|the (?:mess|spill|floor)|this mess|that mess)(?: all)?(?: up| off)?",
    re.IGNORECASE,
)
_SOMETHING = re.compile(r"\b(?:something|anything|what|the sponge|a sponge|cloth|towel|sponge)\b", re.IGNORECASE)
SPILLS = frozenset({"spill", "puddle", "stain", "mess", "splash"})


def wiped(text: str, names: Sequence[str], person: bool) -> str:
    """The text with such requests said plainly. ``person``: whether somebody is here to bring something to."""
    spill, clean = _SPILLED.search(text), _CLEAN.search(text)
    if not spill or not clean or clean.start() < spill.start() + 3 or _SOMETHING.search(text):
        return text
    here = [n for n in names if n.lower().split()[-1] in SPILLS]
    if len(here) == 1:
        return f"wipe up the {here[0]}"
    return "bring me something to wipe up a spill" if person else "pick up something to wipe up a spill"
