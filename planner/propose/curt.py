"""Requests of hardly more than names: "red left, green right", "spoon cup", "the towel, over here", "trash time: ...".

The words that are missing are put in, where everything that was said names something here. Used by
`planner.propose.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.propose import vocabulary as v
from planner.propose.places import VESSEL
from planner.propose.spelling import singular, tokens_of

_SIDES = ("left", "right", "top", "bottom")
_LITTLE = v.words(
    "please thanks thank you ok okay now and then the a an my put place pls robot hey yo uh um cheers quick"
)
_BINS = frozenset({"trash can", "bin", "rubbish bin", "trash bin"})
_RUBBISH = frozenset({"trash", "garbage", "rubbish", "waste", "litter"})
_HERE = re.compile(
    r"^\W*(?:(?:ok|okay|hey|hi|yo|so|robot|please|now|quick)[, ]+)*(?P<x>(?!put\b|go\b|come\b|is\b"
    r"|are\b)[\w', -]+?)[, ]+(?:right |over )?here(?:[, ]+(?:please|now|quick(?:ly)?|thanks|thank you|asap))*\W*$",
    re.IGNORECASE,
)
_NEED = re.compile(
    r"(?:^|(?<=[.;!?,]))(?P<lead>\W*)(?:(?:i|we)(?:'ll| will|'d| would| do)? )?(?:just |really |still )*(?:need|want"
    r"|like|require|could use)(?: to have)? (?P<x>(?:an?|another|some|the|my|our|one|two"
    r"|three) [^.;,!?]+?) (?:right |over )?here(?=\s*(?:$|[.;,!?]|please\b|now\b))",
    re.IGNORECASE,
)
_TO_ME = re.compile(
    r"(?P<lead>(?:^|(?<=[.;!?,])|(?<=\band)) ?)(?P<x>(?:(?:the|my"
    r"|our) )?[\w'-]+(?: [\w'-]+)??) (?:over )?to me(?:,? and\b|(?=\s*(?:$|[.;,!?])))",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:^|(?<=[.;!?] ))\W*(?:it's |it is )?(?P<k>[\w-]+) (?:time|run|round|day|duty|list|stuff)(?::| -"
    r"|,) (?P<list>[^.;:!?]+?)(?:,? (?:done|that's (?:it|all)|thanks|please|that is (?:it|all)"
    r"|and that's it))*(?=\s*(?:$|[.;!?]))",
    re.IGNORECASE,
)


def uncurt(text: str, names: Sequence[str] = (), person: bool = False) -> str:
    """The text with what is missing put in; ``names``: of what is here, places included; ``person``: whether somebody
    is here to bring things to."""
    text = _TIME.sub(lambda m: _timed(m, names), text)
    if person:
        text = _TO_ME.sub(
            lambda m: (
                f"{m['lead']}bring me {m['x']}{'.' if m[0].endswith('and') else ''}"
                if _meant(_words(m["x"]), names)
                else m[0]
            ),
            text,
        )
        text = _NEED.sub(r"\g<lead>bring me \g<x>", text)
        here = _HERE.match(text)
        listed = re.split(r",? and |, ", here["x"], flags=re.IGNORECASE) if here else []
        if here and all(_meant([w for w in _words(x) if w not in v.DETERMINERS], names) for x in listed):
            return f"bring me {here['x']}"
    return _paired(text, names)


def _timed(m: re.Match[str], names: Sequence[str]) -> str:
    """ "Laundry time: the socks, the shirt": they go where its name says so."""
    key = singular(m["k"].lower())
    fits = [n for n in names if key in n.lower().split() and VESSEL.search(n.lower())]
    fits = fits or [n for n in names if key in _RUBBISH and n.lower() in _BINS]
    return f"put {m['list']} in the {fits[0]}" if len(fits) == 1 else m[0]


def _words(text: str) -> list[str]:
    return [t.text for t in tokens_of(text) if t.text not in _LITTLE]


def _meant(words: Sequence[str], names: Sequence[str]) -> str:
    """The one name that all the words are part of; "" where there is none or more than one."""
    said = {singular(w) for w in words}
    exact = [n for n in names if {singular(w) for w in n.lower().split()} == said]
    fits = exact or [n for n in names if said and said <= {singular(w) for w in n.lower().split()}]
    return fits[0] if len(fits) == 1 else ""


def _paired(text: str, names: Sequence[str]) -> str:
    """ "Spoon cup", "red left green right": each thing, then where it goes; any other text as it is."""
    sides = {n.lower() for n in names}
    words = _words(text)
    if not 2 <= len(words) <= 12 or re.search(r"[:;]|[-=]+>|→", text):
        return text
    found: list[tuple[str, bool]] = []
    i = 0
    while i < len(words):
        if words[i] in _SIDES and f"{words[i]} side" in sides:
            n = 2 if words[i + 1 : i + 2] == ["side"] else 1
            found.append((f"{words[i]} side", True))
            i += n
            continue
        run = next(
            ((n, name) for n in (4, 3, 2, 1) if i + n <= len(words) and (name := _meant(words[i : i + n], names))), None
        )
        if run is None:
            return text
        found.append((run[1], bool(VESSEL.search(run[1].lower()))))
        i += run[0]
    goes = "".join("w" if where else "t" for _, where in found)
    if goes == "wt":  # "shelf vase"
        found.reverse()
    elif not re.fullmatch(r"(?:t+w)+", goes):
        return text
    out, things = [], []
    for name, where in found:
        if not where:
            things.append(f"the {name}")
            continue
        prep = "to" if name.endswith((" side", " corner", "counter")) or name in ("middle", "table") else "in"
        out.append(f"put {' and '.join(things)} {prep} the {name}")
        things = []
    return ". ".join(out)
