"""Words for furniture that opens, put plainly: "make sure the drawer is shut", "open it, put the cup in, close it"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SHUT = {"open": "open", "opened": "open", "closed": "close", "shut": "close", "close": "close"}
_STATE = r"(?P<state>open|opened|closed|shut)"
_THE = r"(?P<thing>(?:the|my|your|our|this|that) [\w' -]+?)"
_WISHES = tuple(
    re.compile(p, re.IGNORECASE)
    for p in (
        rf"\b(?:make sure|see to it|ensure|check)(?: that)? {_THE} (?:is|are|stays?) {_STATE}\b",
        rf"{_THE} (?:should|must|has to|have to|needs? to|ought to) be {_STATE}\b",
        rf"\bi(?:'d like| want| need|'d prefer)(?: to have)? {_THE} {_STATE}\b(?! with)",
    )
)
_KEPT = re.compile(
    r"\b(?:leave|keep) (?P<thing>it|them|(?:the|my|your|our|this|that) [\w' -]+?) (?P<state>open|opened|closed|shut)"
    r"(?=\W*$|[,.;!?]| and\b| then\b)",
    re.IGNORECASE,
)
_COMPLAINT = re.compile(
    rf"{_THE} (?:was|is|has been|had been|got)(?: still)? (?:left )?(?:wide )?open(?: again)?[,.;!]? (?:and )?(?:so )?"
    r"(?:(?:can|could|would|will) you )?(?:please )?"
    r"(?:see to|take care of|do something about|deal with|fix) (?:it|that)",
    re.IGNORECASE,
)
_LEFT_OPEN = re.compile(
    rf"\b(?:someone|somebody|i|we|they|you|he|she|the \w+)(?:'ve| have| has|'s)? left {_THE} (?:wide )?open\b", re.I
)
_LEFT = re.compile(rf"\b(?:don't|do not|never) leave {_THE} {_STATE}\b", re.IGNORECASE)
_PUSHED = re.compile(
    r"\b(?:push|slide|swing|pull|slam|press|draw) (?P<thing>it|(?:the|my|your|our|this"
    r"|that) [\w' -]+?) (?P<state>shut|closed|to|(?:wide )?open)"
    r"(?: again)?(?=\s*(?:$|[.,;!?]|and\b|then\b))",
    re.IGNORECASE,
)
_DRAWN = re.compile(
    r"\b(?:pull|slide|draw|push|shove)(?P<a> (?:out|in|back in))? (?P<thing>(?:the|my|our|that) (?:[\w'-]+ )*drawer)"
    r"(?P<b> (?:out|in|back in|back))?(?=\s*(?:$|[.,;!?]|and\b|then\b))",
    re.IGNORECASE,
)
_DROP_IN = re.compile(
    r"\b(?P<v>drop|put|pop|throw|toss|place|stick|slip|lay|tuck|stuff|set) in (?P<x>(?:both|all|some|an?|(?:the|my|our)"
    r"(?! (?:\w+ )?(?:drawer|box|bowl|fridge|cabinet|oven|microwave|bin|basket)\b)) [^.;,!?]+?)(?=\s*(?:$|[.,;!?]"
    r"|and\b|then\b))",
    re.IGNORECASE,
)
_SHUTTING = re.compile(r"\bshut(?= (?:the|my|your|our|this|that|it|them)\b)", re.IGNORECASE)
_INSIDE = re.compile(r"\b(?:inside|in|into it|in there|in it)(?= *(?:$|[,.;!?]|and\b|then\b|please\b))", re.IGNORECASE)
_IT = re.compile(r"\b(open|close) it\b(?: again| up)?", re.IGNORECASE)


def opened(text: str, names: Iterable[str] = ()) -> str:
    """The text with such words said as "open the ..." and "close the ...", and with the container named again where it
    is left out. ``names``: of what is here."""
    text = _PUSHED.sub(lambda m: f"{'open' if m['state'].lower().endswith('open') else 'close'} {m['thing']}", text)
    text = _DROP_IN.sub(_dropped, _DRAWN.sub(_drawn, text))
    for pattern in _WISHES:
        text = pattern.sub(lambda m: f"{_SHUT[m['state'].lower()]} {m['thing']}", text)
    text = _LEFT.sub(lambda m: f"{'close' if m['state'].lower().startswith('open') else 'open'} {m['thing']}", text)
    text = _LEFT_OPEN.sub(r"close \g<thing>", _COMPLAINT.sub(r"close \g<thing>", text))
    text = _KEPT.sub(lambda m: f"{_SHUT[m['state'].lower()]} {m['thing']}", text)
    text = _SHUTTING.sub("close", text)
    called = sorted((n for n in names if n), key=len, reverse=True)
    text = _doors(text, called)
    if not called or not re.search(r"\b(?:open|close)\b", text, re.IGNORECASE):
        return text
    containers = re.compile(
        r"\b(?:open|close|in|into|inside|out of|from) (?:the|my|your|our|this|that) "
        rf"({'|'.join(map(re.escape, called))})\b",
        re.IGNORECASE,
    )
    for pattern, words in ((_INSIDE, "in the {0}"), (_IT, "{1} the {0}")):
        at = 0
        while (m := pattern.search(text, at)) is not None:
            before = list(containers.finditer(text, 0, m.start()))
            if not before:
                at = m.end()
                continue
            said = words.format(before[-1][1], m[1] if m.groups() else "")
            text = text[: m.start()] + said + text[m.end() :]
            at = m.start() + len(said)
    return text


def _drawn(m: re.Match[str]) -> str:
    """ "Slide the drawer out", "push in the drawer": open it, close it."""
    way = (m["a"] or m["b"] or "").strip().lower()
    return m[0] if not way else f"{'open' if way == 'out' else 'close'} {m['thing']}"


def _dropped(m: re.Match[str]) -> str:
    """ "Open the box, drop in the cap": the cap in there, where no container is called a cap."""
    where = re.search(r"\b(?:open|into|in|inside|out of)\b", m.string[: m.start()], re.IGNORECASE)
    return f"{m['v']} {m['x']} in" if where else m[0]


def _doors(text: str, called: Sequence[str]) -> str:
    """The door or lid of what opens is that thing; what is put away between opening and closing goes in there."""
    if not called or any("door" in n.lower().split() for n in called):
        return text
    either = "|".join(map(re.escape, called))
    text = re.sub(rf"\b(the|my|our) ({either})(?:'s)? (?:door|lid|flap)\b", r"\1 \2", text, flags=re.IGNORECASE)
    opens = re.search(rf"\bopen(?: up)? (?:the|my|our) ({either})\b", text, re.IGNORECASE)
    if opens is None:
        return text
    shut = r"\b(close|open) (?:the|its) (?:door|lid|flap)\b"
    rest = re.sub(shut, rf"\1 the {opens[1]}", text[opens.end() :], flags=re.IGNORECASE)
    away = re.compile(
        r"\b(put|stow|tuck|pack) ((?:the|my|our|both|all) [^.;,]+?) away(?=[,.; ].*\bclose\b)", re.IGNORECASE
    )
    return text[: opens.end()] + away.sub(rf"\1 \2 in the {opens[1]}", rest)
