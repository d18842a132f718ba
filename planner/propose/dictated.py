"""Speech written down as it came: no apostrophes, words said twice, "no wait" in the middle, a number that grows.

What marks a change of mind is set apart by commas, for the rules of `planner.propose.revise`; where a new order begins
without a stop, one is put in. Only closed patterns of English. Used by `planner.propose.wording` before anything else.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from planner.propose import vocabulary as v

APOSTROPHES = {
    "dont": "don't", "doesnt": "doesn't", "didnt": "didn't", "isnt": "isn't", "arent": "aren't", "wasnt": "wasn't",
    "cant": "can't", "couldnt": "couldn't", "shouldnt": "shouldn't", "wouldnt": "wouldn't", "havent": "haven't",
    "hasnt": "hasn't", "thats": "that's", "whats": "what's", "wheres": "where's", "theres": "there's", "im": "i'm",
    "ive": "i've", "youre": "you're", "theyre": "they're", "hes": "he's", "shes": "she's", "lets": "let's",
}  # fmt: skip
_APOSTROPHE = re.compile(rf"(?<![\w'’-])(?:{'|'.join(APOSTROPHES)})(?![\w'’-])", re.IGNORECASE)
_TWICE = re.compile(r"(?<![\w'-])(?P<x>[a-z']+)(?P<gap>,? )(?P=x)(?![\w'-])", re.IGNORECASE)
_AGAIN = v.words("very really that had so no far bye ha ho one two had")  # these may rightly follow themselves
_NUMBER = r"(?:one|two|three|four|five|six|seven|eight|nine|ten)"
_COUNTED = re.compile(rf"\b{_NUMBER},? (?P<n>{_NUMBER})(?= (?!or\b|to\b|of\b)[a-z])", re.IGNORECASE)
_CALLED = re.compile(
    r",? ?\b(?:what(?:'s| is| do you call) (?:it|that|the (?:word|name))(?: called| again| for it)*"
    r"|what do you call (?:it|that)|how do you (?:say|call) (?:it|that)?|what was it(?: called)?|whatchamacallit)"
    r"(?: again| now)?\b\??,?(?= \w)",
    re.IGNORECASE,
)
_WAIT = (
    r"(?:no+|wait|sorry|(?:hang|hold) on(?! to\b)|stop|oops|scratch that|strike that|scrap that|forget that|my"
    r" mistake|my bad"
    r"|i mean|i meant|or rather|correction|actually|you know what|on second thoughts?|make (?:it|that)|let's (?:say"
    r"|do|go"
    r" with|make it)|never mind|or (?:maybe )?better(?: yet)?|well|oh|rather|or|but|instead|better)"
)
_STRONG = (
    r"(?:no,? (?:wait|sorry|actually|make (?:it|that)|i mean|not)|wait,? no|sorry,? (?:no|i mean|i meant)|scratch that"
    r"|strike that|scrap that|forget that|my mistake|my bad|i meant|or rather|you know what|on second thoughts?"
    r"|or actually|actually,? (?:no|make (?:it|that))|or no|(?:hang|hold) on(?! to\b))"
)
_MIND = re.compile(
    rf"(?P<lead>\w),? (?P<run>(?:{_WAIT},? )*?{_STRONG},?(?: {_WAIT}\b,?)*) (?=\w)"
    rf"(?!(?:{_NUMBER}|all|both)(?: of them)?\s*(?:$|[.;,!?]))",
    re.IGNORECASE,
)
_NOT = re.compile(
    r",? (?:actually|well|oh|wait|no|but|hm+)(?:,? (?:actually|wait|no|well|but))*,? not (?P<x>(?:the|my|our|that)"
    r" [\w' -]+?)"
    r"(?=\s*(?:$|[.;!?]|and\b|but\b))",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"^\W*(?:(?:stop|wait|no|hold on|hang on|hey|oh)[,!. ]+)+(?=(?:don't|do not|not|never|bring|put)\b)", re.I
)
_THANKS = re.compile(
    r"(?<=\w),? (?:thank you|thanks|cheers|ta)(?: (?:so much|very much|a lot))?(?=\W|$)", re.IGNORECASE
)
_MOST = re.compile(
    r"\b(?P<way>left|right|top|upper|bottom)[ -]most\b|\b(?:farthest|furthest|most)[ -](?P<far>left|right)\b(?= \w)",
    re.I,
)
_ORDER = (
    r"(?:put|bring|move|take|grab|get|give|fetch|throw|place|pick|hand|open|close) "
    r"(?=(?:the|an?|my|our|some|me|us|it|them|that|this|all|both|every|everything|up)\b)"
)
_NEXT = re.compile(rf"(?P<last>[\w'-]+) (?={_ORDER})", re.IGNORECASE)


def dictated(text: str, called: Collection[str] = ()) -> str:
    """The text with such speech set apart; ``called``: words of the names of what is here, which stay."""
    text = _APOSTROPHE.sub(lambda m: m[0] if m[0].lower() in called else APOSTROPHES[m[0].lower()], text)
    text = _CALLED.sub("", text)
    text = _TWICE.sub(lambda m: m[0] if m["x"].lower() in _AGAIN or m["x"].lower() in called else m["x"], text)
    text = _COUNTED.sub(r"\g<n>", text)
    text = _STOP.sub("", text)
    text = _taken_back(text)
    text = _MIND.sub(r"\g<lead>, no wait, ", text)
    text = _THANKS.sub("", text)
    text = _MOST.sub(lambda m: f"{(m['way'] or m['far']).lower().replace('upper', 'top')}most", text)
    return text if re.search(r"[,;.!?](?= )", text) else _NEXT.sub(lambda m: _stopped(m, called), text)


def _taken_back(text: str) -> str:
    """ "... and so does the ham, actually not the ham": only what was said before it."""
    m = _NOT.search(text)
    if m is None or not m.start():
        return text
    lead = text[: m.start()]
    what = re.escape(m["x"].strip())
    joined = re.search(
        rf",? (?:and|plus|or) (?:so (?:do|does|should|must|can|will) )?{what}(?: (?:too|as well|also))*[, ]*$",
        lead,
        re.I,
    )
    return lead[: joined.start()] + text[m.end() :] if joined else f"{lead}, except {m['x']}{text[m.end() :]}"


def _stopped(m: re.Match[str], called: Collection[str]) -> str:
    """A new order behind a name or "it" begins a sentence: "in the bowl put the cup ..."."""
    ends = m["last"].lower() in called or m["last"].lower() in ("it", "them", "there", "here", "instead")
    begun = re.search(rf"\b{_ORDER}", m.string[: m.start()], re.IGNORECASE)
    return f"{m['last']}. " if ends and begun else m[0]
