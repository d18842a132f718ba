"""What can be wrong with a twin and the way to it: delay, jitter, loss, noise, a wrong clock, events on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

import numpy as np

from skills.types import ObjectState, RobotState


class TwinEvent(str, Enum):
    """What happens at a control tick."""

    PROTECTIVE = "protective"  # a protective stop
    EMERGENCY = "emergency"  # the button is pressed; released after `ticks`, if that is above 0
    FREEZE = "freeze"  # readings repeat the last one, clock and all
    STILL = "still"  # joints read as they were, the clock goes on
    LIAR = "liar"  # the gripper says that it holds something, whatever is so
    SILENT = "silent"  # nothing is sent any more, the connection stays open
    CUT = "cut"  # the connection is closed


@dataclass(frozen=True)
class Happening:
    """One event: at control tick ``at`` after the driver connected, for ``ticks`` (0: to the end)."""

    kind: TwinEvent
    at: int = 0
    ticks: int = 0

    def on(self, tick: int) -> bool:
        """Whether it is on at ``tick``."""
        return tick >= self.at and (self.ticks == 0 or tick < self.at + self.ticks)


@dataclass(frozen=True)
class LinkFaults:
    """Times in seconds of the twin's own.

    ``latency``, ``jitter``: one-way delay and its spread, uniform; ``drop``: share of messages that are lost;
    ``gap_every``, ``gap``: mean time between drop-outs, and their length, in which all is lost (0: none);
    ``noise``: sd of joint readings [rad]; ``width_noise``: of the finger width [m]; ``object_noise``: of perceived
    positions, each axis [m]; ``clock_rate``, ``clock_offset``: the robot's clock is ``offset + rate * t``;
    ``look``: time that perceiving takes; ``events``: what happens when."""

    latency: float = 0.0
    jitter: float = 0.0
    drop: float = 0.0
    gap_every: float = 0.0
    gap: float = 0.0
    noise: float = 0.0
    width_noise: float = 0.0
    object_noise: float = 0.0
    clock_rate: float = 1.0
    clock_offset: float = 0.0
    look: float = 0.0
    events: tuple[Happening, ...] = ()

    def __post_init__(self) -> None:
        for key in ("latency", "jitter", "gap_every", "gap", "noise", "width_noise", "object_noise", "look"):
            if getattr(self, key) < 0:
                raise ValueError(f"{key}: not below 0, got {getattr(self, key)}")
        if not 0 <= self.drop < 1:
            raise ValueError(f"drop: a share from 0 to below 1, not {self.drop}")
        if self.clock_rate <= 0:
            raise ValueError(f"clock_rate: above 0, not {self.clock_rate}")


@dataclass
class Weather:
    """Draws what happens to each message and reading. ``rate``: control ticks per second."""

    faults: LinkFaults
    rng: np.random.Generator
    rate: float
    _gap_until: int = -1
    _next_gap: int = field(default=-1)

    def delay(self) -> int:
        """Control ticks that a message is under way."""
        spread = self.faults.jitter * float(self.rng.random()) if self.faults.jitter else 0.0
        return round((self.faults.latency + spread) * self.rate)

    def lost(self, tick: int) -> bool:
        """Whether a message that is sent now gets lost."""
        if self.faults.gap_every and self.faults.gap:
            if self._next_gap < 0:
                self._next_gap = tick + self._until_gap()
            if tick >= self._next_gap:
                self._gap_until = tick + round(self.faults.gap * self.rate)
                self._next_gap = self._gap_until + self._until_gap()
            if tick < self._gap_until:
                return True
        return self.faults.drop > 0 and float(self.rng.random()) < self.faults.drop

    def _until_gap(self) -> int:
        return max(1, round(float(self.rng.exponential(self.faults.gap_every)) * self.rate))

    def on(self, kind: TwinEvent, tick: int) -> bool:
        """Whether an event of this kind is on."""
        return any(e.kind is kind and e.on(tick) for e in self.faults.events)

    def reading(self, state: RobotState) -> RobotState:
        """A reading as the twin's sensors and clock give it."""
        f = self.faults
        stamp = f.clock_offset + f.clock_rate * state.stamp
        if not (f.noise or f.width_noise):
            return replace(state, stamp=stamp)
        q = tuple((np.asarray(state.q) + self.rng.normal(0.0, f.noise, len(state.q))).tolist())
        width = max(0.0, state.gripper_width + float(self.rng.normal(0.0, f.width_noise)))
        return replace(state, stamp=stamp, q=q, gripper_width=width)

    def seen(self, things: Sequence[ObjectState]) -> list[ObjectState]:
        """Things as its eyes see them."""
        if not self.faults.object_noise:
            return list(things)
        return [
            replace(t, pose_world=t.pose_world.moved(*map(float, self.rng.normal(0.0, self.faults.object_noise, 3))))
            for t in things
        ]
