"""Names made of other names: "canned peas", "toy pineapple", "bag of flour", "cola bottle", "graphic novel 2".

Nobody can write every name down. What a compound is follows from its parts: the last word tells the sort ("wool coat"
is a coat), some first words change it ("toy hammer" is a toy and no tool), and a vessel at either end tells how it
comes ("bag of flour", "cola can") while the rest tells what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from planner.propose import vocabulary as v
from planner.propose.spelling import singular, tokens_of

if TYPE_CHECKING:
    from planner.learn.knowledge import Entry

Find = Callable[[str], "Entry | None"]
VESSELS = v.words(
    "can tin bottle box bag jar carton pack packet package pouch tube tub cup case crate sack bar stick slice piece "
    "bunch pair roll sheet set bowl glass jug gallon pint stack container bucket bundle head loaf"
)
HEAVY = v.words("case crate sack gallon bucket")
IMITATED = {  # first word of what is not the thing itself: what it is
    "toy": "toy", "stuffed": "stuffed animal", "plush": "stuffed animal", "pretend": "toy", "doll": "toy",
    "fake": "decoration", "artificial": "decoration", "faux": "decoration", "ornamental": "decoration",
}  # fmt: skip
# first word: (kinds that the thing must have, one of them), kinds that it gains
ADDED: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "dried": (frozenset({"fruit"}), ("dried fruit",)),
    "frozen": (frozenset({"food"}), ("frozen food",)),
    "baby": (frozenset({"clothing", "food", "toiletry"}), ("baby item",)),
    "disposable": (frozenset(), ("disposable item",)),
    "winter": (frozenset({"clothing", "footwear"}), ("winter clothing",)),
    "ski": (frozenset({"clothing", "footwear"}), ("winter clothing", "snow gear")),
    "snow": (frozenset({"clothing", "footwear"}), ("winter clothing", "snow gear")),
    "formal": (frozenset({"clothing", "footwear"}), ("formal clothing",)),
    "casual": (frozenset({"clothing", "footwear"}), ("casual clothing",)),
}  # fmt: skip
COMES_IN = {"canned": "can", "tinned": "can", "bottled": "bottle"}  # "canned peas": a can of peas


def compound(name: str, find: Find, shared: Find | None = None) -> Entry | None:
    """What a name that is not written down means by its parts; None when no part is known.

    ``find``: what is written down of exactly these words; ``shared``: what is known of a whole kind ("chips").
    """
    words = [t.text for t in tokens_of(name)]
    while len(words) > 1 and words[-1].isdigit():
        words.pop()
    return _read(words, find, shared or find)


def _read(words: Sequence[str], find: Find, shared: Find) -> Entry | None:
    if not words:
        return None
    whole = find(" ".join(words)) or find(" ".join([*words[:-1], singular(words[-1])]))
    if whole is not None:
        return whole
    if words[0] in IMITATED and len(words) > 1:
        return _sort_of(IMITATED[words[0]], " ".join(words), find)
    for i, w in enumerate(words[:-1]):  # "large bag of flour"
        if words[i + 1] == "of" and singular(w) in VESSELS:
            return _within(singular(w), _content(words[i + 2 :], find, shared))
    if singular(words[-1]) in VESSELS and len(words) > 1:
        inner = _content(words[:-1], find, shared)
        if inner is not None and {"food", "drink"} & set(inner.kinds):
            return _within(singular(words[-1]), inner)
    rest = _read(words[1:], find, shared) if len(words) > 1 else None
    if rest is not None and words[0] in COMES_IN and {"food", "drink", "sauce"} & set(rest.kinds):
        return _within(COMES_IN[words[0]], rest)
    if rest is None or words[0] not in ADDED:
        return rest
    needed, gained = ADDED[words[0]]
    if needed and not needed & set(rest.kinds):
        return rest
    return _with(rest, gained)


def _content(words: Sequence[str], find: Find, shared: Find) -> Entry | None:
    """What is in a vessel may be known as a kind only ("chips bag", where several chips are written down)."""
    return _read(words, find, shared) or (shared(" ".join(words)) if words else None)


def _within(vessel: str, inner: Entry | None) -> Entry | None:
    """What comes in a vessel: the thing itself, of the vessel's sort as well."""
    if inner is None:
        return None
    kinds: list[str] = []
    if vessel in ("can", "tin", "bottle", "box", "bag", "jar", "carton"):
        kinds.append("can" if vessel == "tin" else vessel)
    if "drink" in inner.kinds and vessel in ("can", "tin"):
        kinds.append("canned drink")
    if "drink" in inner.kinds and vessel == "bottle":
        kinds.append("bottled drink")
    if "food" in inner.kinds and vessel in ("can", "tin"):
        kinds += ["canned food", "canned good"]
    properties = inner.properties
    if vessel in HEAVY:
        properties = ("heavy", *(p for p in properties if p not in ("light", "small")))
    return replace(_with(inner, kinds), properties=properties)


def _with(entry: Entry, kinds: Sequence[str]) -> Entry:
    return replace(entry, kinds=tuple(dict.fromkeys((*entry.kinds, *kinds))))


def _sort_of(kind: str, name: str, find: Find) -> Entry:
    """An entry for a thing of which only the sort is known."""
    from planner.learn.knowledge import Entry

    model = find("teddy bear") if kind == "stuffed animal" else None
    if model is not None:
        return replace(model, name=name, names=())
    return Entry(name, kinds=(kind,))
