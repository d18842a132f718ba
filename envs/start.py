"""What a task says about its start before anything is drawn: true, false or unknown (None)."""

from __future__ import annotations

from functools import lru_cache

from envs.furniture import Piece, containers, furniture_of, opened
from envs.scenes import Scene
from envs.task import GRIPPER, RECEPTACLE, ObjectStart, Task
from skills.symbols import Literal


class StartFacts:
    """Three-valued truth of literals at the start of a task. Call it with a literal."""

    def __init__(self, task: Task, scene: Scene) -> None:
        self.task, self.scene = task, scene
        self.things: dict[str, ObjectStart] = {o.name: o for o in task.objects}
        self.task_names = frozenset(self.things)
        self.stuff = {o.contents: o.name for o in task.objects if o.contents is not None}
        self.things |= {n: ObjectStart.model_construct(name=n, at=vessel) for n, vessel in self.stuff.items()}
        self.pieces = furniture_of(task, scene)
        self.hollow, self.opened = containers(self.pieces), opened(self.pieces)
        for piece in self.pieces:  # fixed wholes and their parts, which are never moved
            self.things |= {n: ObjectStart.model_construct(name=n, at=_place(piece, scene)) for n in piece.names}
        self.fixed = frozenset(n for piece in self.pieces for n in piece.names)

    def __call__(self, literal: Literal) -> bool | None:
        """True or False when the task file decides it, None when the seed does."""
        value = self._positive(literal.atom.predicate, literal.atom.args)
        return value if value is None or literal.positive else not value

    def _positive(self, predicate: str, args: tuple[str, ...]) -> bool | None:
        if predicate == "holding":
            return self.task.holding == args[0]
        if predicate == "hand_empty":
            return self.task.holding is None
        if predicate == "at":
            return self._at(args[0], args[1])
        if predicate in ("on", "in"):
            return self._carried(predicate, args[0], args[1])
        if predicate == "clear":
            return all(o.at != args[0] for n, o in self.things.items() if n not in self.stuff)
        if predicate in ("open", "closed") and args[0] in self.opened:
            known = self.opened[args[0]]
            return known is not None and known == (predicate == "open")
        if predicate == "upright" and args[0] in self.task_names and self.things[args[0]].at not in self.things:
            return None if self.things[args[0]].at == GRIPPER else not self.things[args[0]].lying
        if predicate in ("pressed", "lit", "clean"):
            return False
        if predicate == "visited":
            return False
        if predicate == "robot_at":
            return None if self.task.start.robot.at is None else self.task.start.robot.at == args[0]
        return None

    def container(self, name: str) -> bool:
        """Whether things can lie in it."""
        return name in self.hollow if name in self.fixed else is_container(self.things[name])

    def lowest(self, name: str) -> str:
        """What carries a thing in the end: itself, or the lowest of its stack."""
        below = self.things[name].at
        while below is not None and below in self.things:
            name, below = below, self.things[below].at
        return name

    def _root(self, name: str) -> str | None:
        """Where the lowest of a stack stands: a place, the gripper, or None (drawn)."""
        return self.things[self.lowest(name)].at

    def _at(self, name: str, place: str) -> bool | None:
        root = self._root(name)
        if root == GRIPPER:
            return False
        root = root or self.scene.spawn
        if root == place or place in self.scene.within[root]:
            return True
        return False if self.scene.disjoint(root, place) else None

    def _carried(self, predicate: str, a: str, b: str) -> bool | None:
        if self.things[a].at == b:
            return True if predicate == "on" or self.container(b) else None
        below = self.things[a].at
        while below in self.things:
            below = self.things[below].at
            if below == b:
                return None  # two above a bowl: inside or not is for the measure
        return False

    def never(self, literal: Literal) -> str:
        """Why one literal can never come true, empty when nothing speaks against it."""
        name, args = literal.atom.predicate, literal.atom.args
        if not literal.positive:
            return ""
        if name in ("on", "in") and args[0] == args[1]:
            return f"a thing does not carry itself: {literal}"
        if name == "in" and not self.container(args[1]):
            return f"{args[1]!r} is no container: {literal}"
        moves = name in ("on", "in", "at", "holding") and self(literal) is False
        if moves and args[0] in self.fixed:
            return f"{args[0]!r} is a piece of furniture and is never moved: {literal}"
        if moves and self.things[args[0]].kind == RECEPTACLE:
            return f"{args[0]!r} is a receptacle and is never moved: {literal}"
        if name in ("open", "closed") and args[0] not in self.opened:
            return f"{args[0]!r} neither opens nor closes: {literal}"
        if name == "clean" and not _spilt(args[0], self.things[args[0]].kind):
            return f"{args[0]!r} is no spill that could be wiped up: {literal}"
        if name == "holding" and args[0] in self.stuff:
            return f"{args[0]!r} is loose stuff, no hand holds it: {literal}"
        return ""


def _place(piece: Piece, scene: Scene) -> str | None:
    """The place that a piece of furniture stands at: of several the smallest."""
    if piece.pose_world is None:
        return piece.at
    x, y, z = piece.pose_world.position
    foot = z - piece.unit.body.shape.size[2] / 2
    around = [r for r in scene.regions.values() if r.contains(x, y) and abs(r.surface - foot) < 0.01]
    size = {r.name: (r.high[0] - r.low[0]) * (r.high[1] - r.low[1]) for r in around}
    return min(size, key=lambda n: size[n]) if size else None


def is_container(thing: ObjectStart) -> bool:
    """Whether things can lie in it, by its kind or by what its name means."""
    return _hollow(thing.name, thing.kind)


@lru_cache(maxsize=10_000)
def _spilt(name: str, kind: str | None) -> bool:
    from sim.objects import make_body

    return make_body(name, kind).spill


@lru_cache(maxsize=10_000)
def _hollow(name: str, kind: str | None) -> bool:
    from sim.objects import make_body  # the table of nouns

    return make_body(name, kind).shape.hollow
