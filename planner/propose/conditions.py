"""Requests that depend on what is here: "if there is a lemon, ...", "should the cup be on the shelf, ..., else ...".

The condition is looked at before anything is read, and only the part that counts remains. What holds is the robot's
own state: what is here, what lies in or on what, what is empty, open or closed.
"""

from __future__ import annotations

import re

from planner.propose import vocabulary as v
from planner.propose.lying import is_clear, related
from planner.propose.mention import Mention
from planner.propose.spelling import tokens_of
from planner.propose.words import Spotter
from skills.state import State
from skills.symbols import GroundAtom, Literal

_VERB = "|".join(sorted(v.PUT_VERBS | v.PICK_VERBS | {"find", "open", "close", "press", "push"}))
_IF = (
    r"^\W*(?:if|in case|provided(?: that)?|as long as|should)\s+"
    r"(?P<what>(?:the|my|your|our|that|this) [^,;.]+?)\s+(?P<no>not )?"
)
_BE = (
    r"(?:is|are|be|isn't|aren't|lies|lie|stands|stand|sits|sit)(?P<not> not)?"
    r"(?: still| already| currently| now| really)?"
)
_THEN = rf",? (?:then )?(?P<then>(?:please )?(?:{_VERB})\b[^;.]+?)"
_ELSE = (
    r"(?:[,;.]+\s*(?:otherwise|or else|else|if not|failing that|if (?:it|they) (?:is|are) not|if (?:it|they) (?:isn't"
    r"|aren't)|in case (?:it|they) (?:isn't|aren't|is not|are not)),? (?P<other>.+))?$"
)
_WHERE = re.compile(rf"{_IF}{_BE} (?:in|on|at|inside|on top of) (?P<where>[^,;.]+?){_THEN}[.! ]*{_ELSE}", re.IGNORECASE)
_STATE = re.compile(
    rf"{_IF}{_BE} (?P<state>empty|free|clear|full|filled|occupied|open|closed|shut){_THEN}[.! ]*{_ELSE}", re.I
)

_ASKED = re.compile(
    r"^\W*(?:is|are) (?P<what>(?:the|my|our|that|this) [\w' -]+?) "
    r"(?P<how>(?:in|on|at|inside) [^,;.?]+|empty|full|open|closed|shut)"
    r"\? if (?:(?P<so>so|yes|it is|they are)|(?:not|no|it isn't|they aren't))[,:]? (?:then )?(?:please )?",
    re.IGNORECASE,
)
_GOAL = re.compile(r"\b(?:in|into|on|onto|inside|to|at) (?:the|my|your|our|a|an) [^,;]+$|\baway$", re.IGNORECASE)
_OBJECT = re.compile(
    r"(?:please )?\w+ ((?:the|my|a|an|all the|every) [^,;.]*?) (?:in|on|at|to|into|onto|away)\b", re.IGNORECASE
)
_PLACE = re.compile(r"\b(?P<which>left|right|top|bottom|upper|lower|other|opposite) one\b", re.IGNORECASE)


_PRESENT = re.compile(
    r"^\W*(?:if|in case|should) (?:there (?:is|are)|there's|you (?:can )?(?:see|find|spot|have)) (?P<what>.+?),? "
    rf"(?:then )?(?P<then>(?:please )?(?:{_VERB}|go)\b.+?)[,;.]+\s*"
    r"(?:otherwise|or else|else|if not|failing that),? (?P<other>.+)$",
    re.IGNORECASE,
)


def settled(text: str, spotter: Spotter, state: State) -> tuple[str, str]:
    """(what counts of the request here, why nothing of it does); the text itself where nothing depends on anything."""
    text = _ASKED.sub(lambda m: f"if {m['what']} is{'' if m['so'] else ' not'} {m['how']}, ", text)
    if parts := _present(text):
        what, then, other = parts
        here = any(m.names and not m.place for m in spotter.spot(what))
        return (re.sub(r"\b(?:it|one|them)\b", what, then, count=1) if here else _instead(then, other)), ""
    m = _WHERE.match(text) or _STATE.match(text)
    if m is None:
        return text, ""
    things = [x for x in spotter.spot(m["what"]) if x.names and not x.place]
    true = _holds(m, things, spotter, state) if things else None
    if true is None:
        return text, ""
    if true:
        noun = (m.groupdict().get("where") or "").split()[-1:]
        then = _PLACE.sub(rf"\g<which> {noun[0]}", m["then"]) if noun and noun[0] in ("side", "corner") else m["then"]
        return re.sub(r"\b(?:it|them)\b", m["what"], then, count=1), ""
    if m["other"]:
        return re.sub(r"\b(?:it|them)\b", _object(m["then"]) or m["what"], _instead(m["then"], m["other"]), count=1), ""
    said = text[m.start("what") : m.start("then")].strip(" ,")
    return "", f"{said!r} is not so now, and nothing is said of what to do then"


def _holds(m: re.Match[str], said: list[Mention], spotter: Spotter, state: State) -> bool | None:
    negated = bool(m["not"] or m["no"]) or "n't " in m[0][: m.start("then")]
    names = said[0].names
    fields = m.groupdict()
    if fields.get("where"):
        places = [n for x in spotter.spot(f"in {m['where']}") for n in x.names]
        return any(related(a, b, state) for a in names for b in places) != negated if places else None
    word = m["state"].lower()
    if word in ("open", "closed", "shut"):
        predicate = "open" if word == "open" else "closed"
        return any(state.holds(Literal(GroundAtom(predicate, (n,)))) for n in names) != negated
    empty = all(is_clear(n, state) for n in names)
    return (empty == (word in ("empty", "free", "clear"))) != negated


def _instead(then: str, other: str) -> str:
    """The other part, with the verb and the destination of the first where it has none ("put the lemon in the bowl,
    otherwise the pear")."""
    words = {t.text for t in tokens_of(other)}
    if words & v.VERBS:
        return other
    goal = _GOAL.search(then)
    same = f" {goal[0]}" if goal and not words & v.PLACE_PREPOSITIONS else ""
    return f"{then.split()[0]} {other.rstrip('.! ')}{same}"


def _object(then: str) -> str:
    """What the first part is about, for a pronoun in the other one: "put the pebble in it": the pebble."""
    m = _OBJECT.match(then)
    return m[1] if m else ""


def _present(text: str) -> tuple[str, str, str] | None:
    """(what has to be here, what to do then, what to do otherwise) of "if there is a lemon, bring it, otherwise the
    pear"; None for any other sentence."""
    m = _PRESENT.match(text)
    return (m["what"], m["then"], m["other"]) if m else None
