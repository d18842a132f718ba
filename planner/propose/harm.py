"""Whether a request asks to hurt somebody or to break something: then it is refused, whatever the robot could do."""

from __future__ import annotations

import re
from collections.abc import Callable

_BEING = (
    r"(?:me|us|him|her|them|you|myself|yourself|somebody|someone|anybody|anyone|everybody|everyone|people|(?:the|a|my|our|your"
    r"|his|their|that) (?:\w+ )?(?:user|person|people|man|woman|men|women|guests?|visitors?|customers?"
    r"|patients?|nurse|child"
    r"|children|kids?|boy|girl|baby|toddler|brother|sister|mother|father|mum|mom|dad|wife|husband|boss|neighbou?rs?|friends?"
    r"|colleagues?|teacher|dog|cat|puppy|kitten|pets?|bird|hamster|rabbit|animals?|window|face|head|eyes?))"
)
_TOLD = r"(?:^|[.;!?,:]\s*|\b(?:you|to|and|then|please|just|kindly|go|now|or) )"
_HURT = re.compile(
    rf"{_TOLD}(?:hurt|injure|harm|wound|stab|kill|murder|poison|attack|punch|strangle|choke|slap|beat(?: up)?|shoot"
    rf"|drown|cut|burn"
    rf"|kick|hit|bite|scald|scare|frighten|threaten) {_BEING}\b"
    rf"|{_TOLD}(?:throw|toss|chuck|hurl|fling|swing|shoot|aim|launch|pitch|lob"
    rf"|spray) (?:[^.;!?]{{2,60}}?) at {_BEING}\b"
    r"|\bout of (?:the|a|that) (?:\w+ )?window\b|\b(?:set|put) [^.;!?]{2,60} on fire\b|\bset fire to\b"
    r"|\bburn (?:down|it down)\b"
    rf"|\bfeed [^.;!?]{{2,60}} to (?:{_BEING})\b(?! (?:bowl|dish|plate))|\b(?:steal|blow up|vandali[sz]e|sabotage)\b"
    r"|\bso that [^.;!?]{2,40} (?:trips?|slips?|falls?|chokes?|gets? (?:hurt|burnt|burned|sick))\b"
    r"|\bas high as you can\b|\bso that [^.;!?]{2,40} thinks?\b",
    re.IGNORECASE,
)
_BREAK = re.compile(
    rf"{_TOLD}(?:smash|shatter|destroy|crush|break|burn"
    r"|wreck|ruin|demolish|rip|tear)"
    r"(?: up| apart)? (?=(?:the|my|our|your|this|that|these|those|all|every|a|an|some|any|it"
    r"|them)\b)(?!\w+ (?:news|silence|ice)\b)",
    re.IGNORECASE,
)
_FOOD = re.compile(r"\bfeed\b", re.IGNORECASE)


def harmful(text: str, safe_to_feed: Callable[[str], bool] | None = None) -> bool:
    """Whether carrying out the text would hurt somebody or destroy something. ``safe_to_feed``: whether the words name
    food ("feed the carrot to the rabbit")."""
    found = _HURT.search(text) or _BREAK.search(text)
    if found and _FOOD.search(found[0]) and safe_to_feed is not None and safe_to_feed(found[0]):
        return False
    return found is not None
