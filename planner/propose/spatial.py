"""Where things lie tells which is meant: "the leftmost block", "the one closest to the bowl", "the last from the left".

Directions are those of the scene's own regions: left is where "left side" lies, seen from "right side". Distances are
between centres, on the table. The places themselves are read elsewhere; this only chooses among things that a phrase
fits, and what it uses of the sentence tells nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from planner.plan import Request
from planner.propose import vocabulary as v
from planner.propose.asking import direct
from planner.propose.degrees import degree_of
from planner.propose.lying import related
from planner.propose.measures import extreme, measures_of
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.spelling import Token, plural
from skills.state import State

Point = tuple[float, float]
MOST = {"leftmost": "left", "rightmost": "right", "topmost": "top", "uppermost": "top", "bottommost": "bottom"}
NEAR = frozenset({"closest", "nearest"})
FAR = frozenset({"farthest", "furthest"})
NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
SIDES = {"left": "left", "right": "right", "top": "top", "bottom": "bottom", "back": "top", "front": "bottom"}
BESIDE = {"above": "top", "below": "bottom", "behind": "top"}


@dataclass(frozen=True)
class Layout:
    """Where things lie. ``points``: centres [m], world frame; ``ways``: unit vectors of the directions that the scene
    knows; ``measures``: how big things are (`measures_of`)."""

    points: Mapping[str, Point]
    ways: Mapping[str, Point]
    measures: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def along(self, name: str, way: str) -> float:
        """How far in a direction a thing lies [m]."""
        (x, y), (a, b) = self.points[name], self.ways[way]
        return x * a + y * b

    def apart(self, one: str, other: str) -> float:
        """Distance between two things [m]."""
        return math.dist(self.points[one], self.points[other])


def layout_of(request: Request) -> Layout:
    """The layout that was observed; directions come from opposite regions ("left side", "right side")."""
    obs = request.observation
    points = {n: (o.pose_world.position[0], o.pose_world.position[1]) for n, o in obs.objects.items()}
    ways: dict[str, Point] = {}
    for a, b in (("left", "right"), ("top", "bottom")):
        ends = [
            next(
                (r for n, r in sorted(obs.regions.items()) if n.split()[:1] == [w] and n.split()[1:] == ["side"]), None
            )
            for w in (a, b)
        ]
        if ends[0] is None or ends[1] is None:
            continue
        (x0, y0), (x1, y1) = (((r.low[0] + r.high[0]) / 2, (r.low[1] + r.high[1]) / 2) for r in ends if r is not None)
        length = math.hypot(x0 - x1, y0 - y1)
        if length > 0:
            ways[a] = ((x0 - x1) / length, (y0 - y1) / length)
            ways[b] = (-ways[a][0], -ways[a][1])
    return Layout(points, ways, {n: measures_of(o) for n, o in obs.objects.items()})


def located(toks: Sequence[Token], mentions: Sequence[Mention], layout: Layout | None) -> list[Mention]:
    """The mentions narrowed by what is said of where the things lie."""
    out = list(mentions)
    if layout is None or not layout.points:
        return out
    for i in range(len(out)):
        m = out[i]
        if len(m.names) > 1 and not m.place and not m.pronoun and all(n in layout.points for n in m.names):
            _superlative(toks, out, i, layout)
            _measured(toks, out, i, layout)
            _nth(toks, out, i, layout)
            _nearest(toks, out, i, layout)
            _beside(toks, out, i, layout)
    return out


_ACROSS = {"left": "right", "right": "left", "top": "bottom", "bottom": "top", "front": "back", "back": "front"}


def across(toks: Sequence[Token], mentions: Sequence[Mention], state: State) -> list[Mention]:
    """ "to the opposite side", "to the other corner": the place that lies across from where the one thing is now."""
    out = list(mentions)
    movers = [m for m in mentions if m.role is Role.MOVER and not m.excluded and len(m.names) == 1]
    if len(movers) != 1:
        return out
    places = [a.args[1] for a in state.atoms if a.predicate == "at" and a.args[0] == movers[0].names[0]]
    turned = {" ".join(_ACROSS.get(w, w) for w in p.split()) for p in places} - set(places)
    for i, m in enumerate(out):
        near = {t.text for t in toks[max(0, m.span[0] - 3) : m.span[1] + 2]}
        found = [n for n in m.names if n in turned]
        if not found and m.place and len(m.names) == 2 and set(m.names) & set(places):  # "to the other counter"
            found = [n for n in m.names if n not in places]
        if (m.place or m.role is Role.TARGET) and len(found) == 1 and near & {"opposite", "other", "across"}:
            out[i] = replace(
                m, names=(found[0],), role=Role.TARGET, place=True, told=True, exact=True, quantity=Quantity.THE,
                other=False,
            )  # fmt: skip
    return out


def same_place(toks: Sequence[Token], mentions: Sequence[Mention], state: State) -> list[Mention]:
    """ "where the popcorn is", "the same place as the towel": what carries that thing now is the destination."""
    out = list(mentions)
    for i, m in enumerate(out):
        before = [t.text for t in toks[max(0, m.span[0] - 5) : m.span[0]]]
        while before and before[-1] in v.DETERMINERS:
            before.pop()
        after = toks[m.span[1]].text if m.span[1] < len(toks) else ""
        there = before[-1:] in (["where"], ["wherever"]) and after in v.BEING | {"lies", "stands", "sits"}
        there = there or (before[-1:] == ["as"] and before[-2:-1] in (["place"], ["spot"]) and "same" in before)
        there = there or (before[-1:] in (["toward"], ["towards"]) and m.role is not Role.MOVER)
        if i and before[-1:] == ["as"] and not m.place and len(m.names) == 1 and _same(toks, out, i, state):
            continue
        if not there or m.place or len(m.names) != 1:
            continue
        fact = direct(m.names[0], state)
        if fact is not None and len(fact.args) == 2:
            place = fact.args[1]
            is_place = place in state.of_type("place")
            out[i] = replace(
                m, names=(place,), place=is_place, role=Role.TARGET, told=True, exact=True, quantity=Quantity.THE,
                before="at" if is_place else "in",
            )  # fmt: skip
    return out


def _same(toks: Sequence[Token], out: list[Mention], i: int, state: State) -> bool:
    """ "in the same bowl as the dice": the one of these in which, or on which, that lies."""
    bowl, thing = out[i - 1], out[i]
    gap = [t.text for t in toks[bowl.span[1] : thing.span[0]]]
    lead = [t.text for t in toks[max(0, bowl.span[0] - 3) : bowl.span[0]]]
    if gap[:1] != ["as"] or set(gap[1:]) - v.DETERMINERS or lead[-1:] != ["same"] or bowl.place:
        return False
    names = tuple(n for n in bowl.names if any(related(t, n, state) for t in thing.names))
    if not names:
        return False
    before = next((w for w in reversed(lead) if w in v.PLACE_PREPOSITIONS), "in")
    out[i - 1] = replace(bowl, names=names, role=Role.TARGET, before=before, told=True, quantity=Quantity.THE)
    out[i] = replace(thing, role=Role.DETAIL)
    return True


def _choose(out: list[Mention], i: int, names: Sequence[str], span: tuple[int, int] | None = None) -> None:
    m = out[i]
    one = len(names) == 1
    quantity = Quantity.THE if one else m.quantity
    out[i] = replace(m, names=tuple(names), told=one or m.told, quantity=quantity, span=span or m.span, exact=False)


def _detail(out: list[Mention], first: int, last: int) -> None:
    """Mentions within the words only tell which thing is meant."""
    for k, x in enumerate(out):
        if first <= x.span[0] < last:
            out[k] = replace(x, role=Role.DETAIL)


def _superlative(toks: Sequence[Token], out: list[Mention], i: int, layout: Layout) -> None:
    """ "the leftmost block", "the block furthest to the left"."""
    m = out[i]
    start = m.span[0]
    before = toks[start - 1].text if start and not toks[start - 1].ends_clause else ""
    way = MOST.get(before, "")
    if way in layout.ways:
        _choose(out, i, [max(m.names, key=lambda n: layout.along(n, way))], (start - 1, m.span[1]))
        return
    text = _after(toks, m.span[1])
    if text[:1] and text[0] in FAR and text[1:3] in (["to", "the"], ["on", "the"]) and text[3:4]:
        way = SIDES.get(text[3], "")
        if way in layout.ways:
            _detail(out, m.span[1], m.span[1] + 4)
            _choose(out, i, [max(m.names, key=lambda n: layout.along(n, way))], (start, m.span[1]))


def _measured(toks: Sequence[Token], out: list[Mention], i: int, layout: Layout) -> None:
    """ "The biggest thing", "the heavier bottle": the one whose measure is farthest along."""
    m = out[i]
    start = m.span[0]
    if start and not toks[start - 1].ends_clause and not degree_of(toks[start].text):
        start -= 1
    found = extreme(toks[start].text, m.names, layout.measures) if m.quantity is not Quantity.ALL else ""
    if found:
        _choose(out, i, [found], (start, m.span[1]))


def _nth(toks: Sequence[Token], out: list[Mention], i: int, layout: Layout) -> None:
    """ "the second block from the left"."""
    m = out[i]
    text = _after(toks, m.span[1])
    before = [t.text for t in toks[max(0, m.span[0] - 2) : m.span[0]]]
    rank = next((NTH[w] for w in reversed(before) if w in NTH), 0)
    if not rank or text[:2] != ["from", "the"] or not text[2:3]:
        return
    way = SIDES.get(text[2], "")
    if way not in layout.ways:
        return
    row = sorted(m.names, key=lambda n: -layout.along(n, way))
    if rank <= len(row):
        _detail(out, m.span[1], m.span[1] + 4)
        _choose(out, i, [row[rank - 1] if rank > 0 else row[-1]])


def _nearest(toks: Sequence[Token], out: list[Mention], i: int, layout: Layout) -> None:
    """ "the block closest to the bowl", "the bowl farthest from it"."""
    m = out[i]
    words, skip = _described(toks, m.span[1])
    near = words[:2] and words[0] in NEAR and words[1] == "to"
    far = words[:1] and words[0] in FAR and "from" in words[1:3]
    if not near and not far:
        return
    k = next((k for k, x in enumerate(out) if 0 < x.span[0] - m.span[1] <= skip + 5 and k != i), -1)
    if k < 0 or len(out[k].names) != 1 or out[k].names[0] not in layout.points:
        return
    other = out[k].names[0]
    names = [n for n in m.names if n != other]
    pick = min if near else max
    if names:
        _choose(out, i, [pick(names, key=lambda n: layout.apart(n, other))])
        out[k] = replace(out[k], role=Role.DETAIL)


def _beside(toks: Sequence[Token], out: list[Mention], i: int, layout: Layout) -> None:
    """ "the block to the left of the bowl", where another destination follows."""
    m = out[i]
    words, skip = _described(toks, m.span[1])
    if words[:2] in (["to", "the"], ["on", "the"]) and words[3:4] == ["of"]:
        way = SIDES.get(words[2], "")
    elif words[:3] == ["in", "front", "of"]:
        way = "bottom"
    else:
        way = BESIDE.get(words[0], "") if words else ""
    k = next((k for k, x in enumerate(out) if 0 < x.span[0] - m.span[1] <= skip + 6 and x.role is Role.RELATION), -1)
    if k < 0 and way:
        k = next((k for k, x in enumerate(out) if 0 < x.span[0] - m.span[1] <= skip + 6 and not x.place), -1)
    if way not in layout.ways or k < 0 or len(out[k].names) != 1 or out[k].names[0] not in layout.points:
        return
    later = any(x.role is Role.TARGET and x.span[0] > out[k].span[0] for x in out)
    other = out[k].names[0]
    names = [n for n in m.names if n != other and layout.along(n, way) > layout.along(other, way)]
    if not later or not names:
        return
    several = plural(toks[m.span[1] - 1].text)
    _detail(out, m.span[1], out[k].span[1])
    out[k] = replace(out[k], role=Role.DETAIL)
    _choose(out, i, names if several else [min(names, key=lambda n: layout.apart(n, other))])


def _described(toks: Sequence[Token], end: int) -> tuple[list[str], int]:
    """The words behind a phrase without "that is", "which lies" ..., and how many those were."""
    text = _after(toks, end)
    skip = next((k for k, w in enumerate(text[:4]) if w not in v.RELATIVES | v.BEING | {"lies", "lying"}), 0)
    return text[skip:], skip


def _after(toks: Sequence[Token], end: int) -> list[str]:
    """Up to eight words behind a phrase, within its clause."""
    words: list[str] = []
    for j in range(end, min(len(toks), end + 8)):
        if j and toks[j - 1].ends_clause:
            break
        words.append(toks[j].text)
    return words
