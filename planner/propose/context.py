"""The few words before a phrase: how many, which preposition, whether it is taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.propose import vocabulary as v
from planner.propose.mention import Quantity, Role
from planner.propose.spelling import Token, plural

REACH = 7  # words looked back at most
ASIDES = frozenset({"with", "about", "as", "like", "than", "before", "after", "until", "for"})
FINITE = frozenset({"should", "must", "goes", "go", "belongs", "belong", "needs", "has", "is", "are", "can", "stays"})
SKIPPED = v.DETERMINERS | v.SHADES | v.LOOSE | v.words("of exactly just matching matched corresponding respective")


@dataclass(frozen=True)
class Before:
    """What stands before a phrase. ``start``: index of the first word that belongs to it."""

    quantity: Quantity
    start: int
    count: int | None = None
    preposition: str = ""
    role: Role = Role.MOVER
    excluded: bool = False
    each: bool = False
    half: bool = False
    other: bool = False


_BESIDE = frozenset({"next", "close", "beside", "parallel", "perpendicular", "adjacent"})


def read_before(toks: Sequence[Token], start: int, end: int, taken: Sequence[bool]) -> Before:
    """Read backwards from the phrase ``toks[start:end]`` to the first word that is not about it."""
    several = plural(toks[end - 1].text)
    found = Before(Quantity.ALL if several else Quantity.THE, start)
    i = start - 1
    while i >= 0 and start - i <= REACH and not toks[i].ends_clause and not taken[i]:
        previous = toks[i - 1].text if i else ""
        if toks[i].text == "but" and i and toks[i - 1].ends_clause and FINITE & {t.text for t in toks[end : end + 2]}:
            break  # "leave the pen, but the cap goes in the box": no exception
        closed = _closing(toks[i].text, previous, toks[i + 1].text)
        if closed is not None:
            role, preposition, excluded, back = closed
            return replace(found, role=role, preposition=preposition, excluded=excluded, start=i - back)
        several = several and not (toks[i].text == "any" and toks[i + 1].text == "of")  # "any of the cups": one of them
        counted = _counting(toks[i].text, found, several)
        if counted is None:
            if not _passed(toks[i].text, previous, toks[i + 1].text):
                break
            counted = found
        found = replace(counted, start=i)
        i -= 1
    return found


def _closing(word: str, previous: str, later: str) -> tuple[Role, str, bool, int] | None:
    """(role, preposition, excluded, words further back) of a word that opens the phrase; None: it does not."""
    if word == "than" and previous in ("other", "rather"):
        return Role.MOVER, "", True, 1
    if word == "from" and previous in ("apart", "aside"):
        return Role.MOVER, "", True, 1
    if word == "for" and previous in ("place", "spot", "home", "position"):
        return Role.MOVER, "", False, 1  # "the place for the cup is in the bowl"
    if word == "with" and previous == "do":
        return Role.MOVER, "", False, 1  # "I could do with the cup"
    if word == "for" and previous in ("reach", "look", "search", "hunt", "waiting", "asking", "looking"):
        return Role.MOVER, "", False, 1
    if word == "for" and previous in v.EXCEPT_WORDS:
        return Role.MOVER, "", True, 1
    if word == "of" and previous in ("exception", "instead"):
        return Role.MOVER, "", True, 1
    if word in v.EXCEPT_WORDS or word in ("not", "never", "neither", "nor", "none"):
        return Role.MOVER, "", True, 0
    if word == "out" and later not in ("of", "from"):
        return None  # "throw out the banana"
    if word in v.SOURCE_PREPOSITIONS:
        return Role.SOURCE, word, False, 0
    if word in ("to", "by", "with") and previous in (
        "next",
        "close",
        "beside",
        "parallel",
        "perpendicular",
        "adjacent",
        "closer",
        "nearer",
    ):
        return Role.RELATION, previous, False, 1
    if word == "of" and previous in ("left", "right", "front"):
        return Role.RELATION, previous, False, 1
    if word == "by" and later in v.DETERMINERS:
        return Role.RELATION, word, False, int(previous in ("right", "close", "over"))  # "right by the door"
    if word in v.RELATIONS - {"close", "next"}:  # without "to": "close the box", "next the box"
        return Role.RELATION, word, False, 0
    if word in v.PLACE_PREPOSITIONS:
        ruled_out = previous in ("not", "never")
        return Role.TARGET, word, ruled_out, int(ruled_out)
    if word == "like" and previous in v.AUXILIARIES | {"i", "we"}:
        return None  # "I would like the cup on the shelf"
    if word in ASIDES:
        return Role.ASIDE, word, False, 0
    return None


def _counting(word: str, found: Before, several: bool) -> Before | None:
    """``found`` with what the word says about the number; None when it says nothing."""
    if word in v.ALL_WORDS:
        return replace(found, quantity=Quantity.ALL, each=found.each or word in ("each", "every"))
    if word == "something":
        return replace(found, quantity=Quantity.ANY)  # "something gold"
    if word in v.VAGUE_NUMBERS or (word == "some" and several):
        return replace(found, quantity=Quantity.VAGUE)
    if word == "any" and several and found.quantity is Quantity.ALL:  # not "any one of the toys"
        return replace(found, quantity=Quantity.ALL)  # "any toys": whatever there are
    if word in ("a", "an", "any", "some", "another", "whichever", "whatever", "either"):
        if found.quantity in (Quantity.VAGUE, Quantity.SOME):
            return found
        return replace(found, quantity=Quantity.ANY, other=found.other or word == "another")
    if word == "half":
        return replace(found, quantity=Quantity.SOME, half=True, count=None)
    if word == "one":
        return replace(found, quantity=Quantity.ANY)
    if (word in v.NUMBERS or word.isdigit()) and word != "single":
        if found.half:
            return found
        return replace(found, quantity=Quantity.SOME, count=v.NUMBERS.get(word) or int(word[:4]))
    if word in ("other", "remaining"):
        return replace(found, other=True)
    return None


def _passed(word: str, previous: str, later: str) -> bool:
    """Whether the phrase goes on to the left of this word."""
    if word in ("top", "middle", "centre", "center", "inside") and later == "of":
        return True  # "on top of the": the preposition stands further left
    if word in ("them", "these", "those") and previous == "of":
        return True  # "neither of them red"
    return word in SKIPPED
