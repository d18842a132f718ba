"""What is held out: objects, categories and wordings that no training example shows, and lengths beyond training.

Everything is decided by hashes of the words themselves, so that a larger knowledge file moves nothing that was held
out into training.
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
SPLITS = (TRAIN, DEV, "unseen_objects", "unseen_categories", "unseen_wording", "unseen", "long")
OBJECTS, CATEGORIES, WORDINGS = 0.15, 0.12, 0.15  # shares that are held out
LEAST = 5  # members of a category that may be held out
GENERAL = 0.08  # share of all things from which on a category is too general to be held out ("food")
SAME = 0.6  # categories that share so many members are one (drink, beverage)
CATEGORY_FIELDS = ("kinds", "uses", "properties")
LONGEST = 8  # things moved and deeds done in one training request


def share_of(text: str) -> float:
    """A number in [0, 1) that belongs to a text."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=7).digest(), "big") / 2**56


def wording_held_out(text: str) -> bool:
    """Whether a phrase is kept out of training."""
    return share_of(f"wording:{text}") < WORDINGS


@dataclass(frozen=True)
class HeldOut:
    """``objects``: names of entries; ``categories``: (field, phrase)."""

    objects: frozenset[str]
    categories: frozenset[Category]


def hold_out(knowledge: Knowledge) -> HeldOut:
    """The fixed choice for this knowledge."""
    objects = frozenset(e.name for e in knowledge if share_of(f"object:{e.name}") < OBJECTS)
    named = {n for e in knowledge for n in (e.name, *e.names)}
    chosen: set[Category] = set()
    for field in CATEGORY_FIELDS:
        for phrase in knowledge.phrases(field, LEAST):
            general = len(knowledge.members(field, phrase)) > GENERAL * len(knowledge)
            if share_of(f"category d:{phrase}") < CATEGORIES and phrase not in {*named, *COLOURS} and not general:
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
    def lookup(self) -> Lookup:
        """The knowledge as a tool that knows nothing of what is held out, in every split."""
        return Lookup(self.knowledge.without(self.held.objects, self.held.categories))

    @property
    def new_objects(self) -> bool:
        """Whether the things are those that training never shows."""
        return self.split in ("unseen_objects", "unseen")

    @property
    def new_categories(self) -> bool:
        """Whether requests turn on categories that training never shows."""
        return self.split in ("unseen_categories", "unseen")

    @property
    def new_wording(self) -> bool:
        """Whether phrases that training never shows are wanted."""
        return self.split in ("unseen_wording", "unseen")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Entries that may be present."""
        return tuple(n for n in self.knowledge.entries if (n in self.held.objects) == self.new_objects)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.names)

    def allows(self, field: str, phrase: str) -> bool:
        """Whether a request may turn on the category."""
        return ((field, phrase) in self.held.categories) == self.new_categories

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
            held = tuple(o for o in options if wording_held_out(o)) if len(options) >= 4 else ()
            held = held[1:] if len(held) == len(options) else held
            found = (options, held) if self.new_wording else (tuple(o for o in options if o not in held), ())
            self._wordings[options] = found
        return found
