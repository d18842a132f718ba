"""Faults on purpose: seeded, declared in advance, used by tests and evaluations, never by a skill.

Three places can fail. In the world: the grip slips, somebody bumps a thing. In perception: positions are noisy,
a thing is missed. In the driver: the gripper is stuck, a protective stop, a lost link.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

import numpy as np

from sim.client import GRAVITY
from sim.world import World

STEPS_PER_TICK = 4
WEAK = 0.01  # share of the grip force that is left while slipping
CARRIED = 0.03  # [m] a thing has to be lifted to count as carried
_SLIDING = 0.36  # friction between a thing and the table


class FaultKind(str, Enum):
    """What goes wrong."""

    SLIP = "slip"  # the grip force fails for `ticks`
    BUMP = "bump"  # a push moves a thing by about `size` metres
    MOVE = "move"  # somebody puts a thing `size` metres elsewhere
    NOISE = "noise"  # perceived positions: sd `size` metres in x and y
    MISS = "miss"  # a thing is not perceived
    STUCK = "stuck"  # the fingers do not move
    PROTECTIVE = "protective"  # the robot stops itself; recover() helps
    LOST = "lost"  # the link is gone


AROUND = (FaultKind.SLIP, FaultKind.BUMP, FaultKind.MOVE, FaultKind.NOISE, FaultKind.MISS)  # not in the robot's link


class When(str, Enum):
    """What sets a fault off."""

    TICK = "tick"  # control tick `at` has come
    CARRYING = "carrying"  # something has been carried for `at` control ticks
    SKILL = "skill"  # the `at`-th skill (from 0) starts


@dataclass(frozen=True)
class Fault:
    """One fault. ``thing``: which object (None: drawn by the seed; for slip whatever is held; for noise all of them).
    ``ticks``: how long it lasts in control ticks; 0 means to the end where that makes sense, else a moment."""

    kind: FaultKind
    when: When = When.TICK
    at: int = 0
    ticks: int = 0
    size: float = 0.05
    thing: str | None = None

    def __post_init__(self) -> None:
        if self.at < 0 or self.ticks < 0 or not math.isfinite(self.size) or self.size < 0:
            raise ValueError(f"fault {self.kind.value}: at, ticks and size must not be negative")


def parse_fault(row: Mapping[str, Any]) -> Fault:
    """A fault from plain data such as ``{kind: slip, when: carrying, at: 30}``; names what is wrong."""
    known = [f.name for f in fields(Fault)]
    for key in row:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, 1)
            raise ValueError(
                f"fault: unknown key {key!r}; " + (f"did you mean {near[0]!r}?" if near else f"known: {known}")
            )
    values = dict(row)
    for key, choices in (("kind", FaultKind), ("when", When)):
        if key in values:
            try:
                values[key] = choices(values[key])
            except ValueError:
                raise ValueError(
                    f"fault: no {key} {values[key]!r}; known: {', '.join(c.value for c in choices)}"
                ) from None
    if "kind" not in values:
        raise ValueError(f"fault: a kind is needed; known: {', '.join(c.value for c in FaultKind)}")
    return Fault(**values)


@dataclass
class _Armed:
    """A fault and what became of it. Times in control ticks."""

    fault: Fault
    began: int | None = None
    ended: bool = False

    def active(self, now: int) -> bool:
        if self.began is None or self.ended:
            return False
        return self.fault.ticks == 0 or now < self.began + self.fault.ticks


class FaultInjector:
    """Sets declared faults off in one world, and tells wrappers of perception and driver when theirs are on.

    ``rng`` draws what the declaration leaves open. `log` says what happened: (control tick, kind, thing).
    """

    def __init__(self, world: World, faults: Sequence[Fault], rng: np.random.Generator) -> None:
        for fault in faults:
            if fault.thing is not None and fault.thing not in world.bodies:
                raise KeyError(
                    f"fault {fault.kind.value}: no object {fault.thing!r}; present: {', '.join(world.bodies)}"
                )
        self.world, self.rng = world, rng
        self.log: list[tuple[int, FaultKind, str | None]] = []
        self._armed = [_Armed(f) for f in faults]
        self._skills = 0
        self._carried_since: int | None = None
        self._start_height: dict[str, float] = {}
        self._watch_hand = any(f.when is When.CARRYING for f in faults)
        self._remove: Callable[[], None] = world.on_step(self._look, STEPS_PER_TICK)
        self._look(world)

    def close(self) -> None:
        """Stop; what is on ends."""
        self._remove()
        self.world.arm.weaken(1.0)

    @property
    def now(self) -> int:
        """The present control tick."""
        return self.world.tick // STEPS_PER_TICK

    def skill_starts(self) -> None:
        """To be told by whoever runs skills: the next one starts."""
        for armed in self._armed:
            if armed.fault.when is When.SKILL and armed.fault.at == self._skills and armed.began is None:
                self._begin(armed)
        self._skills += 1

    def on(self, kind: FaultKind) -> list[Fault]:
        """The faults of a kind that are on now."""
        return [a.fault for a in self._armed if a.fault.kind is kind and a.active(self.now)]

    def recovered(self, kind: FaultKind) -> None:
        """Faults of this kind that are on end now."""
        for armed in self._armed:
            if armed.fault.kind is kind and armed.active(self.now):
                armed.ended = True

    def _look(self, world: World) -> None:
        now = self.now
        carried = self._carrying(world, now) if self._watch_hand else None
        for armed in self._armed:
            fault = armed.fault
            if armed.began is None:
                by_tick = fault.when is When.TICK and now >= fault.at
                by_hand = fault.when is When.CARRYING and carried is not None and carried >= fault.at
                if by_tick or by_hand:
                    self._begin(armed)
            elif fault.kind is FaultKind.SLIP and not armed.ended and now >= armed.began + max(1, fault.ticks):
                world.arm.weaken(1.0)
                armed.ended = True

    def _carrying(self, world: World, now: int) -> int | None:
        """For how many control ticks something has been in the air between the fingers."""
        held = world.truth().held()
        if held is None:
            self._carried_since = None
            self._start_height.clear()
            return None
        height = world.pose(held).position[2]
        if height - self._start_height.setdefault(held, height) < CARRIED:
            return None
        self._carried_since = now if self._carried_since is None else self._carried_since
        return now - self._carried_since

    def _begin(self, armed: _Armed) -> None:
        fault, world = armed.fault, self.world
        armed.began = self.now
        thing = fault.thing
        if fault.kind is FaultKind.SLIP:
            thing = world.truth().held()
            world.arm.weaken(WEAK)
        elif fault.kind in (FaultKind.BUMP, FaultKind.MOVE, FaultKind.MISS) and thing is None:
            loose = [n for n, b in world.bodies.items() if b.movable and n != world.truth().held()]
            thing = str(self.rng.choice(loose)) if loose else None
            if thing is not None:
                armed.fault = Fault(fault.kind, fault.when, fault.at, fault.ticks, fault.size, thing)
        if thing is not None and fault.kind in (FaultKind.BUMP, FaultKind.MOVE):
            angle = self.rng.uniform(0, 2 * math.pi)
            way = (math.cos(angle), math.sin(angle))
            if fault.kind is FaultKind.BUMP:
                push = world.bodies[thing].mass * math.sqrt(2 * _SLIDING * GRAVITY * fault.size)
                world.disturb_push(thing, (push * way[0], push * way[1], 0.0))
            else:
                world.disturb_move(thing, world.pose(thing).moved(fault.size * way[0], fault.size * way[1], 0.002))
        self.log.append((armed.began, fault.kind, thing))
