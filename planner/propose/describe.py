"""Adjectives that tell which of several things is meant: "the metal bowls", "warm-coloured blocks", "the sharp one"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.propose.context import read_before
from planner.propose.degrees import degree_of
from planner.propose.lookup import Lookup, describing
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.shades import is_tint
from planner.propose.spelling import Token, head


def described(toks: Sequence[Token], mentions: list[Mention], lookup: Lookup | None) -> list[Mention]:
    """The mentions narrowed by the adjectives before them, as far as it is written down what things are like."""
    if lookup is None:
        return mentions
    ends = {m.span[1] for m in mentions}
    out = sorted([*mentions, *_ones(toks, mentions, ends, lookup)], key=lambda m: m.span)
    for i, m in enumerate(out):
        if m.place or m.pronoun or len(m.names) < 2:
            continue
        words, start = adjectives_before(toks, m.span[0], ends, lookup)
        if not words:
            continue
        names = tuple(n for n in m.names if all(lookup.is_like(w, n) for w in words))
        unknown = [n for n in m.names if any(lookup.is_like(w, n) is None for w in words)]
        if not names and (unknown or any(degree_of(w) for w in words)):
            continue  # "the taller can": measured (`planner.propose.measures`)
        text = " ".join(t.text for t in toks[start : m.span[1]])
        why = "" if names else f"there is no {text!r} here"
        told = len(names) == 1 and m.quantity is Quantity.THE
        out[i] = replace(m, names=names, span=(start, m.span[1]), text=text, told=told or m.told, missing=why)
    return out


def _ones(toks: Sequence[Token], mentions: Sequence[Mention], ends: set[int], lookup: Lookup) -> list[Mention]:
    """ "the cold-coloured ones": of the sort that was spoken of before."""
    inside = {k for m in mentions for k in range(*m.span)}
    out = []
    for i, t in enumerate(toks):
        if i in inside or t.text not in ("one", "ones") or not adjectives_before(toks, i, ends, lookup)[0]:
            continue
        before = [m for m in mentions if m.span[1] <= i and m.names and not m.place and m.role is Role.MOVER]
        if not before or before[-1].kind:  # "light clothes here, dark ones there": looked up as "dark clothes"
            continue
        kinds = {head(n) for n in before[-1].names}
        names = tuple(sorted({n for m in mentions for n in m.names if head(n) in kinds}))
        b = read_before(toks, i, i + 1, [k in inside for k in range(len(toks))])
        quantity = Quantity.ALL if t.text == "ones" else b.quantity
        out.append(
            Mention(t.text, (i, i + 1), names, quantity, False, before=b.preposition, role=b.role, start=b.start)
        )  # fmt: skip
    return out


def adjectives_before(toks: Sequence[Token], end: int, ends: set[int], lookup: Lookup) -> tuple[tuple[str, ...], int]:
    """(adjectives, index of the first) that stand right before the word at ``end``."""
    words: list[str] = []
    i = end
    while i > 0 and i not in ends and not toks[i - 1].ends_clause:
        word = toks[i - 1].text
        if is_tint(word) and i > 1:
            joined = f"{toks[i - 2].text}-{word}"
            if not describing(lookup, joined):
                break
            words.append(joined)
            i -= 2
        elif describing(lookup, word) or (words and word == "and"):
            words += [word] if word != "and" else []
            i -= 1
        else:
            break
    while i < end and toks[i].text == "and":
        i += 1
    return tuple(reversed(words)), i
