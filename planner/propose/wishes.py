"""What somebody wishes without asking: "I could murder a tea", "grandpa needs his cane", "this milk smells off".

Behind a wish stands what is to be brought; what has gone bad is to be thrown away. Only closed patterns of English.
Used by `planner.propose.turns`.
"""

from __future__ import annotations

import re

START = r"(?:^|(?<=[.;!?,]))\s*(?:(?:and|but|so|then|well|ok(?:ay)?|oh|yes|please|um|uh),? )*"
_GOOD = r"(?:nice|great|lovely|good|perfect|wonderful|welcome|fine)"
# a wish of the speaker: "what I need is", "I wouldn't say no to"; behind it stands what is to be brought
_WANTS = re.compile(
    rf"{START}(?:"
    r"(?:what|all|the only thing) (?:i(?:'m| am)?|we(?:'re| are)?) "
    r"(?:need|want|missing|looking for|after|would like|lack)"
    r"(?: now| right now)? (?:is|are)"
    r"|you know what (?:i|we)(?:'d)? (?:want|need|like|fancy)\?"
    r"|(?:i|we)(?:'m| am|'re| are) (?:after|looking for|in need of|hoping for|longing for|dying for|craving"
    r"|in the mood for|missing)"
    r"|(?:i|we)(?:'d| would| could) (?:really |just |so |absolutely )*(?:kill for|go for|do with|use|give anything for"
    r"|murder|demolish|devour|eat|drink|down)|(?:(?:i|we) wish (?:i|we)|if only (?:i|we)) (?:had|could have|could get)"
    r"|(?:i|we)(?:'d| would)n't (?:say no to|mind)|(?:i|we) (?:would not|wouldn't) (?:say no to|mind)"
    r"|(?:i|we) (?:feel like|fancy|crave)|(?:i|we)(?:'ll| will) have|nothing would be better(?: right)?(?: now)? than"
    r"|(?:is there )?any chance of|(?:do|have) (?:we|you) (?:have|got)|(?:could|can|may) (?:i|we) (?:have|get)"
    r") (?=(?:a|an|any|some|the|my|our|this|that|these|those|one|two|three|something|anything|either|\w+s)\b)"
    r"(?!(?:something|anything)(?: for (?:me|us|it|that))?\W*$)(?!(?:something|anything)(?: for (?:me|us|it"
    r"|that))? ?[.!?])",
    re.IGNORECASE,
)
_KIN = r"(?:mommy|mummy|mom|mum|mama|daddy|dad|papa|grandma|granny|nana|grandpa|granddad|auntie|uncle|baby)"
_OTHERS_WANT = re.compile(
    rf"{START}(?:(?:my|the|our|a) \w+|{_KIN}) (?:would (?:really )?(?:like|love)|wants?|needs?|is (?:after|asking for"
    rf"|waiting for)|asks for)"
    r" (?=(?:a|an|any|some|the|my|our|one|two|three|something)\b)",
    re.IGNORECASE,
)
_PLEASE = re.compile(
    rf"{START}(?:i think |maybe |perhaps )?(?P<x>(?:a|an|any|some|one|two|three|either"
    rf"|something) [^.;!?,]+?),? please\W*$",
    re.IGNORECASE,
)
_HELPS = re.compile(
    rf"{START}(?:maybe |perhaps |possibly )?(?P<x>(?:the|my|our|his|her|their|that|this|an?|some) [^.;,?!]+?) (?:would"
    r"|might|could|should|may) (?:really |maybe "
    r"|perhaps |probably )*(?:help|do the (?:trick|job)|come in handy|be (?:handy|useful|of (?:use|help)|just the thing"
    r"|what (?:i|we) need)|calm (?:him|her|them|me)(?: down)?|make (?:me|him|her|us) (?:feel )?(?:happy|better))"
    r"(?: (?:me|us|him|her|now|here|a lot|a bit|right now|with that|with it|there))*(?=\s*(?:$|[.;!?]))",
    re.IGNORECASE,
)
_HANDY = re.compile(
    rf"{START}(?:is|are) there (?:anything|something)(?: around| here| lying around)* (?:that|which) (?:would|could|can"
    r"|will|might) (?P<v>[a-z]+ [^.;!?]+?)(?: for (?:me|us))?\?",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r"\b(?:i|we)(?:'m| am|'re| are)? (?:shouldn't|should not|can't|cannot|mustn't|must not|don't|do not|won't|not"
    r" supposed"
    r" to|not allowed to|better not)(?: really)? (?:eat|have|drink|take|touch|tolerate|stand)? ?(?:any |so much |too"
    r" much "
    r"|more )*(?P<x>[a-z-]+)(?: (?:any ?more|today|now|tonight|again|at the moment))*[,;.]* (?:but|so|yet|still)?,?"
    r" ?(?P<rest>"
    r"(?:i|we|could|can|bring|get|give|please|would)\b[^.;!?]*?\b(?:an?|some|any|something|anything)"
    r"(?: (?:nice|other|good|little))? ?[a-z]*)(?=\s*(?:$|[.;,!?]))",
    re.IGNORECASE,
)
_HOW_ABOUT = re.compile(
    rf"{START}(?:how|what) about (?P<x>(?:something|some|an?|another|one of) [^.;?!,]+?)(?: for (?:me|us|now))?\?+\W*$",
    re.IGNORECASE,
)
_ROTTEN = r"(?:rotten|mouldy|moldy|spoil(?:ed|t)|rancid|expired|stale|past (?:its|their) (?:date|best))"
_VERY = r"(?: (?:a bit|really|quite|totally|all|pretty|definitely|rather|so))*"
_BAD = re.compile(
    rf"{START}(?P<x>(?:the|my|our|that|this|these|those) [^.;,?!]+?) (?:(?:smells?|looks?|tastes?|(?:has|have) gone"
    r"|went"
    rf"|turned){_VERY} (?:off|bad|funny|foul|{_ROTTEN})|(?:is|are|has|have|got|seems?|looks?)(?: gone| been)?{_VERY}"
    rf" {_ROTTEN})(?: to me| now| already| again| by now)*(?=\W*$)",
    re.IGNORECASE,
)
_DISCARDS = re.compile(
    r"\b(?:throw|throwing|toss|chuck|discard|dispose|bin|trash|dump|get rid|goes? (?:off|bad)|gone (?:off|bad)"
    rf"|went (?:off|bad)|{_ROTTEN})\b",
    re.IGNORECASE,
)
_STILL_GOOD = re.compile(
    rf"{START}(?P<x>(?:the|my|our|that|this|these|those) [^.;,?!]+?) (?:still )?(?:(?:is|are|looks?|smells?|tastes?"
    r"|seems?)(?: still| perfectly| quite| totally| just| all)* (?:fine|good|ok(?:ay)?|all right|alright|fresh|edible"
    r"|usable)|(?:isn't|aren't|is not|are not|hasn't|haven't|has not|have not)(?: gone| been| turned)?"
    rf" (?:off|bad|{_ROTTEN}))(?: to (?:eat|drink|use)| enough| still| yet| though)*"
    r"(?=\s*(?:$|[.;,!?](?!\s*(?:but |so |please |then )*[a-z]+ (?:it|them|that)\b)))",
    re.IGNORECASE,
)
# something is not where it should be, and that is to be put right
_RIGHT = (
    r"[,.;:!-]+ *(?:(?:so|please|and|then|now|just|kindly|could you|can you|would you)[, ]+)*(?:fix|change|correct"
    r"|rectify|remedy|sort|put|set|see to|take care of|deal with|do something about)"
    r" (?:it|that|this|them)(?: right| out| straight| please| for (?:me|us)| now)*(?=\s*(?:$|[.;,!?]))"
)
_IN = r"(?P<p>in|on|at|inside) (?P<y>(?:the|my|our|its|their) [\w' -]+?)"
_NOT = r"(?:still |just |also )*(?:isn't|is not|aren't|are not)(?: still| yet| quite)*"
_NOT_IN_YET = re.compile(
    rf"{START}there(?:'s| is|'re| are)(?: still| also| just| only)* (?P<n>an?|one|some|two|three|a few|several) "
    rf"(?P<x>[\w' -]+?) (?:that|which) {_NOT} {_IN}(?: yet)?{_RIGHT}",
    re.IGNORECASE,
)
_AMISS = re.compile(
    rf"{START}(?P<x>(?:(?:one|two|some|all) of )?(?:the|my|our|these|those) [^.;,?!]+?) (?:{_NOT}|(?:is|are)"
    rf" (?:still )?missing(?: from)?|(?:should|ought to|(?:is|are) supposed to) be)"
    rf" (?:{_IN}|(?P<z>(?:the|my|our) [\w' -]+?))(?: yet)?"
    rf"(?:,? (?:but|and|yet) (?:it|they)(?:'s| is| are|'re)?(?: still)?(?: not|n't)?)?{_RIGHT}",
    re.IGNORECASE,
)
# what something is to go with says nothing of where it goes
ALONGSIDE = re.compile(
    r" (?:to go (?:along )?with|to have with|to enjoy with|to accompany) (?:my|the|this|that|our) (?P<n>[a-z-]+)"
    r"(?=\s*(?:$|[.;,!?]))",
    re.IGNORECASE,
)
_WANTED = re.compile(
    rf"{START}(?P<x>(?:a|an|any|some|something|one|two|either|another) [^.;,?!]+?) would (?:really |also )?"
    rf"(?:be {_GOOD}|do me good|hit the spot|help)(?: right now| now)?",
    re.IGNORECASE,
)
_MOVED = re.compile(r"\b(?:in|into|on|onto|to|at|inside|put|move|goes|belongs)\b", re.IGNORECASE)
_VAGUELY = re.compile(r"(?<=bring me )anything(?! (?:in|on|at|from|inside)\b)(?= \w)", re.IGNORECASE)


def spared(text: str) -> str:
    """ "I mustn't have any salt, but I'd love a snack": a snack without salt."""
    return _WITHOUT.sub(r"\g<rest> without \g<x>", text)


def wished(text: str) -> str:
    """The text with such wishes said as requests."""
    text = _HOW_ABOUT.sub(r" bring me \g<x>", text)
    text = _NOT_IN_YET.sub(_not_there, text)
    text = _AMISS.sub(lambda m: f" put {m['x']} {m['p'] or 'to'} {m['y'] or m['z']}", text)
    if _DISCARDS.search(text):
        text = _STILL_GOOD.sub(r" leave \g<x> alone", text)
    text = _BAD.sub(r" throw away \g<x>", text)
    text = _HELPS.sub(r" bring me \g<x>", _HANDY.sub(r" bring me something to \g<v>", text))
    text = _OTHERS_WANT.sub(" bring me ", _WANTS.sub(" bring me ", text))
    if (asked := _PLEASE.search(text)) and not _MOVED.search(asked["x"]):
        text = f"{text[: asked.start()]} bring me {asked['x']}"
    return _VAGUELY.sub("something", _WANTED.sub(r" bring me \g<x>", text))


def _not_there(m: re.Match[str]) -> str:
    """ "There is one sock that is not in the hamper. Fix that": the one that is not there goes there."""
    one = m["n"].lower() in ("a", "an", "one")
    where = f"{m['p']} {m['y']}"
    return f" put {'the' if one else 'all the'} {m['x']} that {'is' if one else 'are'} not {where} {where}"
