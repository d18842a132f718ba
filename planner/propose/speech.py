"""How people speak: fillers, false starts, hedges, what somebody else is said to want; the request inside is left.

"I think you could ...", "tell the robot to ...", "my feeling is that ...", "assuming we have some, ..." say nothing of
what is to be done. Only closed patterns of English; what stands in them stays as it was said. Used by
`planner.propose.wording` before any other turn of phrase.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_START = r"(?P<lead>(?:^|(?<=[.;!?,:]))\W*(?:(?:and|but|so|then|well|ok(?:ay)?|oh|yes|please|hey|hi|hello|robot),? )*)"
_FILLER = re.compile(r",?(?<![\w'-])(?:u+h+m*|u+m+|e+rm*|h+m+|mm+|erm)(?![\w'-])[,.]*(?:\s*\.{2,})?", re.IGNORECASE)
_ASIDE = re.compile(
    r"(?<=[,.\w]) (?:like|you know|you see|i guess|i suppose|let's say|let me see|let me think"
    r"|how do you call it)(?:,|(?=\.{2,})) ?|, (?:like|you know|as i said|if i'm honest|to be honest|obviously"
    r"|of course|by the way)(?=,)",
    re.IGNORECASE,
)
# spellings of a hurried hand
INFORMAL = {
    "u": "you", "ya": "you", "ur": "your", "yr": "your", "r": "are", "plz": "please", "pls": "please", "plse": "please",
    "pleez": "please", "thx": "thanks", "gimme": "give me", "lemme": "let me", "wanna": "want to", "gonna": "going to",
    "gotta": "have to", "needa": "need to", "da": "the", "dat": "that", "em": "them", "dis": "this", "dem": "them",
    "cos": "because", "cuz": "because", "coz": "because", "4": "for", "2": "to", "n": "and", "kinda": "", "sorta": "",
    "w/": "with", "outta": "out of", "dunno": "do not know", "tho": "though", "rly": "really", "abt": "about",
}  # fmt: skip
_INFORMAL = re.compile(
    rf"(?<![\w'-])(?:{'|'.join(re.escape(w) for w in INFORMAL if not w.isdigit())})(?![\w'-])"
    r"|(?<=\w )4(?= (?:me|us|the|my|him|her)\b)|(?<=\w )2(?= (?:me|us|the|my)\b)",
    re.IGNORECASE,
)
_TWICE = re.compile(
    r"\b(?P<x>the|a|an|my|our|that|this|to|in|on|into|put|bring|take|move|please|could you|can you|i|it)(?:,|\.{2,}"
    r"|\s-+)? (?P=x)\b(?! (?:one|other))",
    re.IGNORECASE,
)
_CUT = re.compile(r"\.{3,}|…")
_WHO = r"(?:(?:my|our|the|your|her|his) (?:[\w-]+ )?[\w-]+|he|she|they|someone|somebody|mom|mum|dad|grandma|grandpa)"
_VIEW = r"(?:feeling|sense|hunch|guess|view|opinion|impression|preference|vote|hope|advice|request|thinking|point)"
_AIM = r"(?P<you>you (?:could|can|should|might|may|would|had better|ought to|need to|have to|must|are to|will) )"
_HEDGES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(p, re.IGNORECASE), r)
    for p, r in (
        # whose opinion it is
        (rf"{_START}(?:my|our) (?:\w+ )?{_VIEW} (?:is|was|would be) that,? ", r"\g<lead>"),
        (rf"{_START}(?:if (?:you ask|it were up to) me|in my (?:opinion|view)|to my mind|personally|ideally|honestly"
         r"|preferably|basically|as usual|at some point|when possible|real quick),? ", r"\g<lead>"),
        (rf"{_START}(?:i|we)(?:'d| would)? (?:really |just )?(?:think|believe|feel|reckon|suppose|figure|suggest"
         rf"|propose"
         r"|imagine|bet|say|argue|recommend|insist|expect|hope|ask)(?: that|,)? (?=(?:you|it would|it'd|the best)\b)",
         r"\g<lead>"),
        (rf"{_START}(?:i|we)(?:'d| would)? (?:suggest|propose|recommend|say) (?P<v>\w+ing) ", r"\g<lead>start \g<v> "),
        (rf"{_START}(?:perhaps|maybe|possibly|surely|probably),? (?P<you>you (?:can|could|might|may|should|would|want"
         r" to) )(?:also |please |kindly )?(?=\w)", r"\g<lead>\g<you>"),
        (rf"{_START}(?:it(?:'d| would| might| may) be (?:best|better|good|great|nice|ideal|wise|helpful|lovely|safer"
         r"|easier|smart|kind of you)|(?:the )?(?:best|right|smart|safest) (?:thing|way|idea)(?: to do)? (?:is"
         r"|would be|might be)) (?:if you (?:could |would |can )?|(?:for you )?to )", r"\g<lead>you could "),
        (rf"{_START}(?:what if|how about(?: if)?|what about if|suppose) you(?:'d| would| could| were to)? "
         r"(?=\w+ (?:the|my|our|all|it|this|that|these|those|them|every|a|some|one|both)\b)", r"\g<lead>could you "),
        # it is somebody else who asks
        (rf"{_START}(?:please )?(?:tell|ask|instruct|order|remind|command) (?:the |that |our |my )?(?:robot|machine|bot"
         r"|it|arm|helper|assistant|him|her) (?:to|that (?:it|he|she) (?:should|must|has to)) ", r"\g<lead>"),
        (rf"{_START}(?:have|get|let|make) (?:the |that |our )(?:robot|machine|bot) (?:to )?(?=\w+ (?:the|my|all|a)\b)",
         r"\g<lead>"),
        (rf"{_START}{_WHO} (?:just |always |really )?(?:says?|said|thinks?|thought|believes?|insists?|insisted"
         rf"|suggests?"
         r"|suggested|reckons?|mentioned|decided|claims?|feels?|(?:has )?(?:told|reminded) (?:me|us"
         r"|you)) (?:that )?(?=(?:the|my|our|all|this|that|these|those|every|both|each|you"
         r"|it would)\b)", r"\g<lead>"),
        (rf"{_START}{_WHO} (?:asked|told|wants?|wanted|would (?:like|love)|'d like|needs?|expects?|begs?|wishes)"
         r"(?: (?:me|us))?(?: to (?:ask|tell|have|get))?(?: for)? you to ", r"\g<lead>"),
        (rf"{_START}(?:i|we) (?:was|were|have been|'ve been|am|'m)(?: just)? (?:asked|told|supposed|meant) to (?:ask"
         rf"|tell"
         r"|have|get|let) you to ", r"\g<lead>"),
        (rf"{_START}(?P<w>{_WHO} (?:wants?|would (?:like|love|prefer)|prefers?|needs?) (?:to (?:have|see) )?)"
         r"(?:his|her|their) (?=[^.;,!?]+ (?:in|on|into|onto|at|inside|next to|beside|near|close to|behind|to the)\b)",
         r"\g<lead>\g<w>the "),
        # the wish of somebody else for a thing somewhere: "my wife wants the plant on the table"
        (rf"{_START}{_WHO} (?:wants?|would (?:like|love|prefer)|prefers?|likes?|needs?) (?:to (?:have|see) )?"
         r"(?P<x>(?:the|my|our|his|her|their|this|that|these|those|all|both|every) [^.;,!?]+?) (?:(?:to (?:be|go|stand"
         r"|sit|lie|live|rest|stay|end up|be (?:put|placed|moved|kept|set))|standing|sitting|lying)(?: right| down"
         r"| up)* )?(?P<p>in|on|into|onto|at|inside|next to|beside|near|close to|behind|in front of|on top of"
         r"|to the (?:left|right) of) (?=(?:the|my|our|his|her|their|a|an|this|that)\b)",
         r"\g<lead>put \g<x> \g<p> "),
        # whether it can be done
        (rf"{_START}(?:i(?:'m| am| was)?|we(?:'re| are| were)?) (?:just )?(?:wonder(?:ing|ed)?|curious|asking"
         rf"|thinking|hoping) (?:if|whether|that)(?: (?:maybe|perhaps))? {_AIM}", r"\g<lead>\g<you>"),
        (rf"{_START}(?:i(?:'m| am| was)?|we(?:'re| are| were)?) (?:just )?(?:wonder(?:ing|ed)?|curious|asking|hoping)"
         r" (?:if|whether|that) (?P<x>(?:the|my|our|all|these|those|this|that|both) [^.;,!?]+?) (?:could|can|might"
         r"|may|would)(?: please)? (?=(?:be|go)\b)", r"\g<lead>\g<x> should "),
        (rf"{_START}(?:is|would) it (?:be )?(?:ok(?:ay)?|all right|alright|possible|fine|too much|feasible|convenient)"
         r"(?: (?:with|for) you)? (?:if you|for you to|to) ", r"\g<lead>could you "),
        (rf"{_START}(?:do (?:me|us) (?:a|the|this|one) (?:\w+ )?(?:favou?r|kindness|service)|be (?:a dear|an angel"
         rf"|a love"
         r"|so kind|kind enough|a good (?:robot|bot|sport))|make (?:my day|me happy|yourself useful))(?:,| and|:|;"
         r"|\.)? (?:and )?(?=\w)(?!to\b)", r"\g<lead>"),
        (rf"{_START}(?:(?:would you |please )?see (?:to it )?that|it (?:would|'d) make me (?:so )?happy to (?:find"
         rf"|see|have)"
         r"|i(?:'d| would) (?:be happy|love|like) to (?:find|see)) (?P<x>(?:the|my|our|all|this|that|these|those"
         r"|every|both) [^.;,!?]+?) (?:ends? up|gets?|goes|lands?|lies|safely|neatly|out of sight|tidied away"
         r"|put away|back)(?: up)? (?=(?:in|into|on|onto|at)\b)", r"\g<lead>put \g<x> "),
        (rf"{_START}(?P<x>(?:i|we)(?:'ll| will)) (?:take|have|go with|try) (?=(?:the|a|an|some|any|one|two|three)\b)",
         r"\g<lead>bring me "),
        (rf"{_START}(?:i|we)(?:'d| would) (?:(?:rather|sooner) (?:have|take)|take|choose|pick|prefer|settle for|go with"
         r"|be (?:really |very |so )?(?:glad of|grateful for|thankful for|happy with|glad to have)|appreciate|enjoy"
         r"|love to have|like to have) (?=(?:the|a|an|some|any|one|two|three|my|that|this|\w+s)\b)(?!to\b)",
         r"\g<lead>bring me "),
        # if it is there at all
        (r"(?:^|(?<=[.;!?,]))(?P<lead>\W*)(?:assuming(?: that)?|provided(?: that)?|if|in case|supposing"
         r"|as long as) (?:(?:we|you|they)(?:'ve| have)?(?: still| already)? (?:have|got|find|see|can find)"
         r"|there(?:'s| is| are|'re)(?: still)?) (?:some|any|one|it|them|that|those|enough)(?: of (?:it|them"
         r"|those))?(?: left| around| here| there| at all)?(?: *(?P<end>[,.!?]|$),? ?(?:then )?)", r"\g<lead>"),
        (r",? (?:if|when|where|as long as)(?: it(?:'s| is)| at all)? (?:possible|available|convenient|around|there"
         r"|ok(?:ay)?(?: (?:with|for) you)?|not too much (?:trouble|to ask|work|bother|hassle)|no (?:trouble"
         r"|bother))(?= *(?:[,.!?]|$)),?", ""),
        (r",? if (?:you(?:'re| are| have| don't| would| could| can| please| like| wish| mind| get)(?: (?:so kind"
         r"|mind|able(?: to)?|free|willing|nice|not (?:too )?busy|(?:a|the) (?:moment|minute|second|sec|chance|time"
         r"|hand)|time|the time|it|that|that's ok(?:ay)?))*)(?= *(?:[,.!?]|$)),?", ""),
        # what goes on, of no weight
        (r"\b(?:keep|keeps|kept) (?:on )?(?=(?:asking|begging|calling|waiting|longing|looking|screaming"
         r"|whining) for\b)",
         "is "),
        (rf"{_START}(?:never mind|forget(?: about)?|don't (?:bother|worry|fuss) (?:with|about)"
         rf"|no need to (?:bother with"
         r"|worry about)|ignore|pay no attention to|not interested in) (?P<x>(?:the|my|our|that|this|these|those|any"
         r"|all) [^.;,!?]+)(?=[.;,!?])", r"\g<lead>leave \g<x> alone"),
        (rf"{_START}ignore (?:what|whatever|everything) (?:i|we) (?:just )?(?:said|told you|asked)(?: before| earlier"
         r"| above)? about (?P<x>(?:the|my|our|that|this|these|those) [^.;,!?]+)(?=[.;,!?])",
         r"\g<lead>leave \g<x> alone"),
    )
)  # fmt: skip
# more than one of it is allowed, none of it less
_COUNTS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(p, re.IGNORECASE), r)
    for p, r in (
        (r"\b(?:at most|at the most|no more than|not more than|up to|a maximum of|maximum|max|not over) (?=(?:one"
         r"|two|three|four|five|six|seven|eight|nine|ten|a|\d+)\b)", ""),
        (r"\b(?P<n>one|two|three|four|five|six|\d+) (?P<x>(?:of (?:the|my|these|those) )?[\w' -]+?) (?:at most"
         r"|at the most|maximum|max|tops|and no more|or less|or fewer|and not one more)(?=\W|$)", r"\g<n> \g<x>"),
        (r"\b(?:two or three|two to three|two, maybe three|two or so)\b", "two"),
        (r"\b(?:three or four|three to four|three, maybe four)\b", "three"),
        (r"\b(?:one or two|one to two|one, maybe two)\b", "one"),
        (r"\b(?:a minimum of|no fewer than|no less than|not less than|not fewer than) (?=(?:one|two|three|four|five"
         r"|six|seven|eight|nine|ten|\d+)\b)", "at least "),
        (r"\bhalf a dozen\b", "six"),
        (r"\bnot all (?:of )?(?P<x>(?:the|my|these|those) [\w' -]+?),? (?:but )?(?:just|only|merely) (?P<n>one|two"
         r"|three|four|five|six|half|some|a few|\d+)(?: of (?:them|those|these))?,?(?= |$)", r"\g<n> of \g<x>"),
        (r"\b(?:out )?of (?P<x>(?:the|my|these|those)(?: two| three| four| five| six)? [\w' -]+?), (?P<n>one|two"
         r"|three|four|five|six|half|all|both|none|\d+)(?= (?:goes|go|should|must|belongs?|stays?|needs?|has|have|is"
         r"|are|can|may|in|into|to|on)\b)",
         r"\g<n> of \g<x>"),
    )
)  # fmt: skip


def without_fillers(text: str, called: Collection[str] = ()) -> str:
    """The text without "um" and "uh"; ``called``: words of the names of what is here, which stay."""
    text = _FILLER.sub(lambda m: m[0] if m[0].strip(" ,.").lower() in called else " ", text)
    text = _CUT.sub(", ", text) if not text.rstrip().endswith(("...", "…")) else text
    return re.sub(r"\s{2,}", " ", re.sub(r"\s+,", ",", text)).strip(" ,")


def spoken(text: str, called: Collection[str] = ()) -> str:
    """The text without what is only spoken along; ``called``: words of the names of what is here, which stay."""
    text = _INFORMAL.sub(lambda m: m[0] if m[0].lower() in called else INFORMAL[m[0].lower()], text)
    text = without_fillers(text, called)
    text = _ASIDE.sub(lambda m: "," if m[0].endswith(",") or m[0].startswith(",") else " ", text)
    for _ in range(2):
        text = _TWICE.sub(r"\g<x>", text)
        for pattern, plainly in _HEDGES:
            text = pattern.sub(plainly, text)
    for pattern, plainly in _COUNTS:
        text = pattern.sub(plainly, text)
    return text
