"""Things asked after and then asked for: "where is my cane? bring it here", "are there any nails? if so, bin them".

The question goes, and what it asks after stands for the pronoun of the request behind it. Only closed patterns of
English. Used by `planner.propose.wording`.
"""

from __future__ import annotations

import re

from planner.propose import vocabulary as v
from planner.propose.spelling import tokens_of

_NP = r"(?:the|my|our|your|his|her|their|that|this|those|these|any|some|an?) [^.;,!?]+?"
_ASKED = re.compile(
    rf"(?:^|(?<=[.;!?] ))\W*(?:(?:hey|oh|well|now|so|robot|say),? )*(?:where (?:did|have|has|had) (?:i|we|he|she|they"
    rf"|you) (?:put|leave|left|lose|lay|stow)|where (?:is|are|was|were|on earth is)|where(?:'s|s)|(?:have|has) (?:you"
    rf"|anyone|anybody) (?:seen|found)|(?:do|did|can) (?:you|we) (?:see|have|find)|(?:is|are) there(?: still)?"
    rf"|can(?:'t)? (?:you|i) find) (?P<x>{_NP})(?: (?:again|here|around|left|somewhere|anywhere|gone|there|over"
    rf" there))*"
    r" ?[?.!,]+ (?P<rest>[^?]+)$",
    re.IGNORECASE,
)
_IF_SO = re.compile(
    r"^\W*(?:if (?:so|yes|there (?:is|are)|you (?:do|have|can|see (?:it|them)|find (?:it|them)))|in that case|then|and"
    r"|when you(?:'ve| have)? f(?:ound|ind) (?:it|them)),? ",
    re.IGNORECASE,
)
_ONCE_FOUND = re.compile(
    r",? (?:when|once|as soon as|if) you(?:'ve| have)? (?:found|find|got|get|have|spot|spotted|see) (?:it|them|one)\b",
    re.IGNORECASE,
)
_LOST = re.compile(
    r"\b(?P<lost>(?:i|we) (?:can't|cannot|can not|couldn't|could not|don't know where to) find (?:the|my|our|his|her)"
    r" [\w' -]+?)(?: anywhere| any ?more| again)?[,;.]? (?:but |and )?(?:they|it|he|she)(?:'s| is| are|'re| should"
    r"| must| might| may| could| has to| have to)(?: be| probably| surely| likely| somewhere| still| lying)*"
    r" (?:in|on|at|near|by|under|around|here)\b[^.;!?]*(?=$|[.;!?])",
    re.IGNORECASE,
)
_IT = re.compile(r"\b(?:it|them|that|those|one|they)\b(?! (?:is|are)\b)", re.IGNORECASE)
_ASKS = v.PUT_VERBS | v.PICK_VERBS | v.words("find fetch throw open close")


def sought(text: str) -> str:
    """The text with the question left out, where a request for the same thing follows."""
    text = _LOST.sub(r"\g<lost>", _ONCE_FOUND.sub("", text))
    m = _ASKED.search(text)
    if m is None:
        return text
    rest = _IF_SO.sub("", m["rest"])
    asks = _ASKS & {t.text for t in tokens_of(rest)[:6]}
    if not asks or not _IT.search(rest):
        return text
    what = re.sub(r"^(?:any|some)\b(?= \w+s\b)", "all the", m["x"], flags=re.IGNORECASE)
    what = re.sub(r"^(?:any|some|an?)\b", "the", what, flags=re.IGNORECASE)
    what = re.sub(r"(?<=\w) (?=(?:in|on|at|inside) (?:the|my|our)\b)", " that is ", what, count=1)
    return f"{text[: m.start()]} {_IT.sub(what, rest, count=1)}".strip()
