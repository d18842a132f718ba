"""From a noun phrase to a known noun: the data in ``configs/objects.yaml`` and how a phrase is matched to it."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

from sim.colours import COLOURS, SHADES
from skills.types import Form

_SIZES = {Form.SPHERE: 1, Form.CYLINDER: 2, Form.BOX: 3, Form.BOWL: 2, Form.BIN: 3}
_KEYS = frozenset({"form", "size", "mass", "colour", "soft", "wipes", "spill"})
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


class LexiconError(ValueError):
    """An entry of the object lexicon that cannot be used; the message names the noun and the key."""


@dataclass(frozen=True)
class Entry:
    """A known noun. ``size`` [m] as in the file; ``colour``: words, or None; ``wipes``: spills are wiped up with it;
    ``spill``: it is one, a patch on a surface."""

    noun: str
    form: Form
    size: tuple[float, ...]
    mass: float
    colour: str | None = None
    soft: bool = False
    wipes: bool = False
    spill: bool = False


def read_entry(noun: str, row: Any) -> Entry:
    """One typed entry from one row of YAML; raises LexiconError."""
    if not isinstance(row, Mapping):
        raise LexiconError(f"object {noun!r}: expected a mapping with {sorted(_KEYS)}, got {row!r}")
    unknown = set(row) - _KEYS
    if unknown:
        raise LexiconError(f"object {noun!r}: unknown key(s) {sorted(map(str, unknown))}; known: {sorted(_KEYS)}")
    try:
        form = Form(row["form"])
        size = tuple(float(x) for x in row["size"])
        mass = float(row["mass"])
    except (KeyError, ValueError, TypeError) as error:
        raise LexiconError(f"object {noun!r}: form, size and mass are needed ({error})") from error
    if len(size) != _SIZES[form] or min(size) <= 0 or mass <= 0:
        raise LexiconError(f"object {noun!r}: a {form.value} needs {_SIZES[form]} positive size(s) and a mass")
    colour = row.get("colour")
    if colour is not None and str(colour).split()[-1] not in COLOURS:
        raise LexiconError(f"object {noun!r}: unknown colour {colour!r}; known: {', '.join(COLOURS)}")
    return Entry(noun, form, size, mass, colour, *(bool(row.get(k, False)) for k in ("soft", "wipes", "spill")))


@functools.cache
def lexicon() -> Mapping[str, Entry]:
    """All known nouns (lower case, single spaces). Read once."""
    text = resources.files("configs").joinpath("objects.yaml").read_text(encoding="utf-8")
    return {noun: read_entry(noun, row) for noun, row in yaml.safe_load(text).items()}


def words_of(phrase: str) -> tuple[str, ...]:
    """The words of a phrase in lower case, without articles."""
    words = tuple(w.lower() for w in _WORD.findall(phrase))
    kept = tuple(w for w in words if w not in ("the", "a", "an", "some", "my", "your"))
    return kept or words


def singulars(word: str) -> tuple[str, ...]:
    """Readings of a word, the word itself first: "knives" -> ("knives", "knive", "knif", "knife")."""
    found = [word]
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        found.append(word[:-1])
        if word.endswith("ies"):
            found.append(word[:-3] + "y")
        elif word.endswith("ves"):
            found += [word[:-3] + "f", word[:-3] + "fe"]
        elif word.endswith("es"):
            found.append(word[:-2])
    return tuple(found)


@dataclass(frozen=True)
class Match:
    """What was recognised. ``rest``: the words that say which one of its kind it is."""

    entry: Entry
    rest: tuple[str, ...]


def _ending_at(words: tuple[str, ...], end: int, nouns: Mapping[str, Entry]) -> tuple[Entry, int] | None:
    """The longest known noun that ends right before ``end``, and where it starts."""
    for start in range(max(0, end - 3), end):
        for last in singulars(words[end - 1]):
            entry = nouns.get(" ".join((*words[start : end - 1], last)))
            if entry is not None:
                return entry, start
    return None


def match(phrase: str) -> Match | None:
    """The head noun of ``phrase``: before "of", "with", "in" ... if there is one, and as far right as possible.

    A word that is also a colour ("orange", "lime") counts as a noun only as the last word of its part.
    """
    nouns = lexicon()
    words = words_of(phrase)
    cut = next((i for i, w in enumerate(words) if i and w in ("of", "with", "for", "from", "that", "in", "on")), None)
    heads = [words] if cut is None else [words[:cut], words[cut + 1 :]]
    for n, part in enumerate(heads):
        for end in range(len(part), 0, -1):
            word = part[end - 1]
            if end < len(part) and (word in COLOURS or word in SHADES):
                continue
            found = _ending_at(part, end, nouns)
            if found is not None:
                entry, start = found
                others = tuple(w for m, h in enumerate(heads) if m != n for w in h)
                return Match(entry, part[:start] + part[end:] + others)
    return None


def hint(words: tuple[str, ...]) -> Entry | None:
    """A known noun among describing words ("pepsi" in "pepsi can"), to lend its colour."""
    for end in range(len(words), 0, -1):
        found = _ending_at(words, end, lexicon())
        if found is not None and found[0].colour is not None:
            return found[0]
    return None
