"""What is spoken of and not here: noun phrases without a thing, verbs without a skill.

Precise rather than complete: only a determiner (or "in", "into", "on", "onto" directly) with a concrete noun, in the
place of a thing or a destination, counts. Categories ("fruit") and asides are left open: they may mean something here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from planner.propose import vocabulary as v
from planner.propose.clauses import Clause, clause_of
from planner.propose.context import read_before
from planner.propose.kind_phrases import is_kind, kind_words
from planner.propose.lookup import STATES, Lookup
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.spelling import Token, colour_of, plural, singular
from skills.library import SkillLibrary

INTO = ("in", "into", "onto", "inside")
OPENERS = frozenset({"in", "into", "on", "onto", "inside"})
VAGUE = (
    v.VAGUE_NUMBERS
    | v.GENERIC_NOUNS
    | v.SUPERLATIVES
    | v.SHADES
    | v.PILE_NOUNS
    | v.MATCH_WORDS
    | v.LOWEST
    | v.HIGHEST
    | v.LOOSE
    | v.PREFERENCES
    | STATES
    | frozenset({"dear", "best", "chance", "rest", "while", "sec", "lot", "darling"})
)
FORCES = frozenset({"squeeze", "sweep", "kick", "blow", "shake", "wipe", "mop", "fold", "crush", "roll", "smash"})
NO_NOUNS = frozenset({"to", "with", "which", "that", "who", "what", "whatever"})


def unknown_phrases(
    toks: Sequence[Token],
    mentions: Sequence[Mention],
    found: Sequence[Clause],
    explained: set[int],
    written: Collection[str] = (),
    open_kinds: bool = False,
) -> list[Mention]:
    """Noun phrases that match nothing here. Those that must be one concrete thing say so in ``missing``.
    ``open_kinds``: nouns for several things are left to be settled as kinds, by whoever knows them."""
    taken = [False] * len(toks)
    for x in mentions:
        taken[x.span[0] : x.span[1]] = [True] * (x.span[1] - x.span[0])
    out = []
    i = 0
    while i < len(toks):
        j = _end(toks, taken, explained, i)
        if j > i + 1:
            m = _mention(toks, taken, found, i, j, written, open_kinds)
            if m is not None:
                out.append(m)
        i = max(j, i + 1)
    return out


def _opens(toks: Sequence[Token], i: int) -> bool:
    word = toks[i].text
    before = toks[i - 1].text if i and not toks[i - 1].ends_clause else ""
    pointed = word == "that" and before in (v.PICK_VERBS | v.PUT_VERBS | {"me", "us", "find"}) - {"see"}
    return pointed or word in v.DETERMINERS - {"that"} or word in OPENERS or word in ("all", "every", "each", "both")


def _end(toks: Sequence[Token], taken: Sequence[bool], explained: set[int], i: int) -> int:
    """The end of the phrase that the word at ``i`` opens; ``i`` when it opens none."""
    if taken[i] or i in explained or not _opens(toks, i) or toks[i].ends_clause:
        return i
    j = i + 1
    while j < len(toks) and not taken[j] and j not in explained and j - i <= 4:
        word = toks[j].text
        can = word == "can" and toks[j + 1 : j + 2] and toks[j + 1].text == "of"  # the noun
        if (word in v.FUNCTION_WORDS and not can) or (
            word in v.VERBS - v.PILE_NOUNS and j > i + 1 and toks[i].text in v.DETERMINERS
        ):
            break
        j += 1
        if toks[j - 1].ends_clause:
            break
    return j


def _mention(
    toks: Sequence[Token],
    taken: Sequence[bool],
    found: Sequence[Clause],
    i: int,
    j: int,
    written: Collection[str],
    open_kinds: bool,
) -> Mention | None:
    phrase = [t.text for t in toks[i + 1 : j]]
    swallowed = j < len(toks) and taken[j] and not toks[j - 1].ends_clause  # "the big | red block"
    swallowed = swallowed or _vessel_of(toks, taken, j)
    if swallowed or not phrase:
        return None
    bare = toks[i].text in OPENERS
    if bare and (phrase[0] in v.BARE_ADVERBS | VAGUE or len(phrase) > 2 or phrase[0] in v.VERBS):
        return None
    b = read_before(toks, i + 1, j, taken)
    text = " ".join(phrase)
    head = phrase[-1]
    nouns = [w for w in phrase if not {w, singular(w)} & VAGUE]
    coloured = any(colour_of(w) for w in phrase)
    if not nouns and not (coloured and head in ("one", "ones", "thing", "things")):
        return None
    clause = clause_of(found, i)
    kind = is_kind(head, written)
    aside = b.role in (Role.ASIDE, Role.RELATION) or b.excluded or b.preposition == "of"
    inner = any(t.text in NO_NOUNS - {"to", "with"} for t in toks[clause.start : i]) and b.role is not Role.TARGET
    inner = inner or any(t.text in ("what", "whatever", "whoever") for t in toks[clause.start : i])
    position = b.role is Role.TARGET or _object_of_verb(toks, b.start, clause)
    concrete = (
        (not kind or (b.role is Role.TARGET and not plural(head)))
        and not aside
        and not inner
        and position
        and b.role is not Role.SOURCE
    )
    generic = {head, singular(head)} & VAGUE and not coloured
    why = f"there is no {text!r} here" if concrete and not generic else ""
    quantity = b.quantity if kind else Quantity.THE
    several = plural(head) or b.quantity is not Quantity.THE
    if open_kinds and why and several and b.role is Role.MOVER:  # "all the toiletries": a model may know what they are
        return Mention(
            text, (i + 1, j), (), b.quantity, False, before=b.preposition, role=b.role, count=b.count, start=b.start,
            each=b.each, half=b.half, kind=kind_words(phrase),
        )  # fmt: skip
    return Mention(
        text, (i + 1, j), (), quantity, False, before=b.preposition, role=b.role, excluded=b.excluded, start=b.start,
        missing=why,
    )  # fmt: skip


def _vessel_of(toks: Sequence[Token], taken: Sequence[bool], j: int) -> bool:
    """Whether "of" and something that is here follow: "a cold jug | of milk" speaks of the milk."""
    if j + 1 >= len(toks) or toks[j].text != "of" or toks[j - 1].ends_clause:
        return False
    return taken[j + 1] or (j + 2 < len(toks) and toks[j + 1].text in v.DETERMINERS and taken[j + 2])


def _object_of_verb(toks: Sequence[Token], start: int, clause: Clause) -> bool:
    """Whether the phrase at ``start`` is what a verb asks for, or the subject of a wish ("the spoon goes in ...")."""
    before = toks[start - 1].text if start > clause.start else ""
    if clause.verb < 0:
        return start - clause.start <= 1
    if start > clause.verb:
        return start - clause.verb <= 2 or before in ("me", "us", "and")
    return toks[clause.verb].text in v.STATE_VERBS and start - clause.start <= 2


def unknown_verb(
    toks: Sequence[Token],
    found: Sequence[Clause],
    library: SkillLibrary,
    mentions: Sequence[Mention] = (),
    lookup: Lookup | None = None,
) -> str:
    """A verb that is asked for, that moves nothing and that no skill speaks of; "" when there is none."""
    sayable = {w for s in library.values() for w in (*s.operator.say.lower().split(), *s.operator.verbs)} | set(library)
    for c in found:
        if c.verb < 0 or c.negated:
            continue
        word = toks[c.verb].text
        after = [t.text for t in toks[c.verb + 1 : c.end]]
        switched = word in ("switch", "turn") and ({"on", "off"} & {*after[:1], *after[-1:]})
        if not switched and (word not in v.OTHER_VERBS or word in sayable):
            continue
        if word in FORCES and _driven(c, mentions, lookup):
            continue
        lead = [t.text for t in toks[c.start : c.verb]]
        if {"i", "i'd", "we", "we'd", "i'll", "i'm"} & set(lead) and "you" not in lead:
            continue  # "I would like to wash my hands"
        if set(lead) <= v.POLITE:
            return word
    return ""


_ELSEWHERE = re.compile(
    r"^(?:(?:please|now|first|then|just|and|could|can|would|you|robot|hey),? )*(?:go|run|walk|head|drive|pop|hurry"
    r"|nip|hop|step|dash|ride|travel)(?: (?:over|on|out|back|quickly|right))*(?: to)? (?P<where>next door"
    r"|upstairs|downstairs"
    r"|outside|outdoors|abroad|across the (?:street|road)|(?:around|round) the corner|down the (?:street|road|hall)"
    r"|up the (?:street|road)|into town|shopping)\b"
)


def elsewhere(toks: Sequence[Token], places: Collection[str]) -> str:
    """ "Go next door and ...": out of this room, where no skill goes; "" where that is a place here, or not asked."""
    m = _ELSEWHERE.match(" ".join(t.text for t in toks))
    return f"go {m['where']}" if m and not any(m["where"].split()[-1] in p.lower().split() for p in places) else ""


def _driven(clause: Clause, mentions: Sequence[Mention], lookup: Lookup | None) -> bool:
    """ "Sweep the screws into the tin", "squeeze the book into the bag": the verb says how, the place where to. What is
    eaten and squeezed into something is pressed out."""
    here = [m for m in mentions if clause.verb < m.span[0] < clause.end and m.names and not m.excluded]
    moved = [n for m in here if m.role is Role.MOVER and not m.place for n in m.names]
    into = any(m.role is Role.TARGET and (m.before in INTO or (m.place and m.before == "to")) for m in here)
    eaten = lookup.odds("food", moved) if lookup is not None and moved else {}
    return bool(moved) and into and not any(odds > 0 for odds in eaten.values())
