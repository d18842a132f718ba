"""Examples as requests to the planner: the same surroundings and words, and whether a goal is what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from planner.learn.example import ACT, Example
from planner.learn.room import Room
from planner.plan import Context, Done, Move, Past, Request
from planner.propose.asking import deeds_of
from planner.propose.spelling import colours_of
from skills.failure import Failure, FailureKind
from skills.library import SkillLibrary, default_library
from skills.state import State, Thing
from skills.symbols import GroundAtom, Literal
from skills.types import Form, Mode, ObjectState, Observation, Pose, Region, RobotState, Shape

SIZE = 0.05  # [m] of every made-up thing
AIMS = ("in", "on", "at", "holding", "open", "closed", "robot_at")


def request_of(example: Example, library: SkillLibrary | None = None) -> Request:
    """The example as a request; its history becomes facts again, as a real run would have recorded them."""
    setting, room = example.setting, example.room
    failed = [line.removeprefix("failed: ") for line in setting.history if line.startswith("failed: ")]
    past = tuple(Past((), 0, Failure(FailureKind.TIMEOUT, detail)) for detail in failed)
    history = tuple(done_of(line) for line in setting.history if not line.startswith("failed: "))
    return Request(
        setting.request, observation_of(room), state_of(room), library or default_library(), past, setting.asked, None,
        Context(setting.notes, history),
    )  # fmt: skip


_MOVED = re.compile(
    r"the (?P<thing>.+?)(?: was (?:(?P<p>in|on|at) the (?P<a>.+?)|in the hand), now| is now) "
    r"(?:in the (?P<hand>hand)|(?P<q>in|on|at) the (?P<b>.+))"
)


def done_of(line: str) -> Done:
    """An earlier instruction from the line that tells of it (the inverse of `planner.propose.asking.told`)."""
    text, _, ended = line.partition(" (not done: ")
    said, _, moves = text.partition(" (the ")
    found = []
    for part in f"the {moves.rstrip(')')}".split("; ") if moves else ():
        if m := _MOVED.fullmatch(part):
            name = m["thing"]
            before = GroundAtom(m["p"], (name, m["a"])) if m["p"] else None
            after = GroundAtom("holding", (name,)) if m["hand"] else GroundAtom(m["q"], (name, m["b"]))
            found.append(Move(name, before, after))
    return Done(said, tuple(found), ended.rstrip(")") or "reached")


def state_of(room: Room) -> State:
    """The room's facts; where a person is, the robot drives between the places."""
    state = room.state()
    if not room.person:
        return state
    things = dict(state.things)
    for p in room.places:
        things[p] = Thing(p, frozenset({"place", "station"}))
    here = room.robot_at or room.places[0]
    return replace(state, things=things, base=state.base | {GroundAtom("robot_at", (here,))})


def observation_of(room: Room) -> Observation:
    """Names, colours and places; poses and shapes are made up, since the facts are given."""
    shape = Shape(Form.BOX, (SIZE, SIZE, SIZE))
    things = {
        i.name: ObjectState(
            i.name, i.noun or i.name, shape, Pose((0.0, 0.0, 0.0)), movable=i.of("movable"),
            colour=next(iter(sorted(colours_of(i.name))), None),
        )
        for i in room.items
    }  # fmt: skip
    places = {p: Region(p, (0.0, 0.0), (1.0, 1.0)) for p in room.places}
    robot = RobotState(0, 0.0, (), (), 0.0, bool(room.held), Mode.IDLE)
    return Observation(robot, Pose((0.0, 0.0, 0.0)), things, places, robot_at=room.robot_at or None)


def wanted(request: Request, example: Example) -> list[frozenset[Literal]]:
    """The sets of literals of which one is meant exactly; empty when nothing is to be done."""
    if example.decision != ACT:
        return []
    done = {d.say: d.step for d in deeds_of(request)}
    asked = [d for d, yes in example.deeds.items() if yes]
    if any(d not in done for d in asked):
        return []
    deeds = {Literal(a) for d in asked for a in done[d].operator.add if a.predicate in AIMS}
    if example.goal is None:
        return [frozenset(deeds)] if deeds else []
    plain = [{c for c in a if isinstance(c, Literal) and c.positive} for a in example.goal.alternatives]
    return [frozenset(p | deeds) for p in plain]


def is_right(request: Request, literals: Iterable[Literal], meant: Iterable[frozenset[Literal]]) -> bool:
    """Whether the goal asks for exactly what is meant; what is so already makes no difference."""
    state = request.state
    said = {x for x in literals if x.positive and x.atom.predicate in AIMS and not state.holds(x)}
    return any(said == {x for x in m if not state.holds(x)} for m in meant)
