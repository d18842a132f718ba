"""A bar for what takes longer than a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console


@contextmanager
def film_bar(console: Console, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar for the frames of a video, shown from the first frame on; None where nobody would see it."""
    if quiet or not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    bar = Progress(TextColumn("[dim]video[/dim]"), BarColumn(), MofNCompleteColumn(), console=console, transient=True)
    task = bar.add_task("video", total=None)
    started = False

    def advance(done: int, total: int) -> None:
        nonlocal started
        if not started:
            bar.start()
            started = True
        bar.update(task, completed=done, total=total)

    try:
        yield advance
    finally:
        if started:
            bar.stop()
