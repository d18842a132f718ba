"""Turns of phrase that say the same in a longer way, put plainly before anything is read.

Only closed patterns of English, no sentence: arrows, "mind placing" for "place", "everything that counts as a tool" for
"every tool". Words that belong to the name of something here stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from planner.propose import vocabulary as v
from planner.propose.amends import amended
from planner.propose.apart import spread
from planner.propose.clipped import unclipped
from planner.propose.common_words import english
from planner.propose.curt import uncurt
from planner.propose.customs import accustomed
from planner.propose.degrees import compared_by_name
from planner.propose.dictated import dictated
from planner.propose.framing import framed
from planner.propose.fronting import unfronted
from planner.propose.heads import headed
from planner.propose.idioms import idiomatic
from planner.propose.opened import opened
from planner.propose.places import VESSEL
from planner.propose.pointing import pointed
from planner.propose.reasons import reasoned
from planner.propose.recast import recast, told_apart
from planner.propose.somewhere import somewhere
from planner.propose.sought import sought
from planner.propose.speech import spoken, without_fillers
from planner.propose.spelling import edit_distance, singular
from planner.propose.spills import wiped
from planner.propose.stops import stopped
from planner.propose.turns import turned, unglued
from planner.propose.which import told_which
from planner.propose.wishes import spared

_ARROW = re.compile(r"\s*(?:[-=]+>|→|⇒)\s*")
_EVERY = r"\b(?:everything|anything|all|whatever|every thing|all things|the things|all the things) (?:that |which )?"
_CALLED = r"counts as|count as|qualifies as|qualify as|passes for|can be called|you(?:'d| would) call"
_MEMBER = re.compile(rf"{_EVERY}(?:is|are|{_CALLED}) an? (?=\w)", re.IGNORECASE)
_THE = re.compile(r"\b(?:th|hte|teh|thw|tje|tge|thr|thhe)\b(?= \w)", re.IGNORECASE)  # "the", as it is mistyped
_COUNTED = re.compile(rf"{_EVERY}(?:{_CALLED}) (?=\w)", re.IGNORECASE)
_MAKE_UP = re.compile(r"\bmake-up\b(?: (?P<next>[\w'-]+))?", re.IGNORECASE)  # one word, no verb
_LOTS = re.compile(r"\b(?:each and every|every single|every last|every one of|each one of)\b(?! \w+s\b)", re.I)
_LOT_OF = re.compile(r"\b(?:the whole lot of|every one of|each one of)\b(?: the| my| these| those)?", re.IGNORECASE)
_ALL = re.compile(
    r"\b(?:it all|(?:each and every|every single|each|every) (?:object|thing|item))\b"
    r"(?! (?:that|which|to(?! be\b)|for|made|of)\b)",
    re.IGNORECASE,
)
_PIECE = re.compile(
    r"\b(?:(?P<any>some|any|one)|an?) (?:kind|sort|type|piece|bit|item) of (?:an? )?(?!the\b|my\b|these\b|those\b)",
    re.I,
)
_THATS = re.compile(r"\b(that|which|who|it|there)'s\b", re.IGNORECASE)
_YET = re.compile(
    r"(?:^|(?<=[.!?,] ))(\W*)why (?:isn't|aren't|isnt|arent|is|are)\b(.*?)(?: not)? yet\b[?.! ]*$", re.IGNORECASE
)
_GERUND = re.compile(
    r"(?<!used )(?<!thing )(?<!things )(?<!stuff )(?<!item )(?<!items )(?<!one )(?<!ones )"
    r"\b(for|mind|minding|about|appreciate|you|your|with|by|try|start|while) (\w{2,}ing)\b(?= (?:\w+))",
    re.IGNORECASE,
)
_HERE = re.compile(
    r"\s(?:(?:that|which) (?:are|is) (?:lying |standing )?(?:here|there|around)|(?:lying|standing) (?:around|about)"
    r"|(?:that|which) you (?:can )?(?:find|see)|(?:you )?(?:can )?(?:find|see) here)\b",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"^\W*(?:say|look|listen|hey|okay|ok|well|alright|attention|yo|hello|hi|so|seriously|right)[,!.]+\s+", re.I
)
_ITEM = re.compile(r"(?:^|(?<=[.;,\n]))\s*(?P<lead>(?:pack|fill|load) )?(?P<key>[^.;:,\n]{2,40}):\s*", re.IGNORECASE)
_FOR = re.compile(
    r"(?:^|(?<=[.;,]))\s*(?:the )?(?P<where>[\w '-]{2,40}?) for (?P<what>(?:any|every|all|whatever|the)[^.;,]+)",
    re.IGNORECASE,
)
_FILL = re.compile(r"\b(?:pack|fill|load) (?:the )?(?P<where>[\w '-]{2,40}?) with (?P<what>[^.;]+)", re.IGNORECASE)
_HOLDS = re.compile(
    r"(?:^|(?<=[.;,]))\s*(?:the )?(?P<where>[\w '-]{2,40}?) (?:should|must|shall|has to|is to|ought to) "
    r"(?:hold|contain|have|get)\b(?! (?:nothing|no|to)\b) (?P<what>[^.;,]+)",
    re.IGNORECASE,
)
_VERBS = v.PUT_VERBS | v.PICK_VERBS | frozenset({"find", "open", "close", "press", "push", "go"})
_DEEDS = _VERBS | v.OTHER_VERBS


CLOSED = (
    "the", "and", "into", "with", "from", "then", "this", "that", "these", "those", "please", "inside", "thing",
    "things", "something", "anything", "everything", "other", "others", "about", "bring", "place", "where", "there",
    "which", "could", "would", "except", "every", "whatever", "under", "onto", "their", "after", "before", "two",
    "three", "four", "what", "some", "while",
)  # fmt: skip


def plain(
    text: str, names: Iterable[str] = (), real: Collection[str] = (), people: Iterable[str] = (), person: str = ""
) -> str:
    """The text with such turns replaced; ``names`` of things and places are left alone. Slips in function words ("teh")
    are mended where ``real`` says which words exist. ``people``: words for persons of the scene; ``person``:
    the place where one is."""
    names = tuple(names)
    if real:
        text = _mended(_THE.sub("the", text), names, real)
    called = {w for n in names for w in n.lower().split()}
    text = _MAKE_UP.sub(lambda m: m[0] if (m["next"] or "-").lower() in called else f"makeup{m[0][7:]}", text)
    text = wiped(dictated(stopped(without_fillers(text, called)), called), names, bool(people))
    text = accustomed(spoken(amended(text, names), called), names)
    text = headed(uncurt(text, names, bool(people)), names)
    text = told_apart(pointed(told_which(somewhere(spread(sought(text), names), names), names), names), names)
    text = compared_by_name(framed(unfronted(text), names), names)
    text = reasoned(spared(text), names, bool(people))
    text = turned(idiomatic(text), people, person)
    text = _HERE.sub("", _CALL.sub("", _ARROW.sub(" to ", text)))
    text = _THATS.sub(r"\1 is", text)
    text = _COUNTED.sub("all the ", _MEMBER.sub("every ", text))
    text = _LOT_OF.sub("all the", _LOTS.sub("every", text))
    text = _PIECE.sub(lambda m: "any " if m["any"] else "a ", text)
    text = unclipped(_ALL.sub("everything", text), names, bool(people))
    text = opened(recast(text, names, bool(people)), names)
    text = _lists(text, names)
    for pattern in (_HOLDS, _FOR, _FILL):
        text = pattern.sub(lambda m: _put(m, names), text)
    if asked := _YET.search(text):
        text = f"{text[: asked.start()]}{asked[1]}make sure that{asked[2]}"
    return _GERUND.sub(lambda m: _bare(m, called), text)


def _lists(text: str, names: Sequence[str]) -> str:
    """ "Basket: the fork and the spoon. Box: the rest", "red block: blue bowl, green block: red bowl": a list of what
    goes where, said as requests."""
    keys = list(_ITEM.finditer(text))
    for n, m in reversed(list(enumerate(keys))):
        end = keys[n + 1].start() if n + 1 < len(keys) else len(text)
        stop = re.search(r"[.;\n]", text[m.end() : end])
        end = m.end() + stop.start() if stop else end
        value = text[m.end() : end].strip(" ,")
        key = _the(m["key"])
        if value.split()[:1] and value.split()[0].lower() in _VERBS:
            continue
        if m["lead"] or (_one(key, names) and not _one(_the(value), names)) or VESSEL.search(key):
            where, what = _one(key, names), value
        elif VESSEL.search(value):
            where, what = _one(_the(value), names), key
        else:
            continue
        if where:
            tail = "" if text[end:].startswith((".", ";")) or end == len(text) else "."
            text = f"{text[: m.start()]} Put {what} in the {where}{tail}{text[end:].lstrip(',')}"
    return text


def _the(text: str) -> str:
    return re.sub(r"^(?:in|into|on|onto)? ?(?:the|my|a) ", "", text.strip(), flags=re.IGNORECASE)


def _one(said: str, names: Sequence[str]) -> str:
    """The one name that is meant by the words in full, or by its last words; "" where that is open."""
    said = said.lower().strip()
    exact = [n for n in names if n.lower() == said]
    found = exact or [n for n in names if n.lower().endswith(f" {said}")]
    return found[0] if len(found) == 1 else ""


def _put(m: re.Match[str], names: Sequence[str]) -> str:
    """ "The basket should hold the fork", "box for anything sharp": what goes where."""
    where = _one(m["where"], names)
    started = m["what"].split()[:1]
    if not where or (started and started[0].lower() in _VERBS):
        return m[0]
    return f" put {m['what'].strip()} in the {where}"


def _mended(text: str, names: Sequence[str], real: Collection[str]) -> str:
    called = {w for n in names for w in n.lower().split()}

    def mend(m: re.Match[str]) -> str:
        word = m[0].lower()
        if word in v.KNOWN or singular(word) in v.KNOWN or word in real or word in called or word in english():
            return m[0]
        if any(len(c) > 3 and edit_distance(word, c, 1) <= 1 for c in called):
            return m[0]  # more likely a slip of a name
        lead = text[: m.start()].rstrip().lower().rsplit(None, 1)[-1:]
        if (not lead or lead[0] in _LEADS or lead[0][-1] in ".,;:!?") and (verb := _verb(word)):
            return verb
        near = next((w for w in CLOSED if w[0] == word[0] and edit_distance(word, w, 1) <= 1), "")
        return near or unglued(word, real, called) or m[0]

    return re.sub(r"(?<!['’])\b[A-Za-z]{3,}\b(?!['’])", mend, text)


_LEADS = frozenset({"you", "to", "and", "then", "please", "just", "kindly", "yo", "hey", "robot", "don't", "never"})
_COMMON = (
    "bring", "place", "move", "drop", "take", "fetch", "give", "hand", "pick", "throw", "open", "close", "press",
    "pour", "wipe", "stack", "push", "swap", "exchange", "find", "carry", "grab", "return", "lift", "transfer",
    "store", "clear", "remove", "deliver", "gather", "collect", "picking", "putting", "bringing", "moving",
    "placing", "taking",
)  # fmt: skip


def _verb(word: str) -> str:
    """The frequent verb of which the word is a slip, where it stands in the place of one."""
    return next((w for w in _COMMON if w[0] == word[0] and len(word) > 2 and edit_distance(word, w, 1) <= 1), "")


def _bare(m: re.Match[str], called: set[str]) -> str:
    word = m[2].lower()
    base = base_form(word)
    return m[0] if word in called or not base else f"{m[1]} {base}"


def base_form(word: str) -> str:
    """The verb of which the word is the "-ing" form ("putting": put), as far as it is one that the planner knows."""
    stem = word.removesuffix("ing")
    doubled = stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else stem
    return next((w for w in (stem, doubled, f"{stem}e") if w in _DEEDS), "")
