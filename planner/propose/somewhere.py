"""Places said by what they do for a thing: "somewhere cold", "where it stays warm", "keep the cream from melting".

Where exactly one sort of container here does that, its name is said instead. Only closed patterns of English. Used by
`planner.propose.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_COOLS = ("fridge", "refrigerator", "cooler", "icebox", "freezer")
_HEATS = ("oven", "microwave", "stove", "heater", "radiator")
_FREEZES = ("freezer", "icebox")
# what is said of the place, and what does it, the best first
DOES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("cold", "cool", "cooler", "colder", "chilly", "chilled", "fresh", "cooled"), _COOLS),
    **dict.fromkeys(("frozen", "freezing", "icy"), _FREEZES),
    **dict.fromkeys(("warm", "hot", "warmer", "hotter"), _HEATS),
}  # fmt: skip
_ADJ = rf"(?P<adj>{'|'.join(sorted(DOES, key=len, reverse=True))})"
_NP = r"(?P<x>(?:the|my|our|that|this|those|these|all the) [^.;,!?]+?|it|them)"
_END = r"(?=\s*(?:$|[.;,!?]|and\b|so\b|before\b|until\b|for\b|please\b))"
_WHERE = re.compile(
    r"\b(?:(?:in|into|to|at) )?(?:(?:somewhere|someplace|anywhere|a place|the place|a spot)(?: that(?:'s| is)"
    r"| where it(?:'s| is| stays))?|where(?:ver)? it(?:'s| is| stays| keeps| will stay| will be))"
    rf"(?: (?:nice and|nice|really|very|kept))* {_ADJ}(?: enough)?{_END}",
    re.IGNORECASE,
)
_A_COLD = re.compile(rf"\b(?:in|into|to) (?:a|some) (?:nice |very )*{_ADJ} (?:place|spot){_END}", re.IGNORECASE)
_KEEP = re.compile(rf"\b(?:keep|keeping) {_NP} (?:nice and |nicely )?{_ADJ}{_END}", re.IGNORECASE)
_SPOILS = re.compile(
    rf"\b(?:keep|stop|prevent|save) {_NP} from (?P<ing>melting|spoiling|going (?:bad|off|sour)|thawing|defrosting"
    rf"|getting (?:warm|cold)|cooling(?: down| off)?|warming up){_END}",
    re.IGNORECASE,
)
_CHILL = re.compile(rf"^(?P<lead>\W*(?:please |could you |can you )*)(?:chill|cool|refrigerate) {_NP}{_END}", re.I)
# "things that have to stay cold": by where such things are kept, whether or not that is here
_KEPT_IN = {**dict.fromkeys(("cold", "cool", "chilled", "refrigerated"), "fridge"), "frozen": "freezer"}
_MUST_STAY = re.compile(
    r"\b(?P<x>things|stuff|items|everything|anything|whatever|all|food|groceries)(?: (?:that|which))?"
    r" (?:(?:has|have|needs?|ought) to(?: be)?|must(?: be)?|should(?: be)?|(?:is|are) to(?: be)?)"
    rf"(?: (?:stay|stays|remain|kept|stored|keep))? (?P<adj>{'|'.join(_KEPT_IN)})(?= )"
    r"(?P<go> (?:goes|go|belongs?|(?:should|must|can) (?:go|be)) (?=(?:in|into|on|onto|at|to|inside)\b))?",
    re.IGNORECASE,
)


def somewhere(text: str, names: Sequence[str]) -> str:
    """The text with such places said by name. ``names``: of what is here, places included."""
    text = _MUST_STAY.sub(_things_kept, text)
    for pattern in (_A_COLD, _WHERE):
        text = pattern.sub(lambda m: f"in the {c}" if (c := _container(m["adj"], names)) else m[0], text)
    text = _KEEP.sub(lambda m: _kept(m, (m["adj"],), names), text)
    text = _SPOILS.sub(lambda m: _kept(m, _against(m["ing"]), names), text)
    return _CHILL.sub(lambda m: m["lead"] + _kept(m, ("cold",), names, m[0][len(m["lead"]) :]), text)


def _container(adjective: str, names: Sequence[str]) -> str:
    """The one thing here that does it; "" where none does, or several of a sort."""
    for noun in DOES[adjective.lower()]:
        found = [n for n in names if n.lower().split()[-1] == noun]
        if found:
            return found[0] if len(found) == 1 else ""
    return ""


def _kept(m: re.Match[str], adjectives: Sequence[str], names: Sequence[str], whole: str = "") -> str:
    container = next((c for a in adjectives if (c := _container(a, names))), "")
    return f"put {m['x']} in the {container}" if container else whole or m[0]


def _things_kept(m: re.Match[str]) -> str:
    """ "Whatever needs to stay frozen": things that belong in a freezer."""
    things = f"things that belong in the {_KEPT_IN[m['adj'].lower()]}"
    return f"put {things} " if m["go"] else things


def _against(ing: str) -> tuple[str, ...]:
    """What keeps a thing from that, the best first."""
    ing = ing.lower()
    if ing in ("thawing", "defrosting", "melting"):
        return "frozen", "cold"
    return ("warm",) if "cold" in ing or ing.startswith("cooling") else ("cold",)
