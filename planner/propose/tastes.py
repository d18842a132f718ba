"""What a person likes and does not like, as the notes tell: it settles which of several things is brought.

"I always prefer the green tea", "Nuts? Not for me": of things that would all do, a liked one is taken, and a disliked
one is left. Tastes never add to what is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.propose.mention import Mention, Quantity

_LIKES = re.compile(
    r"\b(?:i|we) (?:always |really |just |usually )*(?:love|like|prefer|take|choose|favou?r|enjoy|want|drink"
    r"|eat|use|adore)\b"
    r"|\bfavou?rite\b|\bis mine\b|\b(?:best|rather)\b|\bprefer(?:red|ence|s)?\b",
    re.IGNORECASE,
)
_DISLIKES = re.compile(
    r"\b(?:hates?|dislikes?|detests?|loathes?|avoids?|forbids?|allergic|intolerant|sick of|tired of|disgusting)\b"
    r"|\b(?:not|never|don't|do not|doesn't|can't|cannot|won't|no) (?:for (?:me|us)|like|eat|drink|want|stand"
    r"|give|bring|need"
    r"|touch|use|have|tolerate|more)\b|\bmakes? me (?:ill|sick|sneeze)\b|\bno [\w' -]+ for (?:me|us)\b|\bcan't stand\b",
    re.IGNORECASE,
)
_PLACED = re.compile(r"\b(?:goes?|belongs?|lives?|kept|is|are|put|place) (?:in|on|at|inside|into|to)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Tastes:
    """Things that are here. ``liked``: rather these; ``disliked``: none of these, if something else will do;
    ``barred``: never these, where one of several is wanted (`planner.propose.diets`)."""

    liked: frozenset[str] = frozenset()
    disliked: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()

    def among(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those of the names that suit: the liked ones, else all that are not disliked, else all that may be."""
        fit = tuple(n for n in names if n not in self.barred)
        liked = tuple(n for n in fit if n in self.liked)
        return liked or tuple(n for n in fit if n not in self.disliked) or fit


NONE = Tastes()


def stance(note: str) -> int:
    """1: the note speaks of something that is liked, -1: of something that is not, 0: of neither."""
    if _DISLIKES.search(note):
        return -1
    return int(bool(_LIKES.search(note)) and not _PLACED.search(note))


def suited(mentions: Sequence[Mention], tastes: Tastes) -> list[Mention]:
    """The mentions, where one of several things will do narrowed to those that suit."""
    return [replace(m, names=tastes.among(m.names) or m.names) if _open(m) else m for m in mentions]


def _open(m: Mention) -> bool:
    return m.quantity is Quantity.ANY and not m.excluded and len(m.names) > 1
