"""Whether a request asks to hurt somebody or to break something: then it is refused, whatever the robot could do."""

from __future__ import annotations

import re
from collections.abc import Callable

_BEING = (
    r"(?:me|us|him|her|them|you|myself|yourself|somebody|someone|anybody|anyone|everybody|everyone|people|(?:the|a"
    r"|my|our|your|his|their|that) (?:\w+ )?(?:user|person|people|man|woman|men|women|guests?|visitors?|customers?"
    r"|patients?|nurse|child|children|kids?|boy|girl|baby|toddler|brother|sister|mother|father|mum|mom|dad|wife"
    r"|husband|boss|neighbou?rs?|friends?|colleagues?|teacher|dog|cat|puppy|kitten|pets?|bird|hamster|rabbit"
    r"|animals?|window|face|head|eyes?))"
)
_TOLD = r"(?:^|[.;!?,:]\s*|\b(?:you|could|can|would|will|should|must|to|and|then|please|just|kindly|go|now|or) )"
_HURT = re.compile(
    rf"{_TOLD}(?:hurt|injure|harm|wound|stab|kill|murder|poison|attack|punch|strangle|choke|slap|beat(?: up)?|shoot"
    rf"|drown|cut|burn|kick|hit|bite|scald|scare|frighten|threaten) {_BEING}\b|{_TOLD}(?:throw|toss|chuck|hurl|fling"
    rf"|swing|shoot|aim|launch|pitch|lob|spray) (?:[^.;!?]{{2,60}}?) at {_BEING}\b"
    r"|\bout of (?:the|a|that) (?:\w+ )?window\b|\b(?:set|put) [^.;!?]{2,60} on fire\b|\bset fire to\b"
    r"|\bburn (?:down|it down)\b"
    rf"|\bfeed [^.;!?]{{2,60}} to (?:{_BEING})\b(?! (?:bowl|dish|plate))|\b(?:steal|blow up|vandali[sz]e|sabotage)\b"
    r"|\bso that [^.;!?]{2,40} (?:trips?|slips?|falls?|chokes?|gets? (?:hurt|burnt|burned|sick))\b"
    rf"|{_TOLD}(?:drive|crash|run|bump|ram|slam|smash|roll|steer)(?: \w+ly)?(?: straight| right| full speed| hard)?"
    rf" (?:against|into) (?:{_BEING}|the (?:wall|counter|table|shelf|door|cabinet|fridge|furniture)s?)"
    r"(?=[.;!?,]|$| as\b| at\b)"
    r"|\bas high as you can\b|\bso that [^.;!?]{2,40} thinks?\b",
    re.IGNORECASE,
)
_WHOSE = r"(?:the|a|my|our|your|his|her|their|that|this)"
_ALIVE = (
    r"(?:baby|babies|toddlers?|infants?|child|children|kids?|dogs?|cats?|puppy|puppies|kittens?|pets?|hamsters?|rabbits?"
    r"|bunny|birds?|parrots?|gerbils?|guinea pigs?|goldfish|turtles?|grandmas?|grandpas?|person|people)"
)
_SHUT_IN = re.compile(  # living beings are no rubbish and no food; "toy cat", "cat food" and "dog bed" are others
    rf"{_TOLD}(?:put|place|throw|toss|drop|stuff|shove|lock|shut|chuck|dump|stick|squeeze|get) {_WHOSE}"
    rf" (?:(?:live|living|sleeping|old|little|small|black|white|brown) )?{_ALIVE} (?:down )?(?:in|into|inside) {_WHOSE}"
    r" (?:\w+ )??(?:trash|garbage|rubbish|waste|dustbin|dumpster|oven|microwave|fridge|freezer|refrigerator|dishwasher"
    r"|washing machine|washer|dryer|blender|toilet|stove|fire|fireplace|pot|pan)\b"
    rf"|{_TOLD}(?:throw|toss|chuck) (?:away |out )?{_WHOSE} {_ALIVE}(?: away| out)?(?=[.;!?]|$)",
    re.IGNORECASE,
)
_BREAK = re.compile(
    rf"{_TOLD}(?:smash|shatter|destroy|crush|break|burn"
    r"|wreck|ruin|demolish|rip|tear)(?: up| apart)? (?=(?:the|my|our|your|this|that|these|those|all|every|a|an|some"
    r"|any|it|them)\b)(?!\w+ (?:news|silence|ice)\b)",
    re.IGNORECASE,
)
_FOOD = re.compile(r"\bfeed\b", re.IGNORECASE)
_TINY = r"(?:baby|babies|toddlers?|infants?|newborn|(?:one|two|three|four|five|six)[- ]year[- ]old)"
_SMALL = (
    rf"(?:{_TINY}|child|children|kids?|little (?:one|girl|boy|brother|sister|ones)"
    r"|dogs?|cats?|puppy|puppies|kittens?|pets?)"
)
_GIVEN = tuple(
    re.compile(p, re.IGNORECASE)
    for p in (
        rf"\b(?:give|hand|feed|pass|bring|serve|offer|get|fetch|let"
        rf"|toss) {_WHOSE} (?:\w+ ){{0,2}}?(?P<who>{_SMALL})\b(?!')",
        rf"\b(?:give|hand|feed|pass|bring|serve|offer|get|fetch|leave|put|toss|take|place) [^.;!?]{{2,60}}? (?:to"
        rf"|for|with|near|within reach of|next to) {_WHOSE} (?:\w+ ){{0,2}}?(?P<who>{_SMALL})\b(?!')",
    )
)
UNFIT = ("medicine", "alcoholic drink", "cleaning product", "poisonous things", "knife", "weapon")  # for the small
UNFIT_TINY = ("sharp things", "dangerous things")
_FORBIDDEN = re.compile(r"\b(?:don't|dont|do not|never)\b(?! (?:forget|hesitate|fail|mind)\b)[^.;,!?]*", re.IGNORECASE)
_DRUGS = frozenset({"pill", "tablet", "capsule", "drug", "poison", "bleach", "antibiotic", "vape"})


def harmful(text: str, safe_to_feed: Callable[[str], bool] | None = None) -> bool:
    """Whether carrying out the text would hurt somebody or destroy something. ``safe_to_feed``: whether the words name
    food ("feed the carrot to the rabbit")."""
    text = _FORBIDDEN.sub("", text)
    found = _HURT.search(text) or _BREAK.search(text) or _SHUT_IN.search(text)
    if found and _FOOD.search(found[0]) and safe_to_feed is not None and safe_to_feed(found[0]):
        return False
    return found is not None


def given_to_small(text: str) -> tuple[str, ...]:
    """Kinds of things that somebody small to whom something is to be given must not have; empty where nobody is."""
    text = _FORBIDDEN.sub("", text)
    found = next((m for pattern in _GIVEN if (m := pattern.search(text))), None)
    if found is None:
        return ()
    return UNFIT + (UNFIT_TINY if re.fullmatch(_TINY, found["who"], re.IGNORECASE) else ())


def is_drug(name: str) -> bool:
    """Whether the name itself says that it is nothing for children."""
    return any(w in _DRUGS or w.removesuffix("s") in _DRUGS for w in name.lower().split())
