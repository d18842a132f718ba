"""Why somebody asks: "while the soup boils, ...", "..., so that nobody trips", "my hat is on the shelf. I need it".

What only explains a request is dropped, so that its words name nothing to be moved; what somebody says of a thing and
of themselves ("I'm waiting for it") is said as the request that it is. Used by `planner.propose.wording`.
"""

from __future__ import annotations

import re

from planner.propose import vocabulary as v
from planner.propose.recast import active
from planner.propose.spelling import singular, tokens_of

_END = r"[^,;:.!?]"
_NP = rf"(?:the|my|our|your|his|her|their|this|that|these|those|all|both|each|every) {_END}+?"
_OWN = r"(?:i|we|he|she|they|it|you|nobody|no one|everyone|everybody|someone|people|the \w+|my \w+|our \w+|that)"
_LEADING = re.compile(
    rf"(?:^|(?<=[.;!?] ))(?P<lead>\W*)(?:while|whilst|since|because|now that|given that|seeing (?:that|as|how)"
    rf"|considering(?: that)?|as) (?P<why>{_OWN} [^;:.!?]+?), (?:so |then )?(?P<main>[^;.!?]+)",
    re.IGNORECASE,
)
_CAN = r"(?:can|could|may|will|won't|don't|doesn't|do not|does not|wouldn't|can't|would|have|has|is able to)\b"
_TRAILING = re.compile(
    rf",? (?:because|since|in order that|lest|as(?= (?:i|we|it)(?:'|\b))|seeing (?:that|as)|given that"
    rf"|so(?: that)?(?= (?:{_OWN} {_CAN}|(?:i|we|they|he|she|it|nobody|no one|everyone)'ll\b|nobody|no one))"
    rf"|in order to|or else|otherwise(?= {_OWN} )|in case(?= (?:i|we|he|she|it|somebody"
    rf"|someone)\b)) (?P<why>[^;.!?]+)(?=[;.!?]|$)",
    re.IGNORECASE,
)
# said of what is taken where the first choice is not there
WILL_DO = re.compile(
    r",? (?:(?:will|would|can|could|might)(?: just| also)? (?:do|work|be (?:fine|ok(?:ay)?|good|great|all right"
    r"|alright))|(?:is|are)(?: just| also| perfectly)? (?:fine|ok(?:ay)?|good|great|all right|alright)|works?|does"
    r"|instead)(?:,? (?:too|as well|instead|just fine|just as well|for (?:me|us|now)))?[.!? ]*$",
    re.IGNORECASE,
)
_ORDERS = (
    v.PUT_VERBS | v.PICK_VERBS | {"find", "open", "close", "press", "push", "wipe", "pour", "go", "goes", "belongs"}
)
_PRONOUN = re.compile(
    r"\b(?:it|them|they|that|those|these|one|ones|this|there)\b(?! (?:\w+)? ?(?:goes|is|are)\b)", re.IGNORECASE
)
_NEEDED = (
    r"(?:i|we)(?:'m| am|'re| are|'ve been| have been)?(?: (?:just|really|so|still|now|always|badly|sitting here"
    r"|standing here|sitting|here|urgently))*(?: (?:and|while))? (?:need|want|would like|'d like|waiting for|miss"
    r"|missing|looking for|longing for|after|could use|can use|would love|desperate for)"
)
_THERE_IS = re.compile(
    rf"(?:^|(?<=[.;!?] ))(?P<lead>\W*)(?:i (?:left|forgot|put|see|have) )?(?P<x>{_NP}) (?:(?:is|are|'s)(?: still"
    rf"| over| lying| sitting| right| just| up| all the way)* )?(?P<p>in|on|at|over there on|by|inside) (?P<y>(?:the"
    rf"|my|our) {_END}+?)(?:[,.;]| and| but)+ (?:and |but |so )?{_NEEDED} (?:it|them|that|those)\b(?: (?:now|back"
    rf"|here|please|over here|right now|badly|for {_END}+|to {_END}+))?",
    re.IGNORECASE,
)
_FOR_ME = re.compile(
    rf"(?:^|(?<=[.;:!?,] ))(?P<lead>\W*)(?P<x>{_NP}) (?:is|are|was|were)(?: meant| just| all)* for (?:me|us)(?=\W|$)",
    re.I,
)
_WAY = re.compile(
    rf"\b(?:(?:is|was) there (?:any|a|some) (?:way|chance|possibility)(?: that| for| of)? )?(?P<x>{_NP}) (?:(?:could"
    rf"|can|should|might|may|would|will|must|needs? to|has to) |to )(?:please )?(?:find (?:its|their) way"
    rf"|make (?:its|their) way|come|get|travel|wander|be|be over|land|end up)(?: over| here| back)* (?:to|with"
    rf"|in front of|near) me\b",
    re.IGNORECASE,
)
_IS_THERE_WAY = re.compile(
    r"\b(?:is|was) there (?:any|a|some) (?:way|chance|possibility)(?: that)? (?P<x>(?:the|my|our|you|those"
    r"|these) [^.;?!]+?) (?:could|can|might|would) ",
    re.IGNORECASE,
)
_NEEDS = re.compile(
    r"(?:^|(?<=[.;!?,] ))(?P<lead>\W*)(?:the|my|our) (?P<y>[\w' -]+?) (?:needs?|could do with|could use|wants|lacks"
    r"|is missing|is short of|calls for|would look (?:good|nice|better) with|deserves) (?P<x>(?:an?|the|some|one|two"
    r"|three|four|another|more) [^.;,!?]+)",
    re.IGNORECASE,
)


_SO = re.compile(
    r"(?:^|(?<=[.;!?] ))(?P<lead>\W*)(?P<why>[^,;:.!?]+),? so (?:that's why |please |now |then "
    r"|could you |can you |would you "
    r"|just |you should |you can )*(?P<main>(?P<verb>[\w-]+) [^;.!?]+)",
    re.IGNORECASE,
)
_FOUND_THERE = re.compile(
    r"(?:^|(?<=[.;!?,] ))(?:and )?there,? you(?:'ll| will| can| should| are going to)? (?:find|see|notice"
    r"|spot) (?:an?|the|some) "
    r"(?P<x>[\w' -]+?)[.;,!] (?=[^.;!?]*\b(?P=x)\b)",
    re.IGNORECASE,
)
_WAITS = re.compile(
    r"(?:^|(?<=[.;!?,] ))(?P<lead>\W*)(?:the|my|our|a) (?P<who>[\w-]+(?: [\w-]+)?) (?:sitting |standing |over |who is "
    r"|who's )*(?:at|on|by|near) (?P<y>(?:the|my|our) [\w' -]+?) (?:is (?:waiting for|asking for|after"
    r"|in need of|missing)"
    r"|needs|wants|would like|asked for|could use|ordered|requested) (?P<x>(?:the|an?|some|my|our|another"
    r"|one|two) [^.;,!?]+)",
    re.IGNORECASE,
)
_AGENDA = re.compile(
    r"(?:^|(?<=[.;!?] ))\W*(?:(?:could|can|would|will) you |please |kindly |let's |i want you to )*[\w-]+(?: up| out)? "
    r"(?:the|my|our|this) (?P<z>[\w-]+)(?: up| out)?: (?=[^:]*\b(?:in|into|on|onto|to)\b)",
    re.IGNORECASE,
)

_PURPOSE = re.compile(  # what somebody is about to do with it themselves
    r"(?:[,;.!]| -)+ (?:because |since |as )?(?:i|we)(?:(?:'d| would)? (?:just |really |still )?(?:want|need"
    r"|have|like|plan|intend)|(?:'m| am|'re| are) (?:just )?(?:about|going|planning|trying|off)) to "
    r"(?P<why>[^;.!?,]+)(?=[;.!?]|$)",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    rf"(?:^|(?<=[.;!?] ))(?P<lead>\W*)(?:(?:the|my|our|his|her|their|your) [\w-]+(?: [\w-]+)??|he|she|they"
    rf"|(?P<no>nobody|no one|none of (?:them|us|the \w+)))(?: (?:mustn't|must not|shouldn't|should not|can't|cannot"
    rf"|may not|must never|should never|(?:must|should|may)(?(no)|(?!)))| (?:is|are)(?: not|n't)"
    rf" (?:allowed|supposed|meant) to) (?:even )?(?:find|see|spot"
    rf"|discover|notice|reach|get at|get into|get hold of|eat|drink|nibble|chew|play with|touch|know about) "
    rf"(?P<x>{_NP})[.;!,:]+ (?:so )?(?P<main>[^.;!?]+)",
    re.IGNORECASE,
)
_PLAN = re.compile(
    r"(?:^|(?<=[.;!?] ))(?:let's|let us|we(?:'re| are) going to|i(?:'m| am) (?:going to|about to)|time to"
    r"|i want to|we want to) "
    r"(?:make|cook|prepare|have|bake|build|do|start|play|clean"
    r"|pack) (?P<what>[^,;:.!?]+): (?=(?:please )?(?:put|place|bring|take|move"
    r"|get|fetch|set|drop)\b)",
    re.IGNORECASE,
)


_ANAPHOR = re.compile(r"\b(?:it|them|they|those|these|some|that(?=\W*$))\b", re.IGNORECASE)
_ARRIVED = re.compile(
    r"(?:^|(?<=[.;!?] ))\W*(?:(?:the|my|our|your) )?(?!(?:it|that|this|there|they|you|what|here|who|which|nothing)\b)"
    r"[\w'-]+(?: [\w'-]+)?(?: (?:is|are|has|have|just|finally|been|already|all))+ (?:here|arrived|delivered|home|back)"
    r"(?: now| already| again| from [\w' -]+)?[.!;]+ (?P<rest>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_PAST = (
    r"(?:[a-z]{2,}ed|cut|hurt|burnt|broke|spilt|spilled|lost|fell|tripped|got|ate|drank|had|felt|caught|bit|hit|slept"
    r"|forgot|nearly [a-z]+|almost [a-z]+|didn't [a-z]+|couldn't [a-z]+|was|were|wasn't|weren't)"
)
_ONCE = (
    r"(?:last (?:time|night|week|month|year|spring|summer|autumn|winter|[a-z]+day)|yesterday|the other day|before"
    r"|(?:a|an|two|three|some|many|few) (?:hours?|days?|weeks?|months?|years?) ago|this morning|once|back then)"
)
_BYGONE = re.compile(
    rf"(?:[.;,!?]|\s-+) *(?:(?:because|as|since|and) )?(?P<why>(?:{_ONCE},? )?(?:i|we|he|she|they|it|that one|my [\w-]+"
    rf"|somebody|someone) (?P<v>{_PAST})\b[^.;,!?]*)(?=[.;,!?]|$)",
    re.IGNORECASE,
)


def reasoned(text: str, names: tuple[str, ...] = (), person: bool = False) -> str:
    """The text without clauses that only explain; ``names``: of what is here; ``person``: whether somebody is here to
    bring things to."""
    words = {w for n in names for w in n.lower().split()}
    text = _FOUND_THERE.sub("", _LEADING.sub(_asked, text))
    text = _PLAN.sub(lambda m: m[0] if _orders(m["what"]) else "", text)
    text = _AGENDA.sub(lambda m: m[0] if {m["z"].lower(), singular(m["z"].lower())} & words else "", text)
    text = _WAITS.sub(
        lambda m: m[0] if words & set(m["who"].lower().split()) else f"{m['lead']}bring {m['x']} to {m['y']}", text
    )
    text = _SO.sub(_therefore, text)
    text = _HIDDEN.sub(_out_of_sight, _ARRIVED.sub(_arrived, text))
    text = _BYGONE.sub(_bygone, _TRAILING.sub(_unexplained, text))
    text = _PURPOSE.sub(lambda m: _purpose(m, words), text)
    if person:
        text = _THERE_IS.sub(r"\g<lead>bring me \g<x> that is \g<p> \g<y>", text)
        text = _WAY.sub(r"bring me \g<x>", _FOR_ME.sub(r"\g<lead>bring me \g<x>", text))
    text = _IS_THERE_WAY.sub(lambda m: f"{m['x']} should ", text)
    called = {n.lower() for n in names}
    return _NEEDS.sub(lambda m: f"{m['lead']}put {m['x']} in the {m['y']}" if m["y"].lower() in called else m[0], text)


def _orders(text: str) -> bool:
    return bool({t.text for t in tokens_of(text)} & _ORDERS)


def _asked(m: re.Match[str]) -> str:
    """ "While the soup boils, fetch the plates": fetch the plates. What "it" means in an order stays."""
    told = (
        _orders(m["main"])
        and not _PRONOUN.search(m["main"])
        and not re.match(r"(?:you|soon|long|far|well)\b", m["why"], re.IGNORECASE)
    )
    return f"{m['lead']}{m['main']}" if told else m[0]


def _therefore(m: re.Match[str]) -> str:
    """ "Each hook holds one hat, so hang the cap up": what is said before "so" orders nothing."""
    moving = {t.text for t in tokens_of(m["why"])} & (v.PUT_VERBS | v.PICK_VERBS)
    ordered = m["verb"].lower() in _ORDERS - {"goes", "belongs"}
    return f"{m['lead']}{m['main']}" if ordered and not moving and not _PRONOUN.search(m["main"]) else m[0]


def _out_of_sight(m: re.Match[str]) -> str:
    """ "The kids mustn't find the cookies. Put them in the chest": put the cookies in the chest."""
    said = _PRONOUN.sub(m["x"], m["main"], count=1)
    return (
        f"{m['lead']}{said}"
        if _orders(m["main"]) and (said != m["main"] or m["x"].lower().split()[-1] in said.lower())
        else m[0]
    )


_NOT_OWN = v.words("put place move bring give hand fetch keep leave have see find be you")


def _purpose(m: re.Match[str], here: set[str]) -> str:
    """ "Empty the jar, I want to rinse it": what is asked for stands before, as long as nothing else is named."""
    said = {t.text for t in tokens_of(m["why"])}
    before = m.string[: m.start()]
    fresh = (said & here) - {t.text for t in tokens_of(before)}
    asked = bool({t.text for t in tokens_of(before)} & (v.VERBS - v.STATE_VERBS))
    return "" if asked and not said & _NOT_OWN and not fresh else m[0]


def _unexplained(m: re.Match[str]) -> str:
    """ "Put the rug away, so that nobody trips": away with it. "Otherwise the mat will do" is the other choice."""
    if re.match(r"\W*(?:or else|otherwise)\b", m[0], re.IGNORECASE) and WILL_DO.search(m["why"]):
        return m[0]
    before = m.string[: m.start()]
    since = re.split(r"[;.!?]", before)[-1]
    return "" if _orders(since) and not _orders(m["why"]) else m[0]


def _arrived(m: re.Match[str]) -> str:
    """ "The guests are here. Set the table": what is told first asks nothing, unless what follows speaks of it."""
    told = _orders(m["rest"]) or re.search(r"\b(?:goes|go|belongs?) (?:in|on|to|at)", m["rest"], re.IGNORECASE)
    return m["rest"] if told and not _ANAPHOR.search(m["rest"]) and not _orders(m[0][: -len(m["rest"])]) else m[0]


def _bygone(m: re.Match[str]) -> str:
    """ "Not the chipped one, I cut my lip last time": what once happened is no order; where somebody put a thing is
    no reason either."""
    told = re.search(rf"\b{_ONCE}\b", m["why"], re.IGNORECASE)
    moved = active(m["v"].split()[-1].lower()) in v.PUT_VERBS | v.PICK_VERBS
    goes_on = re.search(r"\b(?:and|but|so)\b", m["why"], re.IGNORECASE) and _orders(m["why"])
    happened = told and not moved and not goes_on
    before = m.string[: m.start()]
    asked = _orders(before) or re.search(r"\b(?:have|want|need|like|love|get|prefer)\b", before, re.IGNORECASE)
    return "" if happened and asked else m[0]
