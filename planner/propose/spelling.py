"""Words as such: splitting, singulars, typing slips. Nothing here knows what a word means."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from planner.propose import vocabulary as v

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*", re.UNICODE)
_CLAUSE_END = re.compile(r"[,;.:!?]")
_SENTENCE_END = re.compile(r"[;.:!?]")
_HYPHEN = re.compile(r"^[-‐‑]$")


@dataclass(frozen=True)
class Token:
    """A lower-case word; ``ends_clause``: punctuation follows, ``ends_sentence``: more than a comma.
    ``joined``: a hyphen and the next word follow."""

    text: str
    ends_clause: bool
    ends_sentence: bool = False
    joined: bool = False


def tokens_of(text: str) -> list[Token]:
    """Words in order; any script; punctuation only marks clause ends, hyphens separate words."""
    found = list(_TOKEN.finditer(text))
    out = []
    for i, match in enumerate(found):
        gap = text[match.end() : found[i + 1].start() if i + 1 < len(found) else len(text)]
        word = match.group().lower().replace("’", "'")
        dash = bool(re.search(r"\s[-–—]\s|—", gap))
        out.append(
            Token(
                word, dash or bool(_CLAUSE_END.search(gap)), dash or bool(_SENTENCE_END.search(gap)),
                bool(_HYPHEN.match(gap)),
            )
        )  # fmt: skip
    return out


_TO_IE = v.words(
    "cookie brownie pie tie smoothie hoodie veggie beanie selfie movie birdie calorie onesie necktie bowtie potpie "
    "talkie doggie foodie goodie plushie bootie pixie undie budgie sweetie freebie barbie goalie rookie"
)
_TO_OE = v.words("shoe toe hoe canoe oboe horseshoe snowshoe overshoe tiptoe")
_TO_FE = v.words("knife wife life penknife jackknife housewife")
_TO_F = v.words("leaf loaf half shelf scarf calf wolf hoof elf self thief sheaf bookshelf dwarf")
_IRREGULAR = {
    "mice": "mouse", "feet": "foot", "teeth": "tooth", "geese": "goose", "children": "child", "men": "man",
    "women": "woman", "dice": "die", "gentlemen": "gentleman", "buses": "bus", "lenses": "lens", "oxen": "ox",
}  # fmt: skip


def singular(word: str) -> str:
    """A rough English singular: enough to see that "boxes" and "box", "knives" and "knife" are one word."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("s") and word[:-1] in _TO_IE | _TO_OE:
        return word[:-1]
    if len(word) > 3 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith(("ches", "shes", "xes", "sses", "oes")):
        return word[:-2]
    if len(word) > 4 and word.endswith("ves"):
        stem = word[:-3]
        return f"{stem}fe" if f"{stem}fe" in _TO_FE else f"{stem}f" if f"{stem}f" in _TO_F else word[:-1]
    if len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def plural(word: str) -> bool:
    """Whether the word speaks of several."""
    return singular(word) != word or word in ("everything", "stuff", "contents")


def edit_distance(a: str, b: str, limit: int) -> int:
    """Optimal string alignment distance (insert, delete, replace, swap), cut off above ``limit``."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, ca in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, cb in enumerate(b, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (ca != cb))
            if i > 1 and j > 1 and ca == b[j - 2] and a[i - 2] == cb:
                best = min(best, older[j - 2] + 1)
            row.append(best)
        if min(row) > limit:
            return limit + 1
    return row[-1]


def colour_of(word: str) -> str:
    """A colour word in its usual spelling ("gray": grey, "greenish": green); "" for any other word."""
    word = v.COLOUR_ALIASES.get(word, word)
    if word in v.COLOURS:
        return word
    for tail in ("ish", "s"):
        stem = word.removesuffix(tail)
        if stem != word and len(stem) > 2:
            for known in (stem, stem[:-1] if stem[-1] == stem[-2] else stem, stem + "e"):
                if known in v.COLOURS:
                    return v.COLOUR_ALIASES.get(known, known)
    return ""


def colours_of(name: str) -> frozenset[str]:
    """The colour words in a name."""
    return frozenset(c for c in (colour_of(t.text) for t in tokens_of(name)) if c)


def same_word(said: str, meant: str, known: frozenset[str]) -> bool:
    """Equal up to number, colour spelling and (for unknown words of 4 letters or more) a typing slip."""
    if said == meant or singular(said) == singular(meant):
        return True
    colour = colour_of(said)
    if colour and colour == colour_of(meant):
        return True
    # a word that exists is not a slip: function words, colours, other words of the scene
    if said in known or singular(said) in known or len(meant) < 3 or len(said) < 3 or said[0] != meant[0]:
        return False
    limit = 1 if len(meant) <= 6 else 2
    return edit_distance(singular(said), singular(meant), limit) <= limit


def known_words(names: Iterable[str]) -> frozenset[str]:
    """Words that are no typing slips: those of the scene and of the closed classes."""
    words = {t.text for n in names for t in tokens_of(n)}
    return frozenset(words | {singular(w) for w in words} | v.KNOWN)


def head(name: str) -> str:
    """The last word of a name that is no number ("lemon 2": lemon); "" without any."""
    words = [t.text for t in tokens_of(name)]
    return next((w for w in reversed(words) if not w.isdigit()), words[-1] if words else "")
