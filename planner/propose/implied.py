"""Destinations that are not named: "bring me", "I'd like the tea" (to the person), "throw it away" (to the waste)."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from planner.propose.clauses import Clause
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.spelling import Token, tokens_of
from skills.state import State

PERSONS = frozenset(
    {"user", "person", "customer", "operator", "visitor", "guest", "mechanic", "technician", "nurse", "patient",
     "gardener", "cashier", "child", "human", "colleague", "client"}
)  # fmt: skip
WASTE = frozenset({"trash", "garbage", "rubbish", "waste", "litter", "bin", "dustbin", "wastebasket", "scrap"})
GIVE = frozenset({"bring", "give", "hand", "pass", "fetch", "get", "deliver", "send", "serve", "take", "carry", "find"})
SELF = frozenset({"me", "us"})
WISH = frozenset({"like", "want", "need", "have", "get", "borrow", "use", "love", "fancy"})
WISHERS = frozenset({"i", "i'd", "id", "i'll", "we", "we'd"})
THROW = frozenset({"throw", "toss", "chuck", "dump", "clear"})
DISCARD = frozenset({"discard", "dispose", "trash", "bin", "scrap"})


def person_place(state: State) -> str:
    """The place where the person is, "" when no place is named for one."""
    return _named(state.of_type("place"), PERSONS)


def waste_place(state: State) -> tuple[str, bool]:
    """Where waste goes, and whether that is a place (else a container); "" when there is nothing of the kind."""
    place = _named(state.of_type("place"), WASTE)
    return (place, True) if place else (_named(state.of_type("container"), WASTE), False)


def _named(names: Sequence[str], words: frozenset[str]) -> str:
    return next((n for n in names if {t.text for t in tokens_of(n)} & words), "")


def implied_targets(
    toks: Sequence[Token], mentions: Sequence[Mention], found: Sequence[Clause], state: State
) -> list[Mention]:
    """One destination for each clause that speaks of something to be given or thrown away and of no place."""
    out = []
    movable = set(state.of_type("movable"))
    for n, c in enumerate(found):
        end = c.end
        for later in found[n + 1 :]:  # "bring me the cup and the spoon"
            if later.verb >= 0 or later.sentence:
                break
            end = later.end
        here = [m for m in mentions if c.start <= m.span[0] < end]
        goes = any(m.role is Role.TARGET and (m.names or m.missing) for m in here)
        about = any(m.role is Role.MOVER and (movable & set(m.names) or m.kind or m.pronoun) for m in here)
        if goes or not about or c.negated:
            continue
        words = [t.text for t in toks[c.start : end]]
        place, is_place = _meant(words, toks[c.verb].text if c.verb >= 0 else "", state)
        if place:
            out.append(
                Mention(
                    place, (end, end), (place,), Quantity.THE, True, is_place, before="at" if is_place else "in",
                    role=Role.TARGET, start=end, told=True,
                )
            )  # fmt: skip
    return out


def _meant(words: Sequence[str], verb: str, state: State) -> tuple[str, bool]:
    """(where the words want things to go, whether that is a place)."""
    away = {"away", "out"} & set(words)
    rid = any(a == "rid" and b == "of" for a, b in itertools.pairwise(words))
    if (verb in THROW and away) or verb in DISCARD or DISCARD & set(words[:4]) or rid:
        return waste_place(state)
    given = verb in GIVE and (SELF & set(words) or "here" in words or "over" in words)
    to_me = any(a in ("to", "for") and b in SELF for a, b in itertools.pairwise(words))
    wished = bool(WISHERS & set(words[:4])) and bool(WISH & set(words)) and verb in ("", "get", "take", "have")
    asked = {"can", "could", "may"} & set(words[:2]) and bool(WISHERS & set(words[:4])) and bool(WISH & set(words))
    if given or wished or asked or (to_me and verb):
        return person_place(state), True
    return "", False
