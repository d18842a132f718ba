"""A kitchen with a person, in symbols: what is decided there by words and look-ups alone."""

from __future__ import annotations

from dataclasses import replace

from planner.ground.grounder import GroundConfig
from planner.learn.asked import observation_of, state_of
from planner.learn.room import Item, Room
from planner.lm.api import ScriptedLM
from planner.plan import Act, Context, Decision, Request
from planner.propose.choose import open_grounder, open_proposer
from planner.propose.proposer import ProposeConfig
from skills.library import SkillLibrary, default_library
from skills.skill import Affordance

PLACES = ("table", "close counter", "far counter", "trash can", "user")
THINGS = {
    "apple": "table",
    "orange": "table",
    "sponge": "table",
    "coke can": "far counter",
    "chip bag": "far counter",
    "water bottle": "far counter",
    "pepsi can": "close counter",
    "blue bowl": "close counter",
}


def kitchen(things=None) -> Room:
    """``things``: name -> place; bowls take things in."""
    items = tuple(
        Item(n, "", frozenset({"movable", "container" if "bowl" in n else "support"}), ("at", p), n)
        for n, p in (THINGS if things is None else things).items()
    )
    return Room("kitchen", PLACES, items, "user", "kitchen")


def decided(
    text: str, things=None, model: ScriptedLM | None = None, mode: str = "words", unseen: tuple[str, ...] = (), **more
) -> Decision:
    """What proposer and grounding decide, every affordance taken for granted. ``unseen``: things that may be around."""
    room = kitchen(things)
    library = SkillLibrary(replace(s, affordance=lambda *_: Affordance(1.0)) for s in default_library().values())
    state = state_of(room)
    seen = frozenset(a for a in state.base if a.args[:1] not in [(n,) for n in unseen])
    state = replace(state, base=seen, unseen=frozenset(unseen))
    request = Request(text, observation_of(room), state, library, context=Context(**more))
    lm = model or ScriptedLM(lambda prefix, option: 0.0)
    proposer = open_proposer(lm, ProposeConfig(knowledge="none"), mode=mode)
    grounder = open_grounder(proposer, GroundConfig())
    return grounder.ground(request, proposer.propose(request, 4), _Body()).decision


def goal(text: str, **more) -> set[str]:
    """The positive literals of the plan that is made."""
    decision = decided(text, **more)
    assert isinstance(decision, Act), decision
    return {str(x) for x in decision.plan.goal.literals() if x.positive}


class _Body:
    """Kinematics are never asked: every affordance is taken for granted."""

    kinematics = None
