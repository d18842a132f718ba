"""A real pseudo-terminal with a program of ours on it: what a person sees, types, and which keys interrupt.

As a script: ``groundplan`` with a scripted mind in place of a language model.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CTRL_C, CTRL_D = "\x03", "\x04"
SECONDS = 60.0  # that a busy machine may take to start Python


class Terminal:
    """Runs this file's program with ``words`` in ``folder``, on a terminal of its own."""

    def __init__(self, folder: Path, *words: str) -> None:
        self._master, slave = pty.openpty()

        def controlling() -> None:  # Ctrl-C at this terminal reaches the program
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # background jobs of a shell ignore it
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [sys.executable, __file__, *words], stdin=slave, stdout=slave, stderr=slave, cwd=folder,
            start_new_session=True, preexec_fn=controlling,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "COLUMNS": "200", "TERM": "dumb"},
        )  # fmt: skip
        os.close(slave)
        self.seen = ""

    def _read(self, seconds: float) -> bool:
        """More of what it says; False at its end."""
        if not select.select([self._master], [], [], max(0.0, seconds))[0]:
            return True
        try:
            more = os.read(self._master, 65536)
        except OSError:
            return False
        self.seen += more.decode(errors="replace")
        return bool(more)

    def until(self, words: str) -> str:
        """Everything up to ``words`` (a regular expression), which is taken off what was seen."""
        ends = time.monotonic() + SECONDS
        while (found := re.search(words, self.seen)) is None:
            alive = self._read(0.5)
            if not alive or time.monotonic() > ends:
                raise AssertionError(f"no {words!r} in: {self.seen[-2000:]}")
        before, self.seen = self.seen[: found.end()], self.seen[found.end() :]
        return before

    def type(self, text: str) -> None:
        """Keys, as typed."""
        os.write(self._master, text.encode())

    def end(self) -> tuple[int, str]:
        """(exit code, the rest of what was said)."""
        ends = time.monotonic() + SECONDS
        while self._read(0.5) and time.monotonic() < ends:
            pass
        code = self.process.wait(SECONDS)
        os.close(self._master)
        return code, self.seen


def program() -> int:
    """The command line with a scripted mind."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "planner")]
    import planner.session
    from planner.cli.main import main
    from planner.propose.scripted import ScriptedProposer
    from stories import GOAL, STEPS, scripted_mind

    planner.session.open_mind = lambda *_: scripted_mind(ScriptedProposer.of(STEPS, GOAL), None)
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(program())
