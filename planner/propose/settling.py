"""What an answer settles: "which marker?" - "the green one", "not the orange one, the other", "any of them"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.propose import vocabulary as v
from planner.propose.counts import counted
from planner.propose.linking import links_of
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.sentence import Words
from planner.propose.spelling import tokens_of
from planner.propose.words import Spotter
from skills.state import State


def settle(words: Words, answer: str, spotter: Spotter, state: State) -> Words:
    """The reading after an answer: open phrases are decided by it; something new is one more mention."""
    toks = tokens_of(answer)
    said = [m for m in spotter.spot(answer) if m.names]
    out = list(words.mentions)
    for i, m in enumerate(out):
        if m.excluded or m.role not in (Role.MOVER, Role.TARGET) or (m.exact and not m.missing) or len(m.names) == 1:
            continue
        fits = [a for a in said if not m.names or set(a.names) & set(m.names)]
        if fits:
            allowed = set(m.names) or {n for a in fits for n in a.names}
            if all(a.excluded for a in fits):  # "not the green one"
                gone = {n for a in fits for n in a.names}
                left = tuple(n for n in m.names if n not in gone)
                out[i] = replace(m, names=left, told=len(left) == 1) if left else m
                said = [a for a in said if a not in fits]
                continue
            names = tuple(dict.fromkeys(n for a in fits for n in a.names if n in allowed))
            whole = names == m.names
            several = m.quantity in (Quantity.VAGUE, Quantity.SOME, Quantity.ALL) or len(fits) > 1
            quantity = Quantity.ALL if several and not (whole and m.one) else m.quantity
            place = all(a.place for a in fits)
            out[i] = replace(m, names=names, quantity=quantity, told=len(names) == 1, place=place, missing="")
            said = [a for a in said if a not in fits]
        elif one := _by_words({t.text for t in toks}, m.names):
            out[i] = replace(m, names=(one,), told=True, missing="")
        elif m.quantity is Quantity.VAGUE:
            number = next((v.NUMBERS[t.text] for t in toks if t.text in v.NUMBERS), 0)
            number = number or next((int(t.text[:4]) for t in toks if t.text.isdigit()), 0)
            if number:
                out[i] = counted(replace(m, quantity=Quantity.SOME, count=number))
            elif any(t.text in v.ALL_WORDS for t in toks):
                out[i] = replace(m, quantity=Quantity.ALL)
        if {"any", "whichever", "either"} & {t.text for t in toks} and out[i].quantity is Quantity.THE:
            out[i] = replace(out[i], quantity=Quantity.ANY)
    for a in said:
        if not any(set(a.names) <= set(m.names) and m.role is not Role.ASIDE for m in out):
            role = Role.TARGET if a.place or a.role is Role.TARGET else _free_role(out)
            out.append(replace(a, role=role, span=(a.span[0] + 1000, a.span[1] + 1000)))
    dangling = "" if said or any(set(m.names) for m in out) else words.dangling
    return replace(words, mentions=tuple(out), links=links_of(out, words.cues), dangling=dangling)


def _by_words(said: set[str], names: Sequence[str]) -> str:
    """ "The top left one": the only one of the names that has all these words; "" when there is none."""
    parts = {n: set(n.lower().split()) for n in names}
    words = said & set().union(*parts.values())
    if said - words - v.FUNCTION_WORDS - {"one", "please"}:
        return ""
    fits = [n for n in names if words and words <= parts[n]]
    return fits[0] if len(fits) == 1 else ""


def _free_role(mentions: Sequence[Mention]) -> Role:
    """What an answer about something new is: the thing when none was named, else where it goes."""
    movers = any(m.role is Role.MOVER and m.names and not m.excluded for m in mentions)
    return Role.TARGET if movers else Role.MOVER
