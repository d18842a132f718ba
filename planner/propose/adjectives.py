"""What the words of a name say of an adjective by themselves: "dirty shirt", "light bulb"; comparatives put plainly."""

from __future__ import annotations

from collections.abc import Sequence

from planner.propose import vocabulary as v

CONDITIONS = (  # words for one state of a thing and for the opposite one
    v.words("clean fresh washed laundered spotless unused unworn new ironed"),
    v.words("dirty muddy soiled stained worn unwashed used grimy sweaty smelly filthy dusty greasy wrinkled"),
)


THINGS = v.words("cooler cleaner lighter dryer drier warmer dimmer holder")  # no comparatives, or rarely so


def plain_forms(word: str) -> tuple[str, ...]:
    """What the word may be a superlative or comparative of ("healthiest", "healthier": healthy); empty for others."""
    tail = 3 if word.endswith("est") else 2
    if not word.endswith(("est", "er")) or len(word) < 6 or word in THINGS:
        return ()
    stem = word[:-tail]
    doubled = stem[:-1] if stem[-1] == stem[-2] else stem
    return (stem, f"{stem}e", doubled, f"{stem[:-1]}y" if stem.endswith("i") else stem)


def told_by_name(adjective: str, words: Sequence[str]) -> bool | None:
    """Whether the words of a name say that the thing is so, or the opposite; None when they say nothing of it.

    A thing whose name tells no condition is taken to be clean where "clean" or "dirty" is asked for: nothing else says.
    """
    said = adjective.split("-")[0]
    if said in words or adjective in words:
        return True
    if said in ("light", "dark") and ("light" in words or "dark" in words):
        return False
    for mine, other in (CONDITIONS, CONDITIONS[::-1]):
        if adjective in mine:
            return True if mine & set(words) else False if other & set(words) else None
    return None
