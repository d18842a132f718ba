"""Which present things are meant by a kind or a use: "the fruit", "something to drink", "what belongs in a toolbox".

The language model is asked, for every present thing in one pass, how well it continues a list of that kind, compared
with how well it continues a list of just things (pointwise mutual information, so that common words do not win). One
small question per thing: they are conditionally independent given the phrase.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from planner.lm.api import LanguageModel
from planner.propose import vocabulary as v
from planner.propose.counts import counted
from planner.propose.hints import hints
from planner.propose.likeness import with_article
from planner.propose.linking import links_of
from planner.propose.lookup import KNOWN, Lookup
from planner.propose.lying import related
from planner.propose.mention import Mention, Quantity
from planner.propose.needs import is_need
from planner.propose.sentence import Words
from planner.propose.sorts import narrowest
from planner.propose.spelling import singular
from planner.propose.spotting import EVERYTHING
from planner.propose.tastes import NONE, Tastes
from planner.propose.tools import Toolbox
from planner.propose.uses import Phrase, take_apart
from planner.propose.words import PRONOUNS
from skills.state import State

HEAD = (
    "Birds: a pigeon, an owl, a robin.\n"
    "Furniture: a chair, a shelf, a sofa.\n"
    "Something to sit on: a stool, a bench, a cushion.\n"
)
NOTHING = "Things:"
MEMBER = 1.2  # [nats] a thing this much likelier in the list belongs to it
AHEAD = 1.0  # [nats] of several, the one thing that is spoken of is this much likelier than the next
LIKELIEST = 0.3  # [nats] where one thing is wanted, the likeliest will do down to this


def memberships(lm: LanguageModel, phrases: Sequence[str], names: Sequence[str]) -> list[list[float]]:
    """For each phrase the log-odds [nats] of every name to be of that kind, all in one pass."""
    options = [f" {with_article(n)}" for n in names]
    tails = [f"{p[:1].upper()}{p[1:]}:" for p in phrases]
    *asked, null = lm.score_many(HEAD, [(t, options) for t in (*tails, NOTHING)])
    return [[a.logprob - b.logprob for a, b in zip(row, null, strict=True)] for row in asked]


_WHOLE = re.compile(r"(?:everything|anything|something|things|whatever) that (?:is|are) ([a-z' -]+)$", re.IGNORECASE)
Judge = Callable[[Sequence[Mention], Sequence[str]], list[list[float]]]


def resolve_kinds(
    lm: LanguageModel,
    words: Words,
    state: State,
    lookup: Lookup | None = None,
    tools: Toolbox | None = None,
    judge: Judge | None = None,
) -> Words:
    """The reading with kinds replaced by the things that belong to them; unchanged where there are none.

    ``lookup`` is asked first; of what it does not know, the model (or ``judge``: log-odds for each phrase and name).
    A sort of which something is called so (`planner.propose.sorts`) gains what the judge finds to be of it.
    """
    open_ones = [i for i, m in enumerate(words.mentions) if m.kind and not m.names]
    sorts = [i for i, m in enumerate(words.mentions) if judge is not None and m.kind and m.names and not m.excluded]
    broad = [m for m in words.mentions if m.other or (m.text in EVERYTHING and m.group)]  # takes what is left
    named = {n for m in words.mentions for n in m.names if m not in broad}
    names = [n for n in state.of_type("movable") if n not in named]
    if not names or not (open_ones or sorts):
        return words
    asked = [*open_ones, *sorts]
    phrases = [words.mentions[i].kind for i in asked]
    any_one = [words.mentions[i].quantity is Quantity.ANY for i in asked]
    barred = dict.fromkeys(words.tastes.barred, -KNOWN)
    fit = [n for n in names if n not in barred]
    written = [
        _looked_up(p, fit, lookup, tools, True) | barred if one else _looked_up(p, names, lookup, tools, False)
        for p, one in zip(phrases, any_one, strict=True)
    ]
    unknown = [n for n in names if any(n not in row for row in written) and not any(r.get(n, 0) > 0 for r in written)]
    scores = [[row.get(n, 0.0) for n in names] for row in written]
    if unknown:
        said = (
            judge([words.mentions[i] for i in asked], unknown)
            if judge is not None
            else memberships(lm, phrases, unknown)
        )
        told = [dict(zip(unknown, row, strict=True)) for row in said]
        scores = [[r.get(n, t.get(n, 0.0)) for n in names] for r, t in zip(written, told, strict=True)]
    odds = {
        i: {n: s for n, s in zip(names, row, strict=True) if _is_there(words.mentions[i], n, state)}
        for i, row in zip(asked, scores, strict=True)
    }
    out = list(words.mentions)
    used: set[str] = set()
    again = {i: k for i in open_ones if (k := _first_said(words.mentions, i)) in open_ones}
    for i in sorted(open_ones, key=lambda i: -max(odds[i].values(), default=0.0)):
        if i in again:
            continue
        single = out[i].quantity is Quantity.ANY  # "something to write with and something to write on": two things
        row = {n: s for n, s in odds[i].items() if n not in used} if single else odds[i]
        out[i] = _decided(out[i], row or odds[i], words.tastes)
        used |= set(out[i].names) if single else set()
    for i, k in again.items():
        out[i] = replace(out[i], names=out[k].names, quantity=out[k].quantity, told=out[k].told, missing=out[k].missing)
    for i in sorts:
        more = tuple(n for n in unknown if odds[i].get(n, 0.0) >= MEMBER)
        out[i] = replace(out[i], names=tuple(sorted({*out[i].names, *more})))
    if any(is_need(m.kind) and not m.names for m in out):  # a remark that asks for nothing
        return replace(words, mentions=(), links={}, verbs=frozenset(), handed=False)
    settled = {i: out[i].names for i in open_ones}
    for i in open_ones:
        rivals = [k for k in open_ones if k != i and (out[k].excluded != out[i].excluded or out[k].role is out[i].role)]
        better = {n for n in settled[i] for k in rivals if n in settled[k] and odds[k][n] > odds[i][n]}
        if out[i].excluded or better < set(settled[i]):  # a thing is of the kind that it fits best
            kept = tuple(n for n in settled[i] if n not in better)
            out[i] = replace(out[i], names=kept, quantity=_quantity(out[i], kept))
    out = narrowest(out, lookup)
    taken = {n for m in out for n in m.names if not m.other}
    out = [replace(m, names=left) if m.other and (left := _left(m, taken)) else m for m in out]
    return replace(words, mentions=tuple(out), links=links_of(out, words.cues))


def _first_said(mentions: Sequence[Mention], i: int) -> int:
    """Where the phrase was said for which a pronoun at ``i`` stands ("a fruit ... put *it* there"); -1 for no such."""
    m = mentions[i]
    if m.text not in PRONOUNS:
        return -1
    return next((k for k in range(i) if mentions[k].kind == m.kind and mentions[k].text not in PRONOUNS), -1)


def _left(m: Mention, taken: set[str]) -> tuple[str, ...]:
    return tuple(n for n in m.names if n not in taken)


def _looked_up(
    phrase: str, names: Sequence[str], lookup: Lookup | None, tools: Toolbox | None, one: bool
) -> dict[str, float]:
    if is_need(phrase):
        return {}  # a sentence, no phrase
    read = take_apart(phrase)
    if read == Phrase():  # "the thing that is not a block": whatever else is here
        return dict.fromkeys(names, KNOWN)
    found = lookup.odds(phrase, names) if lookup is not None else {}
    if not found and lookup is not None and (noun := _WHOLE.match(phrase)):
        found = lookup.odds(noun[1], names)  # "everything that is instant food": instant food
    if one and lookup is not None and found and max(found.values()) < 0 and (use := _by_use(phrase, lookup)):
        found = lookup.odds(use, names) or found  # no snack is here, but an apple to snack on
    if not read.without and not any(x > 0 for x in found.values()):  # not taken apart: what in it is written down
        said = next((k for k in hints(lookup, phrase, names) if k.members), None)
        if said is not None:
            found = {n: KNOWN if n in said.members else -KNOWN for n in names if n not in said.open}
    if found and tools is not None:
        members = [n for n in names if found.get(n, 0.0) > 0]
        tools.note("knowledge", members, phrase=phrase, unknown=[n for n in names if n not in found])
    return found


def _by_use(phrase: str, lookup: Lookup) -> str:
    """ "A snack": the phrase for what one does with it, "something to snack on"; "" where nothing is written so."""
    *said, noun = phrase.split()
    noun = singular(noun)
    return " ".join(["something", *said, "to", noun, "on"]) if f"{noun} on" in lookup.use_phrases else ""


def _is_there(m: Mention, name: str, state: State) -> bool:
    return not m.within or any(related(name, place, state) for place in m.within)


def _decided(m: Mention, scores: dict[str, float], tastes: Tastes = NONE) -> Mention:
    if m.quantity is Quantity.ANY and scores and not m.excluded:
        scores = {n: x for n, x in scores.items() if n not in tastes.barred}
        if not scores:
            return replace(m, missing=f"nothing here is {m.kind!r} that you may have")
    if not scores:
        return m if m.excluded else replace(m, missing=f"nothing here is {m.kind!r}")
    best = max(scores, key=lambda n: (scores[n], n))
    members = tuple(n for n in scores if scores[n] >= MEMBER)
    if m.quantity is Quantity.ANY:
        would_do = tastes.among(
            [n for n in scores if scores[n] >= min(MEMBER, scores[best]) and scores[n] >= LIKELIEST]
        )
        members = (max(would_do, key=lambda n: (scores[n], n)),) if would_do else ()
    elif not members and scores[best] >= LIKELIEST and not m.excluded:
        members = (best,)
    elif m.quantity is Quantity.THE and len(members) > 1 and scores[best] - sorted(scores.values())[-2] >= AHEAD:
        members = (best,)  # "the thing you'd blow up": the one that stands out
    if not members and set(m.kind.split()) & v.PREFERENCES:
        members = tuple(scores)  # "the nicest thing": only the person knows which
    if not members:
        return m if m.excluded else replace(m, missing=f"nothing here is {m.kind!r}")
    found = replace(m, names=members, told=m.quantity is not Quantity.THE, quantity=_quantity(m, members))
    return counted(found) if m.less else found


def _quantity(m: Mention, members: Sequence[str]) -> Quantity:
    if m.quantity is Quantity.ALL and len(members) == 1:
        return Quantity.THE
    return m.quantity
