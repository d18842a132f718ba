"""What was read of one instruction: the phrases, what belongs to what, and what stays unclear."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.propose import vocabulary as v
from planner.propose.cues import Cues
from planner.propose.mention import Mention, Role
from planner.propose.spelling import singular, tokens_of
from planner.propose.tastes import NONE, Tastes
from skills.symbols import GroundAtom, Operator


@dataclass(frozen=True)
class Words:
    """The reading of one instruction.

    ``links``: for a mover's mention (index) the mentions of where it goes. ``banned``: pairs (thing, target) that must
    not be. ``verbs``: what is asked for; ``deeds``: operators whose own verb is asked for; ``said``: every word;
    ``cannot``: a verb that no skill speaks of; ``relation``: a place relative to a thing ("beside"); ``dangling``: a
    pronoun that means nothing; ``restored``: facts of before that are to hold again ("put it back"), or of where
    things belong; ``handed``: somebody wants the thing, and no place is known for persons: taking it in hand is all
    that can be done; ``hazards``: pairs (thing, container) that are unsafe by what is written down; ``immovable``: a
    place or a piece of furniture that is to be moved; ``tastes``: what the person likes, by the notes; ``peril``: a
    thing that is to be given to a small child or a pet and must not be.
    """

    mentions: tuple[Mention, ...]
    links: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    cues: Cues = field(default_factory=Cues)
    banned: frozenset[tuple[str, str]] = frozenset()
    verbs: frozenset[str] = frozenset()
    deeds: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    cannot: str = ""
    relation: str = ""
    dangling: str = ""
    restored: tuple[GroundAtom, ...] = ()
    handed: bool = False
    hazards: frozenset[tuple[str, str]] = frozenset()
    immovable: str = ""
    tastes: Tastes = NONE
    peril: str = ""

    @property
    def wanted(self) -> tuple[Mention, ...]:
        """Mentions that a goal should account for."""
        return tuple(m for m in self.mentions if m.names and not m.excluded and m.role in (Role.MOVER, Role.TARGET))

    @property
    def excluded(self) -> frozenset[str]:
        """Things that are not to be moved."""
        return frozenset(n for m in self.mentions if m.excluded and m.role is not Role.TARGET for n in m.names)

    @property
    def barred(self) -> frozenset[str]:
        """Destinations that are ruled out."""
        return frozenset(n for m in self.mentions if m.excluded and m.role is Role.TARGET for n in m.names)

    @property
    def clear(self) -> bool:
        """Whether every word is one of a closed class or belongs to a phrase: no paraphrase that rules do not know."""
        phrases = {w for m in self.mentions for w in tokens_text(m.text)}
        return all(w in v.KNOWN or singular(w) in v.KNOWN or w in phrases for w in self.said)

    def ask_for(self, op: Operator) -> bool:
        """Whether one of the operator's own verbs is what a clause asks for ("push it there")."""
        return op.name in self.deeds

    @property
    def open_phrases(self) -> int:
        """Phrases that may mean something here but could not be resolved."""
        return sum(1 for m in self.mentions if not m.names and not m.missing and m.role is not Role.ASIDE)


def tokens_text(text: str) -> list[str]:
    """The words of a phrase."""
    return [t.text for t in tokens_of(text)]
