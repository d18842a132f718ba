"""Phrases for a sort of things, some called so and some not: "the jackets", with a parka beside a ski jacket.

What the things are called says which of them are meant for sure; what is written down of them
(`planner.propose.lookup`) adds those of the same sort under another name, and takes out what is only called so ("book
bag": no book). Of two phrases that share a thing the narrower one has it: "shirts here and other clothes there".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from planner.propose import vocabulary as v
from planner.propose.degrees import degree_of
from planner.propose.lookup import Lookup
from planner.propose.mention import Mention, Quantity
from planner.propose.spelling import Token, plural, singular, tokens_of
from planner.propose.uses import joined

WHOLE = frozenset({"everything", "anything", "whatever"})
EACH = frozenset({"every", "each"})
ONE = frozenset({"a", "an", "any", "either"})
LONGEST = 4  # words of a sort
VESSELS = v.CONTAINER_NOUNS | v.words(
    "bottle can jar box bowl cup mug plate glass basket tray pot pan carton tin packet pack tube crate bin block cube"
)  # a noun for the shape or the vessel: what is called so is meant, not what may come in one


@dataclass(frozen=True)
class Sorts:
    """Finds such phrases among the names of what is here."""

    lookup: Lookup
    objects: tuple[str, ...]

    def runs(self, toks: Sequence[Token], taken: Sequence[bool]) -> Iterator[tuple[tuple[int, int], tuple[str, ...]]]:
        """(span, names) of every phrase for a sort of which something is here, from left to right."""
        i = 0
        while i < len(toks):
            end, names = next(self._from(toks, taken, i), (i, ()))
            if names:
                yield (i, end), names
            i = max(end, i + 1)

    def _from(self, toks: Sequence[Token], taken: Sequence[bool], i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        for n in range(LONGEST, 0, -1):
            window = toks[i : i + n]
            if len(window) < n or any(taken[i : i + n]) or any(t.ends_clause for t in window[:-1]):
                continue
            words = [t.text for t in window]
            several = plural(words[-1]) or words[-1] in v.MASS_NOUNS or _one_of(toks, i, n)
            if not several or set(words) & v.FUNCTION_WORDS or degree_of(words[0]):
                continue
            names = self.members(words)
            if names:
                yield i + n, names

    def members(self, words: Sequence[str]) -> tuple[str, ...]:
        """What is here of the sort; empty unless something is called so and the sort is written down, or a sort of
        several words has parts that names share by chance ("stuffed animals" beside a "stuffed bear")."""
        said = [singular(w) for w in joined(words)]
        if said[-1] in VESSELS or not self.lookup.is_sort(said):
            return ()
        parts = {n: [singular(t.text) for t in tokens_of(n)] for n in self.objects}
        called = {n for n in self.objects if parts[n][-len(said) :] == said}
        touched = {n for n in self.objects if set(said) & set(parts[n])}
        if not called and not touched and len(said) == len(words):
            return ()  # nothing here is called so: all of it is looked up (`planner.propose.kinds`)
        odds = self.lookup.odds(" ".join(words), [n for n in self.objects if n not in called])
        return tuple(sorted(called | {n for n, x in odds.items() if x > 0}))


def _one_of(toks: Sequence[Token], i: int, n: int) -> bool:
    """Whether the phrase is one of a sort: "every trophy", "a stuffed animal"."""
    before = toks[i - 1].text if i else ""
    return before in EACH or (n > 1 and before in ONE)


def all_that_is(toks: Sequence[Token], mentions: Sequence[Mention], explained: set[int]) -> list[Mention]:
    """ "Everything that is candy", where something here is called so: all the candy. ``explained`` gains the words."""
    out = []
    for m in mentions:
        lead = [t.text for t in toks[max(0, m.span[0] - 3) : m.span[0]]]
        if lead[:1] and lead[0] in WHOLE and lead[1:] in (["that", "is"], ["that", "are"]) and m.names and not m.place:
            explained.update(range(m.span[0] - 3, m.span[0]))
            m = replace(m, quantity=Quantity.ALL, start=m.span[0] - 3)
        out.append(m)
    return out


def narrowest(mentions: Sequence[Mention], lookup: Lookup | None) -> list[Mention]:
    """Of two phrases for several things that share some, the narrower sort has them; a phrase that is left without
    anything keeps what it had."""
    out = list(mentions)
    if lookup is None:
        return out
    broad = {i: lookup.breadth(m.kind or m.text) for i, m in enumerate(out) if _is_sort(m)}
    for i, width in broad.items():
        own = set(out[i].names)
        rivals = [k for k, w in broad.items() if k != i and (w, len(out[k].names)) < (width, len(own))]
        gone = {n for k in rivals for n in mentions[k].names}
        left = tuple(n for n in out[i].names if n not in gone)
        if gone & own and left:
            out[i] = replace(out[i], names=left)
    return out


def _is_sort(m: Mention) -> bool:
    plain = not (m.exact or m.place or m.pronoun or m.pile or m.other)
    return plain and m.quantity is Quantity.ALL and len(m.names) > 0
