"""Reading pools of phrases from text."""

from __future__ import annotations


def lines(text: str) -> tuple[str, ...]:
    """One phrase a line; a leading ``_`` stands for a space that belongs to it."""
    found = (line.strip() for line in text.strip().splitlines())
    return tuple(" " + line[1:] if line.startswith("_") else line for line in found if line)
