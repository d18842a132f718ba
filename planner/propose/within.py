"""Sorts of things told by where they are: "all the snacks on the table"; and whether where to go is said later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.propose import vocabulary as v
from planner.propose.clauses import Clause, clause_of
from planner.propose.implied import leads_away
from planner.propose.lying import related
from planner.propose.mention import Mention, Role
from planner.propose.spelling import Token
from skills.state import State

MOTION = frozenset({"to", "into", "onto", "towards", "toward"})  # say where to, never where something lies


def kinds_there(toks: Sequence[Token], mentions: list[Mention], found: Sequence[Clause], state: State) -> list[Mention]:
    """ "all the snacks on the table": the place tells which, when the sentence has another destination or none."""
    out = list(mentions)
    for i, m in enumerate(mentions[:-1]):
        place = mentions[i + 1]
        gap = {t.text for t in toks[m.span[1] : place.start]}
        if not m.kind or m.names or not place.names or not gap <= v.RELATIVES | v.BEING:
            continue
        if place.role not in (Role.TARGET, Role.SOURCE) or any(
            t.ends_clause for t in toks[m.span[1] - 1 : place.start]
        ):
            continue
        clause = clause_of(found, m.span[0])
        verb = toks[clause.verb].text if clause.verb >= 0 else ""
        there = any(related(n, o, state) for n in state.of_type("movable") for o in place.names)
        away = leads_away([t.text for t in toks[clause.start : clause.end]], verb, state) and place.before not in MOTION
        away = away or goes_on(toks, mentions, i + 1)
        picked = verb in v.PICK_VERBS - {"get"} or clause.verb > place.span[0]
        if there and (gap or away or picked or place.role is Role.SOURCE):
            out[i] = replace(m, within=place.names)
            if place.role is Role.TARGET:
                out[i + 1] = replace(place, role=Role.DETAIL)
    return out


def goes_on(toks: Sequence[Token], mentions: Sequence[Mention], k: int) -> bool:
    """Whether another destination follows for the same thing, before something else is to be moved."""
    for x in mentions[k + 1 :]:
        if any(t.ends_sentence for t in toks[mentions[k].span[1] - 1 : x.start]):
            return False
        if x.role is Role.TARGET and not x.excluded:
            return True
        if x.role is Role.MOVER and not x.excluded and not x.pronoun:
            return False
    return False
