"""Which thing and where, said by pointing: "the jar I left on the shelf", "whichever cup is there", "in there".

Clauses that tell which thing is meant become one sort ("that is on the shelf"), which `planner.propose.restrict` knows;
"there" becomes the name that it stands for. Only closed patterns of English. Used by `planner.propose.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

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
_THERE = re.compile(r"\b(?:in|into|inside|on|onto) there\b(?! (?:in|on|at)\b)", re.IGNORECASE)


def pointed(text: str) -> str:
    """The text with such clauses said as "that is ...", and "it" said as what is meant by it."""
    text = _MEANING.sub(lambda m: f"{m['x']}{m['mid']}", text)

    def kept(m: re.Match[str]) -> str:
        return m[0] if set(m["x"].lower().split()) & _NOT_WHICH else f"{m['x']} that is "

    text = _LEFT.sub(kept, text)
    text = _HIDING.sub(r"\g<x> that is ", text)
    text = _WHICHEVER.sub(lambda m: f"the {m['x']} that {m['be']} ", text)
    return _REMARKED.sub(_remarked, text)


def _remarked(m: re.Match[str]) -> str:
    """ "Bring me the jar, it's on the shelf": the jar that is there."""
    verb = re.search(r"\b(?:put|place|move|goes|go|drop|set)\b", m.string[: m.end()], re.IGNORECASE)
    return m[0] if verb else f"{m['x']} that is {m['p']} {m['y']}"


def there(text: str, names: Sequence[str], containers: Collection[str]) -> str:
    """The text with "in there" as the place or container that was named last, or as the only container there is."""
    called = sorted((n.lower() for n in names), key=len, reverse=True)
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
