"""Makes tidy sentences rough: typos, lower case, no punctuation. Which one was done goes into the tags."""

from __future__ import annotations

import re

from planner.learn.draw import Draw
from planner.learn.tones import TYPOS, aside

ROUGH = 0.30  # of all requests
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEAR = {c: row[max(0, i - 1) : i] + row[i + 1 : i + 2] for row in _ROWS for i, c in enumerate(row)}  # on a keyboard
_WORD = re.compile(r"[A-Za-z]+")


def roughened(draw: Draw, text: str, keep: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """The text as somebody in a hurry writes it, and what was done to it. ``keep``: words of which, when damaged,
    another word of the room must not become likelier; short ones of them stay whole."""
    if draw.tone:
        if draw.tone != TYPOS:
            return text, ()
        with aside(draw, 1):
            return typos(draw, text, keep, draw.number(1, 1 + len(text) // 40)), (TYPOS,)
    if not draw.chance(ROUGH):
        return text, ()
    done: list[str] = []
    how = draw.rng.random()
    if how < 0.65:
        text = typos(draw, text, keep, draw.number(1, 1 + len(text) // 40))
        done.append("typos")
    if how > 0.45:
        if draw.chance(0.7):
            text = text.lower()
            done.append("lower case")
        if draw.chance(0.6):
            text = re.sub(r"[.,;!?]+(?=\s|$)", "", text)
            done.append("no punctuation")
        if draw.chance(0.08):
            text = text.upper()
            done.append("upper case")
        if draw.chance(0.1):
            text = _loose(draw, text)
            done.append("marks")
    return " ".join(text.split()), tuple(done)


def typos(draw: Draw, text: str, keep: frozenset[str], count: int) -> str:
    """``count`` words with one wrong letter each, or run together with the next."""
    words = text.split(" ")
    for _ in range(count):
        i = draw.number(0, len(words) - 1)
        match = _WORD.search(words[i])
        if match is None or len(match.group()) < (5 if match.group().lower() in keep else 3):
            continue
        word = match.group()
        if draw.chance(0.06) and i + 1 < len(words) and words[i] == word and word.lower() not in keep:
            words[i : i + 2] = [words[i] + words[i + 1]]
            continue
        words[i] = words[i].replace(word, _damaged(draw, word), 1)
    return " ".join(words)


def _damaged(draw: Draw, word: str) -> str:
    k = draw.number(1, len(word) - 1)
    how = draw.number(0, 3)
    if how == 0:  # dropped
        return word[:k] + word[k + 1 :]
    if how == 1:  # doubled
        return word[:k] + word[k] + word[k:]
    if how == 2 and k + 1 < len(word):  # swapped
        return word[:k] + word[k + 1] + word[k] + word[k + 2 :]
    return word[:k] + draw.one(_NEAR.get(word[k].lower(), word[k])) + word[k + 1 :]


def _loose(draw: Draw, text: str) -> str:
    how = draw.number(0, 3)
    if how == 0:
        return text.rstrip(".!?") + "..."
    if how == 1:
        return text.rstrip(".!?") + "!!"
    if how == 2:
        return text.replace(", ", " , ")
    return f'"{text}"'
