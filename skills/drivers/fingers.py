"""Fingers that only report where they are: waiting for them, telling a thing from air, remembering what is held."""

from __future__ import annotations

import time
from collections.abc import Callable

from skills.driver import GripperResult

ARRIVED = 0.003  # [m] from the wanted width: there
STILL = 0.0008  # [m] less than this within `STANDING`: the fingers stand
STANDING = 0.25  # [s]
LOST_GRIP = 0.004  # [m] a thing whose fingers moved on by this is held no longer


class Fingers:
    """``width``: reads the present distance of the pads [m]; ``look``: called while waiting, may raise to end it."""

    def __init__(self, width: Callable[[], float], look: Callable[[], object]) -> None:
        self._width, self._look = width, look
        self._held: float | None = None

    def wait(self, wanted: float, speed: float, stopped: Callable[[], bool]) -> GripperResult:
        """Until they have arrived, or stand short of ``wanted`` [m], or were stopped."""
        start = self._width()
        until = time.monotonic() + 2.0 * abs(start - wanted) / max(speed, 1e-3) + 2.0
        seen, since = start, time.monotonic()
        self._held = None
        while time.monotonic() < until and not stopped():
            self._look()
            now = self._width()
            if abs(now - wanted) <= ARRIVED:
                return GripperResult(now, stalled=False, reached=True)
            if abs(now - seen) > STILL:
                seen, since = now, time.monotonic()
            elif time.monotonic() - since > STANDING + (0.5 if abs(now - start) < STILL else 0.0):
                break
            time.sleep(0.01)
        now = self._width()
        short = now - wanted > ARRIVED
        if short and not stopped():
            self._held = now
        return GripperResult(now, stalled=short, reached=abs(now - wanted) <= ARRIVED)

    def holding(self, width: float) -> bool:
        """Whether what stopped them is still between them."""
        if self._held is not None and abs(width - self._held) > LOST_GRIP:
            self._held = None
        return self._held is not None
