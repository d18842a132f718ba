"""One instruction read against what is here: phrases with roles, what belongs to what, and what stays unclear.

A deterministic helper: it never decides. `planner.propose.evidence` turns the reading into log-scores beside the
model's, `planner.ground.questions` into questions and reasons to refuse.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from planner.plan import Done, Request
from planner.propose import vocabulary as v
from planner.propose.bearers import borne
from planner.propose.clauses import Clause, clause_of, clauses
from planner.propose.conditions import settled
from planner.propose.counts import all_but_some, bare_numbers, counted, kept_back
from planner.propose.cues import cues_of
from planner.propose.describe import described
from planner.propose.diets import avoided, barred, told
from planner.propose.exemplars import by_example
from planner.propose.harm import given_to_small, is_drug
from planner.propose.homes import NOTHING, homes, unsafe_pairs
from planner.propose.implied import PERSONS, implied_targets, is_wish, person_place, usual_place
from planner.propose.kind_phrases import kind_phrases
from planner.propose.linking import links_of, matched, not_back, put_there, respectively, taken_alone
from planner.propose.lookup import Lookup, known_kinds
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.missing import elsewhere, unknown_phrases, unknown_verb
from planner.propose.near import SAID, put_near, puts
from planner.propose.needs import stated_need
from planner.propose.odd import odd_one
from planner.propose.pointing import there
from planner.propose.recall import compared, likewise, recall, recent, repeated, target_mention
from planner.propose.referents import alternatives, ones, others, partitive, pronouns, shared_colours
from planner.propose.remarks import without_remarks
from planner.propose.restrict import Restricter
from planner.propose.revise import corrections, exclusions
from planner.propose.roles import existing, moved_place, of_verbs, one_place, visited
from planner.propose.sentence import Words
from planner.propose.settling import settle
from planner.propose.sides import sided
from planner.propose.sorts import Sorts, all_that_is, narrowest
from planner.propose.spatial import across, layout_of, located, same_place
from planner.propose.spelling import Token, colours_of, head, singular, tokens_of
from planner.propose.spotting import EVERYTHING
from planner.propose.switches import switched
from planner.propose.tastes import Tastes, stance, suited
from planner.propose.within import kinds_there
from planner.propose.wording import plain
from planner.propose.words import Spotter
from skills.library import SkillLibrary
from skills.state import State
from skills.symbols import GroundAtom

PARTICULAR = re.compile(
    r"\b(?:know|guess|remember) which\b|\bof (?:my|our) (?:choice|choosing|liking)\b"
    r"|\b(?:the|that|those) ones? (?:that |which )?(?:i|we|he|she|they|my \w+)\b"
)
LISTED = frozenset({"and", "or", "nor", *v.DETERMINERS, *v.NUMBERS})  # between phrases of one list
SHOWING = frozenset({"see", "notice", "spot", "remember", "recognise", "recognize"})
APART = re.compile(r"\bkeep\b[^.;]* away from\b")
OPEN_NUMBERS = (" too many ", " not all of ", " just enough ", " enough of ", " as many as ")


def read_words(
    request: Request, aliases: Sequence[tuple[str, str]] = (), lookup: Lookup | None = None, open_kinds: bool = False
) -> Words:
    """The instruction and the answers given so far, read against the request's state. ``lookup``: what is written
    down of things and kinds; ``open_kinds``: unknown nouns for several things are kinds too."""
    state, spotter = request.state, spotter_for(request, aliases, lookup)
    history = request.context.history
    text, history = (said, history[:-1]) if (said := repeated(request.instruction, history, spotter)) else (
        request.instruction, history)  # fmt: skip
    noted, tastes = _told(request, spotter, lookup)
    text = likewise(text, history)
    words = read(told(text), spotter, state, request.library, lookup, history, open_kinds, noted)
    for _, answer in request.dialogue:
        words = settle(words, answer, spotter, state)
    return replace(words, mentions=tuple(suited(words.mentions, tastes)), tastes=tastes)


def _told(request: Request, spotter: Spotter, lookup: Lookup | None) -> tuple[dict[str, GroundAtom], Tastes]:
    """What the notes say: where things belong, and what the person likes."""
    state = request.state
    movable, containers = set(state.of_type("movable")), set(state.of_type("container"))
    noted: dict[str, GroundAtom] = {}
    taste: dict[int, set[str]] = {1: set(), -1: set()}
    for note in request.context.notes:
        said = read(note, spotter, state, request.library, lookup)
        mentions = [m if m.place else replace(m, names=_members(m, lookup, movable)) for m in said.mentions]
        things = {i: m.names for i, m in enumerate(mentions) if not m.place}
        if side := stance(note):
            taste[side].update(n for names in things.values() for n in names)
            continue
        for i, targets in links_of(mentions, said.cues).items():
            where = [n for t in targets for n in mentions[t].names]
            if mentions[i].excluded or len(where) != 1:
                continue
            at = "in" if where[0] in containers else "at"
            noted |= {n: GroundAtom(at, (n, where[0])) for n in things.get(i, ()) if n != where[0]}
    parts = [p for said in (request.instruction, *request.context.notes) for p in avoided(said)]
    return noted, Tastes(frozenset(taste[1]), frozenset(taste[-1]), barred(parts, sorted(movable), lookup))


def _members(m: Mention, lookup: Lookup | None, movable: Collection[str]) -> tuple[str, ...]:
    """The things that a phrase of a note means, kinds by what is written down; where things go, as it was read."""
    if m.names or not m.kind or lookup is None:
        return m.names
    return tuple(n for n, odds in lookup.odds(m.kind, sorted(movable)).items() if odds > 0)


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
    noted: Mapping[str, GroundAtom] = NOTHING,
) -> Words:
    """The reading of one instruction. ``noted``: where things belong by the notes."""
    here = person_place(state)
    text = by_example(text, state.of_type("movable"), (*state.of_type("container"), *state.of_type("place")), lookup)
    text = sided(text, spotter.objects)
    text = odd_one(text, state.of_type("movable"), lookup)
    text = borne(text, (*state.of_type("movable"), *state.of_type("container")), lookup)
    text = plain(text, (*spotter.objects, *spotter.places), spotter.real, PERSONS if here else (), here)
    plainly, idle = settled(text, spotter, state)
    text = plain(plainly, (*spotter.objects, *spotter.places)) if plainly not in ("", text) else plainly
    text = there(text, (*spotter.objects, *spotter.places), spotter.containers)
    text, idle = switched(text, state) if not idle else (text, idle)
    toks = tokens_of(text)
    if not toks:
        return Words((Mention("", (0, 0), (), Quantity.THE, False, missing=idle),) if idle else ())
    if need := stated_need(text, lambda said: any(_says(m) for m in spotter.spot(said))):
        return _needed(need, here, frozenset(t.text for t in toks))
    explained: set[int] = set()
    written = known_kinds(lookup)
    mentions = ones(toks, shared_colours(toks, all_that_is(toks, spotter.spot(text), explained)))
    mentions = _excluded_lists(toks, described(toks, mentions, lookup))
    mentions = one_place(toks, mentions)
    mentions = across(toks, same_place(toks, located(toks, mentions, spotter.layout), state), state)
    found = clauses(toks, mentions)
    mentions = bare_numbers(toks, all_but_some(toks, mentions, explained))
    mentions = partitive(toks, mentions)
    mentions = Restricter(toks, state, spotter, explained).run(mentions, found)
    kinds = kind_phrases(toks, mentions, found, explained, written, lookup.use_phrases if lookup is not None else ())
    free = [
        m for m in mentions if not any(k.span[0] <= m.span[0] < k.span[1] for k in kinds)
    ]  # "what belongs in the box"
    mentions = sorted(free + kinds, key=lambda m: m.span)
    mentions = kinds_there(toks, mentions, found, state)
    mentions = corrections(toks, mentions, found, explained)
    mentions, banned = exclusions(toks, mentions, found, state, lookup)
    mentions = narrowest(mentions, lookup)
    earlier = tuple(m.thing for m in recent(history, state))
    mentions = kept_back(others(mentions, state, earlier))
    mentions = of_verbs(toks, existing(toks, mentions, found), found, state)
    mentions = put_near(toks, mentions, found, state, library)
    mentions, dangling = pronouns(toks, mentions, found, state, earlier)
    mentions = sorted([*mentions, *implied_targets(toks, mentions, found, state, lookup)], key=lambda m: m.span)
    mentions = compared(toks, mentions) if history else mentions
    mentions = alternatives(toks, mentions)
    recalled = recall(toks, mentions, found, history, state)
    at_home = homes(toks, mentions, state, lookup, noted) if not recalled.facts else ()
    mentions += target_mention(recalled, toks, state)
    mentions += unknown_phrases(toks, mentions, found, explained, written, open_kinds)
    mentions = [usual_place(m, state) for m in without_remarks(toks, mentions, found, written)]
    fixed = moved_place(toks, mentions, found)
    mentions = [replace(m, role=Role.TARGET) if m.place and m.role is Role.MOVER else m for m in mentions]
    mentions = visited(toks, mentions, found, state)
    mentions = [_absent(m) for m in sorted(mentions, key=lambda m: m.span)]
    if PARTICULAR.search(text.lower()):  # a particular one, although "a bowl" was said
        mentions = [replace(m, quantity=Quantity.THE) if m.quantity is Quantity.ANY else m for m in mentions]
    if any(x in f" {' '.join(t.text for t in toks)} " for x in OPEN_NUMBERS):
        mentions = [replace(m, quantity=Quantity.VAGUE) if m.quantity is Quantity.ALL else m for m in mentions]
    mentions = respectively(toks, mentions)
    cues = cues_of(toks, mentions, found, spotter.containers)
    mentions = [counted(m) for m in matched(mentions, cues)]
    verbs = frozenset(toks[c.verb].text for c in found if c.verb >= 0 and not c.negated)
    said = frozenset(t.text for t in toks)
    asked = verbs | (said - v.VERBS)
    usable = library.usable(state)
    deeds = frozenset(n for n, s in usable.items() if s.operator.verbs & asked)
    relation = "" if cues.tower and cues.order else _relation(toks, mentions, found)
    links = not_back(mentions, links_of(mentions, cues))
    links = put_there(toks, mentions, taken_alone(toks, mentions, found, links))
    return Words(
        tuple(mentions), links, cues, frozenset(banned), verbs, deeds, said,
        unknown_verb(toks, found, usable, mentions, lookup) or _turned_over(toks, mentions)
        or elsewhere(toks, (*spotter.places, *spotter.objects)),
        relation, dangling, recalled.facts or at_home,
        is_wish(toks, found) and not person_place(state), unsafe_pairs(state, lookup), fixed,
        peril=_peril(text, mentions, lookup),
    )  # fmt: skip


def _peril(text: str, mentions: Sequence[Mention], lookup: Lookup | None) -> str:
    """What is to be given to a small child or a pet although it is nothing for them, "" when nothing is."""
    unfit = given_to_small(text)
    if lookup is not None and (spoilt := _spoilt(mentions, lookup)):
        return spoilt
    names = [n for m in mentions if m.role is Role.MOVER and not m.excluded and m.one for n in m.names] if unfit else []
    wrong = {n for n in names if is_drug(n)}
    if lookup is not None and names:
        wrong |= {n for kind in unfit for n, odds in lookup.odds(kind, names).items() if odds > 0}
    return min(wrong, default="")


def _spoilt(mentions: Sequence[Mention], lookup: Lookup) -> str:
    """What is poisonous and to be put in food or drink, "" when nothing is."""
    into = [n for m in mentions if m.role is Role.TARGET and not m.place and not m.excluded for n in m.names]
    eaten = [n for kind in ("food", "drink") for n, odds in lookup.odds(kind, into).items() if odds > 0]
    moved = [n for m in mentions if m.role is Role.MOVER and not m.excluded for n in m.names if n not in into]
    poison = {n for n, odds in lookup.odds("poisonous things", moved).items() if odds > 0}
    return min(poison | {n for n in moved if is_drug(n)}, default="") if eaten else ""


def _says(m: Mention) -> bool:
    """Whether a phrase names things that are here, and not just a part of their names ("the dog": dog food)."""
    last = singular(m.text.split()[-1]) if m.text else ""
    heads = {singular(head(n)) for n in m.names}
    return bool(m.names) and m.text not in EVERYTHING and (m.exact or m.place or bool(m.kind) or last in heads)


def _needed(kind: str, person: str, said: frozenset[str]) -> Words:
    """Somebody needs something and names nothing: one thing that meets the need, brought to whoever is there."""
    mentions = [Mention(kind, (0, 1), (), Quantity.ANY, False, kind=kind)]
    if person:
        mentions.append(
            Mention(person, (1, 1), (person,), Quantity.THE, True, True, before="at", role=Role.TARGET, told=True)
        )
    links = {0: (1,)} if person else {}
    return Words(tuple(mentions), links, verbs=frozenset({"bring"}), said=said, handed=not person)


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


def _turned_over(toks: Sequence[Token], mentions: Sequence[Mention]) -> str:
    """ "Upside down" of anything but a tower: no skill turns a thing over."""
    said = " upside down" in f" {' '.join(t.text for t in toks)}" and not any(m.pile for m in mentions)
    return "turn upside down" if said and sum(m.role is Role.MOVER for m in mentions) == 1 else ""


def _relation(toks: Sequence[Token], mentions: Sequence[Mention], found: Sequence[Clause]) -> str:
    """The preposition of a clause that names no other destination than one relative to a thing."""
    if APART.search(" ".join(t.text for t in toks)) and all(m.role is not Role.TARGET for m in mentions):
        return "away from"
    for m in mentions:
        clause = clause_of(found, m.span[0])
        if clause.verb < 0 and SHOWING & {t.text for t in toks[clause.start : m.span[0]]}:
            continue  # "see the glove next to the vase? ...": which one, not where to
        if m.before in SAID and not puts(toks, clause, found):
            continue  # "throw away the can next to the plate": which one, too
        here = [x for x in mentions if clause.start <= x.span[0] < clause.end]
        if m.role is Role.RELATION and (m.names or m.pronoun) and all(x.role is not Role.TARGET for x in here):
            return m.before
    return ""


def _excluded_lists(toks: Sequence[Token], mentions: list[Mention]) -> list[Mention]:
    """ "except the cup and the fork": what is joined to something taken out is taken out as well."""
    out = list(mentions)
    for i, (a, b) in enumerate(itertools.pairwise(mentions)):
        gap = {t.text for t in toks[a.span[1] : b.span[0]]}
        joined = gap & {"and", "or", "nor"} or toks[max(a.start, 0)].text not in ("not", "never")  # "not X, Y": Y it is
        ended = any(t.ends_sentence for t in toks[a.span[1] - 1 : b.span[0]])
        ended = ended or b.text.startswith("everything")  # "besides the cup, everything goes ..."
        if out[i].excluded and joined and not ended and not b.before and gap <= LISTED:
            out[i + 1] = replace(b, excluded=True)
    return out


def _absent(m: Mention) -> Mention:
    """A phrase with a colour or a noun of this scene that fits nothing here says so."""
    known = m.names or m.missing or m.pronoun or m.other or m.role in (Role.ASIDE, Role.RELATION)
    if known or not any(colours_of(w) for w in m.text.split()):
        return m
    return replace(m, missing=f"there is no {m.text!r} here")
