"""A phrase of an instruction and the things it may mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Quantity(str, Enum):
    """How many of the matching things a phrase means."""

    THE = "the"  # one particular thing
    ANY = "any"  # one, whichever
    ALL = "all"
    SOME = "some"  # a counted number
    VAGUE = "vague"  # several, but nobody said how many


class Role(str, Enum):
    """What a phrase does in its clause."""

    MOVER = "mover"  # what is to be moved, or is spoken of without a preposition
    TARGET = "target"  # where to
    SOURCE = "source"  # where from
    ASIDE = "aside"  # company, purpose, comparison: nothing that a goal must account for
    DETAIL = "detail"  # tells which thing another phrase means ("the block *in the bowl*")
    RELATION = "relation"  # a place relative to a thing ("next to the bowl")


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
    role: Role = Role.MOVER
    start: int = -1  # index of the first word of the phrase with its determiners and preposition
    pronoun: bool = False  # "it", "them": means an earlier phrase
    pile: bool = False  # a tower that stands here
    told: bool = False  # narrowed down by the words: no question needed
    visit: bool = False  # a place where the robot itself is to go
    each: bool = False  # "each", "every": one by one
    half: bool = False
    less: int = 0  # so many fewer than all ("all but one")
    other: bool = False  # "the other", "the rest": what was not named
    kind: str = ""  # words for a kind or a use ("fruits"): what belongs to it, the model is asked
    within: tuple[str, ...] = ()  # of a kind: only what is in, on or at one of these
    missing: str = ""  # why ``names`` is empty, where that is known

    @property
    def one(self) -> bool:
        """Whether the phrase means a single thing."""
        return self.quantity in (Quantity.THE, Quantity.ANY)

    @property
    def group(self) -> bool:
        """Whether it means several at once."""
        return self.quantity in (Quantity.ALL, Quantity.SOME, Quantity.VAGUE)
