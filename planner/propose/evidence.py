"""How well a sayable goal fits the words of the instruction: a log-score that stands beside the model's.

Each argument of a goal is looked up among the mentions: was it named, and in a place that fits its role ("in the
blue bowl" is where to, not what)? Weights are log-probabilities of a deliberately soft reading, so that the
language model can overrule any single one of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.propose import vocabulary as v
from planner.propose.grammar import GoalOption
from planner.propose.words import Mention, Quantity

UNNAMED = math.log(0.03)  # argument that no word speaks of, while others were spoken of
MAYBE_MEANT = math.log(0.4)  # ... but some phrase is left that may mean it ("something to drink")
WRONG_ROLE = math.log(0.15)
SEVERAL_FOR_ONE = math.log(0.3)  # a group goal for a phrase that means one thing, or the reverse
LEFT_OUT = math.log(0.08)  # a thing was named and the goal does not speak of it


@dataclass(frozen=True)
class Words:
    """The mentions of one instruction, split by use."""

    mentions: tuple[Mention, ...]
    open_phrases: int  # phrases that may mean something here but could not be resolved

    @property
    def wanted(self) -> tuple[Mention, ...]:
        """Mentions that a goal should account for."""
        return tuple(m for m in self.mentions if m.names and not m.excluded and m.before not in v.SOURCE_PREPOSITIONS)

    @property
    def excluded(self) -> frozenset[str]:
        """Things that the words take out."""
        return frozenset(n for m in self.mentions if m.excluded for n in m.names)


def _is_target(m: Mention) -> bool:
    return m.before in v.PLACE_PREPOSITIONS


def _argument(words: Words, name: str, as_target: bool, group: bool) -> float:
    """Log-evidence that ``name`` is spoken of in this role."""
    if name in words.excluded:
        return 2 * UNNAMED
    best = None
    for m in words.wanted:
        if name not in m.names:
            continue
        score = 0.0
        if len(m.names) > 1 and not group:
            one = m.quantity in (Quantity.THE, Quantity.ANY)
            score += -math.log(len(m.names)) if one else SEVERAL_FOR_ONE
        if _is_target(m) != as_target and not (m.place and as_target):
            score += WRONG_ROLE
        best = score if best is None else max(best, score)
    if best is not None:
        return best
    if not words.wanted:
        return 0.0
    return MAYBE_MEANT if words.open_phrases else UNNAMED


def option_evidence(words: Words, option: GoalOption) -> float:
    """Log-evidence of one part of a goal; 0 is a perfect fit."""
    total = 0.0
    if option.group is not None:
        fits = option.group.quantity in (Quantity.ALL, Quantity.SOME)
        total += 0.0 if fits else SEVERAL_FOR_ONE
        if _is_target(option.group):
            total += WRONG_ROLE
    else:
        total += sum(_argument(words, n, False, False) for n in option.movers)
    if option.target:
        total += _argument(words, option.target, True, False)
    return total


def left_out(words: Words, options: Iterable[GoalOption]) -> list[Mention]:
    """Mentions that none of the parts accounts for."""
    chosen = list(options)
    named = {n for o in chosen for n in o.names}
    expanded = {o.group.span for o in chosen if o.group is not None}
    return [m for m in words.wanted if m.span not in expanded and not named & set(m.names)]


def goal_evidence(words: Words, options: Sequence[GoalOption]) -> float:
    """Log-evidence of a whole goal: its parts, and what was named but left out."""
    return sum(option_evidence(words, o) for o in options) + LEFT_OUT * len(left_out(words, options))
