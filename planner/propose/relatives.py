"""Things told by what somebody would do with them: "everything a plumber would use", "the thing you'd blow up".

The words inside speak of nothing that is here, so nothing of it is looked for in them; the whole is a kind, which the
knowledge or the model settles (`planner.propose.kinds`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from planner.propose import vocabulary as v
from planner.propose.spelling import Token

HEADS = v.words("everything anything something whatever what thing things stuff item items object objects one ones")
WHO = v.words("i you we they he she it people one someone somebody anybody anyone everybody everyone kids children")
MODALS = v.words("would could might can will may usually normally typically often always")
SHORT = frozenset(f"{w}'{e}" for w in ("i", "you", "we", "they", "he", "she", "one") for e in ("d", "ll"))
DOING = v.words(
    "use uses need needs wear wears like likes eat eats drink drinks play plays want wants carry carries require"
)
POINTED = v.DETERMINERS - {"a", "an", "some", "any", "another"}
LONGEST = 14  # words


def told_by_use(toks: Sequence[Token], here: Collection[str]) -> Iterator[tuple[int, int]]:
    """(head, end) of every such phrase: the word for the things, and where the words about them end: before "into the
    box", when one of the words (``here``) of what is here follows."""
    i = 0
    while i < len(toks):
        end = _end(toks, i, here) if toks[i].text in HEADS and not toks[i].ends_clause else i
        if end > i:
            yield i, end
        i = max(end, i + 1)


def _end(toks: Sequence[Token], i: int, here: Collection[str]) -> int:
    j = i + 1
    made = next((k for k in range(j, min(j + 4, len(toks))) if toks[k].text == "made"), -1)
    if made >= 0 and all(t.text in v.BEING | {"that", "which"} for t in toks[j:made]):  # "anything made out of wood"
        of = [t.text for t in toks[made + 1 : made + 3]]
        k = made + 2 if of[:1] in (["of"], ["from"]) else made + 3 if of == ["out", "of"] else len(toks)
        return k + 1 if k < len(toks) and toks[k].text not in v.FUNCTION_WORDS else i
    if j + 2 < len(toks) and toks[j].text == "for" and toks[j + 1].text.endswith("ing") and not toks[j].ends_clause:
        return _purpose(toks, j + 2, here)  # "the thing for peeling potatoes"
    relative = toks[j : j + 1] and toks[j].text in ("that", "which")
    j += bool(relative)
    subject = _subject(toks, j)
    if subject == j or subject >= len(toks) or toks[subject - 1].ends_clause:
        return i
    short = toks[subject - 1].text in SHORT
    if not short and toks[subject].text not in MODALS | DOING:
        return i
    k = subject
    while k < len(toks) and k - i < LONGEST:
        word = toks[k].text
        following = {t.text for t in toks[k + 1 : k + 4]}
        into = word in v.PLACE_PREPOSITIONS and bool(following & set(here)) and toks[k + 1].text in POINTED
        if k > subject and (into or word in v.STATE_VERBS or word in ("should", "must", "is", "are", "and", "but")):
            break
        k += 1
        if toks[k - 1].ends_clause:
            break
    return k


def _purpose(toks: Sequence[Token], k: int, here: Collection[str]) -> int:
    """The end of what is done with a thing: up to where it is to go."""
    while k < len(toks) and not toks[k - 1].ends_clause:
        following = {t.text for t in toks[k + 1 : k + 4]}
        if toks[k].text in v.PLACE_PREPOSITIONS and following & set(here) and toks[k + 1].text in POINTED:
            break
        if toks[k].text in v.STATE_VERBS | {"to", "should", "must", "is", "are", "and", "but", "please"}:
            break
        k += 1
    return k


def _subject(toks: Sequence[Token], j: int) -> int:
    """The end of who does it ("you", "a young plumber", "nurses"); ``j`` where nobody is named."""
    if j >= len(toks) or toks[j].ends_clause:
        return j
    if toks[j].text in WHO | SHORT:
        return j + 1
    k = j + (toks[j].text in ("a", "an", "any", "every", "most", "the", "my", "our"))
    while k < len(toks) and k - j < 4 and toks[k].text not in v.FUNCTION_WORDS | MODALS | DOING | v.STATE_VERBS:
        k += 1
        if toks[k - 1].ends_clause:
            return j
    return k if toks[k - 1].text not in v.DETERMINERS and k > j else j
