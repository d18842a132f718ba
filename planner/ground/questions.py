"""When to ask or refuse before anything moves, from the words alone.

Rules, not sentences: a phrase that names something which is not here; a verb or a relation that no skill brings about;
one particular thing meant where several fit and nothing tells them apart; a number left open; a destination that
nobody named. Rates of asking too much and too little are measured by the evaluation.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.plan import Ask, Proposal, Refuse, Request
from planner.propose import vocabulary as v
from planner.propose.asking import direct
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.sentence import Words
from planner.propose.spelling import singular, tokens_of
from skills.failure import Blame, Failure, FailureKind

INTO = frozenset({"in", "into", "inside", "within"})


def present(request: Request) -> str:
    """What is here, in one line."""
    names = sorted(request.observation.objects)
    return ", ".join(names) if names else "nothing"


def _refuse(kind: FailureKind, detail: str) -> Refuse:
    return Refuse(Failure(kind, detail, blame=Blame.TASK))


def refuse_unsayable(request: Request) -> Refuse:
    """Nothing that this robot can do here fits the request."""
    return _refuse(
        FailureKind.UNPARSABLE,
        f"nothing that can be done here fits {_short(request.instruction)!r}; "
        f"present: {present(request)}; skills: {', '.join(request.library)}",
    )


def cannot(request: Request, words: Words) -> Refuse | None:
    """A verb or a relation that is asked for and that no skill brings about."""
    skills = f"skills: {', '.join(request.library)}"
    if words.cannot:
        return _refuse(FailureKind.UNKNOWN_SKILL, f"no skill can {words.cannot!r}; {skills}")
    sayable = {w for s in request.library.values() for w in s.operator.say.split()}
    if words.relation and words.relation not in sayable:
        detail = f"no skill puts a thing {words.relation!r} another one; {_instead(request, words)}{skills}"
        return _refuse(FailureKind.UNKNOWN_SKILL, detail)
    return None


def _instead(request: Request, words: Words) -> str:
    """Where the thing lies beside which something was to be put, and how to ask for that place."""
    for m in words.mentions:
        if m.role is not Role.RELATION or len(m.names) != 1:
            continue
        fact = direct(m.names[0], request.state)
        if fact is not None and len(fact.args) == 2:
            how = "at" if fact.predicate == "at" else fact.predicate
            return f"the {m.names[0]} is {how} the {fact.args[1]}: ask for that place; "
    return ""


def missing_thing(request: Request, words: Words) -> Refuse | None:
    """A phrase in the place of a thing or a destination that names nothing here, or nothing here at all."""
    moving = words.verbs & (v.PUT_VERBS | v.PICK_VERBS)
    if moving and not request.state.of_type("movable"):
        return _refuse(FailureKind.UNKNOWN_OBJECT, f"nothing that could be moved is here; present: {present(request)}")
    for m in words.mentions:
        if m.names or m.excluded or not m.missing:
            continue
        detail = f"{m.missing}; present: {present(request)}"
        places = request.state.of_type("place")
        if m.role is Role.TARGET and places:
            detail += f"; places: {', '.join(places)}"
        return _refuse(FailureKind.UNKNOWN_OBJECT, detail)
    return None


def open_question(request: Request, words: Words) -> Ask | None:
    """What must be asked whatever the proposals are: a pronoun without a thing, a number left open, nothing named."""
    if words.dangling:
        movable = request.state.of_type("movable")
        return Ask(f"What do you mean by {words.dangling!r}?", tuple(movable))
    for m in words.wanted:
        if m.quantity is Quantity.VAGUE and m.role is Role.MOVER and len(m.names) > 1:
            return Ask(f"How many of the {m.text}, or which?", m.names)
        if m.role is Role.MOVER and not request.dialogue and m.names and _wanting(m):
            return Ask(f"You ask for {m.count}, and I see only {', '.join(m.names)}. Shall I take that?", m.names)
    kinds = any(m.kind or m.excluded for m in words.mentions)
    if (
        words.wanted
        or kinds
        or words.restored
        or request.dialogue
        or request.goal is not None
        or _by_itself(request, words)
    ):
        return None
    return Ask(f"I see {present(request)}. What should I do with them?")


def _wanting(m: Mention) -> bool:
    """Whether fewer are here than are asked for."""
    return m.quantity is Quantity.SOME and (m.count or 0) > len(m.names)


def _by_itself(request: Request, words: Words) -> bool:
    """Whether a skill that needs no thing is asked for ("go home"), or a word speaks of what stands here."""
    alone = (s.operator.say.split() for s in request.library.values() if not s.operator.parameters)
    cues = words.cues
    return any(say and say[-1] in words.said for say in alone) or cues.apart or cues.reverse or cues.swap or cues.tower


def unclear_thing(request: Request, words: Words, best: Proposal) -> Ask | None:
    """One particular thing or place is meant, several fit, and the goal uses one of them."""
    used = {n for x in best.goal for n in x.atom.args}
    stations = frozenset(request.state.of_type("station"))
    paired = words.cues.matching or words.cues.mismatching
    for m in words.wanted:
        if m.told or m.quantity is not Quantity.THE or len(m.names) < 2 or not used & set(m.names):
            continue
        if (m.exact and not m.place) or set(m.names) <= used or (paired and not m.place):
            continue
        if stations and set(m.names) <= stations:
            continue  # "the counter" of a kitchen with two: either serves, and walking there to ask helps nobody
        return Ask(f"Which {_one(m.text)} do you mean?", m.names)
    return None


def unspoken(request: Request, words: Words, best: Proposal) -> Ask | None:
    """The goal moves only things that no word speaks of: what was meant is not understood."""
    cues = words.cues
    if request.past or request.dialogue or words.restored or cues.tower or cues.apart or cues.swap or cues.reverse:
        return None
    spoken = {n for m in words.mentions for n in m.names}
    movable = set(request.state.of_type("movable"))
    moved = {x.atom.args[0] for x in best.goal if x.positive and x.atom.args and x.atom.args[0] in movable}
    if not moved or moved & spoken or not spoken:
        return None
    where = sorted({x.atom.args[1] for x in best.goal if x.positive and len(x.atom.args) == 2})
    return Ask(f"What should go to the {where[0]}?" if where else "Which thing do you mean?", tuple(sorted(movable)))


def unclear_destination(request: Request, words: Words, best: Proposal) -> Ask | None:
    """The goal moves something to a destination that no word speaks of."""
    if (
        not words.wanted
        or words.restored
        or words.handed
        or words.open_phrases
        or request.past
        or words.cues.matching
        or words.cues.mismatching
    ):
        return None
    cues = words.cues
    if cues.tower or cues.apart or cues.swap or cues.reverse or cues.distribute:
        return None
    spoken = {n for m in words.mentions for n in m.names}
    targets = any(m.role is Role.TARGET for m in words.mentions)
    moving = words.verbs & v.PUT_VERBS - v.PICK_VERBS and not words.verbs & v.PICK_VERBS
    for x in best.goal:
        thing = x.atom.args[0] if x.atom.args else ""
        unsaid = x.positive and len(x.atom.args) == 2 and x.atom.args[1] not in spoken and thing in spoken
        nowhere = x.atom.predicate == "holding" and moving and not targets and not _taken_off(words)
        if unsaid or nowhere:
            places = sorted({*request.state.of_type("container"), *request.state.of_type("place")} - {thing})
            return Ask(f"Where should the {thing} go?", tuple(places))
    return None


def _taken_off(words: Words) -> bool:
    return any(m.role is Role.SOURCE for m in words.mentions)


def unsafe(request: Request, words: Words, best: Proposal) -> Refuse | None:
    """The goal brings a thing into what is dangerous for it, or asks for something that never moves."""
    if words.immovable:
        movable = ", ".join(sorted(request.state.of_type("movable"))) or "nothing"
        return _refuse(FailureKind.WRONG_TYPE, f"the {words.immovable} cannot be moved; movable: {movable}")
    for x in best.goal:
        a = x.atom
        if x.positive and a.predicate in ("in", "on", "at") and a.args in words.hazards:
            return _refuse(FailureKind.WRONG_TYPE, f"the {a.args[0]} is not safe in the {a.args[1]}, so I leave it")
    return None


def unheeded(request: Request, words: Words, best: Proposal) -> Refuse | None:
    """A named thing that the best goal does not speak of, because no skill can do with it what is asked."""
    used = {n for x in best.goal for n in x.atom.args}
    state = request.state
    movable = set(state.of_type("movable"))
    takers = {*state.of_type("container"), *state.of_type("support"), *state.of_type("place")}
    holders = {*state.of_type("container"), *state.of_type("place")}
    on = {x.atom.args[1] for x in best.goal if x.atom.predicate == "on" and x.positive}
    for m in words.wanted:
        solid = m.role is Role.TARGET and m.before in INTO and not holders & set(m.names) and set(m.names) & on
        if solid:
            return _refuse(
                FailureKind.WRONG_TYPE,
                f"nothing can be put in the {m.names[0]}; containers: {', '.join(sorted(holders))}",
            )
        if used & set(m.names):
            continue
        name = m.names[0]
        if m.role is Role.MOVER and not movable & set(m.names):
            return _refuse(FailureKind.WRONG_TYPE, f"the {name} cannot be moved; movable: {', '.join(sorted(movable))}")
        if m.role is Role.TARGET and not takers & set(m.names):
            return _refuse(
                FailureKind.WRONG_TYPE,
                f"nothing can be put in or on the {name}; what takes things: {', '.join(sorted(takers))}",
            )
    return None


def spelling_notes(mentions: Sequence[Mention]) -> dict[str, str]:
    """What was read as a typing slip."""
    return {f"spelling of {m.text!r}": f"read as {m.corrected!r}" for m in mentions if m.corrected}


def _one(text: str) -> str:
    return " ".join(singular(t.text) for t in tokens_of(text)) or "one"


def _short(text: str, limit: int = 80) -> str:
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"
