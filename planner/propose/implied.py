"""Destinations that are not named: "bring me", "I'd like the tea" (to the person), "throw it away" (to the waste)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from planner.propose import vocabulary as v
from planner.propose.clauses import Clause
from planner.propose.lookup import Lookup
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
WISH = frozenset({"like", "want", "need", "have", "get", "borrow", "use", "love", "fancy", "crave"})
WISHERS = frozenset({"i", "i'd", "id", "i'll", "we", "we'd"})
_LONGING = re.compile(
    r"\b(?:waiting|longing|dying) for\b|\bcraving\b|\bcould (?:really )?(?:do with|use)\b|\bin the mood for\b"
    r"|\bfeel like\b|\bwould (?:really |also )?be (?:nice|great|lovely|good|perfect|wonderful"
    r"|welcome)\b(?! (?:if|to)\b)"
    r"|\bgets? to me\b"
)
ARRANGING = frozenset(
    {"sort", "match", "tidy", "organise", "organize", "arrange", "pair", "stack", "swap", "separate", "straighten",
     "clean", "group", "distribute", "exchange", "switch", "line", "clear", "spread"}
)  # fmt: skip
FETCH = frozenset({"fetch", "retrieve", "bring"})  # to whoever speaks, when no place is said
PASSED = frozenset({"pass", "hand", "serve"})
CLEAR = frozenset({"clear", "clean"})
THROW = frozenset({"throw", "toss", "chuck", "dump", "clear"})
TOSS = frozenset({"toss", "chuck", "dump", "pitch", "ditch", "junk", "sling", "fling", "hurl"})
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
    toks: Sequence[Token],
    mentions: Sequence[Mention],
    found: Sequence[Clause],
    state: State,
    lookup: Lookup | None = None,
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
        verb = toks[c.verb].text if c.verb >= 0 else ""
        place, is_place = _meant(words, verb, state)
        told = any(m.start > 0 and toks[m.start - 1].text in SELF for m in here if m.role is Role.MOVER and m.names)
        if not place and told:  # "brng me the cup": whatever the verb is
            place, is_place = person_place(state), True
        if not place and verb in CLEAR and _perishable(here, state, lookup):
            place, is_place = waste_place(state)
        if place:
            out.append(
                Mention(
                    place, (end, end), (place,), Quantity.THE, True, is_place, before="at" if is_place else "in",
                    role=Role.TARGET, start=end, told=True,
                )
            )  # fmt: skip
    return out


def usual_place(m: Mention, state: State) -> Mention:
    """ "into the trash", "to the person": whatever takes waste here, where the person is, when nothing is called so."""
    said = {t.text for t in tokens_of(m.text)}
    person = person_place(state)
    if person and not m.names and m.role is Role.TARGET and said and said <= PERSONS | {"human", "guy", "lady"}:
        return replace(m, names=(person,), place=True, missing="", told=True)
    place, is_place = waste_place(state)
    if m.names or m.role is not Role.TARGET or not place or not said & WASTE or not said <= WASTE | {"can", "basket"}:
        return m
    return replace(m, names=(place,), place=is_place, missing="", told=True)


def leads_away(words: Sequence[str], verb: str, state: State) -> bool:
    """Whether the words of a clause say by themselves where things go: to the person or to the waste. A mere wish ("I
    want the cups on the shelf") does so only where a person has a place."""
    wish = not verb and not person_place(state)
    return _discards(words, verb) or (_hands_over(words, verb) and not wish)


def is_wish(toks: Sequence[Token], found: Sequence[Clause]) -> bool:
    """Whether somebody wants to have something."""
    return any(
        _hands_over([t.text for t in toks[c.start : c.end]], toks[c.verb].text if c.verb >= 0 else "") for c in found
    )


def _meant(words: Sequence[str], verb: str, state: State) -> tuple[str, bool]:
    """(where the words want things to go, whether that is a place)."""
    if _discards(words, verb):
        return waste_place(state)
    if _hands_over(words, verb):
        return person_place(state), True
    return "", False


def _discards(words: Sequence[str], verb: str) -> bool:
    away = {"away", "out"} & set(words)
    rid = any(a == "rid" and b == "of" for a, b in itertools.pairwise(words))
    tossed = verb in TOSS and not SELF & set(words)  # "toss the can"; not "toss me the ball"
    called = any(a in v.BEING and b in WASTE | {"junk"} for a, b in itertools.pairwise(words))  # "that is rubbish"
    return bool(
        called
        or tossed
        or (verb in THROW and away)
        or verb in DISCARD
        or {"discard", "dispose"} & set(words[:4])
        or rid
    )


def _hands_over(words: Sequence[str], verb: str) -> bool:
    said = set(words)
    pairs = list(itertools.pairwise(words))
    given = (verb in GIVE or bool(GIVE & set(words[:6]))) and (SELF & said or "here" in said or "over" in said)
    given = given or any(a in v.PICK_VERBS | v.PUT_VERBS and b in SELF for a, b in pairs)
    fetched = verb in FETCH | PASSED or (verb == "get" and not {"out", "off", "rid", "from"} & said)
    fetched = fetched or any(a == "go" and b in ("get", "grab", "find") for a, b in pairs)
    kept = verb in ARRANGING and ("for", "me") in pairs  # "sort the pens for me": a kindness, no place
    to_me = any(a in ("to", "for") and b in SELF for a, b in pairs) and not kept
    wanting = WISH & said - ({"love"} if not {"i'd", "we'd", "would"} & said else set())
    others = bool({"wants", "needs"} & said) or any(p in pairs for p in (("would", "like"), ("would", "love")))
    wished = (
        bool(others or WISHERS & set(words[:5]))
        and bool(wanting)
        and verb in {"", "get", "take", "have", "grab", *v.OTHER_VERBS}
    )
    waiting = bool(_LONGING.search(" ".join(words)))
    asked = {"can", "could", "may"} & set(words[:2]) and bool(WISHERS & set(words[:4])) and bool(wanting)
    return bool(given or fetched or wished or waiting or asked or to_me)


def _perishable(here: Sequence[Mention], state: State, lookup: Lookup | None) -> bool:
    """Whether everything to be cleared away is food, drink or waste; only such things are thrown away unasked."""
    names = {n for m in here if m.role is Role.MOVER for n in m.names} & set(state.of_type("movable"))
    if not names or lookup is None:
        return False
    found = [lookup.odds(kind, sorted(names)) for kind in ("food", "drink", "trash")]
    return all(any(row.get(n, 0.0) > 0 for row in found) for n in names)
