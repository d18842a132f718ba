"""Reference plans: what must be picked up and put where, blockers first, in the operators' words.

Made directly from the wanted end (a few dozen operator applications) and checked step by step on the symbolic state,
because a search for every training example would take longer than training on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planner.learn.room import CONTAINER, HAND, Room, Target
from skills.operators import GO_TO, PICK, PLACE_AT, PLACE_IN, PLACE_ON
from skills.state import State
from skills.symbols import ANY, Literal, Operator, lit

PLACING = {"in": PLACE_IN, "on": PLACE_ON, "at": PLACE_AT}
LONGEST = 60


class Stuck(Exception):
    """No way with these few operators."""


class _Work:
    """Facts that change while steps are added."""

    def __init__(self, room: Room, wanted: Mapping[str, Target]) -> None:
        self.room, self.wanted = room, dict(wanted)
        self.at: dict[str, Target | None] = {i.name: i.at for i in room.items}
        self.steps: list[tuple[Operator, tuple[str, ...]]] = []
        self.stands = room.robot_at  # "" for a robot that does not drive

    def held(self) -> str:
        return next((n for n, at in self.at.items() if at is None), "")

    def load(self, name: str) -> list[str]:
        return [n for n, at in self.at.items() if at is not None and at[1] == name]

    def free_place(self, near: str) -> Target:
        """Where a blocker goes: at the place it is in already."""
        name = near
        while True:
            at = self.at[name]
            if at is None:
                return ("at", self.room.places[-1])
            if at[0] == "at":
                return at
            name = at[1]

    def bring(self, name: str, target: Target) -> None:
        if len(self.steps) > LONGEST:
            raise Stuck
        held = self.held()
        if held and held != name:
            goal = self.wanted.get(held)
            self.put(held, goal if goal not in (None, HAND) else ("at", self.room.places[-1]))
        if self.at[name] is not None:
            if self.at[name] == target:
                return
            self.unload(name, target)
            self.reach(name)
            self.step(PICK, (name,))
            self.at[name] = None
        if target != HAND:
            self.put(name, target)

    def unload(self, name: str, target: Target) -> None:
        """Take off what is on or in a thing that is to be picked up."""
        for other in list(self.load(name)):
            self.bring(other, self.spot(other))
        if target[0] == "on":
            for other in [o for o in self.load(target[1]) if o != name]:
                self.bring(other, self.spot(other))

    def spot(self, blocker: str) -> Target:
        wanted = self.wanted.get(blocker)
        if wanted in (None, HAND) or wanted == self.at[blocker]:
            return self.free_place(blocker)
        assert wanted is not None
        return wanted

    def put(self, name: str, target: Target) -> None:
        if target[0] == "on" and self.load(target[1]):
            raise Stuck
        self.reach(target[1])
        self.step(PLACING[target[0]], (name, target[1]))
        self.at[name] = target

    def reach(self, name: str) -> None:
        """Drive to where a thing or place is."""
        while name in self.at:
            at = self.at[name]
            if at is None:
                return
            name = at[1]
        if self.stands and self.stands != name:
            self.step(GO_TO, (name,))
            self.stands = name

    def step(self, operator: Operator, args: tuple[str, ...]) -> None:
        self.steps.append((operator, args))


def plan_of(room: Room, wanted: Mapping[str, Target], order: Sequence[str] | None) -> tuple[str, ...] | None:
    """Steps after which everything wanted is where it should be.

    Raises Stuck when it cannot be done at all (two things on one support, what stands on itself). None when the
    operators, as they are now, want more than these steps: the example is then without a plan.
    """
    work = _Work(room, wanted)
    names = [n for n in (order or ()) if n in wanted]
    names += _sorted([n for n in wanted if n not in names], wanted)
    names.sort(key=lambda n: wanted[n] == HAND)  # what is to be held comes last
    try:
        for name in names:
            work.bring(name, wanted[name])
    except RecursionError:
        raise Stuck from None
    steps = [(op, args) for op, args in work.steps]
    if not steps or not _reaches(room.state(), steps, wanted):
        return None
    return tuple(say(op, args) for op, args in steps)


def _sorted(names: list[str], wanted: Mapping[str, Target]) -> list[str]:
    """Supports before what goes on them (towers from the bottom)."""
    out: list[str] = []
    left = list(names)
    while left:
        ready = [n for n in left if wanted[n][1] not in left]
        if not ready:
            return out + left
        out += ready[:1]
        left.remove(ready[0])
    return out


def say(op: Operator, args: Sequence[str]) -> str:
    """The operator's phrase with its arguments."""
    return op.say.format(**dict(zip((p.name for p in op.parameters), args, strict=True)))


def _reaches(start: State, steps: Sequence[tuple[Operator, tuple[str, ...]]], wanted: Mapping[str, Target]) -> bool:
    """Walks the steps: every precondition holds, and the end is as wanted."""
    state = start
    for op, args in steps:
        if op is PLACE_IN and CONTAINER not in state.things[args[1]].types:
            return False
        ground = op.bind(args)
        if not all(_holds(state, p) for p in ground.preconditions):
            return False
        state = state.apply(ground)
    return all(state.holds(lit("holding", n) if t == HAND else lit(t[0], n, t[1])) for n, t in wanted.items())


def _holds(state: State, p: Literal) -> bool:
    """Preconditions from the base facts alone: working out every derived fact for each step would cost more."""
    a, base = p.atom, state.base
    if a.predicate == "hand_empty":
        found = not any(b.predicate == "holding" for b in base)
    elif a.predicate == "clear":
        found = not any(b.predicate in ("on", "in") and b.args[1] == a.args[0] for b in base)
    else:
        found = a in base or (a.predicate != "holding" and a in state.atoms)
    return found == p.positive


__all__ = ["ANY", "plan_of", "say"]
