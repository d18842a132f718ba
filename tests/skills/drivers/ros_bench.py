"""What the tests of both ways to ROS share: drivers whose peer can be stopped or silenced, and ends of motions."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from skills.driver import Motion, MotionResult
from skills.driver_config import make_driver
from skills.drivers.ros_arm import RosArmDriver
from skills.types import Mode
from tests.peers.start import Peer

CONSENT = "move bench arm"
PATIENT = 1.5  # [s] of silence on a busy machine


def staged(driver: type[RosArmDriver], peer: Peer) -> type[RosArmDriver]:
    """The driver, with what `skills.contract` uses to provoke stops and a lost link at its peer."""

    class Staged(driver):  # type: ignore[misc, valid-type]
        def enter(self, mode: Mode) -> None:
            peer.tell("release" if mode is Mode.IDLE else mode.value)
            until = time.monotonic() + 1.0
            while any(self._flags.values()) == (mode is Mode.IDLE) and time.monotonic() < until:
                time.sleep(0.01)  # a busy machine: until the news has arrived

        def sever(self) -> None:
            os.kill(peer.process.pid, signal.SIGSTOP)

        def connect(self) -> None:
            os.kill(peer.process.pid, signal.SIGCONT)
            super().connect()

    return Staged


@contextmanager
def connected(driver: type[RosArmDriver], options: dict[str, Any], silence: float = PATIENT) -> Iterator[RosArmDriver]:
    """A connected driver; closed afterwards."""
    made = make_driver(driver, options)
    assert isinstance(made, RosArmDriver)
    made.silence = silence
    made.connect()
    try:
        yield made
    finally:
        made.close()


def ended(robot: Any, motion: Motion, seconds: float = 20.0) -> MotionResult:
    """Wait for the end of a motion."""
    until = time.monotonic() + seconds
    while not motion.done():
        assert time.monotonic() < until, "the motion does not end"
        robot.wait(1)
    return motion.result()
