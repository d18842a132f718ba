"""Where things go, told by things that are not here: "apples go in the basket, beer in the cooler: do the plum".

Each thing that is asked about goes where the example most like it went: the same noun, a kind that is written down, or
kinds that both have, the rarer the better. A thing that is like none of them leaves the text as it is. The answer is
said as requests, before the rest of the reading (`planner.propose.reading`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from planner.propose import vocabulary as v
from planner.propose.heads import named
from planner.propose.lookup import Lookup
from planner.propose.spelling import singular, tokens_of

_NP = r"(?:(?:the|my|our|your|his|her|all|any|every|a|an|for example|for instance|say|last time|yesterday)[ ,]+)*"
_WHAT = r"(?P<x>[a-z][\w'-]*(?: [\w'-]+){0,2}?)"
_P = r"(?P<p>in|into|inside|on|onto|at|to|with)"
_OFTEN = r"(?:(?:always|usually|normally|all|both|also|only|best|straight|right|back) )*"
_GOES = (
    rf"{_OFTEN}(?:go(?:es)?|lives?|belongs?|went|ends? up|ended up|stays?|landed|should (?:be|go)|(?:is|are|was|were"
    rf"|gets?"
    rf"|got"
    rf"|has been|have been) {_OFTEN}(?:kept|stored|put|placed|stowed|sorted|thrown|filed|at home)|is at home|are at"
    rf" home)"
)
_KEEP = (
    r"(?:i|we|she|he|they)(?:'ve| have)? (?:just |always |usually )?(?:put|placed|keep|kept|store|stored|sorted|stowed)"
)
_ORDER = re.compile(
    r"\b(?:put|place|tidy|sort|store|deal with|(?<!so )do|handle|pack|clean|take care of|see to|stow|stash|file|bring"
    r"|find"
    r"|treat"
    r"|where (?:does|do|should|would))\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:these|those|them|everything|it all|the (?:rest|things|stuff|others)|all of (?:it|this|them|these)|likewise"
    r"|the same|accordingly)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(r"\b(?:me|us|except|not|don't|leave|instead|first|open|close)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Rule:
    """What went where: words for the things, preposition and name of the place."""

    what: str
    into: str
    where: str


def by_example(text: str, movable: Sequence[str], targets: Sequence[str], lookup: Lookup | None) -> str:
    """The text as requests for the things that it asks about, where it gives examples that are not here."""
    if lookup is None or not targets:
        return text
    rules, rest = _rules(text, targets)
    places = {r.where for r in rules}
    things = [n for n in movable if n not in places]
    if not rules or not _ORDER.search(rest) or _OTHER.search(rest) or named(rest, list(targets)):
        return text
    if all(_here(r.what, things, lookup) for r in rules):
        return text
    asked = named(rest, things) or (things if _ALL.search(rest) else [])
    chosen = [(n, _best(n, rules, lookup)) for n in asked]
    if not chosen or (any(r is None for _, r in chosen) and not _ALL.search(rest)):
        return text
    said = [f"put the {n} {r.into} the {r.where}" for n, r in chosen if r is not None]
    return ". ".join(said) if said else text


def _rules(text: str, targets: Sequence[str]) -> tuple[list[Rule], str]:
    """The examples of a text, and what else it says."""
    called = {n.lower(): n for n in targets}
    tails = [n.lower().split()[-1] for n in targets]
    called |= {t: n for t, n in zip(tails, targets, strict=True) if tails.count(t) == 1 and t not in called}
    either = "|".join(sorted(map(re.escape, called), key=len, reverse=True))
    where = rf"{_P} (?:the |my |our |its |their )?(?P<y>{either})\b"
    whole = re.compile(
        rf"(?:^|(?<=[.;:!?,]))\s*(?:and |but |while |whereas )?{_NP}(?:{_WHAT} {_GOES}|{_KEEP} (?:(?:the|my|our|all) )?"
        rf"{_WHAT.replace('<x>', '<z>')}) {where}",
        re.IGNORECASE,
    )
    more = re.compile(rf"(?:,|;|\.)?(?: and| but| while| whereas)*,? {_NP}{_WHAT}(?: {_GOES})? {where}", re.IGNORECASE)
    rules: list[Rule] = []
    rest, at = "", 0
    while (m := whole.search(text, at)) is not None:
        rest += text[at : m.start()]
        while m is not None:
            what = m["x"] or m.groupdict().get("z") or ""
            if {t.text for t in tokens_of(what)} & (v.PUT_VERBS | v.PICK_VERBS | v.PRONOUNS):
                break
            rules.append(Rule(what, m["p"].lower().replace("with", "in"), called[m["y"].lower()]))
            at = m.end()
            m = more.match(text, at)
        else:
            continue
        break
    return rules, rest + text[at:]


def _here(what: str, things: Sequence[str], lookup: Lookup) -> bool:
    noun = singular(what.lower().split()[-1])
    return any(noun in {singular(w) for w in n.lower().split()} for n in things) or _kind(what, things, lookup)


def _kind(what: str, things: Sequence[str], lookup: Lookup) -> bool:
    return any(x > 0 for x in lookup.odds(what.lower(), things).values())


def _best(name: str, rules: Sequence[Rule], lookup: Lookup) -> Rule | None:
    """The rule whose things are most like this one; None where none is, or two are alike that say otherwise."""
    scored = sorted(((_alike(r.what, name, lookup), -i) for i, r in enumerate(rules)), reverse=True)
    best, second = scored[0], scored[1] if len(scored) > 1 else (0.0, 0)
    if best[0] <= 0 or (best[0] == second[0] and rules[-best[1]].where != rules[-second[1]].where):
        return None
    return rules[-best[1]]


def _alike(what: str, name: str, lookup: Lookup) -> float:
    """How much a thing is like the things that the words speak of; 0: not at all."""
    said, words = [singular(w) for w in what.lower().split()], [singular(w) for w in name.lower().split()]
    if said[-1] == words[-1]:
        return 2.0 + len(set(said) & set(words)) / 10
    if _kind(what, [name], lookup):
        return 2.0
    one, other = lookup.find(what.lower()), lookup.find(name)
    if one is None or other is None:
        return 1.5 if set(said) & set(words) else 0.0
    shared = sum(1 / max(1, len(lookup.knowledge.of_kind(k))) for k in set(one.kinds) & set(other.kinds))
    return min(1.0, shared) + 0.001 * len(set(one.homes) & set(other.homes))
