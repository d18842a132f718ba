"""Word order put straight: "what I want in the box is the pen", "the bowl gets the grapes".

Clefts, fronted and repeated phrases, lists behind a colon, what is left out in the second half of a sentence. What
results are requests that are read anyway; names stay as they are. Used by `planner.propose.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_END = r"[^,;:.!?]"
_DET = r"(?:the|my|our|your|his|her|their|this|that|these|those|all|both|each|every)"
_NP = rf"{_DET} {_END}+?"
_STOP = r"(?=\s*(?:$|[.;,:!?]))"
_INTO = r"(?:in|into|inside|on|onto|at|to|on top of)"
_BEGIN = r"(?:^|(?<=[.;!?,:])|(?<=\band)|(?<=\bbut))\s*"
_MUST = r"(?:should|must|has to|have to|needs? to|is to|are to|ought to|can|may|is supposed to|are supposed to)"

# what goes where
_CLEFT = re.compile(
    rf"{_BEGIN}(?:what|the (?:only )?(?:thing|things|one|ones|item|items)(?: that| which)?|all(?: that)?) (?:(?:i|we"
    rf"|he|she|they|my \w+)(?:'d| would)? (?:want|wants|need|needs|like|likes|expect|wish)(?: to (?:see|have|find"
    rf"|put|go|get))?|(?:goes|go|belongs|belong|{_MUST} (?:be|go|end up)))(?: put)? (?P<p>{_INTO}) (?P<y>(?:the|my"
    rf"|our) {_END}+?) (?:is|are|would be) (?P<x>(?!not\b){_END}+)",
    re.IGNORECASE,
)
_ELFTC = re.compile(
    rf"{_BEGIN}(?P<x>{_NP}) (?:is|are) (?:what|the (?:thing|things|one|ones)(?: that)?) (?:(?:i|we)(?:'d)? (?:want"
    rf"|need|like|would like)(?: to (?:see|have|find))?|{_MUST} (?:be|go)|goes|go|belongs"
    rf"|belong) (?P<p>{_INTO}) (?P<y>{_END}+)",
    re.IGNORECASE,
)
_ITS = re.compile(
    rf"{_BEGIN}it(?:'s| is) (?P<x>(?!not\b)(?:the|my|our|those|these) {_END}+?) (?:that|which|who) (?:(?:i"
    rf"|we)(?:'d)? (?:want|need|like|would like)(?: to (?:see|have|go))?|{_MUST} (?:be|go)|goes|go|belongs"
    rf"|belong) (?P<p>{_INTO}) (?P<y>{_END}+)",
    re.IGNORECASE,
)
_WHERE = re.compile(
    rf"{_BEGIN}where (?P<x>{_NP}) (?:{_MUST} (?:be|go)|goes|go|belongs?|lives?) is (?P<p>{_INTO} )?(?P<y>(?:the|my"
    rf"|our) {_END}+)",
    re.IGNORECASE,
)
_PLACE = re.compile(
    rf"{_BEGIN}(?:(?P<x>(?:the|my|our) {_END}+?)(?:'s|s') (?:home|place|spot)|(?:the )?(?:home|place|spot) (?:of"
    rf"|for) (?P<z>{_NP})) is (?P<p>(?:in|on|at|inside) )?(?P<y>(?:the|my|our) {_END}+)",
    re.IGNORECASE,
)
_LIVES = re.compile(
    rf"(?P<x>\b{_NP})(?: (?:is|are) (?:so |very |all |quite )?[\w-]+)?(?:;|,| and|\.|:) (?P<y>(?:the|my"
    rf"|our) {_END}+?) is (?:where (?:it|they) (?:lives?|belongs?|goes|go|stays?|(?:should|must|needs? to|has to"
    rf"|have to|ought to|can) (?:be|go))|(?:its|their) (?:home|place|spot))",
    re.IGNORECASE,
)
_JOIN = re.compile(
    rf"\b(?:(?:have|let|make|get) )?(?P<x>{_NP}) (?:{_MUST} |to |will )?(?:joins?|keeps? company with"
    rf"|goes? with) (?P<y>{_NP})(?: (?P<p>in|on|at|inside|into|onto) (?P<z>(?:the|my|our) {_END}+?))?{_STOP}",
    re.IGNORECASE,
)
_THESE = re.compile(
    r"(?P<lead>\b[^.;:!?]*?\b)(?P<these>(?:all )?(?:these|those|the following|this"
    r"|the things below)(?: (?:\w+ )?(?:things|items|objects|ones|stuff|pieces))?)(?P<rest>(?: (?:please|for me"
    r"|(?:in|into|inside|on|onto|at|to|over|away|from)\b[^.;:!?]*))?): *(?P<list>[^.;:!?]+)",
    re.IGNORECASE,
)
_THOSE_GO = re.compile(
    rf"{_BEGIN}(?P<p>(?:in|into|inside|on|onto|at|to) (?:the|my|our) {_END}+?) (?:go|goes|belong|belongs|should go"
    rf"|put) (?:the following"
    r"|these(?: things)?)?: *(?P<list>[^.;:!?]+)",
    re.IGNORECASE,
)
_SAME_PLACE = re.compile(
    rf"{_BEGIN}(?:the )?same (?:place|spot|home|destination) for (?P<x>{_END}+?)(?: and (?:for )?(?P<z>{_END}+?))?: "
    rf"(?P<y>(?:the|my) {_END}+)",
    re.IGNORECASE,
)
_USE = re.compile(
    rf"\buse (?P<a>(?:the|my|our) {_END}+?) for (?P<x>{_END}+?),? (?:and|but|while) (?P<b>(?:the|my"
    rf"|our) {_END}+?) for (?P<y>{_END}+)",
    re.IGNORECASE,
)
_ONLY_AFTER = re.compile(
    rf"(?P<x>{_NP}) (?:goes|go|may go|can go|{_MUST} go) (?P<p>{_INTO}) (?P<y>(?:the|my|our) {_END}+?) (?:only "
    rf"|but only )?(?:after|once|when|as soon as) (?P<z>{_NP}) (?:is|are)(?: safely"
    rf"| already)? (?P<q>{_INTO}) (?P<w>{_END}+)",
    re.IGNORECASE,
)
_ONCE = re.compile(
    rf"^(?P<lead>\W*)(?:as soon as|once|after|when) (?P<x>{_NP}) (?:is|are|has been|have been) (?:safely |put |back "
    rf"|placed |all |finally )*(?P<p>{_INTO}) (?P<y>(?:the|my|our) {_END}+?),? (?:then )?(?P<main>(?:you can|you may"
    rf"|you could|please|bring|fetch|give|take|put|get|hand|move|place|come|go)\b.+)$",
    re.IGNORECASE,
)
_FAR = re.compile(
    r"\b(?:to the |on the |at the )?(?:as (?:far|close) (?:to the |over to the )?(?P<a>left|right|top|bottom|back"
    r"|front)(?: side)? as (?:possible|you can|it goes|it gets)|all the way (?:to the |over to the )?(?P<b>left"
    r"|right|top|bottom|back|front)|(?:far|very|extreme|utmost) (?P<c>left|right|top|bottom)|(?P<d>left|right) of"
    r" (?:everything(?: else)?|all(?: the)? (?:others?|other things|things|rest)|the (?:others|rest)))(?: side| end"
    r"| edge)?(?! corner)(?=\W|$)",
    re.IGNORECASE,
)
_HOLDING = re.compile(
    rf"\b(?P<v>put|place|set|move|take|bring) (?P<y>(?:an?|the|my) [\w' -]+?) (?:(?:containing|holding|filled with)"
    rf" (?P<x>(?:an?"
    rf"|the|some|two|three) [\w' -]+?)|with (?P<z>(?:an?|the|some|two|three) [\w' -]+?) (?:in|inside)(?: of)?(?: it)?)"
    rf" (?P<rest>(?:in|into|on|onto|to|at|inside) (?:the|my|our) {_END}+)",
    re.IGNORECASE,
)
_HOLDS_THAT = re.compile(
    r"(?P<y>\bthe [\w' -]+?) (?:containing|holding|filled with) (?P<x>the [\w' -]+?)"
    r"(?= (?:in|into|on|onto|to|at|inside|away)\b|\s*(?:$|[.,;!?]))",
    re.IGNORECASE,
)
_GETS = r"(?:gets?|receives?|is getting|will get|shall get|should get|takes)"
_SIDE = re.compile(
    r"\b(?P<v>go|goes|move|moves|belongs?|travels?|shifts?|slides?)(?: over)? (?:to the |on the )?(?P<way>left"
    r"|right)(?=\s*(?:$|[.;,!?]|and\b|please\b))",
    re.IGNORECASE,
)


def framed(text: str, names: Sequence[str] = ()) -> str:
    """The text with its word order put straight; ``names``: of what is here, places included."""
    text = _THESE.sub(_listed, _THOSE_GO.sub(r" put \g<list> \g<p>", text))
    for pattern in (_CLEFT, _ELFTC, _ITS):
        text = pattern.sub(r" put \g<x> \g<p> \g<y>", text)
    text = _WHERE.sub(lambda m: f" put {m['x']} {m['p'] or 'in '}{m['y']}", text)
    text = _PLACE.sub(lambda m: f" put {m['x'] or m['z']} {m['p'] or 'in '}{m['y']}", text)
    text = _LIVES.sub(r"\g<x> goes in \g<y>", text)
    text = _JOIN.sub(_joined, text)
    text = _SAME_PLACE.sub(lambda m: f" put {m['x']}{' and ' + m['z'] if m['z'] else ''} in {m['y']}", text)
    text = _ONLY_AFTER.sub(_after, text)
    text = _ONCE.sub(r"\g<lead>put \g<x> \g<p> \g<y>, then \g<main>", text)
    text = _USE.sub(lambda m: _shared(m, names), text)
    text = _HOLDS_THAT.sub(r"\g<y> that contains \g<x>", text)
    text = _HOLDING.sub(lambda m: f"put {m['x'] or m['z']} in {m['y']}, then {m['v']} {m['y']} {m['rest']}", text)
    text = _FAR.sub(lambda m: _far(m, names), text)
    text = _gets(text, names)
    return _sided(text, names).strip()


def _listed(m: re.Match[str]) -> str:
    """ "Put these in the box: a pen and a key"."""
    told = re.search(r"\b\w+\b", m["lead"])
    return f"{m['lead']}{m['list'].strip()}{m['rest']}" if told else m[0]


def _far(m: re.Match[str], names: Sequence[str]) -> str:
    way = (m["a"] or m["b"] or m["c"] or m["d"]).lower()
    if way in ("top", "bottom") and re.search(r"\b(?:tower|stack|pile|column)\b", m.string, re.IGNORECASE):
        return f"at the {way}"
    side = f"{ {'back': 'top', 'front': 'bottom'}.get(way, way) } side"
    return f"to the {side}" if side in {n.lower() for n in names} else m[0]


def _joined(m: re.Match[str]) -> str:
    """ "Let the cow join the pig in the barn": put it there."""
    if m["z"]:
        return f"put {m['x']} {m['p']} {m['z']}"
    return f"put {m['x']} where {m['y']} is"


def _after(m: re.Match[str]) -> str:
    where = f"{m['p']} {m['y']}" if m["w"].lower().strip() in ("it", "there") else f"{m['q']} {m['w']}"
    return f"put {m['z']} {where}, then put {m['x']} {m['p']} {m['y']}"


def _shared(m: re.Match[str], names: Sequence[str]) -> str:
    """ "Use the blue box for the pens and the other for the caps"."""
    a, b = m["a"].lower(), m["b"].lower()
    noun = a.split()[-1]
    if b.split()[1:] in (["other"], ["other", "one"], ["second"], ["second", "one"]):
        left = [n for n in names if n.lower().split()[-1] == noun and not a.endswith(n.lower())]
        b = f"the {left[0]}" if len(left) == 1 else f"the other {noun}"
    elif b.split()[-1] == "one":
        b = f"{' '.join(b.split()[:-1])} {noun}"
    return f"put {_all(m['x'])} in {a}. put {_all(m['y'])} in {b}"


def _all(what: str) -> str:
    what = what.strip()
    return what if re.match(rf"{_DET}\b", what, re.IGNORECASE) else f"all the {what}"


def _gets(text: str, names: Sequence[str]) -> str:
    """ "The bowl gets the grapes and the plate the cheese": what goes where, said the other way round."""
    if not names or not re.search(rf"\b{_GETS}\b", text, re.IGNORECASE):
        return text
    tails = [n.lower().split()[-1] for n in names]
    known = {n.lower() for n in names} | {t for t in tails if tails.count(t) == 1}
    where = "|".join(re.escape(n) for n in sorted(known, key=len, reverse=True))
    first = re.compile(
        rf"{_BEGIN}(?:the |my |our )?(?P<y>{where}) {_GETS} (?P<x>(?!to\b|in\b|on\b|moved|put){_END}+?)(?=\s*(?:$"
        rf"|[.;,!?]|and (?:the |my )?(?:{where})(?: {_GETS}| the| all| both|,)))",
        re.IGNORECASE,
    )
    found = first.search(text)
    if found is None:
        return text
    text = first.sub(r" put \g<x> in the \g<y>", text)
    later = re.compile(
        rf"(?P<j>,|;| and|, and|, while) (?:the |my )?(?P<y>{where})(?: {_GETS})?,? (?P<x>(?:the|my|all|both|every"
        rf"|a)\b{_END}+)",
        re.IGNORECASE,
    )
    return text[: found.start()] + later.sub(r", put \g<x> in the \g<y>", text[found.start() :])


def _sided(text: str, names: Sequence[str]) -> str:
    """ "The green one goes left": to the side of that name."""
    sides = {n.lower() for n in names}

    def side(m: re.Match[str]) -> str:
        place = f"{m['way'].lower()} side"
        return f"{m['v']} to the {place}" if place in sides else m[0]

    return _SIDE.sub(side, text)
