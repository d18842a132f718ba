"""A phrase for several things taken apart: "sour things", "something to drink", "a soda that isn't a cola"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from planner.propose import vocabulary as v
from planner.propose.shades import is_tint
from planner.propose.spelling import singular, tokens_of

GENERIC = v.words(
    "something anything everything thing things stuff item items object objects one ones what whatever whichever"
)
LITTLE = (
    v.DETERMINERS
    | v.PLACE_PREPOSITIONS
    | v.SOURCE_PREPOSITIONS
    | v.BEING
    | v.AUXILIARIES
    | v.words(
        """
        to for with that which who i you we he she they me my one ones people person someone somebody can could use
        used of about be very really kind kinds sort piece pieces bit some and or either
        counts count qualifies qualify as
        """
    )
)
COPULA = v.words("is are made be looks look feels feel tastes taste contains")
NEVER = v.NEGATIONS | frozenset({"non", "without"})
IRREGULAR = {
    "ate": "eat", "eaten": "eat", "drank": "drink", "drunk": "drink", "wrote": "write", "written": "write",
    "worn": "wear", "kept": "keep", "broken": "break", "made": "make", "held": "hold", "drove": "drive",
    "thirsty": "thirst", "hungry": "eat",
}  # fmt: skip


def stem(word: str) -> str:
    """A rough English stem, the same for "slice", "slices", "slicing" and "sliced"."""
    word = singular(IRREGULAR.get(word, word))
    for tail in ("ing", "ed"):
        base = word.removesuffix(tail)
        if base != word and len(base) >= 3 and any(c in "aeiouy" for c in base):
            doubled = len(base) > 3 and base[-1] == base[-2] and base[-1] not in "lsz"
            return (base[:-1] if doubled else base).removesuffix("e")
    return word.removesuffix("e") if len(word) > 3 else word


def stems(words: Iterable[str]) -> frozenset[str]:
    """Stems of the content words."""
    return frozenset(stem(w) for w in words if w not in LITTLE and w not in GENERIC)


@dataclass(frozen=True)
class Phrase:
    """``use``: content stems of what one does with the things; ``home``: where they belong; ``noun``: words of the
    kind, empty for things of any kind; ``adjectives``: said before the noun or behind "that is"; ``without``: what they
    are not; ``bare``: one word behind "something", which may be a property or a use."""

    use: frozenset[str] = frozenset()
    home: frozenset[str] = frozenset()
    noun: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    bare: bool = False


def take_apart(phrase: str) -> Phrase:
    """Read a noun phrase without its determiner."""
    words = joined([t.text for t in tokens_of(phrase)])
    at = next((i for i, w in enumerate(words) if w in ("belong", "belongs")), -1)
    if at >= 0:
        return Phrase(home=stems(words[at + 1 :]))
    no = next((i for i, w in enumerate(words) if w in NEVER), len(words))
    without = tuple(w for w in words[no:] if w not in LITTLE | NEVER | GENERIC | COPULA)
    words = words[:no]
    opener = next((i for i, w in enumerate(words) if w in GENERIC), -1)
    if opener < 0:
        cut = next((i for i, w in enumerate(words) if i and w in ("for", "to", "that", "which", "with", "made")), None)
        body = tuple(w for i, w in enumerate(words[:cut]) if w not in LITTLE or (w == "used" and not i))
        return replace(_tail(words[cut:] if cut is not None else ()), noun=body, without=without, bare=False)
    before = tuple(w for w in words[:opener] if w not in LITTLE)
    tail = _tail(words[opener + 1 :])
    return replace(tail, adjectives=(*before, *tail.adjectives), without=without, bare=tail.bare and not before)


def joined(words: Sequence[str]) -> list[str]:
    """ "warm", "coloured": one word."""
    out: list[str] = []
    for w in words:
        if out and is_tint(w):
            out[-1] = f"{out[-1]}-{w}"
        else:
            out.append(w)
    return out


def _tail(words: Sequence[str]) -> Phrase:
    """What is said behind the noun."""
    if not words:
        return Phrase()
    k = next((i for i in range(1, len(words) - 1) if words[i] in ("that", "which") and words[i + 1] in COPULA), 0)
    if k:  # "to eat that is healthy"
        first, second = _tail(words[:k]), _tail(words[k:])
        return Phrase(use=first.use | second.use, adjectives=(*first.adjectives, *second.adjectives))
    content = tuple(w for w in words if w not in LITTLE | COPULA | GENERIC)
    relative = words[0] in ("that", "which", "who", "whose")
    if (relative and (len(words) < 2 or words[1] in COPULA | v.BEING)) or words[0] in ("made", "of", "with"):
        return Phrase(adjectives=content)
    if len(words) == 1:
        return Phrase(adjectives=content, bare=True)
    if words[0] not in LITTLE and words[0] not in v.VERBS and "to" in words[:-1]:  # "something healthy to eat"
        k = list(words).index("to")
        return Phrase(use=stems(words[k + 1 :]), adjectives=tuple(w for w in words[:k] if w not in LITTLE | GENERIC))
    if words[0] not in LITTLE and words[0] not in v.VERBS:  # "something nice and salty"
        return Phrase(adjectives=content)
    return Phrase(use=stems(words))
