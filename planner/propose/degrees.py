"""Comparatives and superlatives among things whose names say how they are: "the biggest cube", "the fuller one".

A name carries its place on a scale in a word of its own ("tiny", "big", "half empty"); a name without one stands in the
middle. Where one of several things of a sort comes out on top, its name is said instead. Used by
`planner.propose.wording`; where things lie is measured by `planner.propose.spatial`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from planner.propose import vocabulary as v
from planner.propose.spelling import head, singular

Scale = dict[str, int]


def _scale(*steps: str) -> Scale:
    """Words from the low to the high end, the middle step is 0."""
    low = len(steps) // 2
    return {w: i - low for i, words in enumerate(steps) for w in words.split()}


SIZE = _scale("tiny mini miniature", "small little", "medium mid", "big large", "huge giant jumbo")
HEIGHT = _scale("short low", "", "tall high")
LENGTH = _scale("short", "", "long")
WEIGHT = _scale("light", "", "heavy")
WIDTH = _scale("thin narrow slim", "", "thick wide fat")
FILL = _scale("empty", "half", "full")
AGE = _scale("new fresh", "", "old stale")
HEAT = _scale("ice frozen", "cold cool iced", "", "warm lukewarm", "hot")
WEAR = _scale("dirty", "", "clean")
# the word, its scales, and which end of them it asks for
DEGREES: dict[str, tuple[tuple[Scale, ...], int]] = {
    "big": ((SIZE,), 1), "large": ((SIZE,), 1), "small": ((SIZE,), -1), "tiny": ((SIZE,), -1), "little": ((SIZE,), -1),
    "tall": ((HEIGHT, SIZE), 1), "high": ((HEIGHT,), 1), "low": ((HEIGHT,), -1), "long": ((LENGTH,), 1),
    "short": ((LENGTH, HEIGHT, SIZE), -1), "heavy": ((WEIGHT,), 1), "light": ((WEIGHT,), -1),
    "thick": ((WIDTH,), 1), "wide": ((WIDTH,), 1), "thin": ((WIDTH,), -1), "narrow": ((WIDTH,), -1),
    "full": ((FILL,), 1), "empty": ((FILL,), -1), "old": ((AGE,), 1), "new": ((AGE,), -1), "fresh": ((AGE,), -1),
    "hot": ((HEAT,), 1), "warm": ((HEAT,), 1), "cold": ((HEAT,), -1), "cool": ((HEAT,), -1),
    "clean": ((WEAR,), 1), "dirty": ((WEAR,), -1),
}  # fmt: skip
_SAID = re.compile(
    r"\bthe (?:(?P<nth>second|third|2nd|3rd)[ -])?(?P<word>[a-z]+?(?:er|est))\b"
    r"(?: (?:of|among) (?:the|these|those|my|our)(?: two| three| four)? (?P<of>[\w'-]+)| (?P<noun>[\w'-]+))?",
    re.IGNORECASE,
)
_AFTER = v.words(
    "in into inside on onto at to and or goes go belongs belong should must is are please needs has with from of next"
    " for"
)


def degree_of(word: str) -> str:
    """The adjective of which the word is a comparative or superlative ("bigger": big); "" for any other word."""
    word = word.lower()
    for tail in ("est", "er"):
        stem = word.removesuffix(tail)
        if stem == word or len(stem) < 2:
            continue
        undoubled = stem[:-1] if stem[-1:] == stem[-2:-1] else stem
        back = f"{stem[:-1]}y" if stem.endswith("i") else stem
        found = next((w for w in (stem, f"{stem}e", undoubled, back) if w in DEGREES), "")
        if found:
            return found
    return ""


def compared_by_name(text: str, names: Sequence[str]) -> str:
    """The text with such phrases replaced by the one name that they mean; others stay as they are."""
    called = {w for n in names for w in n.lower().split()}

    def meant(m: re.Match[str]) -> str:
        word = m["word"].lower()
        base = degree_of(word)
        if not base or word in called:
            return m[0]
        said = (m["of"] or m["noun"] or "").lower()
        bare = not said or said in _AFTER
        noun = "" if bare or said in ("one", "ones") else singular(said)
        rank = {"second": 2, "2nd": 2, "third": 3, "3rd": 3}.get((m["nth"] or "").lower(), 1)
        name = _extreme(base, noun, names, text[: m.start()].lower(), rank)
        kept = f" {m['noun']}" if bare and m["noun"] else ""
        return f"the {name}{kept}" if name else m[0]

    return _SAID.sub(meant, text)


def _extreme(base: str, noun: str, names: Sequence[str], before: str, rank: int = 1) -> str:
    """The one thing of the sort that is farthest along, or the second, the third; of what was spoken of last where no
    noun is said."""
    sorts: dict[str, list[str]] = {}
    for n in names:
        sorts.setdefault(singular(head(n)), []).append(n)
    scales, way = DEGREES[base]
    rows = [noun] if noun else sorted(sorts, key=lambda s: before.rfind(s), reverse=True)
    for sort in rows:
        for scale in scales:
            known = [(w, n) for n in sorts.get(sort, ()) if (w := _on(scale, n)) is not None]
            if not known or len(sorts[sort]) < 2:
                continue
            places = sorted(((_on(scale, n) or 0) * way, n) for n in sorts[sort])
            marks = [p for p, _ in places]
            if len(places) >= rank and marks.count(marks[-rank]) == 1:
                return places[-rank][1]
    return ""


def _on(scale: Scale, name: str) -> int | None:
    """Where the name stands on the scale; None where no word of it says so."""
    found = [scale[w] for w in name.lower().split()[:-1] if w in scale]
    return max(found, key=abs) if found and 0 not in found else (0 if found else None)


def opposed(said: Sequence[str], name: str) -> bool:
    """Whether a word of the name says the contrary of what was said ("clean forks": not the dirty fork)."""
    for word in said:
        scales, way = DEGREES.get(word, ((), 0))
        if word not in name.lower().split() and any((_on(scale, name) or 0) * way < 0 for scale in scales):
            return True
    return False
