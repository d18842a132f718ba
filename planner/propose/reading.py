"""One instruction read against what is here: phrases with roles, what belongs to what, and what stays unclear.

A deterministic helper: it never decides. `planner.propose.evidence` turns the reading into log-scores beside the
model's, `planner.ground.questions` into questions and reasons to refuse.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from planner.plan import Done, Request
from planner.propose import vocabulary as v
from planner.propose.clauses import Clause, clause_of, clauses
from planner.propose.cues import Cues, cues_of
from planner.propose.describe import described
from planner.propose.homes import homes, unsafe_pairs
from planner.propose.implied import implied_targets, is_wish, person_place, usual_place
from planner.propose.kind_phrases import kind_phrases
from planner.propose.lookup import Lookup, known_kinds
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.missing import unknown_phrases, unknown_verb
from planner.propose.recall import compared, recall, recent, repeated, target_mention
from planner.propose.referents import alternatives, ones, others, pronouns, shared_colours
from planner.propose.remarks import without_remarks
from planner.propose.restrict import Restricter, kinds_there
from planner.propose.revise import corrections, exclusions
from planner.propose.roles import moved_place, of_verbs, one_place
from planner.propose.sorts import Sorts, narrowest
from planner.propose.spatial import layout_of, located, same_place
from planner.propose.spelling import Token, colours_of, singular, tokens_of
from planner.propose.wording import condition, plain
from planner.propose.words import Spotter
from skills.library import SkillLibrary
from skills.state import State
from skills.symbols import GroundAtom, Operator

PARTICULAR = re.compile(
    r"\b(?:know|guess|remember) which\b|\bof (?:my|our) (?:choice|choosing|liking)\b"
    r"|\b(?:the|that|those) ones? (?:that |which )?(?:i|we|he|she|they|my \w+)\b"
)
OPEN_NUMBERS = (" too many ", " not all of ", " just enough ", " enough of ", " as many as ")


@dataclass(frozen=True)
class Words:
    """The reading of one instruction.

    ``links``: for a mover's mention (index) the mentions of where it goes. ``banned``: pairs (thing, target) that must
    not be. ``verbs``: what is asked for; ``deeds``: operators whose own verb is asked for; ``said``: every word;
    ``cannot``: a verb that no skill speaks of; ``relation``: a place relative to a thing ("beside"); ``dangling``: a
    pronoun that means nothing; ``restored``: facts of before that are to hold again ("put it back"), or of where
    things belong; ``handed``: somebody wants the thing, and no place is known for persons: taking it in hand is all
    that can be done; ``hazards``: pairs (thing, container) that are unsafe by what is written down; ``immovable``: a
    place or a piece of furniture that is to be moved.
    """

    mentions: tuple[Mention, ...]
    links: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    cues: Cues = field(default_factory=Cues)
    banned: frozenset[tuple[str, str]] = frozenset()
    verbs: frozenset[str] = frozenset()
    deeds: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    cannot: str = ""
    relation: str = ""
    dangling: str = ""
    restored: tuple[GroundAtom, ...] = ()
    handed: bool = False
    hazards: frozenset[tuple[str, str]] = frozenset()
    immovable: str = ""

    @property
    def wanted(self) -> tuple[Mention, ...]:
        """Mentions that a goal should account for."""
        return tuple(m for m in self.mentions if m.names and not m.excluded and m.role in (Role.MOVER, Role.TARGET))

    @property
    def excluded(self) -> frozenset[str]:
        """Things that are not to be moved."""
        return frozenset(n for m in self.mentions if m.excluded and m.role is not Role.TARGET for n in m.names)

    @property
    def barred(self) -> frozenset[str]:
        """Destinations that are ruled out."""
        return frozenset(n for m in self.mentions if m.excluded and m.role is Role.TARGET for n in m.names)

    @property
    def clear(self) -> bool:
        """Whether every word is one of a closed class or belongs to a phrase: no paraphrase that rules do not know."""
        phrases = {w for m in self.mentions for w in tokens_text(m.text)}
        return all(w in v.KNOWN or singular(w) in v.KNOWN or w in phrases for w in self.said)

    def ask_for(self, op: Operator) -> bool:
        """Whether one of the operator's own verbs is what a clause asks for ("push it there")."""
        return op.name in self.deeds

    @property
    def open_phrases(self) -> int:
        """Phrases that may mean something here but could not be resolved."""
        return sum(1 for m in self.mentions if not m.names and not m.missing and m.role is not Role.ASIDE)


def tokens_text(text: str) -> list[str]:
    """The words of a phrase."""
    return [t.text for t in tokens_of(text)]


def read_words(
    request: Request, aliases: Sequence[tuple[str, str]] = (), lookup: Lookup | None = None, open_kinds: bool = False
) -> Words:
    """The instruction and the answers given so far, read against the request's state. ``lookup``: what is written
    down of things and kinds; ``open_kinds``: unknown nouns for several things are kinds too."""
    state, spotter = request.state, spotter_for(request, aliases, lookup)
    history = request.context.history
    text, history = (said, history[:-1]) if (said := repeated(request.instruction, history)) else (
        request.instruction, history)  # fmt: skip
    words = read(text, spotter, state, request.library, lookup, history, open_kinds)
    for _, answer in request.dialogue:
        words = settle(words, answer, spotter, state)
    return words


def spotter_for(request: Request, aliases: Sequence[tuple[str, str]] = (), lookup: Lookup | None = None) -> Spotter:
    """What finds names in the request's words; ``lookup`` knows which words exist."""
    obs, state = request.observation, request.state
    person = person_place(state)
    return Spotter(
        tuple(sorted({*obs.objects, *obs.unseen})),
        tuple(state.of_type("place")),
        (*aliases, *request.context.aliases, *((w, person) for w in ("person", "human", "user") if person)),
        {n: o.colour for n, o in obs.objects.items() if o.colour},
        frozenset(state.of_type("container")),
        piles_of(state),
        lookup.words if lookup is not None else frozenset(),
        lookup.use_verbs if lookup is not None else frozenset(),
        Sorts(lookup, tuple(sorted(obs.objects))) if lookup is not None else None,
        layout_of(request),
    )


def read(
    text: str,
    spotter: Spotter,
    state: State,
    library: SkillLibrary,
    lookup: Lookup | None = None,
    history: Sequence[Done] = (),
    open_kinds: bool = False,
) -> Words:
    """The reading of one instruction."""
    text = _settled(plain(text, (*spotter.objects, *spotter.places), spotter.real), spotter)
    toks = tokens_of(text)
    if not toks:
        return Words(())
    explained: set[int] = set()
    written = known_kinds(lookup)
    mentions = ones(toks, shared_colours(toks, spotter.spot(text)))
    mentions = _excluded_lists(toks, described(toks, mentions, lookup))
    mentions = one_place(toks, mentions)
    mentions = same_place(toks, located(toks, mentions, spotter.layout), state)
    found = clauses(toks, mentions)
    mentions = Restricter(toks, state, spotter, explained).run(mentions, found)
    kinds = kind_phrases(toks, mentions, found, explained, written)
    free = [
        m for m in mentions if not any(k.span[0] <= m.span[0] < k.span[1] for k in kinds)
    ]  # "what belongs in the box"
    mentions = sorted(free + kinds, key=lambda m: m.span)
    mentions = kinds_there(toks, mentions, found, state)
    mentions = corrections(toks, mentions, found, explained)
    mentions, banned = exclusions(toks, mentions, found, state, lookup)
    mentions = narrowest(mentions, lookup)
    earlier = tuple(m.thing for m in recent(history, state))
    mentions = others(mentions, state, earlier)
    mentions = of_verbs(toks, mentions, found, state)
    mentions, dangling = pronouns(toks, mentions, found, state, earlier)
    mentions = sorted([*mentions, *implied_targets(toks, mentions, found, state, lookup)], key=lambda m: m.span)
    mentions = compared(toks, mentions) if history else mentions
    mentions = alternatives(toks, mentions)
    recalled = recall(toks, mentions, found, history, state)
    at_home = homes(toks, mentions, state, lookup) if not recalled.facts else ()
    mentions += target_mention(recalled, toks, state)
    mentions += unknown_phrases(toks, mentions, found, explained, written, open_kinds)
    mentions = [usual_place(m, state) for m in without_remarks(toks, mentions, found)]
    fixed = moved_place(toks, mentions, found)
    mentions = [replace(m, role=Role.TARGET) if m.place and m.role is Role.MOVER else m for m in mentions]
    mentions = [_absent(m) for m in sorted(mentions, key=lambda m: m.span)]
    if PARTICULAR.search(text.lower()):  # a particular one, although "a bowl" was said
        mentions = [replace(m, quantity=Quantity.THE) if m.quantity is Quantity.ANY else m for m in mentions]
    if any(x in f" {' '.join(t.text for t in toks)} " for x in OPEN_NUMBERS):
        mentions = [replace(m, quantity=Quantity.VAGUE) if m.quantity is Quantity.ALL else m for m in mentions]
    cues = cues_of(toks, mentions, found)
    mentions = [_counted(m) for m in _matched(mentions, cues)]
    verbs = frozenset(toks[c.verb].text for c in found if c.verb >= 0 and not c.negated)
    said = frozenset(t.text for t in toks)
    asked = verbs | (said - v.VERBS)
    usable = library.usable(state)
    deeds = frozenset(n for n, s in usable.items() if s.operator.verbs & asked)
    return Words(
        tuple(mentions), links_of(mentions, cues), cues, frozenset(banned), verbs, deeds, said,
        unknown_verb(toks, found, usable), _relation(mentions, found), dangling, recalled.facts or at_home,
        is_wish(toks, found) and not person_place(state), unsafe_pairs(state, lookup), fixed,
    )  # fmt: skip


def _settled(text: str, spotter: Spotter) -> str:
    """Of "if there is a lemon ..., otherwise ..." the part that counts here."""
    parts = condition(text)
    if parts is None:
        return text
    what, then, other = parts
    here = any(m.names and not m.place for m in spotter.spot(what))
    said = re.sub(r"\b(?:it|one|them)\b", what, then, count=1) if here else other
    verb = then.split()[0]
    return said if here or any(t.text in v.VERBS for t in tokens_of(other)) else f"{verb} {other}"


def piles_of(state: State) -> tuple[tuple[str, ...], ...]:
    """Towers of at least two things, each from the bottom up."""
    above = {a.args[1]: a.args[0] for a in state.base if a.predicate == "on"}
    lower = {a.args[0] for a in state.base if a.predicate == "on"}
    out = []
    for bottom in sorted(set(above) - lower):
        pile = [bottom]
        while pile[-1] in above and above[pile[-1]] not in pile:
            pile.append(above[pile[-1]])
        out.append(tuple(pile))
    return tuple(out)


def _relation(mentions: Sequence[Mention], found: Sequence[Clause]) -> str:
    """The preposition of a clause that names no other destination than one relative to a thing."""
    for m in mentions:
        clause = clause_of(found, m.span[0])
        here = [x for x in mentions if clause.start <= x.span[0] < clause.end]
        if m.role is Role.RELATION and (m.names or m.pronoun) and all(x.role is not Role.TARGET for x in here):
            return m.before
    return ""


def _excluded_lists(toks: Sequence[Token], mentions: list[Mention]) -> list[Mention]:
    """ "except the cup and the fork": what is joined to something taken out is taken out as well."""
    out = list(mentions)
    for i, (a, b) in enumerate(itertools.pairwise(mentions)):
        gap = {t.text for t in toks[a.span[1] : b.span[0]]}
        if out[i].excluded and not b.before and gap <= {"and", "or", "nor", *v.DETERMINERS}:
            out[i + 1] = replace(b, excluded=True)
    return out


def _absent(m: Mention) -> Mention:
    """A phrase with a colour or a noun of this scene that fits nothing here says so."""
    known = m.names or m.missing or m.pronoun or m.other or m.role in (Role.ASIDE, Role.RELATION)
    if known or not any(colours_of(w) for w in m.text.split()):
        return m
    return replace(m, missing=f"there is no {m.text!r} here")


def _counted(m: Mention) -> Mention:
    """ "half of the four": two; "the three blocks" where there are three: all of them."""
    if m.half:
        return replace(m, count=max(1, len(m.names) // 2))
    if m.quantity is Quantity.SOME and m.count is not None and m.names and m.count >= len(m.names):
        return replace(m, quantity=Quantity.ALL, count=None)
    return m


def _matched(mentions: list[Mention], cues: Cues) -> list[Mention]:
    """ "the bowl of the same colour": the one that has the colour of the one thing that is moved."""
    if not cues.matching:
        return mentions
    movers = [m for m in mentions if m.role is Role.MOVER and not m.excluded and m.names]
    if len(movers) != 1 or len(movers[0].names) != 1:
        return mentions
    colours = colours_of(movers[0].names[0])
    out = []
    for m in mentions:
        fits = tuple(n for n in m.names if colours and colours_of(n) == colours)
        narrow = m.role is Role.TARGET and len(m.names) > 1 and fits
        out.append(replace(m, names=fits, told=len(fits) == 1) if narrow else m)
    return out


def links_of(mentions: Sequence[Mention], cues: Cues) -> dict[int, tuple[int, ...]]:
    """Which target each mover goes to: the next one said, else the one before ("into the crate go the tools")."""
    line = [
        i for i, m in enumerate(mentions) if m.names and not m.excluded and m.role in (Role.MOVER, Role.TARGET)
    ]  # fmt: skip
    movers = [i for i in line if mentions[i].role is Role.MOVER]
    targets = [i for i in line if mentions[i].role is Role.TARGET]
    links: dict[int, tuple[int, ...]] = {}
    if not targets or (cues.tower and cues.order):
        return links
    if cues.zipped and len(movers) == len(targets):
        return {m: (t,) for m, t in zip(movers, targets, strict=True)}
    inverted = line[0] in targets and line[-1] in movers
    for i in movers:
        after = [t for t in targets if t > i]
        before = [t for t in targets if t < i]
        chosen = before[-1:] if inverted and before else after[:1] or before[-1:]
        links[i] = tuple(chosen)
    for a, b in itertools.pairwise(line):  # "a on b in the corner": b is where a goes, and goes itself
        if a in targets and b in targets and not inverted:
            links[a] = (b,)
    return links


def settle(words: Words, answer: str, spotter: Spotter, state: State) -> Words:
    """The reading after an answer: open phrases are decided by it; something new is one more mention."""
    toks = tokens_of(answer)
    said = [m for m in spotter.spot(answer) if m.names]
    out = list(words.mentions)
    for i, m in enumerate(out):
        if m.excluded or m.role not in (Role.MOVER, Role.TARGET) or (m.exact and not m.missing) or len(m.names) == 1:
            continue
        fits = [a for a in said if not m.names or set(a.names) & set(m.names)]
        if fits:
            allowed = set(m.names) or {n for a in fits for n in a.names}
            names = tuple(dict.fromkeys(n for a in fits for n in a.names if n in allowed))
            whole = names == m.names
            several = m.quantity in (Quantity.VAGUE, Quantity.SOME, Quantity.ALL) or len(fits) > 1
            quantity = Quantity.ALL if several and not (whole and m.one) else m.quantity
            place = all(a.place for a in fits)
            out[i] = replace(m, names=names, quantity=quantity, told=len(names) == 1, place=place, missing="")
            said = [a for a in said if a not in fits]
        elif m.quantity is Quantity.VAGUE:
            number = next((v.NUMBERS[t.text] for t in toks if t.text in v.NUMBERS), 0)
            number = number or next((int(t.text[:4]) for t in toks if t.text.isdigit()), 0)
            if number:
                out[i] = _counted(replace(m, quantity=Quantity.SOME, count=number))
            elif any(t.text in v.ALL_WORDS for t in toks):
                out[i] = replace(m, quantity=Quantity.ALL)
        if {"any", "whichever", "either"} & {t.text for t in toks} and out[i].quantity is Quantity.THE:
            out[i] = replace(out[i], quantity=Quantity.ANY)
    for a in said:
        if not any(set(a.names) <= set(m.names) and m.role is not Role.ASIDE for m in out):
            role = Role.TARGET if a.place or a.role is Role.TARGET else _free_role(out)
            out.append(replace(a, role=role, span=(a.span[0] + 1000, a.span[1] + 1000)))
    dangling = "" if said or any(set(m.names) for m in out) else words.dangling
    return replace(words, mentions=tuple(out), links=links_of(out, words.cues), dangling=dangling)


def _free_role(mentions: Sequence[Mention]) -> Role:
    """What an answer about something new is: the thing when none was named, else where it goes."""
    movers = any(m.role is Role.MOVER and m.names and not m.excluded for m in mentions)
    return Role.TARGET if movers else Role.MOVER
