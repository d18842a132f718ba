"""The live view of a run: a calm page that grows as the loop tells what happens. Plain text when piped.

Colour only repeats what a sign or a word says already, so nothing is lost without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from planner.cli.describe import duration, whereabouts
from planner.events import (
    Asked,
    Decided,
    Event,
    GoalChecked,
    Observed,
    Proposed,
    Recovered,
    Replanned,
    Started,
    Status,
    StepDone,
    StepSkipped,
    StepStarted,
    Verdict,
)
from planner.plan import Act, Ask, Proposal, Refuse
from skills.failure import FailureKind
from skills.symbols import Literal

NOT_STARTED = (FailureKind.TIMEOUT,)  # may be a step that never began, so that no line told of it

_HEADINGS = {
    Status.REACHED: ("green", "goal reached"),
    Status.NOT_REACHED: ("red", "goal not reached"),
    Status.ASKED: ("yellow", "waiting for an answer"),
    Status.REFUSED: ("yellow", "refused"),
    Status.DRIVER: ("red", "driver trouble"),
    Status.INTERRUPTED: ("yellow", "interrupted"),
}


class TerminalView:
    """Listens to the loop's events and prints them. ``rate``: control ticks per second of the robot."""

    def __init__(self, console: Console, rate: float = 60.0, quiet: bool = False) -> None:
        self.console, self.rate, self.quiet = console, rate, quiet
        # ASCII where the stream cannot carry the signs
        fancy = console.encoding.lower().startswith("utf")
        self._tick, self._cross, self._dot = ("✓", "✗", "●") if fancy else ("ok", "no", "*")
        self._box = box.SIMPLE_HEAD if fancy else box.ASCII_DOUBLE_HEAD
        self._seen: dict[str, str] = {}
        self._thinking = self._acting = 0.0
        self._steps = self._proposed = 0
        self._titled = False  # whether the steps of this attempt have their heading
        self._questioned = ""
        self._status: Any = None

    def __call__(self, event: Event) -> None:
        """Print one event."""
        self._wait(None)
        if isinstance(event, Verdict):
            self._verdict(event)
        elif not self.quiet:
            self._body(event)

    def header(self, instruction: str, *facts: str) -> None:
        """The first lines: what was asked, where, with what."""
        if not self.quiet:
            self.console.print(f"\n[bold]{escape(instruction)}[/bold]")
            self.console.print(f"[dim]{escape(' · '.join(facts) if self._tick == '✓' else ', '.join(facts))}[/dim]")

    def question(self, question: str, options: Sequence[str]) -> None:
        """Put a question on the page, before it is answered."""
        self._wait(None)
        self._questioned = question
        self._title("Asks")
        self.console.print(f"  {escape(question)}", highlight=False)
        for i, option in enumerate(options, 1):
            self.console.print(f"  {i}  {escape(option)}", highlight=False)

    def ask(self, prompt: str) -> str:
        """What a person types after ``prompt``. The spinner stands aside: it would wipe out both. Raises EOFError."""
        self._wait(None)
        return self.console.input(prompt, markup=False)

    def footer(self, paths: Sequence[tuple[str, Path | str]], notes: Sequence[str] = ()) -> None:
        """The last lines: where the record lies; ``notes`` come before."""
        for note in notes:
            self.console.print(f"  {escape(note)}")
        if paths:
            self.console.print()
        for label, path in paths:
            self.console.print(f"  [dim]{label:<9}[/dim] {escape(str(path))}", soft_wrap=True)

    # -- events -------------------------------------------------------------------------------------

    def _body(self, event: Event) -> None:
        if isinstance(event, Started):
            pass
        elif isinstance(event, Observed):
            self._observed(event)
        elif isinstance(event, Proposed):
            self._thinking += event.seconds
            self._proposed = len(event.proposals)
        elif isinstance(event, Decided):
            self._decided(event)
        elif isinstance(event, StepStarted):
            self._started(event)
        elif isinstance(event, StepDone):
            self._done(event)
        elif isinstance(event, StepSkipped):
            self.console.print(f"  {event.index + 1} {escape(str(event.step.skill))}  [dim]not needed any more[/dim]")
        elif isinstance(event, Replanned):
            self._replanned(event)
        elif isinstance(event, Recovered):
            self.console.print(f"  {escape(event.detail)}")
        elif isinstance(event, GoalChecked):
            self._checked(event)
        elif isinstance(event, Asked):
            if self._questioned != event.question:
                self.question(event.question, event.options)
            if event.answer is not None:
                self._questioned = ""
            if event.answer is not None:
                self.console.print(f"  [dim]answer:[/dim] {escape(event.answer)}")

    def _observed(self, event: Observed) -> None:
        now = whereabouts(event.observation, event.state)
        changed = {n: w for n, w in now.items() if self._seen.get(n) != w}
        gone = [n for n in self._seen if n not in now]
        again = bool(self._seen)
        self._seen = now
        if changed or gone:
            self._title("Sees now" if again else "Sees")
            width = max((len(n) for n in changed), default=0)
            for name, words in changed.items():
                self.console.print(f"  {escape(name):<{width}}  [dim]{escape(words)}[/dim]", highlight=False)
            for name in gone:
                self.console.print(f"  {escape(name)}  no longer seen")
        self._wait("thinking")

    def _decided(self, event: Decided) -> None:
        self._titled = False
        self._thinking += event.seconds
        table, decision = event.grounded.table, event.grounded.decision
        again = "" if event.fresh else ", the earlier candidates judged again"
        self._title("Thinks", f"{_count(self._proposed, 'candidate')}, {duration(self._thinking)} so far{again}")
        if table:
            grid = Table(box=self._box, pad_edge=False, show_edge=False, padding=(0, 1), expand=False)
            for column in ("goal", "steps"):
                grid.add_column(column, overflow="fold")
            for column in ("LM", "affordance", "combined"):
                grid.add_column(column, justify="right", no_wrap=True)
            grid.add_column("verdict", overflow="fold")
            for row in table:
                chosen = row.verdict.startswith("chosen")
                grid.add_row(
                    escape(_goal_words(row.proposal)),
                    escape(_step_words(row.proposal)),
                    _number(row.lm_score),
                    _number(row.affordance),
                    _number(row.combined),
                    escape(row.verdict),
                    style="bold" if chosen else "dim",
                )
            self.console.print(grid)
        for key, note in event.grounded.notes.items():
            self.console.print(f"  [dim]{escape(key)}:[/dim] {escape(note)}")
        confidence = event.grounded.confidence
        sure = "" if confidence is None else f", {100 * confidence:.0f} % sure"
        if isinstance(decision, Act):
            plan = decision.plan
            self._title("Decides", f"goal: {plan.goal}{sure}" + (" · repaired by search" if plan.repaired else ""))
            for i, step in enumerate(plan.steps, 1):
                lm = "-" if step.lm_score is None else _number(step.lm_score)
                scores = f"LM {lm}, affordance {_number(step.affordance.value)}, combined {_number(step.combined)}"
                origin = "" if step.source == "lm" else f", from {step.source}"
                self.console.print(
                    f"  {i} {escape(str(step.skill))}  [dim]{escape(scores + origin)}[/dim]", highlight=False
                )
            if not plan.steps:
                self.console.print("  [dim]nothing to do[/dim]")
        elif isinstance(decision, Ask):
            self._title("Decides", f"to ask before moving{sure}")
        elif isinstance(decision, Refuse):
            failure = decision.failure
            unmet = f", unmet: {', '.join(map(str, failure.unmet))}" if failure.unmet else ""
            self._title("Decides", f"not to act: {failure.kind.value}{unmet}{sure}")

    def _started(self, event: StepStarted) -> None:
        if not self._titled:
            self._title("Acts")
        self._titled = True
        self._steps += 1
        factors = ", ".join(f"{k} {_number(v)}" for k, v in event.affordance.factors.items())
        detail = f" ({factors})" if factors else ""
        why = f": {event.affordance.reason}" if event.affordance.reason else ""
        now = f"affordance now {_number(event.affordance.value)}{detail}{why}"
        self.console.print(
            f"  {event.index + 1} [bold]{escape(str(event.step.skill))}[/bold]  [dim]{escape(now)}[/dim]",
            highlight=False,
        )
        self._wait("moving")

    def _done(self, event: StepDone) -> None:
        self._acting += event.seconds
        took = f"{event.report.ticks / self.rate:.1f} s of robot time, {duration(event.seconds)} real"
        self.console.print(f"    {self._evidence(event.report.measured)}   [dim]{took}[/dim]", highlight=False)
        if event.failure is not None:
            self.console.print(f"    [red]{self._cross} {escape(str(event.failure))}[/red]", highlight=False)

    def _replanned(self, event: Replanned) -> None:
        self._title("Replans")
        failure = event.failure
        if failure is not None and failure.step is not None and failure.kind not in NOT_STARTED:
            self.console.print(
                f"  because step {failure.step + 1} failed: {failure.kind.value}"
            )  # its line stands above
        else:
            self.console.print(f"  {escape(event.reason)}", highlight=False)

    def _checked(self, event: GoalChecked) -> None:
        if event.unmet:
            unmet = ", ".join(map(str, event.unmet))
            again = "the second time, it did not last" if event.settled else "not true yet"
            self._title("Checks", f"the goal: {again}")
            self.console.print(f"  [red]{self._cross}[/red] {escape(unmet)}", highlight=False)
        elif event.settled:
            self._title("Checks", "the goal, measured twice with a pause between")
            true = {x: True for x in event.goal.literals() if event.state.holds(x)}
            self.console.print(f"  {self._evidence(true)}", highlight=False)

    def _evidence(self, measured: Mapping[Literal, bool]) -> str:
        """Every expected literal with a tick or a cross, as it was measured."""
        signs = {True: f"[green]{self._tick}[/green]", False: f"[red]{self._cross}[/red]"}
        return "   ".join(f"{signs[true]} {escape(str(x))}" for x, true in measured.items()) or "nothing was measured"

    def _verdict(self, event: Verdict) -> None:
        colour, words = _HEADINGS[event.status]
        self.console.print()
        self.console.print(
            f"[{colour}]{self._dot} [bold]{words}[/bold][/{colour}]  {escape(event.reason)}", highlight=False
        )
        if event.question is not None and self._questioned != event.question:
            self.console.print(f"  question: {escape(event.question)}", highlight=False)
        if event.unmet and event.status is not Status.REFUSED:
            self.console.print(f"  still untrue: {escape(', '.join(map(str, event.unmet)))}", highlight=False)
        if not self.quiet and self._steps:
            spent = f"{_count(self._steps, 'step')}, {event.ticks / self.rate:.1f} s of robot time"
            real = f"thinking {duration(self._thinking)}, acting {duration(self._acting)}"
            self.console.print(f"  [dim]{spent}; {real}[/dim]", highlight=False)

    # -- small things -----------------------------------------------------------------------------------

    @contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """A spinner while something takes its time."""
        self._wait(what)
        try:
            yield
        finally:
            self._wait(None)

    def __enter__(self) -> TerminalView:
        return self

    def __exit__(self, *error: object) -> None:
        self._wait(None)

    def _title(self, title: str, detail: str = "") -> None:
        more = f"  [dim]{escape(detail)}[/dim]" if detail else ""
        self.console.print(f"\n[bold cyan]{title}[/bold cyan]{more}", highlight=False)

    def _wait(self, what: str | None) -> None:
        """A spinner while nothing can be told; only on a real terminal."""
        if self._status is not None:
            self._status.stop()
            self._status = None
        if what is not None and self.console.is_terminal:
            self._status = self.console.status(f"[dim]{what}[/dim]")
            self._status.start()


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _goal_words(proposal: Proposal) -> str:
    return " and ".join(map(str, proposal.goal)) or "-"


def _step_words(proposal: Proposal) -> str:
    return "\n".join(map(str, proposal.steps)) or "-"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
