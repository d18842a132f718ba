"""How many of what a phrase fits: "half of the four", "all but one of them", "leave two there, ... the rest"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.propose import vocabulary as v
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.spelling import Token


def counted(m: Mention) -> Mention:
    """ "half of the four": two; "all but one of the four": three; "the three blocks" where there are three: all."""
    if m.half:
        return replace(m, count=max(1, len(m.names) // 2))
    if m.less and m.names:
        return replace(m, quantity=Quantity.SOME, count=max(0, len(m.names) - m.less))
    if m.quantity is Quantity.ALL and len(m.names) == 1 and not (m.kind or m.each or m.other or m.pile):
        return replace(m, quantity=Quantity.THE)
    if m.quantity is Quantity.SOME and m.count is not None and m.count == len(m.names):
        return replace(m, quantity=Quantity.ALL, count=None)
    return m


def all_but_some(toks: Sequence[Token], mentions: Sequence[Mention], explained: set[int]) -> list[Mention]:
    """ "all but one of the cups", "all the cups except two": so many less than all of them."""
    out = list(mentions)
    for i, m in enumerate(out):
        start, end = _before(toks, m), m.span[1]
        head = [t.text for t in toks[start : m.span[0]]]
        number = next((v.NUMBERS.get(w, 0) for w in head if w in v.NUMBERS), 0)
        if number and m.excluded and head[0] in ("all", "everything") and head[1] in v.EXCEPT_WORDS:
            out[i] = replace(m, excluded=False, quantity=Quantity.ALL, less=number, count=None, start=start)
            explained.update(range(start, m.span[0]))
            continue
        if m.excluded or m.quantity is not Quantity.ALL or end >= len(toks) or toks[end - 1].ends_clause:
            continue
        tail = [t.text for t in toks[end : end + 5]]
        k = 2 if tail[1:2] == ["for"] else 1
        number = v.NUMBERS.get(tail[k], 0) if len(tail) > k and tail[0] in v.EXCEPT_WORDS else 0
        k += 3 if tail[k + 1 : k + 3] == ["of", "them"] else 1
        after = tail[k] if len(tail) > k and not toks[end + k - 1].ends_clause else ""
        if number and (not after or after in v.FUNCTION_WORDS):
            out[i] = replace(m, less=number)
            explained.update(range(end, end + k))
    return out


def _before(toks: Sequence[Token], m: Mention) -> int:
    """Where "all but one of the" in front of a phrase begins; the phrase itself when nothing of the kind is there."""
    i = m.span[0]
    while i > 0 and m.span[0] - i < 7 and not toks[i - 1].ends_clause:
        i -= 1
        if toks[i].text in ("all", "everything") and i + 1 < m.span[0] and toks[i + 1].text in v.EXCEPT_WORDS:
            return i
    return m.span[0]


def kept_back(mentions: Sequence[Mention]) -> list[Mention]:
    """ "Leave one of the cups there and take the others away": as many as are not left, whichever. "Half of the cups go
    on the shelf, the others stay": nothing is said of the others that the number does not say."""
    out = list(mentions)
    for i, m in enumerate(out):
        if m.other and m.excluded and any(_part_of(x, m) for x in out[:i]):
            out[i] = replace(m, role=Role.ASIDE, excluded=False)
    for i, m in enumerate(out):
        number = 1 if m.quantity is Quantity.ANY else m.count if m.quantity is Quantity.SOME else None
        if not m.excluded or m.role is Role.TARGET or number is None or len(m.names) <= number:
            continue
        for k, rest in enumerate(out):
            if rest.other and rest.role is Role.MOVER and not rest.excluded and set(rest.names) <= set(m.names):
                out[k] = replace(rest, names=m.names, quantity=Quantity.ALL, less=number, told=True)
                out[i] = replace(m, role=Role.ASIDE, excluded=False)
                break
    return out


def _part_of(m: Mention, whole: Mention) -> bool:
    some = m.quantity in (Quantity.SOME, Quantity.ANY) and not m.excluded and m.role is Role.MOVER
    return some and len(m.names) > 1 and set(whole.names) <= set(m.names)


def bare_numbers(toks: Sequence[Token], mentions: Sequence[Mention]) -> list[Mention]:
    """ "Two bolts in the box and one in the tray": so many others of the same sort."""
    out = sorted(mentions, key=lambda m: m.span)
    inside = {i for m in out for i in range(m.start, m.span[1])}
    for i, t in enumerate(toks[:-1]):
        number = v.NUMBERS.get(t.text, 0)
        if not number or i in inside or t.ends_clause or toks[i + 1].text not in v.PLACE_PREPOSITIONS:
            continue
        if not i or not (toks[i - 1].ends_clause or toks[i - 1].text in ("and", "but", "then", "put", "or")):
            continue
        k = next((k for k in reversed(range(len(out))) if out[k].span[1] <= i and out[k].role is Role.MOVER), -1)
        count = out[k].count if k >= 0 and out[k].quantity is Quantity.SOME else 1
        if k < 0 or out[k].quantity not in (Quantity.SOME, Quantity.ANY) or not count or out[k].excluded:
            continue
        names = out[k].names
        placed = any(m.role is Role.TARGET and out[k].span[1] <= m.span[0] < i for m in out)
        if len(names) < count + number or not placed:
            continue
        first, rest = names[:count], names[count : count + number]
        one, several = Quantity.THE, Quantity.ALL
        out[k] = replace(out[k], names=first, told=True, quantity=one if count == 1 else several, count=None)
        more = Mention(t.text, (i, i + 1), rest, one if number == 1 else several, False, start=i, told=True)
        out = sorted([*out, more], key=lambda m: m.span)
    return out
