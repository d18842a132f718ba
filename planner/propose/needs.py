"""What somebody needs who names no thing: "my hands are sticky", "I promised to inflate an air mattress".

The sentence is found here; which thing meets the need, the written uses of things say, weighed by the language model:
"My hands are sticky, so I need something to wash one's hands", beside what the same use scores behind a sentence that
says nothing, and "Then you need the soap". Where nobody asks for help, the model is asked first whether that is a
problem or a mere remark ("my cousin plays the violin"). On 57 sayings of the project with seven random things each
(chance 14 %) the uses name the right thing 40 times, uses with a quarter of the direct question 28 of 38; the direct
question alone 70 of 114.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence

from planner.lm.api import LanguageModel
from planner.propose import vocabulary as v
from planner.propose.spelling import tokens_of

NEED = "need: "  # begins the kind of a mention that stands for whatever meets a need
SAID = "said: "  # the same where nobody asks for help: perhaps a need, perhaps a remark
DIRECT = 0.25  # weight of the direct question beside the uses
PLAIN = 4.5  # [nats] what fits so well is needed, whoever doubts that something is: 1 of 40 remarks fits so well
OFFER = 1.5  # [nats] added to the likeliest thing: one is wanted, as in "something to drink"
SO = "It is dark in here, so I need something to see in the dark.\nMy bed is bare, so I need something to dig a hole.\n"
THEN = "A: It is dark in here. B: Then you need the lamp.\nA: I want to dig a hole. B: Then you need the shovel.\n"
PROBLEM = (
    "It is dark in here: a problem\nI grew up in Paris: a remark\nMy bed is bare: a problem\n"
    "We had fun last night: a remark\nI am sleepy: a problem\nIt is Tuesday: a remark\n"
)
REPLY = (
    "A: It is dark in here. B: Let me get something for it.\nA: I grew up in Paris. B: How interesting.\n"
    "A: My bed is bare. B: Let me get something for it.\nA: We had fun last night. B: How interesting.\n"
)
WEIGHTS = (0.62, 1.59, 2.35)  # of both questions, and the offset: logistic regression on 43 needs and 40 remarks

_PLAN = re.compile(
    r"(?:^|(?<=[.;!?,:]))\s*(?:(?:and|but|so|well|ok(?:ay)?|oh|say|hey|yes|robot|listen|look),? )*(?:"
    r"(?:i|we|my \w+|he|she|they)(?:'d| would)? (?:(?:just|really|still|also|now|urgently) )*"
    r"(?:have|need|want|promised|plan|hope|intend|like|love|wants|needs|wish|forgot|am supposed|feel like i should)"
    r"(?: something| anything| a thing)?(?: to)"
    r"|(?:i|we)(?:'m| am|'re| are| was| were) (?:just |still )?"
    r"(?:about|going|trying|planning|supposed|here|off|ready) to"
    r"|(?:i|we) feel like i should|how am i supposed to|how (?:can|could|do|shall|should) (?:i|we)"
    r"|time to|help me(?: to)?|(?:i|we)(?:'ve| have)(?: got)? nothing to|let's see if you can help (?:me|us)(?: to)?"
    r"|(?:i|we) (?:can't|cannot|could not|couldn't) find (?:anything|something) to"
    r"|(?:my|our|the) (?:plan|job|task)(?: for (?:today|now|tonight))? is to"
    r"|what (?:would|could|can|do|should) (?:i|we|you) use to"
    r"|(?:is there|do (?:we|you) have|have (?:we|you) got) (?:anything|something)(?: here| around)? to"
    r") (?P<what>[a-z][^.;!?,]*)",
    re.IGNORECASE,
)
# how somebody is, and what is needed then: said in no written use
STATES = {
    **dict.fromkeys(("cold", "freezing", "chilly", "shivering"), "keep warm"),
    **dict.fromkeys(("hot", "sweating", "overheated", "boiling"), "cool down"),
    **dict.fromkeys(("thirsty", "parched", "dehydrated"), "drink"),
    **dict.fromkeys(("hungry", "starving", "famished", "peckish"), "eat"),
}
ANIMALS = frozenset({"dog", "cat", "bird", "fish", "hamster", "rabbit", "puppy", "kitten", "baby", "horse"})
_IS = re.compile(
    r"^\W*(?:(?:oh|ugh|brr+|wow|hey|man|god|and|but|so|well),? )*"
    r"(?:i|we|he|she|they|(?:my|our|the|his|her) (?P<who>[a-z]+))"
    r"(?:'m|'re|'s| am| is| are| feel| feels| look| looks| seem| seems)"
    r"(?: (?:so|very|really|a bit|a little|quite|absolutely|pretty|getting|feeling|always|still|just|rather))*"
    rf" (?P<state>{'|'.join(STATES)})(?: (?:now|today|tonight|here|again|in here))*[\s.!]*$",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s+(?:without (?:any |your )?help|right away|quickly"
    r"|for me|please|now|today|tonight|later|here|soon|right now|somehow|again|first"
    r"|(?:and|but) (?:i|we|there)(?: (?:don't|do not))?(?:'ve|'s| have| is| got)* (?:nothing|anything|no \w+).*"
    r"|and (?:i|we) need.*)$",
    re.IGNORECASE,
)
# asks for help and names nothing
_HELP = re.compile(
    r"^\W*(?:(?:and|so|please|hey|now|but),? )*(?:(?:can|could|would|will) you (?:please |kindly |maybe )?)?"
    r"(?:please |kindly )?"
    r"(?:help(?: me| us)?(?: out)?|do something(?: about (?:it|that|this))?|what can you do(?: for me| about it)?"
    r"|(?:do you have|is there|have you got) (?:anything|something)(?: (?:for|against) (?:me|that|it|this))?|i need"
    r" (?:your|some) help|that would help(?: me)?(?: a lot)?"
    r"|bring it(?: over| here| to me)?|any ideas?|what now"
    r"|(?:bring|get|hand|give|fetch|find|pass)(?: me| us)? (?:something|anything|what i need|whatever i need|it)"
    r"(?: (?:suitable|useful|that helps|that would help|against it|for (?:it|that|this)"
    r"|i (?:need|can use)(?: for (?:it|that))?|over|here))*(?: and bring it(?: to me| over| here)?)?)"
    r"(?: please| then| now)?[\s,.!?]*(?:please)?\W*$",
    re.IGNORECASE,
)
_STATED = v.words(
    """
    i i'm i've i'd i'll we we're we've my our it it's there there's the this that that's he she they somebody someone
    everything everybody nobody something what what's nothing
    """
)
_WISHED = re.compile(
    r"\b(?:you|your|please|want|wants|like|likes|should|must|plan|belongs?|wish|think|bring|put|tidy|organi[sz]e|sort"
    r"|try|work|again|mean|meant|one|other|guess|missing|about|things?)\b",
    re.I,
)
_NO_NEED = v.words(
    """
    sort organise organize tidy arrange have get see ask say tell know thank think be go come do make remind let leave
    you
    """
)
_VERBS = v.PUT_VERBS | v.PICK_VERBS


def stated_need(text: str, named: Callable[[str], bool]) -> str:
    """The kind of a mention for what is needed: "something to hang a picture", or `NEED` and the sentence (`SAID` where
    nobody asks for help); "" where the text asks something, or names a thing, a place or a deed of the robot's.
    ``named``: whether words speak of something that is here."""
    sentences = [s.strip() for s in re.split(r"(?<=[.!?;])\s+|(?<=[^,]),\s+(?=(?:can|could|please|get|bring)\b)", text)]
    told = [s for s in sentences if s and not _HELP.match(s)]
    if not told:
        return ""
    if (m := _IS.match(told[0])) and not any(named(s) for s in told):
        who = (m["who"] or "").lower()
        return (
            f"something to feed a {who}"
            if who in ANIMALS and STATES[m["state"].lower()] == "eat"
            else (f"something to {STATES[m['state'].lower()]}")
        )
    for s in told:
        found = _PLAN.search(s)
        rest = [s[found.end() :], *(x for x in told if x is not s)] if found else []
        if found and not any(named(r) for r in rest) and (use := _use(found["what"], named)):
            return f"something to {use}"
    words = [t.text for t in tokens_of(told[0])]
    if not words or words[0] not in _STATED or len(words) < 2:
        return ""
    if any(_WISHED.search(s) or _orders(s) or named(s) for s in told):  # the costliest question last
        return ""
    if words[0].startswith("what") and told[0].endswith("?"):
        return ""
    return (NEED if len(told) < len(sentences) else SAID) + ". ".join(s.rstrip(" .!?,;") for s in told)


def is_need(kind: str) -> bool:
    """Whether the kind of a mention is a sentence that tells of a need."""
    return kind.startswith((NEED, SAID))


def is_remark(lm: LanguageModel, kind: str) -> bool:
    """Whether what was said tells of no problem. Of 30 needs and 30 remarks that were not used for the weights 27 each
    are taken for what they are."""
    if not kind.startswith(SAID):
        return False
    saying = _sentence(kind)
    (called,) = lm.score_many(PROBLEM, [(f"{saying}:", (" a problem", " a remark"))])
    (answer,) = lm.score_many(REPLY, [(f"A: {saying}. B:", (" Let me get something for it.", " How interesting."))])
    odds = [a.logprob - b.logprob for a, b in (called, answer)]
    return sum(w * x for w, x in zip(WEIGHTS, (*odds, 1.0), strict=True)) < 0


def _sentence(kind: str) -> str:
    saying = kind.removeprefix(NEED).removeprefix(SAID)
    return saying[:1].upper() + saying[1:]


def _use(what: str, named: Callable[[str], bool]) -> str:
    """What somebody is about to do, where that is no order in disguise."""
    use = what.strip()
    while (cut := _TAIL.sub("", use)) != use:
        use = cut
    words = [t.text for t in tokens_of(use)]
    alone = _NO_NEED if len(words) > 1 else _NO_NEED | {"stop"}
    if words[:1] == ["make"] and len(words) > 1 and words[1] not in ("sure", "room", "it", "place", "space"):
        alone = frozenset()  # "make toast"
    if not words or words[0] in alone | v.DETERMINERS or named(use):
        return ""
    pointing = {"the", "this", "that", "these", "those", "all", "every"}
    definite = (words[1:2] and words[1] in pointing) or {"it", "them"} & set(words)  # not "hang a picture on this wall"
    if words[0] in _VERBS and (definite or len(words) < 2):
        return ""
    return " ".join(w for w in words if w not in ("something", "anything"))


def _orders(sentence: str) -> bool:
    """Whether the sentence tells somebody to do something."""
    words = [t.text for t in tokens_of(sentence)]
    lead = next((w for w in words if w not in v.POLITE), "")
    return lead in v.VERBS or any(
        a in _VERBS and b in ("it", "them", "this", "that", "back", "again") for a, b in itertools.pairwise(words)
    )


def needs(lm: LanguageModel, kind: str, names: Sequence[str], uses: Mapping[str, Sequence[str]]) -> list[float]:
    """How well each thing meets the need [nats], the likeliest above zero. ``uses``: what is written down of each."""
    if not names:
        return []
    said = _sentence(kind)
    direct = _beside(lm, THEN, f"A: {said}. B: Then you need the", "A: Hello. B: Then you need the", names)
    middle = sum(direct) / len(direct)
    every = sorted({u for n in names for u in uses.get(n, ())})
    fits = _beside(lm, SO, f"{said}, so I need something to", "It is Monday, so I need something to", every)
    score = dict(zip(every, fits, strict=True))
    rows = [
        max((score[u] for u in uses.get(n, ())), default=x - middle) + DIRECT * (x - middle)
        for n, x in zip(names, direct, strict=True)
    ]
    best = max(rows)
    if best < PLAIN and is_remark(lm, kind):
        return [x - best - OFFER for x in rows]
    return [x - best + OFFER for x in rows]


def _beside(lm: LanguageModel, head: str, asked: str, null: str, ends: Sequence[str]) -> list[float]:
    """How much likelier each end is behind what is asked than behind a sentence that says nothing [nats]."""
    if not ends:
        return []
    said = [f" {e}." for e in ends]
    near, far = lm.score_many(head, [(asked, said), (null, said)])
    return [a.logprob - b.logprob for a, b in zip(near, far, strict=True)]
