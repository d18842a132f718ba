"""Membership as a look-up: which things are of a kind, have a use, a property or a home, as far as it is written down.

The knowledge (`planner.learn.knowledge`) is a tool: what it says of a thing and a phrase that it knows is taken; about
everything else it says nothing, and the model is asked. Answers are three-valued: yes, no, not written down.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from planner.propose import vocabulary as v
from planner.propose.adjectives import CONDITIONS, plain_forms, told_by_name
from planner.propose.compounds import compound
from planner.propose.same_kinds import SAME_KINDS, WASHED_UP
from planner.propose.shades import shade_of
from planner.propose.spelling import colour_of, colours_of, singular, tokens_of
from planner.propose.uses import Phrase, stems, take_apart

if TYPE_CHECKING:
    from planner.learn.knowledge import Entry, Knowledge

MOST = 0.7  # share of a kind's things that makes something true of the kind
KNOWN = 4.0  # [nats] log-odds of what is written down; of what is not written down of a known thing: minus this
STATES = frozenset(
    {"empty", "full", "open", "opened", "closed", "free", "clear", "clean", "dirty", "filled", "left", "right"}
)
OWN = frozenset({"the", "a", "an", "your", "one's"})
OTHER_WORDS = {"wooden": "wood", "metallic": "metal", "metal": "metallic", "wood": "wooden", "golden": "gold"}


class Lookup:
    """The knowledge as a tool for one phrase and the names of present things."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def odds(self, phrase: str, names: Sequence[str]) -> dict[str, float]:
        """Log-odds [nats] that each thing is meant by the phrase; only for things about which that is written down."""
        read = take_apart(phrase)
        found = {n: self._member(read, n) for n in names}
        if not read.noun and not read.without and True not in found.values():
            return {}  # nothing fits: uses and properties are never listed in full, so that says little
        return {n: KNOWN if member else -KNOWN for n, member in found.items() if member is not None}

    @cached_property
    def kinds(self) -> frozenset[str]:
        """Last words of the kinds that are written down, singular: nouns that may mean several sorts of things."""
        words = {singular(k.split()[-1]) for k in self.knowledge.phrases("kinds", 2)}
        words |= {k for k, same in SAME_KINDS.items() if same in self._kinds}
        return frozenset(words - v.FUNCTION_WORDS - v.GENERIC_NOUNS - v.PREFERENCES)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of every name and phrase that is written down: words that exist, and so are no typing slips."""
        found: set[str] = set()
        for e in self.knowledge:
            phrases = (e.name, *e.names, *e.kinds, *e.uses, *e.properties, *e.homes, *e.materials)
            found.update(w for p in phrases for w in p.split())
        return frozenset(found)

    @cached_property
    def use_verbs(self) -> frozenset[str]:
        """What one does with things: the first words of uses ("things to *read*")."""
        return frozenset(u.split()[0] for u in self.knowledge.phrases("uses"))

    @cached_property
    def use_phrases(self) -> frozenset[str]:
        """What things are used for ("hang a picture"), also with "one's" for every article."""
        uses = self.knowledge.phrases("uses")
        return frozenset({*uses, *(" ".join("one's" if w in OWN else w for w in u.split()) for u in uses)})

    def is_kind(self, phrase: str) -> bool:
        """Whether a noun phrase in the singular is a kind that is written down."""
        return phrase in self._kinds

    def is_sort(self, words: Sequence[str]) -> bool:
        """Whether the words (singular) are a kind that is written down, or adjectives that are and such a kind."""
        if self._kind(words):
            return True
        return len(words) > 1 and self.is_sort(words[1:]) and self._speaks(words[0])

    def breadth(self, phrase: str) -> int:
        """How many things that are written down a noun phrase takes in; a phrase that is not understood: very many."""
        words = [singular(t.text) for t in tokens_of(phrase)]
        for start in range(len(words)):
            kind = self._kind(words[start:])
            if kind:
                return len(self.knowledge.of_kind(kind)) // (1 + start)
        return len(self.knowledge)

    def _kind(self, words: Sequence[str]) -> str:
        """The kind that the words (singular) name as they are written down, or by a word that means the same; ""."""
        whole = " ".join(words)
        same = " ".join([*words[:-1], SAME_KINDS.get(words[-1], words[-1])])
        return self._kinds.get(whole) or self._kinds.get(SAME_KINDS.get(whole, same), "")

    @property
    def homes(self) -> tuple[str, ...]:
        """Where things may belong."""
        return tuple(self.knowledge.phrases("homes"))

    def uses_with(self, stem: str) -> Sequence[tuple[str, frozenset[str]]]:
        """(use, stems of its content words) of every use that contains the stem."""
        return self._uses_by_stem.get(stem, ())

    @cached_property
    def _uses_by_stem(self) -> dict[str, list[tuple[str, frozenset[str]]]]:
        found: dict[str, list[tuple[str, frozenset[str]]]] = {}
        for use, wanted in self._use_stems.items():
            for stem in wanted:
                found.setdefault(stem, []).append((use, wanted))
        return found

    @cached_property
    def adjectives(self) -> frozenset[str]:
        """Single words for what things are like or made of."""
        return frozenset(w for w in self._written if " " not in w)

    def find(self, name: str) -> Entry | None:
        """What is written down of a thing, or follows from the parts of its name ("canned peas"); of one that is known
        as a kind only ("cola"), what most of them share."""
        if name not in self._shared:
            self._shared[name] = compound(name, self.knowledge.exactly, self._of_kind) or self._of_kind(name)
        return self._shared[name]

    def _of_kind(self, name: str) -> Entry | None:
        from planner.learn.knowledge import FIELDS, Entry

        words = [singular(t.text) for t in tokens_of(name)]
        tails = [" ".join(words[i:]) for i in range(len(words))]
        kind = next((self._kinds[t] for t in tails if t in self._kinds), None)
        members = [self.knowledge[n] for n in self.knowledge.of_kind(kind)] if kind is not None else []
        if kind is None or not members:
            return None
        shared = {
            f: tuple(sorted(p for p in {p for e in members for p in getattr(e, f)} if _share(members, f, p) >= MOST))
            for f in FIELDS
        }
        shared["kinds"] = tuple(dict.fromkeys((kind, *shared["kinds"])))
        return Entry(name, **shared)

    @cached_property
    def _shared(self) -> dict[str, Entry | None]:
        return {}

    def _member(self, read: Phrase, name: str) -> bool | None:
        tests: list[bool | None] = []
        if read.home:
            tests.append(self._home(read.home, name))
        if read.noun:
            tests.append(self._noun(read.noun, name))
        adjectives, use = self._said(read)
        if use:
            tests.append(self._use(use, name))
        tests += [self._is_so(a, name) for a in adjectives]
        if read.without:
            inner = [self._is_or_like(w, name) for w in read.without]
            tests.append(False if True in inner else None if None in inner else True)
        if not tests or False in tests:
            return False if tests else None
        return None if None in tests else True

    def _said(self, read: Phrase) -> tuple[Sequence[str], frozenset[str]]:
        """Adjectives and use; "something salty" is a property, or else what one does with it."""
        if not read.bare or len(read.adjectives) != 1:
            return read.adjectives, read.use
        return (read.adjectives, frozenset()) if self._speaks(read.adjectives[0]) else ((), stems(read.adjectives))

    def categories_of(self, phrase: str) -> list[list[tuple[str, str]]]:
        """What a phrase asks for, as (field, phrase) that are written down: one of each list. A list is empty where a
        part of the phrase is not written down so simply."""
        read = take_apart(phrase)
        words = [singular(w) for w in read.noun]
        start = next((i for i in range(len(words)) if self._kind(words[i:])), len(words))
        if read.home or read.without or (words and start == len(words)):
            return [[]]
        adjectives, use = self._said(read)
        out = [[("kinds", self._kind(words[start:]))]] if words else []
        if use:
            fits = self._uses(use)
            out.append([("uses", u) for u in sorted({u for u in fits if self._use_stems[u] == use} or fits)])
        for a in (*read.noun[:start], *adjectives):
            out.append([("properties", w) for w in sorted(self._meant(a) & self._properties)])
        return out

    @cached_property
    def _properties(self) -> frozenset[str]:
        return frozenset(self.knowledge.phrases("properties"))

    def _is_so(self, said: str, name: str) -> bool | None:
        """A property, or a kind said like one ("everything that is tropical fruit")."""
        like = self.is_like(said, name)
        return self._noun([said], name) if like is None and self._kind([singular(said)]) else like

    # --- the tests, each True, False or None for "not written down" ---

    def _home(self, wanted: frozenset[str], name: str) -> bool | None:
        entry = self.find(name)
        homes = [h for h in self.knowledge.phrases("homes") if stems(h.split()) == wanted]
        return None if entry is None or not homes else any(entry.has("homes", h) for h in homes)

    def _use(self, wanted: frozenset[str], name: str) -> bool | None:
        entry, fits = self.find(name), self._uses(wanted)
        return None if entry is None or not fits else any(u in fits for u in entry.uses) or _tool(entry, wanted)

    def _uses(self, wanted: frozenset[str]) -> frozenset[str]:
        """Uses that the words speak of: the same content or more of it, else a part of it."""
        more = {u for u, s in self._use_stems.items() if wanted <= s}
        return frozenset(more or {u for u, s in self._use_stems.items() if s and s <= wanted})

    @cached_property
    def _use_stems(self) -> dict[str, frozenset[str]]:
        return {u: stems(u.split()) for u in self.knowledge.phrases("uses")}

    def _noun(self, said: Sequence[str], name: str) -> bool | None:
        """Whether the thing is of the kind, adjectives before it included ("metal tool")."""
        entry = self.find(name)
        words = [singular(w) for w in said]
        for start in range(len(words)):
            kind = self._kind(words[start:])
            if not kind:
                continue
            if entry is None:
                return None
            told = any(a in words for a in said[:start] for words in CONDITIONS)
            kinds = WASHED_UP.get(kind, (kind,)) if told else (kind,)
            member = any(entry.has("kinds", k) for k in kinds) or _is(entry, kind)
            tests = [member, *(self.is_like(a, name) for a in said[:start])]
            return False if False in tests else None if None in tests else True
        named = self._thing(said)
        return entry.name == named if named and entry is not None else None

    def _thing(self, said: Sequence[str]) -> str:
        """The one thing that a phrase names in full ("the milk"), "" for none: it is no kind to be guessed at."""
        whole = " ".join(said), " ".join(singular(w) for w in said)
        return next((self._called[w] for w in whole if w in self._called), "")

    @cached_property
    def _called(self) -> dict[str, str]:
        """Every name of every thing, and the thing's first name."""
        return {n: e.name for e in self.knowledge for n in (*e.names, e.name)}

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return {" ".join(singular(w) for w in k.split()): k for k in self.knowledge.phrases("kinds")}

    def _is_or_like(self, word: str, name: str) -> bool | None:
        """ "not an apple", "not sweet": the thing itself, its kind or a property."""
        if singular(word) in {singular(t.text) for t in tokens_of(name)}:
            return True
        entry = self.find(name)
        if entry is not None and _is(entry, singular(word)):
            return True
        likes = [self.is_like(w, name) for w in (word, f"{word}ic", f"{word}y")]  # "without alcohol": not alcoholic
        known = [x for x in (self._noun([word], name), *likes) if x is not None]
        if known:
            return any(known)
        return False if entry is not None and singular(word) in self.knowledge else None

    def is_like(self, adjective: str, name: str) -> bool | None:
        """Whether a thing has a property, a material or a colour; None when that is not written down. What its name
        says comes first ("dirty shirt", "dark blue shirt")."""
        called = told_by_name(adjective, [t.text for t in tokens_of(name)])
        if called is not None:
            return called
        if (made := self._made_of(adjective, name)) is not None:
            return made
        colours, entry = colours_of(name), self.find(name)
        own = colours or frozenset(c for p in (entry.properties if entry else ()) for c in colours_of(p))
        if shades := shade_of(adjective):
            return bool(own & shades) if own else None
        if colour := colour_of(adjective):
            return colour in own if own else None
        words = self._meant(adjective)
        if entry is None or not words:
            return None
        return any(entry.has(f, w) for w in words for f in ("properties", "materials"))

    def _made_of(self, adjective: str, name: str) -> bool | None:
        """Whether a thing whose name tells its material ("cardboard box", "wooden spoon") is of this one."""
        materials = frozenset(self.knowledge.phrases("materials"))
        wanted = self._meant(adjective) & materials
        said = {m for t in tokens_of(name)[:-1] for m in self._meant(t.text) & materials}
        return bool(said & wanted) if wanted and said else None

    def _speaks(self, adjective: str) -> bool:
        known = shade_of(adjective) or colour_of(adjective) or self._meant(adjective)
        return bool(known) or any(adjective in words for words in CONDITIONS)

    def _meant(self, said: str) -> frozenset[str]:
        """The written words that an adjective means: itself, its material ("wooden": wood)."""
        other = {
            said,
            OTHER_WORDS.get(said, said),
            f"{said}y",
            *({said[:-2]} if said.endswith("en") else ()),
            *plain_forms(said),
        }
        return self._written & other

    @cached_property
    def _written(self) -> frozenset[str]:
        return frozenset({*self.knowledge.phrases("properties"), *self.knowledge.phrases("materials")})


def _share(members: Sequence[Entry], field: str, phrase: str) -> float:
    return sum(e.has(field, phrase) for e in members) / len(members)


def _tool(entry: Entry, use: frozenset[str]) -> bool:
    """Whether the thing is a tool for the use by its kind: one writes with a "writing tool"."""
    return any(w[-1] == "tool" and w[0].endswith("ing") and stems(w[:1]) == use for w in map(str.split, entry.kinds))


def _is(entry: Entry, name: str) -> bool:
    return entry.name == name or name in entry.names


def describing(lookup: Lookup | None, word: str) -> bool:
    """Whether a word may tell which of several things is meant by what it is like; what changes from one moment to the
    next ("empty", "loose", "top") is seen and not looked up."""
    if word in STATES or word in v.LOOSE | v.HIGHEST | v.LOWEST | v.BETWEEN:
        return False
    if lookup is None:
        return bool(shade_of(word))
    return bool(shade_of(word)) or any(w in lookup.adjectives for w in (word, *plain_forms(word)))


def known_kinds(lookup: Lookup | None) -> frozenset[str]:
    """Nouns for kinds beyond the closed class of the vocabulary."""
    return lookup.kinds if lookup is not None else frozenset()


def open_lookup(which: str = "all") -> Lookup | None:
    """The shipped knowledge as a tool. ``which``: "all"; "train": without the things and categories that are held out
    of training (`planner.learn.splits`), for honest measuring; "none"."""
    if which == "none":
        return None
    from planner.learn.knowledge import load_knowledge

    knowledge = load_knowledge()
    if which == "train":
        from planner.learn.splits import hold_out

        held = hold_out(knowledge)
        knowledge = knowledge.without(held.objects, held.categories)
    return Lookup(knowledge)
