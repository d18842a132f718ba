"""What stands around a word, asked of the tokens alone: helpers of `planner.propose.words`."""

from __future__ import annotations

from collections.abc import Sequence

from planner.propose import vocabulary as v
from planner.propose.degrees import degree_of
from planner.propose.measures import BY
from planner.propose.mention import Mention
from planner.propose.spatial import FAR, MOST, NEAR, NTH
from planner.propose.spelling import Token, colour_of, same_word, singular, tokens_of

GENERIC_HEADS = frozenset({"one", "thing", "object", "item", "piece", "stuff"})
EVERYTHING = frozenset({"everything", "things", "objects", "items", "stuff"})


def uncounted(toks: Sequence[Token], start: int, m: Mention) -> bool:
    """Whether a phrase without an article names something that is not counted: all of it is meant."""
    said = {t.text for t in toks[start : m.span[0]]}
    return toks[m.span[1] - 1].text in v.SUBSTANCES and len(m.names) > 1 and not said & v.DETERMINERS


def told_by_place(toks: Sequence[Token], i: int) -> bool:
    """Whether where it lies or how big it is tells which thing is meant: "the biggest thing", "the item closest to"."""
    before = toks[i - 1].text if i and not toks[i - 1].ends_clause else ""
    after = toks[i + 1].text if i + 1 < len(toks) and not toks[i].ends_clause else ""
    chosen = before in ("a", "an", "any") and singular(toks[i].text) == toks[i].text != "one"
    if chosen and (not after or after in v.CONJUNCTIONS | v.PLACE_PREPOSITIONS - {"to"} or toks[i].ends_clause):
        return True  # "pick an object and ..."
    ranked = before in NTH and after == "from"
    return before in MOST or after in NEAR | FAR or ranked or (before.endswith("est") and degree_of(before) in BY)


def filling(toks: Sequence[Token], start: int, end: int, names: Sequence[str]) -> bool:
    """Whether the one word is what comes into the place that is called after it: "all the trash", not the trash can."""
    word = toks[start].text
    whole = all(word == n.split()[0] and len(n.split()) > 1 for n in names)
    before = [t.text for t in toks[max(0, start - 2) : start] if t.text not in v.DETERMINERS]
    return (
        end - start == 1
        and word in v.CATEGORY_NOUNS | v.MASS_NOUNS
        and whole
        and (not before or before[-1] not in v.PLACE_PREPOSITIONS | v.SOURCE_PREPOSITIONS)
    )


def tower_order(words: Sequence[str]) -> bool:
    """Whether the words order the things of a tower, so that "bottom" and "top" are no places of the table."""
    return bool(set(words) & (v.PILE_NOUNS | v.PILE_VERBS)) and bool(set(words) & (v.LOWEST | v.HIGHEST | v.OVER_UNDER))


def says_colour(name: str) -> bool:
    """Whether a word of the name is a colour."""
    return any(colour_of(t.text) for t in tokens_of(name))


def has_adjective(toks: Sequence[Token], i: int) -> bool:
    """Whether an adjective says which things: "sharp things" are not everything."""
    before = toks[i - 1].text if i and not toks[i - 1].ends_clause else ""
    return bool(before) and before not in v.FUNCTION_WORDS | v.VERBS | v.VAGUE_NUMBERS | v.LOOSE


def stuffing(toks: Sequence[Token], i: int) -> bool:
    """Whether "stuff" is what is to be done: "stuff each of them into the bag"."""
    before = toks[i - 1].text if i and not toks[i - 1].ends_clause else ""
    after = toks[i + 1].text if i + 1 < len(toks) and not toks[i].ends_clause else ""
    return after in v.DETERMINERS | v.ALL_WORDS and before not in v.DETERMINERS | v.ALL_WORDS | v.VAGUE_NUMBERS


def generic_after(toks: Sequence[Token], j: int) -> bool:
    """Whether the colour at ``j`` describes a generic noun: "yellow things", "everything that is yellow"."""
    if j + 1 < len(toks) and not toks[j].ends_clause and singular(toks[j + 1].text) in GENERIC_HEADS - {"one"}:
        return True
    back = [t.text for t in toks[max(0, j - 3) : j]]
    return bool(EVERYTHING & set(back))


def places_of(
    phrase: Sequence[str], toks: Sequence[Token], taken: Sequence[bool], known: frozenset[str]
) -> list[tuple[int, int]]:
    """(start, end) of every place in the words where the phrase stands, slips of spelling included."""
    hits, n, i = [], len(phrase), 0
    while i + n <= len(toks):
        window = range(i, i + n)
        fits = not any(taken[k] for k in window) and not any(toks[k].ends_clause for k in window[:-1])
        if fits and all(same_word(toks[k].text, p, known) for k, p in zip(window, phrase, strict=True)):
            hits.append((i, i + n))
            i += n
        else:
            i += 1
    return hits


def written_apart(phrase: Sequence[str], toks: Sequence[Token], taken: Sequence[bool]) -> list[tuple[int, int]]:
    """A name written apart or together: "red bull" for "redbull", "seven-up" for "seven up"."""
    whole, hits = "".join(phrase), []
    if len(whole) < 4:
        return []
    for n in range(1, 4):
        for i in range(len(toks) - n + 1):
            window = range(i, i + n)
            if n == len(phrase) or any(taken[k] for k in window) or any(toks[k].ends_clause for k in window[:-1]):
                continue
            if "".join(toks[k].text for k in window) == whole:
                hits.append((i, i + n))
    return hits
