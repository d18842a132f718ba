"""Which thing and where, said by pointing: "the jar I left on the shelf", "whichever cup is there", "in there".

Clauses that tell which thing is meant become one sort ("that is on the shelf"), which `planner.propose.restrict` knows;
"there" becomes the name that it stands for. Only closed patterns of English. Used by `planner.propose.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from planner.propose import vocabulary as v
from planner.propose.spelling import colour_of

_END = r"[^,;:.!?]"
_IN = r"(?:in|inside|on|at|by|under|behind|near|next to|from|on top of)"
_SELF = r"(?:i|we|you|he|she|they|someone|somebody|(?:my|our|the) (?!same)\w+)"
_LEFT = re.compile(
    rf"\b(?P<x>(?:the|that|those|these|my|our|all the|every|any) (?:[\w'-]+ ){{0,3}}?[\w'-]+?) (?:that "
    rf"|which )?{_SELF}(?:'ve| have|'d| had| has)?(?: just| already)? (?:left|put|placed|set|saw|see|forgot|had|have"
    rf"|laid|dropped|parked|stored|kept|keep|got|hid|stuck)(?: down| out| over| up| away| sitting| lying| standing"
    rf"| earlier| yesterday| before| this morning| there)* (?=(?P<p>{_IN}) (?:the|my|our|a|your|top)\b)",
    re.IGNORECASE,
)
_NOT_WHICH = frozenset({"first", "last", "second", "next", "thing", "time", "way", "moment", "day", "place"})
_HIDING = re.compile(
    r"\b(?P<x>(?:the|that|those|these|my|our|all the|every|any) (?:[\w'-]+ ){0,3}?[\w'-]+) (?P<v>hiding|waiting"
    r"|resting|lurking|hanging|floating|stuck|perched|sleeping|leaning|left over|to be found|currently|now|there"
    r"|right there|over there) (?=(?:in|on|at|inside|by|near) (?:the|my|our)\b)",
    re.IGNORECASE,
)
_WHICHEVER = re.compile(
    r"\b(?:whichever|whatever|what|which ?ever) (?P<x>[\w'-]+(?: [\w'-]+)?) (?P<be>is|are|lies|stands"
    r"|sits) (?:still |lying |standing |sitting |left |now |currently )?(?=(?:in|on|at|inside|by) )",
    re.IGNORECASE,
)
_REMARKED = re.compile(
    rf"\b(?P<x>(?:the|my|our) {_END}+?), (?:it|that one|they|which)(?:'s| is|'re| are) (?:right |just |over |up "
    rf"|down |there |lying |standing |sitting |still |somewhere |probably )*(?P<p>in|on|at|inside|by) (?P<y>(?:the"
    rf"|my|our) {_END}+?)(?=\s*(?:$|[.!?,;]))",
    re.IGNORECASE,
)
_MEANING = re.compile(
    r"\b(?P<it>it|that|this|one|them|those|that thing|the thing|the things)\b(?P<mid>[^.?!]*)[.?!,]+ (?:i mean"
    r"|i'm talking about|i am talking about|namely|i'm referring to|by that i mean|that is"
    r"|that would be) (?P<x>(?:the|my|our|those|these|both|all|a) [^.?!,;]+)",
    re.IGNORECASE,
)
_TOLD = re.compile(
    rf"\b(?P<x>(?:the|that|those|these|my) (?:[\w'-]+ ){{0,2}}?[\w'-]+) (?:that |which )?{_SELF}(?:'ve| have|'d| had"
    rf"| has)?(?: just| already| always| really)? (?:gave me|bought(?: me| us)?|got me|made(?: me| us)?|like|likes"
    rf"|love|loves|use|uses|mentioned|talked about|spoke of|ordered|borrowed|washed|cleaned|just used|used|sent me"
    rf"|brought|found|told you about|showed you|picked out|chose)(?: yesterday| today| last \w+| for (?:my"
    rf"|christmas)(?: \w+)?| earlier| before| so much| best| the most| from \w+)*(?=,| (?:goes|should|must|in|into"
    rf"|on|onto|to|back|and|belongs|needs|is)\b|\W*$)",
    re.IGNORECASE,
)
_ON_IT = re.compile(
    r"\b(?P<all>(?:(?:the|that|those|both|all the) [\w'-]+(?: [\w'-]+)? (?:that|which) (?:is|are)(?: lying)?"
    r"|everything|anything|all|whatever|what|the (?:things|stuff|contents))(?:'s| is| are| that is"
    r"| that's| that are| you find| lying| left)*) (?P<p>in|on|at|inside) (?:it|there)\b",
    re.IGNORECASE,
)
_THE_ONES = re.compile(
    r"\b(?:the|my|our|those|these) (?P<x>[\w'-]+), (?:the|those|only the) ones? (?:that|which) (?:is|are"
    r"|was|were|has been|have been|look"
    r"|looks) (?:already )?(?P<a>[\w-]+),?(?=\W)",
    re.IGNORECASE,
)
_ITS = re.compile(
    r"\b(?:its|their|his|her)(?: own| usual| proper)? (?P<n>[\w'-]+)(?= *(?:$|[.,;!?]|and\b|then\b|please\b))", re.I
)
_NEXT_TO = re.compile(
    r"\b(?P<v>pick up|grab|take|get|fetch|lift|bring me|hand me|give me|pass me) (?P<x>(?:the|that|my"
    r"|our) [\w' -]+?) (?:right "
    r"|just )?(?P<p>next to|beside|close to) (?P<y>(?:the|that|my|our) [\w' -]+?)(?=\s*(?:$|[.,;!?]|and\b|then\b))",
    re.IGNORECASE,
)
_ADJ_ONE = re.compile(r"\bthe (?P<a>[a-z]+) one\b", re.IGNORECASE)
_IS = re.compile(
    r"\b(?P<n>[\w-]+)'s (?=(?:in|on|at|not|still|empty|full|been|gone|broken|dirty|lying|sitting|fallen|where|over)\b)",
    re.IGNORECASE,
)
_ASTRAY = re.compile(r",? (?:is|are) (?:in|at) the wrong (?:place|spot|location|position)\b", re.IGNORECASE)
_THERE = re.compile(r"\b(?:in|into|inside|on|onto) there\b(?! (?:in|on|at)\b)", re.IGNORECASE)

_LEFT_BARE = re.compile(
    rf"(?P<v>\b(?:{'|'.join(sorted(v.PUT_VERBS - {'turn', 'bring'}))}) (?:back )?(?:the|my|our|this|that|these|those"
    r"|both|all|a|an|some|two|three)(?: (?!in\b|on\b|into\b|onto\b|to\b|at\b|from\b|out\b|off\b)[\w'-]+){1,5}?"
    r"(?: back)?) (?P<p>in|inside|on)(?: instead)?(?=\s*(?:$|[.;,!?]|and\b|then\b|please\b))",
    re.IGNORECASE,
)


def pointed(text: str, names: Sequence[str] = ()) -> str:
    """The text with such clauses said as "that is ...", and "it" said as what is meant by it. ``names``: of what is
    here, places included."""
    words = {w for n in names for w in n.lower().split()}

    def being(m: re.Match[str]) -> str:
        here = m["n"].lower() in words
        return f"{'' if m.start() else 'the '}{m['n']} is " if here else m[0]

    text = _IS.sub(being, text)
    text = _ASTRAY.sub(" is misplaced", text)
    text = _ADJ_ONE.sub(lambda m: _named(m, names), text)
    text = _MEANING.sub(lambda m: f"{m['x']}{m['mid']}", text)

    def kept(m: re.Match[str]) -> str:
        return m[0] if set(m["x"].lower().split()) & _NOT_WHICH else f"{m['x']} that is "

    text = _LEFT.sub(kept, text)
    text = _TOLD.sub(lambda m: m[0] if m["x"].lower().split()[-1] in ("one", "ones") else m["x"], text)
    text = _THE_ONES.sub(lambda m: f"the {m['a']} {m['x']}" if m["a"].lower() in words else m[0], text)
    text = _ITS.sub(lambda m: _own(m, names), text)
    text = _NEXT_TO.sub(lambda m: _beside(m, names), text)
    text = _HIDING.sub(r"\g<x> that is ", text)
    text = _WHICHEVER.sub(lambda m: f"the {m['x']} that {m['be']} ", text)
    return _REMARKED.sub(_remarked, text)


def _own(m: re.Match[str], names: Sequence[str]) -> str:
    """ "The iron goes in its stand": the one thing here that is called a stand."""
    fits = [n for n in names if n.lower().split()[-1] == m["n"].lower()]
    return f"the {fits[0]}" if len(fits) == 1 else m[0]


def _beside(m: re.Match[str], names: Sequence[str]) -> str:
    """ "Grab the cup next to the jar": which cup, where there is more than one."""
    said = set(m["x"].lower().split()[1:])
    one = sum(said <= set(n.lower().split()) for n in names) == 1
    return f"{m['v']} {m['x']}" if one else f"{m['v']} {m['x']} that is {m['p']} {m['y']}"


def _remarked(m: re.Match[str]) -> str:
    """ "Bring me the jar, it's on the shelf": the jar that is there."""
    verb = re.search(r"\b(?:put|place|move|goes|go|drop|set)\b", m.string[: m.end()], re.IGNORECASE)
    return m[0] if verb else f"{m['x']} that is {m['p']} {m['y']}"


def _named(m: re.Match[str], names: Sequence[str]) -> str:
    """ "The far counter ... the close one": the only thing whose name begins so and that is of the sort named last."""
    fits = [n for n in names if n.lower().split()[0] == m["a"].lower() and len(n.split()) > 1]
    before = m.string[: m.start()].lower()
    said = [n for n in fits if before.rfind(n.lower().split()[-1]) >= 0]
    said.sort(key=lambda n: before.rfind(n.lower().split()[-1]))
    clear = said and (len(said) < 2 or said[-1].split()[-1] != said[-2].split()[-1])
    return f"the {said[-1]}" if clear and not colour_of(m["a"].lower()) else m[0]


def there(text: str, names: Sequence[str], containers: Collection[str]) -> str:
    """The text with "in there" as the place or container that was named last, or as the only container there is."""
    called = sorted((n.lower() for n in names), key=len, reverse=True)
    text = _ON_IT.sub(lambda m: _upon(m, called), text)
    text = _LEFT_BARE.sub(lambda m: _filled(m, called, containers), text)
    if not called or not _THERE.search(text):
        return text
    either = "|".join(map(re.escape, called))
    where = re.compile(
        rf"\b(?:in|into|inside|on|onto|to|open|is|see|use|from|of) (?:the|my|our|your|this|that|a) ({either})\b"
    )
    while (m := _THERE.search(text)) is not None:
        before = [x[1] for x in where.finditer(text[: m.start()].lower())]
        said = before[-1] if before else next(iter(containers)) if len(containers) == 1 else ""
        if not said:
            return text
        text = f"{text[: m.start()]}{m[0].split()[0]} the {said}{text[m.end() :]}"
    return text


def _filled(m: re.Match[str], called: Sequence[str], containers: Collection[str]) -> str:
    """ "Take the cap out of the cup, then drop the cube in": in what the clause before is about."""
    either = "|".join(map(re.escape, called))
    inner = m["p"].lower() != "on"
    of = r"(?:out of|from|in|into|inside|open)" if inner else r"(?:off(?: of)?|from|on|onto)"
    before = re.findall(rf"\b{of} (?:the|my|our|your|this|that) ({either})\b", m.string[: m.start()].lower())
    fits = before and (not inner or before[-1] in {c.lower() for c in containers})
    return f"{m['v']} {m['p']} the {before[-1]}" if fits else m[0]


def _upon(m: re.Match[str], called: Sequence[str]) -> str:
    """ "The desk must be free: take everything on it ...": what is on the desk."""
    before = m.string[: m.start()].lower()
    last = max(called, key=lambda n: (before.rfind(n), len(n)), default="")
    one = re.match(r"(?:the(?! (?:things|stuff|contents)\b)|that|those|both|all the)\b", m["all"], re.IGNORECASE)
    said = m["all"] if one else "everything that is"
    return f"{said} {m['p']} the {last}" if last and before.rfind(last) >= 0 else m[0]
