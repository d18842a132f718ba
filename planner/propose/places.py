"""Places said in part or by another word: "the corner at the bottom right", "upper left", "the side"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from planner.propose import vocabulary as v
from planner.propose.spelling import Token, singular, tokens_of

# ends the name of what things are put in or on
VESSEL = re.compile(
    r"\b(?:bowl|\w*(?:basket|box|drawer|cabinet|shelf|case|crate|board)|tray|bin|counter|table|corner|side|middle"
    r"|fridge"
    r"|bag|cup|mug|jar|tin|can|cupboard|bucket|sink|freezer|hamper|chest|plate|rack|holder|stand|pot|pan|pantry|pouch"
    r"|dish"
    r"|trunk|closet|wardrobe|refrigerator|container|caddy|organi[sz]er|pile|folder|envelope|locker|cart|trolley|hook"
    r"|toolbox|safe|vase|kit|sack|barrel|carton|pocket|bench|rug|mat)$",
    re.IGNORECASE,
)
ALONE = frozenset({"one", "thing", "object", "item", "piece"})  # told by where they lie: "the left one"
NOUNS = frozenset({"corner", "side", "middle", "table"})  # name a place without an article, too

CORRECTING = frozenset({"sorry", "actually", "rather", "no", "mean", "meant", "or", "oops"})
AREAS = frozenset({"hand", "part", "area", "region"})


@dataclass(frozen=True)
class PlaceRun:
    """Words ``span`` that mean one of ``names``; ``beyond``: they continue with "of" something that is no surface."""

    span: tuple[int, int]
    names: tuple[str, ...]
    words: frozenset[str]
    beyond: bool = False


class PlaceWords:
    """The words of a scene's places and how people vary them."""

    def __init__(self, places: Sequence[str]) -> None:
        self.of = {p: frozenset(t.text for t in tokens_of(p)) for p in places}
        self.known = frozenset(w for words in self.of.values() for w in words)

    def norm(self, word: str) -> str:
        """The scene's own word for it; "" when it is no word of a place."""
        if word in self.known:
            return word
        other = v.PLACE_SYNONYMS.get(word, "")
        return other if other in self.known else ""

    def fits(self, words: frozenset[str]) -> tuple[str, ...]:
        """The places that these words mean: those with the fewest words beyond what was said."""
        said = words - {"table"} if len(words) > 1 else words
        extra = {p: len(known - said) for p, known in self.of.items() if said <= known}
        least = min(extra.values(), default=0)
        return tuple(sorted(p for p, n in extra.items() if n == least))

    def runs(self, toks: Sequence[Token], taken: Sequence[bool], parts: frozenset[str]) -> list[PlaceRun]:
        """Place phrases among the words that are not taken. ``parts``: words of the objects' names."""
        found = []
        i = 0
        while i < len(toks):
            run = None if taken[i] else self._run(toks, taken, parts, i)
            if run is not None:
                found.append(run)
                i = run.span[1]
            else:
                i += 1
        return found

    def _run(self, toks: Sequence[Token], taken: Sequence[bool], parts: frozenset[str], start: int) -> PlaceRun | None:
        if not self.norm(toks[start].text):
            return None
        words, end, j = {self.norm(toks[start].text)}, start + 1, start + 1
        while j < len(toks) and not taken[j] and not toks[j - 1].ends_clause and j - end <= 3:
            word = self.norm(toks[j].text)
            if word and not (word in words and toks[j - 1].text in v.CONNECTORS - {"hand", "most"}):
                words.add(word)
                end = j + 1
            elif toks[j].text not in v.CONNECTORS and toks[j].text not in v.SURFACES:
                break
            j += 1
        names = self.fits(frozenset(words))
        before = toks[start - 1].text if start and not toks[start - 1].ends_clause else ""
        if words == {"top"} and toks[start].text == "back" and before in ("my", "your", "his", "her", "our", "their"):
            return None  # "my back hurts"
        determined = before in v.DETERMINERS or before in ("other", "opposite", "very")
        noun = bool(words & NOUNS) and before in v.DETERMINERS | v.PLACE_PREPOSITIONS | {"one", "any", "each"}
        closing = end == len(toks) or toks[end - 1].ends_clause
        alone = len(words) > 1 and closing and (not before or before in CORRECTING)  # "... - sorry, bottom right"
        if not names or not (determined or noun or alone or (len(words) > 1 and before in v.PLACE_PREPOSITIONS)):
            return None
        after = toks[end].text if end < len(toks) and not toks[end - 1].ends_clause else ""
        if words == {"middle"} or not words & NOUNS:  # an adjective: "the left block", "the top one"
            named = after in parts or after[:-1] in parts or singular(after) in ALONE
            if after == "one" and (kind := self._spoken(toks, parts, start)):  # "the left side ..., the right one"
                return PlaceRun((start, end + 1), self.fits(frozenset({*words, kind})), frozenset({*words, kind}))
            if after and (named or taken[end]):
                return None
        while end < len(toks) and toks[end].text in AREAS and not toks[end - 1].ends_clause:
            end += 1
        beyond = False
        if end < len(toks) and toks[end].text == "of" and not toks[end - 1].ends_clause:
            k = end + 1
            while k < len(toks) and toks[k].text in v.DETERMINERS:
                k += 1
            if k < len(toks) and toks[k].text in v.SURFACES | {"room", "scene"}:
                end = k + 1
            elif k < len(toks):
                beyond = True
        return PlaceRun((start, end), names, frozenset(words), beyond)

    def _spoken(self, toks: Sequence[Token], parts: frozenset[str], start: int) -> str:
        """The noun for a place that was said last before ``start``; "" where a thing was spoken of since."""
        last = next((t.text for t in reversed(toks[:start]) if t.text in NOUNS - {"table"} or t.text in parts), "")
        return last if last in NOUNS else ""
