"""One example: a setting with a request, and what is right to make of it, as answers to the form's questions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from envs.goals import Goal
from planner.learn.room import HAND, MOVABLE, Room, Target
from planner.propose import form

ALL = len(form.COUNTS) - 1  # counts above this cannot be said; such requests are not made
YES, EITHER, NO = (m.strip() for m in form.MEANT)
ACT, ASK, REFUSE = (d.strip() for d in form.DECISIONS)
MOST_OPTIONS = 24  # of one question about where a thing goes


@dataclass(frozen=True)
class Tags:
    """Where an example comes from. ``wording``: ids of the phrases it is built from; ``objects``: entries of the
    knowledge that are present; ``categories``: (field, phrase) that it turns on; ``length``: things moved plus deeds
    done; ``noise``: what was done to the text (typos, lower case ...)."""

    family: str
    wording: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    categories: tuple[tuple[str, str], ...] = ()
    length: int = 0
    noise: tuple[str, ...] = ()
    split: str = ""
    seed: int = 0
    index: int = -1


@dataclass(frozen=True)
class Example:
    """``meant``: yes, either or no for every movable thing; ``count``: how many of the "either" ones, None: all;
    ``goes``: where each meant thing ends; ``order``: the order that the words force, None: none; ``deeds``: what else
    could be done and whether it is asked for; ``plan``: steps in the operators' words, None: not planned;
    ``reply``: with ask, what the person would answer and which things are then meant."""

    setting: form.Setting
    room: Room
    meant: Mapping[str, str]
    goes: Mapping[str, Target]
    decision: str
    tags: Tags
    count: int | None = None
    order: tuple[str, ...] | None = None
    deeds: Mapping[str, bool] = field(default_factory=dict)
    plan: tuple[str, ...] | None = None
    goal: Goal | None = None
    reply: tuple[str, tuple[str, ...]] | None = None

    @property
    def yes(self) -> tuple[str, ...]:
        """The things that are certainly meant."""
        return tuple(n for n, m in self.meant.items() if m == YES)

    @property
    def either(self) -> tuple[str, ...]:
        """The things of which some would do."""
        return tuple(n for n, m in self.meant.items() if m == EITHER)

    @property
    def shared(self) -> str:
        """The shared part, as the model reads it."""
        return form.shared_part(self.setting)

    @property
    def key(self) -> bytes:
        """What makes two examples the same: 16 bytes of a hash of the shared part."""
        return hashlib.blake2b(self.shared.encode(), digest_size=16).digest()


Answer = tuple[form.Question, int]


def answers(example: Example, most_options: int = MOST_OPTIONS) -> tuple[str, list[Answer]]:
    """The shared part, and every question about it with the index of the right option.

    Asked always: which things are meant (each movable thing), the decision, the deeds that are possible. When
    something is meant: how many of the "either" things, where each meant thing goes (unless refused), which comes
    first (when it is acted upon and at least two things are certain). ``most_options``: of "where"; places stay, other
    things drop out evenly.
    """
    room, out = example.room, []
    for item in room.items:
        if item.of(MOVABLE):
            out.append((form.meant(item.name), form.MEANT.index(" " + example.meant.get(item.name, NO))))
    out += [(form.also(d), int(wanted)) for d, wanted in example.deeds.items()]
    out.append((form.decision(), form.DECISIONS.index(" " + example.decision)))
    if example.decision == REFUSE or not example.goes:
        return example.shared, out
    out.append((form.how_many(), 0 if example.count is None else example.count))
    for name, target in example.goes.items():
        options = _fewer(room.targets(name), target, most_options)
        words = [form.outcome(p, t) for p, t in options]
        out.append((form.goes(name, words), options.index(target)))
    if example.decision == ACT and len(example.yes) >= 2:
        out += _order(example)
    if example.plan is not None and example.decision == ACT:
        out.append((form.Question(form.plan_tail(), (form.plan_text(example.plan),)), 0))
    return example.shared, out


def _fewer(options: Sequence[Target], right: Target, most: int) -> list[Target]:
    if len(options) <= most:
        return list(options)
    kept = [o for o in options if o[0] == "at" or o in (HAND, right)]
    rest = [o for o in options if o not in kept]
    room = max(0, most - len(kept))
    step = len(rest) / room if room else 0
    chosen = {rest[int(i * step)] for i in range(room)} if room else set()
    return [o for o in options if o in chosen or o in kept]


def _order(example: Example) -> list[Answer]:
    things = list(example.yes)
    if example.order is None:
        return [(form.first(things), 0)]
    out, done = [], []
    for name in example.order:
        left = [t for t in things if t not in done]
        if len(left) < 2:
            break
        out.append((form.first(left, done), 1 + left.index(name)))
        done.append(name)
    left = [t for t in things if t not in done]
    if len(left) >= 2:
        out.append((form.first(left, done), 0))
    return out
