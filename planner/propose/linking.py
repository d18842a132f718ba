"""What belongs to what in a reading: the destination of each thing, pairs of one colour."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from planner.propose import vocabulary as v
from planner.propose.clauses import Clause, clause_of
from planner.propose.cues import Cues
from planner.propose.mention import Mention, Role
from planner.propose.spelling import Token, colours_of


def links_of(mentions: Sequence[Mention], cues: Cues) -> dict[int, tuple[int, ...]]:
    """Which target each mover goes to: the next one said, else the one before ("into the crate go the tools")."""
    line = [
        i for i, m in enumerate(mentions) if m.names and not m.excluded and m.role in (Role.MOVER, Role.TARGET)
    ]  # fmt: skip
    movers = [i for i in line if mentions[i].role is Role.MOVER]
    targets = [i for i in line if mentions[i].role is Role.TARGET and not mentions[i].visit]
    links: dict[int, tuple[int, ...]] = {}
    if not targets or (cues.tower and cues.order):
        return links
    if cues.zipped and len(movers) == len(targets):
        return {m: (t,) for m, t in zip(movers, targets, strict=True)}
    inverted = line[0] in targets and line[-1] in movers
    for i in movers:
        after = [t for t in targets if t > i]
        before = [t for t in targets if t < i]
        chosen = before[-1:] if inverted and before else after[:1] or before[-1:]
        links[i] = tuple(chosen)
    for a, b in itertools.pairwise(line):  # "a on b in the corner": b is where a goes, and goes itself
        if a in targets and b in targets and not inverted:
            links[a] = (b,)
    return links


def matched(mentions: list[Mention], cues: Cues) -> list[Mention]:
    """ "the bowl of the same colour": the one that has the colour of the one thing that is moved."""
    if not cues.matching:
        return mentions
    movers = [m for m in mentions if m.role is Role.MOVER and not m.excluded and m.names]
    if len(movers) != 1 or len(movers[0].names) != 1:
        return mentions
    colours = colours_of(movers[0].names[0])
    out = []
    for m in mentions:
        fits = tuple(n for n in m.names if colours and colours_of(n) == colours)
        narrow = m.role is Role.TARGET and len(m.names) > 1 and fits
        out.append(replace(m, names=fits, told=len(fits) == 1) if narrow else m)
    return out


TAKEN = v.words("pick grab grasp lift hold seize clutch")


def taken_alone(
    toks: Sequence[Token], mentions: Sequence[Mention], found: Sequence[Clause], links: dict[int, tuple[int, ...]]
) -> dict[int, tuple[int, ...]]:
    """The links without those of a thing that is only to be taken in hand ("... on the shelf. Then grasp the cup"): a
    verb of taking, nowhere to go in its clause or behind it."""
    out = dict(links)
    for i, targets in links.items():
        m = mentions[i]
        clause = clause_of(found, m.span[0])
        taken = clause.verb >= 0 and toks[clause.verb].text in TAKEN and clause.start < m.span[0]
        later = any(mentions[t].span[0] > clause.verb for t in targets)
        if taken and not later and any(x.role is Role.MOVER and x.span[0] < clause.start for x in mentions):
            out[i] = ()
    return out


def put_there(
    toks: Sequence[Token], mentions: Sequence[Mention], links: dict[int, tuple[int, ...]]
) -> dict[int, tuple[int, ...]]:
    """The links, with "the crate *there*" to the last place that was said before."""
    out = dict(links)
    for i in links:
        end = mentions[i].span[1]
        there = end < len(toks) and not toks[end - 1].ends_clause and toks[end].text == "there"
        before = [k for k in range(i) if mentions[k].role is Role.TARGET and mentions[k].names]
        if there and before:
            out[i] = (before[-1],)
    return out


def not_back(mentions: Sequence[Mention], links: dict[int, tuple[int, ...]]) -> dict[int, tuple[int, ...]]:
    """The links without those of a thing to what it is taken out of: "take the apple out of the bowl and put the pear
    in the bowl" does not put the apple there."""
    out = dict(links)
    for i, targets in links.items():
        behind = itertools.takewhile(lambda m: m.role is not Role.MOVER, mentions[i + 1 :])
        left = {n for m in behind if m.role is Role.SOURCE for n in m.names}
        out[i] = tuple(t for t in targets if not left & set(mentions[t].names))
    return out


def respectively(toks: Sequence[Token], mentions: list[Mention]) -> list[Mention]:
    """ "the fork and the cup in the drawer and the sink respectively": what is joined to the first place is a place."""
    if "respectively" not in {t.text for t in toks}:
        return mentions
    first = next((i for i, m in enumerate(mentions) if m.role is Role.TARGET and m.names), -1)
    if first < 0:
        return mentions
    before = mentions[first].before
    return [
        replace(m, role=Role.TARGET, before=before) if i > first and m.role is Role.MOVER and not m.before else m
        for i, m in enumerate(mentions)
    ]
