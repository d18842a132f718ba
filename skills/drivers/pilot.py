"""A process of its own for a vendor's kit, talked to in JSON lines over its standard input and output.

Control loops of a kilohertz do not share an interpreter with a language model, and some kits hold the interpreter while
they wait for the robot. A pilot ends when its input ends, so it never outlives the planner.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import IO, Any

from skills.driver import DriverError

LONGEST = 8_000_000  # bytes of one line
PATIENCE = 2.0  # [s] that a pilot is given to end by itself


class Pilot:
    """The planner's end. ``module``: run as ``python -m module``; ``heard``: called with every message of the pilot,
    from a thread of its own; ``ended``: called once when the pilot is gone."""

    def __init__(
        self,
        module: str,
        options: Mapping[str, Any],
        heard: Callable[[dict[str, Any]], None],
        ended: Callable[[], None],
    ) -> None:
        self._heard, self._ended = heard, ended
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "OMP_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,  # an interrupt at the terminal must not end it before the robot stands
        )
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._listen, name=f"pilot {module}", daemon=True)
        self._thread.start()
        self.send({"do": "open", **options})

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def send(self, message: Mapping[str, Any]) -> None:
        """Say something; raises DriverError when the pilot is gone."""
        line = json.dumps(message).encode() + b"\n"
        try:
            with self._lock:
                assert self._process.stdin is not None
                self._process.stdin.write(line)
                self._process.stdin.flush()
        except (OSError, ValueError) as error:
            raise DriverError(f"the process that talks to the robot is gone: {error}") from error

    def close(self, patience: float = PATIENCE) -> None:
        """End its input and wait for it; kill it when that takes longer than ``patience`` [s]. Harmless twice."""
        with suppress(OSError, ValueError), self._lock:
            assert self._process.stdin is not None
            self._process.stdin.close()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if threading.current_thread() is not self._thread:
            self._thread.join(PATIENCE)

    def kill(self) -> None:
        """End it at once and wait for nothing: whatever it was about to send stays unsent."""
        self._process.kill()

    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stream:
            for message in messages(stream):
                self._heard(message)
        self._ended()


class Ear:
    """The pilot's end: messages of the planner in the order of their arrival, read by a thread of its own."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.closed = threading.Event()
        self._waiting: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        threading.Thread(target=self._listen, args=(stream,), name="ear", daemon=True).start()

    def next(self, seconds: float = 0.0) -> dict[str, Any] | None:
        """The next message, waiting up to ``seconds`` for it; None when there is none."""
        try:
            return self._waiting.get(timeout=seconds) if seconds > 0 else self._waiting.get_nowait()
        except queue.Empty:
            return None

    def _listen(self, stream: IO[bytes]) -> None:
        for message in messages(stream):
            self._waiting.put(message)
        self.closed.set()


class Mouth:
    """The pilot's way to speak; whole lines, from any thread."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def say(self, kind: str, **values: Any) -> None:
        """One message; nobody listening any more is no error."""
        line = json.dumps({"is": kind, **values}).encode() + b"\n"
        with self._lock, suppress(OSError, ValueError):
            self._stream.write(line)
            self._stream.flush()


def messages(stream: IO[bytes]) -> Any:
    """The JSON objects of a stream, line by line; ends with the stream, or at a line that is none."""
    while True:
        try:
            line = stream.readline(LONGEST)
            if not line.endswith(b"\n"):
                return
            message = json.loads(line)
        except (OSError, ValueError):
            return
        if not isinstance(message, dict):
            return
        yield message


def speak_alone() -> Mouth:
    """For a pilot's main: standard output becomes the link; what a vendor's kit prints goes to standard error."""
    link = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    return Mouth(link)
