"""What is taken up again or set against something else: "the jar, bring it here", "not the box, the tray: ...".

Fronted phrases go back behind their verb, what is put aside ("instead of ...", "but the hat shouldn't") is left out or
left alone, a complaint about where a thing is becomes what is to be done with it. Used by `planner.propose.wording`.
"""

from __future__ import annotations

import re

from planner.propose import vocabulary as v
from planner.propose.spelling import tokens_of

_END = r"[^,;:.!?]"
_DET = r"(?:the|my|our|your|his|her|their|this|that|these|those|all|both|each|every)"
_NP = rf"{_DET} {_END}+?"
_INTO = r"(?:in|into|inside|on|onto|at|to|on top of)"
_BEGIN = r"(?:^|(?<=[.;!?,:])|(?<=\band)|(?<=\bbut))\s*"
_INSTEAD = re.compile(rf"{_BEGIN}instead of (?:{_INTO} )?{_NP}, |,? instead of {_INTO} {_END}+", re.IGNORECASE)
_NOT_THIS = re.compile(
    r"(?:^|(?<=[.;!?] ))(?P<lead>\W*)not (?P<a>(?:in |on |into )?(?:the|my|that|this) [^,;:.!?]+)[,;.] (?:but "
    r"|rather )?(?P<b>(?:in |on |into )?(?:the|my|that|this) [^,;:.!?]+)(?=[:,.])",
    re.IGNORECASE,
)
_TAKEN_UP = re.compile(
    rf"(?:^|(?<=[.;!?] ))(?P<lead>\W*)(?P<y>(?:the|my|our) [^,;:.!?]+)(?:,|:| -) (?P<main>(?:please )?(?:you can "
    rf"|could you |can you |just )?(?:put|place|drop|move|lay|set|stick|pop|throw|stash|pack|stow) {_END}+?) (?:in"
    rf"|into|inside|on|onto) (?:it|that|there|this|that one)\b",
    re.IGNORECASE,
)
_WITH = re.compile(
    rf"^(?P<lead>\W*)with (?P<x>{_NP}) (?:safely |out of the way |moved |placed |put |set aside |tucked |already "
    rf"|now )+(?P<p>{_INTO}) (?P<y>(?:the|my|our) {_END}+), (?P<main>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_SHOULDNT = re.compile(
    rf"(?:(?:,| and|) but|(?P<own>[.;!])) (?P<y>(?:not )?(?:the|my|our) {_END}+?) (?:shouldn't|should not|doesn't"
    rf"|don't|does not|mustn't|must not|isn't|aren't|needn't|can't)(?P<stop>[:;,.]|$)(?P<again> ?(?:so "
    rf"|please )?(?:put|move|bring|place|take|leave) (?:it|that|them|that one)\b)?",
    re.IGNORECASE,
)
_FRONTED = re.compile(
    r"(?:^|(?<=[.;!?] ))(?P<lead>\W*)(?P<x>(?:the|my|our|all|that|those|these|everything|whatever"
    r"|both) [^,;:.!?]+), (?P<ask>(?:please |just |you can |could you |can you |would you |will you |now "
    r"|kindly )*)(?P<v>put|place|bring|move|take|get|fetch|set|drop|throw|hand|give|carry|lay|stash|pass|grab|pick"
    r"|return|leave|stow|pack)(?P<up> up| away| out| over| back| down)? (?:it|them|that|those|that one)\b",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"(?<!that )(?<!which )(?<!who )(?<!what )(?<!whatever )(?<!whatever's )\b(?:is|are|was|were|has|have|goes|go"
    r"|should|must|needs?|belongs?|looks?|stays?|can|will|got|fell|put|move|bring|take)\b",
    re.IGNORECASE,
)
_FINAL = re.compile(
    rf"(?:^|(?<=[.;!?] ))(?P<lead>\W*)(?P<x>{_NP}), (?:please )?(?P<v>leave|skip|keep|ignore|trash|toss|bin|bring"
    rf"|fetch)(?: (?:it|that|them)(?: alone| be)?)?(?=\s*(?:[.;!]|$))",
    re.IGNORECASE,
)
_SAME_NOUN = re.compile(
    r"\b(?P<a>(?:the|my|our|that) (?:[\w'-]+ )*?(?P<n>[\w'-]+)), (?:i mean |namely |that is )?(?P<b>(?:the|my|our"
    r"|that) (?:[\w'-]+ )+(?P=n)),?(?= (?:goes|should|must|belongs|needs|in|into|on|to|has|is)\b|\W*$)",
    re.IGNORECASE,
)
_RATHER = re.compile(
    rf"\b(?:don't|do not|never)(?: you dare| ever)?(?: to)? (?P<v>put|place|leave|drop|set|lay|stick"
    rf"|throw) (?P<x>(?:the|my|our|that|this|those) {_END}+?) (?:in|on|into|onto"
    rf"|at) {_END}+?[.,;] (?:use )?(?P<y>(?:the|my|our) {_END}+?) (?:is (?:fine|okay|ok|better|good|right|perfect"
    rf"|where it goes)|will do|would be (?:fine|better)|works|does|instead)(?=\W|$)",
    re.IGNORECASE,
)
_ANYWHERE = re.compile(
    rf"\b(?P<v>put|place|move|set|drop) (?P<x>{_NP}) (?:anywhere|somewhere|wherever you like"
    rf"|any place)(?: else)?,? (?:but|except|other than|just not|only not|apart from|not) (?P<p>in|on"
    rf"|at) (?P<y>{_END}+)",
    re.IGNORECASE,
)
_ITS_HOME = re.compile(
    r"\b(?:its|their) (?:home|place|spot|proper place) is (?:in |on |at )?(?P<y>(?:the|my|our) [^,;:.!?]+)",
    re.IGNORECASE,
)
_STILL = re.compile(
    rf"(?:^|(?<=[.!;] ))(?P<lead>\W*)(?:(?:why|how come)(?: (?:is|are|does|do))?|what(?:'s| is| are"
    rf"|'re)) (?P<x>(?:the|my|our|all the|these|those) {_END}+?) (?:(?:is|are|still|doing|even|always|again|just|sit"
    rf"|sits|lying|sitting|standing|left|supposed to be) )+(?P<p>over there|there|here|(?:in|on|at|inside) (?:the|my"
    rf"|our) [^.;!?,]+)\?*(?P<rest> .+)?$",
    re.IGNORECASE,
)
_RUBBISH = re.compile(
    r"(?P<stop>[.;,!?]) (?:and |because |since |as )?(?:it|that|this|they|those|these)(?:'s| is|'re| are)(?: just"
    r"| only| all| really| nothing but| now| pure| old)* (?:garbage|trash|rubbish|junk|waste|litter)(?=\W*(?:$"
    r"|[.,;!]))",
    re.IGNORECASE,
)


def unfronted(text: str) -> str:
    """The text with every phrase in its plain place."""
    text = _RUBBISH.sub(_thrown, _STILL.sub(_still, text))
    text = _INSTEAD.sub(" ", text).strip()
    text = _TAKEN_UP.sub(r"\g<lead>\g<main> in \g<y>", _NOT_THIS.sub(r"\g<lead>\g<b>", text))
    text = _WITH.sub(r"\g<lead>put \g<x> \g<p> \g<y>, then \g<main>", text)
    text = _SHOULDNT.sub(_left_out, text)
    text = _RATHER.sub(r"\g<v> \g<x> in \g<y>", _ITS_HOME.sub(r"put it in \g<y>", text))
    text = _ANYWHERE.sub(r"don't \g<v> \g<x> \g<p> \g<y>. \g<v> \g<x> somewhere", text)
    text = _FRONTED.sub(_unfronted, _SAME_NOUN.sub(_closer, text))
    return _FINAL.sub(_verb_last, text)


def _still(m: re.Match[str]) -> str:
    """ "Why is the plate still on the desk? It belongs in the sink": the plate belongs there."""
    rest = (m["rest"] or "").strip()
    if re.match(r"(?:it|that|they|those|these|put|please|take|throw|get|bring|can|could|move)\b", rest, re.IGNORECASE):
        said = re.sub(r"^(?:it|that|they|those|these)\b", m["x"], rest, count=1, flags=re.IGNORECASE)
        said = re.sub(r"\b(?:it|that|them)\b", m["x"], said, count=1, flags=re.IGNORECASE) if said == rest else said
        return m["lead"] + re.sub(rf"^{re.escape(m['x'])}(?:'s|'re) ", f"{m['x']} is ", said)
    if m["p"].lower() in ("there", "here", "over there"):
        return m[0]
    where = m["p"].split(None, 1)
    away = "off" if where[0].lower() in ("on", "at") else "out of"
    return f"{m['lead']}take {m['x']} {away} {where[1]}. {rest}"


def _thrown(m: re.Match[str]) -> str:
    """ "... on the desk. It's rubbish": away with it, unless it was said already what is to be done."""
    before = re.search(
        r"\b(?:put|place|throw|toss|bin|take|move|drop|chuck|dump)\b", m.string[: m.start()], re.IGNORECASE
    )
    return m[0] if before else f"{m['stop']} throw it away"


def _left_out(m: re.Match[str]) -> str:
    """ "But my scarf shouldn't": it stays, unless it is said at once where it goes."""
    if m["again"]:
        verb = m["again"].split()[-2]
        return f". {verb} {m['y']}"
    return f"{m['own']} leave {m['y']} alone{m['stop']}" if m["own"] else f", except {m['y']}{m['stop']}"


def _verb_last(m: re.Match[str]) -> str:
    """ "The hat, leave": leave it alone."""
    verb = m["v"].lower()
    if verb in ("bring", "fetch"):
        return f"{m['lead']}{verb} {m['x']}"
    away = verb in ("trash", "toss", "bin")
    return f"{m['lead']}throw away {m['x']}" if away else f"{m['lead']}leave {m['x']} alone"


def _closer(m: re.Match[str]) -> str:
    """ "The mug, the blue mug, goes ...": the second says which."""
    first, second = ({t.text for t in tokens_of(m[k])} for k in ("a", "b"))
    other = first - v.DETERMINERS - second  # "the red block, the yellow block": another one
    return m[0] if other or (first | second) & (v.VERBS | v.PLACE_PREPOSITIONS | v.BEING | v.CONJUNCTIONS) else m["b"]


def _unfronted(m: re.Match[str]) -> str:
    """ "The jar, bring it here": bring the jar here."""
    if _FINITE.search(m["x"]) or re.search(r"\band\b.*\bthe\b.*,", m["x"]):
        return m[0]
    return f"{m['lead']}{m['ask']}{m['v']}{m['up'] or ''} {m['x']}"
