"""Several things spoken of at once, said one by one: sorts over as many places ("the pens and the keys into separate
boxes"), even shares, sums that are itemised ("my breakfast: cereal and milk"), and towers told by their order.

Where the count of the places fits, what goes where is said; which of them gets which is left open by the words, so the
first gets the first. Only closed patterns of English. Used by `planner.propose.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.propose import vocabulary as v
from planner.propose.kind_phrases import kind_words
from planner.propose.spelling import head, singular

_VERB = r"(?:sort|separate|divide|split|put|place|distribute|organi[sz]e|group|arrange)"
_OWN = r"(?:separate|different|distinct|individual|(?:two|three|four) (?:separate|different)|their own|its own)"
_SPREAD = re.compile(
    rf"\b{_VERB}(?: (?:out|up))? (?P<x>(?:(?:the|all|my|our|all the) )?[^.;:!?]+?) (?:in|into|to|onto|on|among|between)"
    rf" {_OWN} (?P<noun>[a-z]+?)(?:e?s)?(?=\s*(?:$|[.;,!?]|please\b))",
    re.IGNORECASE,
)
_EACH = re.compile(
    r"\b(?P<v>put|place|drop|sort|set) (?:each|every)(?: of (?:the|my|these|those))?"
    r" (?P<x>(?!one\b|of\b)[a-z][\w' -]*?) (?P<p>in|into|on|onto|inside)"
    r" (?:a (?:different|separate|new)|its own|separate|different)"
    r" (?P<noun>[a-z]+)",
    re.IGNORECASE,
)
_EVENLY = re.compile(
    r"\b(?:put|place|have|have got|get) (?:the same|an equal) (?:number|amount) of (?P<x>[a-z][\w' -]*?)"
    r" (?:in|into|on|onto) (?:both|each|all|every|the two|the)(?: of)?(?: the| my)? (?P<y>[a-z]+)"
    r"|\b(?:divide|split|distribute|spread|share)(?: out)? (?:(?:the|all|my|our|all the) )*(?P<z>[a-z][\w' -]*?)"
    r"(?: evenly| equally| fairly)(?: among| between| over| across| into| in| on)+"
    r" (?:(?:both|the|all|my|two|three|these) )*(?P<w>[a-z]+)"
    r"|\b(?:divide|split|distribute|spread|share)(?: out)? (?:(?:the|all|my|our|all the) )*(?P<u>[a-z][\w' -]*?)"
    r"(?: among| between| over| across| into)+ (?:(?:both|the|all|my|two|three|these) )*(?P<t>[a-z]+)"
    r"(?: evenly| equally| fairly| in equal (?:parts|shares|numbers))",
    re.IGNORECASE,
)
_THE = r"(?:the|my|our|a)"
_BETWEEN = re.compile(
    r"\b(?P<a>(?:the|my|our) (?:(?!the\b)[\w'-]+ )??[\w'-]+) (?:(?:to )?(?:be|end up|come|go|sit|stand|is|goes"
    r"|comes) )?(?:in )?between "
    rf"(?P<b>{_THE} [\w'-]+(?: (?!and\b)[\w'-]+)?) and (?P<c>(?:{_THE} )?[\w'-]+(?: [\w'-]+)?)",
    re.IGNORECASE,
)
_ANEW = re.compile(r"\b(?:a|some) new (?P<n>[a-z]+)\b", re.IGNORECASE)
_EACH_OF = re.compile(
    r"(?<=\bin )each of (?:the|these|those|my) (?:two |three |four |five )?(?P<n>[a-z]+s)\b", re.IGNORECASE
)
_HUE = "|".join(sorted(v.COLOURS))
_ORDERED = re.compile(
    r"[^.!?]*\b(?:ordered|stacked|arranged|stack|piled|order)\b[^.!?]*?\b"
    rf"(?P<a>{_HUE}),? (?:then )?(?P<b>{_HUE}),? (?:and |then )*(?P<c>{_HUE})(?: \w+)?,?"
    r" from (?P<way>bottom to top|top to bottom)",
    re.IGNORECASE,
)
_SUMMED = re.compile(
    r"\b(?P<v>(?:put|pack|place|bring|give|get|fetch|hand|move|take|store|load)(?: me| us)?) [^:.;!?]+?"
    r"(?P<w>(?: (?:in|into|on|onto|to|inside) (?:the|my|our) [\w' -]+?)?): (?P<list>[^:.;!?]+)(?=[.!]*\s*$)",
    re.IGNORECASE,
)
_TALLEST = re.compile(
    r"\b(?:build|make|construct|stack|create)(?: me| us)? (?:the|a) (?:tallest|highest|biggest)(?: possible)?"
    r" (?:tower|stack|pile)(?: (?:that )?(?:you|we) (?:can|are able to)(?: build| make)?| possible)?"
    r"(?=\s*(?:$|[.,;!?]))",
    re.IGNORECASE,
)
_TOWER = re.compile(r"\b(?:tower|stack|pile)\b", re.IGNORECASE)
_DET = re.compile(r"^(?:(?:all|the|my|our|both) )+", re.IGNORECASE)

_HOW_MANY = re.compile(
    rf"\b(?:for|we are|we're|there are|there(?:'ll| will) be) (?P<n>{'|'.join(v.NUMBERS)}|\d)(?: people| persons"
    r"| guests| of us| kids| children| friends)?(?=\s*(?:$|[.;,:!?]|and\b|with\b|-))",
    re.IGNORECASE,
)
_SHARE = rf"(?:an?|{'|'.join(v.NUMBERS)}) (?!of\b)[a-z][\w'-]*(?: (?!and\b|each\b|per\b|for\b)[\w'-]+)?"
_SHARES = rf"(?P<list>{_SHARE}(?:(?:,? and|,|,? plus) {_SHARE})*)"
_APIECE = re.compile(
    rf"\b{_SHARES},? (?:each|apiece|per (?:person|head|guest|place|seat|setting)|for (?:each|every)(?: (?:person|guest"
    r"|place|seat|one))?(?: of (?:us|them))?|for everyone|for everybody)(?=\s*(?:$|[.;,!?]|(?:in|on|onto|to|at)\b))",
    re.IGNORECASE,
)
_EVERYONE = re.compile(
    r"\b(?:everyone|everybody|each (?:of us|of them|person|guest|one)) (?:gets?|needs?|has|should (?:get|have)|wants)"
    rf" {_SHARES}(?=\s*(?:$|[.;!?]))",
    re.IGNORECASE,
)


def spread(text: str, names: Sequence[str]) -> str:
    """The text with such requests said one by one. ``names``: of what is here, places included."""
    text = _SPREAD.sub(lambda m: _shared_out(m, names), text)
    if people := _HOW_MANY.search(text):
        for pattern in (_APIECE, _EVERYONE):
            text = pattern.sub(lambda m: _times(m["list"], people["n"]), text)
    text = _EACH.sub(r"\g<v> one \g<x> \g<p> each \g<noun>", text)
    text = _ANEW.sub(lambda m: f"another {m['n']}" if not re.search(r"\bnew\b", " ".join(names), re.I) else m[0], text)
    text = _EACH_OF.sub(lambda m: f"each {singular(m['n'].lower())}", text)
    text = _ORDERED.sub(_from_below, text)
    text = _SUMMED.sub(lambda m: _itemised(m, names), text)
    text = _TALLEST.sub(lambda m: _all_of_a_sort(m, names), text)
    text = _EVENLY.sub(lambda m: _dealt(m, names), text)
    if _TOWER.search(text) and (m := _BETWEEN.search(text)):
        return _tower(_one(m["b"]), _one(m["a"]), _one(m["c"]))
    return text


def _shared_out(m: re.Match[str], names: Sequence[str]) -> str:
    """ "The fruit and the vegetables into separate bowls", where two bowls are here."""
    places = _called(m["noun"], names)
    sorts = [_DET.sub("", s.strip()) for s in re.split(r",(?: and)? | and | from ", m["x"]) if s.strip()]
    if len(sorts) < 2 or len(sorts) != len(places):
        return m[0]
    return ". ".join(f"put all the {s} in the {p}" for s, p in zip(sorts, places, strict=True))


def _times(shares: str, people: str) -> str:
    """ "For two, one plate and one fork each": two plates and two forks."""
    number = {**v.NUMBERS, "a": 1, "an": 1}
    many = number.get(people.lower()) or int(people)
    items = [i.split() for i in re.split(r",? and |,? plus |, ", shares.lower())]
    said = {n: word for word, n in reversed(v.NUMBERS.items())}
    return " and ".join(f"{said.get(number[n] * many, number[n] * many)} {kind_words(what)}" for n, *what in items)


def _itemised(m: re.Match[str], names: Sequence[str]) -> str:
    """ "Put my breakfast on the tray: cereal, milk and a spoon", where all of that is here: just these."""
    words = {singular(w) for n in names for w in n.lower().split()}
    items = [i.split() for i in re.split(r",(?: and)? | and ", m["list"].lower()) if i.split()]
    bare = [[w for w in i if w not in ("the", "a", "an", "my", "our", "some", "two", "three")] for i in items]
    here = all(i and len(i) < 4 and singular(i[-1]) in words for i in bare)
    return f"{m['v']} {m['list']}{m['w']}" if len(items) > 1 and here else m[0]


def _from_below(m: re.Match[str]) -> str:
    """ "Ordered red, tan, blue from bottom to top"."""
    order = "abc" if m["way"].lower().startswith("bottom") else "cba"
    return _tower(*(f"the {m[k]} one" for k in order))


def _tower(low: str, middle: str, top: str) -> str:
    return f"build a tower with {low} at the bottom, {middle} in the middle and {top} on top"


def _dealt(m: re.Match[str], names: Sequence[str]) -> str:
    """ "The same number of blocks in both bowls", where that comes out even: in turn, in the order of their names."""
    what, where = m["x"] or m["z"] or m["u"], m["y"] or m["w"] or m["t"]
    things, places = _called(what, names), _called(where, names)
    if len(places) < 2 or not things or len(things) % len(places):
        return m[0]
    share = len(things) // len(places)
    parts = [things[k * share : (k + 1) * share] for k in range(len(places))]
    return ". ".join(f"put the {' and the '.join(t)} in the {p}" for t, p in zip(parts, places, strict=True))


def _all_of_a_sort(m: re.Match[str], names: Sequence[str]) -> str:
    """ "The tallest tower you can": of all that are made for it."""
    sort = next((s for s in ("block", "cube", "brick", "book", "cup", "box") if len(_called(s, names)) > 1), "")
    return f"stack all the {'boxes' if sort == 'box' else sort + 's'}" if sort else m[0]


def _called(said: str, names: Sequence[str]) -> list[str]:
    """What here is called so by the last word of its name."""
    noun = singular(said.lower().split()[-1])
    return sorted(n for n in names if singular(head(n.lower())) == noun)


def _one(said: str) -> str:
    """A bare colour is the thing of that colour."""
    words = said.split()
    said = said if words[0].lower() in ("the", "my", "our", "a") else f"the {said}"
    return said if len(said.split()) > 2 else f"{said} one"
