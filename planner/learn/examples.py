"""The stream of examples: endless, without repeats, the same bytes for the same seed.

knowledge = load_knowledge()
for example in stream(knowledge, "train", seed=1):
    shared, questions = answers(example)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from planner.learn.draft import finish
from planner.learn.draw import Draw
from planner.learn.example import Answer, Example, Tags, answers
from planner.learn.families import families
from planner.learn.families.registry import Family
from planner.learn.knowledge import Knowledge, load_knowledge
from planner.learn.splits import LONGEST, SPLITS, TRAIN, View, view_of
from planner.learn.tones import PLAIN, TONES

Toned = dict[str, Example]
PATIENCE = 5000  # draws in a row that give nothing new before the stream gives up

__all__ = ["Answer", "Example", "SPLITS", "answers", "load_knowledge", "stream"]


def stream(
    knowledge: Knowledge, split: str = TRAIN, seed: int = 0, families: Sequence[str] | None = None, skip: int = 0
) -> Iterator[Example]:
    """Examples of a split, for ever. ``families``: only these; ``skip``: leave out so many at the beginning (made all
    the same, so that what follows is exactly what would have followed).

    Raises ValueError for an unknown split or family, naming the choices, and when hardly anything new can be made.
    """
    view = view_of(knowledge, split)
    chosen = _chosen(view, families)
    weights = np.cumsum([f.weight for f in chosen])
    seen: set[bytes] = set()
    index = made = failed = 0
    while True:
        rng = np.random.default_rng([SPLITS.index(split), seed, index])
        family = chosen[int(np.searchsorted(weights, rng.random() * weights[-1], side="right"))]
        example = _made(view, rng, family, Tags(family.name, split=split, seed=seed, index=index))
        index += 1
        if example is None or example.key in seen:
            failed += 1
            if failed > PATIENCE:
                names = ", ".join(f.name for f in chosen)
                raise ValueError(f"no new example of split {split!r} in {PATIENCE} draws; families: {names}")
            continue
        failed = 0
        seen.add(example.key)
        made += 1
        if made > skip:
            yield example


def in_tones(
    knowledge: Knowledge, split: str, seed: int, families: Sequence[str] | None = None, skip: int = 0
) -> Iterator[Toned]:
    """The same requests in every tone (`planner.learn.tones`), for ever, without repeats of the plain ones."""
    view = view_of(knowledge, split)
    chosen = _chosen(view, families)
    weights = np.cumsum([f.weight for f in chosen])
    seen: set[bytes] = set()
    made = index = 0
    while True:
        found: Toned = {}
        for tone in TONES:
            rng = np.random.default_rng([SPLITS.index(split), seed, index])
            family = chosen[int(np.searchsorted(weights, rng.random() * weights[-1], side="right"))]
            own = (SPLITS.index(split), seed, index, 1 + TONES.index(tone))
            tags = Tags(family.name, split=split, seed=seed, index=index)
            example = _made(view, rng, family, tags, tone, own)
            if example is None:
                break
            found[tone] = example
        index += 1
        if len(found) < len(TONES) or found[PLAIN].key in seen:
            continue
        if len({e.setting.request for e in found.values()}) < len(TONES):
            continue  # a slip that hit nothing
        seen.add(found[PLAIN].key)
        made += 1
        if made > skip:
            yield found


def _chosen(view: View, names: Sequence[str] | None) -> tuple[Family, ...]:
    known = families()
    for name in names or ():
        if name not in known:
            raise ValueError(f"no family {name!r}; families: {', '.join(known)}")
    found = [known[n] for n in names] if names is not None else list(known.values())
    if view.new_categories:
        found = [f for f in found if f.category]
    if not found:
        raise ValueError(f"no family of requests for split {view.split!r}")
    return tuple(found)


def _made(
    view: View, rng: np.random.Generator, family: Family, tags: Tags, tone: str = "", own: tuple[int, ...] = ()
) -> Example | None:
    """One example that belongs to the split, or None."""
    draw = Draw(view, rng, tone, own)
    draft = family.make(draw)
    example = finish(draw, draft, tags) if draft is not None else None
    if example is None or (example.tags.length > LONGEST) != (view.split == "long"):
        return None
    if draw.odd:
        return None
    if view.new_wording and not draw.fresh:
        return None
    if view.new_categories and not example.tags.categories:
        return None
    return example
