"""Sentences that only imply what is to be done, turned into requests before anything is read.

"After you have thrown the peel away, ..." says an order; "there should be no shoes on the rug" wants them off it; "I
can't reach the jar" wants it brought; "the vase should be filled with ..." is said the other way round; "unless it is
cracked" is an exception. Only closed patterns of English, no sentence; names stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.propose import vocabulary as v
from planner.propose.spelling import tokens_of

IRREGULAR = {
    "thrown": "throw", "taken": "take", "brought": "bring", "given": "give", "got": "get", "gotten": "get",
    "laid": "lay", "left": "leave", "kept": "keep", "held": "hold", "hung": "hang", "stuck": "stick", "found": "find",
    "made": "make", "built": "build", "swept": "sweep", "slid": "slide", "sent": "send", "swung": "swing",
    "flung": "fling", "stood": "stand",
}  # fmt: skip
OF_HOLDERS = frozenset({"empty", "full", "open", "closed", "shut", "free", "occupied"})  # looked at (`conditions`)
SAME = frozenset({"put", "set", "shut", "spread", "split"})  # verbs whose participle is the verb itself
_VERBS = (v.PUT_VERBS | v.PICK_VERBS | v.OTHER_VERBS | frozenset({"find", "open", "close", "press", "push"})) - {"go"}
_END = r"[^,;:.!?]"
_PREP = r"(?P<prep>in|on|inside|into|onto|at|upon)"
_SHOULD = r"(?:should|must|ought to|shall|may|can|could|need to|needs to|has to|have to|is to|are to)"
_SHOULD_NOT = (
    r"(?:should not|shouldn't|shouldnt|must not|mustn't|mustnt|ought not to|cannot|can't|may not"
    r"|(?:is|are) not to|(?:isn't|aren't) (?:to|supposed to))"
)
_BE = r"(?:be|lie|stand|sit|stay|remain|be lying|be standing|be left)"

_AFTER = r"(?:after|once|as soon as|when) (?:you(?:'ve| have| are| had|'re)? )?(?:just |first |done |finished )?"
_FIRST = re.compile(rf"^(\W*)(?P<when>{_AFTER})(?P<verb>\w+)\b(?P<rest> {_END}+),\s*(?P<main>.+)$", re.I | re.S)
_LAST = re.compile(
    rf"^(?P<main>{_END}+?),? (?P<when>(?:after|once) (?:you(?:'ve| have)? )?)(?P<verb>\w+)\b(?P<rest> {_END}+)"
    r"(?P<stop>[.!?]*)\s*$",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"^(\W*)before (?:you )?(?P<verb>\w+)\b(?P<rest> {_END}+),\s*(?P<main>{_END}+)", re.I)
_THEN = re.compile(rf"^(?P<main>{_END}+?),? before (?:you )?(?P<verb>\w+)\b(?P<rest> {_END}+)", re.IGNORECASE)
_BUT_FIRST = re.compile(
    rf"^(?P<main>{_END}+?),? but (?:first|before that),? (?P<other>{_END}+)(?P<stop>[.! ]*)$", re.IGNORECASE
)
_THERE = re.compile(r"\b(?:(?:in|into|on|onto|inside) (?:there|it)|there)(?=\W*$)", re.IGNORECASE)
_GOAL = re.compile(r"\b(?:in|into|on|onto|inside|to|at) (?:the|my|your|our|this|that|a|an) .+$", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:it|them|that one)\b", re.IGNORECASE)

_REACH = re.compile(
    rf"^(\W*)(?:i|we) (?:can't|cant|cannot|can not|couldn't|(?:'m| am|'re| are) (?:not able|unable) to) "
    rf"(?:quite |really |even )?(?:reach|get at|get to|get hold of) (?P<what>{_END}+)[.! ]*$",
    re.IGNORECASE,
)
_OUT_OF = re.compile(
    rf"^(\W*)(?P<what>{_END}+?) (?:is|are) (?:just |too far away |far )?(?:out of|beyond) (?:my|our) reach[.! ]*$", re.I
)
_OVER_THERE = re.compile(r"\b(?:over|up|down|right) there (?=(?:on|in|at|by|near)\b)", re.IGNORECASE)

_NO = re.compile(
    rf"(^\W*|(?<=[.!?] ))(?:there (?:(?:{_SHOULD} be no)|(?:{_SHOULD_NOT} be (?:any|a|an))) (?P<any>{_END}+?)"
    rf"|(?:i|we) (?:don't|do not|dont) want (?:to (?:see|have|find) )?(?:any|a|an) (?P<want>{_END}+?)"
    rf"|(?:none|neither|not one|not a single one) of (?P<none>{_END}+?) {_SHOULD} {_BE}"
    rf"|no (?P<no>{_END}+?) {_SHOULD} {_BE}"
    rf"|no more (?P<more>{_END}+?)|(?:don't|do not|never) leave (?:any|a single) (?P<left>{_END}+?)"
    rf"|(?P<these>(?:the|my|your|our|this|that|these|those|all)\b{_END}*?) (?:{_SHOULD_NOT} {_BE}"
    rf"|(?:has|have) no business(?: being)?|(?:does|do)(?: not|n't) belong)) {_PREP} (?P<where>{_END}+)[.! ]*$",
    re.IGNORECASE,
)
_THOSE_GO = re.compile(
    rf"(?P<lead>^\W*|(?<=[.!?:,;-] ))(?:(?:nothing(?: that is)? (?P<adj>[\w-]+(?: or [\w-]+)?)|no (?P<no>{_END}+?)"
    rf"|none of (?:the|my|our|these|those) (?P<none>{_END}+?)) (?:(?:{_SHOULD}|is allowed to) {_BE}|is allowed"
    rf"|belongs?|goes)|there (?:{_SHOULD} be no|{_SHOULD_NOT} be any) (?P<there>{_END}+?)) {_PREP}"
    rf" (?P<where>(?:the|my|our|this|that) {_END}+?)(?: any ?more| at all)?[.;,!]+ *"
    r"(?:(?:so|and|please|just|could you|can you|would you)[, ]+)*(?P<verb>put|place|move|bring|take|carry|set|stow"
    r"|throw|get) (?:(?:all )?(?:those|these|such) (?:things|items|ones)|(?:any of |all of |all )?"
    r"(?:those|these|them|it)|anything (?:like that|of the kind))(?= )",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(
    rf"(^\W*|(?<=[.!?] ))(?:none of (?P<none>{_END}+?)|no (?P<no>{_END}+?)) {_SHOULD} "
    rf"(?:{_BE}|be found)(?: lying| standing)? outside(?: of)? (?P<where>{_END}+)[.! ]*$",
    re.IGNORECASE,
)
_UNLESS = re.compile(
    r",? (?:unless|except (?:if|when|where)|if not|provided) (?:it|they|that one|one|any)(?: is|'s| are|'re)"
    r"(?P<not> not|n't)? (?:already )?(?P<adj>\w+)(?=\W*$|[,.;])",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"(?:^|(?<=[.;,] )|(?<=\band ))"
    rf"(?P<what>(?:the|all|my|our|every|both|each|this|that|these|those|any|no)\b{_END}*?) "
    rf"(?:{_SHOULD}|wants to|want to) (?:please |then |also )?(?:be|get) (?P<verb>\w+)\b(?= )",
    re.IGNORECASE,
)
_COME = re.compile(
    r"\b(?:come|go|drive|return|get)(?: right)?(?: back)?(?: over)? (?:to (?:me|us)|here)\b", re.IGNORECASE
)
_FORGOT = re.compile(
    r"\b(?:someone|somebody|i|we|they|you|he|she|the \w+)(?: must have| seem to have|'ve| have| has)? "
    r"forg(?:o|e)t(?:ten)? to "
    rf"(?P<verb>{'|'.join(sorted(_VERBS))})\b",
    re.IGNORECASE,
)
_NOT_THE_ONE = re.compile(
    rf"(?P<what>\b(?:from|on|in|at|inside) the {_END}+), (?:and |but )?not the ones? "
    rf"(?:(?:that|which) (?:is|are) |that's )?(?:from|on|in|at|inside) {_END}+",
    re.IGNORECASE,
)
_BUT_ALL = re.compile(
    rf"^(?P<but>\W*(?:other than|except(?: for)?|apart from|aside from|besides|but for) {_END}+), "
    r"(?:all of it|it all|the lot)\b",
    re.IGNORECASE,
)
_FORMER = re.compile(
    r"\b(?:the )?(?P<which>former|latter|(?:first|second|last)(?= (?:one|of (?:them|these|those|the two)"
    r"|is|goes|stays|should|must|belongs|needs|can)\b))\b"
    r"(?: one| of (?:them|these|those|the two))?",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"\b(?:in|on|(?<!look )at|to|near|of|from) (?:the |my |our |a )?$"
)  # where the two lie is none of them
_LATER = frozenset({"latter", "second", "last"})
_TO_THEM = re.compile(r"\b(?:to|for) (?:him|her)\b(?! \w)", re.IGNORECASE)
_HANDED = re.compile(
    r"\b(?P<verb>give|hand|bring|pass|fetch|get) (?:him|her)"
    r"(?= (?:the|a|an|some|my|our|that|this|it|something|anything)\b)",
    re.I,
)
_NO_NEED = re.compile(
    rf"\b(?:(?:there(?:'s| is) )?no need to|you (?:needn't|don't (?:need|have) to|do not (?:need|have) to)) "
    rf"(?:move|touch|take|pick up|bring|bother with) (?P<what>{_END}+)",
    re.IGNORECASE,
)
_CAN_BE = re.compile(
    r"^(?:\W*)(?:could|can|would|will|might|may|should) "
    rf"(?P<what>(?:the|all|my|our|every|both|this|that|these|those) {_END}*?) "
    r"(?:please )?(?:be|get) (?P<verb>\w+)\b(?= )",
    re.IGNORECASE,
)
_NONE_IS = re.compile(
    r"(^\W*|(?<=[.!?] ))(?:make sure|see to it|ensure|take care)(?: that)? "
    rf"(?:none of (?P<none>{_END}+?)|no (?P<no>{_END}+?)) "
    rf"(?:is|are|goes|go|ends? up|lands?|stays?|remains?|lies?) {_PREP} (?P<where>{_END}+)[.! ]*$",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    rf"(^\W*|(?<=[.!?] ))(?:(?:make sure|see to it|ensure|take care)(?: that)? )?nothing (?:{_SHOULD} )?"
    rf"(?:is|be|stays?|remains?|lies?)(?: left| lying| standing)* {_PREP} (?P<where>{_END}+)[.! ]*$",
    re.IGNORECASE,
)
_NO_LONGER = re.compile(
    rf"(^\W*|(?<=[.!?] ))(?:make (?:it so|sure|certain)|ensure|see to it|take care)(?: that)?"
    rf" (?P<these>(?:the|my|our|this|that|these|those|all) {_END}+?) (?:is|are)(?: no longer| not| not any ?more)"
    rf" (?P<prep>in|on|inside|on top of|at) (?P<where>{_END}+?)(?: any ?more| any longer)?[.! ]*$",
    re.IGNORECASE,
)
_UP = re.compile(
    rf"\b(?:set|put|stand|place|turn) (?P<what>it|them|that|(?:the|my|your|our|this|that|all the|both) {_END}+?) "
    r"(?:back up(?:right)?|up(?:right)? again|upright|right side up|on (?:its|their) feet|straight"
    r"|the right way up)(?: again)?"
    r"(?=\W*$|[,;.]| and\b)",
    re.IGNORECASE,
)


def recast(text: str, names: Sequence[str] = (), person: bool = False) -> str:
    """The text with such sentences said as requests; ``names``: of what is here, places included; ``person``: whether
    somebody has a place here ("come back to me")."""
    text = _OVER_THERE.sub("", _FORGOT.sub(r"\g<verb>", text))
    text = _NOT_THE_ONE.sub(r"\g<what>", _BUT_ALL.sub(r"\g<but>, everything", text))
    text = _ordered(text)
    text = _REACH.sub(r"\1bring me \g<what>", text)
    text = _OUT_OF.sub(r"\1bring me \g<what>", text)
    text = _OUTSIDE.sub(lambda m: f"{m[1]}put all the {_bare(m['none'] or m['no'])} in {m['where']}", text)
    text = _NO.sub(_off, _THOSE_GO.sub(_away_with, text))
    text = _UNLESS.sub(lambda m: _except(m, names), text)
    text = _PASSIVE.sub(_active, text)
    text = _HANDED.sub(r"\g<verb> me", _TO_THEM.sub("to me", _COME.sub("go to the user", text))) if person else text
    text = _NO_NEED.sub(r"leave \g<what> alone", text)
    text = _CAN_BE.sub(_active, text)
    text = _NONE_IS.sub(_off, text)
    text = _NOTHING.sub(_emptied, text)
    text = _NO_LONGER.sub(_taken_off, text)
    text = _UP.sub(r"stand \g<what> upright", text)
    return _sides(text, names)


def active(word: str) -> str:
    """The verb of which the word is the participle or the "-ing" form ("thrown": throw, "stacking": stack), or itself
    where it is a verb; "" for any other word."""
    word = word.lower()
    if word in _VERBS or word in IRREGULAR:
        return IRREGULAR.get(word, word)
    for tail in ("ing", "ed"):
        stem = word.removesuffix(tail)
        if stem == word or len(stem) < 2:
            continue
        undoubled = stem[:-1] if stem[-1:] == stem[-2:-1] else stem
        back = f"{stem[:-1]}y" if stem.endswith("i") else stem
        found = next((w for w in (stem, f"{stem}e", undoubled, back) if w in _VERBS), "")
        if found:
            return found
    return ""


def _ordered(text: str) -> str:
    """What comes first is said first: "after you have put X there, ...", "before you ..., ..."."""
    if (m := _BUT_FIRST.match(text)) and not _PRONOUN.search(m["other"]):
        return f"{m['other']}, then {m['main']}{m['stop']}"
    if m := _FIRST.match(text):
        verb = _done(m["when"], m["verb"])
        return f"{m[1]}{verb}{m['rest']}, then {m['main']}" if verb else text
    if m := _BEFORE.match(text):
        verb, main = active(m["verb"]), m["main"]
        goal = _GOAL.search(m["rest"])
        main = _THERE.sub(goal[0], main) if goal else main
        later = text[m.end() :]
        if verb and not _PRONOUN.search(main) and any(w in _VERBS for w in main.lower().split()[:3]):
            return f"{m[1]}{main}, then {verb}{m['rest']}{later}"
        return text
    if (m := _THEN.match(text)) and (verb := active(m["verb"])) and not _PRONOUN.search(m["main"]):
        return f"{m['main']}, then {verb}{m['rest']}{text[m.end() :]}"
    if (m := _LAST.match(text)) and not _PRONOUN.search(m["rest"]):
        verb = _done(m["when"], m["verb"])
        return f"{verb}{m['rest']}, then {m['main']}{m['stop']}" if verb else text
    return text


def _done(when: str, word: str) -> str:
    """The verb of what is to be done first; "" where something else has to happen ("when the bell ...")."""
    word = word.lower()
    own = bool(re.search(r"\byou\b", when)) or word.endswith("ing")
    return active(word) if own else ""


def told_apart(text: str, names: Sequence[str]) -> str:
    """ "The former", "the latter": the first and the second of the two things that were named before."""
    m = _FORMER.search(text)
    if m is None:
        return text
    lead = text[: m.start()].lower()
    tails = [n.lower().split()[-1] for n in names]
    last = {
        n: max(lead.rfind(n.lower()), lead.rfind(f" {tail}") if tails.count(tail) == 1 else -1)
        for n, tail in zip(names, tails, strict=True)
    }
    named = sorted((n for n in names if last[n] >= 0 and not _PLACED.search(lead[: last[n]])), key=lambda n: last[n])
    named = named[-2:]
    if len(named) < 2:
        return text
    told = re.split(r"(?<=[.!?;:])\s+", text[: m.start()])
    asks = {t.text for t in tokens_of(" ".join(told[:-1]))} & (v.PUT_VERBS | v.PICK_VERBS)
    rest = text if asks or len(told) < 2 else f"{told[-1]}{text[m.start() :]}"  # "look at the cup and the fork" is done
    return _FORMER.sub(lambda x: f"the {named[x['which'].lower() in _LATER]}", rest)


def _off(m: re.Match[str]) -> str:
    """ "There should be no shoes on the rug": take them off it."""
    said = m.groupdict()
    what = said.get("these") or ""
    if re.fullmatch(r"(?:them|these|those|both|the two)", said["none"] or "", re.IGNORECASE):
        what = "them"
    elif not what:
        group = next(said[k] for k in ("any", "want", "none", "no", "more", "left") if said.get(k))
        what = f"all the {_bare(group)}"
    away = "off" if m["prep"].lower() in ("on", "onto", "upon", "at") else "out of"
    return f"{m[1]}take {what} {away} {m['where']}"


def _away_with(m: re.Match[str]) -> str:
    """ "Nothing sharp may stay on the rug. Put those in the box": all the sharp things that are on it."""
    what = f"{m['adj']} things" if m["adj"] else _bare(m["no"] or m["none"] or m["there"])
    return f"{m['lead']}{m['verb']} all the {what} that are {m['prep']} {m['where']}"


def _emptied(m: re.Match[str]) -> str:
    """ "Nothing is left on the tray": take everything off it."""
    return f"{m[1]}take everything {_from(m['prep'])} {m['where']}"


def _taken_off(m: re.Match[str]) -> str:
    """ "Make sure the cup is no longer on the tray": take it off."""
    return f"{m[1]}take {m['these']} {_from(m['prep'])} {m['where']}"


def _from(preposition: str) -> str:
    return "off" if preposition.lower() in ("on", "onto", "upon", "at", "on top of") else "out of"


def _bare(group: str) -> str:
    return re.sub(r"^(?:the|my|your|our|these|those|them|any) ", "", group.strip(), flags=re.IGNORECASE)


def _except(m: re.Match[str], names: Sequence[str]) -> str:
    """ "Unless it is cracked": except what is called so; what nothing here is called excepts nothing."""
    adjective = m["adj"].lower()
    if m["not"] or adjective in v.FUNCTION_WORDS | v.PLACE_PREPOSITIONS | OF_HOLDERS:
        return m[0]
    called = [n for n in names if adjective in n.lower().split()[:-1]]
    return f" except the {' and the '.join(called)}" if called else ""


def _active(m: re.Match[str]) -> str:
    """ "The vase should be filled with ...": fill the vase with ...; what says where a thing is stays."""
    word = m["verb"].lower()
    base = active(word)
    return f"{base} {m['what']}" if base and word not in v.BEING and (word != base or word in SAME) else m[0]


_WAY = r"(?:left|right|top|bottom)"
_BOTH_WAYS = re.compile(
    rf"(?:^|(?<=[.;!?] ))(?P<x>(?:(?!\bis\b|\bare\b|\bthe {_WAY}\b){_END})+?),?(?P<to> (?:to|on) the)? (?P<a>{_WAY})"
    rf"(?:[,;.] (?:and |but )?| and )"
    rf"(?P<y>(?:(?!\bis\b|\bare\b){_END})+?),?(?P<on> (?:to|on) the)? (?P<b>{_WAY})(?=\s*(?:$|[.;!]|please\b))",
    re.IGNORECASE,
)
_OPPOSITE = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}


def _either_way(m: re.Match[str], ways: str) -> str:
    """ "Green things left, white things right": what goes to one side and what to the other."""
    a, b = m["a"].lower(), m["b"].lower()
    last = [m[k].lower().split()[-1] for k in ("x", "y")]
    if (
        (m["to"] and m["on"])
        or _OPPOSITE[a] != b
        or not {a, b} <= set(ways.split("|"))
        or set(last) & (v.PLACE_PREPOSITIONS | {"the", "of"})
    ):
        return m[0]
    return f"{m['x']} to the {a} side, {m['y']} to the {b} side"


def _sides(text: str, names: Sequence[str]) -> str:
    """ "Ball left, cup right": a bare side right behind what goes there is the side of that name."""
    sides = [n for n in names if n.lower() in ("left side", "right side", "top side", "bottom side")]
    things = sorted({n.lower() for n in names if n not in sides}, key=len, reverse=True)
    if not sides or not things:
        return text
    ways = "|".join(s.split()[0].lower() for s in sides)
    tails = {n.split()[0] if n.split()[-1].isdigit() else n.split()[-1] for n in things}
    several = {f"{t}{e}" for t in tails for e in ("", "s", "es")}
    said = "|".join(map(re.escape, sorted({*things, *several}, key=len, reverse=True)))
    text = _BOTH_WAYS.sub(lambda m: _either_way(m, ways), text)
    pattern = rf"\b(?P<thing>{said}|it|them),? (?P<way>{ways})(?=\s*(?:$|[,.;!]|and\b|then\b|please\b))"
    return re.sub(pattern, lambda m: f"{m['thing']} to the {m['way'].lower()} side", text, flags=re.IGNORECASE)
