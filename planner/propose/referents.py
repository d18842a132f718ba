"""Phrases that mean something said before or beside them: "it", "the others", "the green one"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.propose import vocabulary as v
from planner.propose.clauses import Clause, clause_of
from planner.propose.lying import related
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.spelling import Token, colour_of, head
from skills.state import State


def noun(name: str) -> str:
    """The noun of a name, without a number behind it."""
    return head(name)


def shared_colours(toks: Sequence[Token], mentions: list[Mention]) -> list[Mention]:
    """ "the red and blue blocks": a bare colour takes the noun of the phrase that it is joined with."""
    out = list(mentions)
    done: set[int] = set()
    for i in range(len(out) - 2, -1, -1):
        m, after = out[i], out[i + 1]
        gap = [t.text for t in toks[m.span[1] : after.span[0]]]
        bare = all(colour_of(t.text) for t in toks[m.span[0] : m.span[1]])
        if m.exact or not bare or set(gap) - {"and", "or", "the", "one"} or after.place:
            continue
        later = [t.text for t in toks[after.span[0] : after.span[1]]]
        if not colour_of(later[0]) or (len(later) < 2 and i + 1 not in done):
            continue
        kinds = {noun(n) for n in after.names}
        names = tuple(n for n in m.names if noun(n) in kinds)
        if names:
            quantity = Quantity.THE if len(names) == 1 else Quantity.ALL
            done.add(i)
            out[i] = replace(m, names=names, exact=len(names) == 1, quantity=quantity)
    return out


def ones(toks: Sequence[Token], mentions: list[Mention]) -> list[Mention]:
    """ "the green one", "green": of the sort that was spoken of last, where there is such a thing."""
    out = list(mentions)
    for i, m in enumerate(out):
        words = [t.text for t in toks[m.span[0] : m.span[1]]]
        anaphor = words[-1] in ("one", "ones") or all(colour_of(w) for w in words)
        if m.exact or m.place or m.pronoun or not anaphor or len(m.names) < 2:
            continue
        before = [e for e in out[:i] if not e.place and e.names]
        after = [e for e in out[i + 1 :] if not e.place and e.names and words[-1] not in ("one", "ones")]
        around = [*reversed(before), *after]
        around.sort(key=lambda e: e.role is not m.role and {e.role, m.role} <= {Role.MOVER, Role.TARGET})
        for e in around:
            kinds = {noun(n) for n in e.names}
            names = tuple(n for n in m.names if noun(n) in kinds)
            if names and len(kinds) <= 2 and not (m.excluded and set(names) == set(e.names)):
                out[i] = replace(m, names=names)
                break
    return out


def partitive(toks: Sequence[Token], mentions: list[Mention]) -> list[Mention]:
    """ "Of the three bottles, bring me the green one": the bottles only say of which sort it is."""
    out = list(mentions)
    for i, m in enumerate(out[:-1]):
        opens = toks[m.start].text in ("of", "among", "from") or toks[max(0, m.start - 1)].text == "of"
        first = m.start <= 1 or toks[m.start - 1].ends_sentence
        later = any(x.names and set(x.names) < set(m.names) for x in out[i + 1 :])
        if opens and first and later and not m.place and m.role in (Role.MOVER, Role.SOURCE):
            out[i] = replace(m, role=Role.DETAIL)
    return out


def others(mentions: list[Mention], state: State, earlier: Sequence[str] = ()) -> list[Mention]:
    """ "the other block", "the rest", "everything else": without what was named, or else without what an earlier
    instruction moved (``earlier``)."""
    out = list(mentions)
    movable = set(state.of_type("movable"))
    for i, m in enumerate(out):
        if not m.other or m.place:
            continue
        before = [e for e in out[:i] if not e.place and e.names]
        if m.names:
            same = [e for e in (before if not m.group else out) if e is not m]
            gone = {n for e in same if e.one and (len(e.names) == 1 or e.excluded) for n in e.names}
            gone |= {n for e in same if m.group and e.group and set(e.names) < set(m.names) for n in e.names}
            if m.text.startswith("everything"):
                gone |= {n for e in out if e is not m for n in e.names}
            if not same and m.one:
                gone = set(earlier)
            if m.one and m.role is Role.TARGET and not gone & set(m.names):  # "in the other cup": where it is not
                moved = [n for e in before if e.role is Role.MOVER and not e.excluded for n in e.names]
                gone |= {t for t in m.names if moved and all(related(n, t, state) for n in moved)}
            names = tuple(n for n in m.names if n not in gone)
            chosen_before = any(e.quantity is Quantity.ANY and set(e.names) == set(m.names) for e in before)
            loose = Quantity.ANY if chosen_before and m.one else m.quantity
            out[i] = replace(m, names=names or m.names, quantity=loose, told=m.told or len(names) == 1)
            continue
        movers = [e for e in before if e.role is Role.MOVER] or before
        if not movers and earlier:
            kinds = {noun(n) for n in earlier}
            names = tuple(sorted(n for n in movable if noun(n) in kinds and n not in earlier))
            out[i] = replace(m, names=names, told=len(names) == 1)
            continue
        if not movers:  # nothing was named before: what is not where the others are to go
            targets = [n for e in out if e.role is Role.TARGET for n in e.names]
            names = tuple(sorted(n for n in movable - set(targets) if not any(related(n, t, state) for t in targets)))
            out[i] = replace(m, names=names, told=len(names) == 1)
            continue
        last = movers[-1]
        kinds = {noun(n) for n in last.names}
        gone = {n for e in before if e.one and len(e.names) == 1 for n in e.names}
        names = tuple(sorted(n for n in movable if noun(n) in kinds and n not in gone))
        if not names:
            used = {n for e in out for n in e.names}
            names = tuple(sorted(movable - used))
        either = last.quantity is Quantity.ANY and m.one
        out[i] = replace(
            m, names=names, quantity=Quantity.ANY if either else m.quantity, told=len(names) == 1,
        )  # fmt: skip
    return out


def pronouns(
    toks: Sequence[Token],
    mentions: list[Mention],
    found: Sequence[Clause],
    state: State,
    recently: Sequence[str] = (),
) -> tuple[list[Mention], str]:
    """The mentions with "it" and "them" standing for what was said before, or for what the last instruction moved
    (``recently``); and a pronoun that means nothing."""
    out = list(mentions)
    dangling = ""
    held = tuple(a.args[0] for a in state.base if a.predicate == "holding")
    for i in range(len(out)):
        m = out[i]
        if not m.pronoun:
            continue
        clause = clause_of(found, m.span[0])
        meant = [k for k in range(i) if (out[k].names or out[k].kind) and not out[k].place]
        before = [k for k in meant if out[k].role is not Role.ASIDE]
        if m.role is Role.RELATION:
            continue
        if m.role is Role.TARGET:
            here = [out[k] for k in before if out[k].span[0] >= clause.start]
            mover = {n for x in here if x.role is Role.MOVER for n in x.names}
            names = tuple(dict.fromkeys(n for k in reversed(before) for n in out[k].names if n not in mover))
            out[i] = replace(m, names=names, told=True, quantity=Quantity.ANY)
            if not names:
                out[i] = replace(m, role=Role.ASIDE)
            continue
        earlier = [k for k in before if out[k].span[0] < clause.start and not out[k].excluded]
        movers = [k for k in earlier if out[k].role is Role.MOVER] or earlier
        movers = earlier[-1:] if m.text in ("that", "this") else movers  # what was said last, wherever it stood
        if not movers:  # "the fork must not go in the sink; put it on the table"
            movers = [k for k in meant if out[k].before == "" and out[k].span[0] < clause.start and out[k].exact][:1]
        if not movers and m.each:  # "no block may ...: put each one ..."
            movers = [k for k in range(i) if out[k].names and not out[k].place][:1]
        if not movers and held:
            out[i] = replace(m, names=held, exact=True, told=True)
        elif not movers and not before and recently:
            names = tuple(recently) if m.quantity is Quantity.ALL else tuple(recently[-1:])
            out[i] = replace(m, names=names, exact=len(names) == 1, told=True)
        elif not movers:
            if not before and not any(out[k].missing or not out[k].names for k in range(i)):
                dangling = dangling or m.text
            out[i] = replace(m, role=Role.ASIDE)
        else:
            _stand_in(out, i, movers[-1:] if m.text in ("it", "that", "this") else _placeless(out, movers, i), found)
    return out, dangling


def _placeless(out: Sequence[Mention], movers: list[int], i: int) -> list[int]:
    """Of what "them" may mean, the last that was given no place yet, if there is any: "put the cup away, then take the
    plates and set *them* down"."""
    last = max((k for k in range(i) if out[k].role is Role.TARGET and out[k].names), default=-1)
    return [k for k in movers if k > last] or movers


def _stand_in(out: list[Mention], i: int, meant: Sequence[int], found: Sequence[Clause]) -> None:
    """Let the pronoun take the place of what it means; where it went before is passed over."""
    m = out[i]
    last = out[meant[-1]]
    if len(meant) == 1:
        first = replace(last, span=m.span, start=m.start, before=m.before, role=m.role, excluded=m.excluded)
        first = replace(first, text=m.text) if last.kind and not last.names else first  # settled with the phrase itself
        first = replace(first, quantity=Quantity.ALL, each=True) if m.each else first
        out[i] = first
    else:
        names = tuple(dict.fromkeys(n for k in meant for n in out[k].names))
        out[i] = replace(m, names=names, quantity=Quantity.ALL, told=True)
    if m.excluded:
        return
    begins = clause_of(found, out[meant[0]].span[0]).start
    for k, e in enumerate(out):
        passed = e.role is Role.TARGET and e.span[0] < m.span[0] and e.span[0] >= begins
        if (k in meant and not (m.text in ("that", "this") and passed)) or (passed and k not in meant):
            out[k] = replace(e, role=Role.ASIDE)


def alternatives(toks: Sequence[Token], mentions: Sequence[Mention]) -> list[Mention]:
    """ "the apple or the pear", "a cup, a mug or a glass": one phrase of which either thing will do.

    Only where nothing but commas, articles and "or" stands between phrases of the same sort, the last of them joined by
    "or"; a phrase that tells which one is meant ("on the shelf") may stand between.
    """
    out = list(mentions)
    i = len(out) - 1
    while i > 0:
        chain = [i]
        k = i - 1
        while k >= 0 and (out[k].role is Role.DETAIL or _either(toks, out[k], out[chain[0]], len(chain) == 1)):
            if out[k].role is not Role.DETAIL:
                chain.insert(0, k)
            k -= 1
        if len(chain) > 1:
            first, last = out[chain[0]], out[chain[-1]]
            names = tuple(dict.fromkeys(n for c in chain for n in out[c].names))
            text = " or ".join(out[c].text for c in chain)
            merged = replace(
                first, text=text, span=(first.span[0], last.span[1]), names=names, quantity=Quantity.ANY, exact=False,
                told=True, count=None,
            )  # fmt: skip
            out = [m for n, m in enumerate(out) if n not in chain[1:]]
            out[chain[0]] = merged
            i = chain[0]
        i -= 1
    return out


def _either(toks: Sequence[Token], a: Mention, b: Mention, nearest: bool) -> bool:
    """Whether ``b`` is another choice beside ``a``; the nearest pair needs the "or" itself."""
    same = a.role is b.role and a.place == b.place and a.role in (Role.MOVER, Role.TARGET)
    if not same or not a.names or not b.names or a.excluded or b.excluded or a.pronoun or b.pronoun:
        return False
    between = toks[a.span[1] : b.span[0]]
    words = [t.text for t in between]
    if any(t.ends_sentence for t in toks[a.span[1] - 1 : b.span[0]]):
        return False
    if "or" in words:
        return set(words[words.index("or") + 1 :]) <= v.DETERMINERS | v.PLACE_PREPOSITIONS and nearest
    return not nearest and toks[a.span[1] - 1].ends_clause and set(words) <= v.DETERMINERS
