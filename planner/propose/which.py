"""Which thing or place, told behind the noun: "the one that is sharp", "the bin labelled cables", "what the cup is on".

Each is said as the name that it stands for, or as one of the clauses that `planner.propose.restrict` and
`planner.propose.spatial` know ("that is in the sink", "where the plate is"). Only closed patterns of English. Used by
`planner.propose.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.propose import vocabulary as v
from planner.propose.spelling import colour_of, singular
from planner.propose.uses import stem

_DET = r"(?:the|my|our|your|that|this|those|these|all the|both|every|any)"
_STOP = r"(?=\s*(?:$|[.;,!?]|(?:and|but|then|goes?|belongs?|should|must|please|in|into|on|onto|to)\b))"
_PART = re.compile(
    r"\b(?P<p>in|into|on|onto|inside) (?:the|a) (?:(?:(?:back|front|rear|main|top|bottom|upper|lower|inner|outer|side"
    r"|big|small|left|right|middle) )?(?:compartment|section|pocket|slot|interior|seat|cushions?|surface|rim|lid)"
    r"|back|front|rear|inside|bottom|seat) of (?P<x>(?:the|my|our|your|that) (?P<n>[\w'-]+(?: [\w'-]+)??))" + _STOP,
    re.IGNORECASE,
)
_SURFACES = v.words("table desk board workspace bench tabletop counter tower stack pile line row queue")
_ON_WHAT = re.compile(
    r"\b(?:in|on|into|onto|on top of|to|inside|at) (?:whatever|what|wherever|(?:the )?(?:same )?(?:thing|one|place"
    r"|spot)"
    r"(?: that| which| where)?) (?P<x>(?:the|my|our|that) [\w' -]+?) (?P<be>is|are|lies|stands|sits|rests)"
    r"(?: (?:lying|standing|sitting|resting|now|currently))*(?: (?:on|in|inside|at|upon))?" + _STOP,
    re.IGNORECASE,
)
_FIND = re.compile(
    rf"\b(?P<x>{_DET} (?:[\w'-]+ ){{0,2}}?[\w'-]+) (?:that |which )?you(?:'ll| will| can| should|'re going to)? (?:find"
    r"|see|spot|notice|come across)(?: lying| standing)? (?=(?:in|on|at|inside|by) (?:the|my|our)\b)",
    re.IGNORECASE,
)
_NO_FIND = v.words("everything anything things thing all first next time way")
_LIKE = re.compile(
    r"\b(?P<det>the|that|any|those|all the) (?P<n>[\w'-]+(?: [\w'-]+)?) (?:that|which|who)(?: is| are|'s|'re)(?: the)?"
    r" (?P<a>[\w-]+)(?: one| ones)?" + _STOP,
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?P<det>the|that|my|our) (?P<n>[\w'-]+) (?:labelled|labeled|marked|called|named|tagged|about|for|with|saying"
    r"|(?:that|which) (?:says|reads|is (?:labelled|labeled|marked|called|about|for|full of))|full of|containing)"
    r" (?P<q>[\"'“]?)(?:(?:the|my|a|some|all) )?(?P<w>[\w-]+)[\"'”]?(?: for (?:me|us))?" + _STOP,
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"\b(?:(?:the|my|our|your|his|her|a) )?(?:little |old |poor )?(?!(?:it|that|what|let|here|there|who|he|she"
    r"|where)'s)"
    r"(?P<o>[a-z-]+)'s (?=(?P<n>[\w-]+)\b)",
    re.IGNORECASE,
)
_HUES = {
    "sky": "blue",
    "sea": "blue",
    "ocean": "blue",
    "grass": "green",
    "leaves": "green",
    "leaf": "green",
    "blood": "red",
    "fire": "red",
    "tomato": "red",
    "tomatoes": "red",
    "snow": "white",
    "milk": "white",
    "coal": "black",
    "night": "black",
    "sun": "yellow",
    "lemon": "yellow",
    "lemons": "yellow",
    "banana": "yellow",
    "bananas": "yellow",
    "chocolate": "brown",
    "earth": "brown",
    "gold": "gold",
    "silver": "silver",
    "ash": "gray",
    "elephant": "gray",
}
_HUE = re.compile(
    r"\b(?P<det>the|that|any|all the|those|an?) (?P<n>[\w'-]+) (?:(?:that|which)(?:'s| is| are| has| have)?(?: in)? "
    r"|in |of"
    r" |with )?(?:the |as )?(?:same )?(?:colou?r of|colou?red like|colou?r as|as \w+ as) (?:the |a |an |fresh"
    r" )?(?P<h>[a-z]+)\b",
    re.IGNORECASE,
)
_ABLE = re.compile(
    r"\b(?P<n>(?:everything|anything|things|objects|items|something|stuff)) (?:that|which) (?:can|could|will|would|may"
    r"|might|is able to|are able to)(?: be used to| help(?: me| us| you)?(?: to)?)? (?!not\b|be\b)(?P<v>[a-z]+)(?= \w)",
    re.IGNORECASE,
)
_ON_IT = re.compile(
    r"(?P<lead>\b(?:the|my|our) (?P<n>[a-z]+(?: [a-z]+)?)\b[^.!?]*?\b(?:everything|anything|whatever|all|things|what)"
    r"(?: that| which)?(?:'s| is| are| lies| lie)?(?: lying| left| still| standing)* (?:on|in)) it\b",
    re.IGNORECASE,
)
_SUCH = {"everything": "things", "anything": "things", "objects": "things", "items": "things"}
_NEEDED = re.compile(
    r"\b(?:the|a|an|any|some|whatever) (?:(?:right|proper|correct) )?(?:tool|thing|utensil|item|object|implement"
    r"|gadget|instrument) (?:that |which )?(?:i|we|you|one|people|they|he|she)(?:'d| would| will| can| could| might"
    r"| usually| normally)* (?:need|needs|use|uses) (?P<to>to|for) (?=[a-z])",
    re.IGNORECASE,
)
_EVERYTHING = re.compile(
    r"\b(?P<x>everything|anything|all things|whatever is) (?P<a>[a-z-]+)\b(?=\s*(?:$|[.;,!?])|\s+(?:in|into|on|onto|to"
    r"|from|at|off|goes|belongs|should|must|and)\b)",
    re.IGNORECASE,
)


def told_which(text: str, names: Sequence[str] = ()) -> str:
    """The text with such phrases said plainly. ``names``: of what is here, places included."""
    words = {w for n in names for w in n.lower().split()}
    text = _OWNER.sub(lambda m: _owned(m, names, words), text)
    text = _ON_IT.sub(lambda m: f"{m['lead']} the {m['n']}" if _here(m["n"], names) else m[0], text)
    text = _NEEDED.sub(r"something \g<to> ", _PART.sub(lambda m: _whole(m, names), text))
    text = _ON_WHAT.sub(r"where \g<x> \g<be>", text)
    text = _HUE.sub(lambda m: f"{m['det']} {c} {m['n']}" if (c := _hue(m["h"].lower(), names)) else m[0], text)
    text = _ABLE.sub(lambda m: f"{_SUCH.get(m['n'].lower(), m['n'])} to {m['v']}", text)
    text = _FIND.sub(lambda m: m[0] if set(m["x"].lower().split()) & _NO_FIND else f"{m['x']} that is ", text)
    text = _LABEL.sub(lambda m: _labelled(m, names), text)
    text = _LIKE.sub(lambda m: _alike(m, names), text)
    return _EVERYTHING.sub(lambda m: _such(m, words), text)


def _here(said: str, names: Sequence[str]) -> bool:
    return any(n.lower() == said.lower() for n in names)


def _hue(noun: str, names: Sequence[str]) -> str:
    """The colour of what everybody knows, or of the one thing here of that sort ("the same colour as the bowl")."""
    here = [n for n in names if singular(n.lower().split()[-1]) == singular(noun)]
    if len(here) == 1:
        return next((w for w in here[0].lower().split()[:-1] if colour_of(w)), "")
    return "" if here else _HUES.get(noun, "")


def _whole(m: re.Match[str], names: Sequence[str]) -> str:
    """ "On the back of the sofa": on the sofa; of a table the parts are places of their own."""
    noun = m["n"].lower()
    here = any(n.lower() == noun or n.lower().split()[-1] == noun.split()[-1] for n in names)
    return f"{m['p']} {m['x']}" if here and noun.split()[-1] not in _SURFACES else m[0]


def _owned(m: re.Match[str], names: Sequence[str], words: set[str]) -> str:
    """ "The baby's bottle": the bottle; "Emma's bottle", where one here is called the emma bottle: that."""
    owner, noun = m["o"].lower(), m["n"].lower()
    if owner in words:
        return f"the {owner} " if any(n.lower() == f"{owner} {noun}" for n in names) else m[0]
    return "the " if noun in words else m[0]


def _alike(m: re.Match[str], names: Sequence[str]) -> str:
    """ "The one that is sharp", "the bit which is broken": where something here is called so."""
    adjective, noun = m["a"].lower(), m["n"].lower().split()
    if colour_of(adjective) or adjective in v.PLACE_PREPOSITIONS | v.NEGATIONS | v.BEING:
        return m[0]
    called = [n for n in names if adjective in n.lower().split()[:-1]]
    one = noun[-1] in ("one", "ones", "thing", "things")
    if not called or not (one or any(singular(noun[-1]) in n.lower().split() for n in called)):
        return m[0]
    return f"{m['det']} {adjective} {m['n']}" if len(called) > 1 or not one else f"the {called[0]}"


def _labelled(m: re.Match[str], names: Sequence[str]) -> str:
    """ "The bin labelled cables", "the one about cooking": the one thing here with that word in its name."""
    said = stem(m["w"].lower())
    noun = singular(m["n"].lower())
    fits = [n for n in names if any(stem(w) == said for w in n.lower().split()[:-1])]
    fits = [n for n in fits if noun == "one" or noun == singular(n.lower().split()[-1])]
    return f"the {fits[0]}" if len(fits) == 1 else m[0]


def _such(m: re.Match[str], words: set[str]) -> str:
    """ "Everything edible": everything that is edible."""
    word = m["a"].lower()
    known = (
        word in v.KNOWN | v.RELATIVES
        or word in words
        or singular(word) in words
        or colour_of(word)
        or word.endswith("ing")
    )
    if word in words and not colour_of(word):
        return f"all the {word} things"  # as some of them are called
    return m[0] if known or word in ("else", "here", "there") else f"everything that is {word}"
