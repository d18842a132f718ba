"""A note or a manual in plain text or Markdown: the lines that have to do with what is asked and what is here.

A note informs and forbids; it never orders. Its lines stand in the model's prompt as notes, on one line each, and the
rules in them ("no glass in the drawer") keep the search away from what they forbid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from planner.propose import vocabulary as v
from planner.propose.spelling import tokens_of
from planner.propose.uses import stems

LARGEST = 400_000  # characters of a note that are read
MOST = 6  # lines that are kept
LONGEST = 160  # characters of one
_MARKS = re.compile(r"^\s*(?:#{1,6}|[-*+•>]|\d{1,3}[.)])\s+|[*_`]{1,3}|^\s*\|?[-: |]{3,}$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-Z\"'(])")


class NoteError(ValueError):
    """A note that cannot be read; says which file and why."""


def read_note(path: Path) -> tuple[str, ...]:
    """The sentences of a text file, at most `LARGEST` characters of it; raises NoteError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise NoteError(f"cannot read the note {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise NoteError(f"{path} is no text file (UTF-8)") from error
    if "\0" in text:
        raise NoteError(f"{path} is no text file")
    return sentences(text[:LARGEST])


def sentences(text: str) -> tuple[str, ...]:
    """One entry for each line or sentence, marks of Markdown removed; paragraphs that break in the middle of a
    sentence are joined."""
    out: list[str] = []
    joined = ""
    for raw in [*text.splitlines(), ""]:
        line = " ".join(_MARKS.sub("", _LINK.sub(r"\1", raw)).split())
        begins = bool(re.match(r"\s*(?:#|[-*+•>]\s|\d{1,3}[.)]\s)", raw))
        if (not line or begins) and joined:
            out += _SENTENCE.split(joined)
            joined = ""
        if begins and raw.lstrip().startswith("#"):
            out.append(line)
            continue
        joined = f"{joined} {line}".strip()
    return tuple(dict.fromkeys(s.strip() for s in out if s.strip()))


def relevant(lines: Iterable[str], instruction: str, names: Iterable[str], most: int = MOST) -> tuple[str, ...]:
    """The lines that share most content words with the instruction and with what is here, in their own order.

    Words of the instruction count double, rare words more than common ones; a line that forbids something counts even
    when it shares only one word with what is here.
    """
    listed = list(lines)
    asked = _content(instruction)
    here = _content(" ".join(names))
    words = [_content(line) for line in listed]
    often: dict[str, int] = {}
    for row in words:
        for w in row:
            often[w] = often.get(w, 0) + 1
    scored = []
    for i, row in enumerate(words):
        score = sum((2.0 if w in asked else 1.0) / often[w] ** 0.5 for w in row & (asked | here))
        rule = {t.text for t in tokens_of(listed[i])} & (v.NEGATIONS | {"always", "only", "must", "avoid"})
        if score > 0.0:
            scored.append((score + (0.5 if rule else 0.0), i))
    best = sorted(sorted(scored, key=lambda s: (-s[0], s[1]))[:most], key=lambda s: s[1])
    return tuple(_cut(listed[i]) for _, i in best)


def _content(text: str) -> frozenset[str]:
    common = v.FUNCTION_WORDS | v.PUT_VERBS | v.GENERIC_NOUNS
    return stems(t.text for t in tokens_of(text) if t.text not in common)


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rsplit(" ", 1)[0] + " …"
