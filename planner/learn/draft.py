"""From what a family of requests decided to a finished example: setting, goal, plan, tags."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from envs.goals import Goal
from planner.learn.draw import Draw
from planner.learn.example import ACT, ALL, EITHER, NO, REFUSE, YES, Example, Tags
from planner.learn.knowledge import Knowledge
from planner.learn.noise import roughened
from planner.learn.plans import Stuck, plan_of
from planner.learn.room import ARTICULATED, CONTAINER, HAND, Room, Target
from planner.learn.splits import Category
from planner.propose import form
from planner.propose.hints import hints
from skills.symbols import Literal, lit

MOST_ALTERNATIVES = 40
UNTOLD = 0.15  # of the requests about which a look-up says nothing
FORGOTTEN = 0.08  # of the things about which nothing is written down


@dataclass
class Draft:
    """What a request means. ``yes``: thing -> where; ``either``: the same for things of which ``count`` will do.

    ``order``: things in the order that the words force. ``deeds``: deeds that are asked for; ``others``: that could be
    asked for too. ``rough``: whether the text may be roughened (typos ...). ``final``: negative or extra goal literals.
    """

    room: Room
    request: str
    yes: dict[str, Target] = field(default_factory=dict)
    either: dict[str, Target] = field(default_factory=dict)
    count: int | None = None
    order: tuple[str, ...] | None = None
    decision: str = ACT
    deeds: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    asked: tuple[tuple[str, str], ...] = ()
    categories: tuple[Category, ...] = ()
    reply: tuple[str, tuple[str, ...]] | None = None
    rough: bool = True
    plan: bool = True


def literal(name: str, target: Target) -> Literal:
    """That a thing has been brought there."""
    return lit("holding", name) if target == HAND else lit(target[0], name, target[1])


def goal_of(yes: Mapping[str, Target], either: Mapping[str, Target], count: int | None) -> Goal | None:
    """What must hold; of the "either" things exactly ``count``. None when nothing is to be moved."""
    certain = tuple(literal(n, t) for n, t in yes.items())
    if not either:
        return Goal.of(certain) if certain else None
    names = tuple(either)
    wanted = len(names) if count is None else count
    found = []
    for chosen in itertools.islice(itertools.combinations(names, wanted), MOST_ALTERNATIVES):
        rest = tuple(~literal(n, either[n]) for n in names if n not in chosen)
        found.append((*certain, *(literal(n, either[n]) for n in chosen), *rest))
    return Goal(tuple(found)) if found else None


def finish(draw: Draw, draft: Draft, tags: Tags) -> Example | None:
    """The example; None when it makes no sense after all (already so, too many to count, nothing said)."""
    room = draft.room
    if not sound(draw, draft):
        return None
    request, noise = roughened(draw, draft.request, protected(room)) if draft.rough else (draft.request, ())
    meant = {n: YES if n in draft.yes else EITHER if n in draft.either else NO for n in room.movable}
    goes = draft.yes | draft.either if draft.decision != REFUSE else {}
    goal = goal_of(draft.yes, draft.either, draft.count) if draft.decision == ACT else None
    plan = None
    if draft.plan and draft.decision == ACT and room.scene and not draft.deeds and goal is not None:
        try:
            plan = plan_of(room, _wanted(draft), draft.order)
        except Stuck:
            return None
    length = len(draft.yes) + (draft.count or 0) + len(draft.deeds)
    tags = replace(
        tags, wording=tuple(draw.wordings), objects=tuple(i.entry for i in room.items if i.entry), length=length,
        noise=noise, categories=tuple(dict.fromkeys((*draft.categories, *draw.categories))),
    )  # fmt: skip
    deeds = deeds_of(draw, room, draft.deeds)
    setting = form.Setting(
        room.things(), room.places, request, room.held, draft.notes, draft.history, draft.asked,
        looked_up(draw, request, room),
    )  # fmt: skip
    return Example(
        setting, room, meant, goes, draft.decision, tags, draft.count if draft.either else None, draft.order,
        deeds, plan, goal, draft.reply,
    )  # fmt: skip


def looked_up(draw: Draw, request: str, room: Room) -> tuple[form.Known, ...]:
    """What a look-up says of the request's phrases, with gaps: sometimes it says nothing at all, and of some things
    nothing is written down, so that the model learns to judge these by itself."""
    names = room.movable
    containers = tuple(i.name for i in room.items if i.of(CONTAINER))
    found = () if draw.chance(UNTOLD) else hints(draw.view.lookup, request, names, containers, room.places)
    forgotten = {n for n in names if draw.chance(FORGOTTEN)}
    return tuple(
        form.Known(
            k.phrase,
            tuple(n for n in k.members if n not in forgotten),
            tuple(n for n in names if n in k.open or n in forgotten),
        )
        for k in found
    )


def _wanted(draft: Draft) -> dict[str, Target]:
    """What a plan does: the certain things, and the first of the others."""
    few = list(draft.either.items())[: draft.count] if draft.either else []
    return draft.yes | dict(few)


def sound(draw: Draw, draft: Draft) -> bool:
    """Whether the labels make sense for the room."""
    room = draft.room
    if not draft.request.strip() or len(draft.request) > 600:
        return False
    if draft.count is not None and not (1 <= draft.count <= ALL and draft.count <= len(draft.either)):
        return False
    for name, target in (draft.yes | draft.either).items():
        if name not in room.movable or target not in room.targets(name):
            return False
        if draft.decision == ACT and (room.there(name, target) or dangerous(draw.knowledge, room, name, target)):
            return False
        if any(room[c].at[0] == "in" and c not in draft.yes for c in room.carried(name)):  # type: ignore[index]
            return False  # a container is not moved with what is in it
    return draft.decision != ACT or bool(draft.yes or draft.either or draft.deeds)


HAZARDS = ("microwave", "oven", "dishwasher", "washing machine")  # what things may be unsafe in


def dangerous(knowledge: Knowledge, room: Room, name: str, target: Target) -> bool:
    """Whether the thing must not come into the target."""
    hazard = next((h for h in HAZARDS if h in target[1]), "")
    if not hazard:
        return False
    known = knowledge.entries.get(room[name].entry) or knowledge.find(name)
    return known is None or hazard in known.unsafe


def protected(room: Room) -> frozenset[str]:
    """Words that may not be damaged beyond one letter: those that tell things and places apart."""
    return frozenset(w for n in (*room.by_name, *room.places) for w in n.split())


def deeds_of(draw: Draw, room: Room, asked: tuple[str, ...]) -> dict[str, bool]:
    """The deeds to ask about: those asked for, and some others that are possible here."""
    possible = [f"{verb} the {i.name}" for i in room.items if i.of(ARTICULATED) for verb in ("open", "close")]
    if room.person:
        possible += [f"go to the {p}" for p in room.places]
    if not possible:
        possible = ["go home"]
    others = [d for d in draw.some(possible, draw.number(0, 3)) if d not in asked]
    return {d: d in asked for d in draw.shuffled([*asked, *others])}
