"""How much a run may spend before it stops trying: counted in ticks and attempts, never in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Limits of one run; reaching one ends the run as "not reached", never as success."""

    attempts: int = 6  # plans that are started
    proposals: int = 4  # candidates wanted from the proposer each time
    calls: int = 12  # times the proposer is asked
    questions: int = 3  # times the person is asked
    ticks: int = 60_000  # control ticks of the driver, over the whole run
    settle_ticks: int = 24  # between the two measurements of the goal

    def __post_init__(self) -> None:
        for name in ("attempts", "proposals", "calls", "ticks", "settle_ticks"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: 1 or more, not {getattr(self, name)}")
        if self.questions < 0:
            raise ValueError(f"questions: 0 or more, not {self.questions}")
