"""Typing slips in the small words of a request: "npt", "amd", "fetcch", "coloir" become what was meant.

The names of things are mended where they are looked for (`planner.propose.words`); here it is verbs, prepositions and
whatever else the reading goes by. Only a word that does not exist is touched: none of a closed class, of the knowledge,
of the scene, nothing close to a name of the scene, and no name in the middle of a sentence. One slip is undone, the
likeliest first: a letter doubled, two swapped, one left out, one beside the right one on a keyboard.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import lru_cache

from planner.plan import Request
from planner.propose import vocabulary as v
from planner.propose.common_words import english
from planner.propose.lookup import Lookup
from planner.propose.spelling import colour_of, edit_distance, singular, tokens_of
from planner.propose.tools import Toolbox

WORD = re.compile(r"[^\W\d_]+")
LONG = 5  # letters from which on any written word may be meant, not only one of a closed class
SURE = 1  # rank of slips that are common
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
BESIDE = frozenset(a + b for row in ROWS for a, b in itertools.pairwise(row))
TAILS = ("ing", "ed", "es", "s", "ly", "est")
SMALL = v.DETERMINERS | v.PLACE_PREPOSITIONS


def without_slips(request: Request, lookup: Lookup | None, tools: Toolbox) -> Request:
    """The request as it was meant, noted among the tools; as it is where nobody says which words exist."""
    if lookup is None:
        return request
    obs, state = request.observation, request.state
    other = (a for a, _ in request.context.aliases)
    text = mended(request.instruction, {*obs.objects, *obs.unseen, *state.of_type("place"), *other}, lookup.words)
    if text == request.instruction:
        return request
    tools.note("slips", text, text=request.instruction)
    return replace(request, instruction=text)


def mended(text: str, names: Iterable[str], real: Collection[str]) -> str:
    """The text with slips undone. ``names``: of what is here; ``real``: words that exist besides the closed classes."""
    here = frozenset(w for n in names for t in tokens_of(n) for w in (t.text, singular(t.text)))
    out, last = [], 0
    for match in WORD.finditer(text):
        said = match.group()
        begins = not text[: match.start()].rstrip() or text[: match.start()].rstrip()[-1] in '.!?"'
        apart = {text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]} & {"'", "’", "-"}
        if apart or (said[0].isupper() and not begins and not said.isupper()):
            continue
        meant = _meant(said.lower(), here, real)
        if meant:
            out.append(text[last : match.start()] + (meant.capitalize() if said[0].isupper() else meant))
            last = match.end()
    return "".join(out) + text[last:]


def _meant(word: str, here: Collection[str], real: Collection[str]) -> str:
    """What was meant by a word that does not exist; "" for one that does, or where nothing is near."""
    if len(word) < 2 or _exists(word, here, real):
        return ""
    once = re.sub(r"(.)\1{2,}", r"\1", word)
    if once != word and once in v.KNOWN:
        return once
    if any(
        len(w) > 2 and w[0] == word[0] and edit_distance(word, w, 1 + (len(w) > 6)) <= 1 + (len(w) > 6) for w in here
    ):
        return ""  # a thing of the scene
    if len(word) == 2:
        return _likeliest(word, SMALL, SURE)
    close = _likeliest(word, v.KNOWN, SURE if len(word) < LONG else 3)
    if close or len(word) < LONG:
        return close
    return _likeliest(word, _by_first(frozenset(real)).get(word[0], ()), SURE)


def _exists(word: str, here: Collection[str], real: Collection[str]) -> bool:
    """Whether the word, or what it is an ending of, is one of a closed class, an everyday word, written, or here."""
    stems = {word.removesuffix(t) for t in TAILS if word.endswith(t) and len(word) - len(t) > 2}
    stems |= {s + "e" for s in stems} | {s[:-1] for s in stems if s[-1] == s[-2]}
    forms = {word, singular(word)} | stems
    return any(w in group for w in forms for group in (v.KNOWN, english(), here, real)) or bool(colour_of(word))


def _likeliest(word: str, among: Iterable[str], worst: int) -> str:
    """The word that one slip turned into this one, by the likeliest kind of slip."""
    found = [(rank, w) for w in among if abs(len(w) - len(word)) < 2 and (rank := _rank(word, w)) <= worst]
    return min(found, key=lambda f: (f[0], f[1][:1] != word[:1], f[1]))[1] if found else ""


def _rank(said: str, meant: str) -> int:
    """How odd the one slip is: 0 doubled or swapped, 1 left out or a key beside, 2 put in, 3 another letter; else 9."""
    if len(meant) < 2 or edit_distance(said, meant, 1) != 1:
        return 9
    k = next((i for i, (a, b) in enumerate(zip(said, meant, strict=False)) if a != b), min(len(said), len(meant)))
    if len(said) == len(meant) + 1:
        return 0 if k and said[k] == said[k - 1] else 2
    if len(said) < len(meant):
        return 1
    if said[k + 1 : k + 2] == meant[k] and meant[k + 1 : k + 2] == said[k]:
        return 0
    return 1 if said[k] + meant[k] in BESIDE or meant[k] + said[k] in BESIDE else 3


@lru_cache(maxsize=4)
def _by_first(real: frozenset[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for w in sorted(real):
        if len(w) >= LONG - 1:
            found.setdefault(w[0], []).append(w)
    return {k: tuple(ws) for k, ws in found.items()}
