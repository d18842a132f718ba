"""Words that ask for an arrangement of several things: a tower and its order, pairs by colour, swapping."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from planner.propose import vocabulary as v
from planner.propose.clauses import Clause, clause_of, is_verb
from planner.propose.mention import Mention, Role
from planner.propose.spelling import Token

APART = frozenset({"unstack", "dismantle", "separate", "disassemble", "unpile"})
SWAP = frozenset({"swap", "exchange", "switch", "trade", "swapping"})
REVERSE = frozenset({"reverse", "invert"})
THEN = frozenset({"then", "next", "followed", "by", "finally", "afterwards", "after", "and", "lastly"})


@dataclass(frozen=True)
class Cues:
    """``order``: for a thing's mention (index): "low", "middle" or "high". ``piles``: how many towers, 0: not said.
    ``apart``: take a tower down; ``matching``: by colour, ``mismatching``: never by colour. ``rainbow``: by
    hue, "up" or "down" from red. ``together``: mentions of what is to stand next to each other."""

    tower: bool = False
    matching: bool = False
    mismatching: bool = False
    apart: bool = False
    swap: bool = False
    reverse: bool = False
    distribute: bool = False
    zipped: bool = False
    piles: int = 0
    order: dict[int, str] = field(default_factory=dict)
    rainbow: str = ""
    together: tuple[int, ...] = ()


def cues_of(
    toks: Sequence[Token],
    mentions: Sequence[Mention],
    found: Sequence[Clause],
    containers: Collection[str] = frozenset(),
) -> Cues:
    """Read them all; what is heaped up in one of the ``containers`` makes no tower."""
    words = [t.text for t in toks]
    joined = " " + " ".join(words) + " "
    inside = {i for m in mentions for i in range(*m.span)}
    stands = any(m.pile for m in mentions)
    added = any(m.pile and m.role is Role.TARGET for m in mentions)
    free = [w if i not in inside else "" for i, w in enumerate(words)]
    top_of_each = " each other " in joined or " one another " in joined
    tower = any(w in v.PILE_NOUNS for w in free) or any(
        w in v.PILE_VERBS and is_verb(toks, i) for i, w in enumerate(words) if i not in inside
    )
    inner = [m for m in mentions if m.role is Role.TARGET and m.names and set(m.names) <= set(containers)]
    heaped = any(m.before in ("in", "into", "inside") for m in inner) and not set(free) & v.PILE_NOUNS - v.PILE_VERBS
    tower = (tower and not heaped) or added or (" on top of " in joined and top_of_each)
    match, mismatch = _matching(toks, free, found)
    reverse = bool(REVERSE & set(free)) or " upside down " in joined or (" flip " in joined and (tower or stands))
    down = (" apart ", " take down ", " by itself ", " by themselves ", " spread ", " scatter ", " separately ")
    abreast = " side by side " in joined
    apart = bool(APART & set(free)) or (abreast and (tower or stands))
    apart = apart or ((tower or stands) and any(x in joined for x in down))
    each_target = any(m.each and m.role is Role.TARGET for m in mentions)
    order = _order(toks, mentions, found, inside) if tower or top_of_each else {}
    return Cues(
        tower=tower,
        matching=match,
        mismatching=mismatch,
        apart=apart,
        swap=bool(SWAP & set(free)) or " places of " in joined or " change places " in joined,
        reverse=reverse,
        distribute=each_target or (" own " in joined and not match),
        zipped="respectively" in free,
        piles=_piles(words),
        order=order,
        rainbow=_rainbow(joined, order, mentions) if tower else "",
        together=_together(toks, mentions, found) if (top_of_each or abreast) and not tower and not stands else (),
    )


def _together(toks: Sequence[Token], mentions: Sequence[Mention], found: Sequence[Clause]) -> tuple[int, ...]:
    """What is said to go "next to each other": the things moved that were named last before, joined by "and"."""
    words = [t.text for t in toks]
    pairs = list(enumerate(itertools.pairwise(words)))
    start = next((i for i, pair in pairs if pair in (("each", "other"), ("one", "another"), ("side", "by"))), 0)
    near = set(words[max(start - 2, 0) : start + 1]) & {
        "next",
        "beside",
        "near",
        "close",
        "alongside",
        "adjacent",
        "side",
    }
    if not near or clause_of(found, start).negated:
        return ()
    movers: list[int] = []
    for i in reversed([i for i, m in enumerate(mentions) if m.span[1] <= start]):
        m = mentions[i]
        ended = any(t.ends_sentence for t in toks[m.span[1] - 1 : start])
        if m.role is not Role.MOVER or m.excluded or ended or not (m.names or m.kind):
            break
        movers.insert(0, i)
        if m.group:
            break
    return tuple(movers)


def _matching(toks: Sequence[Token], words: Sequence[str], found: Sequence[Clause]) -> tuple[bool, bool]:
    """(each to its own colour, none to its own colour)."""
    match = mismatch = False
    for i, w in enumerate(words):
        following = words[i + 1 : i + 3]
        hit = w in ("matching", "match", "matches", "matched", "corresponding", "corresponds", "respective")
        hit = hit or (w in ("same", "own", "its", "their", "by") and any(x.startswith("colo") for x in following))
        if not hit:
            continue
        clause = clause_of(found, i)
        lead = [t.text for t in toks[clause.start : i]]
        if clause.negated or {"no", "not", "never", "none", "non", "wrong", "isn't", "don't"} & set(lead):
            mismatch = True
        else:
            match = True
    mismatch = mismatch or any(
        w in ("different", "wrong", "another") and any(x.startswith("colo") for x in words[i + 1 : i + 3])
        for i, w in enumerate(words)
    )
    return match and not mismatch, mismatch


def _rainbow(joined: str, order: dict[int, str], mentions: Sequence[Mention]) -> str:
    """ "In rainbow order", "in the colours of the rainbow": from red up, or down where red is to be on top or violet at
    the bottom."""
    if " rainbow " not in joined:
        return ""
    red = {rank for k, rank in order.items() if any("red" in n.lower().split() for n in mentions[k].names)}
    cool = {rank for k, rank in order.items() if any({"purple", "violet"} & set(n.split()) for n in mentions[k].names)}
    return "down" if "high" in red or "low" in cool else "up"


def _piles(words: Sequence[str]) -> int:
    for i, w in enumerate(words[:-1]):
        if w in v.NUMBERS and words[i + 1] in v.PILE_NOUNS and v.NUMBERS[w] > 1:
            return v.NUMBERS[w]
    return 0


def _order(
    toks: Sequence[Token], mentions: Sequence[Mention], found: Sequence[Clause], inside: set[int]
) -> dict[int, str]:
    """Which mention is to be where in the tower: the nearest one in the clause, preferably before the word."""
    out: dict[int, str] = {}
    words = [t.text for t in toks]
    start = next((i for i, w in enumerate(words) if w in ("order", "sequence") and i not in inside), -1)
    if start >= 0 and sum(m.span[0] > start and m.one and bool(m.names) for m in mentions) >= 2:
        tail = words[start:]
        downwards = bool({"top", "topmost"} & set(tail)) and bool(
            {"from", "beginning", "starting", "start"} & set(tail)
        )
        downwards = downwards and not {"bottom", "base"} & set(tail[: tail.index("top") if "top" in tail else 0])
        after = [i for i, m in enumerate(mentions) if m.span[0] > start and m.one and m.names and not m.place]
        return {k: str(n) for n, k in enumerate(reversed(after) if downwards else after)}
    listed = [i for i, m in enumerate(mentions) if m.role is not Role.DETAIL and not m.place and m.names]
    for i, t in enumerate(toks):
        word = t.text
        rank = "low" if word in v.LOWEST else "high" if word in v.HIGHEST | {"last"} else ""
        rank = rank or ("low" if word in v.UNDER else "high" if word == "above" else "")
        rank = rank or ("middle" if word in v.BETWEEN or word in ("centre", "center") else "")
        following = toks[i + 1].text if i + 1 < len(toks) and not t.ends_clause else ""
        if not rank or i in inside or following == "of":
            continue
        if following in ("to", "up", "upwards") and any(x.text in v.HIGHEST for x in toks[i + 1 : i + 4]):
            return _listed(mentions, listed, i, upwards=True)
        if following in ("to", "down", "downwards") and any(x.text in v.LOWEST for x in toks[i + 1 : i + 4]):
            return _listed(mentions, listed, i, upwards=False)
        clause = clause_of(found, i)
        here = [k for k in listed if clause.start <= mentions[k].span[0] < clause.end and k not in out]
        before = [k for k in here if mentions[k].span[1] <= i]
        chosen = before[-1:] or here[:1]
        if chosen and not (mentions[chosen[0]].group and len(mentions[chosen[0]].names) > 2):
            out[chosen[0]] = rank
    return out if len(out) != 1 else _following(toks, mentions, listed, out)


def _following(
    toks: Sequence[Token], mentions: Sequence[Mention], listed: Sequence[int], out: dict[int, str]
) -> dict[int, str]:
    """ "Red at the bottom, then yellow, then blue": those named behind the one whose place was said come next."""
    first, rank = next(iter(out.items()))
    if rank not in ("low", "high"):
        return out
    after = [k for k in listed if mentions[k].span[0] >= mentions[first].span[1] and mentions[k].one]
    joined = all(THEN & {t.text for t in toks[mentions[k].start - 2 : mentions[k].span[0]]} for k in after)
    if not after or not joined:
        return out
    line = [first, *after]
    return {k: str(n) for n, k in enumerate(line if rank == "low" else reversed(line))}


def _listed(mentions: Sequence[Mention], listed: Sequence[int], i: int, upwards: bool) -> dict[int, str]:
    """ "from bottom to top: a, b, c": the ranks are kept as "0", "1", ... in the order from the bottom."""
    named = [k for k in listed if mentions[k].one]
    after = [k for k in named if mentions[k].span[0] > i] or named  # or "a, b, c, from bottom to top"
    return {k: str(n) for n, k in enumerate(after if upwards else reversed(after))}
