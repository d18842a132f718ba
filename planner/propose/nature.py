"""What sort of text a request is: a wish, a question, another language, an order to the program, a contradiction.

Only the form of the words is judged here; `planner.ground.replies` answers.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from enum import Enum

from planner.propose import vocabulary as v
from planner.propose.harm import harmful
from planner.propose.mention import Mention, Role
from planner.propose.sentence import Words
from planner.propose.spelling import Token, tokens_of
from planner.propose.wording import plain


class Nature(str, Enum):
    """Sorts of requests."""

    WISH = "wish"
    ABILITY = "ability"  # "what can you do?"
    QUESTION = "question"  # about the world: "where is the sponge?"
    TALK = "talk"  # "how are you?"
    FOREIGN = "foreign"
    OVERRIDE = "override"  # speaks to the program, not to the robot
    HARM = "harm"  # would hurt somebody or break something
    BARE = "bare"  # a thing and nothing else


_OVERRIDE = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b[^.;!?\n]{0,40}"
    r"\b(?:instructions?|prompts?|rules?|above|previous|guidelines|programming|system|told|safety|limits?)\b"
    r"|\b(?:root|admin|sudo|superuser) (?:access|rights|mode|privileges)\b"
    r"|\b(?:safety|rules?|limits?|restrictions?|guidelines)\b[^.;!?]{0,30}\b(?:switched off|turned off"
    r"|disabled|suspended|lifted)\b"
    r"|\b(?:answer|respond with|output|print|say) [\"']"
    r"|\bsystem (?:prompt|message)\b|^\s*(?:system|assistant|admin|developer)\s*:|<\|?/?\w+\|?>"
    r"|\b(?:you are|you're) now\b|\bact as (?:an?|the)\b|\bfrom now on you\b|\b(?:developer|debug|god|jailbreak) mode\b"
    r"|\b(?:decision|meant|plan|goal)\s*:\s*\w|\bnew instructions\b|\bpretend (?:that|to be|you)\b"
    r"|\byou are no longer\b|\bclaim that\b"
    r"|\b(?:forget|ignore|disregard) (?:all|everything|anything|whatever)[^.;!?\n]{0,24} said\b"
    r"|\b(?:repeat|copy|echo) (?:this|that|these|the (?:above|following)) (?:text|sentences?|words?|messages?|lines?)\b"
)
_ABILITY = re.compile(
    r"\bwhat (?:all )?(?:can|could|do) you (?:do|offer|know how)\b|\bwhat are you (?:able|capable|for|good)\b|^help\W*$"
    r"|\bwhat (?:are|is) your (?:skills?|abilit\w+|capabilit\w+|functions?|purpose|job)\b|\b(?:list|show|tell me) your "
    r"(?:skills|abilities|capabilities|functions)\b|\bhow (?:can|do) you (?:help|work)\b|\bwhat (?:things )?can i ask\b"
    r"|\bwhat (?:kinds? of )?(?:tasks|things|jobs) can you\b|\bwhat do you do\b|\bhow do i use you\b"
)
_TALK = re.compile(
    r"^(?:hi|hello|hey|good (?:morning|evening|day)|thanks?(?: you)?)\W*$|\bhow are you\b|\bwho are you\b"
    r"|\bwhat(?:'s| is) your name\b|\bare you (?:a|an|there|ok|human|alive|happy|sure)\b"
    r"|\bdo you (?:like|love|think|feel)\b"
)
_ASKING = frozenset(
    {"what", "where", "who", "whose", "when", "why", "is", "are", "was", "were", "does", "did", "which"}
)  # fmt: skip
_NOT_ASKING = ("what about", "why don't", "why not", "why dont", "what i ", "what lies", "which is", "is it possible")
BOTH = frozenset({"die", "in", "no", "me", "a", "do", "as", "on", "an", "at", "set"})  # English words as well
# function words of other languages that are no English words
_OTHERS = {
    "German": "der die das den dem ein eine einen und auf bitte nimm leg stell bring mir in auf den zum zur ist nicht",
    "French": "le la les un une des et dans sur sil vous plait mets mettez apporte prends s'il avec pour est pas moi",
    "Spanish": "el la los las un una y en sobre por favor pon ponme trae toma dame coge mueve con para es no mi al del",
    "Italian": "il lo la gli le un una e nel nella sul sulla per favore metti prendi porta portami dammi con dentro mi",
    "Portuguese": "o a os as um uma e em no na sobre por favor coloque ponha traga pegue mova com para do da me",
    "Dutch": "de het een en op in alsjeblieft leg zet pak breng mij naar met van niet ik wil",
    "Polish": "i na do proszę połóż postaw weź przynieś mi jest nie w z",
    "Swedish": "den det en ett och på i snälla lägg ställ ta hämta mig till med inte",
}
FEW = 3  # words; a shorter text is not judged by its language


def nature_of(text: str, words: Words) -> Nature:
    """The sort of a request; its ``words`` have been read already."""
    if _OVERRIDE.search(" ".join(text.lower().split())):
        return Nature.OVERRIDE
    text = plain(text)
    low = " ".join(text.lower().split())
    toks = tokens_of(text)
    if words.peril or harmful(low, lambda said: any(m.kind for m in words.mentions)):
        return Nature.HARM
    if _ABILITY.search(low):
        return Nature.ABILITY
    if language(toks, words):
        return Nature.FOREIGN
    if _TALK.search(low) and not words.wanted:
        return Nature.TALK
    if _is_question(low, toks):
        return Nature.QUESTION
    return Nature.BARE if _is_bare(toks, words) else Nature.WISH


def _is_question(low: str, toks: Sequence[Token]) -> bool:
    """About the world: it begins with a question word, and nobody is told to do something."""
    if not toks or low.startswith(_NOT_ASKING):
        return False
    first, second = toks[0].text, toks[1].text if len(toks) > 1 else ""
    if re.match(r"(?:have|has|did|do) (?:you|anybody|anyone|somebody) (?:seen?|know|notice)", low):
        return True
    if first in ("how",) and second in ("many", "much", "big", "heavy", "far"):
        return low.rstrip().endswith("?")
    verbs = {t.text for t in toks} & (v.PUT_VERBS | v.PICK_VERBS) - {"set", "like", "place", "stack", "pile", "order"}
    wished = {"should", "must", "goes", "go", "belongs", "belong", "needs"} & {t.text for t in toks}
    return first in _ASKING and not verbs and not wished


def _is_bare(toks: Sequence[Token], words: Words) -> bool:
    """ "the apple": a thing, no verb, nowhere to go."""
    if not words.wanted or any(m.role is Role.TARGET or m.place for m in words.wanted) or words.restored:
        return False
    if words.handed or words.deeds or any(m.missing or m.told for m in words.mentions if m.role is Role.TARGET):
        return False
    free = [t.text for t in toks if t.text in v.VERBS | {"want", "like", "need", "have", "please", "too", "also", "me"}]
    cues = words.cues
    return not free and not (cues.tower or cues.apart or cues.swap or cues.reverse or cues.matching)


def language(toks: Sequence[Token], words: Words) -> str:
    """The name of another language that the text is in, "another script", or "" for English and what is too short."""
    said = [t.text for t in toks]
    letters = "".join(said)
    if letters and sum(ord(c) > 0x24F for c in letters) > 0.3 * len(letters):
        return "another script"
    if len(said) < FEW:
        return ""
    names = {w for m in words.mentions if m.names for w in m.text.split()}
    english = sum(w in v.KNOWN and w not in BOTH for w in said)
    foreign = [w for w in said if w not in names and w not in v.KNOWN]
    counts = {lang: sum(w in set(listed.split()) for w in foreign) for lang, listed in _OTHERS.items()}
    best = max(counts, key=lambda k: counts[k])
    return best if counts[best] >= 2 and counts[best] > english else ""


def clash(words: Words) -> str:
    """A contradiction in what is asked, in words: a thing that is to be moved and left alone; "" when there is none."""
    for m in words.mentions:
        if m.excluded and m.role is not Role.TARGET and m.quantity.value == "the" and len(m.names) == 1:
            same = [x for x in words.mentions if _moved(x, m)]
            if same:
                return f"move the {m.names[0]} and leave it alone"
    for i, targets in words.links.items():
        m = words.mentions[i]
        for t in targets:
            where = words.mentions[t].names
            if len(m.names) == 1 and len(where) == 1 and (m.names[0], where[0]) in words.banned:
                return f"bring the {m.names[0]} to the {where[0]} and never to do so"
    return _two_targets(words)


def _moved(x: Mention, m: Mention) -> bool:
    return x is not m and not x.excluded and x.role is Role.MOVER and x.exact and set(x.names) == set(m.names)


def _two_targets(words: Words) -> str:
    """ "On the table and on the counter": one thing, two places, one after the other and nothing in between; or said to
    be at once."""
    movers = {n for m in words.wanted if m.role is Role.MOVER for n in m.names}
    where = list(
        dict.fromkeys(m.names[0] for m in words.mentions if m.before and len(m.names) == 1 and m.names[0] not in movers)
    )
    at_once = {"same", "time"} <= words.said or "simultaneously" in words.said or ({"at", "once"} <= words.said)
    if at_once and len(movers) == 1 and len(where) > 1:
        return f"bring the {next(iter(movers))} to the {where[0]} and to the {where[1]} at the same time"
    line = [m for m in words.mentions if m.names and not m.excluded and m.role in (Role.MOVER, Role.TARGET)]
    for a, b in itertools.pairwise(line):
        both = a.role is Role.TARGET and b.role is Role.TARGET and a.place and b.place and a.one and b.one
        both = both and not b.visit
        if both and len(a.names) == len(b.names) == 1 and a.names != b.names and b.start - a.span[1] <= 1 and b.before:
            return f"be at the {a.names[0]} and at the {b.names[0]}"
    return ""
