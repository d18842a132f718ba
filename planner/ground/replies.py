"""Answers to texts that are no wish for the robot to carry out: questions, small talk, other languages, overrides."""

from __future__ import annotations

from collections.abc import Sequence

from planner.ground.questions import present
from planner.plan import Ask, Decision, Refuse, Request
from planner.propose import form
from planner.propose.asking import direct
from planner.propose.nature import Nature, clash, language, nature_of
from planner.propose.sentence import Words
from planner.propose.spelling import tokens_of
from skills.failure import Blame, Failure, FailureKind
from skills.library import SkillLibrary
from skills.symbols import lit

_A = {"movable": "a thing", "articulated": "what opens", "station": "a place", "support": "another thing"}


def can_do(library: SkillLibrary) -> str:
    """What the robot can do, in its skills' own words."""
    said = []
    for skill in library.values():
        text = skill.operator.say
        for p in skill.operator.parameters:
            text = text.replace("the {" + p.name + "}", _A.get(p.type, f"a {p.type}"))
        said.append(text.replace("{", "").replace("}", ""))
    return ", ".join(dict.fromkeys(said))


def reply(request: Request, words: Words) -> Decision | None:
    """What is said to a text that asks for nothing to be done, or for what cannot be; None for a plain wish."""
    if request.dialogue or request.past or request.goal is not None:
        return None
    nature = nature_of(request.instruction, words)
    here = f"I see {present(request)}.{not_seen(sorted(request.state.unseen))}"
    if nature is Nature.OVERRIDE:
        detail = "this speaks to the program and not of things here; say what should be done with what is here: "
        return Refuse(Failure(FailureKind.UNPARSABLE, detail + present(request), blame=Blame.TASK))
    if nature is Nature.HARM:
        detail = "that could hurt somebody or break something, so I leave it; say what to do with what is here: "
        return Refuse(Failure(FailureKind.UNPARSABLE, detail + present(request), blame=Blame.TASK))
    if nature is Nature.ABILITY:
        return Ask(f"I can: {can_do(request.library)}. {here} What should I do?")
    if nature is Nature.TALK:
        return Ask(f"I am a robot that moves things. I can: {can_do(request.library)}. What should I do?")
    if nature is Nature.FOREIGN:
        return Ask(f"I read English ({language(tokens_of(request.instruction), words)} is not it); what should I do?")
    if nature is Nature.QUESTION:
        return Ask(f"{facts(request, words) or here} What should I do?")
    if nature is Nature.BARE:
        names = tuple(n for m in words.wanted for n in m.names)
        return Ask(f"What should I do with the {names[0]}?") if len(names) == 1 else Ask(f"{here} What should I do?")
    found = clash(words)
    return Ask(f"You ask me to {found}; which of the two?") if found else None


def facts(request: Request, words: Words) -> str:
    """Where the things are that a question speaks of, or what is at the place it speaks of; "" when of none."""
    state, regions = request.state, request.observation.regions
    places = {n for m in words.mentions for n in m.names if n in state.of_type("place")}
    names = [n for m in words.mentions for n in m.names if n in state.of_type("movable")]
    if places:
        there = [n for n in state.of_type("movable") if any(_is_at(n, p, request) for p in places)]
        where = " and the ".join(sorted(places))
        return f"At the {where}: {', '.join(there) or 'nothing'}.{not_seen(sorted(state.unseen))}"
    said = []
    for n in dict.fromkeys(names):
        fact = direct(n, state, regions)
        if fact is not None:
            said.append(f"The {n} is{form.outcome(fact.predicate, fact.args[-1])}.")
    told = " ".join(said[:6])
    if state.unseen:  # what is shut may hold them
        shut = {n for m in words.mentions for n in m.names if state.holds(lit("closed", n))}
        told += "".join(f" The {n} is closed." for n in sorted(shut))
        told += not_seen([n for n in dict.fromkeys(names) if n in state.unseen] or sorted(state.unseen) * bool(shut))
    return told.strip()


def not_seen(names: Sequence[str]) -> str:
    """A sentence, after a space, about what may be around and was not seen; "" when that is nothing."""
    listed = f"{', '.join(names[:-1])} or the {names[-1]}" if len(names) > 1 else "".join(names)
    return f" I have not seen the {listed} so far." if names else ""


def _is_at(name: str, place: str, request: Request) -> bool:
    return any(a.predicate == "at" and a.args == (name, place) for a in request.state.atoms)
