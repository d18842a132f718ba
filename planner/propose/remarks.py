"""Small talk around a request: "I'm on the phone.", "My glasses are broken.", "Nice weather, isn't it?".

A clause without a verb that asks for something, about the speaker or the weather, is a remark as long as another
clause does ask for something. Nouns in it that nothing here fits are then no missing things.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from planner.propose import vocabulary as v
from planner.propose.clauses import Clause, clause_of
from planner.propose.implied import WISH, WISHERS
from planner.propose.kind_phrases import is_kind
from planner.propose.mention import Mention, Role
from planner.propose.spelling import Token

SUBJECTS = frozenset(
    [
        "i",
        "i'm",
        "im",
        "i've",
        "we",
        "we're",
        "we've",
        "my",
        "our",
        "it",
        "it's",
        "its",
        "this",
        "that's",
        "that",
        "these",
        "there",
        "there's",
        "the",
        "a",
        "what",
        "he",
        "she",
        "they",
        "he's",
        "she's",
        "they're",
        "somebody",
        "someone",
        "everyone",
        "nobody",
        "nice",
        "good",
        "great",
        "hello",
        "hi",
        "hey",
        "thanks",
        "thank",
        "sorry",
    ]
)
OPENERS = frozenset(
    [
        "oh",
        "well",
        "so",
        "and",
        "but",
        "because",
        "since",
        "as",
        "hey",
        "ah",
        "okay",
        "ok",
        "listen",
        "look",
        "you",
        "know",
    ]
)
STATING = frozenset({"is", "are", "was", "were", "am", "be", "been", "isn't", "aren't", "has", "have", "had"})
LIKING = frozenset({"love", "like", "hate", "enjoy", "adore"})
SPEAKERS = frozenset({"i", "i'd", "i'll", "i'm", "im", "we", "we'd", "we'll", "we're"})
WOULD = frozenset({"would", "i'd", "we'd", "id"})


def without_remarks(
    toks: Sequence[Token], mentions: Sequence[Mention], found: Sequence[Clause], written: Collection[str] = ()
) -> list[Mention]:
    """The mentions without unresolved ones in remarks; all of them when nothing else is asked for. A sentence without a
    verb that asks is one, too, as long as none of its phrases is of a kind that is ``written`` down ("Have a nice
    day")."""
    asking = [c for c in found if _asks(toks, c)]
    if not asking:
        return list(mentions)
    idle = [c for c in found if c not in asking and (_remarks(toks, c) or _aside(c, mentions, written))]
    known = [c for c in found if c not in asking and _known(toks, c)]
    kept = [m for m in mentions if clause_of(found, m.span[0]) not in known]
    return [m for m in kept if m.names or m.excluded or m.pronoun or clause_of(found, m.span[0]) not in idle]


def _aside(c: Clause, mentions: Sequence[Mention], written: Collection[str]) -> bool:
    here = [m for m in mentions if c.start <= m.span[0] < c.end]
    return c.sentence and c.start > 0 and bool(here) and all(_unheard(m, written) for m in here)


def _unheard(m: Mention, written: Collection[str]) -> bool:
    return not m.names and m.role is Role.MOVER and not is_kind(m.text.split()[-1], written)


def _known(toks: Sequence[Token], c: Clause) -> bool:
    """ "I know the lighter is closer", "the pear is not what I want": nothing is to be done with it."""
    said = f" {' '.join(_words(toks, c))} "
    return said.startswith(" i know ") or any(x in said for x in (" not what i ", " not the one i ", " isn't what i "))


def _words(toks: Sequence[Token], c: Clause) -> list[str]:
    return [t.text for t in toks[c.start : c.end]]


def _asks(toks: Sequence[Token], c: Clause) -> bool:
    words = _words(toks, c)
    if _own_doing(toks, c):
        return False
    wish = set(words) & WISH - (LIKING if not WOULD & set(words) else frozenset())
    return c.verb >= 0 or bool(wish and WISHERS & set(words[:5]))


def _own_doing(toks: Sequence[Token], c: Clause) -> bool:
    """ "I'd like to wash the car", "we are going to bake": what the speaker does, not the robot."""
    if c.verb < 0 or toks[c.verb].text not in v.OTHER_VERBS or toks[c.verb - 1].text != "to":
        return False
    lead = {t.text for t in toks[c.start : c.verb]}
    return bool(lead & SPEAKERS) and "you" not in lead


def _remarks(toks: Sequence[Token], c: Clause) -> bool:
    words = _words(toks, c)
    if _own_doing(toks, c):
        return True
    if c.opener in ("and", "or") and c.verb < 0 and not STATING & set(words):
        return False  # "... a drink and a snack to recover": one more thing that is asked for
    if not c.sentence and c.verb < 0 and not STATING & set(words):
        return False  # "a pen, a ruler and a stamp go ...": one of a list
    while words and words[0] in OPENERS:
        words = words[1:]
    return bool(words) and words[0] in SUBJECTS
