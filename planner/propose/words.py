"""Which words of an instruction speak of which present thing: a deterministic helper beside the language model.

It finds full names ("the red block"), parts of names ("the coke" for "coke can"), groups ("all the blocks",
"the red ones"), places ("the upper left"), towers, pronouns and misspelt names. What the phrases have to do with
each other is read afterwards (`planner.propose.reading`); what the sentence wants is the model's work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from planner.propose import vocabulary as v
from planner.propose.context import read_before
from planner.propose.degrees import degree_of
from planner.propose.lookup import STATES
from planner.propose.measures import BY
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.places import PlaceWords
from planner.propose.relatives import told_by_use
from planner.propose.sorts import Sorts
from planner.propose.spatial import Layout
from planner.propose.spelling import Token, colour_of, known_words, plural, same_word, singular, tokens_of
from planner.propose.spotting import (
    EVERYTHING,
    GENERIC_HEADS,
    filling,
    generic_after,
    has_adjective,
    places_of,
    says_colour,
    stuffing,
    told_by_place,
    tower_order,
    uncounted,
    written_apart,
)

ORDER = v.LOWEST | v.HIGHEST | v.BETWEEN
Parts = Mapping[str, list[str]]
PRONOUNS = frozenset({"it", "them", "they", "these", "those"})
AFTER_THAT = v.PLACE_PREPOSITIONS | frozenset({"away", "please", "and", "then", "over", "back", "there", "here", "up"})
COUNTING = frozenset({"counts", "count", "qualifies", "qualify", "passes", "belongs", "belong"})


@dataclass(frozen=True)
class Spotter:
    """Finds mentions of the given objects and places. ``aliases``: other names of places. ``colours``: how things
    look, by name; ``kinds``: types of a thing that a noun may mean ("container"); ``piles``: towers, bottom first;
    ``real``: words that exist and are no slips; ``uses``: verbs for what one does with things;
    ``sorts``: finds sorts of things that are written down; ``layout``: where things lie."""

    objects: tuple[str, ...]
    places: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    colours: Mapping[str, str] = field(default_factory=dict)
    containers: frozenset[str] = frozenset()
    piles: tuple[tuple[str, ...], ...] = ()
    real: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    sorts: Sorts | None = None
    layout: Layout | None = None

    def spot(self, instruction: str) -> list[Mention]:
        """All mentions in the order of the words; every word belongs to at most one."""
        toks = tokens_of(instruction)
        known = known_words([*self.objects, *self.places, *(a for a, _ in self.aliases)]) | self.real
        taken = [False] * len(toks)
        found: list[Mention] = []
        said = [*self.objects, *self.places, *(a for a, _ in self.aliases)]
        for start, end in told_by_use(toks, {t.text for n in said for t in tokens_of(n)}):
            taken[start:end] = [True] * (end - start)
        self._full(toks, taken, known, found)
        self._places(toks, taken, found)
        self._piles(toks, taken, found)
        for (start, end), names in self.sorts.runs(toks, taken) if self.sorts is not None else ():
            text = " ".join(t.text for t in toks[start:end])
            found.append(Mention(text, (start, end), names, Quantity.ALL, False, kind=text))
            taken[start:end] = [True] * (end - start)
        self._partial(toks, taken, known, found)
        self._pronouns(toks, taken, found)
        self._others(toks, taken, found)
        return sorted((self._complete(toks, taken, m) for m in found), key=lambda m: m.span)

    # --- the kinds of mention ---

    def _full(self, toks: Sequence[Token], taken: list[bool], known: frozenset[str], found: list[Mention]) -> None:
        words = [t.text for t in toks]
        tower = tower_order(words)
        for phrase, name, is_place in self._phrases():
            if is_place and tower and set(phrase) <= ORDER:
                continue  # "white in the middle" of a tower
            for start, end in (*places_of(phrase, toks, taken, known), *written_apart(phrase, toks, taken)):
                said = words[start:end]
                if plural(said[-1]) and not plural(phrase[-1]) and len(self._sharing(phrase)) > 1:
                    continue  # the plural of a full name that fits several things is a group, not this one thing
                slip = any(singular(a) != singular(b) and not colour_of(a) for a, b in zip(said, phrase, strict=False))
                m = Mention(" ".join(said), (start, end), (name,), Quantity.THE, True, is_place)
                found.append(m if not slip else replace(m, corrected=" ".join(phrase)))
                taken[start:end] = [True] * (end - start)

    def _places(self, toks: Sequence[Token], taken: list[bool], found: list[Mention]) -> None:
        parts = frozenset(singular(t.text) for n in self.objects for t in tokens_of(n))
        nouns = frozenset(tokens_of(n)[-1].text for n in self.objects if tokens_of(n))
        tower = tower_order([t.text for t in toks])
        for run in PlaceWords(self.places).runs(toks, taken, parts):
            start, end = run.span
            alone = end - start == 1 and toks[start].text in nouns  # "a can" where cans are, and a trash can
            alone = alone or filling(toks, start, end, run.names)
            if run.beyond or alone or (tower and run.words <= ORDER and end - start == 1):
                continue  # "the top of the box", "red at the bottom" of a tower
            found[:] = [m for m in found if not start <= m.span[0] < end]  # "the side of the table": no second place
            text = " ".join(t.text for t in toks[start:end])
            found.append(Mention(text, run.span, run.names, Quantity.THE, len(run.names) == 1, True))
            taken[start:end] = [True] * (end - start)

    def _piles(self, toks: Sequence[Token], taken: list[bool], found: list[Mention]) -> None:
        members = tuple(n for pile in self.piles for n in pile)
        for i, t in enumerate(toks):
            before = toks[i - 1].text if i else ""
            if members and t.text in v.PILE_NOUNS and not taken[i] and before in ("the", "this", "that", "my", "whole"):
                found.append(Mention(t.text, (i, i + 1), members, Quantity.ALL, False, pile=True))
                taken[i] = True

    def _partial(self, toks: Sequence[Token], taken: list[bool], known: frozenset[str], found: list[Mention]) -> None:
        """Runs of words that are part of a name: "blocks", "red ones", "the coke"; and "everything"."""
        parts = {n: [t.text for t in tokens_of(n)] for n in self.objects}
        i = 0
        while i < len(toks):
            if taken[i] or not self._may_open(toks, i, parts):
                i += 1
                continue
            end, names, colour_only = self._run(toks, taken, known, parts, i)
            stops = end == len(toks) or toks[end].text in v.FUNCTION_WORDS or toks[end - 1].ends_clause
            stops = stops or toks[end].text in v.LOWEST | v.HIGHEST | v.VERBS or taken[end]
            if end > i and (not colour_only or stops):
                names, start = self._adjective(toks, taken, i, names)
                text = " ".join(t.text for t in toks[start:end])
                found.append(Mention(text, (start, end), tuple(sorted(names)), Quantity.THE, False))
                taken[start:end] = [True] * (end - start)
            elif singular(toks[i].text) in GENERIC_HEADS and told_by_place(toks, i):  # "the leftmost one"
                end = i + 1
                loose = tuple(n for n in self.objects if n not in self.containers) or self.objects
                found.append(Mention(toks[i].text, (i, end), loose, Quantity.THE, False))
                taken[i] = True
            elif toks[i].text in EVERYTHING and not has_adjective(toks, i) and not self._defined(toks, i):
                end = i + 2 if i + 1 < len(toks) and toks[i + 1].text == "else" else i + 1
                text = " ".join(t.text for t in toks[i:end])
                found.append(Mention(text, (i, end), self.objects, Quantity.ALL, False, other=end > i + 1))
                taken[i:end] = [True] * (end - i)
            i = max(end, i + 1)

    def _may_open(self, toks: Sequence[Token], i: int, parts: Parts) -> bool:
        word, before = toks[i].text, toks[i - 1].text if i and not toks[i - 1].ends_clause else ""
        if (word == "stuff" and stuffing(toks, i)) or self._property(toks, i):
            return False
        if word in EVERYTHING or word in ("one", "ones") or word not in v.FUNCTION_WORDS:
            verb = word in v.VERBS and (before not in v.DETERMINERS and not colour_of(before))
            return not verb or plural(word)
        earlier = toks[i - 2].text if i > 1 and not toks[i - 2].ends_clause else ""
        described = before in STATES or degree_of(before) != ""
        opened = before in v.DETERMINERS or (described and earlier in v.DETERMINERS)
        return opened and any(word in p for p in parts.values())  # "the can", "the open can"

    def _property(self, toks: Sequence[Token], i: int) -> bool:
        """Whether the word says what "items" are like: then it is looked up, whatever is called so by chance."""
        if self.sorts is None or i + 1 >= len(toks) or toks[i].ends_clause or colour_of(toks[i].text):
            return False
        noun = toks[i + 1].text
        generic = plural(noun) and singular(noun) in GENERIC_HEADS - {"one"}
        return generic and toks[i].text in self.sorts.lookup.adjectives

    def _run(
        self, toks: Sequence[Token], taken: Sequence[bool], known: frozenset[str], parts: Parts, i: int
    ) -> tuple[int, set[str], bool]:
        """(end, names, whether only colours were said) of the longest run of name words from ``i``."""
        j, names, colour_only = i, set(self.objects), True
        while j < len(toks) and not taken[j]:
            word = toks[j].text
            hits = {n for n in names if any(same_word(word, p, known) for p in parts[n])}
            colour = colour_of(word)
            generic = singular(word) in GENERIC_HEADS
            if colour and generic_after(toks, j):  # "yellow things": how it looks counts, not only what it is called
                hits |= {n for n in names if self.colours.get(n) == colour}
            if not hits:
                hits = self._synonyms(word, names, parts)
            if generic and j > i:
                hits = names
            if not hits:
                break
            colour_only = colour_only and bool(colour)
            names = hits
            j += 1
            if toks[j - 1].ends_clause:
                break
        return j, names, colour_only

    def _synonyms(self, word: str, names: set[str], parts: Parts) -> set[str]:
        """Things whose noun means the same ("cube": block), where no name has the word itself."""
        noun = singular(word)
        if noun in v.CONTAINER_NOUNS:
            return names & self.containers
        other = v.NOUN_SYNONYMS.get(noun) if word == noun or word not in v.CATEGORY_NOUNS else None
        return {n for n in names if other and parts[n][-1:] == [other]}

    def _adjective(self, toks: Sequence[Token], taken: Sequence[bool], i: int, names: set[str]) -> tuple[set[str], int]:
        """ "the purple block" where blocks are here, but none is called purple."""
        before = colour_of(toks[i - 1].text) if i and not taken[i - 1] and not toks[i - 1].ends_clause else ""
        if not before:
            return names, i
        return {n for n in names if self.colours.get(n) == before and not says_colour(n)}, i - 1

    def _pronouns(self, toks: Sequence[Token], taken: list[bool], found: list[Mention]) -> None:
        for i, t in enumerate(toks):
            before = toks[i - 1].text if i else ""
            acted = before in v.PICK_VERBS | v.PUT_VERBS | v.KEEP_VERBS and not toks[i - 1].ends_clause
            onto = before in ("on", "onto", "in", "into", "inside", "upon") and i > 1
            onto = onto or (before == "of" and toks[i - 2].text in v.ALL_WORDS | v.NUMBERS.keys() | {"top", "rid"})
            onto = onto or before in v.RELATIONS or (before == "to" and toks[i - 2].text in ("next", "close"))
            onto = onto or (before == "of" and toks[i - 2].text in ("left", "right", "front"))
            every = t.text == "one" and before in ("each", "every")
            shown = t.text in ("one", "ones") and before in ("this", "that", "these", "those")
            after = toks[i + 1].text if i + 1 < len(toks) and not t.ends_clause else ""
            later = toks[i + 2].text if after in v.NUMBERS and i + 2 < len(toks) else after  # "those two pears"
            whole = t.text in ("these", "those") and bool(later) and later not in v.FUNCTION_WORDS
            handed = before in ("me", "us") and toks[i - 2].text in v.PICK_VERBS | v.PUT_VERBS
            that = t.text in ("that", "this") and (acted or handed or onto) and (not after or after in AFTER_THAT)
            known = t.text in PRONOUNS and (acted or onto)
            if taken[i] or whole or not (every or shown or known or that):
                continue
            quantity = Quantity.THE if t.text in ("it", "one", "that", "this") and not every else Quantity.ALL
            found.append(Mention(t.text, (i, i + 1), (), quantity, False, pronoun=True))
            taken[i] = True

    def _others(self, toks: Sequence[Token], taken: list[bool], found: list[Mention]) -> None:
        """ "the others", "the rest", "the other": what they are is read from the phrases before."""
        for i, t in enumerate(toks):
            word, before = t.text, toks[i - 1].text if i else ""
            following = toks[i + 1].text if i + 1 < len(toks) and not t.ends_clause else ""
            alone = not following or following in v.FUNCTION_WORDS - v.NUMBERS.keys() or following in v.VERBS
            plain = word in ("others", "rest", "remainder") or (word == "other" and alone)
            plain = plain and before in ("the", "all", "every", "any") and following != "of"
            if taken[i] or not (plain or (word in ("one", "ones") and before in ("other", "remaining"))):
                continue
            quantity = Quantity.THE if word in ("other", "one") else Quantity.ALL
            found.append(Mention(word, (i, i + 1), (), quantity, False, other=True))
            taken[i] = True

    # --- helpers ---

    def _defined(self, toks: Sequence[Token], i: int) -> bool:
        """Whether the words behind say which things: "the things one eats", "things to read", "stuff for cleaning",
        "everything that counts as a tool"."""
        after = [t.text for t in toks[i + 1 : i + 4]]
        if len(after) < 2 or toks[i].ends_clause:
            return False
        if after[0] in ("one", "people", "i", "we", "they", "made"):
            return True
        if after[0] in ("that", "which"):
            told = after[2] if len(after) > 2 else ""
            place = v.PLACE_PREPOSITIONS | v.BEING | v.NEGATIONS | STATES | v.RELATIONS
            return after[1] in COUNTING or (after[1] in ("is", "are") and told not in place and not colour_of(told))
        if after[0] == "to":
            return after[1] in (v.OTHER_VERBS | self.uses) - {"be"}
        return after[0] == "used" or (after[0] == "for" and after[1].endswith("ing"))

    def _complete(self, toks: Sequence[Token], taken: Sequence[bool], m: Mention) -> Mention:
        """Add what the words before the phrase say."""
        first, end = m.span
        compared = first > 0 and not toks[first - 1].ends_clause and degree_of(toks[first - 1].text) in BY
        b = read_before(toks, first - compared, end, taken)
        quantity = b.quantity
        if quantity is Quantity.THE and not m.exact and (m.quantity is Quantity.ALL or uncounted(toks, b.start, m)):
            quantity = Quantity.ALL
        spread = m.place and b.each and len(m.names) > 1  # "on each corner"
        if m.exact or m.pronoun or not m.names or (m.place and quantity is Quantity.ALL and not spread):
            quantity = m.quantity if m.names or m.pronoun or m.other else quantity
        if m.pile or toks[m.span[0]].text == "everything":
            quantity = Quantity.ALL
        return replace(
            m, quantity=quantity, count=b.count, before=b.preposition, role=b.role, excluded=b.excluded,
            start=b.start, each=b.each, half=b.half, other=m.other or b.other,
        )  # fmt: skip

    def _phrases(self) -> list[tuple[list[str], str, bool]]:
        phrases = [([t.text for t in tokens_of(n)], n, False) for n in self.objects]
        phrases += [
            ([*p[-1:], "of", *p[:-1]], n, False)
            for p, n, _ in phrases
            if len(p) == 2 and not p[-1].isdigit() and not colour_of(p[0])
        ]  # "puddle of juice": juice puddle
        phrases += [([t.text for t in tokens_of(p)], p, True) for p in self.places]
        phrases += [([t.text for t in tokens_of(a)], p, True) for a, p in self.aliases if p in self.places]
        return sorted((p for p in phrases if p[0]), key=lambda p: (-len(p[0]), -sum(map(len, p[0])), p[1]))

    def _sharing(self, phrase: Sequence[str]) -> list[str]:
        """Objects whose names have all these words."""
        words = {singular(w) for w in phrase}
        return [n for n in self.objects if words <= {singular(t.text) for t in tokens_of(n)}]


__all__ = ["Mention", "Quantity", "Role", "Spotter"]
