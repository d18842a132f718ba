"""Does a task make sense? Names against scene and start, and goals that hold already or never can.

The start is known only in part (a thing without a start place is drawn by the seed), so facts about it are
true, false or unknown; only what is certain is complained about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import combinations

from envs.furniture import KINDS, furniture_of
from envs.goals import AtLeast, Condition, Goal
from envs.start import StartFacts
from envs.strict import choices_text, suggest
from envs.task import GRIPPER, RECEPTACLE, Intent, ObjectStart, Start, Task
from skills.symbols import PREDICATES, GroundAtom, Literal

CONTAINER_KIND = "bin"  # what becomes of an unknown noun that things are to be put in
Complain = Callable[[str, tuple[str | int, ...]], Exception]


def check_task(task: Task, complain: Complain) -> Task:
    """The task with every place under its own name; raises what ``complain(message, path)`` makes."""
    try:
        scene = task.scene_object
    except ValueError as err:
        raise complain(getattr(err, "message", str(err)), ("scene",)) from None
    names = Names(task, complain)
    task = task.model_copy(update={"start": names.start()})
    goal = task.goal and names.goal(task.goal, ("goal",))
    intents = tuple(
        Intent.model_construct(reply=x.reply, any=names.goal(x.goal, ("intents", i)))
        for i, x in enumerate(task.intents)
    )
    forbidden = tuple(names.literal(x, ("forbidden", i)) for i, x in enumerate(task.forbidden))
    task = task.model_copy(update={"goal": goal, "intents": intents, "forbidden": forbidden})
    facts = StartFacts(task, scene)
    for i, literal in enumerate(forbidden):
        if facts(literal) is True:
            raise complain(f"forbidden, yet it holds at the start: {literal}", ("forbidden", i))
    goals = [(("goal",), goal)] if goal is not None else []
    for path, wanted in goals + [(("intents", i), x.goal) for i, x in enumerate(intents)]:
        reasons = [impossible(a, facts) for a in wanted.alternatives]
        if all(reasons):
            raise complain(f"the goal can never hold: {reasons[0]}", (*path, "any", 0))
        for i, alternative in enumerate(wanted.alternatives):
            if task.expect != "refuse" and all(_surely(c, facts) for c in alternative):
                text = " and ".join(map(str, alternative))
                raise complain(f"the goal holds already at the start: {text}", (*path, "any", i))
    return task


def _surely(condition: Condition, facts: StartFacts) -> bool:
    if isinstance(condition, AtLeast):
        return sum(facts(x) is True for x in condition.of) >= condition.n
    return facts(condition) is True


class Names:
    """Resolves every name of a task; each miss becomes an error at its own line."""

    def __init__(self, task: Task, complain: Complain) -> None:
        self.task, self.scene, self.complain = task, task.scene_object, complain
        self.things: dict[str, ObjectStart] = {}
        for i, thing in enumerate(task.objects):
            path = ("start", "objects", i, "name")
            if thing.name in self.things:
                raise complain(f"two objects are called {thing.name!r}", path)
            if thing.name in self.scene.places:
                raise complain(f"{thing.name!r} is a place of scene {task.scene!r}; an object needs another name", path)
            self._kind(thing, i)
            self.things[thing.name] = thing
        self._furniture()
        for i, thing in enumerate(task.objects):
            self._contents(thing, ("start", "objects", i, "contents"))

    def _furniture(self) -> None:
        """The parts of furniture have names, too; no two things may share one, and a button's lamp must be there."""
        path = ("start", "objects")
        own = {o.name for o in self.task.objects}
        pieces = furniture_of(self.task, self.scene)
        seen: set[str] = set()
        for piece in pieces:
            mine = piece.unit.body.name
            for name in piece.names:
                if name in seen or (name in own and name not in (mine, piece.name)):
                    raise self.complain(f"two things are called {name!r}, one a part of {mine!r}", path)
                seen.add(name)
                self.things.setdefault(name, ObjectStart.model_construct(name=name, at=None, kind=RECEPTACLE))
            lamp = piece.unit.switches
            if lamp is not None and not any(p.unit.lamp and p.unit.body.name == lamp for p in pieces):
                lamps = choices_text([p.unit.body.name for p in pieces if p.unit.lamp])
                raise self.complain(f"{mine!r} switches {lamp!r}, which is no lamp here (lamps: {lamps})", path)

    def _contents(self, thing: ObjectStart, path: tuple[str | int, ...]) -> None:
        """What a vessel is filled with has a name of its own, and the vessel can hold it."""
        from sim.grains import holds_stuff
        from sim.objects import make_body

        name = thing.contents
        if name is None:
            return
        if name in self.things or name in self.scene.places:
            raise self.complain(f"two things are called {name!r}, one the contents of {thing.name!r}", path)
        if not holds_stuff(make_body(thing.name, thing.kind).shape):
            known = "a cup, mug, glass, bowl or pot does; or say which by kind"
            raise self.complain(f"{thing.name!r} cannot hold {name!r}: it is not hollow, or too flat ({known})", path)
        self.things[name] = ObjectStart.model_construct(name=name, at=thing.name)

    def _kind(self, thing: ObjectStart, i: int) -> None:
        from sim.lexicon import lexicon, match  # reads the table of nouns

        if thing.kind not in (None, RECEPTACLE, *KINDS) and match(thing.kind) is None:
            hint = suggest(thing.kind, [RECEPTACLE, *KINDS, *lexicon()])
            known = "receptacle, or a known noun such as can, box, bowl"
            text = f"object {thing.name!r}: unknown kind {thing.kind!r}{hint} ({known})"
            raise self.complain(text, ("start", "objects", i, "kind"))

    def _implied(self, thing: ObjectStart) -> str | None:
        """The kind, filled in where literals put things in a thing whose noun says nothing."""
        from sim.lexicon import match

        filled = any(x.atom.predicate == "in" and x.atom.args[1] == thing.name for x in self._all_literals)
        return CONTAINER_KIND if thing.kind is None and filled and match(thing.name) is None else thing.kind

    @cached_property
    def _all_literals(self) -> tuple[Literal, ...]:
        goals = [g for g in (self.task.goal, *(x.goal for x in self.task.intents)) if g is not None]
        return (*(x for g in goals for x in g.literals()), *self.task.forbidden)

    def start(self) -> Start:
        """The start with resolved places; checks the gripper, the robot's place and what rests on what."""
        robot, held = self.task.start.robot, self.task.start.robot.holding
        if robot.at is not None:
            robot = robot.model_copy(update={"at": self._station(robot.at, ("start", "robot", "at"))})
        if held is not None:
            self._thing(held, ("start", "robot", "holding"))
        objects = []
        for i, thing in enumerate(self.task.objects):
            path = ("start", "objects", i, "at")
            self._no_spill_on(thing, path)
            objects.append(thing.model_copy(update={"at": self._where(thing, path), "kind": self._implied(thing)}))
            if thing.at == GRIPPER:
                if held not in (None, thing.name):
                    raise self.complain(f"the gripper cannot hold both {held!r} and {thing.name!r}", path)
                held = thing.name
        if held is not None:
            i = next(i for i, o in enumerate(objects) if o.name == held)
            if objects[i].at not in (None, GRIPPER):
                text = f"{held!r} is held, so it cannot be at {objects[i].at!r}"
                raise self.complain(text, ("start", "objects", i, "at"))
            if objects[i].kind in (RECEPTACLE, *KINDS):
                raise self.complain(f"{held!r} is a receptacle and is never moved", ("start", "robot", "holding"))
            objects[i] = objects[i].model_copy(update={"at": GRIPPER})
            robot = robot.model_copy(update={"holding": held})
        self._no_circles({o.name: o.at for o in objects})
        start = self.task.start  # from now on the objects are listed, so the furniture must be mentioned, too
        furniture = True if start.furnished and self.scene.articulated else start.furniture
        return Start.model_construct(robot=robot, objects=tuple(objects), furniture=furniture)

    def _no_spill_on(self, thing: ObjectStart, path: tuple[str | int, ...]) -> None:
        """Spills lie on furniture, and nothing lies on them."""
        from sim.objects import make_body

        loose = {o.name: o for o in self.task.objects if o.kind not in (RECEPTACLE, *KINDS)}
        below = loose.get(thing.at or "")
        if below is not None and make_body(below.name, below.kind).spill:
            raise self.complain(f"object {thing.name!r}: nothing can rest on a spill ({below.name!r})", path)
        spilt = thing.name in loose and make_body(thing.name, thing.kind).spill
        if spilt and (thing.at in self.things or thing.at == GRIPPER):
            raise self.complain(f"{thing.name!r} is a spill: it lies at a place, not on {thing.at!r}", path)
        if thing.at in {o.contents for o in self.task.objects if o.contents is not None}:
            raise self.complain(f"object {thing.name!r}: nothing can rest on loose stuff ({thing.at!r})", path)

    def _where(self, thing: ObjectStart, path: tuple[str | int, ...]) -> str | None:
        if thing.lying and thing.at in self.things:
            raise self.complain(f"{thing.name!r} lies on {thing.at!r}: lying is for things on a surface", path)
        if thing.at is None or thing.at == GRIPPER or thing.at in self.things:
            return thing.at
        place = self.scene.resolve_place(thing.at)
        if place is None:
            known = [*self.scene.places, *(n for n in self.things if n != thing.name)]
            hint = f"{suggest(thing.at, known)} (places and objects: {choices_text(known)}; or gripper, or null)"
            raise self.complain(f"object {thing.name!r}: no place or object {thing.at!r}{hint}", path)
        return place

    def _no_circles(self, at: dict[str, str | None]) -> None:
        for i, name in enumerate(at):
            seen, below = [name], at[name]
            while below in at:
                seen.append(below)
                if below == name:
                    raise self.complain(f"nothing carries it: {' on '.join(seen)}", ("start", "objects", i, "at"))
                if seen.count(below) > 1:
                    break
                below = at[below]

    def goal(self, goal: Goal, path: tuple[str | int, ...]) -> Goal:
        """The goal with every name resolved."""

        def one(c: Condition, at: tuple[str | int, ...]) -> Condition:
            if isinstance(c, AtLeast):
                return AtLeast(c.n, tuple(self.literal(x, (*at, "at_least", "of", i)) for i, x in enumerate(c.of)))
            return self.literal(c, at)

        return Goal(
            tuple(tuple(one(c, (*path, "any", i, j)) for j, c in enumerate(a)) for i, a in enumerate(goal.alternatives))
        )

    def literal(self, literal: Literal, path: tuple[str | int, ...]) -> Literal:
        """One literal; "on" or "in" a place becomes "at", "at" a container becomes "in"."""
        name, args = literal.atom.predicate, list(literal.atom.args)
        types = PREDICATES[name].types
        if name in ("on", "in") and args[1] not in self.things:
            place = self.scene.resolve_place(args[1])
            if place is not None:
                self._thing(args[0], path)
                return Literal(GroundAtom("at", (args[0], place)), literal.positive)
        if name == "at" and args[1] in self.things:
            self._thing(args[0], path)
            return Literal(GroundAtom("in", tuple(args)), literal.positive)
        for i, kind in enumerate(types):
            if kind == "place":
                args[i] = (
                    self._station(args[i], path) if name in ("robot_at", "visited") else self._place(args[i], path)
                )
            else:
                self._thing(args[i], path, literal)
        return Literal(GroundAtom(name, tuple(args)), literal.positive)

    def _thing(self, name: str, path: tuple[str | int, ...], literal: Literal | None = None) -> None:
        if name not in self.things:
            inside = f" in {str(literal)!r}" if literal is not None else ""
            present = f"{suggest(name, self.things)} (present: {choices_text(self.things)})"
            raise self.complain(f"no object {name!r} at the start{inside}{present}", path)

    def _place(self, name: str, path: tuple[str | int, ...]) -> str:
        place = self.scene.resolve_place(name)
        if place is None:
            known = f"{suggest(name, self.scene.places)} (places: {choices_text(self.scene.places)})"
            raise self.complain(f"no place {name!r} in scene {self.task.scene!r}{known}", path)
        return place

    def _station(self, name: str, path: tuple[str | int, ...]) -> str:
        if not self.scene.mobile:
            raise self.complain(f"the robot of scene {self.task.scene!r} stands still, it cannot be at {name!r}", path)
        place = self.scene.resolve_place(name)
        if place not in self.scene.stations:
            known = f"{suggest(name, self.scene.stations)} (places to stand: {choices_text(self.scene.stations)})"
            raise self.complain(f"the robot cannot stand at {name!r}{known}", path)
        return place


def impossible(alternative: Iterable[Condition], facts: StartFacts) -> str:
    """Why the conditions can never all hold, empty when nothing speaks against them."""
    plain = [c for c in alternative if isinstance(c, Literal)]
    for c in alternative:
        if isinstance(c, AtLeast):
            why = [r for r in (facts.never(x) for x in c.of) if r]
            if len(c.of) - len(why) < c.n:
                return f"{c}: {why[0]}"
    for literal in plain:
        reason = facts.never(literal)
        if reason:
            return reason
    for a, b in combinations([x.atom for x in plain if x.positive], 2):
        reason = _clash(a, b, facts) or _clash(b, a, facts)
        if reason:
            return reason
    return _circle(plain)


def _clash(a: GroundAtom, b: GroundAtom, facts: StartFacts) -> str:
    """Why two positive atoms exclude each other."""
    both = f"{a} and {b}"
    pair = (a.predicate, b.predicate)
    if pair == ("holding", "holding"):
        return f"the gripper holds one thing: {both}"
    if pair == ("holding", "hand_empty") or (pair == ("open", "closed") and a.args == b.args):
        return f"these exclude each other: {both}"
    if a.predicate == "holding" and b.predicate in ("at", "on", "in") and b.args[0] == a.args[0]:
        return f"what is held rests nowhere: {both}"
    if a.predicate in ("on", "in") and b.predicate == "clear" and b.args[0] == a.args[1]:
        return f"these exclude each other: {both}"
    if pair == ("at", "at") and a.args[0] == b.args[0] and facts.scene.disjoint(a.args[1], b.args[1]):
        return f"one thing cannot be at two places: {both}"
    if a.predicate in ("on", "in") and b.predicate == "at" and b.args[0] == a.args[0]:
        below = facts.things[a.args[1]]
        stays = below.kind == RECEPTACLE or below.name in facts.fixed
        if stays and facts(Literal(GroundAtom("at", (below.name, b.args[1])))) is False:
            return f"{below.name!r} is never moved and stands elsewhere: {both}"
    return ""


def _circle(plain: list[Literal]) -> str:
    below: dict[str, set[str]] = {}
    for x in plain:
        if x.positive and x.atom.predicate in ("on", "in"):
            below.setdefault(x.atom.args[0], set()).add(x.atom.args[1])
    for first in below:
        todo, seen = set(below[first]), set()
        while todo:
            name = todo.pop()
            if name == first:
                return f"things carry each other in a circle: {first!r}"
            seen.add(name)
            todo |= below.get(name, set()) - seen
    return ""
