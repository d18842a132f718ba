"""Several instructions one after the other in the same surroundings, each knowing what came before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from envs.task import Task
from envs.tasks import make_task
from planner.history import MOST, done_between
from planner.plan import Context, Done
from planner.propose.notes import relevant
from skills.predicates import symbolic_state

if TYPE_CHECKING:
    from planner.session import Outcome
    from planner.workplace import Workplace

RunOne = Callable[[Task, Context, "Path | None", int], "Outcome"]


@dataclass
class Conversation:
    """What is known from one instruction to the next. ``notes``: all lines of the person's notes; of these, what has to
    do with an instruction goes along with it."""

    notes: tuple[str, ...] = ()
    history: list[Done] = field(default_factory=list)

    def context(self, instruction: str, names: Iterable[str]) -> Context:
        """What goes along with an instruction."""
        lines = relevant(self.notes, instruction, names) if self.notes else ()
        return Context(lines, tuple(self.history[-MOST:]))

    def run(
        self, first: Task, later: Sequence[str], place: Workplace, one: RunOne, out: Path | None
    ) -> Iterator[Outcome]:
        """Carry the task out and then each further instruction; the record of the n-th lies in ``out/n``.

        Ends early when a run was interrupted or the robot is in trouble. ``one`` runs one task.
        """
        from planner.events import Status

        for number, text in enumerate((first.instruction, *later)):
            task = first if number == 0 else _next(first, text)
            before = place.body.observe()
            folder = out if out is None or number == 0 else out / str(number + 1)
            outcome = one(task, self.context(text, before.objects), folder, number)
            status = outcome.verdict.status
            if status in (Status.INTERRUPTED, Status.DRIVER):  # the robot may not answer any more
                yield outcome
                return
            after = place.body.observe()
            self.history.append(
                done_between(text, symbolic_state(before), symbolic_state(after), status.value, before.regions)
            )
            yield outcome


def _next(first: Task, instruction: str) -> Task:
    """A further instruction in the surroundings of the first; what is judged is the planner's own goal."""
    return make_task(instruction, first.scene, list(first.objects), f"{first.id}-next")
