"""How the benchmark takes time: works in turns, medians, wall clock or processor time, a limit for slow works."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

CLOCKS: dict[str, Callable[[], float]] = {"wall": time.perf_counter, "processor": time.process_time}


@dataclass(frozen=True)
class Watch:
    """Takes time.

    Attributes:
        now: the clock [s]. Processor time has no waiting in it: for machines that do other work as well. It adds up
            over threads, so it is the time of a work only with one thread.
        most: a work that has taken so long in all [s] is not repeated; its warm-up may be all that was measured.
    """

    now: Callable[[], float] = time.perf_counter
    most: float = 30.0

    def timed(self, work: Callable[[], object], repeats: int) -> float:
        """Median time of ``work`` [s] after one warm-up."""
        return self.in_turns({"": work}, repeats)[""]

    def in_turns(self, works: Mapping[str, Callable[[], object]], repeats: int) -> dict[str, float]:
        """Median time of each work [s], all of them run in turns after one warm-up each.

        A machine that is slower for a minute is then slower for all of them, and ratios stay what they are.
        """
        first = {name: self._once(work) for name, work in works.items()}
        times: dict[str, list[float]] = {name: [] for name in works}
        for _ in range(repeats):
            for name, work in works.items():
                if first[name] + sum(times[name]) < self.most:
                    times[name].append(self._once(work))
        return {name: statistics.median(values) if values else first[name] for name, values in times.items()}

    def _once(self, work: Callable[[], object]) -> float:
        began = self.now()
        work()
        return self.now() - began


WALL = Watch()
