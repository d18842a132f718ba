"""Words that mean something said or done before: "put it back", "undo that", "same with the apple", "like last time".

The record of what was moved from where to where (`planner.plan.Done`) answers them; the model is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.plan import Done, Move
from planner.propose import vocabulary as v
from planner.propose.asking import HAND
from planner.propose.clauses import Clause, clause_of
from planner.propose.grammar import GoalOption, Kind, leaving
from planner.propose.implied import is_wish
from planner.propose.mention import Mention, Quantity, Role
from planner.propose.spelling import Token
from planner.propose.words import Spotter
from skills.state import State
from skills.symbols import GroundAtom, Literal

UNDO = frozenset({"undo", "revert", "reset", "restore"})
RETURN = frozenset({"return", "returned", "restore"})
BEFORE = (
    " as it was ", " where it was ", " where they were ", " as they were ", " came from ", " previous place ",
    " old place ", " original place ", " original position ", " was before ", " were before ", " had it before ",
)  # fmt: skip
AGAIN = (" last time ", " as before ", " like before ", " as always ", " as usual ", " the usual place ", " once more ")
SAME = (
    " same with ", " same for ", " same thing with ", " same to ", " likewise ", " do the same ", " same place ",
    " there too ", " there as well ", " too ", " as well ", " also ",
)  # fmt: skip


@dataclass(frozen=True)
class Recalled:
    """``things``: what "it" and "them" mean where nothing was named in this instruction; ``facts``: where things are to
    be again; ``target``: where things go that were given no place, as a fact's predicate and place."""

    things: tuple[str, ...] = ()
    facts: tuple[GroundAtom, ...] = ()
    target: tuple[str, str] | None = None


def recent(history: Sequence[Done], state: State) -> tuple[Move, ...]:
    """The moves of the last instruction that moved anything still here, last thing last."""
    present = set(state.of_type("movable"))
    for done in reversed(history):
        moves = tuple(m for m in done.moved if m.thing in present)
        if moves:
            return moves
    return ()


def last_move(history: Sequence[Done], thing: str) -> Move | None:
    """When the thing was last moved."""
    return next((m for d in reversed(history) for m in reversed(d.moved) if m.thing == thing), None)


_REPEAT = re.compile(
    r"^\W*(?:please |now |and |ok(?:ay)?,? |can you |could you )*"
    r"(?:(?:try|do|run) (?:it |that |this |the same(?: thing)? )?(?:once )?(?:more|again)"
    r"|give it another (?:try|go|shot)|once more|one more time|again|same again|the usual|as usual|as always"
    r"|(?:just |the same )?(?:like|as) (?:last time|before))"
    r"(?:,? (?:like|as) (?:last time|before|always))?[\s.!?]*(?:please|thanks)?\W*$",
    re.IGNORECASE,
)


def repeated(text: str, history: Sequence[Done], spotter: Spotter) -> str:
    """The instruction before, where the words only ask for it once more ("try again. Take your time"); "" for anything
    else, and where another sentence names something."""
    if not history:
        return ""
    parts = [p for p in re.split(r"(?<=[.!?;,])\s+", text.strip()) if p]
    again = [p for p in parts if _REPEAT.match(p)]
    rest = " ".join(p for p in parts if p not in again)
    alone = _REPEAT.match(text) or (again and not any(m.names or m.pronoun for m in spotter.spot(rest)))
    return history[-1].instruction if alone else ""


_WITH = re.compile(
    r"^\W*(?:please |now |and |then )*(?:again|repeat (?:that|it|this)|do (?:it|that|this)(?:(?: once)? (?:again"
    r"|more))?|once more|same again"
    r"|(?:and )?now(?: the same)?),? (?:but |only )?(?:this time )?with (?=\w)",
    re.IGNORECASE,
)


_SAME_AT = re.compile(
    r"(?P<same>\bsame(?: thing)? (?:with|for|to)) (?P<x>(?:the|my|our|your|that|this) [\w' -]+?)(?: that is)?"
    r" (?P<p>on|in|at) (?=(?:the|my|our|your) )",
    re.IGNORECASE,
)  # "same with the cup on the shelf": where it is, not where it is to go


def likewise(text: str, history: Sequence[Done]) -> str:
    """ "Again, but with the plum": the same with the plum, where something was done before."""
    if not history:
        return text
    return _SAME_AT.sub(r"\g<same> \g<x> that is \g<p> ", _WITH.sub("the same with ", text))


def recall(
    toks: Sequence[Token], mentions: Sequence[Mention], found: Sequence[Clause], history: Sequence[Done], state: State
) -> Recalled:
    """What the words take from the history; empty when they take nothing or there is none.

    ``mentions``: after pronouns have been settled.
    """
    moves = recent(history, state)
    joined = f" {' '.join(t.text for t in toks)} "
    words = {t.text for t in toks}
    movers = [m for m in mentions if m.role is Role.MOVER and m.names and not m.excluded]
    targets = [m for m in mentions if m.role is Role.TARGET and m.names and not m.excluded]
    named = tuple(dict.fromkeys(n for m in movers for n in m.names if m.one or m.group))
    if words & UNDO and not targets:
        return Recalled(facts=_facts([m for m in moves if not named or m.thing in named], state))
    elsewhere = [
        m for m in targets if not set(m.names) <= set(named) and m.span[0] < m.span[1]
    ]  # not the "it" of "where it came from"
    if _back(toks, found, joined) and not elsewhere:
        told = [x for n in named if (x := last_move(history, n)) is not None]
        return Recalled(facts=_facts(told or (list(moves) if not named else []), state))
    if targets or not named:
        return Recalled()
    if any(x in joined for x in AGAIN):
        once = [x.after for n in named if (x := last_move(history, n)) is not None and x.after is not None]
        if once:
            return Recalled(facts=tuple(a for a in once if a.predicate != HAND[0]))
    about = [clause_of(found, m.span[0]) for m in movers]
    if is_wish(_without_me(toks), [c for c in found if c in about]):
        return Recalled()  # "I need the apron": to have it
    last = next((m.after for m in reversed(moves) if m.after is not None), None)
    bare = not words & (v.PICK_VERBS | v.KEEP_VERBS) - {"take", "get", "bring"}
    verbless = all(c.verb < 0 for c in found)
    if last is not None and (verbless or (bare and any(x in joined for x in (*SAME, *AGAIN)))):
        return Recalled(target=HAND if last.predicate == HAND[0] else (last.predicate, last.args[1]))
    return Recalled()


def _without_me(toks: Sequence[Token]) -> list[Token]:
    """The words with "for me" made idle: "the same with the cup for me" is a kindness, not a place."""
    behind = {i + 1 for i, t in enumerate(toks) if t.text == "for"}
    return [replace(t, text="") if i in behind and t.text in ("me", "us") else t for i, t in enumerate(toks)]


def compared(toks: Sequence[Token], mentions: Sequence[Mention]) -> list[Mention]:
    """ "the same with the apple": the apple is what is to be moved."""
    out = list(mentions)
    for i, m in enumerate(out):
        before = [t.text for t in toks[max(0, m.start - 3) : m.start + 1]]
        if m.role in (Role.ASIDE, Role.TARGET) and m.before in ("with", "for", "to") and "same" in before:
            out[i] = replace(m, role=Role.MOVER)
    return out


def _back(toks: Sequence[Token], found: Sequence[Clause], joined: str) -> bool:
    """ "back" as "to where it was", not "the back side"."""
    for i, t in enumerate(toks):
        clause = clause_of(found, i)
        following = toks[i + 1].text if i + 1 < len(toks) and not t.ends_clause else ""
        plain = following in ("", "again", "please", "where", "now", "then", "to", "there", "in") or t.ends_clause
        if t.text == "back" and clause.verb >= 0 and plain and toks[i - 1].text not in ("the", "a", "at", "on"):
            return True
        if t.text in RETURN and i == clause.verb:
            return True
    return any(x in joined for x in BEFORE)


def _facts(moves: Sequence[Move], state: State) -> tuple[GroundAtom, ...]:
    """Where these were before, as far as that is still there; what was in the hand has no place to go back to."""
    known = set(state.things)
    facts = [m.before for m in moves if m.before is not None and m.before.predicate != HAND[0]]
    return tuple(dict.fromkeys(a for a in facts if set(a.args) <= known))


def target_mention(recalled: Recalled, toks: Sequence[Token], state: State) -> list[Mention]:
    """The destination taken from the history, as if it had been said at the end."""
    if recalled.target is None or recalled.target == HAND:
        return []
    predicate, place = recalled.target
    end = len(toks)
    where = place in state.of_type("place")
    m = Mention(
        place, (end, end + 1), (place,), Quantity.THE, True, where, before=predicate, role=Role.TARGET, start=end
    )
    return [m]


def restore_options(facts: Sequence[GroundAtom], state: State) -> list[GoalOption]:
    """The goal that things are again where they were."""
    if not facts:
        return []
    things = tuple(dict.fromkeys(a.args[0] for a in facts))
    targets = tuple(dict.fromkeys(a.args[1] for a in facts))
    text = f"put the {' and the '.join(things)} back {facts[0].predicate} the {targets[0]}"
    return [GoalOption(text, leaving(tuple(map(Literal, facts)), state), things, "", None, Kind.RESTORED, targets)]
