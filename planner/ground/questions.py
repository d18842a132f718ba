"""When to ask or refuse before anything moves, from the words alone.

Rules, not sentences: a phrase that names something which is not here; one particular thing meant where several
fit and nothing tells them apart; a destination that nobody named. Rates of asking too much and too little are
measured by the evaluation.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.plan import Ask, Proposal, Refuse, Request
from planner.propose import vocabulary as v
from planner.propose.evidence import Words
from planner.propose.words import Mention, Quantity, singular, tokens_of
from skills.failure import Blame, Failure, FailureKind
from skills.state import State


def present(request: Request) -> str:
    """What is here, in one line."""
    names = sorted(request.observation.objects)
    return ", ".join(names) if names else "nothing"


def refuse_unsayable(request: Request) -> Refuse:
    """Nothing that this robot can do here fits the request."""
    detail = (
        f"nothing that can be done here fits {_short(request.instruction)!r}; "
        f"present: {present(request)}; skills: {', '.join(request.library)}"
    )
    return Refuse(Failure(FailureKind.UNPARSABLE, detail, blame=Blame.TASK))


def missing_thing(request: Request, words: Words) -> Refuse | None:
    """A phrase in the place of a thing or a destination that names nothing here."""
    for m in words.mentions:
        if m.names or m.excluded or not _names_a_thing(m):
            continue
        detail = f"there is no {m.text!r} here; present: {present(request)}"
        places = request.state.of_type("place")
        if m.before in v.PLACE_PREPOSITIONS and places:
            detail += f"; places: {', '.join(places)}"
        return Refuse(Failure(FailureKind.UNKNOWN_OBJECT, detail, blame=Blame.TASK))
    return None


def _names_a_thing(m: Mention) -> bool:
    """Whether the phrase must be one concrete thing: not a category ("fruit"), not an aside ("for the guests")."""
    nouns = [t.text for t in tokens_of(m.text)]
    if not nouns or m.before in v.OTHER_PREPOSITIONS:
        return False
    head = nouns[-1]
    if {head, singular(head)} & (v.CATEGORY_NOUNS | v.GENERIC_NOUNS):
        return any(w in v.COLOURS for w in nouns) and head not in v.CATEGORY_NOUNS
    return True


def unclear_thing(request: Request, words: Words, best: Proposal) -> Ask | None:
    """One particular thing is meant, several fit, and the goal uses one of them."""
    used = {n for x in best.goal for n in x.atom.args}
    for m in words.wanted:
        if m.exact or m.quantity is not Quantity.THE or len(m.names) < 2 or not used & set(m.names):
            continue
        if told_apart(m, words, request.state) is None:
            return Ask(f"Which {_one(m.text)} do you mean?", m.names)
    return None


def told_apart(m: Mention, words: Words, state: State) -> str | None:
    """The one thing that "the block in the bowl" or the present state singles out, if there is one."""
    after = [n for n in words.mentions if n.span[0] >= m.span[1] and n.names and n.before]
    if len(after) >= 2 or (after and after[0].before in v.SOURCE_PREPOSITIONS):
        fits = [a for a in m.names if any(_related(a, b, state) for b in after[0].names)]
        if len(fits) == 1:
            return fits[0]
    held = [a.args[0] for a in state.base if a.predicate == "holding" and a.args[0] in m.names]
    return held[0] if held else None


def _related(a: str, b: str, state: State) -> bool:
    return any(x.predicate in ("in", "on", "at") and x.args == (a, b) for x in state.atoms)


def unclear_destination(request: Request, words: Words, best: Proposal) -> Ask | None:
    """The goal moves something to a destination that no word speaks of."""
    if not words.wanted or words.open_phrases or request.past:
        return None
    spoken = {n for m in words.mentions for n in m.names}
    for x in best.goal:
        if len(x.atom.args) == 2 and x.atom.args[1] not in spoken and x.atom.args[0] in spoken:
            if any(m.quantity in (Quantity.ALL, Quantity.SOME) for m in words.wanted):
                return None  # a pile or a pairing: the group itself is the destination
            places = sorted({*request.state.of_type("container"), *request.state.of_type("place")} - {x.atom.args[0]})
            return Ask(f"Where should the {x.atom.args[0]} go?", tuple(places))
    return None


def nothing_named(request: Request, words: Words) -> Ask | None:
    """No word speaks of anything here: better to ask than to move something at random."""
    if words.mentions or request.dialogue or request.goal is not None:
        return None
    return Ask(f"I see {present(request)}. What should I do with them?")


def unheeded(words: Words, proposals: Sequence[Proposal]) -> tuple[str, ...]:
    """Phrases that no proposal's goal accounts for, for the notes."""
    used = {n for p in proposals for x in p.goal for n in x.atom.args}
    return tuple(m.text for m in words.wanted if not used & set(m.names))


def _one(text: str) -> str:
    return " ".join(singular(t.text) for t in tokens_of(text)) or "one"


def _short(text: str, limit: int = 80) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
