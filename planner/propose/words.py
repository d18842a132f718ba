"""Which words of an instruction speak of which present thing: a deterministic helper beside the language model.

It finds full names ("the red block"), parts of names ("the coke" for "coke can"), groups ("all the blocks",
"the red ones"), exceptions ("everything but the lemon"), misspelt names, and noun phrases that name something
which is not here. It does not understand the sentence: roles, order and goals are the model's work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from planner.propose import vocabulary as v

_TOKEN = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*", re.UNICODE)
_CLAUSE_END = re.compile(r"[,;.:!?]")


class Quantity(str, Enum):
    """How many of the matching things a phrase means."""

    THE = "the"  # one particular thing
    ANY = "any"  # one, whichever
    ALL = "all"
    SOME = "some"  # a counted number


@dataclass(frozen=True)
class Mention:
    """A phrase and the things it may mean. ``span``: token indices; ``count``: for Quantity.SOME.

    ``names`` is empty when the phrase names something that is not here. ``exact``: a full name was said.
    """

    text: str
    span: tuple[int, int]
    names: tuple[str, ...]
    quantity: Quantity
    exact: bool
    place: bool = False
    excluded: bool = False
    before: str = ""  # the preposition right before the phrase
    count: int | None = None
    corrected: str = ""  # the spelling that was assumed


@dataclass(frozen=True)
class Token:
    """A lower-case word; ``ends_clause``: punctuation follows."""

    text: str
    ends_clause: bool


def tokens_of(text: str) -> list[Token]:
    """Words in order; any script; punctuation only marks clause ends."""
    found = list(_TOKEN.finditer(text))
    out = []
    for i, match in enumerate(found):
        gap = text[match.end() : found[i + 1].start() if i + 1 < len(found) else len(text)]
        out.append(Token(match.group().lower().replace("’", "'"), bool(_CLAUSE_END.search(gap))))
    return out


def singular(word: str) -> str:
    """A rough English singular: enough to see that "boxes" and "box" are one word."""
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith(("ches", "shes", "xes", "sses", "zes", "oes")):
        return word[:-2]
    if len(word) > 4 and word.endswith("ves"):
        return word[:-3] + "f"
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def edit_distance(a: str, b: str, limit: int) -> int:
    """Optimal string alignment distance (insert, delete, replace, swap), cut off above ``limit``."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, ca in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, cb in enumerate(b, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (ca != cb))
            if i > 1 and j > 1 and ca == b[j - 2] and a[i - 2] == cb:
                best = min(best, older[j - 2] + 1)
            row.append(best)
        if min(row) > limit:
            return limit + 1
    return row[-1]


def same_word(said: str, meant: str, known: frozenset[str]) -> bool:
    """Equal up to number, colour spelling and (for unknown words of 4 letters or more) a typing slip."""
    if said == meant or singular(said) == singular(meant):
        return True
    said_colour, meant_colour = v.COLOUR_ALIASES.get(said, said), v.COLOUR_ALIASES.get(meant, meant)
    if said_colour == meant_colour:
        return True
    # a word that exists is not a slip: function words, colours, other words of the scene
    if said in known or singular(said) in known or len(meant) < 3 or len(said) < 3 or said[0] != meant[0]:
        return False
    limit = 1 if len(meant) <= 6 else 2
    return edit_distance(singular(said), singular(meant), limit) <= limit


def _known(names: Iterable[str]) -> frozenset[str]:
    words = {t.text for n in names for t in tokens_of(n)}
    return frozenset(words | {singular(w) for w in words} | v.FUNCTION_WORDS | v.COLOURS | v.GENERIC_NOUNS | v.SHADES)


@dataclass(frozen=True)
class Spotter:
    """Finds mentions of the given objects and places. ``aliases``: other names of places."""

    objects: tuple[str, ...]
    places: tuple[str, ...]
    aliases: tuple[tuple[str, str], ...] = ()

    def spot(self, instruction: str) -> list[Mention]:
        """All mentions in the order of the words; every word belongs to at most one."""
        toks = tokens_of(instruction)
        words = [t.text for t in toks]
        known = _known([*self.objects, *self.places, *(a for a, _ in self.aliases)])
        taken = [False] * len(words)
        found: list[Mention] = []
        for phrase, name, is_place in self._phrases():
            for start, end in _find(phrase, toks, taken, known):
                said = " ".join(words[start:end])
                fixed = (
                    ""
                    if all(
                        singular(a) == singular(b) or v.COLOUR_ALIASES.get(a)
                        for a, b in zip(words[start:end], phrase, strict=True)
                    )
                    else " ".join(phrase)
                )
                found.append(self._mention(toks, start, end, (name,), True, is_place, corrected=fixed, said=said))
                taken[start:end] = [True] * (end - start)
        found += self._partial(toks, taken, known)
        found = _merge_same(found)
        found += self._unknown(toks, taken)
        return sorted(found, key=lambda m: m.span)

    def _phrases(self) -> list[tuple[list[str], str, bool]]:
        phrases = [([t.text for t in tokens_of(n)], n, False) for n in self.objects]
        phrases += [([t.text for t in tokens_of(p)], p, True) for p in self.places]
        phrases += [([t.text for t in tokens_of(a)], p, True) for a, p in self.aliases if p in self.places]
        return sorted((p for p in phrases if p[0]), key=lambda p: (-len(p[0]), -sum(map(len, p[0])), p[1]))

    def _partial(self, toks: Sequence[Token], taken: list[bool], known: frozenset[str]) -> list[Mention]:
        """Runs of words that are part of a name: "blocks", "red ones", "the coke"."""
        parts = {n: [t.text for t in tokens_of(n)] for n in self.objects}
        out = []
        i = 0
        while i < len(toks):
            if taken[i] or toks[i].text in v.FUNCTION_WORDS - {"one"}:
                i += 1
                continue
            j, names, colour_only = i, set(self.objects), True
            while j < len(toks) and not taken[j]:
                word = toks[j].text
                hits = {n for n in names if any(same_word(word, p, known) for p in parts[n])}
                if singular(word) in ("one", "thing", "object", "item", "piece", "colored", "coloured") and j > i:
                    hits = names
                if not hits:
                    break
                colour_only = colour_only and (word in v.COLOURS or word in v.SHADES)
                names = hits
                j += 1
                if toks[j - 1].ends_clause:
                    break
            everything = toks[i].text in ("everything", "things", "objects", "items", "stuff")
            stops = j == len(toks) or toks[j].text in v.FUNCTION_WORDS or toks[j - 1].ends_clause
            if j > i and (not colour_only or stops):
                start = i
                if i and not taken[i - 1] and toks[i - 1].text in v.COLOURS and not toks[i - 1].ends_clause:
                    start, names = i - 1, set()  # "the purple block" where blocks are here, but none is purple
                out.append(self._mention(toks, start, j, tuple(sorted(names)), False, False))
                taken[start:j] = [True] * (j - start)
                i = j
            elif everything:
                out.append(self._mention(toks, i, i + 1, self.objects, False, False))
                taken[i] = True
                i += 1
            else:
                i += 1
        for i, tok in enumerate(toks):  # "everything" is a function word, so it was passed over above
            if tok.text == "everything" and not taken[i]:
                out.append(self._mention(toks, i, i + 1, self.objects, False, False))
                taken[i] = True
        return out

    def _mention(
        self, toks: Sequence[Token], start: int, end: int, names: tuple[str, ...], exact: bool, place: bool,
        corrected: str = "", said: str = "",
    ) -> Mention:  # fmt: skip
        quantity, count, before, excluded = _context(toks, start, end, plural=_plural(toks[end - 1].text))
        text = said or " ".join(t.text for t in toks[start:end])
        quantity = Quantity.THE if exact else quantity
        return Mention(text, (start, end), names, quantity, exact, place, excluded, before, count, corrected)

    def _unknown(self, toks: Sequence[Token], taken: list[bool]) -> list[Mention]:
        """Noun phrases after a determiner or a place preposition that match nothing here."""
        out = []
        i = 0
        while i < len(toks):
            opens = toks[i].text in v.DETERMINERS or toks[i].text in v.PLACE_PREPOSITIONS | v.ALL_WORDS
            j = i + 1
            if opens and not taken[i] and not toks[i].ends_clause:
                while j < len(toks) and not taken[j] and toks[j].text not in v.FUNCTION_WORDS and j - i <= 4:
                    j += 1
                    if toks[j - 1].ends_clause:
                        break
                phrase = [t.text for t in toks[i + 1 : j]]
                swallowed = j < len(toks) and taken[j] and not toks[j - 1].ends_clause  # "the big | red block"
                nouns = [w for w in phrase if not {w, singular(w)} & (v.GENERIC_NOUNS | v.SUPERLATIVES | v.SHADES)]
                coloured = [w for w in nouns if w in v.COLOURS]
                one = phrase[-1:] in (["one"], ["ones"], ["thing"], ["things"])  # "the purple one"
                names_something = len(nouns) > len(coloured) or len(coloured) == len(phrase) or one
                if phrase and not swallowed and nouns and names_something:
                    out.append(self._mention(toks, i + 1, j, (), False, False))
            i = max(j, i + 1) if opens and j > i + 1 else i + 1
        return out


def _plural(word: str) -> bool:
    return singular(word) != word or word in ("everything", "stuff")


def _context(toks: Sequence[Token], start: int, end: int, plural: bool) -> tuple[Quantity, int | None, str, bool]:
    """Quantity, count, preposition and exception, read from the few words before a phrase."""
    quantity = Quantity.ALL if plural else Quantity.THE
    count, before, excluded = None, "", False
    i = start - 1
    while i >= 0 and start - i <= 5 and not toks[i].ends_clause:
        word = toks[i].text
        if word in v.ALL_WORDS:
            quantity = Quantity.ALL
        elif word in ("a", "an", "any", "some", "another") and count is None:
            quantity = Quantity.ANY
        elif word in v.NUMBERS and word not in ("one",):
            quantity, count = Quantity.SOME, v.NUMBERS[word]
        elif word.isdigit():
            quantity, count = Quantity.SOME, int(word)
        elif word == "one":
            quantity = Quantity.ANY
        elif word in v.PLACE_PREPOSITIONS | v.SOURCE_PREPOSITIONS:
            before = word
            break
        elif word in v.EXCEPT_WORDS or word in v.NEGATIONS:
            excluded = True
            break
        elif word in ("top", "middle", "centre", "center", "side", "inside") and toks[i + 1].text == "of":
            pass  # "on top of the": the preposition stands further left
        elif word not in v.DETERMINERS and word not in ("of", "for") and word not in v.SHADES:
            break
        i -= 1
    if i > 0 and toks[i].text in ("for",) and toks[i - 1].text in v.EXCEPT_WORDS:
        excluded = True
    if toks[start].text == "everything":
        quantity = Quantity.ALL
    return quantity, count, before, excluded


def _find(
    phrase: Sequence[str], toks: Sequence[Token], taken: Sequence[bool], known: frozenset[str]
) -> list[tuple[int, int]]:
    hits, n, i = [], len(phrase), 0
    while i + n <= len(toks):
        window = range(i, i + n)
        fits = not any(taken[k] for k in window) and not any(toks[k].ends_clause for k in window[:-1])
        # the plural of a full name that fits several things is a group, not this one thing
        if fits and all(same_word(toks[k].text, p, known) for k, p in zip(window, phrase, strict=True)):
            hits.append((i, i + n))
            i += n
        else:
            i += 1
    return hits


def _merge_same(found: list[Mention]) -> list[Mention]:
    """Several things may bear one name's words ("chip bag" twice); keep one mention a span."""
    by_span: dict[tuple[int, int], Mention] = {}
    for m in found:
        old = by_span.get(m.span)
        if old is None:
            by_span[m.span] = m
    return list(by_span.values())
