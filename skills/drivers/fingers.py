"""Fingers that only report where they are: waiting for them, telling a thing from air, remembering what is held."""

from __future__ import annotations

import time
from collections.abc import Callable

from skills.driver import DriverError, GripperResult
from skills.drivers.linked import Reading

ARRIVED = 0.003  # [m] from the wanted width: there
STILL = 0.0008  # [m] less than this within `STANDING`: the fingers stand
STANDING = 0.25  # [s]
OPEN = 0.006  # [m] from the widest: open
LOST_GRIP = 0.004  # [m] a thing whose fingers moved on by this is held no longer


class Fingers:
    """``width``: reads the present distance of the pads [m]; ``look``: the newest reading, may raise to end a wait
    (None: readings are always fresh); ``widest``: that distance when they are open [m]."""

    def __init__(self, width: Callable[[], float], look: Callable[[], Reading | None], widest: float) -> None:
        self._width, self._look, self._widest = width, look, widest
        self._held: float | None = None

    def wait(self, wanted: float, speed: float, stopped: Callable[[], bool]) -> GripperResult:
        """Until they have arrived, or stand short of ``wanted`` [m], or were stopped; raises DriverError when open
        fingers do not close at all: that is no thing between them, but a gripper that does nothing."""
        start = self._width()
        until = time.monotonic() + 2.0 * abs(start - wanted) / max(speed, 1e-3) + 2.0
        seen, since = start, time.monotonic()
        self._held = None
        while time.monotonic() < until and not stopped():
            reading, now = self._look(), self._width()
            at = reading.arrived if reading is not None else time.monotonic()  # a late reading is no standing finger
            if abs(now - wanted) <= ARRIVED:
                return GripperResult(now, stalled=False, reached=True)
            if abs(now - seen) > STILL:
                seen, since = now, at
            elif at - since > STANDING + (0.5 if abs(now - start) < STILL else 0.0):
                break
            time.sleep(0.01)
        now = self._width()
        short = now - wanted > ARRIVED
        if short and not stopped():
            if abs(now - start) < STILL and start > self._widest - OPEN:
                raise DriverError(
                    f"the fingers stay open at {now:.3f} m, {wanted:.3f} m was wanted: is the gripper switched on, and "
                    "is its command the one in the configuration?"
                )
            self._held = now
        return GripperResult(now, stalled=short, reached=abs(now - wanted) <= ARRIVED)

    def holding(self, width: float) -> bool:
        """Whether what stopped them is still between them."""
        if self._held is not None and abs(width - self._held) > LOST_GRIP:
            self._held = None
        return self._held is not None
