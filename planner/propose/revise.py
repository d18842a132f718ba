"""What is taken back or left alone: corrections ("no wait, the green one"), "leave the cup there", "do not touch"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.propose import vocabulary as v
from planner.propose.clauses import Clause, clause_of
from planner.propose.lookup import Lookup
from planner.propose.lying import related
from planner.propose.mention import Mention, Role
from planner.propose.spelling import Token, head
from skills.state import State

LOOSELY = frozenset({"anywhere", "wherever", "irrelevant"})
MARKERS = tuple(
    tuple(m.split())
    for m in (
        "no wait", "wait no", "wait", "sorry", "i meant", "i mean", "actually", "or rather", "rather", "make that",
        "make it", "scratch that", "correction", "oops", "on second thought", "on second thoughts", "instead", "no",
        "better", "well no", "hold on", "pardon", "forget that", "scrap that", "strike that", "never mind", "hm no",
        "no no", "no make that", "no make it", "no sorry", "no actually", "no i mean", "no i meant", "my mistake",
    )
)  # fmt: skip


def marker_at(toks: Sequence[Token], i: int) -> int:
    """The end of a correction marker that begins a clause at ``i``; ``i`` itself when there is none."""
    best = i
    for m in MARKERS:
        end = i + len(m)
        if tuple(t.text for t in toks[i:end]) == m and end > best:
            if toks[end : end + 1] and (m[-1], toks[end].text) in (("rather", "than"), ("instead", "of")):
                continue
            if m == ("no",) and not toks[i].ends_clause and toks[end : end + 1] and toks[end].text not in v.DETERMINERS:
                continue  # "no block may ..."
            best = end
    return best


def corrections(
    toks: Sequence[Token], mentions: list[Mention], found: Sequence[Clause], explained: set[int]
) -> list[Mention]:
    """The mentions after corrections: what was taken back is gone, a bare phrase stands in its place."""
    i = 1
    while i < len(toks):
        if not (toks[i - 1].ends_clause or toks[i].text in ("no", "actually", "rather") or toks[i - 1].text == "or"):
            i += 1
            continue
        j = start = i
        while (k := marker_at(toks, j)) > j:
            j = k
        if j == start:
            i += 1
            continue
        explained.update(range(start, j))
        later = [m for m in mentions if m.span[0] >= j]
        earlier = [m for m in mentions if m.span[1] <= start and m.role is not Role.ASIDE]
        if later and earlier and not later[0].excluded:
            before = mentions
            mentions = _revised(toks, mentions, earlier, later, found)
            gone = [m for m in before if m not in mentions]
            explained.update(k for m in gone for k in range(m.start, m.span[1]))
        i = max(j, i + 1)
    return mentions


def _revised(
    toks: Sequence[Token],
    mentions: list[Mention],
    earlier: list[Mention],
    later: list[Mention],
    found: Sequence[Clause],
) -> list[Mention]:
    clause = clause_of(found, later[0].span[0])
    now = [m for m in later if clause.start <= m.start < clause.end]
    fresh = clause.verb >= earlier[-1].span[1]  # not the verb that stands before the correction
    verb = toks[clause.verb].text if fresh else ""
    if verb in v.KEEP_VERBS | v.STAY_VERBS or (clause.negated and fresh):
        return mentions
    last = clause_of(found, earlier[-1].span[0])
    if verb in v.PUT_VERBS | v.PICK_VERBS - {"hold"} and verb != "make" and any(m.role is Role.MOVER for m in now):
        begins = max((c.start for c in found if c.verb >= 0 and c.start <= last.start), default=last.start)
        return [m for m in mentions if not (begins <= m.span[0] < later[0].start)]
    out = list(mentions)
    for m in now:
        old = _replaced(m, [e for e in earlier if e in out])
        if old is None:
            continue
        out.remove(m)
        place = out.index(old)
        out[place] = replace(
            m, role=old.role, before=old.before or m.before, span=old.span, start=old.start, each=old.each or m.each
        )
    return out


def _replaced(m: Mention, earlier: Sequence[Mention]) -> Mention | None:
    """The earlier phrase that ``m`` stands in for: the nearest of its own sort."""
    fits = [e for e in reversed(earlier) if not e.pronoun] or list(reversed(earlier))
    if m.before and m.role is Role.TARGET:
        fits = [e for e in fits if e.role is Role.TARGET] or fits
    elif m.place:
        fits = [e for e in fits if e.place] or [e for e in fits if e.role is Role.TARGET]
    else:
        kin = [e for e in fits if not e.place and _nouns(m) & _nouns(e)]
        fits = kin or [e for e in fits if e.role is Role.MOVER] or fits
    return fits[0] if fits else None


def _nouns(m: Mention) -> frozenset[str]:
    return frozenset(head(n) for n in m.names)


def exclusions(
    toks: Sequence[Token], mentions: list[Mention], found: Sequence[Clause], state: State, lookup: Lookup | None = None
) -> tuple[list[Mention], set[tuple[str, str]]]:
    """The mentions with what stays as it is marked, and pairs (thing, target) that are forbidden; things of a kind
    ("no glass things in the drawer") as far as ``lookup`` knows them."""
    out = list(mentions)
    banned: set[tuple[str, str]] = set()
    stays = False
    for c in found:
        here = [i for i, m in enumerate(out) if c.start <= m.span[0] < c.end and m.role is not Role.DETAIL]
        verb = toks[c.verb].text if c.verb >= 0 else ""
        movers = [i for i in here if out[i].role is Role.MOVER]
        targets = [i for i in here if out[i].role is Role.TARGET]
        nothing = any(toks[out[i].start - 1].text == "no" for i in movers if out[i].start > c.start)
        if verb in v.STAY_VERBS and not c.negated and not (targets and _modal(toks, c)):
            stays = True
        elif verb in v.KEEP_VERBS and not c.negated and not _apart(toks, c):
            more = _joined(toks, out, found, c)  # "keep the tape | and the glue together in the box"
            movers += [i for i in more if out[i].role is Role.MOVER]
            targets += [i for i in more if out[i].role is Role.TARGET]
            stays = _kept(toks, out, c, movers, targets, state)
        elif LOOSELY & {t.text for t in toks[c.start : c.end]} and not targets:
            for i in here:  # "the others can lie anywhere": nothing is asked of them
                out[i] = replace(out[i], role=Role.ASIDE)
        elif c.negated or nothing:
            if targets and movers:
                things = {a for i in movers for a in out[i].names or _of_kind(out[i], state, lookup)}
                banned |= {(a, b) for a in things for j in targets for b in out[j].names if a != b}
                for i in here:
                    out[i] = replace(out[i], role=Role.ASIDE)
                stays = False
                continue
            if targets:
                for i in targets:
                    out[i] = replace(out[i], excluded=True)
                continue
            stays = True
        elif verb or c.opener == "but" or c.sentence:
            stays = False
        if stays:
            for i in here:
                keep = out[i].role is Role.MOVER
                out[i] = replace(out[i], excluded=keep, role=out[i].role if keep else Role.ASIDE)
    return out, banned


def _of_kind(m: Mention, state: State, lookup: Lookup | None) -> tuple[str, ...]:
    if not m.kind or lookup is None:
        return ()
    return tuple(n for n, odds in lookup.odds(m.kind, state.of_type("movable")).items() if odds > 0)


def _apart(toks: Sequence[Token], c: Clause) -> bool:
    """ "leave every block by itself": how it is to be, not that it is to stay."""
    words = " ".join(t.text for t in toks[c.start : c.end])
    return any(x in words for x in ("by itself", "by themselves", "on its own", "on their own", "apart", "separate"))


def _joined(toks: Sequence[Token], mentions: Sequence[Mention], found: Sequence[Clause], c: Clause) -> list[int]:
    """The phrases of the clauses that go on with "and" without a verb of their own or a comma."""
    out: list[int] = []
    for later in found[found.index(c) + 1 :]:
        if later.opener != "and" or later.verb >= 0 or toks[later.start - 1].ends_clause:
            break
        out += [i for i, m in enumerate(mentions) if later.start <= m.span[0] < later.end and m.role is not Role.DETAIL]
    return out


def _kept(
    toks: Sequence[Token], mentions: Sequence[Mention], c: Clause, movers: list[int], targets: list[int], state: State
) -> bool:
    """Whether "leave" or "keep" says that things are not to be moved."""
    if not movers:
        return False
    after = mentions[movers[-1]].span[1]
    following = toks[after].text if after < c.end else ""
    if following in v.STAY_WORDS:
        return True
    if not targets:
        return True
    return all(
        any(related(a, b, state) for b in mentions[targets[0]].names)
        for i in movers
        for a in mentions[i].names or ("",)
    )


def _modal(toks: Sequence[Token], c: Clause) -> bool:
    return any(t.text in ("should", "must", "shall", "has", "have", "needs") for t in toks[c.start : c.verb])
