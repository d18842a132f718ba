"""Phrases for a kind or a use of things: "the fruit", "something to drink", "whatever belongs in a toolbox".

Only the phrase is found here; which things belong to it, the language model is asked (`planner.propose.kinds`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from planner.propose import vocabulary as v
from planner.propose.clauses import Clause, clause_of, is_verb
from planner.propose.context import read_before
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.relatives import told_by_use
from planner.propose.spelling import Token, plural, singular

SOMETHING = {
    "something": Quantity.ANY, "anything": Quantity.ALL, "thing": Quantity.ANY, "things": Quantity.ALL,
    "stuff": Quantity.ALL, "items": Quantity.ALL, "objects": Quantity.ALL, "item": Quantity.ANY,
    "object": Quantity.ANY,
}  # fmt: skip
THINGS = {"one": "thing", "ones": "things", "item": "thing", "object": "thing", "items": "things", "objects": "things"}
WHAT = frozenset({"what", "whatever", "everything"})
HAVING = frozenset({"has", "have", "contains", "contain", "doesn't", "isn't", "don't", "can", "can't", "cannot"})
COUNTS = frozenset({"exactly", "least", "either", "neither", "whichever", "half"})
OWN = frozenset({"my", "our", "your", "his", "her", "their", "the"})
NO_ADJECTIVES = v.FUNCTION_WORDS | v.VERBS | (v.VAGUE_NUMBERS | v.GENERIC_NOUNS | COUNTS) - {"round"}
CONTINUES = frozenset(
    {"to", "for", "that", "which", "with", "i", "you", "we", "they", "one", "people", "belongs", "belong", "made"}
)


def is_kind(word: str, written: Collection[str] = ()) -> bool:
    """Whether the noun names a kind of thing rather than one thing; ``written``: kinds that the knowledge knows."""
    return bool({word, singular(word)} & (v.CATEGORY_NOUNS | v.MASS_NOUNS)) or singular(word) in written


def kind_words(phrase: Sequence[str]) -> str:
    """How a noun phrase is put to the model: as the heading of a list, in the plural."""
    head = phrase[-1]
    if plural(head) or head in v.MASS_NOUNS or head.endswith("fish"):
        return " ".join(phrase)
    many = f"{head}es" if head.endswith(("s", "x", "z", "ch", "sh")) else f"{head}s"
    many = head[:-1] + "ies" if head.endswith("y") and head[-2:-1] not in "aeiou" else many
    return " ".join([*phrase[:-1], many])


def kind_phrases(
    toks: Sequence[Token],
    mentions: Sequence[Mention],
    found: Sequence[Clause],
    explained: set[int],
    written: Collection[str] = (),
    uses: Collection[str] = (),
) -> list[Mention]:
    """All such phrases; their words are added to ``explained``. ``written``: nouns for kinds, ``uses``: what things are
    used for, as far as that is written down."""
    taken = [False] * len(toks)
    for x in mentions:
        taken[x.span[0] : x.span[1]] = [True] * (x.span[1] - x.span[0])
    out: list[Mention] = []
    ends = dict(told_by_use(toks, {t.text for m in mentions for t in toks[m.span[0] : m.span[1]]}))
    for i, t in enumerate(toks):
        if taken[i] or i in explained:
            continue
        m: Mention | None = None
        if i in ends:
            m = _by_use(toks, taken, i, ends[i])
        elif t.text in ("ones", "one") and (last := _last_kind([*mentions, *out], i)) is not None:
            m = _other_ones(toks, taken, i, last)
        elif t.text in SOMETHING or t.text in WHAT:
            m = _use(toks, taken, mentions, found, i, uses)
        elif is_kind(t.text, written) and not is_verb(toks, i):
            if (said := _said_of(toks, mentions, i)) < i:  # "the peel is rubbish": no other thing
                explained.update(range(said, i + 1))
                continue
            m = _noun(toks, taken, found, i, written)
        if m is not None:
            out.append(m)
            taken[m.span[0] : m.span[1]] = [True] * (m.span[1] - m.span[0])
            explained.update(range(m.start, m.span[1]))
    return out


def _said_of(toks: Sequence[Token], mentions: Sequence[Mention], i: int) -> int:
    """Where what is said of a thing begins, if the noun at ``i`` ends it ("the peel *is just rubbish*"); else ``i``."""
    start = i
    while start > 0 and not toks[start - 1].ends_clause and i - start < 4:
        start -= 1
        if toks[start].text in ("is", "are", "was", "were", "isn't", "aren't"):
            return start if any(m.span[1] == start and m.names for m in mentions) else i
        if toks[start].text not in v.DETERMINERS | v.BEING | {"only", "not", "all", "both", "really"}:
            break
    return i


def _noun(
    toks: Sequence[Token], taken: Sequence[bool], found: Sequence[Clause], i: int, written: Collection[str]
) -> Mention | None:
    """A noun for a kind, with the adjectives before it."""
    follows = i + 1 < len(toks) and not toks[i].ends_clause
    if follows and toks[i + 1].text in SOMETHING:
        return None  # "sweet things": what they are like
    if follows and (taken[i + 1] or is_kind(toks[i + 1].text, written)):
        return None  # "fruit bowl", "toy car"
    start = i
    while start > 0 and not taken[start - 1] and not toks[start - 1].ends_clause:
        word = toks[start - 1].text
        if (
            word in v.FUNCTION_WORDS | v.VERBS | v.NEGATIONS | v.VAGUE_NUMBERS | v.GENERIC_NOUNS | COUNTS
            or word.isdigit()
        ):
            break
        start -= 1
    b = read_before(toks, start, i + 1, taken)
    if b.preposition == "of" or b.role not in (Role.MOVER, Role.SOURCE):
        return None
    phrase = [t.text for t in toks[start : i + 1]]
    end = _relative(toks, taken, i)
    quantity = b.quantity
    if phrase[-1] in v.MASS_NOUNS and quantity is Quantity.THE and not set(phrase) & v.PREFERENCES:
        quantity = Quantity.ALL
    bare = not v.DETERMINERS & {t.text for t in toks[b.start : start]}
    if phrase[-1] in v.SUBSTANCES and quantity is Quantity.THE and bare:
        quantity = Quantity.ALL  # "put oil and vinegar on the shelf": what is not counted
    said = [t.text for t in toks[i + 1 : end]]
    words = " ".join([*phrase, *said]) if said else kind_words(phrase)
    return Mention(
        " ".join(phrase), (start, end), (), quantity, False, before=b.preposition, role=b.role, excluded=b.excluded,
        count=b.count, start=b.start, each=b.each, half=b.half, kind=words,
    )  # fmt: skip


def _relative(toks: Sequence[Token], taken: Sequence[bool], i: int) -> int:
    """The end of what a clause behind the noun says of it ("a soda *that is not caffeinated*"), where it names nothing
    that is here."""
    j = i + 1
    if toks[i].ends_clause or j + 1 >= len(toks) or toks[j].text not in ("that", "which", "without", "used", "for"):
        return i + 1
    if toks[j].text == "for" and not toks[j + 1].text.endswith("ing"):
        return i + 1
    if toks[j].text in ("that", "which") and toks[j + 1].text not in v.BEING | HAVING:
        return i + 1
    while j < len(toks) and not (j > i + 1 and toks[j - 1].ends_clause):
        if taken[j]:
            return i + 1
        if j > i + 2 and toks[j].text in v.PLACE_PREPOSITIONS | v.CONJUNCTIONS | {"please"}:
            break
        j += 1
    return j


def _use(
    toks: Sequence[Token],
    taken: Sequence[bool],
    mentions: Sequence[Mention],
    found: Sequence[Clause],
    i: int,
    uses: Collection[str] = (),
) -> Mention | None:
    """ "something to drink", "a sharp thing", "what I need for it"."""
    word = toks[i].text
    end = i + 1
    homely = ("belong", "belongs", "belonging")
    borders = {m.start for m in mentions if m.start > i and toks[m.start - 1].text not in homely}
    if [t.text for t in toks[i + 1 : i + 2]] == ["to"]:  # "something to play table tennis", and a table tennis bat
        borders -= {m.start for m in mentions if m.start == m.span[0] == i + 3 and not m.exact and not m.place}
    states = 0
    following = toks[i + 1].text if i + 1 < len(toks) else ""
    allowed = int(word not in SOMETHING or following in ("that", "which"))  # state verbs that belong to the phrase
    while end < len(toks) and not toks[end - 1].ends_clause and end not in borders:
        text = toks[end].text
        states += text in v.STATE_VERBS
        if text in ("and", "but", "then") or states > allowed:
            break
        end += 1
    end = max(end, _told(toks, i, uses))
    tail = [t.text for t in toks[i + 1 : end]]
    while tail and tail[-1] in ("please", "me", "us", "now", "for", "here"):
        tail.pop()
    start = i
    while start > 0 and word in SOMETHING and not taken[start - 1] and not toks[start - 1].ends_clause:
        said = toks[start - 1].text
        if said in NO_ADJECTIVES or said.isdigit():
            break
        start -= 1
    described = start < i
    if not described and not tail and word in ("something", "anything"):
        return _purpose(toks, mentions, found, i)
    if not described and (not tail or (tail[0] in v.FUNCTION_WORDS and tail[0] not in CONTINUES)):
        return None
    if not described and tail[0] in ("to", "for", "with") and len(tail) < 2:
        return None
    if word in ("what", "everything") and tail[0] not in CONTINUES - {"to", "for", "with"}:
        return None
    b = read_before(toks, start, i + 1, taken)
    if b.role not in (Role.MOVER, Role.SOURCE):
        return None
    kind = " ".join([*(t.text for t in toks[start:i]), word, *tail])
    length = len(tail)
    if word in WHAT and len(tail) > 2 and tail[-2] == "for" and tail[-1] in ("that", "it", "this"):
        tail = tail[:-2]  # another clause says what for
        kind = " ".join([word, *tail])
    if word in WHAT and len(tail) <= 2 and tail[0] in ("i", "we", "you"):
        kind = f"{_before(toks, found, i)}{kind}"
    end = i + 1 + length
    quantity = SOMETHING.get(word, Quantity.ALL)
    if quantity is Quantity.ANY and b.quantity in (Quantity.THE, Quantity.ALL) and word in ("thing", "item", "object"):
        quantity = b.quantity
    count = None
    if b.quantity in (Quantity.SOME, Quantity.VAGUE):  # "three things that belong in the shed"
        quantity, count = b.quantity, b.count
    return Mention(
        kind, (start, end), (), quantity, False, before=b.preposition, role=b.role, excluded=b.excluded, start=b.start,
        count=count, kind=kind,
    )  # fmt: skip


def _last_kind(mentions: Sequence[Mention], i: int) -> Mention | None:
    """The phrase for a sort that was said last before the word."""
    before = [m for m in mentions if m.span[1] <= i and m.role is not Role.TARGET and not m.place]
    last = max(before, key=lambda m: m.span, default=None)
    return last if last is not None and last.kind else None


def _other_ones(toks: Sequence[Token], taken: Sequence[bool], i: int, last: Mention) -> Mention | None:
    """ "The hot drinks ..., the cold ones": of the sort that was spoken of last, with other adjectives."""
    start = i
    while start > 0 and not taken[start - 1] and not toks[start - 1].ends_clause:
        if toks[start - 1].text in v.FUNCTION_WORDS | v.VERBS | v.NEGATIONS | v.VAGUE_NUMBERS:
            break
        start -= 1
    noun = last.kind.split()[-1]
    if start == i or not plural(noun) or " that " in last.kind:
        return None
    b = read_before(toks, start, i + 1, taken)
    if b.role not in (Role.MOVER, Role.SOURCE):
        return None
    said = [t.text for t in toks[start:i]]
    quantity = Quantity.ALL if toks[i].text == "ones" and b.quantity is Quantity.THE else b.quantity
    return Mention(
        " ".join([*said, toks[i].text]), (start, i + 1), (), quantity, False, before=b.preposition, role=b.role,
        excluded=b.excluded, count=b.count, start=b.start, kind=" ".join([*said, noun]),
    )  # fmt: skip


def _by_use(toks: Sequence[Token], taken: Sequence[bool], i: int, end: int) -> Mention | None:
    """ "Everything a plumber would use", "the thing you'd blow up for a party"."""
    b = read_before(toks, i, i + 1, taken)
    if b.role not in (Role.MOVER, Role.SOURCE):
        return None
    word = toks[i].text
    one = word in ("something", "thing", "item", "object", "one")
    quantity = b.quantity if one and b.quantity is not Quantity.ALL else Quantity.ALL
    quantity = Quantity.ANY if word == "something" else quantity
    kind = " ".join([THINGS.get(word, word), *(t.text for t in toks[i + 1 : end])])
    return Mention(
        kind, (i, end), (), quantity, False, before=b.preposition, role=b.role, excluded=b.excluded, start=b.start,
        count=b.count, kind=kind,
    )  # fmt: skip


def _told(toks: Sequence[Token], i: int, uses: Collection[str]) -> int:
    """The end of the longest written use behind "things to": it may name what is here ("fill a hole in wood")."""
    if [t.text for t in toks[i + 1 : i + 2]] != ["to"]:
        return i + 1
    for end in range(min(len(toks), i + 9), i + 3, -1):
        said = " ".join("one's" if t.text in OWN else t.text for t in toks[i + 2 : end])
        if said in uses and not any(t.ends_clause for t in toks[i + 1 : end - 1]):
            return end
    return i + 1


def _purpose(toks: Sequence[Token], mentions: Sequence[Mention], found: Sequence[Clause], i: int) -> Mention | None:
    """ "I am thirsty, bring me something": what it is for, another clause says."""
    here = clause_of(found, i)
    for c in found:
        inside = any(c.start <= m.span[0] < c.end for m in mentions)
        words = [t.text for t in toks[c.start : c.end]]
        told = [w for w in words if w not in v.FUNCTION_WORDS | v.VERBS - v.OTHER_VERBS and w not in v.POLITE]
        if c is here or inside or not told or not {"i", "i'm", "we", "we're", "im"} & set(words):
            continue
        b = read_before(toks, i, i + 1, [False] * len(toks))
        kind = f"something for {' '.join(told)}"
        return Mention(
            kind, (i, i + 1), (), Quantity.ANY, False, before=b.preposition, role=b.role, excluded=b.excluded,
            start=b.start, kind=kind,
        )  # fmt: skip
    return None


def _before(toks: Sequence[Token], found: Sequence[Clause], i: int) -> str:
    """The clause before, which says what "what I need" is for."""
    clause = clause_of(found, i)
    earlier = [c for c in found if c.end <= clause.start]
    return " ".join(t.text for t in toks[earlier[-1].start : earlier[-1].end]) + ", " if earlier else ""
