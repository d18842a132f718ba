"""Starting a twin's process, and ending it for certain."""

from __future__ import annotations

import json
import os
import secrets
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from skills.driver import DriverError

START = 120.0  # [s] for a twin to build its world
PATIENCE = 2.0  # [s] for it to end by itself


class TwinProcess:
    """A twin that belongs to whoever made this; it ends with them. ``module``: what serves, such as `sim.twin_host`;
    ``setup``: plain data of a `TwinSetup`, its token is made here and passed on where nobody else can read it."""

    def __init__(self, setup: Mapping[str, Any], module: str = "sim.twin_host") -> None:
        self.token = secrets.token_hex(16)
        path = os.pathsep.join(p for p in sys.path if p)
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
            start_new_session=True,  # a Ctrl-C at the terminal is for the planner, which stops the arm
        )
        try:
            self.port = self._first_word({**setup, "token": self.token})
        except BaseException:
            self.close(patience=0.0)
            raise

    def _first_word(self, setup: Mapping[str, Any]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(setup).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise DriverError(f"the twin's process does not start: {error}") from error
        until, said = time.monotonic() + START, b""
        while not said.endswith(b"\n"):
            left = until - time.monotonic()
            if left <= 0 or not select.select([self._process.stdout], [], [], left)[0]:
                raise DriverError(f"the twin's process did not answer within {START:.0f} s")
            chunk = os.read(self._process.stdout.fileno(), 4096)
            if not chunk:
                raise DriverError(f"the twin's process ended at its start (exit code {self._process.wait(PATIENCE)})")
            said += chunk
        word = json.loads(said)
        if "port" not in word:
            raise DriverError(f"the twin cannot be set up: {word.get('error', 'no reason given')}")
        return int(word["port"])

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """For tests: it dies at once, as by a power cut."""
        self._process.kill()
        self._process.wait()

    def close(self, patience: float = PATIENCE) -> None:
        """End it; harmless twice."""
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError, ValueError):
                if stream is not None:
                    stream.close()
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
