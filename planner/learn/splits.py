"""What is held out: objects, categories and wordings that no training example shows, and lengths beyond training.

Everything is decided by hashes of the words themselves, so that a larger knowledge file moves nothing that was held
out into training. A second choice of the same kind, among what is not held out, makes ``rehearsal``: there one can fit
how sure to be of things, categories and wordings never met, without a look at those of ``unseen``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache

from planner.learn.knowledge import Knowledge
from planner.learn.membership import Category, Membership
from planner.learn.surroundings import COLOURS
from planner.propose.lookup import Lookup

TRAIN, DEV = "train", "dev"
REHEARSAL = "rehearsal"
SPLITS = (TRAIN, DEV, "unseen_objects", "unseen_categories", "unseen_wording", "unseen", "long", REHEARSAL)
AGAIN = "again "  # in front of what is hashed for the second choice
OBJECTS, CATEGORIES, WORDINGS = 0.15, 0.12, 0.15  # shares that are held out
LEAST = 5  # members of a category that may be held out
GENERAL = 0.08  # share of all things from which on a category is too general to be held out ("food")
SAME = 0.6  # categories that share so many members are one (drink, beverage)
CATEGORY_FIELDS = ("kinds", "uses", "properties")
LONGEST = 8  # things moved and deeds done in one training request


def share_of(text: str) -> float:
    """A number in [0, 1) that belongs to a text."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest(), "big") / 2**56


def wording_held_out(text: str, salt: str = "") -> bool:
    """Whether a phrase is kept out of training; with another ``salt`` another choice."""
    return share_of(f"{salt}wording:{text}") < WORDINGS


@dataclass(frozen=True)
class HeldOut:
    """``objects``: names of entries; ``categories``: (field, phrase)."""

    objects: frozenset[str]
    categories: frozenset[Category]


def hold_out(knowledge: Knowledge, salt: str = "") -> HeldOut:
    """The fixed choice for this knowledge; with another ``salt`` another one."""
    objects = frozenset(e.name for e in knowledge if share_of(f"{salt}object:{e.name}") < OBJECTS)
    named = {n for e in knowledge for n in (e.name, *e.names)}
    chosen: set[Category] = set()
    for field in CATEGORY_FIELDS:
        for phrase in knowledge.phrases(field, LEAST):
            general = len(knowledge.members(field, phrase)) > GENERAL * len(knowledge)
            if share_of(f"{salt}category d:{phrase}") < CATEGORIES and phrase not in {*named, *COLOURS} and not general:
                chosen.add((field, phrase))
    return HeldOut(objects, frozenset(chosen | _relatives(knowledge, chosen)))


def _relatives(knowledge: Knowledge, chosen: set[Category]) -> set[Category]:
    """Categories that are the same under another name: nearly the same members, or the same word."""
    found: set[Category] = set()
    for field, phrase in chosen:
        members = set(knowledge.members(field, phrase))
        for other_field in CATEGORY_FIELDS:
            for other in knowledge.phrases(other_field):
                theirs = set(knowledge.members(other_field, other))
                alike = len(members & theirs) / len(members | theirs)
                if alike >= SAME or set(phrase.split()) == set(other.split()):
                    found.add((other_field, other))
    return found


@lru_cache(maxsize=8)
def view_of(knowledge: Knowledge, split: str) -> View:
    """The view of a split; made once for a body of knowledge, since it remembers what it has looked up."""
    return View(knowledge, split)


@lru_cache(maxsize=2)
def _membership_of(knowledge: Knowledge) -> Membership:
    return Membership(knowledge)


@dataclass(frozen=True)
class View:
    """The knowledge as one split may use it."""

    knowledge: Knowledge
    split: str

    def __post_init__(self) -> None:
        if self.split not in SPLITS:
            raise ValueError(f"no split {self.split!r}; splits: {', '.join(SPLITS)}")

    @cached_property
    def held(self) -> HeldOut:
        """What is held out of training."""
        return hold_out(self.knowledge)

    @cached_property
    def new(self) -> HeldOut:
        """What is new in this split: what is held out; in a rehearsal the second choice, without that."""
        if self.split != REHEARSAL:
            return self.held
        again = hold_out(self.knowledge, AGAIN)
        return HeldOut(again.objects - self.held.objects, again.categories - self.held.categories)

    @cached_property
    def lookup(self) -> Lookup:
        """The knowledge as a tool that knows nothing of what is held out, nor of what is new in this split."""
        objects, categories = self.held.objects | self.new.objects, self.held.categories | self.new.categories
        return Lookup(self.knowledge.without(objects, categories))

    @property
    def new_objects(self) -> bool:
        """Whether the things are those that training never shows."""
        return self.split in ("unseen_objects", "unseen", REHEARSAL)

    @property
    def new_categories(self) -> bool:
        """Whether requests turn on categories that training never shows."""
        return self.split in ("unseen_categories", "unseen", REHEARSAL)

    @property
    def new_wording(self) -> bool:
        """Whether phrases that training never shows are wanted."""
        return self.split in ("unseen_wording", "unseen", REHEARSAL)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Entries that may be present."""
        if self.new_objects:
            return tuple(n for n in self.knowledge.entries if n in self.new.objects)
        return tuple(n for n in self.knowledge.entries if n not in self.held.objects)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.names)

    def allows(self, field: str, phrase: str) -> bool:
        """Whether a request may turn on the category."""
        category = (field, phrase)
        return category in self.new.categories if self.new_categories else category not in self.held.categories

    def members(self, field: str, phrase: str) -> tuple[str, ...]:
        """Entries of the category that may be present."""
        key = (field, phrase)
        if key not in self._members:
            self._members[key] = tuple(n for n in self.knowledge.members(field, phrase) if n in self._names)
        return self._members[key]

    @cached_property
    def _members(self) -> dict[Category, tuple[str, ...]]:
        return {}

    def callings(self, entry: str) -> tuple[frozenset[str], ...]:
        """The word sets of an entry's names."""
        found = self._callings.get(entry)
        if found is None:
            known = self.knowledge.entries.get(entry)
            names = (known.name, *known.names) if known is not None else ()
            found = self._callings[entry] = tuple(frozenset(n.split()) for n in names)
        return found

    @cached_property
    def _callings(self) -> dict[str, tuple[frozenset[str], ...]]:
        return {}

    @cached_property
    def _membership(self) -> Membership:
        return _membership_of(self.knowledge)

    def surely_not(self, field: str, phrase: str) -> frozenset[str]:
        """Entries that do not belong to the category without doubt."""
        return self._membership.surely_not((field, phrase))

    def categories(self, field: str, at_least: int = 2) -> tuple[str, ...]:
        """Phrases of a field that requests may turn on, with so many members that may be present."""
        key = (field, at_least)
        if key not in self._categories:
            self._categories[key] = tuple(
                p
                for p in self.knowledge.phrases(field)
                if (field not in CATEGORY_FIELDS or self.allows(field, p)) and len(self.members(field, p)) >= at_least
            )
        return self._categories[key]

    def at_home(self, homes: Collection[str]) -> tuple[str, ...]:
        """Entries that may be present and have one of the homes."""
        return tuple(dict.fromkeys(n for h in homes for n in self.members("homes", h)))

    @cached_property
    def _categories(self) -> dict[tuple[str, int], tuple[str, ...]]:
        return {}

    @cached_property
    def _wordings(self) -> dict[tuple[str, ...], tuple[tuple[str, ...], tuple[str, ...]]]:
        return {}

    def wordings(self, options: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """(those that may be used, those of them that training never shows)."""
        found = self._wordings.get(options)
        if found is None:
            held = _held_of(options)
            rest = tuple(o for o in options if o not in held)
            if self.split == REHEARSAL:
                found = rest, _held_of(rest, AGAIN)
            else:
                found = (options, held) if self.new_wording else (rest, ())
            self._wordings[options] = found
        return found


def _held_of(options: tuple[str, ...], salt: str = "") -> tuple[str, ...]:
    """The phrases of a pool that are kept out of training; never all of them, and none of a small pool."""
    held = tuple(o for o in options if wording_held_out(o, salt)) if len(options) >= 4 else ()
    return held[1:] if len(held) == len(options) else held
