"""What the knowledge says about the kinds, uses and properties that a request speaks of, as lines of the form.

The look-up is a tool (`planner.propose.lookup`): it is called for every phrase of the request that it knows, however
the sentence is built, and its answer stands in the prompt of the small questions. The model reads the sentence; it need
not remember what a quince is. What is not written down is said to be open, and stays the model's to judge.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.propose import form
from planner.propose import vocabulary as v
from planner.propose.lookup import STATES, Lookup
from planner.propose.same_kinds import SAME_KINDS
from planner.propose.spelling import colours_of, singular, tokens_of
from planner.propose.uses import GENERIC, LITTLE, stem, stems

MOST = 3  # phrases of one request
LISTED = 12  # things of one phrase
LONGEST = 4  # words of a kind
HOMELY = frozenset("belong belongs belonging home homes away tidy".split())  # noqa: SIM905
NEAR = 7  # words within which the words of a use stand


def hints(
    lookup: Lookup | None,
    request: str,
    names: Sequence[str],
    containers: Sequence[str] = (),
    places: Sequence[str] = (),
) -> tuple[form.Known, ...]:
    """What is written down of ``names`` for each known phrase in ``request``; at most `MOST`, in the order said.

    What is said of homes without naming one ("put everything where it belongs") is looked up for ``containers``. Words
    that name a thing, a container or a place in full are no phrases for kinds ("coffee table").
    """
    if lookup is None or not names:
        return ()
    words = [t.text for t in tokens_of(request)]
    free = _free(words, (*names, *containers, *places))
    phrases = _homes(lookup, words, containers)
    phrases += _kinds(lookup, words, free) + _properties(lookup, words, free) + _uses(lookup, words)
    found: list[form.Known] = []
    for _, phrase in sorted(phrases):
        odds = lookup.odds(phrase, names)
        members = tuple(n for n in names if odds.get(n, 0.0) > 0)
        said = phrase.split()[-1]
        if not odds or any(k.phrase == phrase for k in found) or _plain(said, members, names):
            continue
        if not phrase.startswith("something") or members:  # uses and properties are never listed in full
            found.append(form.Known(phrase, members[:LISTED], tuple(n for n in names if n not in odds)[:LISTED]))
    return tuple(found[:MOST])


def _plain(word: str, members: Sequence[str], names: Sequence[str]) -> bool:
    """Whether the names say it themselves: "blocks" where every member is called a block, and nothing else is."""
    called = [n for n in names if word in {singular(t.text) for t in tokens_of(n)}]
    return bool(members) and called == list(members)


def _free(words: Sequence[str], names: Sequence[str]) -> list[bool]:
    """For each word whether it may belong to a phrase for a kind: no function word, not part of a name said in full."""
    free = [w not in v.FUNCTION_WORDS and w not in GENERIC for w in words]
    for name in names:
        called = name.lower().split()
        for i in range(len(words) - len(called) + 1):
            if list(words[i : i + len(called)]) == called:
                free[i : i + len(called)] = [False] * len(called)
    return free


def _homes(lookup: Lookup, words: Sequence[str], containers: Sequence[str]) -> list[tuple[int, str]]:
    """Homes that are spoken of; where only belonging is spoken of, those among the containers."""
    at = next((i for i, w in enumerate(words) if w in HOMELY), -1)
    if at < 0:
        return []
    near = stems(words[at + 1 : at + 1 + NEAR])
    wanted = {h: stems(h.split()) for h in lookup.homes}
    named = [h for h, s in wanted.items() if s and s <= near and words[at].startswith("belong")]
    here = [stems(t.lower().split()) for t in containers]
    chosen = named or [h for h, s in wanted.items() if s and any(s <= t for t in here)]
    largest = [h for h in chosen if not any(wanted[h] < wanted[o] for o in chosen)]
    return [(at, f"something that belongs in {h}") for h in largest]


def _kinds(lookup: Lookup, words: Sequence[str], free: Sequence[bool]) -> list[tuple[int, str]]:
    """(where, phrase): nouns for kinds, the longest first ("cleaning supply" before "supply")."""
    out: list[tuple[int, str]] = []
    taken = [not f for f in free]
    single = [singular(w) for w in words]
    for size in range(min(LONGEST, len(words)), 0, -1):
        for i in range(len(words) - size + 1):
            if any(taken[i : i + size]):
                continue
            phrase = " ".join(single[i : i + size])
            if lookup.is_kind(phrase) or phrase in SAME_KINDS:
                out.append((i, phrase))
                taken[i : i + size] = [True] * size
    return out


def _properties(lookup: Lookup, words: Sequence[str], free: Sequence[bool]) -> list[tuple[int, str]]:
    return [
        (i, f"something {w}")
        for i, w in enumerate(words)
        if free[i]
        and w in lookup.adjectives
        and w not in STATES
        and not colours_of(w)
        and not lookup.is_kind(singular(w))
    ]


def _uses(lookup: Lookup, words: Sequence[str]) -> list[tuple[int, str]]:
    """Uses whose words stand close together ("the picture has to be hung"); a use of one word only behind "to" or
    "for" ("something to drink")."""
    content = [(i, stem(w)) for i, w in enumerate(words) if w not in LITTLE and w not in GENERIC and len(w) > 2]
    where: dict[str, list[int]] = {}
    for i, s in content:
        where.setdefault(s, []).append(i)
    best: dict[frozenset[str], tuple[int, str]] = {}
    for s in where:
        for use, wanted in lookup.uses_with(s):
            if wanted in best or not all(x in where for x in wanted):
                continue
            places = [where[x][0] for x in wanted]
            first = min(places)
            if len(wanted) == 1:
                if not (first and words[first - 1] in ("to", "for", "can", "could")):
                    continue
            elif max(places) - first >= NEAR:
                continue
            best[wanted] = (first, f"something to {use}")
    largest = [w for w in best if not any(w < other for other in best)]
    return sorted(best[w] for w in largest)[:2]
