"""What a task says about its start before anything is drawn: true, false or unknown (None)."""

from __future__ import annotations

from functools import lru_cache

from envs.scenes import Scene
from envs.task import GRIPPER, RECEPTACLE, ObjectStart, Task
from skills.symbols import Literal


class StartFacts:
    """Three-valued truth of literals at the start of a task. Call it with a literal."""

    def __init__(self, task: Task, scene: Scene) -> None:
        self.task, self.scene = task, scene
        self.things: dict[str, ObjectStart] = {o.name: o for o in task.objects}

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
            return all(o.at != args[0] for o in self.things.values())
        if predicate == "visited":
            return False
        if predicate == "robot_at":
            return None if self.task.start.robot.at is None else self.task.start.robot.at == args[0]
        return None

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
            return True if predicate == "on" or is_container(self.things[b]) else None
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
        if name == "in" and not is_container(self.things[args[1]]):
            return f"{args[1]!r} is no container: {literal}"
        moves = name in ("on", "in", "at", "holding") and self(literal) is False
        if moves and self.things[args[0]].kind == RECEPTACLE:
            return f"{args[0]!r} is a receptacle and is never moved: {literal}"
        return ""


def is_container(thing: ObjectStart) -> bool:
    """Whether things can lie in it, by its kind or by what its name means."""
    return _hollow(thing.name, thing.kind)


@lru_cache(maxsize=10_000)
def _hollow(name: str, kind: str | None) -> bool:
    from sim.objects import make_body  # the table of nouns

    return make_body(name, kind).shape.hollow
