"""Starts the robots' peers, each in a process and an environment of its own, and ends them."""

from __future__ import annotations

import itertools
import os
import queue
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("GROUNDPLAN_PEERS", Path.home() / ".cache" / "groundplan" / "peers"))


def installed(name: str) -> bool:
    """Whether the environment of a peer has been made (``make peers``)."""
    return (HOME / name / "ready").exists()


class Peer:
    """A running peer. ``address``: of this one alone, so that several can run side by side."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.address = address

    def kill(self) -> None:
        """As if its plug were pulled."""
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """Close its input, on which it leaves by itself; harmless when it is gone."""
        if self.process.poll() is None and self.process.stdin is not None:
            self.process.stdin.close()
            try:
                self.process.wait(3.0)
            except subprocess.TimeoutExpired:
                self.kill()


_used = itertools.count(1)


def own_address() -> str:
    """A loopback address of this process, another one with each call."""
    pid = os.getpid()
    return f"127.{next(_used) % 255}.{pid // 256 % 256}.{1 + pid % 254}"


@contextmanager
def peer(interpreter: Path, script: str, *words: str, address: str = "", seconds: float = 60.0) -> Iterator[Peer]:
    """Run ``script`` of this folder until the block ends; it prints "ready" when it can be talked to."""
    process = subprocess.Popen(
        [str(interpreter), str(HERE / script), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put(line.strip())

    threading.Thread(target=listen, daemon=True).start()
    running = Peer(process, address)
    try:
        until = time.monotonic() + seconds
        while True:
            try:
                if lines.get(timeout=0.1).startswith("ready"):
                    break
            except queue.Empty:
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"the peer {script} did not become ready (exit {process.poll()})") from None
        yield running
    finally:
        running.end()


@contextmanager
def franka_peer(*words: str) -> Iterator[Peer]:
    """The independent Franka server on an address of its own."""
    folder, address = HOME / "franka", own_address()
    with peer(
        folder / "bin" / "python", "franka_peer.py", "--host", address, "--model", str(folder / "model"), *words,
        address=address,
    ) as running:  # fmt: skip
        yield running
