"""What stands before a colon and only says what it is all for: "pack a lunch: the bun in the box", "wash day: ...".

The heading of a request is no request of its own: it goes, and what it names is put where the rest says "it". A list
behind a heading that says where is put there. Only closed patterns of English. Used by `planner.propose.wording`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.propose import vocabulary as v
from planner.propose.spelling import plural, singular, tokens_of

_DET = r"(?:the|my|our|your|this|that|these|those|both|all)"
_HEAD = re.compile(r"(?:^|(?<=[.;!?] ))(?P<head>[^.;:!?\n]{3,90}?) ?(?::|--|–|—) +(?P<body>[^;:\n]+?)(?=[.;!?]|$)")
_CONDITION = re.compile(
    r"^\W*(?:if|when|whenever|unless|after|before|once|while|where|as|not|never|only"
    r"|everything|anything|all|each|every|except|the rest)\b",
    re.IGNORECASE,
)
_WHERE = re.compile(
    rf"\b(?P<p>in|into|inside|on|onto|at|to) (?P<y>{_DET} (?:[\w'-]+ ){{0,2}}?[\w'-]+)(?=\s*(?:$|,))", re.IGNORECASE
)
_LAID = re.compile(
    rf"^\W*(?:please |then |now )?(?:set|lay|fill|pack|load|stock|prepare|dress)(?: up)? (?P<y>{_DET} [\w' -]+)$",
    re.IGNORECASE,
)
_MOVE = "|".join(sorted(v.PUT_VERBS | v.PICK_VERBS))
_IT = re.compile(
    rf"(?P<v>^|\b(?:and|then|please|{_MOVE})(?: up| down)? )(?:it|them|they|that)\b(?! (?:is|are|was)\b)", re.IGNORECASE
)
_OPEN = re.compile(r"\b(?:something|anything|what|whatever|whichever)\b", re.IGNORECASE)  # what for, the heading says
_EQUALS = re.compile(
    rf"^\W*(?:that's|thats|that is|that means|which is|meaning|i\.e\.,?|so) (?:(?P<p>in|on|into|onto|at|to) )?"
    rf"(?P<y>{_DET} [\w' -]+?)(?P<rest>,.*)?$",
    re.IGNORECASE,
)
_TO = re.compile(r"\b(?:in|into|inside|on|onto|at|to|with|under)\b", re.IGNORECASE)
_GOES = v.STATE_VERBS | v.BEING | v.words("has have should must need needs ought want wants can may get gets")
_BY = re.compile(r"(?:^|(?<=[.;!?] ))(?P<head>[^.;:,!?]{3,70}?),? by (?P<v>\w+ing)\b(?P<rest>[^.;!?]+)", re.IGNORECASE)
_ELSE = re.compile(
    r",? (?:and |but )?(?:nothing|no one) else(?=\s*(?:$|[.;!?]))|, (?:that's|that is) (?:it|all)(?=\s*(?:$|[.;!?]))",
    re.IGNORECASE,
)


def headed(text: str, names: Sequence[str] = ()) -> str:
    """The text without such headings; ``names``: of what is here, places included."""
    text = _HEAD.sub(lambda m: _under(m, names), _ELSE.sub("", text))
    return _BY.sub(lambda m: _means(m, names), text)


def named(text: str, names: Sequence[str]) -> list[str]:
    """The names that the text says in full, or by a last word that nothing else here has."""
    words = [t.text for t in tokens_of(text)]
    said = {*words, *(singular(w) for w in words if plural(w))}
    tails = [_tail(n) for n in names]
    full = [n for n in names if {t.text for t in tokens_of(n)} <= said]
    return full + [n for n in names if n not in full and _tail(n) in said and tails.count(_tail(n)) == 1]


def _tail(name: str) -> str:
    words = [t.text for t in tokens_of(name)] or [name.lower()]
    return words[-2] if words[-1].isdigit() and len(words) > 1 else words[-1]


def _under(m: re.Match[str], names: Sequence[str]) -> str:
    head, body = m["head"].strip(), m["body"].strip()
    here, there = named(head, names), named(body, names)
    if (
        not there
        or _CONDITION.match(head)
        or _OPEN.search(body)
        or (len(here) == 1 and _tail(here[0]) == head.lower().split()[-1] == head)
    ):
        return m[0]
    if len(here) == 1 and _says_only(head, here[0]):
        return m[0]  # "the red bowl: the cup", a list of what goes where
    asks = bool({t.text for t in tokens_of(head)[:4]} & (v.PUT_VERBS | v.PICK_VERBS))
    if equal := _EQUALS.match(body):
        told = here and tokens_of(head)[0].text not in v.DETERMINERS
        return f"{head} {equal['p'] or 'in'} {equal['y']}" if told else m[0]
    if _whole(body):
        tails = {w for n in names for w in (_tail(n), singular(_tail(n)))}
        if not here and not {singular(t.text) for t in tokens_of(head)} & tails:
            return body if _acts(body) else f"put {body}"
        things = [n for n in here if n not in there]
        if _IT.search(body) and len(things) == 1 and not (asks and _TO.search(head)):
            return _IT.sub(rf"\g<v>the {things[0]}", body, count=1)
        return m[0]
    laid, where = _LAID.match(head), _WHERE.search(head)
    if len(here) == 1 and len(there) > 1 and (laid or where) and not _acts(body):
        if laid:
            inner = re.match(r"\W*(?:please |then |now )?(?:fill|pack|load|stock)", head, re.IGNORECASE)
            return f"put {body} {'in' if inner else 'on'} {laid['y']}"
        return f"put {body} {where['p']} {where['y']}" if where else m[0]
    return m[0]


def _says_only(head: str, name: str) -> bool:
    words = {t.text for t in tokens_of(head)} - v.DETERMINERS - v.PLACE_PREPOSITIONS
    return {singular(w) for w in words} <= {singular(w) for w in name.lower().split()}


def _whole(body: str) -> bool:
    """Whether the text behind the heading says by itself what is to be done: a verb, or where to."""
    words = [t.text for t in tokens_of(body)]
    return bool(set(words[:3]) & (v.PUT_VERBS | v.PICK_VERBS)) or bool(_TO.search(body)) or bool(set(words) & _GOES)


def _acts(body: str) -> bool:
    words = [t.text for t in tokens_of(body)]
    return bool(set(words[:3]) & (v.PUT_VERBS | v.PICK_VERBS)) or bool(set(words) & _GOES)


def _means(m: re.Match[str], names: Sequence[str]) -> str:
    """ "Get ready for the guests by putting ...": what is done, where the rest names nothing that is here."""
    if named(m["head"], names) or not named(m["rest"], names):
        return m[0]
    return f"start {m['v']}{m['rest']}"
