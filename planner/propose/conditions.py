"""Requests that depend on what is here: "if there is a lemon, ...", "should the cup be on the shelf, ..., else ...".

The condition is looked at before anything is read, and only the part that counts remains. What holds is the robot's
own state: what is here, what lies in or on what, what is empty, open or closed.
"""

from __future__ import annotations

import re

from planner.propose import vocabulary as v
from planner.propose.degrees import opposed
from planner.propose.lying import is_clear, related
from planner.propose.mention import Mention
from planner.propose.reasons import WILL_DO
from planner.propose.spelling import tokens_of
from planner.propose.words import Spotter
from skills.state import State
from skills.symbols import GroundAtom, Literal

_VERB = "|".join(sorted(v.PUT_VERBS | v.PICK_VERBS | {"find", "open", "close", "press", "push", "use", "go", "leave"}))
_IF = (
    r"^\W*(?:if|in case|provided(?: that)?|as long as|should)\s+(?P<what>(?:the|my|your|our|that"
    r"|this) [^,;.]+?)\s+(?P<no>not )?"
)
_BE = (
    r"(?:is|are|be|isn't|aren't|lies|lie|stands|stand|sits|sit)(?P<not> not)?(?: still| already| currently| now"
    r"| really)?"
)
_THEN = rf",? (?:then )?(?P<then>(?:please )?(?:{_VERB})\b[^;.]+?)"
_ELSE = (
    r"(?:[,;.]+\s*(?:otherwise|or else|else|if not|failing that|if (?:it|they) (?:is|are) not|if (?:it"
    r"|they) (?:isn't|aren't)|in case (?:it|they) (?:isn't|aren't|is not|are not)),? (?P<other>.+))?$"
)
_WHERE = re.compile(rf"{_IF}{_BE} (?:in|on|at|inside|on top of) (?P<where>[^,;.]+?){_THEN}[.! ]*{_ELSE}", re.IGNORECASE)
_STATE = re.compile(
    rf"{_IF}{_BE} (?P<state>empty|free|clear|full|filled|occupied|open|closed|shut){_THEN}[.! ]*{_ELSE}", re.I
)

_ASKED = re.compile(
    r"^\W*(?:is|are) (?P<what>(?:the|my|our|that|this) [\w' -]+?) (?P<how>(?:in|on|at|inside) [^,;.?]+|empty|full"
    r"|open|closed|shut)\? if (?:(?P<so>so|yes|it is|they are)|(?:not|no|it isn't"
    r"|they aren't))[,:]? (?:then )?(?:please )?",
    re.IGNORECASE,
)
_GOAL = re.compile(
    r"\b(?:in|into|on|onto|inside|to|at) (?:the|my|your|our|a|an) [^,;]+$|\b(?:to me|away|out)$", re.IGNORECASE
)
_OBJECT = re.compile(
    r"(?:please )?\w+ ((?:the|my|a|an|all the|every) [^,;.]*?) (?:in|on|at|to|into|onto|away)\b", re.IGNORECASE
)
_PLACE = re.compile(r"\b(?P<which>left|right|top|bottom|upper|lower|other|opposite) one\b", re.IGNORECASE)


_SEE = (
    r"(?:there(?:'s| is| are|'re| be| happens? to be)|(?:you|we)(?:'ve)?(?: can| could| happen to"
    r"| should)?(?: still)? (?:see|find|spot|have|got|notice|come across|have got))(?: still)?(?: any| some)?"
)
_NONE = (
    r"(?:there(?:'s| is| are) (?:no|not any|none of)|there (?:isn't|aren't)(?: any| an?)?|(?:you|we) (?:can't|cannot"
    r"|don't|do not) (?:see|find|have)(?: any| an?)?|(?:we're|we are|we've run|we have run|we ran) out of|(?:you"
    r"|we) have no)"
)
_ABSENT = re.compile(
    rf"^\W*(?P<if>if|in case|should|unless|provided(?: that)?|except if) (?:(?P<none>{_NONE})"
    rf"|{_SEE}) (?P<what>[^,;.]+?)(?: left| around| anywhere| here)*(?:, (?:then )?(?P<then>.+?)"
    rf"| (?:then )?(?P<bare>(?:please )?(?:{_VERB})\b.+?))"
    r"[. ]*(?:(?:[,;.]+ *| )(?:otherwise|or else|else|if not|failing that),? (?P<other>.+))?$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"^(?P<then>[^;.]+?),? (?P<cond>(?:but )?(?:only )?(?:if|in case|unless|provided(?: that)?) (?:(?:{_NONE}"
    rf"|{_SEE}) [^,;.]+"
    r"|(?:it|the [\w' -]+?|that|they)(?:'s| is| are| isn't| aren't)(?: not| still| already)? (?:empty|full|free"
    r"|clear|open|closed|shut|occupied|(?:in|on|at|inside) (?:the|my|our) [^,;.]+)))(?P<end>[.! ]*"
    r"|[,;.]+ *(?:otherwise|or else|else|if not),? .+)$",
    re.IGNORECASE,
)
_ELSE_GET = (
    r"(?:(?:,? (?:and )?or|,|;|\.),? (?:failing that|if (?:not|(?:there(?:'s| is| are| isn't| aren't)|you (?:can't"
    r"|cannot|don't) (?:find|see)|(?:we|you) (?:have|don't have|haven't got)|(?:we're|we are) out of)(?: none| any"
    r"| one| it| them| no more| that)?(?: left| there| here)?|that's (?:gone|out|not there|finished|all gone)"
    r"|it's (?:gone|not there|finished))|otherwise|else|alternatively|as a fallback)(?:,| then)?)"
)
_PREFERRED = re.compile(
    rf"^(?P<lead>\W*(?:please |could you |can you |would you |just )*)(?P<v>bring|get|give|fetch|hand|pass"
    rf"|find)(?P<me> me| us)? (?P<x>[^,;.?!]+?){_ELSE_GET} (?!.*\b(?:bring|get|put|leave|nothing"
    rf"|forget)\b)(?P<y>[^,;.?!]+?)(?: (?:will|would|does|is|'s)(?: just| also)? ?(?:do|fine|okay"
    r"|ok|good|work|be fine|alright)?| works| instead)?[.!? ]*$",
    re.IGNORECASE,
)
_LAST = re.compile(r"\b(?:in|into|on|onto|inside) (?P<y>(?:the|my|our) [\w' -]+)$", re.IGNORECASE)


def settled(text: str, spotter: Spotter, state: State) -> tuple[str, str]:
    """(what counts of the request here, why nothing of it does); the text itself where nothing depends on anything."""
    text = _ASKED.sub(lambda m: f"if {m['what']} is{'' if m['so'] else ' not'} {m['how']}, ", text)
    text = _BEHIND.sub(_first, _PREFERRED.sub(_wished, text))
    if m := _ABSENT.match(text):
        return _by_presence(m, spotter)
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
    other = WILL_DO.sub("", other)
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


def _wished(m: re.Match[str]) -> str:
    """ "Bring me tea or, failing that, coffee": whichever is here, the tea first."""
    order = f"{m['v']}{m['me'] or ''}"
    return f"if there is {m['x']}, {order} {m['x']}, otherwise {order} {m['y']}"


def _first(m: re.Match[str]) -> str:
    """ "Put the ball in the box if it is empty": the condition said first, "it" by its name."""
    cond = re.sub(r"^(?:but )?(?:only )?", "", m["cond"], flags=re.IGNORECASE)
    where = _LAST.search(m["then"])
    holder = where["y"] if where else _object(m["then"])
    cond = re.sub(r"\b(?:it|that|they)\b(?='s|n't| is| are)", holder, cond, count=1) if holder else cond
    cond = re.sub(r"'s (?=empty|full|free|clear|open|closed|shut|occupied|in\b|on\b|at\b|inside)", " is ", cond)
    if cond.lower().startswith("unless the "):
        cond = re.sub(r"\b(is|are)\b", r"\1 not", f"if{cond[6:]}", count=1)
    return f"{cond}, {m['then']}{m['end']}"


def _by_presence(m: re.Match[str], spotter: Spotter) -> tuple[str, str]:
    """ "If there is a lemon, ...", "unless there is tea, ...", "if we are out of milk, ...": what counts of it here."""
    what, then, other = m["what"], m["then"] or m["bare"], m["other"]
    words = [t.text for t in tokens_of(what)]
    here = any(not opposed(words, n) for x in spotter.spot(what) if not x.place for n in x.names)
    turned = bool(m["none"]) != (m["if"].lower() in ("unless", "except if"))
    if here != turned:
        return (re.sub(r"\b(?:it|one|them|some(?=\W*$))\b", what, then, count=1) if here else then), ""
    if other:
        return (_instead(then, other) if not here else other), ""
    return "", f"there is {what if here else f'no {what!r}'} here, and nothing is said of what to do then"
