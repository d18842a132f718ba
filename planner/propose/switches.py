"""Lamps that are to be on or off: the button that is wired to one is what is pressed."""

from __future__ import annotations

import re

from skills.state import State
from skills.symbols import GroundAtom, Literal

_LAMP = (
    r"\b(?:turn|switch|put|flick|leave) (?:(?P<first>on|off) )?(?:the|my|that|this|our) (?P<lamp>{names})"
    r"(?: (?P<last>on|off))?\b(?: again)?"
)


def switched(text: str, state: State) -> tuple[str, str]:
    """(the text with "turn on the lamp" said as "press the button", why nothing is to be done). "The light" is the lamp
    where there is one only."""
    wired = sorted((a.args for a in state.atoms if a.predicate == "switches"), key=str)
    lamps = sorted({lamp for _, lamp in wired})
    if not lamps:
        return text, ""
    alone = ["light", "lights", "lamp"] if len(lamps) == 1 else []
    names = "|".join(re.escape(n) for n in sorted({*lamps, *alone}, key=len, reverse=True))
    m = re.search(_LAMP.format(names=names), text, re.IGNORECASE)
    word = (m["first"] or m["last"] or "").lower() if m is not None else ""
    if m is None or not word:
        return text, ""
    lamp = m["lamp"].lower() if m["lamp"].lower() in lamps else lamps[0]
    button = next(b for b, x in wired if x == lamp)
    lit = state.holds(Literal(GroundAtom("lit", (lamp,))))
    if lit == (word == "on"):
        rest = text[: m.start()] + text[m.end() :]
        return ("", f"the {lamp} is {word} already") if not re.search(r"\w{4}", rest) else (rest, "")
    return f"{text[: m.start()]}press the {button}{' again' if lit else ''}{text[m.end() :]}", ""
