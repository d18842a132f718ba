"""Roles that verbs and neighbours give to phrases: "empty the basket" means what is in it, a counter is not carried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.propose import vocabulary as v
from planner.propose.clauses import Clause, clause_of
from planner.propose.lying import related
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.restrict import MOTION
from planner.propose.spelling import Token
from skills.state import State

MOVING = frozenset({"put", "place", "move", "bring", "carry", "push", "lift", "set", "drop", "fetch", "grab", "stick"})
GOING = frozenset({"go", "drive", "come", "walk", "return", "head", "roll", "move", "travel"})
ASKING = frozenset({"is", "are", "should", "must", "please", "for", "want", "like", "need"})
CLEARING = frozenset({"clear", "remove", "take", "lift", "get"})


def one_place(toks: Sequence[Token], mentions: list[Mention]) -> list[Mention]:
    """ "the close counter table": a second noun right behind a place names no place of its own."""
    out: list[Mention] = []
    for m in mentions:
        before = out[-1] if out else None
        gap = [t.text for t in toks[before.span[1] : m.span[0]]] if before is not None else []
        joined = before is not None and gap in ([], ["of"], ["of", "the"]) and not toks[m.span[0] - 1].ends_clause
        if not (joined and m.place and before is not None and before.place and before.exact):
            out.append(m)
    return out


def moved_place(toks: Sequence[Token], mentions: Sequence[Mention], found: Sequence[Clause]) -> str:
    """A place that stands where the thing to be moved is said: "put the counter in the sink"."""
    for m in mentions:
        clause = clause_of(found, m.span[0])
        later = any(x.role is Role.TARGET and x.span[0] >= m.span[1] and x.span[0] < clause.end + 1 for x in mentions)
        direct = clause.verb >= 0 and not m.before and m.start == clause.verb + 1
        verb = toks[clause.verb].text if direct else ""
        moving = verb in MOVING and not clause.negated
        if m.place and m.role is Role.MOVER and moving and later and len(m.names) == 1:
            return m.names[0]
    return ""


def visited(toks: Sequence[Token], mentions: Sequence[Mention], found: Sequence[Clause], state: State) -> list[Mention]:
    """ "..., then go to the sink": when nothing is moved after it, that is where the robot is to be in the end.
    Going to where the next thing lies is only the way to it."""
    out = list(mentions)
    for i, m in enumerate(out):
        clause = clause_of(found, m.span[0])
        said = [t.text for t in toks[clause.start : m.start]]
        lead = next((w for w in said if w not in v.POLITE - {"go"} | v.CONJUNCTIONS), "")
        alone = not any(x is not m and clause.start <= x.span[0] < clause.end for x in out)
        later = any(x.span[0] > m.span[0] and x.role in (Role.MOVER, Role.TARGET) for x in out)
        before = any(x.role is Role.MOVER and x.names and x.span[0] < clause.start for x in out)
        if not m.place or m.role is not Role.TARGET or lead not in GOING or not alone:
            continue
        fetched = (x for x in out if x.span[0] > m.span[0] and x.role is Role.MOVER and not x.excluded)
        there = any(related(n, p, state) for x in fetched for n in x.names for p in m.names)
        if before and not later:
            out[i] = replace(m, visit=True)
        elif there and not before:
            out[i] = replace(m, role=Role.ASIDE)
    return out


def of_verbs(toks: Sequence[Token], mentions: list[Mention], found: Sequence[Clause], state: State) -> list[Mention]:
    """Verbs that turn roles round: "empty the basket" means what is in it, "fill the bowl with ..." where to."""
    out = list(mentions)
    emptied: list[Mention] = []
    for i, m in enumerate(out):
        clause = clause_of(found, m.span[0])
        verb = toks[clause.verb].text if 0 <= clause.verb < m.span[0] else ""
        here = [k for k, x in enumerate(out) if clause.start <= x.span[0] < clause.end]
        first = here[:1] == [i] and m.role is Role.MOVER and not m.place
        rest = [out[k] for k in here if out[k] is not m]
        onto = all(x.role is Role.TARGET and x.before in MOTION for x in rest)  # "clear the counter onto the table"
        if verb in ("clear", "clean", "tidy", "empty") and m.place and m.before not in MOTION and onto:
            there = tuple(n for n in state.of_type("movable") if any(related(n, o, state) for o in m.names))
            if there:
                quantity = Quantity.ALL if len(there) > 1 else Quantity.THE
                out[i] = replace(m, names=there, quantity=quantity, place=False, role=Role.MOVER, told=True)
        elif verb in ("empty", "unload", "pour", "tip") and first:
            alone = verb in ("empty", "unload") and len(here) == 1 and not _goes_on(out, clause)
            inner = tuple(n for n in _within(verb, state) if any(related(n, o, state) for o in m.names))
            if inner:
                quantity = Quantity.ALL if len(inner) > 1 else Quantity.THE
                out[i] = replace(m, names=inner, quantity=quantity, exact=False, told=True, text=f"things in {m.text}")
                if alone and set(inner) <= set(state.of_type("movable")):  # out of it, wherever to
                    end = m.span[1]
                    emptied.append(replace(m, role=Role.SOURCE, before="from", span=(end, end), start=end, told=True))
        elif verb in CLEARING and m.role is Role.MOVER and _cleared(out, here, clause, state):
            out[i] = replace(m, role=Role.ASIDE)
        elif verb in ("fill", "load", "cover") and first and any(out[k].before == "with" for k in here):
            out[i] = replace(m, role=Role.TARGET)
        elif m.before == "with" and m.role is Role.ASIDE and verb:
            before = toks[m.start - 1].text if m.start else ""
            together = before in ("along", "together") or verb in v.PILE_VERBS or verb in ("swap", "exchange", "switch")
            build = verb in ("build", "make", "form", "construct", "fill", "load", "cover", "trade")
            out[i] = replace(m, role=Role.MOVER) if together or build else m
        elif m.role is Role.SOURCE and verb in ("build", "make", "form", "construct"):
            out[i] = replace(m, role=Role.MOVER)
    return sorted([*out, *emptied], key=lambda m: m.span)


def _goes_on(mentions: Sequence[Mention], clause: Clause) -> bool:
    """Whether it is said after "empty the box" where what is in it goes: "..., it all goes on the tray"."""
    return any(m.span[0] >= clause.end and (m.pronoun or m.role is Role.TARGET) for m in mentions)


def _within(verb: str, state: State) -> tuple[str, ...]:
    """What may be meant by what it lies in: "pour the cup into the bowl" means the rice."""
    stuff = state.of_type("stuff")
    return stuff if verb in ("pour", "tip") else (*state.of_type("movable"), *stuff)


def _cleared(mentions: Sequence[Mention], here: Sequence[int], clause: Clause, state: State) -> bool:
    """ "Clear the cup off the book, then put the book away": the cup only has to be gone for what comes later."""
    roles = {mentions[k].role for k in here}
    carried = set(state.of_type("movable"))
    sources = {n for k in here if mentions[k].role is Role.SOURCE for n in mentions[k].names} & carried
    after = [m for m in mentions if m.span[0] >= clause.end and m.role is Role.MOVER]
    later = [m for m in after if not m.pronoun]
    if after and after[0].pronoun:
        return False  # "take the cup off the book and give *it* to me"
    return Role.SOURCE in roles and Role.TARGET not in roles and any(set(m.names) & sources for m in later)


def existing(toks: Sequence[Token], mentions: Sequence[Mention], found: Sequence[Clause]) -> list[Mention]:
    """ "There is a puddle on the table, mop it up": where it is, not where it should be."""
    out = list(mentions)
    if len(found) < 2:
        return out
    for c in found:
        said = [t.text for t in toks[c.start : c.end]]
        while said and said[0] in v.CONJUNCTIONS | {"hey", "look", "oh"}:
            said = said[1:]
        here = [i for i, m in enumerate(out) if c.start <= m.span[0] < c.end]
        if _only_named(toks, out, found, c):
            for i in here:
                out[i] = replace(out[i], role=Role.DETAIL)
            continue
        told = said[:1] == ["there"] and said[1:2] in (["is"], ["are"]) and c.verb < 0 and not c.negated
        if told and any(out[i].role is Role.MOVER for i in here):
            for i in here:
                out[i] = replace(out[i], role=Role.DETAIL) if out[i].role is Role.TARGET else out[i]
    return out


def _only_named(toks: Sequence[Token], mentions: Sequence[Mention], found: Sequence[Clause], c: Clause) -> bool:
    """ "Three hats and a tie. The hats go in the box.": named in a sentence without a verb, and spoken of again."""
    first = max((x.start for x in found if x.sentence and x.start <= c.start), default=0)
    end = next((x.start for x in found if x.sentence and x.start > c.start), len(toks))
    here = [m for m in mentions if first <= m.span[0] < end]
    later = {n for m in mentions if m.span[0] >= end for n in m.names}
    bare = all(x.verb < 0 for x in found if first <= x.start < end)
    bare = bare and not {"is", "are", "should", "must", "please", "for", "want", "like", "need"} & {
        t.text for t in toks[first:end]
    }
    plain = all(m.role in (Role.MOVER, Role.DETAIL) and m.names and not m.excluded for m in here)
    return bool(here) and end < len(toks) and bare and plain and all(set(m.names) <= later for m in here)
