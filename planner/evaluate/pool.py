"""Worker processes. Each holds its own planners and its own simulators; the weights are one mapped file for all.

Processes are spawned, never forked (threads and simulators do not survive a fork). A worker that dies takes one trial
with it, which is handed back as dead, and is replaced. Workers leave the interrupt key to the parent and end when
the parent is gone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from planner.evaluate.folder import EvaluateError
from planner.evaluate.trials import Trial
from planner.evaluate.worker import Job, Worker, died

STILLBORN = 3  # workers in a row that die before their first episode: then nothing will ever finish
_ENVIRONMENT = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE", "TOKENIZERS_PARALLELISM": "false"}


class Backend(Protocol):
    """Something that carries trials out."""

    def results(self, trials: Sequence[Trial], job: Job) -> Iterator[dict[str, Any]]:
        """One line per trial, in the order in which they finish. Closing the iterator stops the work."""


class Here:
    """In this process, one after the other: for debugging and for tests."""

    def __init__(self, worker: Worker | None = None) -> None:
        self._worker = worker

    def results(self, trials: Sequence[Trial], job: Job) -> Iterator[dict[str, Any]]:
        """See `Backend`."""
        worker = self._worker or Worker(job)
        for trial in trials:
            yield worker.run(trial)


@dataclass
class _Hand:
    """One process and what it is doing."""

    process: Any
    pipe: Connection
    trial: Trial | None = None
    finished: int = 0


class Processes:
    """``jobs`` worker processes on this machine."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._spawn = multiprocessing.get_context("spawn")

    def results(self, trials: Sequence[Trial], job: Job) -> Iterator[dict[str, Any]]:
        """See `Backend`. Raises EvaluateError when workers cannot even begin."""
        waiting = list(reversed(trials))
        hands: list[_Hand] = []
        stillborn = 0
        try:
            while waiting or any(h.trial for h in hands):
                while waiting and len(hands) < self._jobs:
                    hands.append(self._start(job))
                for hand in hands:
                    if hand.trial is None and waiting:
                        hand.trial = waiting.pop()
                        with suppress(OSError):  # already dead: found below
                            hand.pipe.send(hand.trial)
                busy = [h for h in hands if h.trial is not None]
                ready = wait([x for h in busy for x in (h.pipe, h.process.sentinel)])
                for hand in [h for h in busy if h.pipe in ready or h.process.sentinel in ready]:
                    line = self._receive(hand)
                    if line is None:
                        assert hand.trial is not None
                        stillborn = 0 if hand.finished else stillborn + 1
                        if stillborn >= STILLBORN:
                            raise EvaluateError(
                                f"{stillborn} workers in a row died before their first episode ended "
                                f"(exit code {hand.process.exitcode}); try --jobs 1, and see the messages above"
                            )
                        hands.remove(hand)
                        line = died(hand.trial, job)
                    else:
                        stillborn = 0
                        hand.trial, hand.finished = None, hand.finished + 1
                    yield line
        finally:
            for hand in hands:
                _end(hand)

    def _start(self, job: Job) -> _Hand:
        ours, theirs = self._spawn.Pipe()
        process = self._spawn.Process(target=_serve, args=(theirs, job, list(sys.path)), daemon=True)
        with _environment():
            process.start()
        theirs.close()
        return _Hand(process, ours)

    @staticmethod
    def _receive(hand: _Hand) -> dict[str, Any] | None:
        """The line that a worker sends, None when it is dead; raises what a worker could not go on with."""
        try:
            kind, value = hand.pipe.recv()
        except (EOFError, OSError):
            hand.process.join()
            return None
        if kind == "error":
            raise value
        line: dict[str, Any] = value
        return line


@contextmanager
def _environment() -> Iterator[None]:
    """What a child must find set before it imports anything."""
    before = {name: os.environ.get(name) for name in _ENVIRONMENT}
    os.environ.update({name: value for name, value in _ENVIRONMENT.items() if before[name] is None})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)


def _end(hand: _Hand) -> None:
    with suppress(OSError):
        hand.pipe.close()
    if hand.trial is not None:
        hand.process.terminate()
    hand.process.join(5)
    if hand.process.is_alive():
        hand.process.kill()
        hand.process.join()


def _serve(pipe: Connection, job: Job, path: list[str]) -> None:
    """The life of a worker: trials in, lines out."""
    sys.path[:] = path
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    worker = None
    while True:
        try:
            trial = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            worker = worker or Worker(job)
            answer: tuple[str, Any] = ("line", worker.run(trial))
        except Exception as error:
            answer = ("error", error)
        try:
            pipe.send(answer)
        except OSError:  # the parent is gone
            return
