"""A request as the form's setting, and what each thing can be brought to: the questions' raw material.

Written exactly as in training (`planner.learn.room`, `planner.learn.example`): places first, then what takes things
in, then what carries them, then the hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner.plan import Done, Request
from planner.propose import form
from skills.skill import GroundSkill
from skills.state import State
from skills.symbols import GroundAtom
from skills.types import Region

Target = tuple[str, str]  # predicate and what the thing is brought to; `HAND` for keeping hold of it
HAND: Target = (form.IN_HAND, "")
LAST = 3  # earlier instructions that are told
FAILED = 2  # failures that are told
CUT = 160  # characters of one line of notes, history or failures


@dataclass(frozen=True)
class Deed:
    """Something that can be done besides moving a thing. ``say``: its words; ``step``: the ground skill."""

    say: str
    step: GroundSkill


def setting_of(request: Request, known: Sequence[form.Known] = ()) -> form.Setting:
    """Everything that the model is told about the request. ``known``: what was looked up for it."""
    state = request.state
    held = next((a.args[0] for a in sorted(state.base, key=str) if a.predicate == form.IN_HAND), "")
    names = [n for n in state.of_type("thing") if n != held]
    return form.Setting(
        things=tuple((n, whereabouts(n, state, request.observation.regions)) for n in names),
        places=state.of_type("place"),
        request=request.instruction,
        held=held,
        notes=tuple(_cut(n) for n in request.context.notes),
        history=(*map(told, request.context.history[-LAST:]), *_failures(request)),
        asked=request.dialogue,
        known=tuple(known),
    )


def direct(name: str, state: State, regions: Mapping[str, Region] | None = None) -> GroundAtom | None:
    """The fact about what carries a thing: a container, else a support, else the smallest place; or the hand."""
    facts = [a for a in state.base if a.args[:1] == (name,)]
    for predicate in (form.IN_HAND, "in", "on"):
        found = sorted((a for a in facts if a.predicate == predicate), key=str)
        if found:
            return found[0]

    def size(place: str) -> float:
        region = (regions or {}).get(place)
        return 0.0 if region is None else (region.high[0] - region.low[0]) * (region.high[1] - region.low[1])

    at = [a for a in facts if a.predicate == "at"]
    inner = [a for a in at if not any(a.args[1] in state.within.get(b.args[1], ()) for b in at)]
    return min(inner or at, key=lambda a: (size(a.args[1]), a.args[1]), default=None)


def whereabouts(name: str, state: State, regions: Mapping[str, Region] | None = None) -> str:
    """What carries a thing, in words: "in the blue bowl"; "" when nothing is known."""
    fact = direct(name, state, regions)
    return "" if fact is None else form.outcome(fact.predicate, fact.args[-1]).strip()


def told(done: Done) -> str:
    """An earlier instruction as one line: what was said, what was moved from where to where, how it ended."""
    line = _cut(done.instruction)
    moves = [_move(m.thing, m.before, m.after) for m in done.moved[:4]]
    if moves:
        line += f" ({'; '.join(moves)})"
    return line if done.ended == "reached" else f"{line} (not done: {done.ended})"


def _move(thing: str, before: GroundAtom | None, after: GroundAtom | None) -> str:
    was = form.outcome(before.predicate, before.args[-1]) if before is not None else ""
    now = form.outcome(after.predicate, after.args[-1]) if after is not None else ""
    return f"the {thing} was{was}, now{now}" if was and now else f"the {thing} is now{now}" if now else f"the {thing}"


def _failures(request: Request) -> list[str]:
    return [_cut(f"failed: {p.failure.detail}") for p in request.past[-FAILED:] if p.failure is not None]


def _cut(text: str) -> str:
    text = form.one_line(text)
    return text if len(text) <= CUT else text[: CUT - 1] + "…"


def targets_of(thing: str, state: State) -> tuple[Target, ...]:
    """Everything that a thing can be brought to: places, containers, supports that are no containers, the hand."""
    places = [("at", p) for p in state.of_type("place")]
    containers = set(state.of_type("container"))
    carriers = sorted({*containers, *state.of_type("support")} - {thing})
    return (*places, *(("in" if n in containers else "on", n) for n in carriers), HAND)


def deeds_of(request: Request) -> list[Deed]:
    """The ground skills that move no thing and change something else: driving somewhere, opening, closing."""
    movable = set(request.state.of_type("movable"))
    return [
        Deed(g.operator.say, g)
        for g in request.library.ground(request.state)
        if g.args and not set(g.args) & movable and g.operator.add
    ]


def fewer(options: Sequence[Target], most: int, wanted: frozenset[str]) -> tuple[Target, ...]:
    """At most so many targets: places, the hand and what the words speak of stay, the rest drops out evenly."""
    if len(options) <= most:
        return tuple(options)
    kept = [o for o in options if o[0] == "at" or o == HAND or o[1] in wanted]
    rest = [o for o in options if o not in kept]
    room = max(0, most - len(kept))
    chosen = {rest[int(i * len(rest) / room)] for i in range(room)} if room else set()
    return tuple(o for o in options if o in kept or o in chosen)
