"""The person at the terminal, who answers questions while a run waits."""

from __future__ import annotations

from planner.cli.view import TerminalView


class Person:
    """Answers by typing: a number chooses an option, an empty line or the end of input answers nothing."""

    def __init__(self, view: TerminalView) -> None:
        self.view = view

    def __call__(self, question: str, options: tuple[str, ...]) -> str | None:
        """The answer as text, None when the person gives none."""
        self.view.question(question, options)
        try:
            said = self.view.console.input("  > ").strip()
        except EOFError:
            return None
        if said.isdecimal() and 1 <= int(said) <= len(options):
            return options[int(said) - 1]
        return said or None
