"""Clauses of an instruction: where one ends, what its verb is, whether it forbids or leaves alone."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from planner.propose import vocabulary as v
from planner.propose.mention import Mention
from planner.propose.spelling import Token, colour_of

BREAKS = frozenset({"and", "but", "then", "so", "while", "because", "or"})
NOT = v.NEGATIONS - {"no", "none", "neither", "nobody", "isn't", "isnt", "aren't", "arent", "doesn't", "doesnt"}
NOUN_BEFORE = (v.DETERMINERS - {"that", "this", "these", "those"}) | (v.NUMBERS.keys() - {"one"}) | {"every", "each"}


@dataclass(frozen=True)
class Clause:
    """Tokens ``start`` to ``end``. ``verb``: its index, -1 without one. ``opener``: the word that joins it."""

    start: int
    end: int
    verb: int
    negated: bool
    opener: str = ""
    sentence: bool = False  # begins after more than a comma


def clauses(toks: Sequence[Token], mentions: Sequence[Mention]) -> list[Clause]:
    """The clauses in order. A mention is never cut."""
    inside = {i for m in mentions for i in range(m.span[0], m.span[1])}
    cuts: list[tuple[int, str, bool]] = [(0, "", True)]
    for i, t in enumerate(toks):
        if t.ends_clause and i + 1 < len(toks):
            cuts.append((i + 1, "", t.ends_sentence))
        if i and t.text in BREAKS and i not in inside:
            same = cuts[-1][0] == i
            cuts[-1:] = [(i, t.text, cuts[-1][2])] if same else [cuts[-1], (i, t.text, False)]
    out = []
    for n, (start, opener, sentence) in enumerate(cuts):
        end = cuts[n + 1][0] if n + 1 < len(cuts) else len(toks)
        verb = next((i for i in range(start, end) if i not in inside and is_verb(toks, i, i - 1 in inside)), -1)
        negated = verb >= 0 and any(toks[i].text in NOT for i in range(start, verb))
        if verb < 0:  # "the cup must never be in the sink"
            said = [toks[i].text for i in range(start, end)]
            negated = any(a in NOT and b == "be" for a, b in itertools.pairwise(said))
        out.append(Clause(start, end, verb, negated, opener, sentence))
    return out


BEHIND = v.words("instead too also now please later afterwards afterward first again today quickly soon asap")


def is_verb(toks: Sequence[Token], i: int, named: bool = False) -> bool:
    """Whether the word is used as a verb: many are nouns as well ("the stack"). ``named``: a phrase for something that
    is here ends right before it ("the blocks stay")."""
    word = toks[i].text
    if word not in v.VERBS:
        return False
    before = toks[i - 1].text if i and not toks[i - 1].ends_clause else ""
    if before in NOUN_BEFORE or colour_of(before):
        return False
    return before not in ("of", "in", "on", "at", "into", "onto", "from") and (named or not _headed(toks, i))


def _headed(toks: Sequence[Token], i: int) -> bool:
    """Whether an article and one word that may be an adjective stand before the word, and it ends its phrase: "the
    healthy drink"."""
    if i < 2 or toks[i - 1].ends_clause or toks[i - 2].ends_clause or toks[i - 2].text not in v.DETERMINERS:
        return False
    if toks[i].text in ("go", "goes", "belong", "belongs"):  # "now the dishes go ..."
        return False
    last = toks[i].ends_clause or i + 1 == len(toks) or toks[i + 1].text in v.FUNCTION_WORDS - v.DETERMINERS | BEHIND
    return toks[i - 1].text not in v.FUNCTION_WORDS | v.VERBS and last


def clause_of(found: Sequence[Clause], index: int) -> Clause:
    """The clause that the word belongs to."""
    return next((c for c in found if c.start <= index < c.end), found[-1])


def governing(found: Sequence[Clause], index: int) -> Clause:
    """The clause whose verb the word depends on: its own, or the one before in the same sentence that it goes on with
    ("fetch the cup *and the spoon on the tray*")."""
    k = next((k for k, c in enumerate(found) if c.start <= index < c.end), len(found) - 1)
    while k > 0 and found[k].verb < 0 and not found[k].sentence and found[k].opener in ("", "and", "or"):
        k -= 1
    return found[k] if found[k].verb >= 0 else clause_of(found, index)
