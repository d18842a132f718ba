"""The small questions that the planner asks its model, and how they are written.

One scene with one request is the shared part; every question is a branch of its own behind it, so that all of them
are answered in one pass and none sees another's answer (conditionally independent given the request). The same
writing serves training (`planner.learn`) and asking (`planner.propose`): a change here makes trained adapters stale,
so `VERSION` goes into the adapter's file and is compared when it is loaded.

Questions: which things are meant (yes / either / no), how many of the "either" ones, where each goes, which comes
first, what is done besides moving things, whether to act, ask or refuse. A whole plan can be asked for as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

VERSION = 2

YES, EITHER, NO = " yes", " either", " no"
MEANT = (YES, EITHER, NO)
ACT, ASK, REFUSE = " act", " ask", " refuse"
DECISIONS = (ACT, ASK, REFUSE)
ALL, ANY_ORDER = " all", " any"
COUNTS = (ALL, " one", " two", " three", " four", " five", " six")
NO_YES = (NO, YES)
IN_HAND = "holding"
END = "\n"  # closes answers of several words, so that "red block" and "red block lid" are compared as whole lines


@dataclass(frozen=True)
class Known:
    """What a look-up says of a phrase: ``members`` are so, ``open`` are not written down, all others are not so."""

    phrase: str
    members: tuple[str, ...]
    open: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setting:
    """What is known when the request is read.

    ``things``: (name, where it is) of every movable object, receptacle and articulated thing; where is the name of
    what carries it ("in the blue bowl", "at the table") with its preposition, or "" when unknown.
    ``notes``: the person's standing rules and what a manual says. ``history``: what was asked and done before, and
    what failed, oldest first. ``asked``: (question, answer) within this request. ``known``: what was looked up about
    phrases of the request (`planner.propose.hints`).
    """

    things: tuple[tuple[str, str], ...]
    places: tuple[str, ...]
    request: str
    held: str = ""
    notes: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    asked: tuple[tuple[str, str], ...] = field(default=())
    known: tuple[Known, ...] = ()


@dataclass(frozen=True)
class Question:
    """One branch: ``tail`` is written behind the shared part, ``options`` are the possible answers."""

    tail: str
    options: tuple[str, ...]


def shared_part(setting: Setting) -> str:
    """The scene and the request. What changes least comes first, so that its keys and values can be kept."""
    lines = [f"Places: {', '.join(setting.places) or 'none'}."]
    things = [f"{name} ({where})" if where else name for name, where in setting.things]
    lines.append(f"Things: {', '.join(things) or 'none'}.")
    if setting.held:
        lines.append(f"In the hand: {setting.held}.")
    lines += [f"Note: {one_line(n)}" for n in setting.notes]
    lines += [f"Before: {one_line(h)}" for h in setting.history]
    lines.append(f"Request: {one_line(setting.request)}")
    for known in setting.known:
        perhaps = f", perhaps {', '.join(known.open)}" if known.open else ""
        lines.append(f"Known: {known.phrase}: {', '.join(known.members) or 'none'}{perhaps}.")
    for question, answer in setting.asked:
        lines.append(f"Asked: {one_line(question)} Answer: {one_line(answer)}")
    return "\n".join(lines)


def one_line(text: str) -> str:
    """Without line breaks: nothing in a request can pretend to be another line of the form."""
    return " ".join(text.split())


def meant(thing: str) -> Question:
    """Is the thing to be moved: certainly, as one of several that would do, or not?"""
    return Question(f"\nMeant: {thing}?", MEANT)


def how_many() -> Question:
    """How many of the "either" things."""
    return Question("\nHow many:", COUNTS)


def outcome(predicate: str, target: str) -> str:
    """The words for where something goes; predicates of other libraries are said by their names."""
    if predicate == IN_HAND:
        return " in the hand"
    if predicate in ("at", "on", "in"):
        return f" {predicate} the {target}"
    return f" {predicate.replace('_', ' ')} the {target}" if target else f" {predicate.replace('_', ' ')}"


def goes(thing: str, options: Sequence[str]) -> Question:
    """Where the thing ends up; ``options`` by `outcome`."""
    return Question(f"\nWhere: {thing} goes", tuple(o + END for o in options))


def first(things: Sequence[str], done: Sequence[str] = ()) -> Question:
    """Which of the things the words want moved next, after ``done``; " any" when they force no order."""
    so_far = f" {', '.join(done)}," if done else ""
    return Question(f"\nOrder:{so_far}", (ANY_ORDER + END, *(f" {t}{END}" for t in things)))


def also(deed: str) -> Question:
    """Is a deed that moves no object asked for ("open the top drawer", "go to the table")?"""
    return Question(f"\nDo: {deed}?", NO_YES)


def decision() -> Question:
    """Act, ask the person, or refuse."""
    return Question("\nDecision:", DECISIONS)


def plan_tail() -> str:
    """The branch behind which a whole plan is written: steps in the operators' words, then " done"."""
    return "\nPlan:"


def plan_text(steps: Sequence[str]) -> str:
    """A whole plan behind `plan_tail`."""
    return "".join(f" {s}," for s in steps) + " done." + END
